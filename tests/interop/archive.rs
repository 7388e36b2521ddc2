//! veraPDF judges archive and accessible documents after we seal them: what they claimed must still hold.

use eseal_tests::{fixture, skipped};

use crate::level::Level;
use crate::look::Look;
use crate::peers::{VeraPdf, verapdf};
use crate::sealed::Sealed;

/// A letter and the flavour that it claims.
const LETTERS: [(&str, &str); 6] = [
    ("archive/letter-a1b.pdf", "1b"),
    ("archive/letter-a2b.pdf", "2b"),
    ("archive/letter-a2b-xref-stream.pdf", "2b"),
    ("archive/letter-a2u.pdf", "2u"),
    ("archive/letter-a3b.pdf", "3b"),
    ("archive/letter-ua1.pdf", "ua1"),
];

#[test]
fn a_seal_breaks_no_claim() {
    const TEST: &str = concat!(module_path!(), "::a_seal_breaks_no_claim");
    let mut broken = Vec::new();
    for look in Look::ON_ONE_PAGE {
        if let Some(why) = look.missing() {
            skipped(TEST, &why);
            continue;
        }
        for (letter, flavour) in LETTERS {
            let mut sealed = Sealed::with(letter, Level::B, look);
            for times in ["", ", sealed twice"] {
                let name = format!("{letter}, {}{times}", look.as_str());
                match verapdf(&name, &sealed.pdf(), flavour) {
                    Ok(said) => broken.extend(complaint(&name, said)),
                    Err(why) => return skipped(TEST, &why),
                }
                if flavour == "ua1" {
                    break;
                }
                sealed.seal_again();
            }
        }
    }
    assert!(broken.is_empty(), "{broken:#?}");
}

/// An element added to the structure tree would cost the first signature its validity with other verifiers, which counts for
/// more: this one rule is broken, knowingly.
#[test]
fn a_second_seal_on_an_accessible_document_is_not_tagged() {
    let mut sealed = Sealed::new("archive/letter-ua1.pdf");
    sealed.seal_again();
    match verapdf("archive/letter-ua1.pdf, sealed twice", &sealed.pdf(), "ua1") {
        Ok(VeraPdf::Breaks(rules)) => {
            assert!(rules.starts_with("7.18.4-1 ") && !rules.contains("; "), "{rules}");
        }
        Ok(VeraPdf::Conforms) => panic!("it is tagged"),
        Err(why) => skipped(concat!(module_path!(), "::a_second_seal_on_an_accessible_document_is_not_tagged"), &why),
    }
}

#[test]
fn validation_data_and_timestamps_break_no_claim() {
    const TEST: &str = concat!(module_path!(), "::validation_data_and_timestamps_break_no_claim");
    let mut broken = Vec::new();
    for (letter, flavour) in LETTERS {
        let name = format!("{letter}, LTA");
        match verapdf(&name, &Sealed::with(letter, Level::Lta, Look::Face).pdf(), flavour) {
            Ok(said) => broken.extend(complaint(&name, said)),
            Err(why) => return skipped(TEST, &why),
        }
    }
    assert!(broken.is_empty(), "{broken:#?}");
}

fn complaint(name: &str, said: VeraPdf) -> Option<String> {
    match said {
        VeraPdf::Conforms => None,
        VeraPdf::Breaks(rules) => Some(format!("{name}: {rules}")),
    }
}

/// Otherwise the tests above could not fail.
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
