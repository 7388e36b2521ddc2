//! Fields that change, go, or are shown twice; keys that are there twice; tables that lie.

use super::signature;
use crate::file::{
    ANNOTATIONS, CHECK, CHECKED, CONTENT, EMPTY, FORM, OVER, PAGE, TEXT, TEXT_PICTURE, append, append_with, current,
    listed, picture, rfind, startxref, stream, text_field,
};
use crate::{Variant, variant};

const FIELDS: &str = "fields";
const TABLES: &str = "tables";

pub(super) fn all(file: &[u8]) -> Vec<Variant> {
    let mut all = fields(file);
    all.extend(tables(file));
    all
}

fn fields(file: &[u8]) -> Vec<Variant> {
    let text = |rect: &str, more: &str| text_field("Name", rect, "Zhang San", &format!("/AP <</N 12 0 R>> {more}"));
    let shown = (TEXT_PICTURE, picture("BT /F 10 Tf 2 5 Td (Zhang San) Tj ET"));
    let (form, list) = (current(file, FORM), current(file, ANNOTATIONS));
    let (number, _, _) = signature(file);
    // The field of the signature: the last of the form.
    let own: u32 = {
        let fields = &form[form.find("/Fields").unwrap()..];
        let inside = &fields[fields.find('[').unwrap() + 1..fields.find(']').unwrap()];
        inside.split(" 0 R").filter(|part| !part.trim().is_empty()).last().unwrap().trim().parse().unwrap()
    };
    let without = |object: &str, number: u32| object.replacen(&format!("{number} 0 R"), "", 1);
    let field = current(file, own);
    let unsigned = field.replacen(&format!("/V {number} 0 R"), "", 1);
    let shared =
        format!("<</Type /Annot /Subtype /Widget /FT /Sig /T (Copy) /P 3 0 R /Rect [0 0 0 0] /F 4 /V {number} 0 R>>");
    vec![
        variant(FIELDS, "a field moved", append(file, &[(TEXT, text("100 650 300 670", "")), shown.clone()])),
        variant(
            FIELDS,
            "a field renamed",
            append(file, &[(TEXT, text("100 500 300 520", "").replace("(Name)", "(Other)")), shown.clone()]),
        ),
        variant(
            FIELDS,
            "a field with an action",
            append(file, &[(TEXT, text("100 500 300 520", "/AA <</K <</S /JavaScript /JS (x)>>>>")), shown]),
        ),
        variant(
            FIELDS,
            "another picture of a checked box",
            append(file, &[(CHECKED, stream("/Type /XObject /Subtype /Form /BBox [0 0 12 12]", ""))]),
        ),
        variant(
            FIELDS,
            "a state that a box did not have",
            append(file, &[(CHECK, current(file, CHECK).replace("/V /Off /AS /Off", "/V /No /AS /No"))]),
        ),
        variant(FIELDS, "a field taken from the form", append(file, &[(FORM, without(&form, TEXT))])),
        variant(FIELDS, "a field taken from the page", append(file, &[(ANNOTATIONS, without(&list, OVER))])),
        variant(
            FIELDS,
            "an empty signature field that shows something",
            append(
                file,
                &[
                    (EMPTY, current(file, EMPTY).replacen("<<", "<</AP <</N 500 0 R>> ", 1)),
                    (500, picture("1 g 0 0 200 20 re f")),
                ],
            ),
        ),
        variant("removed", "the signature taken from its field", append(file, &[(own, unsigned)])),
        variant("removed", "the field taken from the form", append(file, &[(FORM, without(&form, own))])),
        variant(
            "removed",
            "the form taken from the catalog",
            append(file, &[(1, current(file, 1).replacen("/AcroForm 6 0 R", "", 1))]),
        ),
        variant(
            "removed",
            "the signature's object freed",
            append_with(file, &[], &[format!("{number} 1\n0000000000 00001 f \n")], startxref(file), ""),
        ),
        variant(
            FIELDS,
            "the signature shown a second time",
            append(
                file,
                &[(FORM, listed(&form, "/Fields", 500)), (ANNOTATIONS, listed(&list, "[", 500)), (500, shared)],
            ),
        ),
        variant(FIELDS, "another picture of the seal", {
            let at = field.find("/AP").unwrap();
            let stream_at = field[at..].find(" 0 R").unwrap() + at;
            let digits = field[..stream_at].rfind(|letter: char| !letter.is_ascii_digit()).unwrap() + 1;
            let picture_number: u32 = field[digits..stream_at].parse().unwrap();
            append(file, &[(picture_number, picture("1 g 0 0 200 20 re f"))])
        }),
    ]
}

fn tables(file: &[u8]) -> Vec<Variant> {
    let previous = startxref(file);
    let page = current(file, PAGE);
    let forged = stream("", "BT /F 12 Tf 100 660 Td (The sum is 9000 yuan) Tj ET");
    let first = file.windows(5).position(|window| window == b"%%EOF").unwrap();
    let base_table = startxref(&file[..first]);
    let catalog = current(file, 1);
    let at = rfind(file, &format!("\n{CONTENT} 0 obj")).unwrap() + 1;
    vec![
        variant(
            TABLES,
            "a table that leaves out the signed revision",
            append_with(file, &[(CONTENT, forged.clone())], &[], base_table, ""),
        ),
        variant(TABLES, "a table without those before", {
            let text = String::from_utf8_lossy(&append(file, &[(CONTENT, forged.clone())])[file.len()..])
                .replace("/Prev", "/None");
            [file, text.as_bytes()].concat()
        }),
        variant(
            TABLES,
            "an entry that leads to another object",
            append_with(file, &[], &[format!("5 1\n{at:010} 00000 n \n")], previous, ""),
        ),
        variant(
            TABLES,
            "a catalog with /Pages twice",
            append(
                file,
                &[
                    (1, catalog.replacen("/Pages 2 0 R", "/Pages 2 0 R /Pages 500 0 R", 1)),
                    (500, "<</Type /Pages /Kids [] /Count 0>>".to_owned()),
                ],
            ),
        ),
        variant(
            TABLES,
            "a page with /Contents twice",
            append(
                file,
                &[
                    (PAGE, page.replacen("/Contents 4 0 R", "/Contents 4 0 R /Cont#65nts 500 0 R", 1)),
                    (500, forged.clone()),
                ],
            ),
        ),
        variant(
            TABLES,
            "a page whose content stands behind a comment",
            append(
                file,
                &[
                    (PAGE, page.replacen("/Contents 4 0 R", "% /Contents 4 0 R\n/Contents 500 0 R", 1)),
                    (500, forged.clone()),
                ],
            ),
        ),
        variant(TABLES, "a stray object", {
            let stray = [file, format!("500 0 obj\n{forged}\nendobj\n").as_bytes()].concat();
            append_with(&stray, &[(PAGE, page)], &[], previous, "")
        }),
        variant(TABLES, "a page that nothing leads to", {
            let page = "<</Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 500 0 R>>".to_owned();
            append(file, &[(500, forged), (501, page)])
        }),
        variant(TABLES, "a catalog that nothing leads to", append(file, &[(500, current(file, 1))])),
        variant(TABLES, "a field that nothing leads to", {
            append(file, &[(500, text_field("total", "[60 500 300 520]", "10 000", ""))])
        }),
    ]
}
