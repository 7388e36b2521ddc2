//! Files that are broken, hostile or something else: each has its reason.

use eseal_document::pdf::{Pdf, PdfError};
use eseal_document::report::{Changes, Integrity, Verdict};
use proptest::prelude::*;

use crate::builder::{Builder, KINDS, Xref, append, deflate, last_startxref, rfind};
use crate::party::{Party, at};

fn code(file: &[u8]) -> &'static str {
    Party::new("Test", 1).seal(file).map_or_else(|error| error.code(), |_| "sealed")
}

#[test]
fn what_is_no_pdf_is_refused() {
    for file in [&b""[..], b"x", b"PK\x03\x04 a zip", b"%PDF", &[0; 5_000]] {
        assert_eq!(code(file), "pdf.not-a-pdf");
    }
}

#[test]
fn encryption_that_is_not_known_is_refused_wherever_it_says_so() {
    for kind in KINDS {
        let builder = Builder::simple(kind).object(6, "<</Filter /Adobe.PubSec /V 2>>");
        assert_eq!(code(&builder.clone().trailer("/Encrypt 6 0 R").build()), "pdf.unsupported-encryption");
        let direct = builder.trailer("/Encrypt <</Filter /Standard /V 3 /R 3>>").build();
        assert_eq!(code(&direct), "pdf.unsupported-encryption");
    }
    let party = Party::new("Test", 1);
    let file = Builder::simple(Xref::Table).trailer("/Encrypt <</Filter /Standard>>").build();
    assert_eq!(party.verify(&file).unwrap_err().code(), "pdf.unsupported-encryption");
}

#[test]
fn three_hundred_revisions_are_no_problem() {
    let mut file = Builder::simple(Xref::Stream).build();
    for _ in 0..300 {
        file = append(&file, &[(5, "<</Type /Font /Subtype /Type1 /BaseFont /Courier>>")], "");
    }
    assert_eq!(code(&file), "sealed");
}

#[test]
fn bombs_and_depths_are_refused_on_a_small_stack() {
    let run = || {
        let nested = format!("<</Type /Catalog /Pages 2 0 R /Deep {}{}>>", "[".repeat(100_000), "]".repeat(100_000));
        assert_eq!(code(&Builder::simple(Xref::Table).object(1, &nested).build()), "pdf.limit-exceeded");
        let nested = format!("<</Type /Catalog /Pages 2 0 R /Deep {}{}>>", "<</A ".repeat(50_000), ">>".repeat(50_000));
        assert_eq!(code(&Builder::simple(Xref::Table).object(1, &nested).build()), "pdf.limit-exceeded");
        let fits = format!("<</Type /Catalog /Pages 2 0 R /Deep {}{}>>", "[".repeat(255), "]".repeat(255));
        assert_eq!(code(&Builder::simple(Xref::Table).object(1, &fits).build()), "sealed");

        let mut tree = Builder::simple(Xref::Table).object(2, "<</Type /Pages /Kids [10 0 R] /Count 1>>");
        for number in 10..2_000 {
            tree = tree.object(number, &format!("<</Type /Pages /Kids [{} 0 R] /Count 1>>", number + 1));
        }
        assert_eq!(code(&tree.build()), "pdf.limit-exceeded");

        let mut fields =
            Builder::simple(Xref::Table).object(1, "<</Type /Catalog /Pages 2 0 R /AcroForm <</Fields [10 0 R]>>>>");
        for number in 10..2_000 {
            fields = fields.object(number, &format!("<</T (a) /Kids [{} 0 R]>>", number + 1));
        }
        assert_eq!(code(&fields.build()), "pdf.limit-exceeded");

        let mut chain = Builder::simple(Xref::Table).object(1, "<</Type /Catalog /Pages 10 0 R>>");
        for number in 10..2_000 {
            chain = chain.object(number, &format!("{} 0 R", number + 1));
        }
        assert_eq!(code(&chain.build()), "pdf.limit-exceeded");
    };
    std::thread::Builder::new().stack_size(512 << 10).spawn(run).unwrap().join().unwrap();
}

#[test]
fn circles_end() {
    let builder = Builder::simple(Xref::Table);
    let own_kid = builder.clone().object(2, "<</Type /Pages /Kids [2 0 R] /Count 1>>").build();
    assert_eq!(code(&own_kid), "pdf.limit-exceeded");
    let many = builder.clone().object(2, "<</Type /Pages /Kids [2 0 R 2 0 R 2 0 R] /Count 1000000>>").build();
    assert!(["pdf.limit-exceeded", "pdf.no-such-page"].contains(&code(&many)));
    let own_reference = builder.clone().object(1, "<</Type /Catalog /Pages 10 0 R>>").object(10, "10 0 R").build();
    assert_eq!(code(&own_reference), "pdf.limit-exceeded");
    let own_field = builder
        .clone()
        .object(1, "<</Type /Catalog /Pages 2 0 R /AcroForm <</Fields [10 0 R]>>>>")
        .object(10, "<</T (a) /Kids [10 0 R]>>")
        .build();
    assert_eq!(code(&own_field), "sealed", "a field below itself is one field");
    let length = Builder::simple(Xref::Stream);
    let file = length.object(4, "<</Length 4 0 R>>\nstream\nx\nendstream").build();
    assert_eq!(code(&file), "sealed", "the page's content is not looked at");
}

#[test]
fn an_object_stream_that_unpacks_too_far_is_refused() {
    let bomb = deflate(&vec![b' '; 65 << 20]);
    let mut object = format!("<</Type /ObjStm /N 1 /First 4 /Filter /FlateDecode /Length {}>>\nstream\n", bomb.len());
    object.push_str("\nendstream");
    let builder = Builder::simple(Xref::ObjectStream);
    let file = builder.build();
    // The object stream is the last but one object: another one in its place, by a later revision with a stream.
    let text = String::from_utf8_lossy(&file).into_owned();
    let head = text[..text.find("/Type /ObjStm").unwrap()].rfind(" 0 obj").unwrap();
    let number: u32 = text[..head].rsplit('\n').next().unwrap().parse().unwrap();
    let mut changed = file.clone();
    let offset = changed.len();
    changed.extend_from_slice(format!("{number} 0 obj\n").as_bytes());
    let head = object.split("\nendstream").next().unwrap();
    changed.extend_from_slice(head.as_bytes());
    changed.extend_from_slice(&bomb);
    changed.extend_from_slice(b"\nendstream\nendobj\n");
    let start = changed.len();
    let tail = format!(
        "xref\n{number} 1\n{offset:010} 00000 n \ntrailer\n<</Size 99 /Root 1 0 R /Prev {}>>\nstartxref\n{start}\n%%EOF\n",
        last_startxref(&file)
    );
    changed.extend_from_slice(tail.as_bytes());
    assert_eq!(code(&changed), "pdf.limit-exceeded");
}

#[test]
fn a_page_that_is_not_there_is_refused() {
    let party = Party::new("Test", 1);
    for kind in KINDS {
        let file = Builder::simple(kind).build();
        for page in [0, 2, -2, i32::MIN] {
            let refused = party.seal_at(&file, at(page, [1.0, 1.0], [10.0, 5.0])).unwrap_err();
            assert!(matches!(refused, PdfError::NoSuchPage { pages: 1, .. }), "{kind:?} {page}: {refused:?}");
        }
    }
    let empty = Builder::simple(Xref::Table).object(2, "<</Type /Pages /Kids [] /Count 0>>").build();
    assert_eq!(code(&empty), "pdf.no-such-page");
    let gone = Builder::simple(Xref::Table).object(2, "<</Type /Pages /Kids [77 0 R] /Count 1>>").build();
    assert_eq!(code(&gone), "pdf.no-such-page");
}

#[test]
fn errors_say_what_and_never_lose_their_code() {
    let error = Pdf::open(b"x".as_slice()).unwrap_err();
    assert_eq!((error.code(), error.to_string().as_str()), ("pdf.not-a-pdf", "this is not a PDF"));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn garbled_files_are_sealed_so_that_they_verify_or_refused(
        kind in 0..KINDS.len(),
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..40),
    ) {
        let party = Party::new("Test", 1);
        let mut file = Builder::simple(KINDS[kind]).build();
        for (index, byte) in changes {
            let at = index.index(file.len());
            file[at] = byte;
        }
        if let Ok(sealed) = party.seal(&file) {
            prop_assert!(sealed.starts_with(&file));
            let report = party.verify(&sealed);
            let verdict = report.as_ref().ok().and_then(|report| report.signatures.last()).map(|last| last.verdict);
            prop_assert_eq!(verdict, Some(Verdict::Valid), "{:?}", report);
        }
    }
}

/// What a fuzzer found: the picture of a later seal that cannot be read was a reason not to judge the file at all.
#[test]
fn damage_behind_a_signature_is_a_forbidden_change() {
    let party = Party::new("Test", 1);
    for kind in KINDS {
        let once = party.seal(&Builder::simple(kind).build()).unwrap();
        let twice = party.seal(&once).unwrap();
        for (sound, damaged) in
            [(" 0 obj\n<</Type /XObject", " 0:obj\n<</Type /XObject"), ("/Subtype /Form", "/Subtype (Form")]
        {
            let mut file = twice.clone();
            let at = rfind(&file, sound);
            assert!(at > once.len(), "{kind:?}: it belongs to the second seal");
            file[at..at + sound.len()].copy_from_slice(damaged.as_bytes());
            for file in [party.seal(&file).unwrap(), file] {
                let report = party.verify(&file).unwrap();
                let [first, second, rest @ ..] = report.signatures.as_slice() else { panic!("{report:#?}") };
                assert_eq!((first.integrity, first.changes), (Integrity::Intact, Changes::Forbidden), "{kind:?}");
                assert_eq!(second.integrity, Integrity::Broken, "{kind:?}");
                assert!(rest.iter().all(|third| third.verdict == Verdict::Valid), "{kind:?}: {rest:#?}");
            }
        }
    }
}

/// What a fuzzer found: a revision that nobody can judge spoke against the signatures behind it too.
#[test]
fn damage_between_two_signatures_is_a_change_behind_the_first() {
    let party = Party::new("Test", 1);
    for kind in KINDS.into_iter().filter(|kind| *kind != Xref::Stream) {
        let damaged = "<</Type /Page /Contents 4 /  0 R>>";
        let once = party.seal(&Builder::simple(kind).object(20, damaged).build()).unwrap();
        let again = append(&once, &[(20, damaged)], "");
        let thrice = party.seal(&party.seal(&again).unwrap()).unwrap();
        let report = party.verify(&thrice).unwrap();
        let found: Vec<_> = report.signatures.iter().map(|one| (one.integrity, one.changes)).collect();
        let expected = [Changes::Forbidden, Changes::Permitted, Changes::None];
        assert_eq!(found, expected.map(|changes| (Integrity::Intact, changes)), "{kind:?}: {report:#?}");
    }
}

/// What a fuzzer found: cross-references all of which stand behind the signed bytes, and none leads into them.
#[test]
fn cross_references_that_do_not_lead_back_are_an_objection() {
    let report = Party::new("Test", 1).verify(include_bytes!("findings/no-way-back.pdf")).unwrap();
    assert!(report.signatures.iter().all(|one| one.verdict == Verdict::Invalid), "{report:#?}");
    assert!(report.signatures.iter().any(|one| one.changes == Changes::Forbidden), "{report:#?}");
}

#[test]
fn a_catalog_is_no_page() {
    let both = "<</Type /Catalog /Pages 2 0 R /Contents 4 0 R /MediaBox [0 0 9 9]>>";
    let file =
        Builder::simple(Xref::Table).object(1, both).object(2, "<</Type /Pages /Kids [1 0 R] /Count 1>>").build();
    assert_eq!(code(&file), "pdf.damaged-object");
}
