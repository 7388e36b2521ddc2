//! The seal goes where nothing is, as near as can be.

use eseal_document::pdf::{FreeSpace, PageIndex, Pdf, PdfError, Placement};

use crate::builder::{Builder, Xref};
use crate::party::Party;
use crate::place::placed;

const MM: f64 = 72.0 / 25.4;

/// A page of 200 by 100 mm, its coordinates being millimetres from its bottom-left corner.
fn page(content: &str, entries: &str) -> Vec<u8> {
    let content = format!("{MM} 0 0 {MM} 0 0 cm {content}");
    Builder::simple(Xref::Table)
        .object(2, &format!("<</Type /Pages /Kids [3 0 R] /Count 1 /MediaBox [0 0 {} {}]>>", 200.0 * MM, 100.0 * MM))
        .object(3, &format!("<</Type /Page /Parent 2 0 R /Contents 4 0 R /Resources <</Font <</F 5 0 R>> /XObject <</I 6 0 R>>>> {entries}>>"))
        .stream(4, "", content.as_bytes())
        .stream(6, "/Subtype /Image /Width 1 /Height 1 /BitsPerComponent 8 /ColorSpace /DeviceGray", b"\0")
        .build()
}

fn ask(file: &[u8], near: [f64; 2], size: [f64; 2]) -> Result<Placement, PdfError> {
    Pdf::open(file)?.free_place(&FreeSpace::new(PageIndex::new(1), near, size)?)
}

/// Left, top, right, bottom of the seal that is put there, millimetres from the page's top-left corner, page not turned.
fn lies(file: &[u8], placement: Placement) -> [f64; 4] {
    let sealed = Party::new("Test", 1).seal_at(file, placement).unwrap();
    let ([left, bottom, right, top], _) = placed(&sealed);
    [left / MM, 100.0 - top / MM, right / MM, 100.0 - bottom / MM]
}

#[track_caller]
fn assert_lies(file: &[u8], near: [f64; 2], size: [f64; 2], expected: [f64; 4]) {
    let actual = lies(file, ask(file, near, size).unwrap());
    assert!(actual.iter().zip(expected).all(|(one, other)| (one - other).abs() < 0.01), "{actual:?}, not {expected:?}");
}

#[test]
fn where_nothing_is_the_seal_goes_to_the_very_point() {
    for content in [
        "",
        "1 g 0 0 200 100 re f",
        "1 1 1 rg 0 0 200 100 re f",
        "0 0 0 0 k 0 0 200 100 re f 1 G 5 w 0 0 m 200 100 l S",
        "q 50 40 60 20 re W n Q",
    ] {
        assert_lies(&page(content, ""), [80.3, 50.7], [40.0, 20.0], [60.3, 40.7, 100.3, 60.7]);
    }
    // Kept on the page, the clearance from its edges.
    assert_lies(&page("", ""), [0.0, 200.0], [40.0, 20.0], [1.0, 79.0, 41.0, 99.0]);
}

#[test]
fn the_nearest_free_place_is_found() {
    // A bar over the whole width, from 30 to 60 mm below the top; the point is nearer to its lower edge.
    let bar = page("0 40 200 30 re f", "");
    assert_lies(&bar, [100.0, 50.0], [40.0, 20.0], [80.0, 61.0, 120.0, 81.0]);
    assert_lies(&bar, [100.0, 44.0], [40.0, 20.0], [80.0, 9.0, 120.0, 29.0]);
    let close = FreeSpace::new(PageIndex::new(1), [100.0, 50.0], [40.0, 20.0]).unwrap().clearance_mm(0.0);
    let found = Pdf::open(bar.as_slice()).unwrap().free_place(&close).unwrap();
    assert!((lies(&bar, found)[1] - 60.0).abs() < 0.01);
}

#[test]
fn whatever_is_painted_takes_room() {
    let taken = [
        ("filled", "40 0 120 100 re f", ""),
        ("image", "q 120 0 0 100 40 0 cm /I Do Q", ""),
        ("inline image", "q 120 0 0 100 40 0 cm BI /W 1 /H 1 /BPC 8 /CS /G ID x EI Q", ""),
        ("line", "120 w 100 0 m 100 100 l S", ""),
        ("curve", "40 0 m 160 0 160 100 40 100 c 160 0 l f", ""),
        ("text", "BT /F 120 Tf 69 Tz 40 15 Td (HH) Tj ET", ""),
        ("annotation", "", "/Annots [<</Type /Annot /Subtype /Stamp /Rect [113.4 0 453.5 300]>>]"),
        ("clipped", "q 40 0 120 100 re W n 0 0 200 100 re f Q", ""),
        ("shading", "q 40 0 120 100 re W n /S sh Q", ""),
        ("spot colour", "/CS0 cs 1 scn 40 0 120 100 re f", ""),
    ];
    for (what, content, entries) in taken {
        let file = page(content, entries);
        let [left, _, right, _] =
            lies(&file, ask(&file, [100.0, 50.0], [30.0, 20.0]).unwrap_or_else(|error| panic!("{what}: {error}")));
        assert!(right <= 40.1 || left >= 159.9, "{what}: {left} to {right}");
    }
    // A frame is not what is inside it; nor do hidden annotations and invisible text take room.
    for (content, entries) in [
        ("0.2 w 20 10 160 80 re S", ""),
        ("BT 3 Tr /F 40 Tf 40 30 Td (HHH) Tj ET", ""),
        ("", "/Annots [<</Subtype /Popup /Rect [0 0 999 999]>> <</Subtype /Stamp /F 2 /Rect [0 0 999 999]>>]"),
    ] {
        assert_lies(&page(content, entries), [100.0, 50.0], [30.0, 20.0], [85.0, 40.0, 115.0, 60.0]);
    }
}

#[test]
fn a_full_page_has_no_room() {
    for content in ["0.9 g 0 0 200 100 re f", "BT /F 300 Tf -20 0 Td (HHHHH) Tj ET", "q 200 0 0 100 0 0 cm /I Do Q"] {
        assert_eq!(
            ask(&page(content, ""), [100.0, 50.0], [30.0, 20.0]).unwrap_err().code(),
            "pdf.no-free-space",
            "{content}"
        );
    }
    assert_eq!(ask(&page("", ""), [100.0, 50.0], [199.0, 20.0]).unwrap_err().code(), "pdf.no-free-space");
    assert_eq!(ask(&page("", ""), [f64::NAN, 50.0], [19.0, 20.0]).unwrap_err().code(), "pdf.empty-placement");
    assert_eq!(ask(&page("", ""), [1.0, 50.0], [0.0, 20.0]).unwrap_err().code(), "pdf.empty-placement");
    let missing = FreeSpace::new(PageIndex::new(2), [1.0, 1.0], [9.0, 9.0]).unwrap();
    let file = page("", "");
    assert_eq!(Pdf::open(file.as_slice()).unwrap().free_place(&missing).unwrap_err().code(), "pdf.no-such-page");
}

#[test]
fn the_same_question_has_the_same_answer_and_turned_pages_are_asked_as_seen() {
    let cross = "90 0 20 100 re f 0 40 200 20 re f";
    let file = page(cross, "");
    let first = ask(&file, [100.0, 50.0], [20.0, 20.0]).unwrap();
    assert_eq!(first, ask(&file, [100.0, 50.0], [20.0, 20.0]).unwrap());
    let corner = lies(&file, first);
    assert!(corner[2] <= 90.0 && corner[3] <= 40.0, "the upper left of four that are equally near: {corner:?}");
    // Turned to the right by a quarter, the left edge as seen is the bottom of the page.
    let file = page("0 0 200 50 re f", "/Rotate 90");
    let [_, _, _, bottom] = lies(&file, ask(&file, [20.0, 100.0], [20.0, 20.0]).unwrap());
    assert!((bottom - 49.0).abs() < 0.01, "{bottom}");
    // Very large and very small pages.
    for unit in ["1000", "0.01"] {
        let file = page("", &format!("/UserUnit {unit}"));
        assert!(ask(&file, [1.0, 1.0], [0.1, 0.1]).is_ok() == (unit == "1000"), "{unit}");
    }
}

/// Pages to look at: `ESEAL_PDFS=DIR ESEAL_PAGES_OUT=DIR cargo test -p eseal-document --test pdf -- --ignored --nocapture
/// free_places_to_look_at` puts a seal of 40 by 20 mm where there is room near (100, 200) on the first page of every file.
#[test]
#[ignore = "makes files for people to look at"]
fn free_places_to_look_at() {
    let folder = |name: &str| std::path::PathBuf::from(std::env::var_os(name).unwrap());
    for entry in std::fs::read_dir(folder("ESEAL_PDFS")).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_owned();
        let file = std::fs::read(&path).unwrap();
        let begin = std::time::Instant::now();
        let found = ask(&file, [100.0, 200.0], [40.0, 20.0]);
        println!("{name:?}: {:?}, {:?}", found.as_ref().map(Placement::page).map_err(PdfError::code), begin.elapsed());
        let sealed = found.and_then(|place| Party::new("Test", 1).seal_at(&file, place));
        if let Ok(sealed) = sealed {
            std::fs::write(folder("ESEAL_PAGES_OUT").join(name), sealed).unwrap();
        }
    }
}
