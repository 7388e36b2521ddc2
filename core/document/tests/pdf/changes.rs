//! What is done to a file after it was sealed, honestly and otherwise.

use eseal_document::pdf::{Certification, FieldChoice, Pdf};
use eseal_document::report::{Changes, Check, CheckVerdict, Coverage, Integrity, SignatureReport, Verdict};

use crate::builder::{Builder, KINDS, Xref, append, last_startxref, rfind};
use crate::party::{Party, somewhere};

/// A file with an annotation list of its own, an empty signature field, a reference to nothing, and usage rights: form and
/// list are edited where they are, not copied.
fn original(kind: Xref) -> Vec<u8> {
    Builder::simple(kind)
        .object(1, "<</Type /Catalog /Pages 2 0 R /AcroForm 6 0 R /Open 90 0 R /Perms <</UR3 <<>>>>>>")
        .object(3, "<</Type /Page /Parent 2 0 R /Contents 4 0 R /Resources <</Font <</F 5 0 R>>>> /Annots 8 0 R>>")
        .object(6, "<</Fields [7 0 R] /SigFlags 3>>")
        .object(7, "<</Type /Annot /Subtype /Widget /FT /Sig /T (Empty) /P 3 0 R /Rect [0 0 0 0] /F 132>>")
        .object(8, "[7 0 R]")
        .build()
}

const PAGE: &str = "<</Type /Page /Parent 2 0 R /Contents 4 0 R /Resources <</Font <</F 5 0 R>>>> /Annots 8 0 R";

pub(crate) fn first(party: &Party, file: &[u8]) -> SignatureReport {
    party.verify(file).unwrap().signatures.into_iter().find(|one| one.field == "ESeal1").unwrap()
}

/// What our verification says of the seal on `original` after `change` was appended to it.
fn after(change: impl Fn(&[u8]) -> Vec<u8>) -> SignatureReport {
    let party = Party::new("Test", 1);
    let sealed = party.seal(&original(Xref::Table)).unwrap();
    assert_eq!(first(&party, &sealed).verdict, Verdict::Valid);
    first(&party, &change(&sealed))
}

fn why(signature: &SignatureReport) -> &str {
    &signature.checks.iter().find(|check| check.code == "pdf.changes").unwrap().detail
}

pub(crate) fn assert_forbidden(name: &str, signature: &SignatureReport, expected: &str) {
    assert_eq!(signature.changes, Changes::Forbidden, "{name}: {signature:#?}");
    assert_eq!(signature.verdict, Verdict::Invalid, "{name}");
    assert_eq!(signature.coverage, Coverage::Revision, "{name}: {signature:#?}");
    assert_eq!(signature.integrity, Integrity::Intact, "{name}: the covered bytes are as they were");
    assert!(why(signature).contains(expected), "{name}: {}", why(signature));
}

/// Objects appended as a table, on a file that has a table.
fn forbidden(name: &str, objects: &[(u32, &str)], expected: &str) {
    assert_forbidden(name, &after(|file| append(file, objects, "")), expected);
}

const NEW_FIELD: &str = "<</Type /Annot /Subtype /Widget /FT /Sig /T (New) /P 3 0 R /Rect [9 9 99 99]>>";

#[test]
fn what_a_signature_revision_may_do_is_permitted() {
    let form = "<</Fields [7 0 R 12 0 R 50 0 R] /SigFlags 3>>";
    let sealed_form = |file: &[u8]| {
        // The seal's own widget took the number after those of the file.
        let widget = String::from_utf8_lossy(file).into_owned();
        let at = widget.rfind("/Fields [7 0 R ").unwrap();
        let own = widget[at + 15..].split(' ').next().unwrap().to_owned();
        form.replace("11", &own)
    };
    let signature = after(|file| {
        let own = sealed_form(file);
        let number: String = own.split(' ').nth(4).unwrap().to_owned();
        let list = format!("[7 0 R {number} 0 R 50 0 R]");
        append(file, &[(6, own.as_str()), (8, list.as_str()), (50, NEW_FIELD)], "")
    });
    assert_eq!((signature.changes, signature.verdict), (Changes::Permitted, Verdict::Valid), "{signature:#?}");
    assert!(why(&signature).contains("new signature field New"), "{}", why(&signature));

    let filled = "<</Type /Annot /Subtype /Widget /FT /Sig /T (Empty) /P 3 0 R /Rect [0 0 0 0] /F 132 /V 50 0 R>>";
    let value = "<</Type /Sig /ByteRange [0 1 2 3] /Contents <00>>>";
    let signature = after(|file| append(file, &[(7, filled), (50, value)], ""));
    assert_eq!((signature.changes, signature.verdict), (Changes::Permitted, Verdict::Valid), "{signature:#?}");

    let signature = after(|file| append(file, &[(3, &format!("{PAGE} % the same\n>>")), (8, "null")], ""));
    assert_forbidden("the annotations became null", &signature, "was removed");
    let signature = after(|file| append(file, &[(3, &format!("{PAGE} % the same\n>>"))], ""));
    assert_eq!(signature.changes, Changes::Permitted, "the same object again: {signature:#?}");
}

type Change = dyn Fn(&[u8]) -> Vec<u8>;

/// Tools of later signers write what was there anew, each in its way.
#[test]
fn what_says_nothing_new_is_permitted() {
    let pages = "<</Count 1.0 /Kids [3 0 R]/Type/Pages /MediaBox [0.0 .0 +595.3039370078740 0841.889763779528]>>";
    let with_look = "<</Fields [7 0 R 12 0 R] /SigFlags 3 /DA (/Helv 0 Tf 0 g)>>";
    let private = "/AdditionalStreams [/application#2Fvnd.oasis.opendocument.text 50 0 R]";
    let permitted: [(&str, &Change); 5] = [
        ("numbers spelt otherwise, in another order", &|file| append(file, &[(2, pages)], "")),
        ("a default appearance where there was none", &|file| append(file, &[(6, with_look)], "")),
        ("a private entry that refers to nothing", &|file| append(file, &[], private)),
        ("a signature in a place that was nothing", &|file| {
            let value = "<</Type /Sig /ByteRange [0 1 2 3] /Contents <00>>>";
            let field = NEW_FIELD.replace(">>", "/V 50 0 R>>");
            let form = "<</Fields [7 0 R 12 0 R 51 0 R] /SigFlags 3>>";
            append(
                &append(file, &[], private),
                &[(50, value), (51, &field), (6, form), (8, "[7 0 R 12 0 R 51 0 R]")],
                private,
            )
        }),
        ("offsets of the line in front", &|file| {
            let changed = append(&[file, b"\n"].concat(), &[(2, pages)], "");
            let (from, to) = (format!("{:010} 00000 n", file.len() + 1), format!("{:010} 00000 n", file.len()));
            let at = rfind(&changed, &from);
            [&changed[..at], to.as_bytes(), &changed[at + to.len()..]].concat()
        }),
    ];
    for (name, change) in permitted {
        let signature = after(change);
        assert_eq!(signature.changes, Changes::Permitted, "{name}: {signature:#?}");
    }
    let more = pages.replace("841.889763779528", "841.8897637795281");
    forbidden("another number", &[(2, &more)], "object 2 (Pages) changed");
    let forbid = |name: &str, change: &Change, why: &str| assert_forbidden(name, &after(change), why);
    forbid(
        "a private entry that refers to something",
        &|file| append(file, &[(50, "(x)")], private),
        "/AdditionalStreams",
    );
    let other_look = "<</Fields [7 0 R 12 0 R] /SigFlags 3 /DA (/Zapf 0 Tf 0 g)>>";
    forbid(
        "another default appearance",
        &|file| append(&append(file, &[(6, with_look)], ""), &[(6, other_look)], ""),
        "the form's /DA changed",
    );
}

/// Signers' tools leave behind what they did not need after all. What comes to be used is judged where it is.
#[test]
fn what_nothing_uses_may_come_and_does_not_become_harmless_by_it() {
    let widget = "<</Subtype /Widget /Rect [0 0 0 0] /AP <</N 51 0 R>>>>";
    let look = "<</Subtype /Form /BBox [0 0 9 9] /Length 0>>\nstream\n\nendstream";
    let signature = after(|file| append(file, &[(50, widget), (51, look), (52, "<</Type /Font>>")], ""));
    assert_eq!((signature.changes, signature.verdict), (Changes::Permitted, Verdict::Valid), "{signature:#?}");
    assert!(why(&signature).contains("object 52 (Font) was added, and nothing uses it"), "{}", why(&signature));

    let circle = [(50, "<</Next 51 0 R>>"), (51, "<</Back 50 0 R /Next 52 0 R>>"), (52, "<<>>")];
    assert_eq!(after(|file| append(file, &circle, "")).changes, Changes::Permitted);
    forbidden("used by a page", &[(50, "<</Type /Page /A 51 0 R>>"), (51, "<<>>")], "object 51 (dictionary) was added");
    for looked_for in [
        "<</Type /Page /Parent 2 0 R>>",
        "<</Type /Catalog /Pages 2 0 R>>",
        "<</FT /Tx /T (x)>>",
        "<</JS (x)>>",
        "<</Type /Sig /ByteRange [0 1 2 3] /Contents <00>>>",
    ] {
        forbidden(looked_for, &[(50, looked_for)], "object 50");
    }
    forbidden("used by the trailer", &[(90, "<</A 50 0 R>>"), (50, "<</Type /Font>>")], "object 50 (Font) was added");
    let text = "<</Type /Annot /Subtype /FreeText /Rect [9 9 99 99] /Contents (10 000)>>";
    let twice = |more: &[(u32, &str)]| after(|file| append(&append(file, &[(50, text), (51, look)], ""), more, ""));
    assert_forbidden("listed later", &twice(&[(8, "[7 0 R 12 0 R 50 0 R]")]), "became an annotation");
    let stream = "<</A 51 0 R /Length 3>>\nstream\nq Q\nendstream";
    assert_forbidden("used later", &twice(&[(4, stream)]), "object 4 (stream) was replaced");
}

#[test]
fn content_that_changes_is_named() {
    let stream = "<<  /Length 3>>\nstream\nq Q\nendstream";
    forbidden("another content stream", &[(4, stream)], "object 4 (stream) was replaced");
    forbidden(
        "another font",
        &[(5, "<</Type /Font /Subtype /Type1 /BaseFont /Courier>>")],
        "object 5 (Font Type1) changed",
    );
    forbidden("another page box", &[(3, &format!("{PAGE} /MediaBox [0 0 9 9]>>"))], "the page's /MediaBox changed");
    forbidden("another content", &[(3, &PAGE.replace("4 0 R", "5 0 R").replace(" /Annots", ">> %"))], "object 3");
    let pages = "<</Type /Pages /Kids [3 0 R 3 0 R] /Count 2 /MediaBox [0 0 595.303937007874 841.889763779528]>>";
    forbidden("another page", &[(2, pages)], "object 2 (Pages) changed");
    forbidden(
        "an action at opening",
        &[(
            1,
            "<</Type /Catalog /Pages 2 0 R /AcroForm 6 0 R /Extensions <</ESIC <</BaseVersion /1.7 /ExtensionLevel 1>>>> \
             /OpenAction 50 0 R>>",
        )],
        "the catalog's /Open",
    );
    forbidden("a removed object", &[(5, "null")], "object 5 (Font Type1) was removed");
}

#[test]
fn annotations_and_fields_that_are_no_signatures_are_named() {
    let text = "<</Type /Annot /Subtype /FreeText /Rect [9 9 99 99] /Contents (10 000)>>";
    forbidden("a film", &[(8, "[7 0 R 12 0 R 50 0 R]"), (50, &text.replace("FreeText", "Screen"))], "no remark");
    forbidden(
        "an action",
        &[(8, "[7 0 R 12 0 R 50 0 R]"), (50, &text.replace("/Rect", "/AA <<>> /Rect"))],
        "an action",
    );
    forbidden("a removed annotation", &[(8, "[]")], "taken off the page");
    forbidden(
        "a text field",
        &[(6, "<</Fields [7 0 R 12 0 R 50 0 R] /SigFlags 3>>"), (50, "<</FT /Tx /T (x)>>")],
        "field",
    );
    let page = format!("{PAGE}>>");
    forbidden("a gap", &[(3, page.as_str()), (90, "<</S /JavaScript>>")], "object 90 (dictionary) was added");
}

#[test]
fn a_seal_whose_field_was_removed_is_listed_and_fails() {
    let party = Party::new("Test", 1);
    let once = party.seal(&original(Xref::Table)).unwrap();
    for (number, object) in [(6, "<</Fields [7 0 R] /SigFlags 3>>"), (1, "<</Type /Catalog /Pages 2 0 R>>")] {
        let report = party.verify(&append(&once, &[(number, object)], "")).unwrap();
        assert_eq!((report.verdict, report.signatures.len()), (Verdict::Invalid, 1), "{report:#?}");
        let removed = |one: &Check| one.code == "pdf.signature-removed" && one.verdict == CheckVerdict::Fail;
        assert!(report.signatures[0].checks.iter().any(removed), "{report:#?}");
        assert_eq!(report.signatures[0].integrity, Integrity::Intact);
    }
    // One of two seals removed: it is listed, and the other tells too.
    let twice = party.seal(&once).unwrap();
    let text = String::from_utf8_lossy(&twice).into_owned();
    let at = text.rfind("/Fields [7 0 R ").unwrap();
    let own = text[at + 15..].split(' ').next().unwrap().to_owned();
    let form = format!("<</Fields [7 0 R {own} 0 R] /SigFlags 3>>");
    let report = party.verify(&append(&twice, &[(6, form.as_str())], "")).unwrap();
    assert_eq!((report.verdict, report.signatures.len()), (Verdict::Invalid, 2), "{report:#?}");
    assert!(report.signatures.iter().all(|one| one.verdict == Verdict::Invalid), "{report:#?}");
}

#[test]
fn a_new_field_must_be_a_plain_and_new_signature_field() {
    let with = |field: &str, more: &[(u32, &str)]| {
        after(|file| {
            let text = String::from_utf8_lossy(file).into_owned();
            let at = text.rfind("/Fields [7 0 R ").unwrap();
            let own = text[at + 15..].split(' ').next().unwrap().to_owned();
            let form = format!("<</Fields [7 0 R {own} 0 R 50 0 R] /SigFlags 3>>");
            let field = field.replace("OWN", &own).replace("VALUE", &(own.parse::<u32>().unwrap() - 2).to_string());
            let mut objects = vec![(6, form.as_str()), (50, field.as_str())];
            objects.extend_from_slice(more);
            append(file, &objects, "")
        })
    };
    assert_eq!(with(NEW_FIELD, &[]).changes, Changes::Permitted);
    let cases = [
        (NEW_FIELD.replace("/Sig", "/Tx"), "not for a signature"),
        (NEW_FIELD.replace("/Widget", "/FreeText"), "another kind of annotation"),
        (NEW_FIELD.replace("(New)", "(ESeal1)"), "a second field named ESeal1"),
        (NEW_FIELD.replace("/T (New)", ""), "without a name"),
        (NEW_FIELD.replace(">>", "/AA <</E <</S /JavaScript>>>>>>"), "/AA"),
        (NEW_FIELD.replace(">>", "/V VALUE 0 R>>"), "no new signature"),
        (NEW_FIELD.replace(">>", "/V (text)>>"), "no new signature"),
        (NEW_FIELD.replace(">>", "/Kids [7 0 R]>>"), "no new object"),
        (NEW_FIELD.replace(">>", "/AP <</N 4 0 R>>>>"), "is empty and shows something"),
        (NEW_FIELD.replace(">>", "/V <</ByteRange [0 1 2 3]>> /AP 4 0 R>>"), "/AP is no dictionary"),
        (NEW_FIELD.replace(">>", "/Length 3>>\nstream\nq Q\nendstream"), "no dictionary"),
    ];
    for (field, expected) in cases {
        assert_forbidden(&field, &with(&field, &[]), expected);
    }
    let open = "<</Type /Sig /ByteRange [0 1 2 3] /Contents <00> /More 90 0 R>>";
    let field = NEW_FIELD.replace(">>", "/V 51 0 R>>");
    let signature = with(&field, &[(51, open), (90, "<</S /JavaScript>>")]);
    assert_forbidden("filling a gap", &signature, "object 90 fills in what the signed revision left open");
}

/// Document information and metadata, which signing programs bring up to date; `more` goes into the page.
fn informed(kind: Xref, more: &str) -> Vec<u8> {
    Builder::simple(kind)
        .object(1, "<</Type /Catalog /Pages 2 0 R /Metadata 7 0 R>>")
        .object(3, &format!("<</Type /Page /Parent 2 0 R {more}>>"))
        .object(6, "<</Title (T)>>")
        .stream(7, "/Type /Metadata /Subtype /XML", b"<x/>")
        .trailer("/Info 6 0 R")
        .build()
}

const NEW_METADATA: &str = "<</Type /Metadata /Subtype /XML /Length 4>>\nstream\n<y/>\nendstream";

#[test]
fn information_may_be_brought_up_to_date_where_it_is_nothing_else() {
    let party = Party::new("Test", 1);
    let judge = |file: &[u8], objects: &[(u32, &str)]| {
        let sealed = party.seal(file).unwrap();
        first(&party, &append(&sealed, objects, "/Info 6 0 R"))
    };
    let information = (6, "<</Title (T) /ModDate (D:2027)>>");
    for kind in [Xref::Table, Xref::ShortRows] {
        let file = informed(kind, "/Contents 4 0 R");
        let signature = judge(&file, &[information, (7, NEW_METADATA)]);
        assert_eq!((signature.changes, signature.verdict), (Changes::Permitted, Verdict::Valid), "{signature:#?}");
        assert!(why(&signature).contains("metadata") && why(&signature).contains("information"));
        let drawing = NEW_METADATA.replace("/Metadata", "/XObject");
        assert_forbidden("a stream of another type", &judge(&file, &[(7, &drawing)]), "was replaced");
        assert_forbidden("no dictionary", &judge(&file, &[(6, "(x)")]), "object 6 (dictionary) changed");
    }
    let content = informed(Xref::Table, "/Contents 7 0 R");
    assert_forbidden("metadata as content", &judge(&content, &[(7, NEW_METADATA)]), "used from another place");
    let resources = informed(Xref::Table, "/Resources 6 0 R");
    assert_forbidden("information as resources", &judge(&resources, &[information]), "used from another place");
}

#[test]
fn bytes_that_are_no_revision_are_named() {
    let end = |bytes: &'static [u8]| after(move |file| [file, bytes].concat());
    let blank = end(b"\r\n \0\n");
    assert_eq!((blank.changes, blank.coverage, blank.verdict), (Changes::None, Coverage::Revision, Verdict::Valid));
    for bytes in [&b"x"[..], b"\n% comment", b"<</Type /Page>>", b"\n%%EOF\n"] {
        assert_forbidden("trailing bytes", &end(bytes), "bytes that belong to no revision");
    }
    // Between the objects of a proper revision, and unreferenced.
    let signature = after(|file| {
        let stray = [file, b"77 0 obj\n<</Type /Page>>\nendobj\n"].concat();
        append(&stray, &[(3, &format!("{PAGE}>>"))], "")
    });
    assert_forbidden("a stray object", &signature, "bytes that belong to no object");
}

#[test]
fn cross_references_that_do_not_continue_are_named() {
    // A revision that lists what the sealed one listed, and leads around it to the one before.
    let signature = after(|file| {
        let unsigned = last_startxref(&original(Xref::Table));
        let sealed = last_startxref(file);
        let section = String::from_utf8_lossy(&file[sealed..]).into_owned();
        let again = section.replace(&format!("/Prev {unsigned}"), &format!("/Again true /Prev {unsigned}"));
        [file, again.replace(&format!("startxref\n{sealed}"), &format!("startxref\n{}", file.len())).as_bytes()]
            .concat()
    });
    assert_forbidden("around", &signature, "the cross-references do not continue those of the signed revision");

    // A third revision that forgets the second.
    let party = Party::new("Test", 1);
    let once = party.seal(&original(Xref::Table)).unwrap();
    let twice = party.seal(&once).unwrap();
    let thrice = append(&twice, &[(3, &format!("{PAGE}>>"))], "");
    let (second, first_one) = (last_startxref(&twice), last_startxref(&once));
    let text = String::from_utf8_lossy(&thrice[twice.len()..]).into_owned();
    let text = text.replace(&format!("/Prev {second}"), &format!("/Prev {first_one}"));
    let forgetful = [&twice, text.as_bytes()].concat();
    assert_forbidden("forgotten", &first(&party, &forgetful), "bytes that belong to no object of a later revision");
}

#[test]
fn entries_that_lead_back_into_the_signed_bytes_are_named() {
    let signature = after(|file| {
        let offset = file.windows(8).position(|window| window == b"\n5 0 obj").unwrap() + 1;
        let start = file.len();
        let previous = last_startxref(file);
        let tail = format!(
            "xref\n4 1\n{offset:010} 00000 n \ntrailer\n<</Size 100 /Root 1 0 R /Prev {previous}>>\nstartxref\n{start}\n%%EOF\n"
        );
        [file, tail.as_bytes()].concat()
    });
    assert_forbidden("an old object under another number", &signature, "object 4 leads back into the signed bytes");
}

#[test]
fn another_root_or_info_is_named() {
    let file = |trailer: &'static str| after(move |file| append(file, &[(3, &format!("{PAGE}>>"))], trailer));
    assert_forbidden("information", &file("/Info 5 0 R"), "the trailer's /Info changed");
    assert_forbidden("another root", &file("/Root 1 0 R"), "the trailer's /Root changed");
}

#[test]
fn a_byte_range_that_is_a_trick_never_holds() {
    let party = Party::new("Test", 1);
    let sealed = party.seal(&original(Xref::Table)).unwrap();
    let at = rfind(&sealed, "/ByteRange [") + 11;
    let text = std::str::from_utf8(&sealed[at..at + 60]).unwrap();
    let numbers: Vec<u64> = text[1..text.find(']').unwrap()].split(' ').map(|number| number.parse().unwrap()).collect();
    let tricks = [
        format!("[0 {} {} {}]", numbers[1], numbers[2], numbers[3] - 20),
        format!("[0 {} {} {}]", numbers[1] - 1, numbers[2], numbers[3]),
        format!("[0 {} {} {}]", numbers[1], numbers[2] + 1, numbers[3] - 1),
        format!("[0 {} {} {}]", numbers[1] + 10, numbers[2], numbers[3]),
        format!("[1 {} {} {}]", numbers[1], numbers[2], numbers[3]),
        format!("[0 {} 0 {}]", numbers[1], numbers[1]),
        format!("[0 {}]", numbers[1]),
        "[]".to_owned(),
        "null".to_owned(),
        "[0 -1 5 5]".to_owned(),
    ];
    for trick in tricks {
        let mut file = sealed.clone();
        file[at..at + 80].fill(b' ');
        file[at..at + trick.len()].copy_from_slice(trick.as_bytes());
        let signature = first(&party, &file);
        assert_eq!((signature.verdict, signature.integrity), (Verdict::Invalid, Integrity::Broken), "{trick}");
        let failed =
            |code: &str| signature.checks.iter().any(|one| one.code == code && one.verdict == CheckVerdict::Fail);
        assert!(failed("pdf.byte-range") || failed("cms.signature"), "{trick}: {signature:#?}");
    }
}

#[test]
fn a_signature_that_is_nulled_emptied_or_moved_never_holds() {
    let party = Party::new("Test", 1);
    let sealed = party.seal(&original(Xref::Table)).unwrap();
    let text = String::from_utf8_lossy(&sealed).into_owned();
    let at = text.rfind("/Type /Sig /Filter").unwrap();
    let head = text[..at].rfind(" 0 obj").unwrap();
    let number: u32 = text[..head].rsplit('\n').next().unwrap().parse().unwrap();
    let dictionary = text[at - 2..at + text[at..].find(">>\nendobj").unwrap() + 2].to_owned();
    let without = |key: &str| dictionary.replacen(key, "/Nothing", 1);
    let empty = {
        let (start, end) = (dictionary.find("/Contents <").unwrap(), dictionary.find(">\n/M").unwrap());
        format!("{}/Contents <{}", &dictionary[..start], &dictionary[end..])
    };
    for value in [dictionary.clone(), without("/Contents"), without("/ByteRange"), without("/SubFilter"), empty] {
        // USF: the signature dictionary comes anew, in a later revision.
        let changed = append(&sealed, &[(number, value.as_str())], "");
        let report = party.verify(&changed).unwrap();
        assert_ne!(report.verdict, Verdict::Valid, "{value}");
        assert!(report.signatures.iter().all(|one| one.verdict != Verdict::Valid), "{value}");
    }
    // SWA: the signed parts moved apart, something else put between them.
    for at in [rfind(&sealed, "/Contents <"), rfind(&sealed, ">\n/M")] {
        let moved = [&sealed[..at], b"/Type /Sig ", &sealed[at..]].concat();
        let verdict = party.verify(&moved).map_or(Verdict::Invalid, |report| report.verdict);
        assert_ne!(verdict, Verdict::Valid);
    }
}

#[test]
fn the_order_of_annotations_is_for_who_may_change_annotations() {
    let party = Party::new("Test", 1);
    let file = original(Xref::Table);
    let request = party.request(somewhere()).certify(Certification::FillInAndAnnotate);
    let certified = party.finish(Pdf::open(file.as_slice()).unwrap().prepare(&request).unwrap()).unwrap();
    let tabs = format!("{PAGE} /Tabs /W>>");
    let signature = first(&party, &append(&certified, &[(3, &tabs)], ""));
    assert_eq!((signature.changes, signature.verdict), (Changes::Permitted, Verdict::Valid), "{signature:#?}");
    forbidden("an approval", &[(3, &tabs)], "the page's /Tabs changed");
}

#[test]
fn certified_documents_are_left_alone() {
    let party = Party::new("Test", 1);
    let certified = |certification| {
        let file = Builder::simple(Xref::Stream).build();
        party.finish(
            Pdf::open(file.as_slice()).unwrap().prepare(&party.request(somewhere()).certify(certification)).unwrap(),
        )
    };
    for (certification, code) in [
        (Certification::NoChanges, "pdf.certified-no-changes"),
        (Certification::FillIn, "pdf.certified-no-new-field"),
        (Certification::FillInAndAnnotate, "pdf.certified-no-new-field"),
    ] {
        let mut file = certified(certification).unwrap();
        assert_eq!(party.seal(&file).unwrap_err().code(), code);
        // A signature that shows nothing adds nothing to what was certified, if anything may follow at all.
        let unseen = party.seal_unseen(&file);
        if certification == Certification::NoChanges {
            assert_eq!(unseen.unwrap_err().code(), code);
        } else {
            let report = party.verify(&unseen.unwrap()).unwrap();
            assert_eq!((report.verdict, report.signatures.len()), (Verdict::Valid, 2), "{report:#?}");
            assert_eq!(report.signatures[0].changes, Changes::Permitted);
        }
        // What is broken already cannot be kept whole by a refusal.
        let at = rfind(&file, "Contract");
        file[at] ^= 1;
        assert!(party.seal(&file).is_ok());
    }
    let locked = |lock: &str| {
        Builder::simple(Xref::Table)
            .object(1, "<</Type /Catalog /Pages 2 0 R /AcroForm <</Fields [7 0 R]>>>>")
            .object(7, &format!("<</FT /Sig /T (A) /V 8 0 R /Lock {lock}>>"))
            .object(8, "<</Type /Sig /ByteRange [0 1 2 3] /Contents <00>>>")
            .build()
    };
    let outcome = |lock: &str| party.seal(&locked(lock)).map_or_else(|error| error.code(), |_| "sealed");
    assert_eq!(outcome("<</Action /All>>"), "pdf.field-locked");
    assert_eq!(outcome("<</Action /Exclude /Fields [(B)]>>"), "pdf.field-locked");
    assert_eq!(outcome("<</Action /Include /Fields [(B)]>>"), "sealed");
    assert_eq!(outcome("<</Action /Include /Fields [(ESeal1)]>>"), "pdf.field-locked");
    assert_eq!(outcome("<</Action /Include /Fields [(B)] /P 1>>"), "pdf.certified-no-changes");
    let through_reference = Builder::simple(Xref::Table)
        .object(1, "<</Type /Catalog /Pages 2 0 R /AcroForm <</Fields [7 0 R]>>>>")
        .object(7, "<</FT /Sig /T (A) /V 8 0 R>>")
        .object(8, "<</Type /Sig /Reference [<</TransformMethod /FieldMDP /TransformParams <</Action /All>>>>]>>")
        .build();
    assert_eq!(party.seal(&through_reference).unwrap_err().code(), "pdf.field-locked");
}

#[test]
fn every_kind_of_file_keeps_its_seal_under_another_revision_kind() {
    let party = Party::new("Test", 1);
    for kind in KINDS {
        let sealed = party.seal(&original(kind)).unwrap();
        let changed = append(&sealed, &[(4, "<</Length 3>>\nstream\nq Q\nendstream")], "");
        let signature = first(&party, &changed);
        assert_eq!(signature.changes, Changes::Forbidden, "{kind:?}: {signature:#?}");
    }
}

/// What a fuzzer found: a page that does not say that it is one was sealed, and a second seal on it was called a forbidden change.
/// One that nobody signed is told to say so; one that somebody did is believed where the tree leads to it.
#[test]
fn pages_that_do_not_say_so_are_pages() {
    let party = Party::new("Test", 1);
    let page = "/Contents 4 0 R /Resources <</Font <</F 5 0 R>>>>";
    let with = |root: &str| {
        let form = "/AcroForm <</Fields [9 0 R] /SigFlags 1>>";
        Builder::simple(Xref::Table)
            .object(1, &format!("<</Type /Catalog /Pages {root} {form}>>"))
            .object(8, "[]")
            .object(9, "<</Type /Annot /Subtype /Widget /FT /Sig /T (Empty) /P 3 0 R /Rect [0 0 0 0] /F 132>>")
    };
    let fill = |file: &[u8]| {
        let request = party.unseen().field(FieldChoice::Named("Empty"));
        party.finish(Pdf::open(file).unwrap().prepare(&request).unwrap()).unwrap()
    };
    let in_tree = [
        with("2 0 R").object(3, &format!("<</Parent 2 0 R {page}>>")),
        with("2 0 R").object(3, &format!("<</Type 4 /Parent 2 0 R {page}>>")),
        with("2 0 R").object(3, &format!("<</Parent 2 0 R {page} /Annots 8 0 R>>")),
        with("3 0 R").object(3, &format!("<<{page} /MediaBox [0 0 600 800]>>")),
    ];
    let lost = with("2 0 R").object(3, &format!("<<{page}>>")).build();
    let marked = in_tree.iter().map(Builder::build).chain([lost]).map(|file| party.seal(&file).unwrap());
    let filled = in_tree.iter().map(|file| fill(&file.build()));
    for once in marked.chain(filled) {
        let twice = party.seal(&once).unwrap();
        let report = party.verify(&twice).unwrap();
        assert_eq!(report.verdict, Verdict::Valid, "{report:#?}");
        assert_eq!(report.signatures.iter().map(|one| one.changes).min(), Some(Changes::None));
        assert!(report.signatures.iter().all(|one| one.changes != Changes::Forbidden));
        let changed = format!("<</Parent 2 0 R {} /Annots 8 0 R>>", page.replace("/Contents 4 0 R", "/Contents 5 0 R"));
        let report = party.verify(&append(&twice, &[(3, &changed)], "")).unwrap();
        assert!(report.signatures.iter().all(|one| one.changes == Changes::Forbidden), "{report:#?}");
    }
}
