//! Every way in which a sealed package can be tampered with, each with its one right verdict.

use eseal_crypto::cert::UnixTime;
use eseal_crypto::ses::{SealPicture, SealSigners, SesVersion};
use eseal_document::VerifyOptions;
use eseal_document::ofd::{self, Ofd, StampRequest};
use eseal_document::report::{Coverage, Integrity, Report, Trust, Verdict};
use eseal_testkit::ofd::{Item, Zip, document};
use eseal_testkit::{DAY, Repeatable};

use crate::party::{NOW, Party, days, draft, make, somewhere};

const DESCRIPTION: &str = "Doc_0/Signs/Sign_0/Signature.xml";
const LIST: &str = "Doc_0/Signs/Signatures.xml";
const PAGE: &str = "Doc_0/Pages/Page_0/Content.xml";

fn replace(zip: &mut Zip, name: &str, from: &str, to: &str) {
    let text = String::from_utf8(zip.item(name).bytes.clone()).unwrap();
    assert!(text.contains(from), "{text}");
    zip.item(name).bytes = text.replacen(from, to, 1).into_bytes();
}

fn failed(report: &Report) -> Vec<&'static str> {
    let checks = report.signatures.iter().flat_map(|signature| &signature.checks);
    checks.filter(|check| check.verdict.as_str() == "fail").map(|check| check.code).collect()
}

/// What is done, to what effect, and which checks fail by it.
type Mutation = (&'static str, fn(&mut Zip), Integrity, &'static [&'static str]);

const MUTATIONS: &[Mutation] = &[
    ("nothing", |_| (), Integrity::Intact, &[]),
    ("a page's byte", |zip| zip.item(PAGE).bytes.push(b' '), Integrity::Broken, &["ofd.reference", "ofd.references"]),
    ("a byte of the description", |zip| zip.item(DESCRIPTION).bytes.push(b'\n'), Integrity::Broken, &["ses.data-hash"]),
    (
        "a check value",
        |zip| replace(zip, DESCRIPTION, "<ofd:CheckValue>", "<ofd:CheckValue>A"),
        Integrity::Broken,
        &["ses.data-hash", "ofd.reference", "ofd.references"],
    ),
    (
        "a place",
        |zip| replace(zip, DESCRIPTION, "Boundary=\"30 ", "Boundary=\"31 "),
        Integrity::Broken,
        &["ses.data-hash"],
    ),
    (
        "a page moved to another",
        |zip| replace(zip, DESCRIPTION, "PageRef=\"1\"", "PageRef=\"11\""),
        Integrity::Broken,
        &["ses.data-hash"],
    ),
    (
        "a file smuggled in",
        |zip| zip.entries.push(Item::new("Doc_0/Res/c.bin", b"smuggled")),
        Integrity::Intact,
        &["ofd.unprotected-file"],
    ),
    (
        "a file gone",
        |zip| zip.entries.retain(|item| item.name != b"Doc_0/Res/a.bin"),
        Integrity::Broken,
        &["ofd.reference", "ofd.references"],
    ),
    (
        "a reference left out",
        |zip| {
            let text = String::from_utf8(zip.item(DESCRIPTION).bytes.clone()).unwrap();
            let (start, end) = (text.find("<ofd:Reference ").unwrap(), text.find("</ofd:Reference>").unwrap() + 16);
            zip.item(DESCRIPTION).bytes = [&text[..start], &text[end..]].concat().into_bytes();
        },
        Integrity::Broken,
        &["ses.data-hash"],
    ),
    (
        "a weaker digest",
        |zip| replace(zip, DESCRIPTION, "CheckMethod=\"SM3\"", "CheckMethod=\"MD5\""),
        Integrity::Broken,
        &["ses.data-hash", "ofd.check-method"],
    ),
    (
        "the description gone",
        |zip| zip.entries.retain(|item| item.name != DESCRIPTION.as_bytes()),
        Integrity::Broken,
        &["ofd.signature-description"],
    ),
    (
        "the value gone",
        |zip| zip.entries.retain(|item| !item.name.ends_with(b"SignedValue.dat")),
        Integrity::Broken,
        &["ofd.signed-value"],
    ),
    (
        "the value cut",
        |zip| {
            zip.item("Doc_0/Signs/Sign_0/SignedValue.dat").bytes.pop();
        },
        Integrity::Broken,
        &["ses.format"],
    ),
    (
        "called a signature without seal",
        |zip| replace(zip, LIST, "Type=\"Seal\"", "Type=\"Sign\""),
        Integrity::Intact,
        &[],
    ),
];

#[test]
fn each_mutation_has_its_one_verdict() {
    for version in [SesVersion::V4, SesVersion::V5] {
        let party = Party::with("测试人甲", 1, version, days(10, 365));
        let sealed = party.seal(&document(2).write());
        for (what, mutate, integrity, codes) in MUTATIONS {
            let mut zip = Zip::read(&sealed);
            mutate(&mut zip);
            let report = party.verify(&zip.write());
            let expected = if codes.is_empty() { Verdict::Valid } else { Verdict::Invalid };
            assert_eq!((report.verdict, report.signatures[0].integrity), (expected, *integrity), "{what}: {report:#?}");
            let mut failed = failed(&report);
            failed.dedup();
            failed.retain(|code| *code != "ofd.unprotected-file" || codes.contains(code));
            assert_eq!(failed, *codes, "{what}");
        }
    }
}

/// No byte of a sealed package can change without the package being refused or its signature failing, but those of the list.
#[test]
fn no_byte_changes_unseen() {
    let party = Party::new("测试人甲", 1);
    let sealed = Zip::read(&party.seal(&document(1).write()));
    for (index, item) in sealed.entries.iter().enumerate().filter(|(_, item)| item.name != LIST.as_bytes()) {
        for at in (0..item.bytes.len()).step_by(item.bytes.len() / 6 + 1) {
            let mut changed = sealed.clone();
            changed.entries[index].bytes[at] ^= 1;
            let found = ofd::verify(changed.write().as_slice(), &party.anchors(), NOW);
            let verdict = found.map_or(Verdict::Invalid, |report| report.verdict);
            assert_ne!(verdict, Verdict::Valid, "{} at {at}", String::from_utf8_lossy(&item.name));
        }
    }
}

#[test]
fn a_list_without_signatures_is_unsigned_and_says_so() {
    let party = Party::new("测试人甲", 1);
    let mut zip = Zip::read(&party.seal(&document(1).write()));
    zip.entries.retain(|item| item.name != LIST.as_bytes());
    let report = party.verify(&zip.write());
    assert_eq!((report.verdict, report.signatures.len()), (Verdict::Indeterminate, 0));
    let codes: Vec<_> = report.checks.iter().map(|check| check.code).collect();
    assert_eq!(codes, ["verify.no-signature", "ofd.signature-list"]);
}

#[test]
fn a_seal_beside_the_signature_that_is_another_is_found() {
    let party = Party::new("测试人甲", 1);
    let mut other = draft(SesVersion::V4, &party.chain);
    other.picture = SealPicture { data: vec![9, 9, 9], ..other.picture };
    let other = make(&other, &party.maker_key, &party.maker);
    let mut zip = Zip::read(&party.seal(&document(1).write()));
    zip.item("Doc_0/Signs/Sign_0/Seal.esl").bytes = other.to_der().to_vec();
    let report = party.verify(&zip.write());
    assert_eq!(report.verdict, Verdict::Invalid);
    assert_eq!(failed(&report), ["ofd.seal-file", "ofd.reference", "ofd.references"]);
}

#[test]
fn a_value_of_another_document_does_not_fit() {
    let party = Party::new("测试人甲", 1);
    let value = |zip: &Zip| zip.clone().item("Doc_0/Signs/Sign_0/SignedValue.dat").bytes.clone();
    let other = value(&Zip::read(&party.seal(&document(2).write())));
    let mut zip = Zip::read(&party.seal(&document(1).write()));
    zip.item("Doc_0/Signs/Sign_0/SignedValue.dat").bytes = other;
    let report = party.verify(&zip.write());
    assert_eq!((report.verdict, failed(&report)), (Verdict::Invalid, vec!["ses.data-hash"]));
}

#[test]
fn a_certificate_that_had_run_out_at_signing_is_refused_and_one_that_did_later_not() {
    let file = document(1).write();
    let party = Party::with("测试人甲", 1, SesVersion::V4, days(10, 0));
    let request = StampRequest::new(&party.seal, party.chain.leaf(), UnixTime(NOW.0 + DAY)).mark(somewhere());
    let late = party.seal_with(&file, &request).unwrap();
    let report = ofd::verify(late.as_slice(), &party.anchors(), UnixTime(NOW.0 + 2 * DAY)).unwrap();
    assert_eq!((report.verdict, report.signatures[0].trust), (Verdict::Invalid, Trust::Expired));
    let timely = party.seal(&file);
    let report = ofd::verify(timely.as_slice(), &party.anchors(), UnixTime(NOW.0 + 2 * DAY)).unwrap();
    assert_eq!(report.verdict, Verdict::Valid, "{report:#?}");
}

#[test]
fn a_seal_of_digests_serves_and_one_of_others_does_not() {
    let party = Party::new("测试人甲", 1);
    let file = document(1).write();
    let with = |certificate: &[u8]| {
        let sm3 = eseal_crypto::digest::Digest::of(eseal_crypto::digest::DigestAlgorithm::Sm3, certificate);
        let signers = SealSigners::Digests(vec![("1.2.156.10197.1.401".to_owned(), sm3.as_bytes().to_vec())]);
        make(
            &eseal_crypto::ses::SealDraft { signers, ..draft(SesVersion::V4, &party.chain) },
            &party.maker_key,
            &party.maker,
        )
    };
    let seal = with(party.chain.leaf().to_der());
    let sealed = party.seal_with(&file, &StampRequest::new(&seal, party.chain.leaf(), NOW)).unwrap();
    assert_eq!(party.verify(&sealed).verdict, Verdict::Valid);
    let seal = with(party.maker.leaf().to_der());
    let refused = party.seal_with(&file, &StampRequest::new(&seal, party.chain.leaf(), NOW));
    assert_eq!(refused.unwrap_err().code(), "ses.signer-not-listed");
}

#[test]
fn timestamps_are_taken_and_others_refused() {
    use eseal_crypto::cert::CertificateProfile;
    use eseal_crypto::tsp::{TimestampAuthority, TimestampRequest};
    let mut party = Party::with("测试人甲", 1, SesVersion::V5, days(10, 365));
    let (key, chain) = party.issue(&CertificateProfile::TimestampAuthority, "测试时间戳");
    let authority = TimestampAuthority::new(key, chain).unwrap();
    let ask = |digest| {
        let request = TimestampRequest::new(digest, &mut Repeatable::seeded(9)).unwrap();
        request.accept(&authority.respond(request.to_der(), 7, NOW).unwrap().der).unwrap()
    };
    let file = document(1).write();
    let sign = || {
        let prepared = Ofd::open(file.as_slice()).unwrap().prepare(&party.request()).unwrap();
        let signature = party.key.sign(prepared.to_be_signed());
        prepared.sign(&signature).unwrap()
    };
    let token = ask(sign().signature_digest());
    let mut sealed = Vec::new();
    sign().with_timestamp(&token).unwrap().write_to(&mut sealed).unwrap();
    let report = party.verify(&sealed);
    assert_eq!(report.verdict, Verdict::Valid, "{report:#?}");
    let time = report.signatures[0].time.unwrap();
    assert_eq!((time.at, time.source.as_str()), (NOW, "timestamp"));
    let foreign = ask(eseal_crypto::digest::Digest::of(eseal_crypto::digest::DigestAlgorithm::Sm3, b"else"));
    assert_eq!(sign().with_timestamp(&foreign).unwrap_err().code(), "tsp.wrong-imprint");
}

#[test]
fn signatures_without_seal_are_judged_in_each_form() {
    use eseal_crypto::cms::SignedAttributes;
    let party = Party::new("测试人甲", 1);
    let mut zip = Zip::read(&party.seal(&document(1).write()));
    replace(&mut zip, LIST, "Type=\"Seal\"", "Type=\"Sign\"");
    zip.entries.retain(|item| !item.name.ends_with(b".esl"));
    let text = String::from_utf8(zip.item(DESCRIPTION).bytes.clone()).unwrap();
    let cut = |text: &str, from: &str, to: &str| {
        let start = text.find(from).unwrap();
        let end = start + text[start..].find(to).unwrap() + to.len();
        [&text[..start], &text[end..]].concat()
    };
    let text = cut(&text, "<ofd:Seal>", "</ofd:Seal>");
    let text = cut(&text, "<ofd:Reference FileRef=\"/Doc_0/Signs/Sign_0/Seal.esl\">", "</ofd:Reference>");
    zip.item(DESCRIPTION).bytes = text.clone().into_bytes();
    let sm3 = eseal_crypto::digest::Digest::of(eseal_crypto::digest::DigestAlgorithm::Sm3, text.as_bytes());
    let attributes = SignedAttributes::gbt_35275(&sm3, party.chain.leaf(), NOW).unwrap();
    let signature = party.key.sign(attributes.to_be_signed());
    let cms = attributes.finish(&signature, &party.chain).unwrap().to_der().to_vec();
    let bare = party.key.sign(text.as_bytes());
    let value = "Doc_0/Signs/Sign_0/SignedValue.dat";
    zip.item(value).bytes = cms;
    let report = party.verify(&zip.write());
    assert_eq!(
        (report.verdict, report.signatures[0].format.as_str()),
        (Verdict::Valid, "GB/T 35275-2017"),
        "{report:#?}"
    );
    for raw in [bare.to_der(), bare.to_fixed().to_vec()] {
        zip.item(value).bytes = raw;
        let unknown = party.verify(&zip.write());
        assert_eq!((unknown.verdict, unknown.signatures[0].format.as_str()), (Verdict::Indeterminate, "SM2"));
        let options = VerifyOptions::new(party.anchors(), NOW).certificates([party.chain.leaf().clone()]);
        let known = ofd::verify_with(zip.write().as_slice(), &options).unwrap();
        assert_eq!(known.verdict, Verdict::Valid, "{known:#?}");
        replace(&mut zip, DESCRIPTION, "ProviderName", "ProviderNome");
        let changed = ofd::verify_with(zip.write().as_slice(), &options).unwrap();
        assert_ne!(changed.verdict, Verdict::Valid);
        replace(&mut zip, DESCRIPTION, "ProviderNome", "ProviderName");
    }
}

#[test]
fn a_root_that_is_not_protected_leads_nowhere_else() {
    let party = Party::new("测试人甲", 1);
    let mut zip = Zip::read(&party.seal(&document(1).write()));
    let mut other = zip.item("Doc_0/Document.xml").clone();
    other.name = b"Doc_0/Other.xml".to_vec();
    zip.entries.push(other);
    replace(&mut zip, "OFD.xml", "Doc_0/Document.xml", "Doc_0/Other.xml");
    let report = party.verify(&zip.write());
    assert_eq!((report.verdict, report.signatures[0].coverage), (Verdict::Invalid, Coverage::Partial));
}
