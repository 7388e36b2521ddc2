//! Changes of the logical structure (ISO 32000-2, 14.7) behind a signature.

use eseal_document::pdf::{Certification, Pdf};
use eseal_document::report::{Changes, Verdict};

use crate::builder::{Builder, Xref, append};
use crate::changes::{assert_forbidden, first};
use crate::party::{Party, somewhere};

/// A page, without what ends it.
const UNMARKED: &str = "<</Type /Page /Parent 2 0 R /Contents 4 0 R /Resources <</Font <</F 5 0 R>>>>";

#[test]
fn the_structure_may_be_written_anew_and_not_changed() {
    let party = Party::new("Test", 1);
    let file = Builder::simple(Xref::Table)
        .object(1, "<</Type /Catalog /Pages 2 0 R /StructTreeRoot 6 0 R>>")
        .object(6, "<</Type /StructTreeRoot /K [7 0 R] /ParentTree 8 0 R>>")
        .object(7, "<</Type /StructElem /S /P /P 6 0 R /Pg 3 0 R /K 0>>")
        .object(8, "<</Nums [0 9 0 R 1 7 0 R]>>")
        .object(9, "[7 0 R]")
        .build();
    let sealed = party.seal(&file).unwrap();
    let judged = |numbers: &str, array: &str| first(&party, &append(&sealed, &[(8, numbers), (50, array)], ""));
    let anew = judged("<</Nums [0 50 0 R 1 7 0 R]>>", "[7 0 R]");
    assert_eq!((anew.changes, anew.verdict), (Changes::Permitted, Verdict::Valid), "{anew:#?}");
    let wrong = "the structure's numbers changed";
    assert_forbidden("another element", &judged("<</Nums [0 50 0 R 1 7 0 R]>>", "[6 0 R]"), wrong);
    assert_forbidden("a number gone", &judged("<</Nums [0 50 0 R]>>", "[7 0 R]"), wrong);
    assert_forbidden("a number twice", &judged("<</Nums [0 50 0 R 0 6 0 R 1 7 0 R]>>", "[7 0 R]"), wrong);
    assert_forbidden("numbers exchanged", &judged("<</Nums [1 50 0 R 0 7 0 R]>>", "[7 0 R]"), wrong);
}

/// As tools for tagged documents (PDF/UA) do it.
#[test]
fn annotations_come_and_go_with_their_tags() {
    let party = Party::new("Test", 1);
    let file = Builder::simple(Xref::Table)
        .object(1, "<</Type /Catalog /Pages 2 0 R /StructTreeRoot 6 0 R>>")
        .object(3, &format!("{UNMARKED} /Annots [10 0 R 11 0 R]>>"))
        .object(6, "<</Type /StructTreeRoot /K [7 0 R] /ParentTree 9 0 R /ParentTreeNextKey 2>>")
        .object(7, "<</Type /StructElem /S /Document /P 6 0 R /K [8 0 R <</Type /OBJR /Obj 11 0 R>>]>>")
        .object(8, "<</Type /StructElem /S /Annot /P 7 0 R /Pg 3 0 R /K <</Type /OBJR /Obj 10 0 R>>>>")
        .object(9, "<</Nums [0 8 0 R 1 7 0 R]>>")
        .object(10, "<</Type /Annot /Subtype /Text /Rect [9 9 20 20] /StructParent 0>>")
        .object(11, "<</Type /Annot /Subtype /Circle /Rect [9 40 20 60] /StructParent 1>>")
        .build();
    let sealed = |certification| {
        let request = party.request(somewhere()).certify(certification);
        party.finish(Pdf::open(file.as_slice()).unwrap().prepare(&request).unwrap()).unwrap()
    };
    let certified = sealed(Certification::FillInAndAnnotate);
    let seal = {
        let text = String::from_utf8_lossy(&certified).into_owned();
        let list = text.rfind("/Annots [10 0 R 11 0 R ").unwrap() + 23;
        text[list..].split(']').next().unwrap().to_owned()
    };
    let page = |annotations: &str, more: &str| format!("{UNMARKED} /Annots [{annotations} {seal}] {more}>>");
    let document = |kids: &str| format!("<</Type /StructElem /S /Document /P 6 0 R /K [{kids}]>>");
    let judged = |objects: &[(u32, String)]| {
        let objects: Vec<_> = objects.iter().map(|(number, text)| (*number, text.as_str())).collect();
        first(&party, &append(&certified, &objects, ""))
    };
    let note = "<</Type /Annot /Subtype /Text /Rect [9 80 20 99] /StructParent 2>>".to_owned();
    let old = "8 0 R <</Type /OBJR /Obj 11 0 R>>";
    let came = |kids: &str, numbers: &str| {
        let kids = document(&format!("{old} {kids}"));
        let numbers = format!("<</Nums [0 8 0 R 1 7 0 R {numbers}]>>");
        judged(&[(3, page("10 0 R 11 0 R 50 0 R", "/StructParents 3")), (50, note.clone()), (7, kids), (9, numbers)])
    };
    let went = |page: String, kids: &str, numbers: &str| {
        judged(&[(3, page), (7, document(kids)), (9, format!("<</Nums [{numbers}]>>"))])
    };
    for (what, signature) in [
        ("in an element that was there", came("<</Type /OBJR /Obj 50 0 R /Pg 3 0 R>>", "2 7 0 R")),
        ("in an element of its own", came("<</S /Annot /P 7 0 R /K [<</Type /OBJR /Obj 50 0 R>>]>>", "2 7 0 R")),
        ("went with its reference", went(page("10 0 R", ""), "8 0 R", "0 8 0 R")),
        ("went with its element", went(page("11 0 R", ""), "<</Type /OBJR /Obj 11 0 R>>", "1 7 0 R")),
        ("both went", went(page("", ""), "", "")),
    ] {
        assert_eq!(
            (signature.changes, signature.verdict),
            (Changes::Permitted, Verdict::Valid),
            "{what}: {signature:#?}"
        );
    }
    let structure = "object 7: the structure changed";
    for (what, signature, why) in [
        ("text too", came("<</S /Annot /P 7 0 R /K [<</Type /OBJR /Obj 50 0 R>> 0]>>", ""), "not for a new annotation"),
        ("a paragraph", came("<</S /P /P 7 0 R /K <</Type /OBJR /Obj 50 0 R>>>>", ""), "not for a new annotation"),
        ("one that was there", came("<</Type /OBJR /Obj 10 0 R>>", ""), "not for a new annotation"),
        ("stays on its page", went(page("10 0 R 11 0 R", ""), "8 0 R", "0 8 0 R 1 7 0 R"), structure),
        ("the wrong one", went(page("11 0 R", ""), "8 0 R", "0 8 0 R 1 7 0 R"), structure),
        ("another's number", went(page("10 0 R", ""), "8 0 R", "1 7 0 R"), "the structure's numbers changed"),
        ("first was another", went(page("10 0 R", ""), "<</Type /OBJR /Obj 50 0 R>> 8 0 R", "0 8 0 R"), structure),
    ] {
        assert_forbidden(what, &signature, why);
    }
    // Who may only fill in may not, tags or none.
    let filled = sealed(Certification::FillIn);
    let changed = page("10 0 R", "");
    let signature = first(&party, &append(&filled, &[(3, &changed), (7, &document("8 0 R"))], ""));
    assert_eq!(signature.changes, Changes::Forbidden, "{signature:#?}");
}
