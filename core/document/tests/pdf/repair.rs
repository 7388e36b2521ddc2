//! What strict readers do not understand is put right behind an unsigned file, and left alone in a signed one.

use eseal_document::pdf::{CrossPage, Pdf, Side};
use eseal_document::report::Verdict;

use crate::builder::{Builder, KINDS, Xref, append};
use crate::party::{Party, at};
use crate::peers::{Tool, tool};
use crate::pyhanko::{Mode, judge};

const PAGE: &str = "<</Type /Page /Parent 2 0 R /Contents 4 0 R /Resources <</Font <</F 5 0 R>>>>>>";

/// Valid to us and to everybody who is on this machine.
fn expect_accepted(party: &Party, sealed: &[u8], what: &str) {
    let report = party.verify(sealed).unwrap();
    assert_eq!(report.signatures.last().unwrap().verdict, Verdict::Valid, "{what}: {report:#?}");
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("sealed.pdf");
    std::fs::write(&path, sealed).unwrap();
    if let Some(qpdf) = tool(Tool::Qpdf, &["--check"], &path) {
        assert_eq!(qpdf.status, 0, "{what}: {}", qpdf.text);
    }
    if let Some(pdfsig) = tool(Tool::Pdfsig, &["-nocert"], &path) {
        assert!(pdfsig.text.contains("Signature is Valid"), "{what}: {}", pdfsig.text);
    }
    if let Some(said) = judge(sealed, &party.root.certificate().to_pem(), Mode::Plain) {
        assert!(said.last().is_some_and(|line| line.contains("intact valid trusted ENTIRE_FILE")), "{what}: {said:?}");
    }
}

fn direct_pages(kind: Xref) -> Builder {
    let kids = format!("<</Type /Pages /Kids [{PAGE} 3 0 R {PAGE}] /Count 3 /MediaBox [0 0 595 842]>>");
    Builder::simple(kind).object(2, &kids)
}

#[test]
fn pages_that_are_no_objects_become_objects() {
    let party = Party::new("Test", 1);
    for kind in KINDS {
        let file = direct_pages(kind).build();
        assert_eq!(Pdf::open(file.as_slice()).unwrap().page_count().unwrap(), 3);
        for page in 1..=3 {
            let sealed = party.seal_at(&file, at(page, [20.0, 30.0], [40.0, 20.0])).unwrap();
            assert!(sealed.starts_with(&file));
            expect_accepted(&party, &sealed, &format!("{kind:?}, page {page}"));
        }
    }
}

/// Deeper in the tree they are only met by who goes there.
#[test]
fn pages_that_are_no_objects_are_found_wherever_they_are() {
    let party = Party::new("Test", 1);
    let inner =
        format!("<</Type /Pages /Parent 2 0 R /Count 2 /Kids [{PAGE} <</Type /Pages /Count 1 /Kids [{PAGE}]>>]>>");
    let file = Builder::simple(Xref::Table)
        .object(2, "<</Type /Pages /Kids 7 0 R /Count 3 /MediaBox [0 0 595 842]>>")
        .object(7, "[3 0 R 6 0 R]")
        .object(6, &inner)
        .build();
    for page in 2..=3 {
        let sealed = party.seal_at(&file, at(page, [20.0, 30.0], [40.0, 20.0])).unwrap();
        expect_accepted(&party, &sealed, &format!("page {page}"));
    }
}

#[test]
fn a_seal_is_cut_over_pages_that_were_no_objects() {
    let party = Party::new("Test", 1);
    let file = direct_pages(Xref::Table).build();
    let pdf = Pdf::open(file.as_slice()).unwrap();
    let marks = CrossPage::new(&party.face, Side::Right, [40.0, 20.0]).marks(&pdf).unwrap();
    let sealed = party.finish(pdf.prepare(&party.unseen().marks(marks)).unwrap()).unwrap();
    expect_accepted(&party, &sealed, "cross-page");
}

#[test]
fn a_signed_file_keeps_pages_that_are_no_objects() {
    let party = Party::new("Test", 1);
    let signed = party.seal(&Builder::simple(Xref::Table).build()).unwrap();
    let kids = format!("<</Type /Pages /Kids [{PAGE}] /Count 1 /MediaBox [0 0 595 842]>>");
    let file = append(&signed, &[(2, &kids)], "");
    assert_eq!(party.seal(&file).unwrap_err().code(), "pdf.damaged-xref-signed");
}

#[test]
fn a_form_that_runs_in_a_circle_is_cut() {
    let party = Party::new("Test", 1);
    for kind in [Xref::Table, Xref::ObjectStream] {
        for (field, below) in [
            ("<</FT /Tx /T (a) /Kids [7 0 R]>>", "<</T (b) /Parent 6 0 R /Kids [6 0 R 7 0 R]>>"),
            ("<</FT /Tx /T (a) /Kids [6 0 R]>>", "null"),
            ("<</FT /Tx /T (a) /Kids 7 0 R>>", "[6 0 R]"),
        ] {
            let file = Builder::simple(kind)
                .object(1, "<</Type /Catalog /Pages 2 0 R /AcroForm <</Fields [6 0 R]>>>>")
                .object(6, field)
                .object(7, below)
                .build();
            let sealed = party.seal(&file).unwrap();
            assert!(sealed.starts_with(&file));
            expect_accepted(&party, &sealed, &format!("{kind:?}: {field}"));
        }
    }
}

/// A signature is no less one where its field names itself as what is below it.
#[test]
fn a_signature_in_a_circle_is_found() {
    let party = Party::new("Test", 1);
    let sealed = party.seal(&Builder::simple(Xref::Table).build()).unwrap();
    let before = party.verify(&sealed).unwrap();
    let text = String::from_utf8_lossy(&sealed);
    let widget = text.find("/Subtype /Widget").unwrap();
    let start = text[..widget].rfind(" 0 obj").unwrap();
    let number: u32 = text[..start].rsplit('\n').next().unwrap().parse().unwrap();
    let dictionary = &text[start + 7..start + text[start..].find("\nendobj").unwrap()];
    let circle = format!("{} /Kids [{number} 0 R]>>", &dictionary[..dictionary.len() - 2]);
    let changed = append(&sealed, &[(number, &circle)], "");
    let report = party.verify(&changed).unwrap();
    assert_eq!(report.signatures.len(), before.signatures.len());
    assert_eq!(report.signatures[0].verdict, Verdict::Invalid, "{report:#?}");
}
