//! Timestamps: asked for, given, put on signatures, and every way in which one can be wrong.

use std::time::Duration;

use const_oid::ObjectIdentifier;
use der::asn1::{Int, OctetString};
use der::{Decode, Encode, Sequence};
use eseal_crypto::cert::{CertificateProfile, Chain, ChainError, Purpose, UnixTime};
use eseal_crypto::cms::{CmsError, SignedAttributes, SignedData, estimated_size};
use eseal_crypto::digest::{Digest, DigestAlgorithm};
use eseal_crypto::tsp::{
    MAX_TIMESTAMP_RESPONSE_LEN, TimestampAuthority, TimestampError, TimestampRefusal, TimestampRequest, TimestampToken,
};
use proptest::prelude::*;
use spki::AlgorithmIdentifierOwned;
use x509_cert::ext::Extension;
use x509_cert::ext::pkix::KeyUsages;

use crate::support::{DAY, Forge, NOW, Pki, Repeatable, extended_key_usage, extension, key, key_usage, sha256};

const STAMPED: &[u8] = b"what existed";
const TIME_STAMPING: &str = "1.3.6.1.5.5.7.3.8";

pub(crate) fn authority(pki: &mut Pki) -> TimestampAuthority {
    let key = key(50);
    let chain = pki.issue(&CertificateProfile::TimestampAuthority, key.public_key());
    TimestampAuthority::new(key, chain).unwrap()
}

fn request(imprint: Digest) -> TimestampRequest {
    TimestampRequest::new(imprint, &mut Repeatable::seeded(5)).unwrap()
}

fn response(authority: &TimestampAuthority, request: &TimestampRequest) -> Vec<u8> {
    authority.respond(request.to_der(), 77, NOW).unwrap().der
}

/// A timestamp on `imprint` by a new authority.
pub(crate) fn token(pki: &mut Pki, imprint: Digest) -> TimestampToken {
    let request = request(imprint);
    request.accept(&response(&authority(pki), &request)).unwrap()
}

#[test]
fn what_is_stamped_says_when_by_whom_and_under_which_number() {
    let mut pki = Pki::new();
    let token = token(&mut pki, sha256(STAMPED));
    assert_eq!(token.verify(&sha256(STAMPED)), Ok(()));
    assert_eq!(token.verify(&sha256(b"else")), Err(TimestampError::WrongImprint));
    assert_eq!(token.time(), NOW);
    assert_eq!(token.accuracy(), Some(Duration::from_secs(1)));
    assert_eq!(token.serial(), [77]);
    assert_eq!(token.policy(), TimestampAuthority::POLICY);
    assert_eq!(token.digest_algorithm(), DigestAlgorithm::Sha256);
    assert_eq!(token.chain().verify(&pki.anchors(), NOW, Purpose::Timestamping), Ok(()));
    let documents = token.chain().verify(&pki.anchors(), NOW, Purpose::DocumentSigning);
    assert_eq!(documents, Err(ChainError::WrongPurpose { position: 0 }));
    let read = TimestampToken::from_der(token.to_der()).unwrap();
    assert_eq!(read.verify(&sha256(STAMPED)), Ok(()));
    assert_eq!(read.to_der(), token.to_der());
}

#[test]
fn longer_digests_are_stamped_too() {
    let mut pki = Pki::new();
    for algorithm in [DigestAlgorithm::Sha384, DigestAlgorithm::Sha512] {
        let imprint = Digest::of(algorithm, STAMPED);
        assert_eq!(token(&mut pki, imprint).verify(&imprint), Ok(()));
    }
}

#[test]
fn requests_are_different_each_time() {
    let mut rng = Repeatable::seeded(1);
    let mut next = || TimestampRequest::new(sha256(STAMPED), &mut rng).unwrap().to_der().to_vec();
    let (first, second) = (next(), next());
    assert_ne!(first, second);
    assert_eq!(first.len(), second.len());
}

#[test]
fn the_answer_to_another_request_is_refused() {
    let mut pki = Pki::new();
    let authority = authority(&mut pki);
    let mut rng = Repeatable::seeded(6);
    let mut asked = |data: &[u8]| TimestampRequest::new(sha256(data), &mut rng).unwrap();
    let (first, again, other) = (asked(STAMPED), asked(STAMPED), asked(b"else"));
    assert_eq!(first.accept(&response(&authority, &again)).err(), Some(TimestampError::WrongNonce));
    assert_eq!(first.accept(&response(&authority, &other)).err(), Some(TimestampError::WrongImprint));
}

/// `TimeStampReq` with nothing checked.
#[derive(Clone, Sequence)]
struct Asked {
    version: u8,
    imprint: Imprint,
    #[asn1(optional = "true")]
    policy: Option<ObjectIdentifier>,
    #[asn1(optional = "true")]
    nonce: Option<Int>,
    #[asn1(default = "Default::default")]
    cert_req: bool,
    #[asn1(context_specific = "0", tag_mode = "IMPLICIT", optional = "true")]
    extensions: Option<Vec<Extension>>,
}

#[derive(Clone, Sequence)]
struct Imprint {
    algorithm: AlgorithmIdentifierOwned,
    digest: OctetString,
}

#[test]
fn requests_that_cannot_be_granted_are_answered_with_the_reason() {
    let mut pki = Pki::new();
    let authority = authority(&mut pki);
    let good = Asked::from_der(request(sha256(STAMPED)).to_der()).unwrap();
    let changed = |change: &dyn Fn(&mut Asked)| {
        let mut asked = good.clone();
        change(&mut asked);
        let reply = authority.respond(&asked.to_der().unwrap(), 1, NOW).unwrap();
        let read = TimestampToken::from_response(&reply.der);
        match reply.outcome {
            Ok(digest) => {
                assert_eq!(digest, sha256(STAMPED));
                assert_eq!(
                    read.unwrap_err(),
                    CmsError::SignerCertificateMissing.into(),
                    "granted without certificates"
                );
                None
            }
            Err(reason) => {
                assert_eq!(read.err(), Some(TimestampError::Refused { reason }));
                Some(reason)
            }
        }
    };
    let sha1 = |asked: &mut Asked| {
        asked.imprint.algorithm.oid = ObjectIdentifier::new_unwrap("1.3.14.3.2.26");
        asked.imprint.digest = OctetString::new(vec![0; 20]).unwrap();
    };
    assert_eq!(changed(&sha1), Some(TimestampRefusal::BadAlgorithm));
    let short = |asked: &mut Asked| asked.imprint.digest = OctetString::new(vec![0; 31]).unwrap();
    assert_eq!(changed(&short), Some(TimestampRefusal::BadDataFormat));
    assert_eq!(changed(&|asked| asked.version = 2), Some(TimestampRefusal::BadRequest));
    let policy = |asked: &mut Asked| asked.policy = Some(ObjectIdentifier::new_unwrap("1.2.3.4"));
    assert_eq!(changed(&policy), Some(TimestampRefusal::UnacceptedPolicy));
    let extended = |asked: &mut Asked| {
        asked.extensions = Some(vec![extension(ObjectIdentifier::new_unwrap("1.2.3.4"), false, &true)]);
    };
    assert_eq!(changed(&extended), Some(TimestampRefusal::UnacceptedExtension));
    assert_eq!(changed(&|asked| asked.cert_req = false), None);
    for garbage in [&b""[..], b"\x30\x03\x02\x01\x01", &[0; 5000]] {
        let reply = authority.respond(garbage, 1, NOW).unwrap();
        assert_eq!(reply.outcome, Err(TimestampRefusal::BadDataFormat));
    }
}

#[test]
fn every_reason_is_read_as_it_is_written() {
    // PKIStatusInfo { rejection, failInfo } by hand: the bit numbers of RFC 3161 §2.4.2.
    for (bit, reason) in [
        (0, TimestampRefusal::BadAlgorithm),
        (2, TimestampRefusal::BadRequest),
        (5, TimestampRefusal::BadDataFormat),
        (14, TimestampRefusal::TimeNotAvailable),
        (15, TimestampRefusal::UnacceptedPolicy),
        (16, TimestampRefusal::UnacceptedExtension),
        (17, TimestampRefusal::AdditionalInfoNotAvailable),
        (25, TimestampRefusal::SystemFailure),
        (7, TimestampRefusal::Unstated),
    ] {
        let mut bits = vec![0_u8; bit / 8 + 1];
        bits[bit / 8] = 0x80 >> (bit % 8);
        let bits = [&[7 - u8::try_from(bit % 8).unwrap()], bits.as_slice()].concat();
        let fail_info = [&[3, u8::try_from(bits.len()).unwrap()], bits.as_slice()].concat();
        let status = [&[2, 1, 2], fail_info.as_slice()].concat();
        let status = [&[0x30, u8::try_from(status.len()).unwrap()], status.as_slice()].concat();
        let whole = [&[0x30, u8::try_from(status.len()).unwrap()], status.as_slice()].concat();
        assert_eq!(TimestampToken::from_response(&whole).err(), Some(TimestampError::Refused { reason }), "bit {bit}");
    }
    let no_token = [0x30, 0x05, 0x30, 0x03, 2, 1, 0];
    assert!(matches!(TimestampToken::from_response(&no_token), Err(TimestampError::Malformed { .. })));
}

#[test]
fn an_authority_needs_a_certificate_for_that_alone_and_valid() {
    let mut pki = Pki::new();
    let documents = pki.issue(&CertificateProfile::DocumentSigning, key(50).public_key());
    assert_eq!(TimestampAuthority::new(key(50), documents).err(), Some(TimestampError::WrongPurpose));
    let others = pki.issue(&CertificateProfile::TimestampAuthority, key(51).public_key());
    assert_eq!(TimestampAuthority::new(key(50), others).err(), Some(TimestampError::WrongPurpose));
    let authority = authority(&mut pki);
    let asked = request(sha256(STAMPED));
    for at in [UnixTime(NOW.0 - 11 * DAY), NOW.plus(366 * DAY)] {
        assert_eq!(authority.respond(asked.to_der(), 1, at).err(), Some(TimestampError::TimeOutOfRange));
    }
}

#[test]
fn only_a_certificate_for_timestamps_alone_is_believed() {
    let ca = key(60);
    let signs = || key_usage(KeyUsages::DigitalSignature);
    let critical = |oids: &[&str]| Extension { critical: true, ..extended_key_usage(oids) };
    let is_believed = |extensions: Vec<Extension>| {
        let chain = Chain::new([Forge::leaf("CN=ca", extensions).sign(key(61).public_key(), &ca)]).unwrap();
        TimestampAuthority::new(key(61), chain).is_ok()
    };
    assert!(is_believed(vec![signs(), critical(&[TIME_STAMPING])]));
    assert!(is_believed(vec![critical(&[TIME_STAMPING])]));
    assert!(!is_believed(vec![signs(), extended_key_usage(&[TIME_STAMPING])]), "not critical");
    assert!(!is_believed(vec![signs(), critical(&[TIME_STAMPING, "1.3.6.1.5.5.7.3.4"])]), "not alone");
    assert!(!is_believed(vec![signs()]), "not at all");
    assert!(!is_believed(vec![key_usage(KeyUsages::KeyEncipherment), critical(&[TIME_STAMPING])]), "not for signing");
    assert!(!is_believed(vec![crate::support::basic_constraints(true, None), critical(&[TIME_STAMPING])]), "a CA");
}

fn sign(pki: &mut Pki, content: &[u8]) -> (SignedData, Chain) {
    let key = key(7);
    let chain = pki.issue(&CertificateProfile::DocumentSigning, key.public_key());
    let attributes = SignedAttributes::pades(&sha256(content), chain.leaf()).unwrap();
    let signature = key.sign(attributes.to_be_signed());
    (attributes.finish(&signature, &chain).unwrap(), chain)
}

#[test]
fn a_signature_carries_its_timestamp_and_no_other() {
    let mut pki = Pki::new();
    let (signed, chain) = sign(&mut pki, b"content");
    assert!(signed.signature_timestamp().unwrap().is_none());
    let own = token(&mut pki, signed.signature_digest(DigestAlgorithm::Sha512));
    let stamped = signed.with_signature_timestamp(&own).unwrap();
    let read = SignedData::from_der(stamped.to_der()).unwrap();
    assert_eq!(read.verify(&sha256(b"content")), Ok(()));
    assert_eq!(read.signature_timestamp().unwrap().unwrap().time(), NOW);
    assert_eq!(read.chain(), &chain);
    // What was signed is byte for byte the same.
    assert_eq!(read.signature_digest(DigestAlgorithm::Sha256), signed.signature_digest(DigestAlgorithm::Sha256));
    let estimate = estimated_size(&chain, own.to_der().len());
    let len = stamped.to_der().len();
    assert!(len <= estimate && estimate <= len + 320, "{len} bytes, estimated {estimate}");
    let (other, _) = sign(&mut pki, b"other content");
    assert_eq!(other.with_signature_timestamp(&own).err(), Some(TimestampError::WrongImprint));
}

#[test]
fn a_timestamp_moved_to_another_signature_is_found() {
    let mut pki = Pki::new();
    let (signed, _) = sign(&mut pki, b"content");
    let own = token(&mut pki, signed.signature_digest(DigestAlgorithm::Sha256));
    let der = signed.with_signature_timestamp(&own).unwrap().to_der().to_vec();
    // The lengths around stay right only when the other signature is as long.
    let others = (0_u8..).map(|number| key(7).sign(&[number]).to_der());
    let value = signature_at(&signed, &der).unwrap();
    let other = others.into_iter().find(|other| other.len() == value.len()).unwrap();
    let mut moved = der.clone();
    moved[value].copy_from_slice(&other);
    let moved = SignedData::from_der(&moved).unwrap();
    assert_eq!(moved.signature_timestamp().err(), Some(TimestampError::WrongImprint));
}

/// Where the signature value of `signed`, the last thing in it, stands in `der`.
fn signature_at(signed: &SignedData, der: &[u8]) -> Option<std::ops::Range<usize>> {
    let whole = signed.to_der();
    let lengths = 68..=72_usize;
    let len = lengths.into_iter().find(|len| {
        let at = whole.len() - len;
        whole[at] == 0x30 && usize::from(whole[at + 1]) == len - 2 && whole[at - 2] == 0x04
    })?;
    let value = &whole[whole.len() - len..];
    let at = der.windows(len).position(|window| window == value)?;
    Some(at..at + len)
}

#[test]
fn a_document_timestamp_may_be_padded() {
    let mut pki = Pki::new();
    let token = token(&mut pki, sha256(STAMPED));
    let padded = [token.to_der(), &[0; 100]].concat();
    assert!(TimestampToken::from_der(&padded).is_err());
    assert_eq!(TimestampToken::from_padded_der(&padded).unwrap().verify(&sha256(STAMPED)), Ok(()));
    assert!(TimestampToken::from_padded_der(&[&padded[..], b"x"].concat()).is_err());
}

#[test]
fn a_signature_is_no_timestamp_and_a_timestamp_no_signature() {
    let mut pki = Pki::new();
    let (signed, _) = sign(&mut pki, b"content");
    assert!(matches!(TimestampToken::from_der(signed.to_der()), Err(TimestampError::Cms(CmsError::Malformed { .. }))));
    let token = token(&mut pki, sha256(STAMPED));
    assert_eq!(SignedData::from_der(token.to_der()).err(), Some(CmsError::NotDetached));
}

#[test]
fn a_response_cut_anywhere_is_refused() {
    let mut pki = Pki::new();
    let asked = request(sha256(STAMPED));
    let whole = response(&authority(&mut pki), &asked);
    for end in 0..whole.len() {
        assert!(asked.accept(&whole[..end]).is_err(), "cut at {end}");
    }
    let long = [&whole[..], &vec![0; MAX_TIMESTAMP_RESPONSE_LEN]].concat();
    assert_eq!(asked.accept(&long).err(), Some(TimestampError::TooLong));
}

/// Every bit of a response is read, checked or signed; those of the status, which is not signed, can only turn one kind of
/// success into the other.
#[test]
fn a_flipped_bit_anywhere_is_found() {
    let mut pki = Pki::new();
    let asked = request(sha256(STAMPED));
    let whole = response(&authority(&mut pki), &asked);
    let anchors = pki.anchors();
    let mut unseen = Vec::new();
    for bit in 0..whole.len() * 8 {
        let mut flipped = whole.clone();
        flipped[bit / 8] ^= 1 << (bit % 8);
        let Ok(token) = asked.accept(&flipped) else { continue };
        if token.chain().verify(&anchors, NOW, Purpose::Timestamping).is_ok() {
            unseen.push(bit);
        }
    }
    // 30 82 xx xx 30 03 02 01 00: the last bit of the status makes "granted" "granted with modifications".
    assert_eq!(unseen, [8 * 8]);
}

#[test]
fn fractions_of_seconds_are_cut_off_and_nonsense_refused() {
    let mut pki = Pki::new();
    let token = token(&mut pki, sha256(STAMPED));
    let text = b"20270115080000Z";
    let at = token.to_der().windows(text.len()).position(|window| window == text).unwrap();
    // Not signed anew: only the reading is of interest here.
    let with = |digits: &[u8; 15]| {
        let mut der = token.to_der().to_vec();
        der[at..at + 15].copy_from_slice(digits);
        TimestampToken::from_der(&der).map(|token| token.time())
    };
    assert_eq!(with(text), Ok(NOW));
    for bad in [
        b"20271315080000Z",
        b"20270230080000Z",
        b"20270115080000+",
        b"2027011508000.Z",
        b"202701150800.5Z",
        b"2027O115080000Z",
    ] {
        assert!(with(bad).is_err(), "{}", String::from_utf8_lossy(bad));
    }
}

proptest! {
    #[test]
    fn any_bytes_are_read_without_a_panic(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        prop_assert!(TimestampToken::from_response(&bytes).is_err());
        prop_assert!(TimestampToken::from_padded_der(&bytes).is_err());
    }
}
