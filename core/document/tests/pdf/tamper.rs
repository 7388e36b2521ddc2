//! One byte changed.

use eseal_document::report::{Integrity, Verdict};

use crate::builder::{Builder, KINDS, Xref, rfind};
use crate::party::Party;

/// The bytes that are not signed: the digits of `/Contents` and the two brackets around them.
fn gap(sealed: &[u8]) -> std::ops::Range<usize> {
    let start = rfind(sealed, "/Contents <") + "/Contents ".len();
    let end = start + sealed[start..].iter().position(|byte| *byte == b'>').unwrap() + 1;
    start..end
}

/// Where the digits stand of the CMS fields that no signature covers and that say nothing: the two `version`s and
/// `digestAlgorithms` (RFC 5652, 5.1 and 5.3). A reader may pass over them.
fn unsigned_fields(sealed: &[u8], gap: &std::ops::Range<usize>) -> Vec<usize> {
    const VERSION: &str = "020101";
    const SHA256: &str = "06096086480165030402";
    let digits = std::str::from_utf8(&sealed[gap.clone()]).unwrap();
    let versions = digits.match_indices(VERSION).map(|(at, _)| at + VERSION.len() - 1..at + VERSION.len());
    let oid = digits.find(SHA256).map(|at| at + 4..at + 22);
    versions.chain(oid).flatten().map(|at| gap.start + at).collect()
}

#[test]
fn every_byte_counts() {
    let party = Party::new("Test", 1);
    for kind in [Xref::Table, Xref::ObjectStream] {
        let sealed = party.seal(&Builder::simple(kind).build()).unwrap();
        assert_eq!(party.verify(&sealed).unwrap().verdict, Verdict::Valid);
        let gap = gap(&sealed);
        let unsigned = unsigned_fields(&sealed, &gap);
        let mut changed = sealed.clone();
        for at in 0..sealed.len() {
            for mask in [0x01, 0x10, 0x80] {
                changed[at] ^= mask;
                match party.verify(&changed) {
                    Err(_) => {}
                    Ok(report) => {
                        let is_valid = report.verdict == Verdict::Valid;
                        assert!(!is_valid || unsigned.contains(&at), "{kind:?}: byte {at} with {mask:#x}");
                        let is_shown_intact = report.signatures.iter().any(|one| one.integrity == Integrity::Intact);
                        assert!(!is_shown_intact || gap.contains(&at), "{kind:?}: byte {at} is signed");
                    }
                }
                changed[at] ^= mask;
            }
        }
    }
}

#[test]
fn a_byte_more_or_less_is_noticed() {
    let party = Party::new("Test", 1);
    for kind in KINDS {
        let sealed = party.seal(&Builder::simple(kind).build()).unwrap();
        for at in (0..sealed.len()).step_by(7) {
            let mut longer = sealed.clone();
            longer.insert(at, b' ');
            let mut shorter = sealed.clone();
            shorter.remove(at);
            for changed in [longer, shorter] {
                let verdict = party.verify(&changed).map_or(Verdict::Invalid, |report| report.verdict);
                assert_ne!(verdict, Verdict::Valid, "{kind:?}: byte {at}");
            }
        }
    }
}
