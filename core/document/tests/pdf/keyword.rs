//! A seal lies on the keyword, however the page spells and draws it.

use std::num::NonZeroU32;

use eseal_document::pdf::{Anchor, Keyword, Lines, Mark, Occurrence, Pdf, PdfError, Placement};
use proptest::prelude::*;

use crate::builder::{Builder, Xref, deflate};
use crate::party::Party;
use crate::place::placed;

const MM: f64 = 72.0 / 25.4;
const SIZE: [f64; 2] = [40.0, 20.0];
const HELVETICA: &str = "<</Type /Font /Subtype /Type1 /BaseFont /Helvetica>>";

fn find(file: &[u8], keyword: &Keyword) -> Result<Vec<Placement>, PdfError> {
    Pdf::open(file)?.find_keyword(keyword, SIZE)
}

fn keyword(text: &str) -> Keyword {
    Keyword::new(text).unwrap()
}

/// The middle of the seal that is put there, in the page's coordinates, as another reader sees it.
fn middle(file: &[u8], placement: Placement) -> [f64; 2] {
    let sealed = Party::new("Test", 1).seal_at(file, placement).unwrap();
    let ([left, bottom, right, top], _) = placed(&sealed);
    [f64::midpoint(left, right), f64::midpoint(bottom, top)]
}

#[track_caller]
fn assert_middle(file: &[u8], placement: Placement, expected: [f64; 2], what: &str) {
    let actual = middle(file, placement);
    let is_near = actual.iter().zip(expected).all(|(one, other)| (one - other).abs() < 0.5);
    assert!(is_near, "{what}: {actual:?}, not {expected:?}");
}

/// One page of 600 by 800 with a content and Helvetica as `/F`.
fn page(content: &str) -> Vec<u8> {
    with_font(content.as_bytes(), HELVETICA)
}

fn with_font(content: &[u8], font: &str) -> Vec<u8> {
    builder(content, font).build()
}

fn builder(content: &[u8], font: &str) -> Builder {
    Builder::simple(Xref::Table)
        .object(2, "<</Type /Pages /Kids [3 0 R] /Count 1 /MediaBox [0 0 600 800]>>")
        .stream(4, "", content)
        .object(5, font)
}

/// The middle of `Contract` at (100, 700) in Helvetica 24: 3,779 thousandths wide, from -207 to 718 high.
const CONTRACT: [f64; 2] = [100.0 + 3.779 * 12.0, 700.0 + 24.0 * (0.718 - 0.207) / 2.0];

#[test]
fn however_it_is_drawn_it_is_found_once_and_in_its_place() {
    let letters = |order: &[usize]| {
        let at = [0.0, 0.722, 1.278, 1.834, 2.112, 2.445, 3.001, 3.501];
        let letter = |index: &usize| {
            let letter = &"Contract"[*index..=*index];
            format!("BT /F 24 Tf {} 700 Td ({letter}) Tj ET\n", 100.0 + 24.0 * at[*index])
        };
        order.iter().map(letter).collect::<String>()
    };
    let cases = [
        ("plain", "BT /F 24 Tf 100 700 Td (Contract) Tj ET".to_owned()),
        ("kerned", "BT /F 24 Tf 100 700 Td [(Con) 20 (tr) -20 <616374>] TJ ET".to_owned()),
        ("escaped", "BT /F 24 Tf 100 700 Td (\\103on\\\ntract) Tj ET".to_owned()),
        ("one by one", letters(&[0, 1, 2, 3, 4, 5, 6, 7])),
        ("out of order", letters(&[7, 2, 0, 5, 1, 3, 6, 4])),
        ("bold by drawing twice", format!("{0} 1 0 0 1 0.3 0 cm {0}", "BT /F 24 Tf 100 700 Td (Contract) Tj ET")),
        ("each letter twice", letters(&[0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7])),
        ("scaled", "q 2 0 0 2 50 100 cm BT /F 12 Tf 25 300 Td (Contract) Tj ET Q".to_owned()),
        ("by the text matrix", "BT /F 1 Tf 24 0 0 24 100 700 Tm (Contract) Tj ET".to_owned()),
        (
            "by lines",
            "BT /F 24 Tf 20 TL 100 740 Td (x) Tj T* (y) ' 0 -20 TD (z) Tj ET BT /F 24 Tf 100 700 Td (Contract) Tj ET"
                .to_owned(),
        ),
        ("invisible", "BT 3 Tr /F 24 Tf 100 700 Td (Contract) Tj ET".to_owned()),
        (
            "behind an inline image",
            "BI /W 2 /H 1 /CS /G /BPC 8 ID (( EI BT /F 24 Tf 100 700 Td (Contract) Tj ET".to_owned(),
        ),
        ("beside another column", "BT /F 24 Tf 100 700 Td (Contract) Tj 300 0 Td (Contact) Tj ET".to_owned()),
        ("with text around", "BT /F 24 Tf 100 700 Td (Contract) Tj (s and more) Tj ET".to_owned()),
    ];
    for (what, content) in cases {
        let file = page(&content);
        let found = find(&file, &keyword("Contract").occurrence(Occurrence::All)).unwrap();
        assert_eq!(found.len(), 1, "{what}");
        assert_middle(&file, found[0], CONTRACT, what);
    }
}

#[test]
fn spacing_stretching_and_rise_count() {
    let content = "BT /F 10 Tf 2 Tc 5 Tw 50 Tz 3 Ts 100 700 Td (A B) Tj (X) Tj ET";
    // Widths 667, 278, 667: (6.67 + 2 + 2.78 + 2 + 5 + 6.67 + 2) / 2 = 13.56.
    let file = page(content);
    let found = find(&file, &keyword("X")).unwrap();
    assert_middle(&file, found[0], [100.0 + 13.56 + 6.67 / 4.0, 703.0 + 10.0 * 0.511 / 2.0], "X");
}

#[test]
fn chinese_in_every_predefined_encoding() {
    let text = "合同专用章";
    let gbk = "bacfcdacd7a8d3c3d5c2";
    let utf16 = "5408540c4e1375287ae0";
    let cases = [
        ("GBK-EUC-H", gbk),
        ("GBKp-EUC-H", gbk),
        ("GBK2K-H", gbk),
        ("GB-EUC-H", gbk),
        ("UniGB-UCS2-H", utf16),
        ("UniGB-UTF16-H", utf16),
        ("UniGB-UTF8-H", "e59088e5908ce4b893e794a8e7aba0"),
        ("Identity-H", "07860e5d120510a81163"),
    ];
    for (encoding, string) in cases {
        let content = format!("BT /F 20 Tf 100 500 Td <{string}> Tj ET");
        let file = song(&content, encoding);
        let found = find(&file, &keyword(text).occurrence(Occurrence::All)).unwrap();
        assert_eq!(found.len(), 1, "{encoding}");
        assert_middle(&file, found[0], [150.0, 500.0 + 20.0 * 0.76 / 2.0], encoding);
        let found = find(&file, &keyword("专用")).unwrap();
        assert_middle(&file, found[0], [160.0, 500.0 + 20.0 * 0.76 / 2.0], encoding);
    }
    // Downwards: each character one em high, its middle under the origin.
    let file = song(&format!("BT /F 20 Tf 100 500 Td <{gbk}> Tj ET"), "GBK-EUC-V");
    let found = find(&file, &keyword(text)).unwrap();
    assert_middle(&file, found[0], [100.0, 450.0], "downwards");
}

/// A page in a Chinese font that is not embedded, as `/F`.
fn song(content: &str, encoding: &str) -> Vec<u8> {
    let font = format!(
        "<</Type /Font /Subtype /Type0 /BaseFont /STSong-Light /Encoding /{encoding} /DescendantFonts [6 0 R]>>"
    );
    builder(content.as_bytes(), &font)
        .object(
            6,
            "<</Type /Font /Subtype /CIDFontType0 /BaseFont /STSong-Light /FontDescriptor 7 0 R /DW 1000 \
             /W [814 939 500 7716 [500]] /CIDSystemInfo <</Registry (Adobe) /Ordering (GB1) /Supplement 4>>>>",
        )
        .object(7, "<</Type /FontDescriptor /FontName /STSong-Light /Ascent 880 /Descent -120 /Flags 6>>")
        .build()
}

#[test]
fn half_width_letters_in_a_chinese_font_have_their_width() {
    let file = song("BT /F 20 Tf 100 500 Td <bcd7b7bd2041423a20d5c2> Tj ET", "GBK-EUC-H");
    let found = find(&file, &keyword("章")).unwrap();
    assert_middle(&file, found[0], [100.0 + 40.0 + 50.0 + 10.0, 507.6], "after five half-width characters");
}

#[test]
fn fonts_say_their_text_in_many_ways() {
    let cmap = deflate(
        "1 begincodespacerange <00> <ff> endcodespacerange 2 beginbfrange <01> <02> [<7532> <65b9>] <10> <19> <0030> endbfrange"
            .as_bytes(),
    );
    let to_unicode =
        "<</Type /Font /Subtype /Type1 /BaseFont /X /FirstChar 1 /LastChar 2 /Widths [1000 1000] /ToUnicode 6 0 R>>";
    let differences = "<</Type /Font /Subtype /Type1 /BaseFont /X /FirstChar 1 /LastChar 2 /Widths [1000 1000] \
                       /Encoding <</Differences [1 /uni7532 /uni65B9.alt]>>>>";
    let type3 = "<</Type /Font /Subtype /Type3 /FontMatrix [0.01 0 0 0.01 0 0] /FontBBox [0 -12 100 88] /CharProcs <<>> \
                 /FirstChar 1 /LastChar 2 /Widths [100 100] /Encoding <</Differences [1 /uni7532 /uni65B9]>>>>";
    for (what, font) in [("to Unicode", to_unicode), ("differences", differences), ("type 3", type3)] {
        let file =
            builder(b"BT /F 20 Tf 100 500 Td (\x01\x02) Tj ET", font).stream(6, "/Filter /FlateDecode", &cmap).build();
        let found = find(&file, &keyword("甲方")).unwrap();
        let actual = middle(&file, found[0]);
        assert!((actual[0] - 120.0).abs() < 0.5 && (actual[1] - 507.0).abs() < 2.0, "{what}: {actual:?}");
    }
}

#[test]
fn what_looks_the_same_is_the_same() {
    for (drawn, wanted) in
        [("Party A (seal):", "Party　Ａ（seal）："), ("P a r t y A", "PartyA"), ("Party A", "party a")]
    {
        let file = page(&format!("BT /F 12 Tf 100 700 Td ({}) Tj ET", drawn.replace('(', "\\(").replace(')', "\\)")));
        let found = find(&file, &keyword(wanted));
        if wanted == "party a" {
            assert_eq!(found.unwrap_err().code(), "pdf.keyword-not-found", "case counts");
        } else {
            assert_eq!(found.unwrap().len(), 1, "{drawn}");
        }
    }
}

#[test]
fn a_keyword_may_be_broken_over_lines_or_not() {
    let file = page("BT /F 20 Tf 24 TL 300 700 Td (Sign) Tj -200 -24 Td (ature of A) Tj ET");
    let found = find(&file, &keyword("Signature").occurrence(Occurrence::All)).unwrap();
    assert_eq!(found.len(), 1);
    // The longer part: five letters of 4 × 0.556, 0.278 … = 2.279 em from 100 on.
    let width = 0.556 + 0.278 + 0.556 + 0.333 + 0.556;
    assert_middle(&file, found[0], [100.0 + width * 10.0, 676.0 + 5.11], "the longer part");
    let within = find(&file, &keyword("Signature").lines(Lines::Within)).unwrap_err();
    assert_eq!(within.code(), "pdf.keyword-not-found");
    assert_eq!(find(&file, &keyword("ature").lines(Lines::Within)).unwrap().len(), 1);
    // Columns are not lines.
    let columns = page("BT /F 20 Tf 100 700 Td (Sign) Tj 300 0 Td (ature) Tj ET");
    assert_eq!(find(&columns, &keyword("Signature")).unwrap_err().code(), "pdf.keyword-not-found");
}

#[test]
fn occurrences_are_counted_as_they_are_seen() {
    // Drawn from the bottom up, on two of three pages.
    let content =
        "BT /F 12 Tf 100 100 Td (Seal) Tj ET BT /F 12 Tf 300 700.2 Td (Seal) Tj ET BT /F 12 Tf 100 700 Td (Seal) Tj ET";
    let file = Builder::simple(Xref::Stream)
        .object(2, "<</Type /Pages /Kids [3 0 R 7 0 R 8 0 R] /Count 3 /MediaBox [0 0 600 800] /Resources <</Font <</F 5 0 R>>>>>>")
        .object(3, "<</Type /Page /Parent 2 0 R /Contents 4 0 R>>")
        .stream(4, "", content.as_bytes())
        .object(7, "<</Type /Page /Parent 2 0 R>>")
        .object(8, "<</Type /Page /Parent 2 0 R /Contents [9 0 R 10 0 R]>>")
        .stream(9, "", b"BT /F 12 Tf 200 400 Td (Se) Tj")
        .stream(10, "", b"(al) Tj ET BT /F 12 Tf 200 400 Td (Seal) Tj ET")
        .build();
    let nth = |number| find(&file, &keyword("Seal").occurrence(Occurrence::Nth(NonZeroU32::new(number).unwrap())));
    let y = 4.0 + 12.0 * 0.25;
    let all = find(&file, &keyword("Seal").occurrence(Occurrence::All)).unwrap();
    assert_eq!(all.iter().map(|place| place.page().get()).collect::<Vec<_>>(), [1, 1, 1, 3]);
    let half = (0.667 + 0.556 + 0.556 + 0.222) * 6.0;
    for (index, expected) in [[100.0, 700.0], [300.0, 700.2], [100.0, 100.0]].into_iter().enumerate() {
        assert_middle(&file, all[index], [expected[0] + half, expected[1] + y - 4.0 + 0.1], "all");
    }
    assert_eq!(nth(3).unwrap(), [all[2]]);
    assert_eq!(nth(4).unwrap(), [all[3]]);
    assert!(matches!(nth(5), Err(PdfError::KeywordNotFound { found: 4 })));
    assert_eq!(find(&file, &keyword("Seal")).unwrap(), [all[0]]);
    let last = find(&file, &keyword("Seal").occurrence(Occurrence::Last)).unwrap();
    assert_eq!(last[0].page().get(), -1);
    assert_middle(&file, last[0], [200.0 + half, 400.0 + y - 4.0], "last");
    assert!(matches!(find(&file, &keyword("Stamp")), Err(PdfError::KeywordNotFound { found: 0 })));
    let numbers = [(0, Some(Occurrence::All)), (-1, Some(Occurrence::Last)), (-2, None), (i32::MIN, None)];
    assert!(numbers.into_iter().all(|(number, expected)| Occurrence::from_number(number) == expected));
    assert_eq!(Occurrence::from_number(2), NonZeroU32::new(2).map(Occurrence::Nth));
}

#[test]
fn turned_cropped_and_scaled_pages_and_turned_text() {
    for boxes in [
        "/Rotate 90",
        "/Rotate 180",
        "/Rotate 270",
        "/CropBox [50 50 500 780]",
        "/UserUnit 2",
        "/Rotate 90 /UserUnit 0.5 /CropBox [20 20 500 790]",
    ] {
        let file = builder(b"BT /F 24 Tf 150 600 Td (Contract) Tj ET", HELVETICA)
            .object(
                3,
                &format!("<</Type /Page /Parent 2 0 R /Contents 4 0 R /Resources <</Font <</F 5 0 R>>>> {boxes}>>"),
            )
            .build();
        let found = find(&file, &keyword("Contract")).unwrap();
        assert_middle(&file, found[0], [CONTRACT[0] + 50.0, CONTRACT[1] - 100.0], boxes);
    }
    // A quarter turn to the left.
    let file = page("BT /F 24 Tf 0 1 -1 0 300 300 Tm (Contract) Tj ET");
    let found = find(&file, &keyword("Contract")).unwrap();
    assert_middle(&file, found[0], [300.0 - 24.0 * 0.2555, 300.0 + 3.779 * 12.0], "turned text");
    // What lies outside of the visible page is not seen.
    let file = builder(b"BT /F 24 Tf 100 700 Td (Contract) Tj ET", HELVETICA)
        .object(
            3,
            "<</Type /Page /Parent 2 0 R /Contents 4 0 R /Resources <</Font <</F 5 0 R>>>> /CropBox [0 0 600 400]>>",
        )
        .build();
    assert_eq!(find(&file, &keyword("Contract")).unwrap_err().code(), "pdf.keyword-not-found");
}

#[test]
fn anchors_offsets_and_the_edge_of_the_page() {
    let file = page("BT /F 24 Tf 200 400 Td (Contract) Tj ET");
    let (half_width, half_height) = (3.779 * 12.0, 24.0 * 0.925 / 2.0);
    let middle = [200.0 + half_width, 400.0 + 24.0 * 0.2555];
    let place = |keyword: Keyword| find(&file, &keyword).unwrap()[0];
    let seal = [20.0 * MM, 10.0 * MM];
    let cases = [
        (Anchor::Center, [0.0, 0.0]),
        (Anchor::Left, [-half_width - seal[0], 0.0]),
        (Anchor::Right, [half_width + seal[0], 0.0]),
        (Anchor::Above, [0.0, half_height + seal[1]]),
        (Anchor::Below, [0.0, -half_height - seal[1]]),
    ];
    for (anchor, [right, up]) in cases {
        let expected = [middle[0] + right, middle[1] + up];
        assert_middle(&file, place(keyword("Contract").anchor(anchor)), expected, &format!("{anchor:?}"));
    }
    let moved = place(keyword("Contract").offset_mm([10.0, -5.0]));
    assert_middle(&file, moved, [middle[0] + 10.0 * MM, middle[1] + 5.0 * MM], "offset");
    let corner = page("BT /F 24 Tf 0 4 Td (Contract) Tj ET");
    let found = find(&corner, &keyword("Contract")).unwrap();
    assert_middle(&corner, found[0], seal, "kept on the page");
    for bad in [[f64::NAN, 0.0], [f64::INFINITY, 0.0]] {
        let refused = find(&file, &keyword("Contract").offset_mm(bad)).unwrap_err();
        assert_eq!(refused.code(), "pdf.empty-placement");
    }
}

#[test]
fn forms_and_annotations_are_part_of_the_page() {
    let inner = b"BT /F 12 Tf 0 0 Td (Contract) Tj ET";
    let file = builder(b"q 2 0 0 2 100 700 cm /X Do Q", HELVETICA)
        .object(3, "<</Type /Page /Parent 2 0 R /Contents 4 0 R /Resources <</XObject <</X 6 0 R>>>> /Annots [8 0 R 10 0 R]>>")
        .stream(6, "/Type /XObject /Subtype /Form /BBox [0 0 500 500] /Matrix [1 0 0 1 0 0] /Resources <</XObject <</X 6 0 R /Y 7 0 R>>>>", b"/X Do /Y Do")
        .stream(7, "/Type /XObject /Subtype /Form /BBox [-10 -10 500 500] /Resources <</Font <</F 5 0 R>>>>", inner)
        .object(8, "<</Type /Annot /Subtype /FreeText /Rect [50 50 250 100] /AP <</N 9 0 R>>>>")
        .stream(9, "/Subtype /Form /BBox [0 0 100 25] /Resources <</Font <</F 5 0 R>>>>", b"BT /F 6 Tf 10 10 Td (Remark) Tj ET")
        .object(10, "<</Type /Annot /Subtype /FreeText /F 2 /Rect [50 50 250 100] /AP <</N 11 0 R>>>>")
        .stream(11, "/Subtype /Form /BBox [0 0 100 25] /Resources <</Font <</F 5 0 R>>>>", b"BT /F 6 Tf 10 10 Td (Hidden) Tj ET")
        .build();
    let found = find(&file, &keyword("Contract").occurrence(Occurrence::All)).unwrap();
    assert_eq!(found.len(), 1, "a form inside itself is followed once");
    assert_middle(&file, found[0], CONTRACT, "a form in a form");
    let width = 0.722 + 0.556 + 0.833 + 0.556 + 0.333 + 0.556;
    let found = find(&file, &keyword("Remark")).unwrap();
    assert_middle(&file, found[0], [70.0 + width * 6.0, 70.0 + 12.0 * 0.2555], "an annotation");
    assert_eq!(find(&file, &keyword("Hidden")).unwrap_err().code(), "pdf.keyword-not-found");
}

#[test]
fn actual_text_speaks_for_glyphs_without_text() {
    let font = "<</Type /Font /Subtype /Type0 /BaseFont /X /Encoding /Identity-H /DescendantFonts \
                [<</Type /Font /Subtype /CIDFontType2 /BaseFont /X /DW 1000 /CIDSystemInfo <</Registry (Adobe) /Ordering (Identity) /Supplement 0>>>>]>>";
    let content = b"/Span <</ActualText <FEFF753265b9>>> BDC BT /F 20 Tf 100 500 Td <00010002> Tj ET EMC";
    let file = with_font(content, font);
    let found = find(&file, &keyword("方")).unwrap();
    assert_middle(&file, found[0], [130.0, 507.6], "one character each");
    let content = b"/Span <</ActualText <FEFF753265b9>>> BDC BT /F 20 Tf 100 500 Td <000100020003> Tj ET EMC";
    let file = with_font(content, font);
    let found = find(&file, &keyword("甲方")).unwrap();
    assert_middle(&file, found[0], [130.0, 507.6], "all together");
}

#[test]
fn bad_keywords_are_refused() {
    for empty in ["", "  \u{3000}\n", "\u{200b}"] {
        assert_eq!(Keyword::new(empty).unwrap_err().code(), "pdf.empty-keyword");
    }
    assert!(Keyword::new(&"章".repeat(256)).is_ok());
    assert_eq!(Keyword::new(&"章".repeat(257)).unwrap_err().code(), "pdf.too-long");
    let refused = Pdf::open(page("BT /F 9 Tf (A) Tj ET").as_slice()).unwrap().find_keyword(&keyword("A"), [0.0, 5.0]);
    assert_eq!(refused.unwrap_err().code(), "pdf.empty-placement");
}

#[test]
fn hostile_content_ends_in_a_limit() {
    let refused = |content: &[u8]| find(&with_font(content, HELVETICA), &keyword("Contract")).unwrap_err().code();
    assert_eq!(refused(&b"q ".repeat(5_000)), "pdf.limit-exceeded");
    assert_eq!(refused(&b"1 ".repeat(70_000)), "pdf.limit-exceeded");
    assert_eq!(refused(&b"n ".repeat(5_000_000)), "pdf.limit-exceeded");
    let letters = b"a".repeat(300_000);
    let glyphs = |before: &str| [before.as_bytes(), b"BT /F 0.001 Tf (", &letters, b") Tj "].concat();
    assert_eq!(refused(&glyphs("")), "pdf.limit-exceeded");
    assert_eq!(refused(&glyphs("1 0 0 1 9999 0 cm ").repeat(8)), "pdf.limit-exceeded");
    // Each form draws the next one many times.
    let mut file = builder(&b"/X Do ".repeat(100), HELVETICA)
        .object(3, "<</Type /Page /Parent 2 0 R /Contents 4 0 R /Resources <</XObject <</X 10 0 R>>>>>>");
    for number in 10..40 {
        let entries = format!("/Subtype /Form /Resources <</XObject <</X {} 0 R>>>>", number + 1);
        file = file.stream(number, &entries, &b"/X Do ".repeat(100));
    }
    assert_eq!(find(&file.build(), &keyword("Contract")).unwrap_err().code(), "pdf.limit-exceeded");
    // Many fonts with large maps.
    let cmap = format!("beginbfchar {} endbfchar", "<01> <5408> ".repeat(120_000));
    let names = (10..20).map(|number| format!("/F{number} {number} 0 R ")).collect::<Vec<_>>().concat();
    let shown = (10..20).map(|number| format!("/F{number} 9 Tf ")).collect::<Vec<_>>().concat();
    let mut file = builder(shown.as_bytes(), HELVETICA)
        .object(3, &format!("<</Type /Page /Parent 2 0 R /Contents 4 0 R /Resources <</Font <<{names}>>>>>>"))
        .stream(6, "/Filter /FlateDecode", &deflate(cmap.as_bytes()));
    for number in 10..20 {
        file = file.object(number, "<</Type /Font /Subtype /Type1 /BaseFont /X /ToUnicode 6 0 R>>");
    }
    assert_eq!(find(&file.build(), &keyword("Contract")).unwrap_err().code(), "pdf.limit-exceeded");
    let fonts = "<</Type /Font /Subtype /Type0 /Encoding /Identity-H /DescendantFonts [5 0 R] /ToUnicode 5 0 R>>";
    assert_eq!(
        find(&with_font(b"BT /F 9 Tf (ab) Tj", fonts), &keyword("x")).unwrap_err().code(),
        "pdf.keyword-not-found"
    );
}

/// Pages to look at: `ESEAL_PDFS=DIR ESEAL_KEYWORD=TEXT ESEAL_PAGES_OUT=DIR cargo test -p eseal-document --test pdf --
/// --ignored --nocapture keywords_to_look_at` puts a seal on every occurrence in every file, and says how long looking took.
#[test]
#[ignore = "makes files for people to look at"]
fn keywords_to_look_at() {
    let folder = |name: &str| std::path::PathBuf::from(std::env::var_os(name).unwrap());
    let wanted = keyword(&std::env::var("ESEAL_KEYWORD").unwrap()).occurrence(Occurrence::All);
    let party = Party::new("Test", 1);
    for entry in std::fs::read_dir(folder("ESEAL_PDFS")).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_owned();
        let file = std::fs::read(&path).unwrap();
        if path.extension().is_none_or(|ending| ending != "pdf") {
            continue;
        }
        let begin = std::time::Instant::now();
        let found = find(&file, &wanted);
        println!("{name:?}: {:?}, {:?}", found.as_ref().map(Vec::len).map_err(PdfError::code), begin.elapsed());
        let Ok(found) = found else { continue };
        let Some((first, others)) = found.split_first() else { continue };
        let request = party.request(*first);
        let request = others.iter().fold(request, |request, place| request.mark(Mark::new(&party.face, *place)));
        let prepared = Pdf::open(file.as_slice()).unwrap().prepare(&request).unwrap();
        let signature = party.key.sign(prepared.to_be_signed());
        let sealed = prepared.complete(&signature).unwrap();
        let mut out = Vec::new();
        sealed.write_to(&mut out).unwrap();
        std::fs::write(folder("ESEAL_PAGES_OUT").join(name), out).unwrap();
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn any_content_is_followed_or_refused(content in proptest::collection::vec(any::<u8>(), 0..400), font in any::<[u8; 24]>()) {
        let file = builder(&content, "<</Type /Font /Subtype /Type0 /Encoding 6 0 R /ToUnicode 6 0 R /DescendantFonts [<<>>]>>")
            .stream(6, "", &font)
            .build();
        let _ = find(&file, &keyword("A"));
    }

    #[test]
    fn any_sequence_of_operators_is_followed_or_refused(
        words in proptest::collection::vec(
            prop::sample::select(vec![
                "q", "Q", "cm", "BT", "ET", "Td", "TD", "Tm", "T*", "Tj", "TJ", "'", "\"", "Tf", "/F", "Do", "/X", "BI", "ID",
                "EI", "(A)", "<41>", "[", "]", "1", "-1e9", "0", "99999999999999999999", ".5", "BDC", "EMC", "/S", "<<", ">>",
                "re", "f", "W", "n", "S", "m", "l", "c", "h", "Tz", "Tr", "Ts", "sh", "cs", "sc",
            ]),
            0..120,
        ),
    ) {
        let file = page(&words.join(" "));
        let _ = find(&file, &keyword("A"));
        let wanted = eseal_document::pdf::FreeSpace::new(eseal_document::pdf::PageIndex::new(1), [50.0, 50.0], SIZE).unwrap();
        let _ = Pdf::open(file.as_slice()).unwrap().free_place(&wanted);
    }
}
