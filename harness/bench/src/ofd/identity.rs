//! The key, the certificates and the seal that both programs seal with, made for this run.

use std::fs;
use std::path::{Path, PathBuf};

use eseal_crypto::Suite;
use eseal_crypto::cert::{CertificateProfile, Chain, Issuer, Subject, TrustAnchors, UnixTime, Validity};
use eseal_crypto::key::SigningKey;
use eseal_crypto::ses::{Seal, SealDraft, SealHolder, SealPicture, SealSigners, SesVersion};
use getrandom::SysRng;
use rand_core::UnwrapErr;

use crate::error::BenchError;

/// Seconds of a year.
const YEAR: u64 = 31_557_600;
/// A picture of a face at 300 dpi has about as many bytes.
const PICTURE: usize = 30_000;

/// A signer, in memory and as files.
pub(super) struct Identity {
    pub(super) key: SigningKey,
    pub(super) chain: Chain,
    pub(super) seal: Seal,
    pub(super) anchors: TrustAnchors,
    pub(super) now: UnixTime,
    pub(super) key_file: PathBuf,
    pub(super) chain_file: PathBuf,
    pub(super) root_file: PathBuf,
    pub(super) seal_file: PathBuf,
}

impl Identity {
    pub(super) fn make(folder: &Path) -> Result<Self, BenchError> {
        let mut rng = UnwrapErr(SysRng);
        let elapsed = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
        let now = UnixTime(elapsed.map_err(|error| BenchError::failed("clock", error))?.as_secs());
        let validity = Validity { not_before: UnixTime(now.0 - YEAR), not_after: UnixTime(now.0 + YEAR) };
        let root_key = SigningKey::generate(Suite::Sm2Sm3, &mut rng)?;
        let root = Issuer::new_root(root_key, &Subject::named("Bench Root"), validity, &mut rng)?;
        let mut someone = |name: &str| -> Result<(SigningKey, Chain), BenchError> {
            let key = SigningKey::generate(Suite::Sm2Sm3, &mut rng)?;
            let profile = CertificateProfile::DocumentSigning;
            let issued = root.issue(&profile, &Subject::named(name), key.public_key(), validity, &mut rng)?;
            Ok((key, root.chain_of(issued)?))
        };
        let ((maker_key, maker), (key, chain)) = (someone("Bench Seal Maker")?, someone("Bench")?);
        let draft = SealDraft {
            version: SesVersion::V4,
            vendor_id: "eseal".to_owned(),
            id: "36010000000001".to_owned(),
            holder: SealHolder::Unit,
            name: "Bench".to_owned(),
            signers: SealSigners::Certificates(vec![chain.leaf().to_der().to_vec()]),
            created_at: now,
            validity,
            picture: SealPicture {
                kind: "PNG".to_owned(),
                data: crate::noise::noise(PICTURE, 7),
                width_mm: 40,
                height_mm: 40,
            },
            extensions: Vec::new(),
        };
        let prepared = draft.prepare(maker.leaf())?;
        let signature = maker_key.sign(prepared.to_be_signed());
        let seal = prepared.finish(&signature)?;
        let file = |name: &str, bytes: &[u8]| -> Result<PathBuf, BenchError> {
            let path = folder.join(name);
            fs::write(&path, bytes)?;
            Ok(path)
        };
        Ok(Self {
            key_file: file("key.pem", key.to_pkcs8_pem()?.as_bytes())?,
            chain_file: file("chain.pem", chain.to_pem().as_bytes())?,
            root_file: file("root.pem", root.certificate().to_pem().as_bytes())?,
            seal_file: file("seal.esl", seal.to_der())?,
            anchors: TrustAnchors::new([root.certificate().clone()]),
            key,
            chain,
            seal,
            now,
        })
    }
}
