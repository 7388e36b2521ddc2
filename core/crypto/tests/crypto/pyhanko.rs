//! A `PAdES` signature as pyHanko 0.38 writes it, with the padding of its place in the PDF, under certificates issued here.

use eseal_crypto::cert::{Purpose, TrustAnchors, UnixTime};
use eseal_crypto::cms::{CmsError, SignedData};
use eseal_crypto::digest::{Digest, DigestAlgorithm};

use crate::support::sha256;

const SIGNATURE: &[u8] = include_bytes!("fixtures/pyhanko-pades.der");
const ROOT: &str = include_str!("fixtures/pyhanko-root.pem");
const CONTENT: &str = "fbcc3d6944c3d4a7b1a6c4ddd36edd2979b99cb077bcf87a114d6d4d5490930d";
const DECEMBER_2026: UnixTime = UnixTime(1_796_083_200);

#[test]
fn a_signature_by_pyhanko_is_read_and_verified() {
    let signed = SignedData::from_padded_der(SIGNATURE).unwrap();
    let content = Digest::from_hex(DigestAlgorithm::Sha256, CONTENT).unwrap();
    assert_eq!(signed.verify(&content), Ok(()));
    assert_eq!(signed.verify(&sha256(b"other bytes")), Err(CmsError::DigestMismatch));
    assert_eq!(signed.signer().subject_common_name().as_deref(), Some("测试人甲"));
    let anchors = TrustAnchors::from_pem(ROOT).unwrap();
    assert_eq!(signed.chain().verify(&anchors, DECEMBER_2026, Purpose::DocumentSigning), Ok(()));
}
