//! Fields that somebody prepared to be signed.

use eseal_document::pdf::{FieldChoice, Mark, PageIndex, Pdf, PdfError, Profile, SigningTime, StampRequest};
use eseal_document::report::{Changes, Coverage, Verdict};

use crate::builder::{Builder, KINDS, Xref};
use crate::party::{NOW, Party, at};
use crate::peers::{Tool, tool};
use crate::profiles::sealed;
use crate::pyhanko::{Mode, judge};

/// A field and its annotation in one object.
pub(crate) const EMPTY: &str =
    "<</Type /Annot /Subtype /Widget /FT /Sig /T (Empty) /F 4 /P 3 0 R /Rect [100 500 300.50 600] /MK <<>>>>";

/// A page with form fields, which are objects from 20 on, and all of them its annotations.
pub(crate) fn with_fields(kind: Xref, fields: &[&str]) -> Vec<u8> {
    let ids: Vec<String> = (20..20 + fields.len()).map(|number| format!("{number} 0 R")).collect();
    let ids = ids.join(" ");
    let file = Builder::simple(kind)
        .object(1, "<</Type /Catalog /Pages 2 0 R /AcroForm 6 0 R>>")
        .object(
            3,
            &format!("<</Type /Page /Parent 2 0 R /Contents 4 0 R /Resources <</Font <</F 5 0 R>>>> /Annots [{ids}]>>"),
        )
        .object(6, &format!("<</Fields [{ids}]>>"));
    let numbered = fields.iter().zip(20..);
    numbered.fold(file, |file, (field, number)| file.object(number, field)).build()
}

fn refused(file: &[u8], request: &StampRequest<'_>) -> &'static str {
    Pdf::open(file).unwrap().prepare(request).unwrap_err().code()
}

fn seeded(seed: &str) -> Vec<u8> {
    with_fields(Xref::Table, &[&EMPTY.replace("/MK <<>>", &format!("/SV <<{seed}>>"))])
}

#[test]
fn empty_fields_are_listed_with_what_they_want() {
    let child = "<</T (Below) /Parent 21 0 R /Subtype /Widget /Rect [0 0 0 0] /P 3 0 R /SV <</Reasons [(One) (\\376\\377Ne)]>>>>";
    let file = with_fields(
        Xref::Stream,
        &[
            EMPTY,
            "<</FT /Sig /T (Above) /Kids [22 0 R]>>",
            child,
            "<</FT /Tx /T (Text)>>",
            "<</FT /Sig /T (Full) /V 3 0 R>>",
        ],
    );
    let found = Pdf::open(file.as_slice()).unwrap().empty_signature_fields().unwrap();
    let [empty, below] = &found[..] else { panic!("{found:?}") };
    assert_eq!((empty.name.as_str(), empty.page), ("Empty", Some(PageIndex::new(1))));
    let [width, height] = empty.size_mm.unwrap();
    assert!((width - 200.5 / 72.0 * 25.4).abs() < 1e-9 && (height - 100.0 / 72.0 * 25.4).abs() < 1e-9);
    assert_eq!((below.name.as_str(), below.size_mm), ("Above.Below", None));
    assert_eq!(below.reasons, ["One".to_owned(), "\u{4e65}".to_owned()]);
}

#[test]
fn a_field_is_filled_where_it_is() {
    let party = Party::new("Test", 1);
    let folder = tempfile::tempdir().unwrap();
    for kind in KINDS {
        let file = with_fields(kind, &[EMPTY]);
        let request = party.unseen().field(FieldChoice::Named("Empty")).mark(Mark::in_field(&party.face));
        let once = sealed(&party, &file, &request);
        let text = String::from_utf8_lossy(&once[file.len()..]).into_owned();
        assert!(text.contains("/Rect [100 500 300.50 600] /MK <<>>\n/V "), "{kind:?}: {text}");
        assert!(!text.contains("/Annots"), "the page is not touched: {text}");
        let report = party.verify(&once).unwrap();
        assert_eq!(report.verdict, Verdict::Valid, "{kind:?}: {report:#?}");
        assert_eq!((report.signatures[0].field.as_str(), report.signatures[0].coverage), ("Empty", Coverage::Whole));
        assert_eq!(Pdf::open(once.as_slice()).unwrap().empty_signature_fields().unwrap(), []);
        assert_eq!(refused(&once, &request), "pdf.field-signed");
        if let Some(lines) = judge(&once, &party.root.certificate().to_pem(), Mode::Plain) {
            assert!(lines.len() == 1 && lines[0].ends_with(" ok"), "{kind:?}: {lines:#?}");
        }
        let path = folder.path().join("filled.pdf");
        std::fs::write(&path, &once).unwrap();
        if let Some(qpdf) = tool(Tool::Qpdf, &["--check"], &path) {
            assert_eq!(qpdf.status, 0, "{kind:?}: {}", qpdf.text);
        }
    }
}

#[test]
fn a_field_apart_from_its_annotation_is_filled_in_both() {
    let party = Party::new("Test", 1);
    let field = "<</T (Part) /Parent 22 0 R /Kids [21 0 R]>>";
    let widget = "<</Subtype /Widget /Parent 20 0 R /Rect [100 500 300 600]>>";
    let parent = "<</FT /Sig /T (Whole) /Kids [20 0 R]>>";
    let ids = ["<</Fields [22 0 R] /SigFlags 1>>", "[21 0 R]"];
    for kind in KINDS {
        let file = Builder::simple(kind)
            .object(1, "<</Type /Catalog /Pages 2 0 R /AcroForm 6 0 R>>")
            .object(3, &format!("<</Type /Page /Parent 2 0 R /Contents 4 0 R /Resources <</Font <</F 5 0 R>>>> /Rotate 90 /Annots {}>>", ids[1]))
            .object(6, ids[0])
            .object(20, field)
            .object(21, widget)
            .object(22, parent)
            .build();
        let request = party.unseen().field(FieldChoice::Named("Whole.Part")).mark(Mark::in_field(&party.face));
        let once = sealed(&party, &file, &request);
        let text = String::from_utf8_lossy(&once[file.len()..]).into_owned();
        assert!(text.contains("/Kids [21 0 R]\n/V "), "{kind:?}: {text}");
        assert!(text.contains("/Rect [100 500 300 600]\n/AP <</N "), "{kind:?}: {text}");
        assert!(text.contains("/SigFlags  3"), "{kind:?}: {text}");
        let report = party.verify(&once).unwrap();
        assert_eq!((report.verdict, report.signatures[0].field.as_str()), (Verdict::Valid, "Whole.Part"));
        if let Some(lines) = judge(&once, &party.root.certificate().to_pem(), Mode::Plain) {
            assert!(lines.len() == 1 && lines[0].ends_with(" ok"), "{kind:?}: {lines:#?}");
        }
    }
}

#[test]
fn filling_keeps_an_earlier_signature() {
    let (first, second) = (Party::new("First", 1), Party::new("Second", 2));
    let roots = first.root.certificate().to_pem() + &second.root.certificate().to_pem();
    for kind in KINDS {
        let once = first.seal(&with_fields(kind, &[EMPTY])).unwrap();
        let request = second.unseen().field(FieldChoice::Named("Empty")).mark(Mark::in_field(&second.face));
        let twice = sealed(&second, &once, &request);
        let report = first.verify(&twice).unwrap();
        let earlier = report.signatures.iter().find(|one| one.signer.as_deref() == Some("First")).unwrap();
        assert_eq!((earlier.verdict, earlier.changes), (Verdict::Valid, Changes::Permitted), "{kind:?}: {earlier:#?}");
        if let Some(lines) = judge(&twice, &roots, Mode::Plain) {
            assert!(lines.len() == 2 && lines.iter().all(|line| line.ends_with(" ok")), "{kind:?}: {lines:#?}");
        }
    }
}

#[test]
fn further_marks_of_a_filled_field_are_further_fields() {
    let party = Party::new("Test", 1);
    let file = with_fields(Xref::Table, &[EMPTY]);
    let request = party
        .unseen()
        .field(FieldChoice::Named("Empty"))
        .mark(Mark::in_field(&party.face))
        .mark(Mark::new(&party.face, at(1, [10.0, 200.0], [40.0, 20.0])));
    let report = party.verify(&sealed(&party, &file, &request)).unwrap();
    assert_eq!(report.verdict, Verdict::Valid, "{report:#?}");
}

#[test]
fn what_is_no_empty_signature_field_is_refused() {
    let party = Party::new("Test", 1);
    let file = with_fields(
        Xref::Table,
        &[
            "<</FT /Tx /T (Text)>>",
            "<</FT /Sig /T (Flat) /Rect [9 9 9 99] /P 3 0 R>>",
            "<</FT /Sig /T (Null) /V null /Rect [1 1 9 9]>>",
        ],
    );
    let named = |name| party.unseen().field(FieldChoice::Named(name));
    for name in ["Text", "Nobody", ""] {
        assert_eq!(refused(&file, &named(name)), "pdf.no-such-field", "{name}");
    }
    let mark = Mark::in_field(&party.face);
    assert_eq!(refused(&file, &named("Flat").mark(mark)), "pdf.empty-placement");
    assert_eq!(refused(&file, &named("Null").mark(mark).mark(mark)), "pdf.empty-placement", "two in one field");
    assert_eq!(refused(&file, &party.unseen().mark(mark)), "pdf.empty-placement", "a new field has no rectangle");
    for name in ["Flat", "Null"] {
        assert_eq!(party.verify(&sealed(&party, &file, &named(name))).unwrap().verdict, Verdict::Valid);
    }
}

#[test]
fn constraints_that_must_be_met_are_met_or_refused() {
    let party = Party::new("Test", 1);
    let other = Party::new("Other", 2);
    let hex = |der: &[u8]| der.iter().map(|byte| format!("{byte:02x}")).collect::<Vec<_>>().concat();
    let (own, root) = (hex(party.chain.leaf().to_der()), hex(other.chain.leaf().to_der()));
    let asked = party.unseen().field(FieldChoice::Named("Empty")).reason("One");
    let open = [
        "",
        "/Ff 1 /Filter /Adobe.PPKLite",
        "/Filter /Other",
        "/Ff 2 /SubFilter [/adbe.pkcs7.sha1 /ETSI.CAdES.detached]",
        "/SubFilter [/adbe.pkcs7.sha1]",
        "/Ff 4 /V 3",
        "/V 9",
        "/Ff 8 /Reasons [(Two) (One)]",
        "/Reasons [(Two)]",
        "/Ff 16 /LegalAttestation [(None)]",
        "/Ff 32 /AddRevInfo false",
        "/Ff 64 /DigestMethod [(SHA512) (SHA256)]",
        "/DigestMethod [(SHA1)]",
        "/Ff 128 /LockDocument /auto",
        "/MDP <</P 0>>",
        "/TimeStamp <</URL (http://localhost) /Ff 0>>",
        &format!("/Cert <</Ff 1 /Subject [<{root}> <{own}>]>>"),
        "/Cert <</Ff 64 /URL (http://localhost)>>",
    ]
    .map(str::to_owned);
    for seed in open {
        let report = party.verify(&sealed(&party, &seeded(&seed), &asked)).unwrap();
        assert_eq!(report.verdict, Verdict::Valid, "{seed}");
    }
    let closed = [
        "/Ff 1 /Filter /Other",
        "/Ff 2 /SubFilter [/adbe.pkcs7.sha1 /adbe.pkcs7.detached]",
        "/Ff 4 /V 9",
        "/Ff 8 /Reasons [(Two)]",
        "/Ff 8 /Reasons [(.)]",
        "/Ff 8 /Reasons []",
        "/Ff 32 /AddRevInfo true",
        "/Ff 64 /DigestMethod [(SHA1)]",
        "/Ff 128 /LockDocument /true",
        "/Ff 256 /AppearanceFilter (Mine)",
        "/MDP <</P 2>>",
        &format!("/Cert <</Ff 1 /Subject [<{root}>]>>"),
        &format!("/Cert <</Ff 2 /Issuer [<{own}>]>>"),
        "/Cert <</Ff 4 /OID [(1.2.3)]>>",
    ]
    .map(str::to_owned);
    for seed in closed {
        assert_eq!(refused(&seeded(&seed), &asked), "pdf.seed-value", "{seed}");
    }
    let compat = asked.clone().profile(Profile::Compat);
    sealed(&party, &seeded("/Ff 2 /SubFilter [/adbe.pkcs7.sha1 /adbe.pkcs7.detached]"), &compat);
    sealed(&party, &seeded("/Ff 8 /Reasons [(.)]"), &party.unseen().field(FieldChoice::Named("Empty")));
}

#[test]
fn a_field_that_wants_a_timestamp_is_not_completed_without_one() {
    let party = Party::new("Test", 1);
    let file = seeded("/TimeStamp <</URL (http://localhost) /Ff 1>>");
    let request = party.unseen().field(FieldChoice::Named("Empty"));
    let prepared = Pdf::open(file.as_slice()).unwrap().prepare(&request).unwrap();
    let signature = party.key.sign(prepared.to_be_signed());
    assert_eq!(prepared.complete(&signature).unwrap_err().code(), "pdf.seed-value");
}

#[test]
fn the_lock_of_a_field_locks() {
    let party = Party::new("Test", 1);
    let lock = "/Lock <</Type /SigFieldLock /Action /Include /Fields [(Other)]>>";
    let other = EMPTY.replace("(Empty)", "(Other)");
    let file = with_fields(Xref::Table, &[&EMPTY.replace("/MK <<>>", lock), &other]);
    let once = sealed(&party, &file, &party.unseen().field(FieldChoice::Named("Empty")));
    let text = String::from_utf8_lossy(&once[file.len()..]).into_owned();
    assert!(text.contains("/V /1.2 /Action /Include /Fields [<4f74686572>]>>"), "{text}");
    assert_eq!(refused(&once, &party.unseen().field(FieldChoice::Named("Other"))), "pdf.field-locked");
    assert!(Pdf::open(once.as_slice()).unwrap().prepare(&party.unseen()).is_ok());
    let both = party.unseen().field(FieldChoice::Named("Empty")).lock(eseal_document::pdf::Lock::All);
    assert_eq!(refused(&file, &both), "pdf.seed-value", "the author's lock stands");

    let whole = "/Lock <</Type /SigFieldLock /Action /All /P 1>>";
    let file = with_fields(Xref::Table, &[&EMPTY.replace("/MK <<>>", whole), &other]);
    let once = sealed(&party, &file, &party.unseen().field(FieldChoice::Named("Empty")));
    assert_eq!(refused(&once, &party.unseen()), "pdf.certified-no-changes");
}

/// A form that is used from elsewhere as well: it stays as it is, and a second seal keeps the first.
#[test]
fn a_form_that_is_something_else_too_is_copied_before_it_is_signed() {
    const PLAIN_PAGE: &str = "<</Type /Page /Parent 2 0 R /Contents 4 0 R>>";
    let party = Party::new("Test", 1);
    let page = "<</Type /Page /Parent 2 0 R /Contents 4 0 R /V 6 0 R>>";
    let field = "<</T (Empty) /FT /Sig /Rect [0 0 9 9] /Subtype /Widget /P 3 0 R>>";
    let shared = [
        ("by a page", page, "<</Fields [7 0 R]>>", field),
        ("by itself", PLAIN_PAGE, "<</Fields [7 0 R] /Kids 6 0 R>>", field),
        ("by a field", PLAIN_PAGE, "<</Fields [7 0 R 8 0 R]>>", field),
        ("with nothing to add", PLAIN_PAGE, "<</Fields [7 0 R] /SigFlags 3 /Kids 6 0 R>>", field),
    ];
    for (name, page, form, field) in shared {
        for prepared in [None, Some("Empty")] {
            let file = Builder::simple(Xref::Table)
                .object(1, "<</Type /Catalog /Pages 2 0 R /AcroForm 6 0 R>>")
                .object(3, page)
                .object(6, form)
                .object(7, field)
                .object(8, "<</T (Odd) /FT 6 0 R>>")
                .build();
            let mut request = StampRequest::new(&party.chain, SigningTime { at: NOW, offset_minutes: 0 });
            if let Some(name) = prepared {
                request = request.field(FieldChoice::Named(name));
            }
            let once = sealed(&party, &file, &request);
            let twice = party.seal(&once).unwrap();
            assert!(!String::from_utf8_lossy(&twice[file.len()..]).contains("\n6 0 obj"), "{name}, {prepared:?}");
            let report = party.verify(&twice).unwrap();
            assert_eq!(report.verdict, Verdict::Valid, "{name}, {prepared:?}: {report:#?}");
            assert_eq!(report.signatures[0].changes, Changes::Permitted, "{name}, {prepared:?}");
        }
    }
}

/// Usage rights (ISO 32000-1, 12.8.4) are a signature over the form as it stands.
#[test]
fn a_form_that_somebody_vouches_for_stays_where_it_is() {
    let party = Party::new("Test", 1);
    for (permissions, is_copied) in [("", true), ("/Perms <</UR3 7 0 R>>", false), ("/Perms <<>>", true)] {
        let file = Builder::simple(Xref::Table)
            .object(1, &format!("<</Type /Catalog /Pages 2 0 R /AcroForm 6 0 R {permissions}>>"))
            .object(6, "<</Fields []>>")
            .object(7, "<</Type /Sig>>")
            .build();
        let sealed = party.seal(&file).unwrap();
        let writes_form = String::from_utf8_lossy(&sealed[file.len()..]).contains("\n6 0 obj");
        assert_eq!(writes_form, !is_copied, "{permissions}");
        assert_eq!(party.verify(&sealed).unwrap().verdict, Verdict::Valid);
    }
}

/// What a seal changes there would be a change of a field for whoever judges it later.
#[test]
fn a_catalog_or_a_marked_page_that_is_listed_as_a_field_is_refused() {
    let party = Party::new("Test", 1);
    for (form, is_refused) in [
        ("<</Fields [1 0 R]>>", true),
        ("<</Fields [3 0 R]>>", true),
        ("<</Fields [4 0 R]>>", false),
        ("3 0 R", true),
        ("2 0 R", true),
        ("1 0 R", true),
        ("<</Fields [6 0 R]>>", false),
    ] {
        let file = Builder::simple(Xref::Table)
            .object(1, &format!("<</Type /Catalog /Pages 2 0 R /AcroForm {form}>>"))
            .object(6, "<</FT /Sig /T (Odd) /Kids [2 0 R]>>")
            .build();
        let once = party.seal(&file);
        assert_eq!(once.as_ref().err().map(PdfError::code), is_refused.then_some("pdf.damaged-object"), "{form}");
        let Ok(once) = once else { continue };
        let report = party.verify(&party.seal(&once).unwrap()).unwrap();
        assert_eq!((report.verdict, report.signatures.len()), (Verdict::Valid, 2), "{form}: {report:#?}");
    }
}
