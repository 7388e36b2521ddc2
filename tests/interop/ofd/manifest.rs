//! Integrity manifests (GM/T 0099-2020): ofdrw judges ours, and we judge its.

use std::fs::{self, File};

use eseal_crypto::cert::TrustAnchors;
use eseal_crypto::ses::SesVersion;
use eseal_document::ofd::{self, Protection};
use eseal_document::report::{Report, Verdict};
use eseal_testkit::ofd::{Item, Zip};
use eseal_tests::{fixture, skipped};

use super::CONTRACT;
use super::sealed::{Look, Sealed};
use crate::authority::now;
use crate::peers::{Judgement, OFDRW, OFDRW_MANIFEST, ofdrw_closes};

#[test]
fn ofdrw_accepts_ours() {
    let mut sealed = Sealed::new(SesVersion::V4, Look::Point, Protection::Whole);
    sealed.close();
    for peer in [OFDRW, OFDRW_MANIFEST] {
        match sealed.asked("OFD, sealed and closed by a manifest", |question| peer.judge(question)) {
            Ok(said) => assert_eq!(said, Judgement::Accepted, "{}", peer.name),
            Err(why) => return skipped(concat!(module_path!(), "::ofdrw_accepts_ours"), &why),
        }
    }
}

#[test]
fn ofdrw_notices_what_we_notice() {
    for smuggles in [true, false] {
        let mut sealed = Sealed::new(SesVersion::V4, Look::Point, Protection::Continue);
        sealed.close();
        if smuggles {
            sealed.smuggle("Doc_0/Res/smuggled.bin");
        } else {
            sealed.change("OFDEntries.xml", |bytes| bytes.push(b'\n'));
        }
        match sealed.asked("OFD, its manifest does not hold", |question| OFDRW_MANIFEST.judge(question)) {
            Ok(said) => assert_eq!(said, Judgement::Changed),
            Err(why) => return skipped(concat!(module_path!(), "::ofdrw_notices_what_we_notice"), &why),
        }
    }
}

#[test]
fn we_accept_its_and_notice_what_is_smuggled_in() {
    let folder = tempfile::tempdir().unwrap();
    let [closed, root] = ["closed.ofd", "root.pem"].map(|name| folder.path().join(name));
    if let Err(why) = ofdrw_closes(&fixture(CONTRACT), &closed, &root) {
        return skipped(concat!(module_path!(), "::we_accept_its_and_notice_what_is_smuggled_in"), &why);
    }
    let verify = || -> Report {
        let anchors = TrustAnchors::from_pem(&fs::read_to_string(&root).unwrap()).unwrap();
        ofd::verify(File::open(&closed).unwrap(), &anchors, now()).unwrap()
    };
    let sound = verify().manifest.unwrap();
    assert_eq!((sound.verdict, sound.format.as_str()), (Verdict::Valid, "GB/T 35275-2017"), "{sound:#?}");
    let mut zip = Zip::read(&fs::read(&closed).unwrap());
    zip.entries.push(Item::new("Doc_0/Res/smuggled.bin", b"smuggled"));
    fs::write(&closed, zip.write()).unwrap();
    let report = verify();
    let failed = report.manifest.unwrap().checks.into_iter().find(|check| check.verdict.as_str() == "fail");
    assert_eq!((report.verdict, failed.unwrap().code), (Verdict::Invalid, "ofd.smuggled-file"));
}
