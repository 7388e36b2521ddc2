//! Peers judge what we seal. Every test seals the contract anew, under a CA made for it, and asks another program.
//! A program that is not on this machine is named as SKIPPED; `cargo xtask test --setup` installs them all.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs, reason = "test code")]

mod demo;
mod peers;
mod sealed;

use std::fs;

use eseal_tests::skipped;
use peers::{Judgement, Peer, Question};
use sealed::Sealed;

/// The same contract with a cross-reference table and with a cross-reference stream.
const CONTRACTS: [&str; 2] = ["contract/contract.pdf", "contract/contract-xref-stream.pdf"];
/// The same two as the demo leaves them.
const DEMO_CONTRACTS: [&str; 2] = ["contract-sealed.pdf", "contract-xref-stream-sealed.pdf"];

#[test]
fn pdfsig_accepts() {
    expect("pdfsig_accepts", peers::pdfsig, &Judgement::Accepted, |_| {});
}

#[test]
fn pdfsig_notices_a_changed_byte() {
    expect("pdfsig_notices_a_changed_byte", peers::pdfsig, &Judgement::Changed, Sealed::change_a_signed_byte);
}

#[test]
fn pdfsig_does_not_trust_another_root() {
    expect("pdfsig_does_not_trust_another_root", peers::pdfsig, &Judgement::Untrusted, Sealed::swap_the_anchor);
}

#[test]
fn pyhanko_accepts() {
    expect("pyhanko_accepts", peers::pyhanko, &Judgement::Accepted, |_| {});
}

#[test]
fn pyhanko_notices_a_changed_byte() {
    expect("pyhanko_notices_a_changed_byte", peers::pyhanko, &Judgement::Changed, Sealed::change_a_signed_byte);
}

#[test]
fn pyhanko_does_not_trust_another_root() {
    expect("pyhanko_does_not_trust_another_root", peers::pyhanko, &Judgement::Untrusted, Sealed::swap_the_anchor);
}

/// The page and its boxes are written again for the second seal: the first signature must not see a difference.
#[test]
fn pyhanko_accepts_both_of_two_seals() {
    for contract in CONTRACTS {
        let mut sealed = Sealed::new(contract);
        sealed.seal_again();
        let (pdf, anchor) = (sealed.pdf(), sealed.anchor());
        match peers::pyhanko_lines(&Question { pdf: &pdf, anchor: &anchor, scratch: sealed.folder() }) {
            Ok(lines) => {
                let covers = |what| format!("intact=True valid=True trusted=True coverage={what} bottom_line=True");
                assert_eq!(lines, [covers("ENTIRE_REVISION"), covers("ENTIRE_FILE")], "{contract}");
            }
            Err(why) => return skipped("interop::pyhanko_accepts_both_of_two_seals", &why),
        }
    }
}

#[test]
fn openssl_accepts() {
    expect("openssl_accepts", peers::openssl, &Judgement::Accepted, |_| {});
}

#[test]
fn openssl_notices_a_changed_byte() {
    expect("openssl_notices_a_changed_byte", peers::openssl, &Judgement::Changed, Sealed::change_a_signed_byte);
}

#[test]
fn openssl_does_not_trust_another_root() {
    expect("openssl_does_not_trust_another_root", peers::openssl, &Judgement::Untrusted, Sealed::swap_the_anchor);
}

#[test]
fn qpdf_finds_no_fault() {
    let sealed = CONTRACTS.map(Sealed::new);
    let ours = sealed.iter().map(Sealed::pdf);
    let demo = DEMO_CONTRACTS.map(|name| demo::results().join(name));
    for pdf in ours.chain(demo) {
        match peers::qpdf(&pdf) {
            Ok(verdict) => assert_eq!(verdict, Ok(()), "{}", pdf.display()),
            Err(why) => return skipped("interop::qpdf_finds_no_fault", &why),
        }
    }
}

#[test]
fn qpdf_finds_a_broken_cross_reference() {
    let sealed = Sealed::new(CONTRACTS[0]);
    let mut bytes = fs::read(sealed.pdf()).unwrap();
    let at = bytes.windows(9).rposition(|window| window == b"startxref").unwrap();
    bytes[at + 10] = b'9';
    fs::write(sealed.pdf(), bytes).unwrap();
    match peers::qpdf(&sealed.pdf()) {
        Ok(verdict) => assert!(verdict.is_err()),
        Err(why) => skipped("interop::qpdf_finds_a_broken_cross_reference", &why),
    }
}

#[test]
fn pdfsig_accepts_the_demo() {
    accepts_the_demo("pdfsig_accepts_the_demo", peers::pdfsig);
}

#[test]
fn pyhanko_accepts_the_demo() {
    accepts_the_demo("pyhanko_accepts_the_demo", peers::pyhanko);
}

#[test]
fn openssl_accepts_the_demo() {
    accepts_the_demo("openssl_accepts_the_demo", peers::openssl);
}

/// Asks the peer about what the demo sealed, with the platform's own root as anchor.
fn accepts_the_demo(test: &str, peer: Peer) {
    let anchor = demo::results().join("platform-root.pem");
    for contract in DEMO_CONTRACTS {
        let pdf = demo::results().join(contract);
        let scratch = tempfile::tempdir().unwrap();
        match peer(&Question { pdf: &pdf, anchor: &anchor, scratch: scratch.path() }) {
            Ok(said) => assert_eq!(said, Judgement::Accepted, "{contract}"),
            Err(why) => return skipped(&format!("interop::{test}"), &why),
        }
    }
}

/// Seals both contracts, does something to them, and asks the peer.
fn expect(test: &str, peer: Peer, judgement: &Judgement, alter: fn(&mut Sealed)) {
    for contract in CONTRACTS {
        let mut sealed = Sealed::new(contract);
        alter(&mut sealed);
        let (pdf, anchor) = (sealed.pdf(), sealed.anchor());
        match peer(&Question { pdf: &pdf, anchor: &anchor, scratch: sealed.folder() }) {
            Ok(said) => assert_eq!(&said, judgement, "{contract}"),
            Err(why) => return skipped(&format!("interop::{test}"), &why),
        }
    }
}
