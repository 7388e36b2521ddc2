//! One seal cut across the edges of many pages.

use std::num::NonZeroU32;

use eseal_document::pdf::{
    Along, Certification, Corner, CrossPage, Margins, Mark, Opening, PageChoice, PageIndex, Pdf, PdfError, Placement,
    Side, SigningTime, StampRequest,
};
use eseal_document::report::{Changes, Verdict};
use eseal_face::{Color, Contour, Face, Layer, Path, Point, Segment, SizeMm};

use crate::builder::{Builder, KINDS, Xref};
use crate::party::{NOW, Party, somewhere};
use crate::peers::{Tool, tool};
use crate::picture::{self, Picture};

const INCH: f64 = 25.4;

/// A file of pages, each with these entries.
pub(crate) fn file_of(kind: Xref, pages: &[String]) -> Vec<u8> {
    let kids: Vec<String> = (0..pages.len()).map(|index| format!("{} 0 R", index + 10)).collect();
    let tree = format!("<</Type /Pages /Kids [{}] /Count {} /MediaBox [0 0 360 288]>>", kids.join(" "), pages.len());
    let builder = Builder::new(kind).object(1, "<</Type /Catalog /Pages 2 0 R>>").object(2, &tree);
    (10..)
        .zip(pages)
        .fold(builder, |builder, (number, entries)| {
            builder.object(number, &format!("<</Type /Page /Parent 2 0 R /Resources <<>> {entries}>>"))
        })
        .build()
}

pub(crate) fn pages(count: usize, entries: &str) -> Vec<String> {
    vec![entries.to_owned(); count]
}

/// Two inches by one: four colours that meet in no straight line, and a blank margin of a quarter inch on the left.
fn face() -> Face {
    let shape = |color, points: &[(f64, f64)]| {
        let at = |&(x, y): &(f64, f64)| Point::new(x * INCH, y * INCH);
        let segments = points[1..].iter().map(|point| Segment::Line(at(point))).collect();
        let contours = vec![Contour { start: at(&points[0]), segments }];
        Layer { color, paths: vec![Path { contours }] }
    };
    let layers = vec![
        shape(Color::rgb(200, 0, 0), &[(0.25, 0.0), (2.0, 0.0), (1.0, 0.6)]),
        shape(Color::rgb(0, 0, 200), &[(2.0, 0.0), (2.0, 1.0), (1.0, 0.6)]),
        shape(Color::rgb(0, 150, 0), &[(2.0, 1.0), (0.25, 1.0), (1.0, 0.6)]),
        shape(Color::BLACK, &[(0.25, 1.0), (0.25, 0.0), (1.0, 0.6)]),
    ];
    Face::new(SizeMm::new(2.0 * INCH, INCH).unwrap(), layers).unwrap()
}

fn request(party: &Party) -> StampRequest<'_> {
    StampRequest::new(&party.chain, SigningTime { at: NOW, offset_minutes: 480 })
}

pub(crate) fn seal(party: &Party, file: &[u8], seal: &CrossPage<'_>) -> Result<Vec<u8>, PdfError> {
    let pdf = Pdf::open(file)?;
    let marks = seal.marks(&pdf)?;
    let prepared = pdf.prepare(&request(party).marks(marks))?;
    let signature = party.key.sign(prepared.to_be_signed());
    let mut out = Vec::new();
    prepared.complete(&signature)?.write_to(&mut out)?;
    Ok(out)
}

/// The rectangles of the widgets, by page, in the order of the pages.
pub(crate) fn rectangles(file: &[u8]) -> Vec<Vec<[f64; 4]>> {
    let document = lopdf::Document::load_mem(file).unwrap();
    let page = |id: &lopdf::ObjectId| {
        let annotations = document.get_dictionary(*id).unwrap().get(b"Annots");
        let Ok(annotations) = annotations.and_then(|list| document.dereference(list)) else { return Vec::new() };
        let widgets = annotations.1.as_array().unwrap().iter().map(|widget| {
            let widget = document.dereference(widget).unwrap().1.as_dict().unwrap();
            let rect = widget.get(b"Rect").unwrap().as_array().unwrap();
            let numbers: Vec<f64> = rect.iter().map(|number| f64::from(number.as_float().unwrap())).collect();
            <[f64; 4]>::try_from(numbers).unwrap()
        });
        widgets.collect()
    };
    document.get_pages().values().map(page).collect()
}

/// The whole face of two inches by one as one mark, 4 pixels a point.
fn whole(party: &Party, face: &Face) -> Picture {
    let place = Placement::new(PageIndex::new(1), Corner::TopLeft, [INCH, INCH], [2.0 * INCH, INCH]).unwrap();
    let file = file_of(Xref::Table, &pages(1, ""));
    let prepared = Pdf::open(file.as_slice()).unwrap().prepare(&request(party).mark(Mark::new(face, place))).unwrap();
    let signature = party.key.sign(prepared.to_be_signed());
    let mut out = Vec::new();
    prepared.complete(&signature).unwrap().write_to(&mut out).unwrap();
    picture::pages(&out, 4.0)[0].crop(288, 288, 576, 288)
}

#[test]
fn the_joined_edges_show_the_whole_seal_on_every_side_of_every_rotated_page() {
    let (party, face) = (Party::new("Test", 1), face());
    let whole = whole(&party, &face);
    for (rotate, side) in [0, 90, 180, 270]
        .into_iter()
        .flat_map(|rotate| [Side::Left, Side::Right, Side::Top, Side::Bottom].map(|side| (rotate, side)))
    {
        let count = 4;
        let file = file_of(Xref::Table, &pages(count, &format!("/Rotate {rotate}")));
        let cut = CrossPage::new(&face, side, [2.0 * INCH, INCH]).margins(Margins::Kept);
        let sealed = seal(&party, &file, &cut).unwrap();
        let mut slices: Vec<Picture> = picture::pages(&sealed, 4.0)
            .iter()
            .map(|page| {
                let (width, height) = match side {
                    Side::Left | Side::Right => (576 / count, 288),
                    Side::Top | Side::Bottom => (576, 288 / count),
                };
                let (left, top) = match side {
                    Side::Left => (0, (page.height - height) / 2),
                    Side::Right => (page.width - width, (page.height - height) / 2),
                    Side::Top => ((page.width - width) / 2, 0),
                    Side::Bottom => ((page.width - width) / 2, page.height - height),
                };
                page.crop(left, top, width, height)
            })
            .collect();
        if matches!(side, Side::Left | Side::Top) {
            slices.reverse();
        }
        let joined = match side {
            Side::Left | Side::Right => Picture::beside(&slices),
            Side::Top | Side::Bottom => Picture::below(&slices),
        };
        let difference = joined.difference(&whole);
        assert!(difference < 0.005, "{side:?} /Rotate {rotate}: {difference}");
    }
}

#[test]
fn slices_are_as_thick_as_the_seal_in_all_and_begin_again_when_they_would_be_too_thin() {
    let (party, face) = (Party::new("Test", 1), face());
    // 42 mm and slices of 2 mm at least: 21 pages a seal at most.
    let seal_of = || CrossPage::new(&face, Side::Right, [42.0, 21.0]).margins(Margins::Kept);
    let five = || seal_of().pages_per_seal(NonZeroU32::new(5).unwrap());
    let two = || seal_of().pages_per_seal(NonZeroU32::new(2).unwrap());
    let thick = || seal_of().thinnest_slice_mm(10.0);
    let cases: [(usize, CrossPage<'_>, Vec<usize>); 9] = [
        (3, seal_of(), vec![3]),
        (12, seal_of(), vec![12]),
        (21, seal_of(), vec![21]),
        (22, seal_of(), vec![11, 11]),
        (40, seal_of(), vec![20, 20]),
        (12, five(), vec![4, 4, 4]),
        (7, two(), vec![2, 2, 3]),
        (9, thick(), vec![3, 3, 3]),
        (2, thick(), vec![2]),
    ];
    for (count, cut, groups) in cases {
        let sealed = seal(&party, &file_of(Xref::Stream, &pages(count, "")), &cut).unwrap();
        let rectangles = rectangles(&sealed);
        assert!(rectangles.iter().all(|page| page.len() == 1));
        let mut widths = rectangles.iter().map(|page| (page[0][2] - page[0][0]) / 72.0 * INCH);
        for group in &groups {
            let sum: f64 = widths.by_ref().take(*group).sum();
            assert!((sum - 42.0).abs() < 0.01, "{count} pages in {groups:?}: {sum}");
        }
        assert_eq!(widths.next(), None);
        // Flush with the edge.
        assert!(rectangles.iter().all(|page| (page[0][2] - 360.0).abs() < 1e-4));
        let report = party.verify(&sealed).unwrap();
        assert_eq!((report.verdict, report.signatures.len()), (Verdict::Valid, 1), "{report:#?}");
    }
}

#[test]
fn blank_margins_leave_no_page_without_a_slice() {
    let (party, face) = (Party::new("Test", 1), face());
    let edges = |cut: &CrossPage<'_>| -> Vec<bool> {
        let sealed = seal(&party, &file_of(Xref::Table, &pages(12, "")), cut).unwrap();
        picture::pages(&sealed, 2.0).iter().map(Picture::is_blank).collect()
    };
    let cut = CrossPage::new(&face, Side::Right, [42.0, 21.0]);
    assert!(edges(&cut).iter().all(|is_blank| !is_blank));
    // The face's own left eighth is blank: one slice of twelve, and half of another.
    assert!(edges(&cut.margins(Margins::Kept))[0]);
}

#[test]
fn fronts_backs_and_named_pages() {
    let (party, face) = (Party::new("Test", 1), face());
    let sealed_pages = |choice: PageChoice| -> Vec<usize> {
        let cut = CrossPage::new(&face, Side::Right, [42.0, 21.0]).pages(choice);
        let sealed = seal(&party, &file_of(Xref::Table, &pages(7, "")), &cut).unwrap();
        let rectangles = rectangles(&sealed);
        (1..=rectangles.len()).filter(|page| !rectangles[page - 1].is_empty()).collect()
    };
    assert_eq!(sealed_pages(PageChoice::Odd), [1, 3, 5, 7]);
    assert_eq!(sealed_pages(PageChoice::Even), [2, 4, 6]);
    let named = [-1, 2, 4, 2].map(PageIndex::new).to_vec();
    assert_eq!(sealed_pages(PageChoice::These(named)), [2, 4, 7]);
    let cut = CrossPage::new(&face, Side::Right, [42.0, 21.0]).pages(PageChoice::These(vec![PageIndex::new(8)]));
    let refused = seal(&party, &file_of(Xref::Table, &pages(7, "")), &cut).unwrap_err();
    assert_eq!(refused.code(), "pdf.no-such-page");
}

#[test]
fn facing_pages_share_a_seal_across_the_fold() {
    let (party, face) = (Party::new("Test", 1), face());
    let whole = whole(&party, &face);
    for (opening, pairs) in [(Opening::Cover, vec![(1, 2), (3, 4)]), (Opening::Spread, vec![(0, 1), (2, 3)])] {
        let cut = CrossPage::facing(&face, opening, [2.0 * INCH, INCH]).margins(Margins::Kept);
        let sealed = seal(&party, &file_of(Xref::Table, &pages(5, "")), &cut).unwrap();
        let pictures = picture::pages(&sealed, 4.0);
        for (left, right) in &pairs {
            let halves = [pictures[*left].crop(1440 - 288, 432, 288, 288), pictures[*right].crop(0, 432, 288, 288)];
            assert!(Picture::beside(&halves).difference(&whole) < 0.005, "{opening:?}");
        }
        let sealed: Vec<usize> = (0..5).filter(|page| !pictures[*page].is_blank()).collect();
        assert_eq!(sealed, pairs.iter().flat_map(|(left, right)| [*left, *right]).collect::<Vec<_>>());
    }
}

#[test]
fn pages_of_different_sizes_are_sealed_at_one_height() {
    let (party, face) = (Party::new("Test", 1), face());
    let mixed = ["", "/MediaBox [0 0 360 576]", "/MediaBox [100 50 640 266]", "/Rotate 90 /CropBox [0 0 216 288]"];
    let mixed: Vec<String> = mixed.map(str::to_owned).to_vec();
    let cut = CrossPage::new(&face, Side::Right, [INCH, INCH]).margins(Margins::Kept);
    let sealed = seal(&party, &file_of(Xref::Table, &mixed), &cut).unwrap();
    // In the middle of the shortest edge as seen, which is three inches (216 units) on the third and the last page.
    let tops: Vec<[f64; 4]> = rectangles(&sealed).into_iter().map(|page| page[0]).collect();
    let expected = [
        [342.0, 162.0, 360.0, 198.0],
        [342.0, 450.0, 360.0, 486.0],
        [622.0, 140.0, 640.0, 176.0],
        [90.0, 270.0, 126.0, 288.0],
    ];
    for (actual, expected) in tops.iter().zip(expected) {
        assert!(actual.iter().zip(expected).all(|(a, b)| (a - b).abs() < 1e-3), "{actual:?}, not {expected:?}");
    }
}

#[test]
fn the_place_along_the_edge_and_the_inset_are_kept() {
    let (party, face) = (Party::new("Test", 1), face());
    let rect = |cut: &CrossPage<'_>| {
        let sealed = seal(&party, &file_of(Xref::Table, &pages(2, "")), &cut.clone().margins(Margins::Kept)).unwrap();
        rectangles(&sealed)[0][0]
    };
    let near = |actual: [f64; 4], expected: [f64; 4]| {
        assert!(actual.iter().zip(expected).all(|(a, b)| (a - b).abs() < 1e-3), "{actual:?}, not {expected:?}");
    };
    let cut = |side| CrossPage::new(&face, side, [2.0 * INCH, INCH]);
    near(rect(&cut(Side::Right).along(Along::Millimetres(INCH)).inset_mm(INCH / 2.0)), [252.0, 180.0, 324.0, 252.0]);
    near(rect(&cut(Side::Bottom).along(Along::Fraction(0.25))), [18.0, 0.0, 162.0, 36.0]);
    near(
        rect(&cut(Side::Top).along(Along::Fraction(1.0)).along(Along::Millimetres(2.0 * INCH))),
        [72.0, 252.0, 216.0, 288.0],
    );
    near(rect(&cut(Side::Left).inset_mm(INCH)), [72.0, 108.0, 144.0, 180.0]);
}

#[test]
fn what_cannot_be_cut_is_refused_with_its_reason() {
    let (party, face) = (Party::new("Test", 1), face());
    let code = |count: usize, cut: CrossPage<'_>| {
        seal(&party, &file_of(Xref::Table, &pages(count, "")), &cut).unwrap_err().code()
    };
    let cut = || CrossPage::new(&face, Side::Right, [2.0 * INCH, INCH]);
    assert_eq!(code(1, cut()), "pdf.too-few-pages");
    assert_eq!(code(2, cut().pages(PageChoice::Odd)), "pdf.too-few-pages");
    assert_eq!(code(2, CrossPage::facing(&face, Opening::Cover, [20.0, 20.0])), "pdf.too-few-pages");
    assert_eq!(code(3, cut().along(Along::Fraction(0.0))), "pdf.outside-page");
    assert_eq!(code(3, cut().along(Along::Millimetres(f64::NAN))), "pdf.empty-placement");
    assert_eq!(code(3, cut().inset_mm(150.0)), "pdf.outside-page");
    assert_eq!(code(3, cut().inset_mm(-1.0)), "pdf.empty-placement");
    assert_eq!(code(3, CrossPage::new(&face, Side::Right, [300.0, 150.0])), "pdf.outside-page");
    for size in [[0.0, 10.0], [10.0, f64::INFINITY], [f64::NAN, 1.0]] {
        assert_eq!(code(3, CrossPage::new(&face, Side::Right, size)), "pdf.empty-placement");
    }
}

#[test]
fn a_later_cross_page_seal_keeps_the_earlier_signature() {
    let (first, second, face) = (Party::new("First", 1), Party::new("Second", 2), face());
    let folder = tempfile::tempdir().unwrap();
    for kind in KINDS {
        let file = first.seal(&file_of(kind, &pages(3, ""))).unwrap();
        let sealed = seal(&second, &file, &CrossPage::new(&face, Side::Right, [42.0, 21.0])).unwrap();
        let report = first.verify(&sealed).unwrap();
        let ours = &report.signatures[0];
        assert_eq!((ours.changes, ours.verdict), (Changes::Permitted, Verdict::Valid), "{kind:?}: {report:#?}");
        let path = folder.path().join("sealed.pdf");
        std::fs::write(&path, &sealed).unwrap();
        let Some(pdfsig) = tool(Tool::Pdfsig, &["-nocert"], &path) else {
            println!(
                "SKIPPED cross_page::a_later_cross_page_seal_keeps_the_earlier_signature: pdfsig is not installed"
            );
            continue;
        };
        let valid = pdfsig.text.matches("Signature is Valid").count();
        let total = pdfsig.text.matches("Total document signed").count();
        assert_eq!((valid, total), (4, 3), "{kind:?}: {}", pdfsig.text);
        let qpdf = tool(Tool::Qpdf, &["--check"], &path);
        assert!(qpdf.is_none_or(|qpdf| qpdf.status == 0), "{kind:?}");
    }
}

#[test]
fn a_signature_for_each_page_is_the_callers_choice() {
    let (party, face) = (Party::new("Test", 1), face());
    let mut file = file_of(Xref::Table, &pages(3, ""));
    let marks = CrossPage::new(&face, Side::Right, [42.0, 21.0]).marks(&Pdf::open(file.as_slice()).unwrap()).unwrap();
    for mark in marks {
        let prepared = Pdf::open(file.as_slice()).unwrap().prepare(&request(&party).mark(mark)).unwrap();
        let signature = party.key.sign(prepared.to_be_signed());
        let mut out = Vec::new();
        prepared.complete(&signature).unwrap().write_to(&mut out).unwrap();
        file = out;
    }
    let report = party.verify(&file).unwrap();
    assert_eq!((report.verdict, report.signatures.len()), (Verdict::Valid, 3), "{report:#?}");
    let joined: f64 = rectangles(&file).iter().map(|page| page[0][2] - page[0][0]).sum();
    assert!((joined / 72.0 * INCH - 42.0 * 0.875).abs() < 0.01);
}

#[test]
fn a_certified_document_is_refused() {
    let (party, face) = (Party::new("Test", 1), face());
    for (certification, code) in
        [(Certification::NoChanges, "pdf.certified-no-changes"), (Certification::FillIn, "pdf.certified-no-new-field")]
    {
        let file = file_of(Xref::Table, &pages(2, ""));
        let request = party.request(somewhere()).certify(certification);
        let certified = party.finish(Pdf::open(file.as_slice()).unwrap().prepare(&request).unwrap()).unwrap();
        let refused = seal(&party, &certified, &CrossPage::new(&face, Side::Right, [42.0, 21.0])).unwrap_err();
        assert_eq!(refused.code(), code);
    }
}

#[test]
fn the_face_is_in_the_file_once_however_many_pages_there_are() {
    let (party, face) = (Party::new("Test", 1), face());
    let growth = |count: usize| {
        let file = file_of(Xref::Table, &pages(count, ""));
        let cut = CrossPage::new(&face, Side::Right, [42.0, 21.0]).pages_per_seal(NonZeroU32::new(20).unwrap());
        seal(&party, &file, &cut).unwrap().len() - file.len()
    };
    let (few, many) = (growth(20), growth(220));
    // A widget, an appearance that refers to the face, a page that lists the widget, and three rows of cross-references.
    assert!((many - few) / 200 < 800, "{} bytes a page", (many - few) / 200);
}
