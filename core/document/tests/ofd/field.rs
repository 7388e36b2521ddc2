//! What the field has and nothing here writes, made by hand, each with its one verdict: seal data of GM/T 0031-2014, signatures that are
//! raw r‖s, digests named by the sub-forms of SM3, NULL parameters, certificates that were revoked, timestamps of something else.

use std::time::Duration;

use der::asn1::{BitString, Ia5StringRef, ObjectIdentifier, OctetStringRef, UtcTime, Utf8StringRef};
use der::{Any, Decode, Encode, Tag};
use eseal_crypto::Suite;
use eseal_crypto::cert::{Certificate, CertificateProfile, Chain, Issuer, Subject, TrustAnchors, UnixTime};
use eseal_crypto::digest::{Digest, DigestAlgorithm};
use eseal_crypto::key::SigningKey;
use eseal_crypto::revocation::{Crl, RevocationData, RevocationReason, RevokedCertificate};
use eseal_crypto::ses::{SealSignature, SealSignatureDraft, SesVersion};
use eseal_crypto::tsp::{TimestampAuthority, TimestampRequest, TimestampToken};
use eseal_document::VerifyOptions;
use eseal_document::ofd;
use eseal_document::report::{Report, SignatureReport, Trust, Verdict};
use eseal_testkit::ofd::{Zip, document};
use eseal_testkit::{DAY, Repeatable};

use crate::party::{NOW, Party, days, draft, make};

const DESCRIPTION: &str = "Doc_0/Signs/Sign_0/Signature.xml";
const VALUE: &str = "Doc_0/Signs/Sign_0/SignedValue.dat";
const SEAL: &str = "Doc_0/Signs/Sign_0/Seal.esl";
const VERSIONS: [SesVersion; 2] = [SesVersion::V4, SesVersion::V5];

fn sm3(bytes: &[u8]) -> Digest {
    Digest::of(DigestAlgorithm::Sm3, bytes)
}

fn parts(sequence: &[u8]) -> Vec<Any> {
    Vec::<Any>::from_der(sequence).unwrap()
}

fn any(der: &impl Encode) -> Any {
    Any::from_der(&der.to_der().unwrap()).unwrap()
}

fn sequence(parts: &[Any]) -> Any {
    let content: Vec<u8> = parts.iter().flat_map(|part| part.to_der().unwrap()).collect();
    Any::new(Tag::Sequence, content).unwrap()
}

fn der(parts: &[Any]) -> Vec<u8> {
    sequence(parts).to_der().unwrap()
}

fn ia5(text: &str) -> Any {
    any(&Ia5StringRef::new(text).unwrap())
}

fn octets(bytes: &[u8]) -> Any {
    any(&OctetStringRef::new(bytes).unwrap())
}

fn bits(bytes: &[u8]) -> Any {
    any(&BitString::from_bytes(bytes).unwrap())
}

/// Codes of checks that fail.
fn failed(signature: &SignatureReport) -> Vec<&'static str> {
    signature.checks.iter().filter(|check| check.verdict.as_str() == "fail").map(|check| check.code).collect()
}

#[track_caller]
fn assert_failed(report: &Report, expected: &[&str]) {
    assert_eq!(report.signatures.iter().flat_map(failed).collect::<Vec<_>>(), expected, "{report:#?}");
    let verdict = if expected.is_empty() { Verdict::Valid } else { Verdict::Invalid };
    assert_eq!(report.verdict, verdict, "{report:#?}");
}

/// A sealed package whose description was changed before it was signed.
fn resealed(party: &Party, change: impl FnOnce(String) -> String) -> Zip {
    let mut zip = Zip::read(&party.seal(&document(2).write()));
    reseal(party, &mut zip, change);
    zip
}

/// Changes the description of the first seal, and signs it anew.
pub(crate) fn reseal(party: &Party, zip: &mut Zip, change: impl FnOnce(String) -> String) {
    let text = change(String::from_utf8(zip.item(DESCRIPTION).bytes.clone()).unwrap());
    let draft = SealSignatureDraft {
        seal: party.seal.clone(),
        data: sm3(text.as_bytes()),
        property_info: format!("/{DESCRIPTION}"),
        time: NOW,
        extensions: Vec::new(),
    };
    let prepared = draft.prepare(party.chain.leaf()).unwrap();
    let signature = party.key.sign(prepared.to_be_signed());
    zip.item(VALUE).bytes = prepared.finish(&signature).unwrap().to_der().to_vec();
    zip.item(DESCRIPTION).bytes = text.into_bytes();
}

#[test]
fn digests_are_known_by_every_name_of_sm3() {
    for version in VERSIONS {
        let party = Party::with("测试人甲", 1, version, days(10, 365));
        let named = |name: &str| {
            resealed(&party, |text| text.replace("CheckMethod=\"SM3\"", &format!("CheckMethod=\"{name}\""))).write()
        };
        for name in ["SM3", "sm3", "1.2.156.10197.1.401", "1.2.156.10197.1.401.1", "1.2.156.10197.1.401.2"] {
            assert_failed(&party.verify(&named(name)), &[]);
        }
        assert_failed(&party.verify(&named("SHA-256")), &[&["ofd.reference"; 7][..], &["ofd.references"]].concat());
        // Nothing is known to be protected then.
        for name in ["MD5", "1.2.3.4"] {
            let report = party.verify(&named(name));
            assert_eq!(report.verdict, Verdict::Invalid, "{report:#?}");
            assert_eq!(failed(&report.signatures[0]).contains(&"ofd.check-method"), name == "MD5");
        }
    }
}

#[test]
fn signatures_are_read_raw_as_well() {
    for version in VERSIONS {
        let party = Party::with("测试人甲", 1, version, days(10, 365));
        let mut zip = resealed(&party, |text| text);
        let mut whole = parts(&zip.item(VALUE).bytes);
        let fixed = party.key.sign(&whole[0].to_der().unwrap()).to_fixed();
        whole[3] = bits(&fixed);
        zip.item(VALUE).bytes = der(&whole);
        assert_failed(&party.verify(&zip.write()), &[]);
        let mut other = fixed.to_vec();
        other[40] ^= 1;
        whole[3] = bits(&other);
        zip.item(VALUE).bytes = der(&whole);
        assert_failed(&party.verify(&zip.write()), &["ses.signature"]);
    }
}

/// The time of signing as text, the signature raw: as some issuers write them.
fn oldest_seal(party: &Party) -> Vec<u8> {
    let utc = |at: u64| any(&UtcTime::from_unix_duration(Duration::from_secs(at)).unwrap());
    let algorithm = any(&"1.2.156.10197.1.501".parse::<ObjectIdentifier>().unwrap());
    let (start, end) = (utc(NOW.0 - DAY), utc(NOW.0 + 100 * DAY));
    let listed = sequence(&[octets(party.chain.leaf().to_der())]);
    let name = any(&Utf8StringRef::new("测试章").unwrap());
    let property = sequence(&[any(&1_u8), name, listed, start.clone(), start, end]);
    let picture = sequence(&[ia5("PNG"), octets(&[1, 2, 3]), any(&40_u8), any(&40_u8)]);
    let header = sequence(&[ia5("ES"), any(&1_u8), ia5("vendor")]);
    let info = sequence(&[header, ia5("36010000000001"), property, picture]);
    let maker = octets(party.maker.leaf().to_der());
    let signature = party.maker_key.sign(&der(&[info.clone(), maker.clone(), algorithm.clone()]));
    der(&[info, sequence(&[maker, algorithm, bits(&signature.to_der())])])
}

fn oldest_value(party: &Party, seal: &[u8], description: &[u8]) -> Vec<u8> {
    let algorithm = any(&"1.2.156.10197.1.501".parse::<ObjectIdentifier>().unwrap());
    // NOW by the clock on a wall in China.
    let tbs = sequence(&[
        any(&1_u8),
        Any::from_der(seal).unwrap(),
        bits(b"2026-11-22 15:30:00"),
        bits(sm3(description).as_bytes()),
        ia5(&format!("/{DESCRIPTION}")),
        octets(party.chain.leaf().to_der()),
        algorithm,
    ]);
    let signature = party.key.sign(&tbs.to_der().unwrap()).to_fixed();
    der(&[tbs, bits(&signature)])
}

/// The mutation set over the oldest version, which is read and never written.
#[test]
fn the_oldest_version_is_judged_and_so_is_each_mutation_of_it() {
    let party = Party::new("测试人甲", 1);
    let seal = oldest_seal(&party);
    let make = |change: &dyn Fn(&mut Zip)| {
        let mut zip = Zip::read(&party.seal(&document(2).write()));
        // The digest of the seal file is part of what is signed.
        let digest = |bytes: &[u8]| data_encoding::BASE64.encode(sm3(bytes).as_bytes());
        let (old, new) = (digest(&zip.item(SEAL).bytes), digest(&seal));
        let text = String::from_utf8(zip.item(DESCRIPTION).bytes.clone()).unwrap().replace(&old, &new);
        zip.item(SEAL).bytes.clone_from(&seal);
        zip.item(VALUE).bytes = oldest_value(&party, &seal, text.as_bytes());
        zip.item(DESCRIPTION).bytes = text.into_bytes();
        change(&mut zip);
        party.verify(&zip.write())
    };
    let sound = make(&|_| ());
    assert_failed(&sound, &[]);
    assert_eq!(sound.signatures[0].format, "GM/T 0031-2014");
    assert_eq!(sound.signatures[0].time.map(|time| time.at), Some(NOW));
    let page = make(&|zip| zip.item("Doc_0/Pages/Page_0/Content.xml").bytes.push(b' '));
    assert_failed(&page, &["ofd.reference", "ofd.references"]);
    assert_failed(&make(&|zip| zip.item(DESCRIPTION).bytes.push(b'\n')), &["ses.data-hash"]);
    let smuggled = make(&|zip| zip.entries.push(eseal_testkit::ofd::Item::new("Doc_0/Res/c.bin", b"smuggled")));
    assert_failed(&smuggled, &["ofd.unprotected-file"]);
    // The picture's bytes are the only ones of this kind.
    let repainted = make(&|zip| {
        let value = &mut zip.item(VALUE).bytes;
        let at = value.windows(5).position(|window| window == [4, 3, 1, 2, 3]).unwrap();
        value[at + 2] = 9;
    });
    assert_failed(&repainted, &["ses.signature", "ses.seal-signature", "ofd.seal-file"]);
}

#[test]
fn null_parameters_in_a_certificate_change_nothing() {
    let root_key = || SigningKey::generate(Suite::Sm2Sm3, &mut Repeatable::seeded(77)).unwrap();
    let mut rng = Repeatable::seeded(78);
    let root = Issuer::new_root(root_key(), &Subject::named("Null Root"), days(400, 4_000), &mut rng).unwrap();
    let with_null = |certificate: &Certificate| {
        let mut tbs = parts(&parts(certificate.to_der())[0].to_der().unwrap());
        let mut algorithm = parts(&tbs[2].to_der().unwrap());
        algorithm.push(Any::null());
        tbs[2] = sequence(&algorithm);
        let signature = root_key().sign(&der(&tbs));
        let whole = der(&[sequence(&tbs), sequence(&algorithm), bits(&signature.to_der())]);
        Certificate::from_der(&whole).unwrap()
    };
    for version in VERSIONS {
        let mut party = Party::with("测试人甲", 1, version, days(10, 365));
        let profile = CertificateProfile::DocumentSigning;
        let mut someone = |key: &SigningKey| {
            let subject = Subject::named("测试人甲");
            let issued = root.issue(&profile, &subject, key.public_key(), days(30, 365), &mut rng).unwrap();
            Chain::new([with_null(&issued)]).unwrap()
        };
        party.chain = someone(&party.key);
        party.maker = someone(&party.maker_key);
        party.seal = make(&draft(version, &party.chain), &party.maker_key, &party.maker);
        let sealed = party.seal(&document(1).write());
        let anchors = TrustAnchors::new([root.certificate().clone()]);
        assert_failed(&ofd::verify(sealed.as_slice(), &anchors, NOW).unwrap(), &[]);
    }
}

#[test]
fn who_was_revoked_at_signing_signed_nothing_and_who_was_later_did() {
    for version in VERSIONS {
        let party = Party::with("测试人甲", 1, version, days(10, 365));
        let sealed = party.seal(&document(1).write());
        let judged_at = UnixTime(NOW.0 + 5 * DAY);
        let judge = |serial: &[u8], at: UnixTime| {
            let revoked = RevokedCertificate { serial: serial.to_vec(), at, reason: RevocationReason::KeyCompromise };
            let root = &party.authority.root;
            let crl = root.issue_crl(1, judged_at, UnixTime(judged_at.0 + DAY), [revoked]).unwrap();
            let mut data = RevocationData::new();
            data.add_crl(Crl::from_der(&crl).unwrap());
            let options = VerifyOptions::new(party.anchors(), judged_at).revocation(data);
            ofd::verify_with(sealed.as_slice(), &options).unwrap()
        };
        let signer = party.chain.leaf().serial().to_vec();
        let before = judge(&signer, UnixTime(NOW.0 - 1));
        assert_failed(&before, &["ses.signer-revocation"]);
        assert_eq!(before.signatures[0].trust, Trust::Revoked);
        assert_failed(&judge(&signer, UnixTime(NOW.0 + DAY)), &[]);
        // The seal was made a day before it was used.
        let maker = party.maker.leaf().serial().to_vec();
        assert_failed(&judge(&maker, UnixTime(NOW.0 - 2 * DAY)), &["ses.maker-revocation"]);
        assert_failed(&judge(&maker, NOW), &[]);
    }
}

#[test]
fn a_timestamp_of_something_else_or_of_nobody_proves_nothing() {
    for version in VERSIONS {
        let mut party = Party::with("测试人甲", 1, version, days(10, 365));
        let mut stranger = Party::new("测试人乙", 9);
        let sealed = Zip::read(&party.seal(&document(1).write()));
        let value = SealSignature::from_der(&sealed.clone().item(VALUE).bytes).unwrap();
        let stamp = |by: &mut Party, imprint: Digest| -> TimestampToken {
            let (key, chain) = by.issue(&CertificateProfile::TimestampAuthority, "测试时间戳");
            let authority = TimestampAuthority::new(key, chain).unwrap();
            let request = TimestampRequest::new(imprint, &mut Repeatable::seeded(9)).unwrap();
            request.accept(&authority.respond(request.to_der(), 7, NOW).unwrap().der).unwrap()
        };
        let with = |token: &TimestampToken| {
            let mut zip = sealed.clone();
            zip.item(VALUE).bytes = value.with_timestamp(token.to_der()).unwrap().to_der().to_vec();
            zip.write()
        };
        let own = value.signature_digest(DigestAlgorithm::Sm3);
        let sound = stamp(&mut party, own);
        assert_failed(&party.verify(&with(&sound)), &[]);
        let foreign = stamp(&mut party, sm3(b"another signature"));
        assert_failed(&party.verify(&with(&foreign)), &["ses.timestamp"]);
        // Who nobody vouches for is not believed; the signature is none the worse for it, and its time is the signer's word.
        let unknown = party.verify(&with(&stamp(&mut stranger, own)));
        assert_eq!(unknown.signatures[0].time.map(|time| time.source.as_str()), Some("claimed"), "{unknown:#?}");
    }
}
