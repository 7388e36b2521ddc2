//! Peers judge what we seal.

use eseal_crypto::ses::SesVersion;
use eseal_document::ofd::Protection;
use eseal_document::pdf::Side;
use eseal_tests::skipped;

use super::sealed::{Look, Sealed};
use crate::peers::{Judgement, OFDRW, OFDRW_RS, OfdPeer};

const VERSIONS: [SesVersion; 2] = [SesVersion::V4, SesVersion::V5];

/// What is asked of both peers.
macro_rules! asked {
    ($name:ident, $peer:expr $(, $trust:ident)?) => {
        mod $name {
            use super::*;

            #[test]
            fn accepts_every_look() {
                let sides = [Side::Right, Side::Left, Side::Top, Side::Bottom].map(Look::CrossPage);
                for look in [Look::Nowhere, Look::Point].into_iter().chain(sides) {
                    let test = concat!(module_path!(), "::accepts_every_look");
                    ask(test, &$peer, &format!("{look:?}"), &Judgement::Accepted, |version| {
                        Sealed::new(version, look, Protection::Continue)
                    });
                }
            }

            #[test]
            fn accepts_whole_protection() {
                let test = concat!(module_path!(), "::accepts_whole_protection");
                ask(test, &$peer, "all protected", &Judgement::Accepted, |version| {
                    Sealed::new(version, Look::Point, Protection::Whole)
                });
            }

            #[test]
            fn accepts_a_second_seal() {
                let test = concat!(module_path!(), "::accepts_a_second_seal");
                ask(test, &$peer, "sealed twice", &Judgement::Accepted, twice);
            }

            #[test]
            fn notices_a_changed_page() {
                let test = concat!(module_path!(), "::notices_a_changed_page");
                ask(test, &$peer, "a page changed", &Judgement::Changed, |version| {
                    let sealed = twice(version);
                    sealed.change("Doc_0/Pages/Page_3/Content.xml", |bytes| bytes.push(b'\n'));
                    sealed
                });
            }

            #[test]
            fn notices_a_changed_description() {
                let test = concat!(module_path!(), "::notices_a_changed_description");
                ask(test, &$peer, "a description changed", &Judgement::Changed, |version| {
                    let sealed = Sealed::new(version, Look::Point, Protection::Continue);
                    sealed.change("Doc_0/Signs/Sign_0/Signature.xml", |bytes| bytes.push(b'\n'));
                    sealed
                });
            }

            $(
                #[test]
                fn $trust() {
                    let test = concat!(module_path!(), "::", stringify!($trust));
                    ask(test, &$peer, "another root", &Judgement::Untrusted, |version| {
                        let mut sealed = twice(version);
                        sealed.swap_the_root();
                        sealed
                    });
                }
            )?
        }
    };
}

asked!(ofdrw, OFDRW);
asked!(ofdrw_rs, OFDRW_RS, does_not_trust_another_root);

fn twice(version: SesVersion) -> Sealed {
    let mut sealed = Sealed::new(version, Look::CrossPage(Side::Right), Protection::Continue);
    sealed.seal(Look::Point, Protection::Continue);
    sealed
}

fn ask(test: &str, peer: &OfdPeer, what: &str, expected: &Judgement, make: impl Fn(SesVersion) -> Sealed) {
    for version in VERSIONS {
        let name = format!("OFD, {}, {what}", version.standard());
        match make(version).asked(&name, |question| peer.judge(question)) {
            Ok(said) => assert_eq!(&said, expected, "{name}"),
            Err(why) => return skipped(test, &why),
        }
    }
}
