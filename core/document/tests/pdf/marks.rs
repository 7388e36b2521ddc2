//! Several marks of one signature.

use eseal_document::pdf::{Mark, Pdf, SigningTime, StampRequest};
use eseal_document::report::{Changes, Coverage, Verdict};

use crate::builder::{Builder, KINDS};
use crate::party::{NOW, Party, at};

fn seal(party: &Party, file: &[u8], request: &StampRequest<'_>) -> Vec<u8> {
    let prepared = Pdf::open(file).unwrap().prepare(request).unwrap();
    let signature = party.key.sign(prepared.to_be_signed());
    let mut out = Vec::new();
    prepared.complete(&signature).unwrap().write_to(&mut out).unwrap();
    out
}

#[test]
fn a_signature_without_a_mark_is_unseen_and_valid() {
    let party = Party::new("Test", 1);
    for kind in KINDS {
        let request = StampRequest::new(&party.chain, SigningTime { at: NOW, offset_minutes: 0 });
        let sealed = seal(&party, &Builder::simple(kind).build(), &request);
        let report = party.verify(&sealed).unwrap();
        assert_eq!(report.verdict, Verdict::Valid, "{kind:?}: {report:#?}");
        assert_eq!((report.signatures[0].coverage, report.signatures.len()), (Coverage::Whole, 1));
    }
}

#[test]
fn two_marks_on_a_page_are_one_signature_and_keep_the_one_before() {
    let (first, second) = (Party::new("First", 1), Party::new("Second", 1));
    for kind in KINDS {
        let file = first.seal(&Builder::simple(kind).build()).unwrap();
        let marks = [[10.0, 10.0], [60.0, 60.0]].map(|place| Mark::new(&second.face, at(1, place, [30.0, 15.0])));
        let request = StampRequest::new(&second.chain, SigningTime { at: NOW, offset_minutes: 0 });
        let sealed = seal(&second, &file, &marks.into_iter().fold(request, StampRequest::mark));
        let report = first.verify(&sealed).unwrap();
        assert_eq!(report.verdict, Verdict::Valid, "{kind:?}: {report:#?}");
        assert_eq!(report.signatures[0].changes, Changes::Permitted);
    }
}
