//! `eseal seal make` and `eseal seal inspect`, with SM2 keys of a maker and of who may use the seal.

use std::io::Cursor;
use std::process::Command;

use eseal_crypto::Suite;
use eseal_crypto::cert::{CertificateProfile, TrustAnchors, UnixTime, Validity};
use eseal_crypto::revocation::RevocationData;
use eseal_crypto::ses::{Seal, SealHolder, SealKind, SealPicture, SesVersion};
use eseal_document::report::Verdict;
use eseal_document::ses::SealJudge;
use eseal_testkit::Authority;
use serde_json::json;

use crate::desk::{DAY, Desk, Ended, now};

const TWO_PAGES: &[u8] = include_bytes!("../../../../tests/fixtures/ofd/two-pages.ofd");
const NAME: &str = "江西测试有限公司合同专用章";

/// A desk with `gm-root.pem`, `maker-key.pem`, `maker.pem`, `signer.pem` and `other-key.pem`, all of SM2.
fn desk() -> Desk {
    let desk = Desk::new();
    let validity = Validity { not_before: UnixTime(now().0 - DAY), not_after: now().plus(500 * DAY) };
    let mut authority = Authority::new(Suite::Sm2Sm3, "GM Root", validity, 3);
    desk.write("gm-root.pem", authority.root.certificate().to_pem());
    for (name, subject) in [("maker", "Seal Maker"), ("signer", "江西测试有限公司"), ("other", "Somebody Else")]
    {
        let party = authority.issue(&CertificateProfile::DocumentSigning, subject, validity);
        if name != "other" {
            desk.write(&format!("{name}.pem"), party.chain.leaf().to_pem());
        }
        desk.write(&format!("{name}-key.pem"), party.key.to_pkcs8_pem().unwrap().as_str());
    }
    desk
}

/// What is always given; a later option of the same name is not.
const MAKE: [&str; 12] = [
    "seal",
    "make",
    "--kind",
    "contract",
    "--for",
    "signer.pem",
    "--cert",
    "maker.pem",
    "--name",
    NAME,
    "-o",
    "out.esl",
];
const KEY: [&str; 2] = ["--key", "maker-key.pem"];
const FACE: [&str; 2] = ["--face", "face.svg"];

fn make(desk: &Desk, more: &[&[&str]]) -> Ended {
    desk.run(&[&MAKE, more.concat().as_slice()].concat())
}

fn made(desk: &Desk, more: &[&[&str]]) -> Seal {
    let ended = make(desk, more);
    assert_eq!((ended.status, ended.stdout.as_str()), (0, ""), "{}", ended.stderr);
    Seal::from_der(&desk.read("out.esl")).unwrap()
}

#[track_caller]
fn assert_refused(desk: &Desk, more: &[&[&str]], status: i32, said: &str) {
    let ended = make(desk, more);
    assert_eq!(ended.status, status, "{}", ended.stderr);
    assert!(ended.stderr.contains(said), "{}", ended.stderr);
    let names = std::fs::read_dir(desk.folder()).unwrap().map(|entry| entry.unwrap().file_name());
    let left: Vec<_> = names.filter(|name| name.to_string_lossy().starts_with(['.', 'o'])).collect();
    assert_eq!(left, ["other-key.pem"], "nothing is written");
}

#[test]
fn a_seal_of_each_version_is_made_inspected_and_valid() {
    let desk = desk();
    for (version, standard, number) in [("4", SesVersion::V4, 4), ("5", SesVersion::V5, 5)] {
        let seal = made(&desk, &[&KEY, &FACE, &["--version", version, "--id", "36010000000001"]]);
        assert_eq!((seal.version(), seal.id(), seal.name()), (standard, "36010000000001", NAME));
        assert_eq!((seal.holder(), seal.kind()), (SealHolder::Unit, Some(SealKind::Contract)));
        seal.verify_signature().unwrap();
        let anchors = TrustAnchors::from_pem(&String::from_utf8(desk.read("gm-root.pem")).unwrap()).unwrap();
        let revocation = RevocationData::new();
        let judge = SealJudge {
            anchors: &anchors,
            maker_anchors: &anchors,
            timestamp_anchors: &anchors,
            certificates: &[],
            revocation: &revocation,
            at: now(),
        };
        let judged = judge.judge_seal(&seal);
        assert_eq!(judged.verdict, Verdict::Valid, "{:#?}", judged.checks);

        let ended = desk.run(&["seal", "inspect", "out.esl", "--trust", "gm-root.pem", "--json"]);
        assert_eq!(ended.status, 0, "{}", ended.stderr);
        let told = &ended.json()["seals"][0];
        assert_eq!((&told["version"], &told["standard"]), (&json!(number), &json!(standard.standard())));
        assert_eq!((&told["id"], &told["name"]), (&json!("36010000000001"), &json!(NAME)));
        assert_eq!((&told["kind"], &told["kind_number"]), (&json!("contract"), &json!("04")));
        assert_eq!((&told["holder"], &told["verdict"]), (&json!("unit"), &json!("valid")));
        assert_eq!(told["signers"][0]["subject"], "CN=江西测试有限公司");
        let checks = told["checks"].as_array().unwrap();
        assert!(checks.iter().any(|check| check["code"] == "ses.seal-signature" && check["verdict"] == "pass"));
        assert!(checks.iter().all(|check| check["clause"].as_str().unwrap().starts_with(standard.standard())));
    }
}

/// A vector face, and the same as a picture, are in the seal as a PNG of the face's size.
#[test]
fn the_picture_is_a_png_in_whole_millimetres() {
    let desk = desk();
    let size_of = |picture: &SealPicture| [picture.width_mm, picture.height_mm];
    let vector = made(&desk, &[&KEY, &FACE]);
    let pixels = made(&desk, &[&KEY, &["--face", "face.png"]]);
    assert_eq!(pixels.picture().data, desk.read("face.png"));
    assert_eq!(vector.picture(), pixels.picture());
    assert_eq!(vector.picture().kind, "PNG");
    let sized = made(&desk, &[&KEY, &FACE, &["--size", "30x20"]]);
    assert_eq!(size_of(sized.picture()), [30, 20]);

    let text = desk.run(&["seal", "inspect", "out.esl", "--picture", "saved.png"]);
    assert_eq!(text.status, 0, "{}", text.stderr);
    assert!(desk.read("saved.png") == desk.read("face.png"));
    for said in [NAME, "GB/T 38540-2020", "picture PNG", "30 × 20 mm", "CN=Seal Maker", "ses.seal-signature"] {
        assert!(text.stdout.contains(said), "{said}: {}", text.stdout);
    }
}

#[test]
fn who_may_use_it_is_listed_whole_or_by_digest() {
    let desk = desk();
    let more = ["--for", "maker.pem"];
    let whole = made(&desk, &[&KEY, &FACE, &more]);
    let digests = made(&desk, &[&KEY, &FACE, &more, &["--digests"]]);
    assert!(digests.to_der().len() < whole.to_der().len());
    for seal in [&whole, &digests] {
        assert!(seal.signers().contains(seal.maker()));
    }
    let told = desk.run(&["seal", "inspect", "out.esl", "--json"]).json();
    assert_eq!(told["seals"][0]["signers"].as_array().map(Vec::len), Some(2));
    assert_eq!(told["seals"][0]["signers"][1]["sm3"], told["seals"][0]["maker"]["sm3"]);
}

#[test]
fn numbers_are_drawn_and_kinds_go_by_name_or_number() {
    let desk = desk();
    let [one, two] = [made(&desk, &[&KEY, &FACE]), made(&desk, &[&KEY, &FACE])];
    assert_ne!(one.id(), two.id());
    assert!(one.id().len() == 14 && one.id().starts_with("36"), "{}", one.id());
    assert!(one.validity().not_after.0 - one.validity().not_before.0 == 365 * DAY);
    for (kind, wanted) in [("05", SealKind::LegalRepresentative), ("personal", SealKind::Personal)] {
        let arguments: Vec<_> = MAKE.map(|one| if one == "contract" { kind } else { one }).to_vec();
        let ended = desk.run(&[arguments.as_slice(), &KEY, &FACE, &["--valid-days", "30"]].concat());
        assert_eq!(ended.status, 0, "{}", ended.stderr);
        let seal = Seal::from_der(&desk.read("out.esl")).unwrap();
        assert_eq!((seal.kind(), seal.holder()), (Some(wanted), wanted.holder()));
        assert_eq!(seal.validity().not_after, seal.validity().not_before.plus(30 * DAY));
    }
}

#[test]
fn what_cannot_be_made_is_refused_by_name_and_leaves_no_file() {
    let desk = desk();
    desk.write("cut.png", &desk.read("face.png")[..200]);
    desk.write("large.png", png(5_000, 5_000, None));
    desk.write("unsized.png", png(40, 40, None));
    desk.write("wide.png", png(300, 30, Some(1_000)));
    assert_refused(&desk, &[&["--key", "other-key.pem"], &FACE], 1, "maker.pem: seal.key-mismatch");
    assert_refused(&desk, &[&["--key", "key.pem"], &FACE], 1, "maker.pem: seal.key-mismatch");
    assert_refused(&desk, &[&["--key", "missing.pem"], &FACE], 2, "missing.pem: file.unreadable");
    assert_refused(&desk, &[&["--key", "maker.pem"], &FACE], 2, "maker.pem: key.");
    assert_refused(&desk, &[&KEY, &["--face", "missing.png"]], 2, "missing.png: file.unreadable");
    assert_refused(&desk, &[&KEY, &["--face", "maker.pem"]], 2, "maker.pem: face.svg");
    assert_refused(&desk, &[&KEY, &["--face", "cut.png"]], 2, "cut.png: face.picture");
    assert_refused(&desk, &[&KEY, &["--face", "large.png", "--size", "40x40"]], 1, "large.png: face.too-many-pixels");
    assert_refused(&desk, &[&KEY, &["--face", "wide.png"]], 1, "wide.png: face.size");
    assert_refused(&desk, &[&KEY, &["--face", "unsized.png"]], 1, "unsized.png: face.without-size");
    assert_refused(&desk, &[&KEY, &FACE, &["--version", "1"]], 2, "--version");
    assert_refused(&desk, &[&KEY, &FACE, &["--id", "3601"]], 2, "--id");
    assert_refused(&desk, &[&KEY, &FACE, &["--valid-days", "600"]], 1, "maker.pem: seal.validity-too-long");
    assert_refused(&desk, &[&KEY, &FACE, &["--for", "face.svg"]], 2, "face.svg: cert.");
    // A key of P-256 with its own certificate makes no national seal.
    let arguments: Vec<_> = MAKE.map(|one| if one == "maker.pem" { "chain.pem" } else { one }).to_vec();
    let ended = desk.run(&[arguments.as_slice(), &["--key", "key.pem"], &FACE].concat());
    assert_eq!(ended.status, 1);
    assert!(ended.stderr.contains("chain.pem: ses.unsupported-algorithm"), "{}", ended.stderr);

    desk.write("out.esl", "old");
    assert_eq!(make(&desk, &[&["--key", "other-key.pem"], &FACE]).status, 1);
    assert_eq!(desk.read("out.esl"), b"old");
}

#[test]
fn what_is_no_seal_or_was_changed_is_said() {
    let desk = desk();
    let mut der = made(&desk, &[&KEY, &FACE]).to_der().to_vec();
    let at = der.windows(4).position(|bytes| bytes == b"IDAT").unwrap() + 20;
    der[at] ^= 1;
    desk.write("changed.esl", &der);
    desk.write("cut.esl", &der[..der.len() - 1]);
    let told = desk.run(&["seal", "inspect", "changed.esl", "--trust", "gm-root.pem", "--json"]).json();
    assert_eq!((&told["seals"][0]["verdict"], &told["seals"][0]["integrity"]), (&json!("invalid"), &json!("broken")));
    for (file, status, code) in [
        ("cut.esl", 2, "ses.malformed"),
        ("key.pem", 2, "ses.malformed"),
        ("missing.esl", 2, "file.unreadable"),
        ("contract.pdf", 1, "seal.none"),
    ] {
        let ended = desk.run(&["seal", "inspect", file, "--picture", "none.png"]);
        assert_eq!(ended.status, status, "{file}: {}", ended.stderr);
        assert!(ended.stderr.contains(code), "{file}: {}", ended.stderr);
        assert!(!desk.path("none.png").exists());
    }
}

/// What is made here seals a document, and is found in it again.
#[test]
fn a_seal_is_inspected_in_the_document_that_it_sealed() {
    let desk = desk();
    desk.write("document.ofd", TWO_PAGES);
    let none = desk.run(&["seal", "inspect", "document.ofd"]);
    assert_eq!(none.status, 1);
    assert!(none.stderr.contains("seal.none"), "{}", none.stderr);
    let seal = made(&desk, &[&KEY, &FACE, &["--digests"]]);
    let stamped = desk.run(&[
        "stamp",
        "document.ofd",
        "-o",
        "sealed.ofd",
        "--key",
        "signer-key.pem",
        "--cert",
        "signer.pem",
        "--seal",
        "out.esl",
        "--at",
        "1:30,40,40,40",
    ]);
    assert_eq!(stamped.status, 0, "{}", stamped.stderr);
    let verified = desk.run(&["verify", "sealed.ofd", "--trust", "gm-root.pem"]);
    assert_eq!(verified.status, 0, "{}{}", verified.stdout, verified.stderr);
    let ended =
        desk.run(&["seal", "inspect", "sealed.ofd", "--trust", "gm-root.pem", "--json", "--picture", "saved.png"]);
    let told = &ended.json()["seals"];
    assert_eq!(told.as_array().map(Vec::len), Some(1));
    assert_eq!((&told[0]["id"], &told[0]["verdict"]), (&json!(seal.id()), &json!("valid")));
    assert_eq!(told[0]["used"]["signer"]["subject"], "CN=江西测试有限公司");
    assert_eq!(told[0]["used"]["signer_is_listed"], true);
    assert_eq!(desk.read("saved.png"), seal.picture().data);
}

/// Keys and certificates that OpenSSL made.
#[test]
fn a_maker_by_openssl() {
    let desk = Desk::new();
    let openssl = |arguments: &[&str]| {
        Command::new("openssl")
            .args(arguments)
            .current_dir(desk.folder())
            .output()
            .is_ok_and(|out| out.status.success())
    };
    let certificate = |name: &str| {
        let (key, pem, subject) = (format!("{name}-key.pem"), format!("{name}.pem"), format!("/CN={name}"));
        openssl(&["genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:SM2", "-out", &key])
            && openssl(&[
                "req",
                "-x509",
                "-new",
                "-key",
                &key,
                "-sm3",
                "-sigopt",
                "distid:1234567812345678",
                "-subj",
                &subject,
                "-days",
                "400",
                "-addext",
                "keyUsage=critical,digitalSignature,nonRepudiation",
                "-out",
                &pem,
            ])
    };
    if !(certificate("maker") && certificate("signer")) {
        eprintln!("SKIPPED: no openssl that knows SM2");
        return;
    }
    let seal = made(&desk, &[&KEY, &FACE]);
    seal.verify_signature().unwrap();
    assert_eq!(seal.maker().subject_rfc4514(), "CN=maker");
}

/// A grey picture, with this many pixels to the metre if any.
fn png(width: u32, height: u32, per_metre: Option<u32>) -> Vec<u8> {
    let mut file = Vec::new();
    let mut encoder = png::Encoder::new(Cursor::new(&mut file), width, height);
    encoder.set_color(png::ColorType::Grayscale);
    let dims = |per_metre| png::PixelDimensions { xppu: per_metre, yppu: per_metre, unit: png::Unit::Meter };
    encoder.set_pixel_dims(per_metre.map(dims));
    let mut writer = encoder.write_header().unwrap();
    writer.write_image_data(&vec![0; (width * height) as usize]).unwrap();
    writer.finish().unwrap();
    file
}
