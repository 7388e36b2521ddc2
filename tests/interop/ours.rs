//! Peers judge what we seal.

use std::fs;

use eseal_tests::skipped;

use crate::level::Level;
use crate::look::Look;
use crate::peers::{self, Judgement, Peer, Question, qpdf};
use crate::sealed::Sealed;
use crate::{CONTRACTS, demo};

/// The contracts as the demo leaves them.
const DEMO_CONTRACTS: [&str; 2] = ["contract-sealed.pdf", "contract-xref-stream-sealed.pdf"];

/// What is asked of every peer; the last, only of those that can be told whom to trust.
macro_rules! asked {
    ($name:ident, $peer:expr $(, $trust:ident)?) => {
        mod $name {
            use super::*;

            #[test]
            fn accepts_every_level() {
                super::accepts_every_level(concat!(module_path!(), "::accepts_every_level"), &$peer);
            }

            #[test]
            fn accepts_a_seal_across_pages() {
                super::accepts_a_seal_across_pages(concat!(module_path!(), "::accepts_a_seal_across_pages"), &$peer);
            }

            #[test]
            fn accepts_two_seals() {
                let test = concat!(module_path!(), "::accepts_two_seals");
                ask(test, &$peer, ", sealed twice", &Judgement::Accepted, Sealed::seal_again);
            }

            #[test]
            fn accepts_the_demo() {
                super::accepts_the_demo(concat!(module_path!(), "::accepts_the_demo"), &$peer);
            }

            #[test]
            fn notices_a_changed_byte() {
                let test = concat!(module_path!(), "::notices_a_changed_byte");
                ask(test, &$peer, ", a byte changed", &Judgement::Changed, Sealed::change_a_signed_byte);
            }

            $(
                #[test]
                fn $trust() {
                    let test = concat!(module_path!(), "::", stringify!($trust));
                    ask(test, &$peer, ", another root", &Judgement::Untrusted, Sealed::swap_the_anchor);
                }
            )?
        }
    };
}

asked!(pdfsig, peers::PDFSIG, does_not_trust_another_root);
asked!(pyhanko, peers::PYHANKO, does_not_trust_another_root);
asked!(openssl, peers::OPENSSL, does_not_trust_another_root);
asked!(mutool, peers::MUTOOL);
asked!(pdfbox, peers::PDFBOX, does_not_trust_another_root);
asked!(dss, peers::DSS, does_not_trust_another_root);

/// Seals both contracts, does something to them, and asks the peer.
fn ask(test: &str, peer: &Peer, what: &str, judgement: &Judgement, alter: fn(&mut Sealed)) {
    for contract in CONTRACTS {
        let mut sealed = Sealed::new(contract);
        alter(&mut sealed);
        match sealed_asked(&sealed, &format!("{contract}{what}"), Level::B, peer) {
            Ok(said) => assert_eq!(&said, judgement, "{contract}"),
            Err(why) => return skipped(test, &why),
        }
    }
}

/// Seals both contracts at every level, and asks the peer.
fn accepts_every_level(test: &str, peer: &Peer) {
    for contract in CONTRACTS {
        for level in Level::ALL {
            let name = format!("{contract}, {}", level.as_str());
            match sealed_asked(&Sealed::with(contract, level, Look::Face), &name, level, peer) {
                Ok(said) => assert_eq!(said, Judgement::Accepted, "{name}"),
                Err(why) => return skipped(test, &why),
            }
        }
    }
}

/// A field on each page, all of them with one signature.
fn accepts_a_seal_across_pages(test: &str, peer: &Peer) {
    for contract in CONTRACTS {
        let name = format!("{contract}, cross-page");
        match sealed_asked(&Sealed::with(contract, Level::B, Look::CrossPage), &name, Level::B, peer) {
            Ok(said) => assert_eq!(said, Judgement::Accepted, "{name}"),
            Err(why) => return skipped(test, &why),
        }
    }
}

fn sealed_asked(sealed: &Sealed, name: &str, level: Level, peer: &Peer) -> Result<Judgement, String> {
    let (pdf, anchor, crl) = (sealed.pdf(), sealed.anchor(), sealed.crl());
    let scratch = sealed.folder();
    peer.judge(&Question { name, pdf: &pdf, anchor: &anchor, crl: Some(&crl), level, scratch })
}

/// Asks the peer about what the demo sealed, with the platform's own root as anchor.
fn accepts_the_demo(test: &str, peer: &Peer) {
    let anchor = demo::results().join("platform-root.pem");
    for contract in DEMO_CONTRACTS {
        let pdf = demo::results().join(contract);
        let scratch = tempfile::tempdir().unwrap();
        let name = format!("demo: {contract}");
        let (level, scratch) = (Level::B, scratch.path());
        match peer.judge(&Question { name: &name, pdf: &pdf, anchor: &anchor, crl: None, level, scratch }) {
            Ok(said) => assert_eq!(said, Judgement::Accepted, "{contract}"),
            Err(why) => return skipped(test, &why),
        }
    }
}

/// The page and its boxes are written again for the second seal: the first signature must not see a difference.
#[test]
fn pyhanko_finds_the_first_of_two_seals_unchanged() {
    const TEST: &str = concat!(module_path!(), "::pyhanko_finds_the_first_of_two_seals_unchanged");
    for contract in CONTRACTS {
        let mut sealed = Sealed::new(contract);
        sealed.seal_again();
        match peers::pyhanko_lines(&sealed.pdf(), &sealed.anchor(), Level::B) {
            Ok(lines) => {
                let covers = |what| {
                    format!("intact=True valid=True trusted=True coverage={what} timestamp=False bottom_line=True")
                };
                assert_eq!(lines, [covers("ENTIRE_REVISION"), covers("ENTIRE_FILE")], "{contract}");
            }
            Err(why) => return skipped(TEST, &why),
        }
    }
}

#[test]
fn qpdf_finds_no_fault() {
    let every = CONTRACTS.iter().flat_map(|contract| Level::ALL.map(|level| (contract, level)));
    let sealed: Vec<_> = every
        .map(|(contract, level)| (format!("{contract}, {}", level.as_str()), Sealed::with(contract, level, Look::Face)))
        .collect();
    let ours = sealed.iter().map(|(name, sealed)| (name.clone(), sealed.pdf()));
    let demo = DEMO_CONTRACTS.map(|name| (format!("demo: {name}"), demo::results().join(name)));
    for (name, pdf) in ours.chain(demo) {
        match qpdf(&name, &pdf) {
            Ok(verdict) => assert_eq!(verdict, Ok(()), "{name}"),
            Err(why) => return skipped(concat!(module_path!(), "::qpdf_finds_no_fault"), &why),
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
    match qpdf(&format!("{}, its startxref changed", CONTRACTS[0]), &sealed.pdf()) {
        Ok(verdict) => assert!(verdict.is_err()),
        Err(why) => skipped(concat!(module_path!(), "::qpdf_finds_a_broken_cross_reference"), &why),
    }
}
