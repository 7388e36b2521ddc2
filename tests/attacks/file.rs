//! The PDF that is sealed, and writing revisions behind it by hand.

use std::collections::BTreeMap;
use std::fmt::Write as _;

pub(crate) const PAGE: u32 = 3;
pub(crate) const CONTENT: u32 = 4;
pub(crate) const FONT: u32 = 5;
pub(crate) const FORM: u32 = 6;
pub(crate) const TEXT: u32 = 7;
pub(crate) const CHECK: u32 = 8;
pub(crate) const EMPTY: u32 = 9;
pub(crate) const ANNOTATIONS: u32 = 10;
pub(crate) const NOTE: u32 = 11;
pub(crate) const TEXT_PICTURE: u32 = 12;
pub(crate) const INFORMATION: u32 = 15;
pub(crate) const METADATA: u32 = 16;
/// Content that nothing leads to.
pub(crate) const HIDDEN: u32 = 17;
/// A text field over the contract's sum.
pub(crate) const OVER: u32 = 18;
pub(crate) const CHECKED: u32 = 13;

pub(crate) fn stream(entries: &str, data: &str) -> String {
    format!("<<{entries} /Length {}>>\nstream\n{data}\nendstream", data.len())
}

/// What a field shows, in its own coordinates.
pub(crate) fn picture(data: &str) -> String {
    stream("/Type /XObject /Subtype /Form /BBox [0 0 200 20] /Resources <</Font <</F 5 0 R>>>>", data)
}

pub(crate) fn text_field(name: &str, rect: &str, value: &str, more: &str) -> String {
    format!(
        "<</Type /Annot /Subtype /Widget /FT /Tx /T ({name}) /V ({value}) /DA (/F 10 Tf 0 g) /P 3 0 R /Rect [{rect}] /F 4 {more}>>"
    )
}

fn objects() -> BTreeMap<u32, String> {
    let text = "BT /F 24 Tf 100 700 Td (Contract) Tj ET BT /F 12 Tf 100 660 Td (The sum is 1000 yuan) Tj ET 100 690 200 2 re f";
    let list = [
        // With usage rights, form and list are changed where they are when the file is sealed, not copied.
        (1, "<</Type /Catalog /Pages 2 0 R /AcroForm 6 0 R /Metadata 16 0 R /Perms <</UR3 <<>>>>>>".to_owned()),
        (2, "<</Type /Pages /Kids [3 0 R] /Count 1 /MediaBox [0 0 595 842]>>".to_owned()),
        (PAGE, "<</Type /Page /Parent 2 0 R /Contents 4 0 R /Resources <</Font <</F 5 0 R>>>> /Annots 10 0 R>>".to_owned()),
        (CONTENT, stream("", text)),
        (FONT, "<</Type /Font /Subtype /Type1 /BaseFont /Helvetica>>".to_owned()),
        (FORM, "<</Fields [7 0 R 8 0 R 9 0 R 18 0 R] /DA (/F 0 Tf 0 g) /DR <</Font <</F 5 0 R>>>> >>".to_owned()),
        (TEXT, text_field("Name", "100 500 300 520", "", "/AP <</N 12 0 R>>")),
        (
            CHECK,
            "<</Type /Annot /Subtype /Widget /FT /Btn /T (Agreed) /V /Off /AS /Off /P 3 0 R /Rect [100 470 112 482] /F 4 \
             /AP <</N <</Yes 13 0 R /Off 14 0 R>>>>>>"
                .to_owned(),
        ),
        (EMPTY, "<</Type /Annot /Subtype /Widget /FT /Sig /T (Empty) /P 3 0 R /Rect [100 400 200 450] /F 4>>".to_owned()),
        (ANNOTATIONS, "[7 0 R 8 0 R 9 0 R 11 0 R 18 0 R]".to_owned()),
        (NOTE, "<</Type /Annot /Subtype /Text /Rect [500 700 520 720] /Contents (a note) /P 3 0 R>>".to_owned()),
        (TEXT_PICTURE, picture("")),
        (CHECKED, stream("/Type /XObject /Subtype /Form /BBox [0 0 12 12]", "2 2 m 10 10 l S")),
        (14, stream("/Type /XObject /Subtype /Form /BBox [0 0 12 12]", "")),
        (INFORMATION, "<</Title (Contract)>>".to_owned()),
        (METADATA, stream("/Type /Metadata /Subtype /XML", "<x:xmpmeta xmlns:x=\"adobe:ns:meta/\"><rdf:RDF xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\"/></x:xmpmeta>")),
        (HIDDEN, stream("", "BT /F 12 Tf 100 660 Td (The sum is 9000 yuan) Tj ET")),
        (OVER, text_field("Over", "95 655 300 675", "", "/AP <</N 12 0 R>>").replace("12 0 R", "19 0 R")),
        (19, picture("")),
    ];
    list.into_iter().collect()
}

fn write(objects: &BTreeMap<u32, String>) -> Vec<u8> {
    let mut out = b"%PDF-1.7\n%\xe5\x8d\xb0\xe7\xab\xa0\n".to_vec();
    let mut rows = String::from("0000000000 65535 f \n");
    for (number, object) in objects {
        writeln!(rows, "{:010} 00000 n ", out.len()).unwrap();
        out.extend_from_slice(format!("{number} 0 obj\n{object}\nendobj\n").as_bytes());
    }
    let (start, size) = (out.len(), objects.len() + 1);
    let id = "/ID [<00112233445566778899aabbccddeeff> <00112233445566778899aabbccddeeff>]";
    let tail = format!(
        "xref\n0 {size}\n{rows}trailer\n<</Size {size} /Root 1 0 R /Info 15 0 R {id}>>\nstartxref\n{start}\n%%EOF\n"
    );
    out.extend_from_slice(tail.as_bytes());
    out
}

/// The contract that is sealed: form, note, metadata.
pub(crate) fn base() -> Vec<u8> {
    write(&objects())
}

/// Numbers of a file's objects without gaps.
fn renumbered(mut objects: BTreeMap<u32, String>) -> BTreeMap<u32, String> {
    let last = objects.keys().max().copied().unwrap_or(0);
    for number in 1..=last {
        objects.entry(number).or_insert_with(|| "null".to_owned());
    }
    objects
}

/// A contract with nothing to warn of.
pub(crate) fn plain() -> Vec<u8> {
    let mut objects = objects();
    objects.retain(|number, _| ![HIDDEN, OVER, 19].contains(number));
    for object in objects.values_mut() {
        *object = object.replace(" 18 0 R", "");
    }
    write(&renumbered(objects))
}

/// Files as an attacker prepares them before they are sealed: what to call them, and what the lint has to say.
pub(crate) fn shadows() -> Vec<(&'static str, Vec<u8>, &'static str)> {
    let with = |changes: &[(u32, String)]| {
        let mut objects = objects();
        objects.retain(|number, _| ![HIDDEN, OVER, 19].contains(number));
        for object in objects.values_mut() {
            *object = object.replace(" 18 0 R", "");
        }
        objects.extend(changes.iter().cloned());
        write(&renumbered(objects))
    };
    let page = |more: &str| {
        format!("<</Type /Page /Parent 2 0 R /Contents 4 0 R /Resources <</Font <</F 5 0 R>>>> /Annots 10 0 R {more}>>")
    };
    let cover = "BT /F 12 Tf 100 660 Td (The sum is 9000 yuan) Tj ET 1 g 90 650 300 30 re f 0 g BT /F 12 Tf 100 660 Td (1000) Tj ET";
    let annotation = "<</Type /Annot /Subtype /FreeText /Rect [90 650 400 680] /C [1 1 1] /Contents (1000) /P 3 0 R>>";
    let field = text_field("Over", "95 655 300 675", "x", "/AP <</N 19 0 R>>");
    let opaque = picture("1 g 0 0 200 20 re f 0 g BT /F 12 Tf 2 5 Td (x) Tj ET");
    let over = "[7 0 R 8 0 R 9 0 R 11 0 R 18 0 R]".to_owned();
    let doubled = with(&[]);
    let extra = b"4 0 obj\n<</Length 3>>\nstream\nq Q\nendstream\nendobj\n";
    let doubled = shifted(&doubled, extra);
    vec![
        ("hide: content under a white area", with(&[(CONTENT, stream("", cover))]), "lint.covered-text"),
        (
            "hide: content under an annotation",
            with(&[(ANNOTATIONS, over.clone()), (OVER, annotation.to_owned())]),
            "lint.covering-annotation",
        ),
        (
            "replace: a form field over content",
            with(&[(ANNOTATIONS, over), (OVER, field), (19, opaque), (FORM, objects()[&FORM].clone())]),
            "lint.covering-field",
        ),
        ("hide and replace: another page", with(&[(18, page(""))]), "lint.unreachable-page"),
        (
            "hide and replace: another catalog",
            with(&[(18, "<</Type /Catalog /Pages 2 0 R>>".to_owned())]),
            "lint.unreachable-page",
        ),
        ("hide and replace: an object twice", doubled, "lint.unlisted-object"),
        (
            "a gap in the content",
            with(&[(PAGE, page("").replace("/Contents 4 0 R", "/Contents [4 0 R 90 0 R]"))]),
            "lint.missing-content",
        ),
        (
            "a script",
            with(&[(1, "<</Type /Catalog /Pages 2 0 R /OpenAction <</S /JavaScript /JS (x)>>>>".to_owned())]),
            "lint.javascript",
        ),
        (
            "a hidden layer",
            with(&[
                (1, "<</Type /Catalog /Pages 2 0 R /OCProperties <</OCGs [18 0 R] /D <</OFF [18 0 R]>>>>>>".to_owned()),
                (18, "<</Type /OCG /Name (x)>>".to_owned()),
            ]),
            "lint.hidden-layer",
        ),
        ("data elsewhere", with(&[(CONTENT, stream("/F (elsewhere.bin)", "q Q"))]), "lint.external-stream"),
    ]
}

/// A file with bytes put behind its header, its table put right.
fn shifted(file: &[u8], extra: &[u8]) -> Vec<u8> {
    let header = file.windows(7).position(|window| window == b"\n1 0 ob").unwrap() + 1;
    let table = file.windows(5).rposition(|window| window == b"xref\n").unwrap();
    let table = file[..table].windows(6).rposition(|window| window == b"\nxref\n").map_or(table, |at| at + 1);
    let mut text = String::from_utf8_lossy(&file[table..]).into_owned();
    let shift = extra.len();
    let mut out = String::new();
    for line in text.clone().lines() {
        if line.len() >= 17 && line.ends_with("n ") {
            let offset: usize = line[..10].parse().unwrap();
            writeln!(out, "{:010}{}", offset + shift, &line[10..]).unwrap();
        } else if line.parse::<usize>().is_ok() {
            writeln!(out, "{}", line.parse::<usize>().unwrap() + shift).unwrap();
        } else {
            out += line;
            out.push('\n');
        }
    }
    text = out;
    [&file[..header], extra, &file[header..table], text.as_bytes()].concat()
}

pub(crate) fn rfind(file: &[u8], text: &str) -> Option<usize> {
    file.windows(text.len()).rposition(|window| window == text.as_bytes())
}

/// The number behind the last `startxref`.
pub(crate) fn startxref(file: &[u8]) -> usize {
    let at = rfind(file, "startxref").unwrap();
    String::from_utf8_lossy(&file[at + 9..]).split_whitespace().next().unwrap().parse().unwrap()
}

/// An object as it stands last in the file.
pub(crate) fn current(file: &[u8], number: u32) -> String {
    let head = format!("\n{number} 0 obj");
    let at = rfind(file, &head).unwrap_or_else(|| panic!("object {number}")) + head.len();
    let end = at + file[at..].windows(6).position(|window| window == b"endobj").unwrap();
    String::from_utf8_lossy(&file[at..end]).trim().to_owned()
}

/// An object with one reference more in the list under `key`, or in the array that it is.
pub(crate) fn listed(object: &str, key: &str, number: u32) -> String {
    let from = object.find(key).unwrap_or(0);
    let end = from + object[from..].find(']').unwrap();
    format!("{} {number} 0 R{}", &object[..end], &object[end..])
}

fn trailer(file: &[u8]) -> String {
    let at = rfind(file, "trailer").unwrap();
    let text = String::from_utf8_lossy(&file[at..]).into_owned();
    let value =
        |key: &str, end: char| text.find(key).map(|at| text[at..].split_inclusive(end).next().unwrap().to_owned());
    format!("/Root 1 0 R {} {}", value("/Info", 'R').unwrap_or_default(), value("/ID", ']').unwrap_or_default())
}

/// A revision: its objects, and what to do with the rows of its table.
pub(crate) fn append(file: &[u8], objects: &[(u32, String)]) -> Vec<u8> {
    append_with(file, objects, &[], startxref(file), "")
}

/// The same with rows of one's own, another `/Prev`, and more in the trailer.
pub(crate) fn append_with(
    file: &[u8],
    objects: &[(u32, String)],
    rows: &[String],
    previous: usize,
    more: &str,
) -> Vec<u8> {
    let mut out = file.to_vec();
    if !out.ends_with(b"\n") {
        out.push(b'\n');
    }
    let mut table = String::from("xref\n");
    for (number, object) in objects {
        writeln!(table, "{number} 1\n{:010} 00000 n ", out.len()).unwrap();
        out.extend_from_slice(format!("{number} 0 obj\n{object}\nendobj\n").as_bytes());
    }
    table.extend(rows.iter().map(String::as_str));
    let start = out.len();
    let tail =
        format!("{table}trailer\n<</Size 900 {} /Prev {previous} {more}>>\nstartxref\n{start}\n%%EOF\n", trailer(file));
    out.extend_from_slice(tail.as_bytes());
    out
}
