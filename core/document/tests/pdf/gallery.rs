//! Files for people to look at: `ESEAL_PAGES_OUT=DIR ESEAL_FONT=FONT cargo test -p eseal-document --test pdf -- --ignored gallery`.

use std::num::NonZeroU32;
use std::path::PathBuf;

use eseal_document::pdf::{
    CrossPage, Font, Image, Mark, Opening, PageChoice, Pdf, Side, SigningTime, StampRequest, TextBlock, TextSide,
};
use eseal_face::{Color, Contour, Dpi, Face, Layer, Path, Point, Segment, SizeMm};

use crate::builder::{Builder, Xref};
use crate::conformance::fixtures;
use crate::party::{NOW, Party, at};

/// A round seal of 42 mm: a ring, a star, and a mark that shows which way is up.
fn round() -> Face {
    let ring = vec![Contour::circle(Point::new(21.0, 21.0), 20.5), {
        let inner = Contour::circle(Point::new(21.0, 21.0), 19.3);
        let points: Vec<Point> = std::iter::once(inner.start)
            .chain(inner.segments.iter().flat_map(|segment| match *segment {
                Segment::Line(end) => vec![end],
                Segment::Cubic(first, second, end) => vec![first, second, end],
            }))
            .collect();
        // The other way round, so that it is a hole.
        let back: Vec<Point> = points.into_iter().rev().collect();
        let segments = back[1..].chunks(3).map(|three| Segment::Cubic(three[0], three[1], three[2])).collect();
        Contour { start: back[0], segments }
    }];
    let star: Vec<Point> = (0..10_u32)
        .map(|corner| {
            let (radius, angle) =
                (if corner % 2 == 0 { 9.0 } else { 3.5 }, f64::from(corner) * std::f64::consts::PI / 5.0);
            Point::new(21.0 + radius * angle.sin(), 21.0 - radius * angle.cos())
        })
        .collect();
    let polygon = |points: &[Point]| Contour {
        start: points[0],
        segments: points[1..].iter().map(|point| Segment::Line(*point)).collect(),
    };
    let bar = [(14.0, 33.0), (28.0, 33.0), (28.0, 35.0), (14.0, 35.0)].map(|(x, y)| Point::new(x, y));
    let tick = [(32.0, 20.0), (36.0, 20.0), (34.0, 16.0)].map(|(x, y)| Point::new(x, y));
    let paths = vec![
        Path { contours: ring },
        Path { contours: vec![polygon(&star)] },
        Path { contours: vec![polygon(&bar)] },
        Path { contours: vec![polygon(&tick)] },
    ];
    Face::new(SizeMm::new(42.0, 42.0).unwrap(), vec![Layer { color: Color::rgb(200, 20, 20), paths }]).unwrap()
}

/// Pages of text lines, with these entries each.
fn letter(pages: &[String]) -> Vec<u8> {
    let kids: Vec<String> = (0..pages.len()).map(|index| format!("{} 0 R", index * 2 + 10)).collect();
    let tree = format!("<</Type /Pages /Kids [{}] /Count {} /MediaBox [0 0 595 842]>>", kids.join(" "), pages.len());
    let start = Builder::new(Xref::Table)
        .object(1, "<</Type /Catalog /Pages 2 0 R>>")
        .object(2, &tree)
        .object(5, "<</Type /Font /Subtype /Type1 /BaseFont /Helvetica>>")
        .object(6, "[7 0 R]")
        .object(7, "<</Type /Annot /Subtype /Link /Rect [0 0 9 9] /Border [0 0 0]>>");
    (0_u32..)
        .zip(pages)
        .fold(start, |builder, (index, entries)| {
            let lines = "(The quick brown fox jumps over the lazy dog, and the seal lies over both of them.) Tj T*\n"
                .repeat(48);
            let content = format!("BT /F 11 Tf 15 TL 56 790 Td (Page {}) Tj T*\n{lines}ET", index + 1);
            let page = format!(
                "<</Type /Page /Parent 2 0 R /Contents {} 0 R /Resources <</Font <</F 5 0 R>>>> {entries}>>",
                index * 2 + 11
            );
            builder.object(index * 2 + 10, &page).stream(index * 2 + 11, "", content.as_bytes())
        })
        .build()
}

#[test]
#[ignore = "makes files for people to look at"]
fn gallery() {
    let folder = PathBuf::from(std::env::var_os("ESEAL_PAGES_OUT").unwrap());
    let font = Font::from_bytes(std::fs::read(std::env::var_os("ESEAL_FONT").unwrap()).unwrap(), 0).unwrap();
    let (party, face) = (Party::new("Test", 1), round());
    let image = Image::from_bytes(&face.to_png(Dpi::new(300).unwrap()).unwrap()).unwrap();
    let plain = |count: usize| letter(&vec![String::new(); count]);
    let write = |name: &str, file: &[u8], marks: Vec<Mark<'_>>| {
        let request = StampRequest::new(&party.chain, SigningTime { at: NOW, offset_minutes: 480 }).marks(marks);
        let prepared = Pdf::open(file).unwrap().prepare(&request).unwrap();
        let signature = party.key.sign(prepared.to_be_signed());
        let mut out = Vec::new();
        prepared.complete(&signature).unwrap().write_to(&mut out).unwrap();
        std::fs::write(folder.join(format!("{name}.pdf")), &out).unwrap();
        println!("{name}: {} bytes more", out.len() - file.len());
    };
    let cross = |name: &str, file: &[u8], cut: &CrossPage<'_>| {
        write(name, file, cut.marks(&Pdf::open(file).unwrap()).unwrap());
    };
    for (name, file) in fixtures() {
        let text = TextBlock::new(["签署人：测试人甲", "2026-11-22"]).font(&font);
        let marks = vec![
            Mark::new(&face, at(1, [20.0, 150.0], [42.0, 42.0])).describe("公章"),
            Mark::new(&image, at(1, [70.0, 150.0], [42.0, 42.0])),
            Mark::new(&face, at(1, [120.0, 150.0], [70.0, 25.0])).text(&text),
        ];
        write(&format!("archive-{name}"), &file, marks);
    }
    let size = [42.0, 42.0];
    // For other validators: by a second signer.
    let first = Party::new("First", 2);
    let shared = ["/Annots 6 0 R", "/Annots 6 0 R", "/Annots []"].map(str::to_owned);
    for (name, file) in
        [("plain", plain(3)), ("shared-annotations", letter(&shared)), ("tagged", fixtures().remove(5).1)]
    {
        let file = first.seal(&file).unwrap();
        let pages = Pdf::open(file.as_slice()).unwrap().page_count().unwrap();
        if pages > 1 {
            cross(&format!("later-{name}"), &file, &CrossPage::new(&face, Side::Right, size));
        } else {
            write(&format!("later-{name}"), &file, vec![Mark::new(&face, at(1, [20.0, 150.0], [42.0, 42.0]))]);
        }
    }
    for count in [3, 12, 40] {
        for (side, name) in [(Side::Right, "right"), (Side::Left, "left"), (Side::Top, "top"), (Side::Bottom, "bottom")]
        {
            cross(&format!("cross-{count}-{name}"), &plain(count), &CrossPage::new(&face, side, size));
        }
    }
    cross("cross-duplex", &plain(8), &CrossPage::new(&face, Side::Right, size).pages(PageChoice::Odd));
    cross("cross-facing", &plain(5), &CrossPage::facing(&face, Opening::Cover, size));
    cross("cross-image", &plain(4), &CrossPage::new(&image, Side::Right, size));
    cross(
        "cross-groups",
        &plain(9),
        &CrossPage::new(&face, Side::Right, size).pages_per_seal(NonZeroU32::new(3).unwrap()),
    );
    let mixed = [
        "",
        "/Rotate 90",
        "/MediaBox [0 0 842 595]",
        "/Rotate 270 /CropBox [40 40 500 700]",
        "/Rotate 180 /UserUnit 1.5",
    ];
    cross("cross-mixed", &letter(&mixed.map(str::to_owned)), &CrossPage::new(&face, Side::Right, size));
    for (name, entries) in [
        ("rotate0", ""),
        ("rotate90", "/Rotate 90"),
        ("rotate180", "/Rotate 180"),
        ("rotate270", "/Rotate 270"),
        ("crop", "/CropBox [100 200 500 700]"),
        ("unit", "/UserUnit 2 /Rotate 90"),
    ] {
        let mark = Mark::new(&face, at(1, [20.0, 30.0], [42.0, 42.0]));
        let picture = Mark::new(&image, at(1, [70.0, 30.0], [42.0, 42.0]));
        let text = TextBlock::new(["签署人：测试人甲", "2026-11-22 18:33", "理由：合同已阅"]).font(&font);
        let described = Mark::new(&face, at(1, [20.0, 80.0], [80.0, 30.0])).text(&text);
        let below = text.clone().side(TextSide::Below);
        let below = Mark::new(&image, at(1, [110.0, 75.0], [30.0, 45.0])).text(&below);
        write(&format!("marks-{name}"), &letter(&[entries.to_owned()]), vec![mark, picture, described, below]);
    }
}
