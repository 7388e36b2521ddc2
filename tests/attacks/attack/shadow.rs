//! Shadow attacks: what was prepared before the seal comes to light after it.

use crate::file::{
    CONTENT, FONT, FORM, HIDDEN, OVER, PAGE, TEXT, TEXT_PICTURE, append, append_with, current, picture, rfind,
    startxref, stream, text_field,
};
use crate::{Variant, variant};

const HIDE: &str = "shadow hide";
const REPLACE: &str = "shadow replace";
const BOTH: &str = "shadow hide-and-replace";

pub(super) fn all(file: &[u8]) -> Vec<Variant> {
    let page = current(file, PAGE);
    let previous = startxref(file);
    let hidden_at = rfind(file, &format!("\n{HIDDEN} 0 obj")).unwrap() + 1;
    let font = "<</Type /Font /Subtype /Type1 /BaseFont /Courier>>".to_owned();
    let remapped =
        "<</Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding <</Differences [49 /nine]>>>>".to_owned();
    let shown = |text: &str| picture(&format!("BT /F 10 Tf 2 5 Td ({text}) Tj ET"));
    let over = |value: &str| text_field("Over", "95 655 300 675", value, "/AP <</N 19 0 R>>");
    let plate = picture("1 g 0 0 200 20 re f 0 g BT /F 12 Tf 2 5 Td (The sum is 9000 yuan) Tj ET");
    let form = current(file, FORM);
    vec![
        variant(
            HIDE,
            "the covering content freed",
            append_with(file, &[], &[format!("{CONTENT} 1\n0000000000 00001 f \n")], previous, ""),
        ),
        variant(HIDE, "the covering content null", append(file, &[(CONTENT, "null".to_owned())])),
        variant(
            HIDE,
            "the content taken from the page",
            append(file, &[(PAGE, page.replacen("/Contents 4 0 R", "", 1))]),
        ),
        variant(REPLACE, "another font", append(file, &[(FONT, font)])),
        variant(REPLACE, "another encoding of the font", append(file, &[(FONT, remapped)])),
        variant(
            REPLACE,
            "an opaque field over the content",
            append(file, &[(OVER, over("The sum is 9000 yuan")), (19, plate.clone())]),
        ),
        variant(REPLACE, "only its picture, opaque", append(file, &[(19, plate)])),
        variant(
            REPLACE,
            "a field that shows another text than its value",
            append(
                file,
                &[
                    (TEXT, text_field("Name", "100 500 300 520", "Zhang San", "/AP <</N 12 0 R>>")),
                    (TEXT_PICTURE, shown("Li Si")),
                ],
            ),
        ),
        variant(REPLACE, "a field that shows a text and has no value", append(file, &[(TEXT_PICTURE, shown("Li Si"))])),
        variant(
            REPLACE,
            "appearances made anew by the reader",
            append(file, &[(FORM, form.replacen("<<", "<</NeedAppearances true ", 1))]),
        ),
        variant(
            BOTH,
            "the hidden content in the content's place",
            append_with(file, &[], &[format!("{CONTENT} 1\n{hidden_at:010} 00000 n \n")], previous, ""),
        ),
        variant(
            BOTH,
            "the page led to the hidden content",
            append(file, &[(PAGE, page.replacen("/Contents 4 0 R", "/Contents 17 0 R", 1))]),
        ),
        variant(
            BOTH,
            "another catalog",
            append_with(
                file,
                &[
                    (500, "<</Type /Catalog /Pages 501 0 R>>".to_owned()),
                    (501, "<</Type /Pages /Kids [] /Count 0>>".to_owned()),
                ],
                &[],
                previous,
                "/Root 500 0 R",
            ),
        ),
        variant(
            BOTH,
            "another tree of pages",
            append(
                file,
                &[
                    (1, current(file, 1).replacen("/Pages 2 0 R", "/Pages 500 0 R", 1)),
                    (500, "<</Type /Pages /Kids [501 0 R] /Count 1 /MediaBox [0 0 595 842]>>".to_owned()),
                    (501, "<</Type /Page /Parent 500 0 R /Contents 502 0 R>>".to_owned()),
                    (502, stream("", "q Q")),
                ],
            ),
        ),
    ]
}
