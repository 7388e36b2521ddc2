//! Evil annotations and sneaky signatures: what a certification allows, put over the content.

use crate::file::{ANNOTATIONS, FORM, NOTE, append, current, listed, stream};
use crate::{Variant, variant};

const OVER: &str = "[95 650 300 680]";

pub(super) fn all(file: &[u8], level: Option<i64>) -> Vec<Variant> {
    let list = listed(&current(file, ANNOTATIONS), "[", 500);
    let plate = stream(
        "/Type /XObject /Subtype /Form /BBox [0 0 205 30] /Resources <</Font <</F 5 0 R>>>>",
        "1 g 0 0 205 30 re f 0 g BT /F 12 Tf 5 10 Td (The sum is 9000 yuan) Tj ET",
    );
    let drawn = |kind: &str| {
        format!("<</Type /Annot /Subtype /{kind} /Rect {OVER} /Contents (9000) /P 3 0 R /F 4 /AP <</N 501 0 R>>>>")
    };
    let mut all = Vec::new();
    for kind in ["FreeText", "Stamp", "Redact", "Square"] {
        let bytes = append(file, &[(ANNOTATIONS, list.clone()), (500, drawn(kind)), (501, plate.clone())]);
        all.push(variant("EAA", format!("{kind} over the content"), bytes));
    }
    let filled = format!(
        "<</Type /Annot /Subtype /FreeText /Rect {OVER} /C [1 1 1] /DA (/F 12 Tf 0 g) /Contents (9000) /P 3 0 R>>"
    );
    all.push(variant(
        "EAA",
        "FreeText that the reader fills",
        append(file, &[(ANNOTATIONS, list.clone()), (500, filled)]),
    ));
    // Only where annotations are allowed may a note be changed or taken away.
    if level != Some(3) {
        let moved = current(file, NOTE).replace("[500 700 520 720]", "[100 650 120 670]");
        all.push(variant("EAA not allowed", "a note moved", append(file, &[(NOTE, moved)])));
        let gone = current(file, ANNOTATIONS).replace(&format!("{NOTE} 0 R"), "");
        all.push(variant("EAA not allowed", "a note removed", append(file, &[(ANNOTATIONS, gone)])));
    }
    let active = format!("<</Type /Annot /Subtype /Link /Rect {OVER} /A <</S /Launch /F (x)>> /P 3 0 R>>");
    all.push(variant(
        "EAA not allowed",
        "a link that starts a program",
        append(file, &[(ANNOTATIONS, list.clone()), (500, active)]),
    ));
    all.extend(fields(file, level, &list, &plate));
    all
}

fn fields(file: &[u8], level: Option<i64>, list: &str, plate: &str) -> Vec<Variant> {
    let form = listed(&current(file, FORM), "/Fields", 500);
    let field = |more: &str| {
        format!("<</Type /Annot /Subtype /Widget /FT /Sig /T (Sneaky) /P 3 0 R /Rect {OVER} /F 4 {more}>>")
    };
    let value =
        "<</Type /Sig /Filter /Adobe.PPKLite /SubFilter /ETSI.CAdES.detached /ByteRange [0 1 2 3] /Contents <00>>>"
            .to_owned();
    let with = |field: String, more: &[(u32, String)]| {
        let mut objects =
            vec![(FORM, form.clone()), (ANNOTATIONS, list.to_owned()), (500, field), (501, plate.to_owned())];
        objects.extend_from_slice(more);
        append(file, &objects)
    };
    let text = field("/V (9000) /AP <</N 501 0 R>>").replace("/Sig ", "/Tx ");
    let mut all = vec![
        variant("SSA", "an unsigned field that shows something", with(field("/AP <</N 501 0 R>>"), &[])),
        variant(
            "SSA",
            "a field with a signature that is none",
            with(field("/V 502 0 R /AP <</N 501 0 R>>"), &[(502, value)]),
        ),
        variant("SSA", "a new text field over the content", with(text, &[])),
    ];
    if level.is_some() {
        all.push(variant(
            "SSA",
            "an empty field that is seen",
            append(file, &[(FORM, form.clone()), (ANNOTATIONS, list.to_owned()), (500, field(""))]),
        ));
    }
    all
}
