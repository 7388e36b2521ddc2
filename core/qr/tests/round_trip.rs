//! What is written can be read: every version, rotation, mirroring, scale, noise.
#![allow(
    clippy::unwrap_used,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::cast_precision_loss,
    clippy::cast_possible_wrap,
    reason = "test code"
)]

use eseal_qr::{Decoded, Level, LumaFrame, LumaPicture, ModulePx, QrError, decode, encode};
use proptest::prelude::*;

fn picture(text: &str, module_px: u32) -> LumaPicture {
    encode(text, Level::M).unwrap().to_luma(ModulePx::new(module_px).unwrap())
}

fn read(side: u32, luma: &[u8]) -> Result<Vec<Decoded>, QrError> {
    decode(&LumaFrame::new(side, side, side, luma).unwrap())
}

fn texts(side: u32, luma: &[u8]) -> Vec<String> {
    read(side, luma).unwrap().into_iter().map(|decoded| decoded.text).collect()
}

/// The picture seen by a camera turned by `degrees` and zoomed by `zoom`, sampled bilinearly on a white ground.
fn seen(picture: &LumaPicture, degrees: f32, zoom: f32) -> LumaPicture {
    let side = picture.side_px as f32;
    let out = (side * zoom * 1.5) as u32;
    let (sin, cos) = degrees.to_radians().sin_cos();
    let pixel = |x: i64, y: i64| {
        let inside = |v: i64| (0..i64::from(picture.side_px)).contains(&v);
        if inside(x) && inside(y) {
            f32::from(picture.luma[y as usize * picture.side_px as usize + x as usize])
        } else {
            255.0
        }
    };
    let sample = |column: u32, row: u32| {
        let (dx, dy) = (column as f32 - out as f32 / 2.0, row as f32 - out as f32 / 2.0);
        let (x, y) = ((cos * dx + sin * dy) / zoom + side / 2.0, (cos * dy - sin * dx) / zoom + side / 2.0);
        let (left, top) = (x.floor(), y.floor());
        let (u, v) = (x - left, y - top);
        let at = |right: i64, down: i64| pixel(left as i64 + right, top as i64 + down);
        let upper = at(0, 0) * (1.0 - u) + at(1, 0) * u;
        let lower = at(0, 1) * (1.0 - u) + at(1, 1) * u;
        (upper * (1.0 - v) + lower * v).round() as u8
    };
    let luma = (0..out).flat_map(|row| (0..out).map(move |column| (column, row))).map(|(c, r)| sample(c, r)).collect();
    LumaPicture { side_px: out, luma }
}

/// A small deterministic noise source (xorshift64*), so that a failure can be repeated.
struct Noise(u64);

impl Noise {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_F491_4F6C_DD1D)
    }

    fn within(&mut self, amplitude: i32) -> i32 {
        (self.next() >> 33) as i32 % (2 * amplitude + 1) - amplitude
    }
}

const LINK: &str = "HTTPS://SEAL.EXAMPLE.GOV.CN/C/1/7K2QJ5VHN4WTRZ3A.2F.9QX7M2";

#[test]
fn every_version() {
    let mut seen_sides = Vec::new();
    for length in (1..=2331).step_by(20) {
        let text: String = (0..length).map(|place| char::from(b'!' + (place * 31 % 90) as u8)).collect();
        let code = encode(&text, Level::M).unwrap();
        let picture = code.to_luma(ModulePx::MIN);
        assert_eq!(texts(picture.side_px, &picture.luma), [text], "{} modules", code.side());
        seen_sides.push(code.side());
    }
    seen_sides.dedup();
    assert_eq!(seen_sides, (0..40).map(|version| 21 + 4 * version).collect::<Vec<u32>>());
}

#[test]
fn chinese_text_keeps_its_characters() {
    for text in ["江西省电子印章", "sealé", "盖章 🖋 HTTPS://A.B/C"] {
        let picture = picture(text, 4);
        assert_eq!(texts(picture.side_px, &picture.luma), [text]);
    }
}

#[test]
fn any_rotation_and_scale() {
    let picture = picture(LINK, 6);
    for degrees in [0.0, 12.0, 45.0, 77.0, 90.0, 135.0, 180.0, 263.0, 270.0, 331.0] {
        for zoom in [0.6, 1.0, 1.7, 5.0] {
            let seen = seen(&picture, degrees, zoom);
            assert_eq!(texts(seen.side_px, &seen.luma), [LINK], "{degrees} degrees, zoom {zoom}");
        }
    }
}

#[test]
fn mirrored_as_by_a_front_camera() {
    let mut picture = picture(LINK, 4);
    for row in picture.luma.chunks_exact_mut(picture.side_px as usize) {
        row.reverse();
    }
    assert_eq!(texts(picture.side_px, &picture.luma), [LINK]);
}

#[test]
fn corners_are_those_of_the_symbol() {
    let picture = picture(LINK, 5);
    let found = read(picture.side_px, &picture.luma).unwrap();
    let (near, far) = (20.0, picture.side_px as f32 - 20.0);
    for (corner, (x, y)) in found[0].corners.iter().zip([(near, near), (far, near), (far, far), (near, far)]) {
        assert!((corner.x - x).abs() < 5.0 && (corner.y - y).abs() < 5.0, "{corner:?} is not at {x},{y}");
    }
}

#[test]
fn noise_and_low_contrast() {
    let mut noise = Noise(0x5EA1);
    let mut picture = picture(LINK, 5);
    for pixel in &mut picture.luma {
        let grey = 70 + i32::from(*pixel) * 110 / 255;
        *pixel = (grey + noise.within(30)).clamp(0, 255) as u8;
    }
    assert_eq!(texts(picture.side_px, &picture.luma), [LINK]);
}

#[test]
fn two_codes_in_one_frame() {
    let (left, right) = (picture("HTTPS://A.EXAMPLE/1", 4), picture("HTTPS://B.EXAMPLE/2", 4));
    assert_eq!(left.side_px, right.side_px);
    let side = left.side_px as usize;
    let rows = left.luma.chunks_exact(side).zip(right.luma.chunks_exact(side));
    let luma: Vec<u8> = rows.flat_map(|(left, right)| [left, right].concat()).collect();
    let frame = LumaFrame::new(2 * left.side_px, left.side_px, 2 * left.side_px, &luma).unwrap();
    let mut found: Vec<String> = decode(&frame).unwrap().into_iter().map(|decoded| decoded.text).collect();
    found.sort();
    assert_eq!(found, ["HTTPS://A.EXAMPLE/1", "HTTPS://B.EXAMPLE/2"]);
}

#[test]
fn a_code_in_a_frame_with_row_gaps() {
    let picture = picture(LINK, 4);
    let stride = picture.side_px + 37;
    let mut luma = Vec::new();
    for row in picture.luma.chunks_exact(picture.side_px as usize) {
        luma.extend_from_slice(row);
        luma.extend_from_slice(&[0; 37]);
    }
    let frame = LumaFrame::new(picture.side_px, picture.side_px, stride, &luma).unwrap();
    assert_eq!(decode(&frame).unwrap()[0].text, LINK);
}

#[test]
fn a_code_that_fills_a_large_frame() {
    let picture = picture(LINK, 64);
    let large = seen(&picture, 3.0, 1.6);
    assert!(large.side_px > 4096);
    let found = read(large.side_px, &large.luma).unwrap();
    assert_eq!(found[0].text, LINK);
    // Corners come back in the frame's own pixels, not in those of the reduced plane.
    assert!(found[0].corners[2].x > large.side_px as f32 / 2.0);
}

#[test]
fn debug_output_keeps_the_text_out_of_logs() {
    let picture = picture(LINK, 4);
    assert!(!format!("{:?}", read(picture.side_px, &picture.luma).unwrap()).contains("SEAL"));
}

#[test]
fn frames_without_a_code_say_so() {
    for (side, luma) in [(1, 0), (20, 255), (21, 0), (64, 128), (640, 255)] {
        assert_eq!(read(side, &vec![luma; (side * side) as usize]).unwrap_err(), QrError::NotFound);
    }
}

/// A frame as a hostile or broken caller may make it: noise, bars, or a code with a part overwritten.
fn garbage() -> impl Strategy<Value = (u32, u32, Vec<u8>)> {
    let noise = (1_u32..180, 1_u32..180, any::<u64>(), 0_u32..4).prop_map(|(width, height, seed, kind)| {
        let mut noise = Noise(seed | 1);
        let period = 1 + noise.next() % 9;
        let luma = (0..width * height)
            .map(|place| match kind {
                0 => noise.next() as u8,
                1 => 255 * u8::from((u64::from(place % width) / period).is_multiple_of(2)),
                2 => 255 * u8::from(noise.next().is_multiple_of(3)),
                _ => {
                    255 * u8::from(
                        (u64::from(place % width) / period + u64::from(place / width) / period).is_multiple_of(2),
                    )
                }
            })
            .collect();
        (width, height, luma)
    });
    let damaged = (any::<u64>(), "[A-Z0-9]{1,200}").prop_map(|(seed, text)| {
        let mut picture = picture(&text, 4);
        let mut noise = Noise(seed | 1);
        let length = picture.luma.len() as u64;
        for _ in 0..noise.next() % 40 {
            let (start, run) = ((noise.next() % length) as usize, (noise.next() % 600) as usize);
            let end = (start + run).min(picture.luma.len());
            let shade = noise.next() as u8;
            picture.luma[start..end].fill(shade);
        }
        (picture.side_px, picture.side_px, picture.luma)
    });
    prop_oneof![noise, damaged]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(192))]

    #[test]
    fn garbage_never_panics((width, height, luma) in garbage()) {
        let frame = LumaFrame::new(width, height, width, &luma).unwrap();
        match decode(&frame) {
            Ok(found) => prop_assert!(!found.is_empty()),
            Err(error) => prop_assert_eq!(error, QrError::NotFound),
        }
    }

    #[test]
    fn any_text_comes_back(text in "[ -~]{1,120}") {
        let picture = picture(&text, 4);
        prop_assert_eq!(texts(picture.side_px, &picture.luma), [text]);
    }

    #[test]
    fn any_unicode_text_comes_back(text in "[a-zé-ü一-鿿]{1,40}") {
        let picture = picture(&text, 4);
        prop_assert_eq!(texts(picture.side_px, &picture.luma), [text]);
    }
}
