//! What is handed in: layouts, limits, files, and pictures of nothing.

use eseal_face::SizeMm;
use eseal_ink::photo::{
    Crop, Layout, MAX_PHOTO_SIDE, MAX_PICTURE_BYTES, PhotoError, PhotoOptions, Picture, PixelRect, Pixels, extract,
    suggest,
};
use image::codecs::jpeg::JpegEncoder;
use proptest::prelude::*;

use crate::scene::Scene;

fn options() -> PhotoOptions {
    PhotoOptions::within(SizeMm::new(40.0, 20.0).unwrap())
}

#[test]
fn layouts_that_do_not_fit_are_refused() {
    let data = [0; 3 * 20 * 20];
    let code = |width, height, stride, layout| Pixels::new(width, height, stride, layout, &data).unwrap_err().code();
    assert_eq!(code(20, 20, 59, Layout::Rgb), "photo.layout");
    assert_eq!(code(20, 21, 60, Layout::Rgb), "photo.layout");
    assert_eq!(code(20, 20, 80, Layout::Rgba), "photo.layout");
    assert_eq!(code(20, 20, u32::MAX, Layout::Luma), "photo.layout");
    assert_eq!(code(15, 20, 60, Layout::Rgb), "photo.too-few-pixels");
    assert_eq!(code(20, 0, 60, Layout::Rgb), "photo.too-few-pixels");
    assert_eq!(code(MAX_PHOTO_SIDE + 1, 20, 60_000, Layout::Rgb), "photo.too-large");
    assert_eq!(code(MAX_PHOTO_SIDE, MAX_PHOTO_SIDE, 60_000, Layout::Rgb), "photo.too-large");
    assert!(Pixels::new(20, 20, 60, Layout::Rgb, &data).is_ok());
    assert!(Pixels::new(20, 20, 62, Layout::Luma, &data).is_ok());
}

#[test]
fn crops_and_margins_that_leave_nothing_are_refused() {
    let photograph = Scene::plain().photograph();
    for (left, top, width, height) in
        [(1600, 0, 100, 100), (0, 0, 0, 0), (1590, 0, 100, 100), (u32::MAX, 0, u32::MAX, 9)]
    {
        let crop = Crop::Rect(PixelRect { left, top, width, height });
        let refused = extract(&photograph.pixels(), &PhotoOptions { crop, ..options() }).unwrap_err();
        assert!(matches!(refused, PhotoError::Crop { .. }), "{refused}");
    }
    for margin_mm in [f64::NAN, -0.1, 10.0, 51.0] {
        let refused = extract(&photograph.pixels(), &PhotoOptions { margin_mm, ..options() }).unwrap_err();
        assert_eq!(refused.code(), "photo.margin");
    }
}

#[test]
fn the_layout_makes_no_difference() {
    let photograph = Scene::plain().photograph();
    let face = |pixels: &Pixels<'_>| extract(pixels, &options()).unwrap().face().to_svg();
    let plain = face(&photograph.pixels());
    let mut rgba = Vec::new();
    for row in photograph.data.chunks_exact(1600 * 3) {
        rgba.extend(row.chunks_exact(3).flat_map(|pixel| [pixel[0], pixel[1], pixel[2], 7]));
        rgba.extend([99; 13]);
    }
    assert_eq!(plain, face(&Pixels::new(1600, 1200, 1600 * 4 + 13, Layout::Rgba, &rgba).unwrap()));
    let luma: Vec<u8> = photograph.data.chunks_exact(3).map(|pixel| pixel[1]).collect();
    assert!(face(&Pixels::new(1600, 1200, 1600, Layout::Luma, &luma).unwrap()).starts_with("<svg"));
}

#[test]
fn what_is_suggested_can_be_extracted_alone() {
    let photograph = Scene::plain().photograph();
    let found = suggest(&photograph.pixels()).unwrap();
    assert_eq!(found.len(), 1);
    let face = |crop| extract(&photograph.pixels(), &PhotoOptions { crop, ..options() }).unwrap().face().size();
    let (whole, cropped) = (face(Crop::Suggested), face(Crop::Rect(found[0])));
    assert!((whole.height() - cropped.height()).abs() < 0.05, "{whole:?} {cropped:?}");
}

#[test]
fn files_that_are_no_pictures_are_refused() {
    for file in [&b""[..], b"GIF89a", b"\xff\xd8\xff\xe0", b"\x89PNG\r\n\x1a\n", &vec![0; MAX_PICTURE_BYTES + 1]] {
        assert_eq!(Picture::decode(file).unwrap_err().code(), "photo.unreadable");
    }
}

/// A JPEG file with the orientation tag (Exif 2.3, 4.6.4) that says: turn a quarter clockwise to see it upright.
#[test]
fn the_orientation_of_a_file_is_obeyed() {
    let mut file = Vec::new();
    JpegEncoder::new(&mut file).encode(&vec![128; 32 * 20], 32, 20, image::ExtendedColorType::L8).unwrap();
    let mut exif = b"Exif\0\0MM\0\x2a\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06\0\0\0\0\0\0".to_vec();
    let length = u16::try_from(exif.len() + 2).unwrap().to_be_bytes();
    exif.splice(0..0, [0xff, 0xe1, length[0], length[1]]);
    file.splice(2..2, exif);
    let picture = Picture::decode(&file).unwrap();
    let pixels = picture.pixels().unwrap();
    assert_eq!((pixels.width(), pixels.height()), (20, 32));
}

#[test]
fn debug_shows_no_pixels() {
    let data = vec![171; 20 * 20];
    assert!(!format!("{:?}", Pixels::new(20, 20, 20, Layout::Luma, &data).unwrap()).contains("171"));
}

#[test]
fn pictures_of_nothing_are_refused() {
    for value in [0, 1, 128, 254, 255] {
        let data = vec![value; 200 * 120 * 3];
        let pixels = Pixels::new(200, 120, 600, Layout::Rgb, &data).unwrap();
        assert_eq!(extract(&pixels, &options()).unwrap_err().code(), "photo.no-ink", "{value}");
    }
}

#[test]
fn a_picture_of_two_colours_is_not_blurred() {
    let (width, height) = (300_usize, 200_usize);
    let mut data = vec![235; width * height];
    for step in 0..100 {
        for thick in 0..14 {
            data[(50 + step) * width + 80 + step + thick] = 20;
            data[(149 - step) * width + 80 + step + thick] = 20;
        }
    }
    let pixels = Pixels::new(300, 200, 300, Layout::Luma, &data).unwrap();
    let size = extract(&pixels, &options()).unwrap().face().size();
    assert!((size.width() / size.height() - 1.13).abs() < 0.05, "{size:?}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    /// Whatever the pixels, there is a face within the box or a refusal.
    #[test]
    fn any_pixels_are_answered(
        width in 16_u32..90,
        height in 16_u32..90,
        kind in 0_usize..3,
        seed in any::<[u8; 32]>(),
        blocks in 1_usize..12,
    ) {
        let layout = [Layout::Luma, Layout::Rgb, Layout::Rgba][kind];
        let stride = width * layout.bytes();
        let data: Vec<u8> = (0..(stride * height) as usize)
            .map(|at| seed[(at / blocks + at / stride as usize / blocks * 7) % seed.len()])
            .collect();
        let pixels = Pixels::new(width, height, stride, layout, &data).unwrap();
        let crop = Crop::Rect(pixels.bounds());
        for crop in [Crop::Suggested, crop] {
            if let Ok(ink) = extract(&pixels, &PhotoOptions { crop, ..options() }) {
                let size = ink.face().size();
                prop_assert!(size.width() <= 40.001 && size.height() <= 20.001);
            }
        }
    }
}
