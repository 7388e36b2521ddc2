//! Integrity manifests (GM/T 0099-2020): written, judged, and every way in which one can be wrong.

use std::fs;

use eseal_crypto::Suite;
use eseal_crypto::cert::{CertificateProfile, TrustAnchors};
use eseal_crypto::digest::{Digest, DigestAlgorithm};
use eseal_crypto::tsp::{TimestampAuthority, TimestampRequest};
use eseal_document::ofd::{self, Ofd, OfdError, Protection};
use eseal_document::report::{Changes, Coverage, Integrity, Report, SignatureReport, TimeSource, Trust, Verdict};
use eseal_testkit::ofd::{Item, Zip, document};
use eseal_testkit::{Authority, Repeatable};

use crate::field::reseal;
use crate::party::{NOW, Party, days, somewhere};

const MANIFEST: &str = "OFDEntries.xml";
const VALUE: &str = "signedvalue.dat";
const PAGE: &str = "Doc_0/Pages/Page_0/Content.xml";

/// With a manifest, in the place of the one that there may be.
fn close(party: &Party, file: &[u8]) -> Result<Vec<u8>, OfdError> {
    party.finish(Ofd::open(file)?.prepare_manifest(&party.chain, NOW)?)
}

fn closed(party: &Party) -> Vec<u8> {
    close(party, &party.seal(&document(2).write())).unwrap()
}

fn manifest(report: &Report) -> &SignatureReport {
    report.manifest.as_deref().unwrap()
}

fn failed(report: &SignatureReport) -> Vec<&'static str> {
    report.checks.iter().filter(|check| check.verdict.as_str() == "fail").map(|check| check.code).collect()
}

#[test]
fn a_closed_package_is_valid_and_names_all_its_files() {
    let party = Party::new("测试人甲", 1);
    let mut zip = Zip::read(&closed(&party));
    let report = party.verify(&zip.write());
    assert_eq!(report.verdict, Verdict::Valid, "{report:#?}");
    let found = manifest(&report);
    assert_eq!((found.verdict, found.trust, found.coverage), (Verdict::Valid, Trust::Trusted, Coverage::Partial));
    assert_eq!((found.field.as_str(), found.signer.as_deref()), (MANIFEST, Some("测试人甲")));
    assert_eq!((found.format.as_str(), found.changes), ("GB/T 35275-2017", Changes::None));
    // To the seal it is what came after it.
    let seal = &report.signatures[0];
    assert_eq!((seal.coverage, seal.changes), (Coverage::Revision, Changes::Permitted));
    let text = String::from_utf8(zip.item(MANIFEST).bytes.clone()).unwrap();
    for item in zip.entries.iter().filter(|item| ![MANIFEST, VALUE].map(str::as_bytes).contains(&&*item.name)) {
        let name = format!("FileLoc=\"/{}\"", String::from_utf8_lossy(&item.name));
        assert_eq!(text.matches(&name).count(), 1, "{name} in {text}");
    }
}

#[test]
fn a_seal_and_a_manifest_are_saved_in_one() {
    let party = Party::new("测试人甲", 1);
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.ofd");
    fs::write(&path, document(2).write()).unwrap();
    let ofd = Ofd::open(fs::File::open(&path).unwrap()).unwrap();
    let request = party.request().mark(somewhere()).protection(Protection::Whole);
    let prepared = ofd.prepare(&request).unwrap();
    let signature = party.key.sign(prepared.to_be_signed());
    let prepared = prepared.complete(&signature).unwrap().prepare_manifest(&party.chain, NOW).unwrap();
    assert_eq!(prepared.id(), "1");
    let signature = party.key.sign(prepared.to_be_signed());
    let sealed = prepared.complete(&signature).unwrap();
    sealed.save_as(&path).unwrap();
    let file = fs::read(&path).unwrap();
    let report = party.verify(&file);
    assert_eq!((report.verdict, report.signatures.len()), (Verdict::Valid, 1), "{report:#?}");
    assert_eq!(manifest(&report).verdict, Verdict::Valid);
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    // Asked for once more, the manifest takes the place of itself.
    let prepared = sealed.prepare_manifest(&party.chain, NOW).unwrap();
    let mut again = Vec::new();
    let signature = party.key.sign(prepared.to_be_signed());
    prepared.complete(&signature).unwrap().write_to(&mut again).unwrap();
    assert_eq!(party.verify(&again).verdict, Verdict::Valid);
}

/// What is done, to what effect on the manifest, and which of its checks fail by it and which of the seal's.
type Mutation = (&'static str, fn(&mut Zip), Verdict, &'static [&'static str], &'static [&'static str]);

fn replace(zip: &mut Zip, from: &str, to: &str) {
    let text = String::from_utf8(zip.item(MANIFEST).bytes.clone()).unwrap();
    assert!(text.contains(from), "{text}");
    zip.item(MANIFEST).bytes = text.replacen(from, to, 1).into_bytes();
}

const MUTATIONS: &[Mutation] = &[
    ("nothing", |_| (), Verdict::Valid, &[], &[]),
    (
        "a file smuggled in",
        |zip| zip.entries.push(Item::new("Doc_0/Res/c.bin", b"smuggled")),
        Verdict::Invalid,
        &["ofd.smuggled-file"],
        &["ofd.unprotected-file"],
    ),
    (
        "a file smuggled into the manifest as well",
        |zip| {
            zip.entries.push(Item::new("Doc_0/Res/c.bin", b"smuggled"));
            replace(zip, "</ofd:FileList>", "<ofd:File ID=\"99\" FileLoc=\"/Doc_0/Res/c.bin\"/></ofd:FileList>");
        },
        Verdict::Invalid,
        &["cms.signature"],
        &["ofd.unprotected-file"],
    ),
    (
        "a file gone",
        |zip| zip.entries.retain(|item| item.name != b"Doc_0/Res/a.bin"),
        Verdict::Invalid,
        &["ofd.missing-file"],
        &["ofd.reference", "ofd.references"],
    ),
    ("a page's byte", |zip| zip.item(PAGE).bytes.push(b' '), Verdict::Valid, &[], &["ofd.reference", "ofd.references"]),
    ("a byte of the manifest", |zip| zip.item(MANIFEST).bytes.push(b'\n'), Verdict::Invalid, &["cms.signature"], &[]),
    (
        "a manifest that cannot be read",
        |zip| zip.item(MANIFEST).bytes.truncate(99),
        Verdict::Invalid,
        &["ofd.manifest"],
        // Nobody says any more what it is.
        &["ofd.unprotected-file"],
    ),
    ("the value cut", |zip| zip.item(VALUE).bytes.truncate(99), Verdict::Invalid, &["cms.signature"], &[]),
    (
        "the value gone",
        |zip| zip.entries.retain(|item| item.name != VALUE.as_bytes()),
        Verdict::Invalid,
        &["ofd.signed-value"],
        &[],
    ),
    (
        "the value elsewhere",
        |zip| replace(zip, "/signedvalue.dat", "/Doc_0/Res/a.bin"),
        Verdict::Invalid,
        &["cms.signature", "ofd.smuggled-file"],
        &["ofd.unprotected-file"],
    ),
];

#[test]
fn each_mutation_has_its_one_verdict() {
    let party = Party::new("测试人甲", 1);
    let sound = closed(&party);
    for (what, mutate, verdict, codes, of_seal) in MUTATIONS {
        let mut zip = Zip::read(&sound);
        mutate(&mut zip);
        let report = party.verify(&zip.write());
        let found = manifest(&report);
        assert_eq!((found.verdict, failed(found).as_slice()), (*verdict, *codes), "{what}: {found:#?}");
        assert_eq!(failed(&report.signatures[0]), *of_seal, "{what}: {report:#?}");
        let is_sound = codes.is_empty() && of_seal.is_empty();
        assert_eq!(report.verdict, if is_sound { Verdict::Valid } else { Verdict::Invalid }, "{what}");
        assert_eq!(
            close(&party, &zip.write()).is_ok(),
            *verdict == Verdict::Valid && *what != "a page's byte",
            "{what}"
        );
    }
}

/// Two seals and the manifest of one: what whoever does not know manifests leaves behind.
#[test]
fn a_seal_that_the_manifest_does_not_know_is_smuggled_in() {
    let party = Party::new("测试人甲", 1);
    let once = party.seal(&document(2).write());
    let (mut first, mut zip) = (Zip::read(&close(&party, &once).unwrap()), Zip::read(&party.seal(&once)));
    zip.entries.extend([first.item(MANIFEST).clone(), first.item(VALUE).clone()]);
    let report = party.verify(&zip.write());
    assert!(report.signatures.iter().all(|signature| signature.verdict == Verdict::Valid), "{report:#?}");
    assert_eq!(failed(manifest(&report)), ["ofd.smuggled-file"; 3]);
    assert_eq!(report.verdict, Verdict::Invalid);
}

/// The manifest speaks of names: what it names and no seal protects can be anything.
#[test]
fn a_file_that_only_the_manifest_names_is_not_protected() {
    let party = Party::new("测试人甲", 1);
    let mut zip = Zip::read(&party.seal(&document(2).write()));
    zip.entries.push(Item::new("Doc_0/Res/c.bin", b"after the seal"));
    let mut zip = Zip::read(&close(&party, &zip.write()).unwrap());
    for bytes in [b"after the seal".as_slice(), b"anything"] {
        zip.item("Doc_0/Res/c.bin").bytes = bytes.to_vec();
        let report = party.verify(&zip.write());
        assert_eq!((manifest(&report).verdict, failed(manifest(&report))), (Verdict::Valid, vec![]));
        assert_eq!(failed(&report.signatures[0]), ["ofd.unprotected-file"]);
        assert_eq!(report.verdict, Verdict::Invalid);
    }
}

#[test]
fn a_manifest_alone_makes_nothing_valid() {
    let party = Party::new("测试人甲", 1);
    let report = party.verify(&close(&party, &document(2).write()).unwrap());
    assert_eq!((manifest(&report).verdict, report.verdict), (Verdict::Valid, Verdict::Indeterminate));
}

#[test]
fn a_stranger_s_manifest_leaves_the_package_in_doubt() {
    let (party, stranger) = (Party::new("测试人甲", 1), Party::new("测试人乙", 9));
    let file = close(&stranger, &party.seal(&document(2).write())).unwrap();
    let report = party.verify(&file);
    assert_eq!(manifest(&report).trust, Trust::Untrusted);
    assert_eq!((report.signatures[0].verdict, report.verdict), (Verdict::Valid, Verdict::Indeterminate));
    let nobody = ofd::verify(file.as_slice(), &TrustAnchors::default(), NOW).unwrap();
    assert_eq!((manifest(&nobody).integrity, manifest(&nobody).trust), (Integrity::Intact, Trust::Unknown));
}

#[test]
fn a_closed_package_is_sealed_only_by_who_renews_the_manifest() {
    let (party, other) = (Party::new("测试人甲", 1), Party::new("测试人甲", 1));
    let file = closed(&party);
    let refused = party.seal_with(&file, &party.request().mark(somewhere())).unwrap_err();
    assert_eq!(refused.code(), "ofd.closed-by-manifest");
    let opened = other.seal_with(&file, &other.request().mark(somewhere()).replace_manifest()).unwrap();
    let without = party.verify(&opened);
    assert_eq!((without.verdict, without.signatures.len()), (Verdict::Valid, 2), "{without:#?}");
    assert!(without.manifest.is_none() && !Zip::read(&opened).entries.iter().any(|item| item.name == VALUE.as_bytes()));
    let report = party.verify(&close(&party, &opened).unwrap());
    assert_eq!((report.verdict, manifest(&report).verdict), (Verdict::Valid, Verdict::Valid));
    // One that does not hold is not renewed: whoever did would vouch for what was smuggled in.
    let mut zip = Zip::read(&file);
    zip.entries.push(Item::new("Doc_0/Res/c.bin", b"smuggled"));
    let request = party.request().replace_manifest();
    assert_eq!(party.seal_with(&zip.write(), &request).unwrap_err().code(), "ofd.signature-broken");
}

#[test]
fn a_manifest_that_a_seal_protects_stays() {
    let party = Party::new("测试人甲", 1);
    let mut zip = Zip::read(&closed(&party));
    let digest = Digest::of(DigestAlgorithm::Sm3, &zip.item(MANIFEST).bytes);
    let digest = data_encoding::BASE64.encode(digest.as_bytes());
    reseal(&party, &mut zip, |text| {
        let one =
            format!("<ofd:Reference FileRef=\"/{MANIFEST}\"><ofd:CheckValue>{digest}</ofd:CheckValue></ofd:Reference>");
        text.replace("</ofd:References>", &format!("{one}</ofd:References>"))
    });
    let file = zip.write();
    assert_eq!(party.verify(&file).verdict, Verdict::Valid);
    assert_eq!(close(&party, &file).unwrap_err().code(), "ofd.locked");
    let request = party.request().replace_manifest();
    assert_eq!(party.seal_with(&file, &request).unwrap_err().code(), "ofd.locked");
}

#[test]
fn a_timestamp_on_it_says_when() {
    let mut party = Party::new("测试人甲", 1);
    let (key, chain) = party.issue(&CertificateProfile::TimestampAuthority, "测试时间戳");
    let sealed = party.seal(&document(1).write());
    let prepared = Ofd::open(sealed.as_slice()).unwrap().prepare_manifest(&party.chain, NOW).unwrap();
    let signature = party.key.sign(prepared.to_be_signed());
    let signed = prepared.sign(&signature).unwrap();
    let request = TimestampRequest::new(signed.signature_digest(), &mut Repeatable::seeded(9)).unwrap();
    let authority = TimestampAuthority::new(key, chain).unwrap();
    let token = request.accept(&authority.respond(request.to_der(), 7, NOW).unwrap().der).unwrap();
    let mut file = Vec::new();
    signed.with_timestamp(&token).unwrap().write_to(&mut file).unwrap();
    let report = party.verify(&file);
    let time = manifest(&report).time.unwrap();
    assert_eq!((report.verdict, time.at, time.source), (Verdict::Valid, NOW, TimeSource::Timestamp));
}

#[test]
fn names_that_are_taken_and_keys_that_are_not_of_sm2() {
    let party = Party::new("测试人甲", 1);
    let mut zip = document(1);
    zip.entries.push(Item::new("SignedValue.dat", b"something else"));
    let mut file = Zip::read(&close(&party, &zip.write()).unwrap());
    assert_eq!(file.item("SignedValue.dat").bytes, b"something else");
    assert!(!file.item("signedvalue_1.dat").bytes.is_empty());
    assert_eq!(manifest(&party.verify(&file.write())).verdict, Verdict::Valid);
    let foreign = Authority::new(Suite::EcdsaP256Sha256, "P-256", days(400, 4_000), 3).issue(
        &CertificateProfile::DocumentSigning,
        "测试人丙",
        days(10, 300),
    );
    let refused = Ofd::open(zip.write().as_slice()).unwrap().prepare_manifest(&foreign.chain, NOW).unwrap_err();
    assert_eq!(refused.code(), "cms.unsupported-algorithm");
}
