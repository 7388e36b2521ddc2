//! Several marks of one signature.

use eseal_document::pdf::{CrossPage, Mark, Pdf, Side, SigningTime, StampRequest};
use eseal_document::report::{Changes, Coverage, Verdict};

use crate::builder::{Builder, KINDS, Xref};
use crate::cross_page::{file_of, pages, rectangles};
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

/// Two pages and what their `/Annots` are.
fn two_pages(first: &str, second: &str, kids: &str) -> Vec<u8> {
    let link = "<</Type /Annot /Subtype /Link /Rect [0 0 9 9]>>";
    Builder::new(Xref::Table)
        .object(1, "<</Type /Catalog /Pages 2 0 R>>")
        .object(2, &format!("<</Type /Pages /Kids [{kids}] /Count 2 /MediaBox [0 0 360 288]>>"))
        .object(3, &format!("<</Type /Page /Parent 2 0 R {first}>>"))
        .object(4, &format!("<</Type /Page /Parent 2 0 R {second}>>"))
        .object(5, "[6 0 R % ]\n ]")
        .object(6, link)
        .build()
}

fn marks_on<'a>(party: &'a Party, pages: &[i32]) -> StampRequest<'a> {
    let request = StampRequest::new(&party.chain, SigningTime { at: NOW, offset_minutes: 0 });
    let place = |index: usize| [10.0 + 40.0 * f64::from(u32::try_from(index).unwrap()), 10.0];
    request.marks(
        pages.iter().enumerate().map(|(index, page)| Mark::new(&party.face, at(*page, place(index), [30.0, 15.0]))),
    )
}

#[test]
fn every_kind_of_list_of_annotations_gets_the_marks_of_its_own_page() {
    let party = Party::new("Test", 1);
    let none = "";
    // What the pages list, and how many annotations each has afterwards, for marks on pages 1, 2 and 2 again.
    let cases = [
        (none, none, [1, 2]),
        ("/Annots [6 0 R]", "/Annots []", [2, 2]),
        ("/Annots 5 0 R", none, [2, 2]),
        ("/Annots null", "/Annots 77 0 R", [1, 2]),
        ("/Annots 5 0 R", "/Annots [6 0 R]", [2, 3]),
        // One list for both pages: each gets its own, or each would show the other's marks.
        ("/Annots 5 0 R", "/Annots 5 0 R", [2, 3]),
    ];
    for (first, second, expected) in cases {
        let file = two_pages(first, second, "3 0 R 4 0 R");
        let sealed = seal(&party, &file, &marks_on(&party, &[1, 2, 2]));
        let counts: Vec<usize> = rectangles(&sealed).iter().map(Vec::len).collect();
        assert_eq!(counts, expected, "{first} {second}");
        let again = seal(&party, &sealed, &marks_on(&party, &[1, 2]));
        let report = party.verify(&again).unwrap();
        assert_eq!(report.verdict, Verdict::Valid, "{first} {second}: {report:#?}");
    }
}

#[test]
fn a_page_that_is_there_twice_is_one_page() {
    let party = Party::new("Test", 1);
    let file = two_pages("", "", "3 0 R 3 0 R");
    let sealed = seal(&party, &file, &marks_on(&party, &[1, 2]));
    assert_eq!(rectangles(&sealed)[0].len(), 2);
    assert_eq!(party.verify(&sealed).unwrap().verdict, Verdict::Valid);
    let cut = CrossPage::new(&party.face, Side::Right, [40.0, 20.0]);
    let refused = cut.marks(&Pdf::open(file.as_slice()).unwrap()).unwrap_err();
    assert_eq!(refused.code(), "pdf.too-few-pages");
}

#[test]
fn the_same_seal_on_many_pages_is_drawn_once() {
    let party = Party::new("Test", 1);
    let growth = |count: usize| {
        let file = file_of(Xref::Table, &pages(count, ""));
        let request = StampRequest::new(&party.chain, SigningTime { at: NOW, offset_minutes: 0 });
        let marks = (1..=count)
            .map(|page| Mark::new(&party.face, at(i32::try_from(page).unwrap(), [10.0, 10.0], [30.0, 15.0])));
        let sealed = seal(&party, &file, &request.marks(marks));
        let document = lopdf::Document::load_mem(&sealed).unwrap();
        let forms = document.objects.values().filter(|object| object.as_stream().is_ok()).count();
        (sealed.len() - file.len(), forms)
    };
    let ((few, few_forms), (many, many_forms)) = (growth(10), growth(110));
    assert_eq!((few_forms, many_forms), (2, 2));
    assert!((many - few) / 100 < 500, "{} bytes a page", (many - few) / 100);
}

/// A list that other pages have too is not added to: they would show the mark as well.
#[test]
fn a_page_that_is_not_sealed_does_not_show_the_mark_of_one_that_shares_its_list() {
    let party = Party::new("Test", 1);
    let shared = two_pages("/Annots 5 0 R", "/Annots 5 0 R", "3 0 R 4 0 R");
    let alone = two_pages("/Annots 5 0 R", "/Annots []", "3 0 R 4 0 R");
    let signed = party.seal_at(&alone, at(2, [10.0, 10.0], [30.0, 15.0])).unwrap();
    for (file, pages, writes_list) in
        [(&shared, [1].as_slice(), false), (&shared, &[2], false), (&alone, &[1], false), (&signed, &[1], true)]
    {
        let sealed = seal(&party, file, &marks_on(&party, pages));
        let appended = String::from_utf8_lossy(&sealed[file.len()..]).into_owned();
        assert_eq!(appended.contains("\n5 0 obj"), writes_list, "{pages:?}: {appended}");
        assert_eq!(appended.contains("/Annots  [6 0 R"), !writes_list, "{pages:?}: {appended}");
        assert_eq!(party.verify(&sealed).unwrap().verdict, Verdict::Valid);
        // An earlier signature permits it.
        let twice = seal(&party, &sealed, &marks_on(&party, &[1, 2]));
        let report = party.verify(&twice).unwrap();
        assert_eq!(report.verdict, Verdict::Valid, "{report:#?}");
        assert_eq!(report.signatures[0].changes, Changes::Permitted);
    }
}

/// One list that is the form's and a page's, sealed or not: nothing is in it twice, and a second seal keeps the first.
#[test]
fn a_list_that_is_the_forms_and_a_pages_is_left_alone() {
    let party = Party::new("Test", 1);
    let form = "<</Type /Catalog /Pages 2 0 R /AcroForm <</Fields 6 0 R /SigFlags 1>>>>";
    let pages = [("/Annots 6 0 R", ""), ("", "/Annots 6 0 R"), ("/Annots 6 0 R", "/Annots 6 0 R")];
    for ((first, second), list) in pages.into_iter().flat_map(|pages| [(pages, "[]"), (pages, "[(noise)]")]) {
        let page = |rest| format!("<</Type /Page /Parent 2 0 R /Contents 4 0 R {rest}>>");
        let file = Builder::simple(Xref::Table)
            .object(1, form)
            .object(2, "<</Type /Pages /Kids [3 0 R 7 0 R] /Count 2 /MediaBox [0 0 600 800]>>")
            .object(3, &page(first))
            .object(6, list)
            .object(7, &page(second))
            .build();
        let once = party.seal(&file).unwrap();
        let twice = party.seal(&once).unwrap();
        let report = party.verify(&twice).unwrap();
        assert_eq!(report.verdict, Verdict::Valid, "{report:#?}");
        assert_eq!(report.signatures[0].changes, Changes::Permitted);
        assert!(!String::from_utf8_lossy(&twice[file.len()..]).contains("\n6 0 obj"));
    }
}
