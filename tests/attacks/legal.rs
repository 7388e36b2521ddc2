//! What may lawfully be done to a sealed file, by what its signature allows (ISO 32000-2, table 257).

use crate::author::{Author, Sealed};
use crate::file::{
    ANNOTATIONS, CHECK, INFORMATION, METADATA, NOTE, PAGE, TEXT, TEXT_PICTURE, append, current, listed, picture,
    stream, text_field,
};
use crate::{Variant, variant};

const CLASS: &str = "legal";

fn added(file: &[u8], annotation: &str, more: &[(u32, String)]) -> Vec<u8> {
    let list = listed(&current(file, ANNOTATIONS), "[", 500);
    let mut objects = vec![(ANNOTATIONS, list), (500, annotation.to_owned())];
    objects.extend_from_slice(more);
    append(file, &objects)
}

pub(crate) fn all(author: &Author, sealed: &Sealed) -> Vec<Variant> {
    let file = sealed.bytes.as_slice();
    let allows = |least: i64| sealed.level.is_none_or(|level| level >= least);
    let mut all = validation(file);
    all.push(variant(CLASS, "white space behind the end", [file, b"\n \n"].concat()));
    all.push(variant(CLASS, "an object again, as it was", append(file, &[(PAGE, current(file, PAGE))])));
    if allows(2) {
        all.extend(filling(file));
        all.push(variant(
            CLASS,
            "document information",
            append(file, &[(INFORMATION, "<</Title (Contract) /ModDate (D:2027)>>".to_owned())]),
        ));
        let metadata = stream(
            "/Type /Metadata /Subtype /XML",
            "<x:xmpmeta xmlns:x=\"adobe:ns:meta/\"> <rdf:RDF xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\"/></x:xmpmeta>",
        );
        all.push(variant(CLASS, "metadata", append(file, &[(METADATA, metadata)])));
        all.extend(
            author
                .seal_again(file, Some("Empty"))
                .map(|bytes| variant(CLASS, "the prepared field signed by us", bytes)),
        );
    }
    all.push(variant(CLASS, "a font that nothing uses", append(file, &[(600, "<</Type /Font>>".to_owned())])));
    if sealed.level.is_none() {
        all.extend(author.seal_again(file, None).map(|bytes| variant(CLASS, "a second seal by us", bytes)));
        let twice = author.seal_again(file, None).and_then(|bytes| author.seal_again(&bytes, Some("Empty")));
        all.extend(twice.map(|bytes| variant(CLASS, "a second seal, and the prepared field signed", bytes)));
        let page = current(file, PAGE);
        let tabs = format!("{} /Tabs /S>>", page.strip_suffix(">>").unwrap().trim_end());
        all.push(variant(CLASS, "the order of tabs named", append(file, &[(PAGE, tabs)])));
    }
    if sealed.level.is_none() || sealed.level == Some(3) {
        all.extend(remarks(file));
    }
    if sealed.level == Some(3) {
        let note = current(file, NOTE).replace("a note", "another note");
        all.push(variant(CLASS, "a note changed", append(file, &[(NOTE, note)])));
        let list = current(file, ANNOTATIONS).replace(&format!("{NOTE} 0 R"), "");
        all.push(variant(CLASS, "a note removed", append(file, &[(ANNOTATIONS, list)])));
    }
    all
}

fn validation(file: &[u8]) -> Vec<Variant> {
    let catalog = current(file, 1);
    let with = |more: &str| format!("{} {more}>>", catalog.trim_end().strip_suffix(">>").unwrap());
    let certificate = stream("", "certificate");
    let store = append(
        file,
        &[(1, with("/DSS 600 0 R")), (600, "<</Type /DSS /Certs [601 0 R]>>".to_owned()), (601, certificate.clone())],
    );
    let direct = append(file, &[(1, with("/DSS <</Certs [601 0 R]>>")), (601, certificate.clone())]);
    let related = "<</Type /DSS /Certs [601 0 R 602 0 R] /VRI <</AA <</Cert [602 0 R]>>>>>>";
    let more = append(&store, &[(600, related.to_owned()), (602, certificate)]);
    // pyHanko names extensions and a version itself; a key may not be there twice.
    let extensions = if catalog.contains("/Extensions") {
        ""
    } else {
        "/Extensions <</ESIC <</BaseVersion /1.7 /ExtensionLevel 5>>>>"
    };
    let version = if catalog.contains("/Version") { "" } else { "/Version /2.0" };
    let extended = with(&format!("/DSS 600 0 R {extensions} {version}"));
    let extensions = append(file, &[(1, extended), (600, "<</Type /DSS>>".to_owned())]);
    vec![
        variant(CLASS, "validation data", store),
        variant(CLASS, "validation data in the catalog", direct),
        variant(CLASS, "validation data, and more of them", more),
        variant(CLASS, "validation data, extensions and version", extensions),
    ]
}

fn filling(file: &[u8]) -> Vec<Variant> {
    let shown = picture("BT /F 10 Tf 2 5 Td (Zhang San) Tj ET");
    let field = text_field("Name", "100 500 300 520", "Zhang San", "/AP <</N 12 0 R>>");
    let anew = text_field("Name", "100 500 300 520", "Zhang San", "/AP <</N 700 0 R>>");
    let plate = picture("0.9 g 0 0 200 20 re f 0 g BT /F 10 Tf 2 5 Td (Zhang San) Tj ET");
    let checked = current(file, CHECK).replace("/V /Off /AS /Off", "/V /Yes /AS /Yes");
    let twice = append(file, &[(TEXT, field.clone()), (TEXT_PICTURE, shown.clone())]);
    let other = picture("BT /F 10 Tf 2 5 Td (Li Si) Tj ET");
    let changed = append(&twice, &[(TEXT, field.replace("Zhang San", "Li Si")), (TEXT_PICTURE, other)]);
    vec![
        variant(CLASS, "a text filled in, its picture replaced", twice),
        variant(CLASS, "a text filled in, a new picture", append(file, &[(TEXT, anew), (700, shown)])),
        variant(
            CLASS,
            "a text filled in over a plate where nothing is",
            append(file, &[(TEXT, field.clone()), (TEXT_PICTURE, plate)]),
        ),
        variant(CLASS, "a text filled in twice", changed),
        variant(
            CLASS,
            "a text made read-only",
            append(
                file,
                &[
                    (TEXT, field.replace("/F 4", "/F 4 /Ff 1")),
                    (TEXT_PICTURE, picture("BT /F 10 Tf 2 5 Td (Zhang San) Tj ET")),
                ],
            ),
        ),
        variant(CLASS, "a box checked", append(file, &[(CHECK, checked)])),
    ]
}

fn remarks(file: &[u8]) -> Vec<Variant> {
    let note = "<</Type /Annot /Subtype /Text /Rect [540 600 560 620] /Contents (seen) /P 3 0 R>>";
    let text =
        "<</Type /Annot /Subtype /FreeText /Rect [300 300 400 340] /DA (/F 9 Tf 0 g) /Contents (seen) /P 3 0 R>>";
    let marker = "<</Type /Annot /Subtype /Highlight /Rect [100 655 250 675] /QuadPoints [100 675 250 675 100 655 250 655] /C [1 1 0] /AP <</N 501 0 R>> /P 3 0 R>>";
    let light = stream(
        "/Type /XObject /Subtype /Form /BBox [0 0 150 20] /Resources <</ExtGState <</G <</BM /Multiply>>>>>>",
        "/G gs 1 1 0 rg 0 0 150 20 re f",
    );
    let line = "<</Type /Annot /Subtype /Line /Rect [100 600 300 602] /L [100 601 300 601] /C [1 0 0] /P 3 0 R>>";
    let with_popup = "<</Type /Annot /Subtype /Text /Rect [540 600 560 620] /Contents (seen) /P 3 0 R /Popup 502 0 R>>";
    let list = listed(&listed(&current(file, ANNOTATIONS), "[", 500), "[", 502);
    let popup = "<</Type /Annot /Subtype /Popup /Rect [400 500 500 600] /Parent 500 0 R>>".to_owned();
    vec![
        variant(CLASS, "a note", added(file, note, &[])),
        variant(CLASS, "a text beside the content", added(file, text, &[])),
        variant(CLASS, "a marker over the content", added(file, marker, &[(501, light)])),
        variant(CLASS, "a line", added(file, line, &[])),
        variant(
            CLASS,
            "a note with its window",
            append(file, &[(ANNOTATIONS, list), (500, with_popup.to_owned()), (502, popup)]),
        ),
    ]
}
