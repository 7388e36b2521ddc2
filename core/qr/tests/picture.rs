//! Picture files: the formats that are read, and what is refused.
#![cfg(feature = "picture")]
#![allow(clippy::unwrap_used, reason = "test code")]

use std::io::Cursor;

use eseal_qr::{Level, MAX_PICTURE_BYTES, ModulePx, QrCode, QrError, decode_picture, encode};
use image::{DynamicImage, ImageFormat, LumaA};

const LINK: &str = "HTTPS://SEAL.EXAMPLE.GOV.CN/C/1/7K2Q";

fn code() -> QrCode {
    encode(LINK, Level::M).unwrap()
}

fn file(picture: &DynamicImage, format: ImageFormat) -> Vec<u8> {
    let mut file = Cursor::new(Vec::new());
    picture.write_to(&mut file, format).unwrap();
    file.into_inner()
}

#[test]
fn png_and_jpeg() {
    let png = code().to_png(ModulePx::MIN);
    assert_eq!(decode_picture(&png).unwrap()[0].text, LINK);
    let picture = image::load_from_memory(&png).unwrap();
    let jpeg = file(&DynamicImage::ImageRgb8(picture.to_rgb8()), ImageFormat::Jpeg);
    assert_eq!(decode_picture(&jpeg).unwrap()[0].text, LINK);
}

#[test]
fn transparent_pixels_count_as_white() {
    let mut picture = image::load_from_memory(&code().to_png(ModulePx::MIN)).unwrap().to_luma_alpha8();
    for pixel in picture.pixels_mut().filter(|pixel| pixel.0[0] == 255) {
        *pixel = LumaA([0, 0]);
    }
    let png = file(&DynamicImage::ImageLumaA8(picture), ImageFormat::Png);
    assert_eq!(decode_picture(&png).unwrap()[0].text, LINK);
}

#[test]
fn no_code_is_not_an_unreadable_picture() {
    let blank = file(&DynamicImage::new_luma8(300, 200), ImageFormat::Png);
    assert_eq!(decode_picture(&blank).unwrap_err(), QrError::NotFound);
}

#[test]
fn refuses_what_is_no_picture() {
    let png = code().to_png(ModulePx::MIN);
    let truncated = &png[..png.len() / 2];
    for bytes in [b"".as_slice(), b"not a picture", b"GIF89a\x01\x00\x01\x00\x00\x00\x00", truncated] {
        assert_eq!(decode_picture(bytes).unwrap_err().code(), "qr.picture-unreadable");
    }
    assert_eq!(decode_picture(&vec![0; MAX_PICTURE_BYTES + 1]).unwrap_err().code(), "qr.picture-unreadable");
}

/// A PNG that only claims to be this large: a header and no pixels.
fn claimed(width: u32, height: u32) -> Vec<u8> {
    let mut file = Vec::new();
    let mut encoder = png::Encoder::new(&mut file, width, height);
    encoder.set_color(png::ColorType::Rgba);
    encoder.write_header().unwrap().write_chunk(png::chunk::IDAT, &[]).unwrap();
    file
}

#[test]
fn refuses_bombs_before_they_take_memory() {
    assert_eq!(decode_picture(&claimed(16_385, 10)).unwrap_err(), QrError::TooLarge { width: 16_385, height: 10 });
    assert_eq!(decode_picture(&claimed(16_000, 16_000)).unwrap_err().code(), "qr.picture-unreadable");
}
