//! The seal is where it was asked for, as another reader sees it.

use std::fmt::Write as _;

use eseal_document::pdf::{Corner, PageIndex, Placement};

use crate::builder::{Builder, KINDS, Xref};
use crate::party::Party;

/// The widget's rectangle and the matrix of its appearance.
pub(crate) fn placed(sealed: &[u8]) -> ([f64; 4], [f64; 6]) {
    let document = lopdf::Document::load_mem(sealed).unwrap();
    let widget = document
        .objects
        .values()
        .filter_map(|object| object.as_dict().ok())
        .find(|dictionary| dictionary.get(b"T").is_ok_and(|name| name.as_str().is_ok_and(|name| name == b"ESeal1")))
        .unwrap();
    let numbers = |object: &lopdf::Object| -> Vec<f64> {
        object.as_array().unwrap().iter().map(|number| f64::from(number.as_float().unwrap())).collect()
    };
    let appearance = widget.get(b"AP").unwrap().as_dict().unwrap().get(b"N").unwrap().as_reference().unwrap();
    let form = document.get_object(appearance).unwrap().as_stream().unwrap();
    (
        numbers(widget.get(b"Rect").unwrap()).try_into().unwrap(),
        numbers(form.dict.get(b"Matrix").unwrap()).try_into().unwrap(),
    )
}

fn assert_near(actual: &[f64], expected: &[f64], what: &str) {
    let is_near = actual.len() == expected.len() && actual.iter().zip(expected).all(|(a, b)| (a - b).abs() < 0.01);
    assert!(is_near, "{what}: {actual:?}, not {expected:?}");
}

#[test]
fn rotation_crop_box_and_unit_come_from_the_page_and_the_nodes_above() {
    let party = Party::new("Test", 1);
    let inch = Placement::new(PageIndex::new(1), Corner::TopLeft, [25.4, 50.8], [50.8, 25.4]).unwrap();
    // Each with the rectangle for a box 2 by 1 inches, 1 inch from the left and 2 from the top.
    let upright = [1.0, 0.0, 0.0, 1.0, 0.0, 0.0];
    let cases: [(&str, &str, [f64; 4], [f64; 6]); 8] = [
        ("", "/MediaBox [0 0 600 800]", [72.0, 584.0, 216.0, 656.0], upright),
        ("/Rotate 90", "/MediaBox [0 0 600 800]", [144.0, 72.0, 216.0, 216.0], [0.0, 1.0, -1.0, 0.0, 72.0, 0.0]),
        ("", "/Rotate 180 /MediaBox [0 0 600 800]", [384.0, 144.0, 528.0, 216.0], [-1.0, 0.0, 0.0, -1.0, 144.0, 72.0]),
        ("/Rotate -90", "/MediaBox [0 0 600 800]", [384.0, 584.0, 456.0, 728.0], [0.0, -1.0, 1.0, 0.0, 0.0, 144.0]),
        ("/Rotate 0", "/Rotate 90 /MediaBox [0 0 600 800]", [72.0, 584.0, 216.0, 656.0], upright),
        ("/CropBox [100 100 700 500]", "/MediaBox [0 0 600 800]", [172.0, 284.0, 316.0, 356.0], upright),
        ("/UserUnit 2", "/MediaBox [0 0 600 800]", [36.0, 692.0, 108.0, 728.0], upright),
        ("/MediaBox 6 0 R", "/MediaBox [0 0 1 1]", [-28.0, 584.0, 116.0, 656.0], upright),
    ];
    for kind in KINDS {
        for (page, above, rect, matrix) in &cases {
            let file = Builder::simple(kind)
                .object(2, &format!("<</Type /Pages /Kids [3 0 R] /Count 1 {above}>>"))
                .object(3, &format!("<</Type /Page /Parent 2 0 R {page}>>"))
                .object(6, "[-100 800 7 0 R 8 0 R]")
                .object(7, "500")
                .object(8, "0.0")
                .build();
            let sealed = party.seal_at(&file, inch).unwrap();
            let context = format!("{kind:?} {page} {above}");
            let (actual_rect, actual_matrix) = placed(&sealed);
            assert_near(&actual_rect, rect, &context);
            assert_near(&actual_matrix, matrix, &context);
        }
    }
}

#[test]
fn places_that_make_no_sense_are_refused() {
    let party = Party::new("Test", 1);
    for size in [[0.0, 10.0], [10.0, 0.0], [-1.0, 5.0], [f64::NAN, 5.0], [5.0, f64::INFINITY]] {
        let refused = Placement::new(PageIndex::LAST, Corner::BottomRight, [1.0, 1.0], size).unwrap_err();
        assert_eq!(refused.code(), "pdf.empty-placement");
    }
    assert!(Placement::new(PageIndex::LAST, Corner::TopLeft, [f64::NAN, 1.0], [1.0, 1.0]).is_err());
    let far = Placement::new(PageIndex::LAST, Corner::TopLeft, [500.0, 1.0], [10.0, 10.0]).unwrap();
    let file = Builder::simple(Xref::Table).build();
    assert_eq!(party.seal_at(&file, far).unwrap_err().code(), "pdf.outside-page");
}

/// Pages to look at: `ESEAL_PAGES_OUT=DIR cargo test -p eseal-document --test pdf -- --ignored pages_to_look_at`. Each has a
/// millimetre grid as seen and a seal of 40 by 20 mm whose top left corner is asked for at (20, 30).
#[test]
#[ignore = "makes files for people to look at"]
fn pages_to_look_at() {
    let folder = std::path::PathBuf::from(std::env::var_os("ESEAL_PAGES_OUT").unwrap());
    let party = Party::new("Test", 1);
    let place = Placement::new(PageIndex::new(1), Corner::TopLeft, [20.0, 30.0], [40.0, 20.0]).unwrap();
    // What turns a drawing in millimetres from the top left corner as seen into the page's coordinates.
    let mm = 72.0 / 25.4;
    let cases = [
        ("plain", "/MediaBox [0 0 400 300]", [mm, 0.0, 0.0, -mm, 0.0, 300.0]),
        ("rotate90", "/MediaBox [0 0 300 400] /Rotate 90", [0.0, mm, mm, 0.0, 0.0, 0.0]),
        ("rotate180", "/MediaBox [0 0 400 300] /Rotate 180", [-mm, 0.0, 0.0, mm, 400.0, 0.0]),
        ("rotate270", "/MediaBox [0 0 300 400] /Rotate 270", [0.0, -mm, -mm, 0.0, 300.0, 400.0]),
        ("crop", "/MediaBox [0 0 600 600] /CropBox [100 150 500 450]", [mm, 0.0, 0.0, -mm, 100.0, 450.0]),
        (
            "crop-rotate90-unit2",
            "/MediaBox [0 0 600 600] /CropBox [100 150 250 350] /Rotate 90 /UserUnit 2",
            [0.0, mm / 2.0, mm / 2.0, 0.0, 100.0, 150.0],
        ),
    ];
    for (name, boxes, matrix) in cases {
        let matrix: Vec<String> = matrix.iter().map(|number| format!("{number:.6}")).collect();
        let mut content = format!("{} cm 0.1 w 0.7 G\n", matrix.join(" "));
        for step in 0..15 {
            let at = step * 10;
            writeln!(content, "{at} 0 m {at} 200 l 0 {at} m 200 {at} l S").unwrap();
        }
        content.push_str("0.3 w 0 0 1 RG 20 30 40 20 re S\n");
        let file = Builder::simple(Xref::Table)
            .object(3, &format!("<</Type /Page /Parent 2 0 R /Contents 4 0 R /Resources <<>> {boxes}>>"))
            .stream(4, "", content.as_bytes())
            .build();
        std::fs::write(folder.join(format!("{name}.pdf")), party.seal_at(&file, place).unwrap()).unwrap();
    }
}
