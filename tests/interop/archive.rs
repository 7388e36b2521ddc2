//! veraPDF judges archive and accessible documents after we seal them: what they claimed must still hold.

use eseal_tests::{fixture, skipped};

use crate::peers::{VeraPdf, verapdf};
use crate::sealed::Sealed;

/// A letter and the flavour that it claims.
const LETTERS: [(&str, &str); 5] = [
    ("archive/letter-a1b.pdf", "1b"),
    ("archive/letter-a2b.pdf", "2b"),
    ("archive/letter-a2b-xref-stream.pdf", "2b"),
    ("archive/letter-a2u.pdf", "2u"),
    ("archive/letter-a3b.pdf", "3b"),
];

#[test]
fn an_archive_document_stays_one() {
    for (letter, flavour) in LETTERS {
        let mut sealed = Sealed::new(letter);
        for times in ["", ", sealed twice"] {
            match verapdf(&format!("{letter}{times}"), &sealed.pdf(), flavour) {
                Ok(said) => assert_eq!(said, VeraPdf::Conforms, "{letter}{times}"),
                Err(why) => return skipped(concat!(module_path!(), "::an_archive_document_stays_one"), &why),
            }
            sealed.seal_again();
        }
    }
}

/// Otherwise the test above could not fail.
#[test]
fn verapdf_refuses_what_claims_too_much() {
    const TEST: &str = concat!(module_path!(), "::verapdf_refuses_what_claims_too_much");
    for flavour in ["1b", "2b", "3b", "ua1"] {
        match verapdf("contract/contract.pdf, unsealed", &fixture("contract/contract.pdf"), flavour) {
            Ok(said) => assert!(matches!(said, VeraPdf::Breaks(_)), "{flavour}"),
            Err(why) => return skipped(TEST, &why),
        }
    }
}
