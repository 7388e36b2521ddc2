//! Seals that are images, and text beside a seal.

use eseal_document::pdf::{Font, Image, Mark, Pdf, PdfError, SigningTime, StampRequest, TextBlock, TextSide};
use eseal_face::Dpi;

use crate::builder::{Builder, Xref};
use crate::font;
use crate::party::{NOW, Party, at};
use crate::picture::{self, Picture};

pub(crate) fn seal<'a>(
    party: &'a Party,
    file: &[u8],
    marks: impl IntoIterator<Item = Mark<'a>>,
) -> Result<Vec<u8>, PdfError> {
    let request = StampRequest::new(&party.chain, SigningTime { at: NOW, offset_minutes: 480 }).marks(marks);
    let prepared = Pdf::open(file)?.prepare(&request)?;
    let signature = party.key.sign(prepared.to_be_signed());
    let mut out = Vec::new();
    prepared.complete(&signature)?.write_to(&mut out)?;
    Ok(out)
}

/// A PNG of 8-bit samples.
pub(crate) fn png(width: u32, height: u32, color: png::ColorType, data: &[u8]) -> Vec<u8> {
    let mut file = Vec::new();
    let mut encoder = png::Encoder::new(&mut file, width, height);
    encoder.set_color(color);
    encoder.set_depth(png::BitDepth::Eight);
    encoder.write_header().unwrap().write_image_data(data).unwrap();
    file
}

/// A page of which the lower half is green.
fn page() -> Vec<u8> {
    Builder::new(Xref::Table)
        .object(1, "<</Type /Catalog /Pages 2 0 R>>")
        .object(2, "<</Type /Pages /Kids [3 0 R] /Count 1 /MediaBox [0 0 288 288]>>")
        .object(3, "<</Type /Page /Parent 2 0 R /Contents 4 0 R /Resources <<>>>>")
        .stream(4, "", b"0 1 0 rg 0 0 288 144 re f")
        .build()
}

/// The place of a mark of two inches square in the middle of the page.
fn drawn(file: &[u8]) -> Picture {
    picture::pages(file, 1.0)[0].crop(72, 72, 144, 144)
}

fn streams(file: &[u8], subtype: &[u8]) -> Vec<lopdf::Stream> {
    let document = lopdf::Document::load_mem(file).unwrap();
    let is_kind = |stream: &&lopdf::Stream| {
        stream.dict.get(b"Subtype").is_ok_and(|kind| kind.as_name().is_ok_and(|name| name == subtype))
    };
    document.objects.values().filter_map(|object| object.as_stream().ok()).filter(is_kind).cloned().collect()
}

#[test]
fn what_is_transparent_in_an_image_shows_the_page() {
    let party = Party::new("Test", 1);
    // Left opaque red, right half covered by blue; the lower half fully transparent.
    let rows = [
        [200, 0, 0, 255, 0, 0, 255, 128],
        [200, 0, 0, 255, 0, 0, 255, 128],
        [9, 9, 9, 0, 0, 0, 0, 0],
        [9, 9, 9, 0, 0, 0, 0, 255],
    ];
    let image = Image::from_bytes(&png(2, 4, png::ColorType::Rgba, rows.as_flattened())).unwrap();
    assert_eq!(image.size(), [2, 4]);
    let sealed = seal(&party, &page(), [Mark::new(&image, at(1, [25.4, 25.4], [50.8, 50.8]))]).unwrap();
    let seen = drawn(&sealed);
    // The image is half as wide as high, in the middle of its place.
    let pixel = |x: usize, y: usize| seen.rgb[y * seen.width + x];
    assert_eq!(pixel(10, 20), [255; 3], "beside the image");
    assert_eq!(pixel(50, 20), [200, 0, 0]);
    let mixed = pixel(95, 20);
    assert!(mixed[2] == 255 && (120..=135).contains(&mixed[0]), "{mixed:?}");
    assert_eq!(pixel(50, 100), [0, 255, 0], "the page below");
    assert_eq!(pixel(95, 135), [0, 0, 0]);
    let images = streams(&sealed, b"Image");
    assert_eq!(images.len(), 2);
    assert_eq!(images.iter().filter(|image| image.dict.has(b"SMask")).count(), 1);
}

#[test]
fn every_kind_of_png_looks_as_it_did() {
    let party = Party::new("Test", 1);
    let gray = png(2, 1, png::ColorType::Grayscale, &[0, 200]);
    let gray_alpha = png(2, 1, png::ColorType::GrayscaleAlpha, &[0, 255, 200, 255]);
    let rgb = png(2, 1, png::ColorType::Rgb, &[0, 0, 0, 200, 200, 200]);
    // Over 256 colours: not a palette. The first and last pixels are those of the others.
    let mut many: Vec<u8> =
        (0..=255_u8).flat_map(|value| [[0, 0, 0], [value, 255 - value, 7], [200, 200, 200]]).flatten().collect();
    many.extend([0; 3].repeat(900 - many.len() / 3));
    let true_color = png(300, 3, png::ColorType::Rgb, &many);
    for (name, file) in [("gray", gray), ("gray and alpha", gray_alpha), ("rgb", rgb)] {
        let image = Image::from_bytes(&file).unwrap();
        let sealed = seal(&party, &page(), [Mark::new(&image, at(1, [25.4, 25.4], [50.8, 50.8]))]).unwrap();
        let seen = drawn(&sealed);
        assert_eq!([seen.rgb[72 * 144 + 20], seen.rgb[72 * 144 + 124]], [[0; 3], [200; 3]], "{name}");
    }
    let image = Image::from_bytes(&true_color).unwrap();
    let sealed = seal(&party, &page(), [Mark::new(&image, at(1, [25.4, 25.4], [50.8, 50.8]))]).unwrap();
    let written = &streams(&sealed, b"Image")[0];
    assert_eq!(written.dict.get(b"ColorSpace").unwrap().as_name().unwrap(), b"DeviceRGB");
    assert_eq!(written.decompressed_content().unwrap(), many);
}

#[test]
fn a_face_as_png_stays_a_palette_and_small() {
    let party = Party::new("Test", 1);
    let file = party.face.to_png(Dpi::new(300).unwrap()).unwrap();
    let image = Image::from_bytes(&file).unwrap();
    let place = at(1, [25.4, 25.4], [50.8, 50.8]);
    let sealed = seal(&party, &page(), [Mark::new(&image, place)]).unwrap();
    let images = streams(&sealed, b"Image");
    assert!(images.iter().any(|image| image.dict.get(b"ColorSpace").is_ok_and(|space| space.as_array().is_ok())));
    let written: usize = images.iter().map(|image| image.content.len()).sum();
    assert!(written < file.len() * 3 / 2, "{written} bytes for a PNG of {}", file.len());
    let vector = seal(&party, &page(), [Mark::new(&party.face, place)]).unwrap();
    let difference = drawn(&sealed).difference(&drawn(&vector));
    assert!(difference < 0.03, "{difference}");
}

#[test]
fn a_jpeg_is_kept_as_it_is() {
    let party = Party::new("Test", 1);
    let mut file = Vec::new();
    let pixels = image::RgbImage::from_pixel(32, 16, image::Rgb([10, 20, 220]));
    pixels.write_to(&mut std::io::Cursor::new(&mut file), image::ImageFormat::Jpeg).unwrap();
    let image = Image::from_bytes(&file).unwrap();
    let sealed = seal(&party, &page(), [Mark::new(&image, at(1, [25.4, 25.4], [50.8, 50.8]))]).unwrap();
    assert_eq!(streams(&sealed, b"Image")[0].content, file);
    let [red, _, blue] = drawn(&sealed).rgb[72 * 144 + 72];
    assert!(red < 40 && blue > 190);
}

#[test]
fn pictures_that_are_none_are_refused() {
    let code = |bytes: &[u8]| Image::from_bytes(bytes).unwrap_err().code();
    let good = png(2, 2, png::ColorType::Rgba, &[7; 16]);
    for end in 0..good.len() - 16 {
        assert_eq!(code(&good[..end]), "pdf.bad-picture", "cut at {end}");
    }
    assert_eq!(code(b"GIF89a"), "pdf.bad-picture");
    assert_eq!(code(&[0xff, 0xd8, 0xff]), "pdf.bad-picture");
    // A header that promises 100,000 by 100,000 pixels.
    let mut bomb = good;
    bomb[16..24].copy_from_slice(&[0, 1, 0x86, 0xa0, 0, 1, 0x86, 0xa0]);
    let crc = flate2::Crc::new();
    let crc = {
        let mut crc = crc;
        crc.update(&bomb[12..29]);
        crc.sum()
    };
    bomb[29..33].copy_from_slice(&crc.to_be_bytes());
    assert_eq!(code(&bomb), "pdf.limit-exceeded");
}

const TEXT: &str = "甲方A";

#[test]
fn text_is_shown_beside_the_seal_and_can_be_read_back() {
    let party = Party::new("Test", 1);
    let font = Font::from_bytes(font::with(&['甲', '方', 'A', ' '], 0), 0).unwrap();
    for (side, place) in [(TextSide::Right, [60.0, 20.0]), (TextSide::Below, [25.0, 50.0])] {
        let text = TextBlock::new([TEXT, "方 A"]).font(&font).side(side);
        let bare = seal(&party, &page(), [Mark::new(&party.face, at(1, [10.0, 10.0], place))]).unwrap();
        let sealed = seal(&party, &page(), [Mark::new(&party.face, at(1, [10.0, 10.0], place)).text(&text)]).unwrap();
        let black = |file: &[u8]| picture::pages(file, 4.0)[0].rgb.iter().filter(|pixel| **pixel == [0; 3]).count();
        assert_eq!(black(&bare), 0);
        // Five glyphs that are seen, each half an em by four fifths at least.
        let em = 10.5 * 4.0;
        let least: f64 = 5.0 * 0.45 * 0.8 * em * em * 0.6;
        assert!(f64::from(u32::try_from(black(&sealed)).unwrap()) > least, "{side:?}: {}", black(&sealed));
        let document = lopdf::Document::load_mem(&sealed).unwrap();
        let font = document
            .objects
            .values()
            .filter_map(|object| object.as_dict().ok())
            .find(|dictionary| dictionary.has(b"ToUnicode"))
            .unwrap();
        let map = font.get(b"ToUnicode").unwrap().as_reference().unwrap();
        let map = document.get_object(map).unwrap().as_stream().unwrap().decompressed_content().unwrap();
        let map = String::from_utf8(map).unwrap();
        for expected in ["<0001> <7532>", "<0002> <65B9>", "<0003> <0041>", "<0004> <0020>"] {
            assert!(map.contains(expected), "{map}");
        }
        let repeated = seal(&party, &page(), [Mark::new(&party.face, at(1, [10.0, 10.0], place)).text(&text)]).unwrap();
        let drawn = |file: &[u8]| streams(file, b"Form").into_iter().map(|form| form.content).collect::<Vec<_>>();
        assert_eq!(drawn(&repeated), drawn(&sealed), "the same every time");
    }
}

#[test]
fn text_without_a_font_or_a_glyph_or_room_is_refused() {
    let party = Party::new("Test", 1);
    let font = Font::from_bytes(font::with(&['A'], 0), 0).unwrap();
    let refused = |text: &TextBlock<'_>, size: [f64; 2]| {
        seal(&party, &page(), [Mark::new(&party.face, at(1, [10.0, 10.0], size)).text(text)]).unwrap_err()
    };
    let large = [60.0, 20.0];
    assert_eq!(refused(&TextBlock::new([TEXT]), large).code(), "pdf.font-missing");
    let missing = refused(&TextBlock::new(["AA甲A"]).font(&font), large);
    assert!(matches!(missing, PdfError::CharacterMissing { character: '甲' }), "{missing}");
    assert_eq!(refused(&TextBlock::new(["A\u{7}"]).font(&font), large).code(), "pdf.character-missing");
    assert_eq!(refused(&TextBlock::new(["A"; 8]).font(&font), [20.0, 5.0]).code(), "pdf.text-does-not-fit");
    assert_eq!(refused(&TextBlock::new(["A".repeat(200)]).font(&font), large).code(), "pdf.text-does-not-fit");
    assert_eq!(refused(&TextBlock::new(["A".repeat(2_000)]).font(&font), large).code(), "pdf.too-long");
    assert_eq!(refused(&TextBlock::new(["A"; 17]).font(&font), large).code(), "pdf.limit-exceeded");
    assert_eq!(refused(&TextBlock::new(Vec::<String>::new()).font(&font), large).code(), "pdf.limit-exceeded");
}

#[test]
fn what_the_makers_of_a_font_forbid_is_not_done() {
    let code =
        |permissions: u16| Font::from_bytes(font::with(&['A'], permissions), 0).map_err(|refused| refused.code()).err();
    for allowed in [0x0000, 0x0004, 0x0008, 0x0006] {
        assert_eq!(code(allowed), None, "{allowed:#06x}");
    }
    for forbidden in [0x0002, 0x0100, 0x0104, 0x0200] {
        assert_eq!(code(forbidden), Some("pdf.font-not-embeddable"), "{forbidden:#06x}");
    }
}

#[test]
fn fonts_that_are_none_are_refused_however_they_are_cut() {
    let party = Party::new("Test", 1);
    let whole = font::with(&['A'], 0);
    for end in (0..whole.len()).step_by(7) {
        let Ok(cut) = Font::from_bytes(whole[..end].to_vec(), 0) else { continue };
        let text = TextBlock::new(["A"]).font(&cut);
        // What is cut off may be padding; nothing may panic.
        let _ = seal(&party, &page(), [Mark::new(&party.face, at(1, [10.0, 10.0], [60.0, 20.0])).text(&text)]);
    }
    assert_eq!(Font::from_bytes(b"OTTO".to_vec(), 0).unwrap_err().code(), "pdf.bad-font");
    assert_eq!(Font::from_bytes(whole, 3).map_err(|refused| refused.code()).err(), Some("pdf.bad-font"));
}
