//! Incremental saving: something is put behind the signed bytes.

use super::signature;
use crate::file::{CONTENT, PAGE, append, append_with, base, current, startxref, stream};
use crate::{Variant, variant};

const CLASS: &str = "ISA";

fn forged() -> String {
    stream("", "BT /F 12 Tf 100 660 Td (The sum is 9000 yuan) Tj ET")
}

fn object(number: u32, text: &str) -> String {
    format!("{number} 0 obj\n{text}\nendobj\n")
}

pub(super) fn all(file: &[u8]) -> Vec<Variant> {
    let body = object(CONTENT, &forged());
    let with = |tail: &str| [file, body.as_bytes(), tail.as_bytes()].concat();
    let (start, previous) = (file.len() + body.len(), startxref(file));
    let table = format!("xref\n{CONTENT} 1\n{:010} 00000 n \n", file.len());
    let trailer = format!("trailer\n<</Size 900 /Root 1 0 R /Prev {previous}>>\n");
    let end = format!("startxref\n{start}\n%%EOF\n");
    let (number, dictionary, _) = signature(file);
    let copy = object(number, &dictionary);
    let page = current(file, PAGE);
    let mut all = vec![
        variant(CLASS, "A: a whole revision", append(file, &[(CONTENT, forged())])),
        variant(CLASS, "B: only objects", with("")),
        variant(CLASS, "C: objects and trailer", with(&trailer)),
        variant(
            CLASS,
            "D: objects, trailer and startxref to the old table",
            with(&format!("{trailer}startxref\n{previous}\n%%EOF\n")),
        ),
        variant(CLASS, "E: objects and table, no trailer", with(&format!("{table}{end}"))),
        variant(CLASS, "F: a copy of the signature", [file, body.as_bytes(), copy.as_bytes()].concat()),
        variant(CLASS, "G: a table without startxref", with(&format!("{table}{trailer}"))),
        variant(CLASS, "H: another whole document", [file, &base()].concat()),
        variant(CLASS, "I: startxref that leads nowhere", with(&format!("{table}{trailer}startxref\n1\n%%EOF\n"))),
        variant(CLASS, "an object of another generation", {
            let other = format!("{CONTENT} 1 obj\n{}\nendobj\n", forged());
            let rows = [format!("{CONTENT} 1\n{:010} 00001 n \n", file.len())];
            let whole = [file, other.as_bytes()].concat();
            append_with(&whole, &[(PAGE, page.replace("4 0 R", "4 1 R"))], &rows, previous, "")
        }),
        variant(
            CLASS,
            "a page more",
            append(
                file,
                &[
                    (2, "<</Type /Pages /Kids [3 0 R 500 0 R] /Count 2 /MediaBox [0 0 595 842]>>".to_owned()),
                    (500, "<</Type /Page /Parent 2 0 R /Contents 501 0 R>>".to_owned()),
                    (501, forged()),
                ],
            ),
        ),
        variant(
            CLASS,
            "another page",
            append(file, &[(PAGE, page.replacen("/Contents 4 0 R", "/Contents 501 0 R", 1)), (501, forged())]),
        ),
        variant(
            CLASS,
            "content added",
            append(file, &[(PAGE, page.replacen("/Contents 4 0 R", "/Contents [4 0 R 501 0 R]", 1)), (501, forged())]),
        ),
        variant(
            CLASS,
            "another size of the page",
            append(file, &[(PAGE, page.replacen("/Contents", "/CropBox [0 0 595 600] /Contents", 1))]),
        ),
        variant(
            CLASS,
            "another rotation of the page",
            append(file, &[(PAGE, page.replacen("/Contents", "/Rotate 180 /Contents", 1))]),
        ),
        variant(CLASS, "a script at opening", {
            let catalog = current(file, 1);
            append(file, &[(1, catalog.replacen("<<", "<</OpenAction <</S /JavaScript /JS (x)>> ", 1))])
        }),
    ];
    for (name, tail) in [
        ("bytes", "x"),
        ("a comment", "\n% 9000"),
        ("an end mark", "\n%%EOF\n"),
        ("a dictionary", "<</Type /Page>>"),
        ("another startxref", "\nstartxref\n9\n%%EOF\n"),
    ] {
        all.push(variant("trailing", format!("{name} behind the end"), [file, tail.as_bytes()].concat()));
    }
    all
}
