//! What a signature forbids to be done after it.

use eseal_document::pdf::{Certification, FieldChoice, Lock, Mark, Pdf};
use eseal_document::report::{Changes, Verdict};

use crate::builder::{Builder, KINDS, Xref, rfind};
use crate::fields::{EMPTY, with_fields};
use crate::party::{Party, somewhere};
use crate::profiles::sealed;
use crate::pyhanko::{Mode, judge};

const ALL: [Certification; 3] = [Certification::NoChanges, Certification::FillIn, Certification::FillInAndAnnotate];

#[test]
fn a_certification_is_noted_in_signature_and_catalog() {
    let party = Party::new("Test", 1);
    for (certification, permission) in ALL.into_iter().zip(1..) {
        for kind in KINDS {
            let file = Builder::simple(kind).build();
            let once = sealed(&party, &file, &party.request(somewhere()).certify(certification));
            rfind(
                &once,
                &format!(
                    "/TransformMethod /DocMDP /DigestMethod /SHA256 /TransformParams <</Type /TransformParams /V /1.2 /P {permission}>>"
                ),
            );
            rfind(&once, "/Perms <</DocMDP ");
            assert_eq!(party.verify(&once).unwrap().verdict, Verdict::Valid, "{kind:?}");
            let refused = Pdf::open(once.as_slice()).unwrap().prepare(&party.request(somewhere())).unwrap_err();
            let code = if permission == 1 { "pdf.certified-no-changes" } else { "pdf.certified-no-new-field" };
            assert_eq!(refused.code(), code, "{certification:?}");
        }
    }
}

#[test]
fn permissions_that_are_there_stay() {
    let party = Party::new("Test", 1);
    for (catalog, other) in [("/Perms <</UR3 null /X 1.50>>", "null"), ("/Perms 9 0 R", "<</X 1.50>>")] {
        let file = Builder::simple(Xref::Table)
            .object(1, &format!("<</Type /Catalog /Pages 2 0 R {catalog}>>"))
            .object(9, other)
            .build();
        let once = sealed(&party, &file, &party.request(somewhere()).certify(Certification::FillIn));
        let text = String::from_utf8_lossy(&once[file.len()..]).into_owned();
        assert_eq!(text.matches("/X 1.50\n/DocMDP ").count(), 1, "{text}");
    }
}

/// A lock may name the field of any mark, not only of the first.
#[test]
fn every_mark_is_held_against_the_locks() {
    let party = Party::new("Test", 1);
    let once = sealed(
        &party,
        &Builder::simple(Xref::Table).build(),
        &party.request(somewhere()).lock(Lock::Include(&["ESeal3"])),
    );
    let two = |count: usize| {
        let marks = (0..count).map(|_| Mark::new(&party.face, somewhere()));
        Pdf::open(once.as_slice()).unwrap().prepare(&party.unseen().marks(marks))
    };
    let twice = party.finish(two(1).unwrap()).unwrap();
    assert_eq!(party.verify(&twice).unwrap().verdict, Verdict::Valid);
    assert_eq!(two(2).unwrap_err().code(), "pdf.field-locked");
    let all_but = sealed(
        &party,
        &Builder::simple(Xref::Table).build(),
        &party.request(somewhere()).lock(Lock::Exclude(&["ESeal2"])),
    );
    let marks = [Mark::new(&party.face, somewhere()), Mark::new(&party.face, somewhere())];
    let refused = Pdf::open(all_but.as_slice()).unwrap().prepare(&party.unseen().marks(marks)).unwrap_err();
    assert_eq!(refused.code(), "pdf.field-locked");
}

#[test]
fn only_the_first_signature_certifies() {
    let party = Party::new("Test", 1);
    let once = party.seal(&Builder::simple(Xref::Stream).build()).unwrap();
    for certification in ALL {
        let request = party.request(somewhere()).certify(certification);
        let refused = Pdf::open(once.as_slice()).unwrap().prepare(&request).unwrap_err();
        assert_eq!(refused.code(), "pdf.certify-not-first");
    }
}

#[test]
fn a_certified_document_may_be_signed_where_its_author_left_a_field() {
    let (author, signer) = (Party::new("Author", 1), Party::new("Signer", 2));
    let roots = author.root.certificate().to_pem() + &signer.root.certificate().to_pem();
    for kind in KINDS {
        let file = with_fields(kind, &[EMPTY]);
        for certification in ALL {
            let once = sealed(&author, &file, &author.request(somewhere()).certify(certification));
            let named = signer.unseen().field(FieldChoice::Named("Empty"));
            if certification == Certification::NoChanges {
                let refused = Pdf::open(once.as_slice()).unwrap().prepare(&named).unwrap_err();
                assert_eq!(refused.code(), "pdf.certified-no-changes");
                continue;
            }
            let twice = sealed(&signer, &once, &named);
            let report = author.verify(&twice).unwrap();
            assert_eq!(report.signatures.len(), 2);
            let certified = report.signatures.iter().find(|one| one.signer.as_deref() == Some("Author")).unwrap();
            assert_eq!(certified.changes, Changes::Permitted, "{kind:?}: {certified:#?}");
            if let Some(lines) = judge(&twice, &roots, Mode::Plain) {
                assert!(lines.len() == 2 && lines.iter().all(|line| line.ends_with(" ok")), "{kind:?}: {lines:#?}");
            }
        }
    }
}

#[test]
fn locks_are_written_and_kept() {
    let party = Party::new("Test", 1);
    let pem = party.root.certificate().to_pem();
    let names = ["Empty", "名 (1)"];
    let file = with_fields(Xref::Table, &[EMPTY]);
    for (lock, written, fills, adds) in [
        (Lock::All, "/Action /All", false, false),
        (Lock::Include(&names), "/Action /Include /Fields [(Empty) <FEFF540D0020002800310029>]", false, true),
        (Lock::Exclude(&names), "/Action /Exclude /Fields [(Empty) <FEFF540D0020002800310029>]", true, false),
    ] {
        let once = sealed(&party, &file, &party.request(somewhere()).lock(lock));
        rfind(&once, &format!("/Data 1 0 R /TransformParams <</Type /TransformParams /V /1.2 {written}>>"));
        assert_eq!(party.verify(&once).unwrap().verdict, Verdict::Valid, "{lock:?}");
        if let Some(lines) = judge(&once, &pem, Mode::Plain) {
            assert!(lines.iter().all(|line| line.ends_with(" ok")), "{lock:?}: {lines:#?}");
        }
        for (request, allowed) in
            [(party.unseen().field(FieldChoice::Named("Empty")), fills), (party.request(somewhere()), adds)]
        {
            match Pdf::open(once.as_slice()).unwrap().prepare(&request) {
                Ok(_) => assert!(allowed, "{lock:?}"),
                Err(error) => assert!(!allowed && error.code() == "pdf.field-locked", "{lock:?}: {error}"),
            }
        }
    }
}
