//! The scanner: what must be read, what must not, and what it may cost.
#![allow(
    clippy::unwrap_used,
    clippy::print_stderr,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::cast_precision_loss,
    clippy::cast_possible_wrap,
    missing_docs,
    reason = "test code"
)]

use eseal_qr::{
    Budget, Level, LumaFrame, LumaPicture, ModulePx, QrError, Rotation, Scanner, decode, decode_within, encode,
};
use proptest::prelude::*;
use qrcode::bits::Bits;
use qrcode::canvas::{Canvas, MaskPattern};
use qrcode::ec::construct_codewords;
use qrcode::{Color, EcLevel, Version};

const LINK: &str = "HTTPS://SEAL.EXAMPLE.GOV.CN/C/1/7K2QJ5VHN4WTRZ3A.2F.9QX7M2";
const MASKS: [MaskPattern; 8] = [
    MaskPattern::Checkerboard,
    MaskPattern::HorizontalLines,
    MaskPattern::VerticalLines,
    MaskPattern::DiagonalLines,
    MaskPattern::LargeCheckerboard,
    MaskPattern::Fields,
    MaskPattern::Diamonds,
    MaskPattern::Meadow,
];

/// A symbol as another encoder writes it, filled as far as it goes, with a quiet zone of four modules.
fn foreign(number: i16, level: EcLevel, mask: MaskPattern, px: usize) -> (String, LumaPicture) {
    let version = Version::Normal(number);
    let capacity = Bits::new(version).max_len(level).unwrap() / 8 - 3;
    let text: String = (0..capacity).map(|place| char::from(b'a' + (place * 7 % 26) as u8)).collect();
    let mut bits = Bits::new(version);
    bits.push_byte_data(text.as_bytes()).unwrap();
    bits.push_terminator(level).unwrap();
    let (data, parity) = construct_codewords(&bits.into_bytes(), version, level).unwrap();
    let mut canvas = Canvas::new(version, level);
    canvas.draw_all_functional_patterns();
    canvas.draw_data(&data, &parity);
    canvas.apply_mask(mask);
    let colors = canvas.into_colors();
    let side = version.width() as usize;
    let whole = (side + 8) * px;
    let module = |at: usize| (at / px).checked_sub(4).filter(|&at| at < side);
    let is_dark = |(x, y)| colors[y * side + x] == Color::Dark;
    let luma = (0..whole * whole)
        .map(|at| if module(at % whole).zip(module(at / whole)).is_some_and(is_dark) { 0 } else { 255 })
        .collect();
    (text, LumaPicture { side_px: whole as u32, luma })
}

fn ours(text: &str, module_px: u32) -> LumaPicture {
    encode(text, Level::M).unwrap().to_luma(ModulePx::new(module_px).unwrap())
}

fn frame(picture: &LumaPicture) -> LumaFrame<'_> {
    LumaFrame::new(picture.side_px, picture.side_px, picture.side_px, &picture.luma).unwrap()
}

fn texts(picture: &LumaPicture) -> Vec<String> {
    decode(&frame(picture)).unwrap_or_default().into_iter().map(|decoded| decoded.text).collect()
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

    /// About normal, with a standard deviation of 1.
    fn normal(&mut self) -> f32 {
        let sum: f32 = (0..12).map(|_| (self.next() >> 40) as f32 / (1 << 24) as f32).sum();
        sum - 6.0
    }
}

#[test]
fn every_version_at_every_level() {
    for number in 1..=40 {
        for level in [EcLevel::L, EcLevel::M, EcLevel::Q, EcLevel::H] {
            let (text, picture) = foreign(number, level, MASKS[number as usize % 8], 3);
            assert_eq!(texts(&picture), [text], "version {number} {level:?}");
        }
    }
}

#[test]
fn every_mask() {
    for number in [1, 2, 7, 11] {
        for mask in MASKS {
            let (text, picture) = foreign(number, EcLevel::M, mask, 3);
            assert_eq!(texts(&picture), [text], "version {number} {mask:?}");
        }
    }
}

/// A symbol on paper that curls: the picture at two and a half pixels a module, each column moved along a parabola.
#[test]
fn a_large_symbol_on_curled_paper() {
    for (number, sag) in [(14, 2.0_f32), (24, 3.5), (34, 4.5)] {
        let (text, flat) = foreign(number, EcLevel::L, MaskPattern::Fields, 5);
        let side = flat.side_px as usize / 2;
        let room = (2.5 * sag) as usize + 1;
        let luma = |x: usize, y: f32| {
            let (top, part) = (y.floor(), y - y.floor());
            let at = |row: f32| {
                let row = (row.max(0.0) as usize).min(flat.side_px as usize - 1);
                let pixels = &flat.luma[row * flat.side_px as usize + 2 * x..][..2];
                f32::midpoint(f32::from(pixels[0]), f32::from(pixels[1]))
            };
            at(top) * (1.0 - part) + at(top + 1.0) * part
        };
        let height = side + room;
        let pixels = (0..height * side).map(|at| {
            let (x, y) = (at % side, at / side);
            let across = 2.0 * x as f32 / side as f32 - 1.0;
            let source = y as f32 - room as f32 + 2.5 * sag * across * across;
            f32::midpoint(luma(x, 2.0 * source), luma(x, 2.0 * source + 1.0)) as u8
        });
        let curled: Vec<u8> = pixels.collect();
        let frame = LumaFrame::new(side as u32, height as u32, side as u32, &curled).unwrap();
        let found = decode(&frame).unwrap_or_default();
        assert!(found.iter().any(|decoded| decoded.text == text), "version {number} by {sag} modules");
    }
}

/// Three passes of a box are nearly a normal spread, of `wide` / 2 pixels.
fn blurred(picture: &LumaPicture, wide: usize) -> Vec<f32> {
    let side = picture.side_px as usize;
    let mut luma: Vec<f32> = picture.luma.iter().map(|&pixel| f32::from(pixel)).collect();
    for pass in 0..6 {
        let (along, across) = if pass % 2 == 0 { (1, side) } else { (side, 1) };
        let before = luma.clone();
        for (at, pixel) in luma.iter_mut().enumerate() {
            let (line, place) = (at / across % side, at / along % side);
            let start = line * across;
            let window = place.saturating_sub(wide / 2)..(place + wide / 2 + 1).min(side);
            let count = window.len() as f32;
            *pixel = window.map(|place| before[start + place * along]).sum::<f32>() / count;
        }
    }
    luma
}

#[test]
fn out_of_focus_at_two_and_a_half_pixels_a_module() {
    let mut noise = Noise(0xF0C5);
    let (text, sharp) = foreign(8, EcLevel::M, MaskPattern::Meadow, 10);
    let wide = sharp.side_px as usize;
    // Half a module.
    let luma = blurred(&sharp, 10);
    let side = wide / 4;
    let seen = |at: usize| 60.0 + 0.6 * luma[at / side * 4 * wide + at % side * 4] + 2.0 * noise.normal();
    let pixels: Vec<u8> = (0..side * side).map(seen).map(|value| value as u8).collect();
    let frame = LumaFrame::new(side as u32, side as u32, side as u32, &pixels).unwrap();
    let found = decode(&frame).unwrap_or_default();
    assert!(found.iter().any(|decoded| decoded.text == text));
}

#[test]
fn light_on_dark_as_in_dark_mode() {
    let mut picture = ours(LINK, 4);
    for pixel in &mut picture.luma {
        *pixel = 255 - *pixel;
    }
    assert_eq!(texts(&picture), [LINK]);
}

#[test]
fn a_patch_over_it() {
    // A twelfth of the area, where level H mends a third of the codewords.
    let (text, mut picture) = foreign(5, EcLevel::H, MaskPattern::Fields, 5);
    let side = picture.side_px as usize;
    for row in picture.luma.chunks_exact_mut(side).skip(side / 2).take(side / 4) {
        row[side / 2..side * 5 / 6].fill(140);
    }
    assert_eq!(texts(&picture), [text]);
}

#[test]
fn strides_regions_and_rotations() {
    let picture = ours(LINK, 4);
    let (side, margin) = (picture.side_px, 60);
    let (width, height, stride) = (side + 2 * margin, side + margin, side + 2 * margin + 13);
    let mut data = vec![200_u8; (stride * height) as usize];
    for (row, pixels) in picture.luma.chunks_exact(side as usize).enumerate() {
        let start = (row as u32 * stride + margin) as usize;
        data[start..start + side as usize].copy_from_slice(pixels);
    }
    // The last row may end with its last pixel.
    data.truncate((stride * (height - 1) + width) as usize);
    let whole = LumaFrame::new(width, height, stride, &data).unwrap();
    let zone = 16.0;
    let corner = |frame: LumaFrame<'_>| {
        let found = decode(&frame).unwrap();
        assert_eq!(found[0].text, LINK);
        (found[0].corners[0].x, found[0].corners[0].y)
    };
    let near = |(x, y): (f32, f32), (expected_x, expected_y): (f32, f32)| {
        assert!((x - expected_x).abs() < 2.0 && (y - expected_y).abs() < 2.0, "{x},{y} for {expected_x},{expected_y}");
    };
    let (left, top) = (margin as f32 + zone, zone);
    near(corner(whole), (left, top));
    let part = whole.region(margin, 0, side, side).unwrap();
    assert_eq!((part.width(), part.height()), (side, side));
    near(corner(part), (left, top));
    near(corner(part.region(3, 2, side - 5, side - 5).unwrap()), (left, top));
    near(corner(whole.rotated(Rotation::Quarter)), (height as f32 - top, left));
    near(corner(whole.rotated(Rotation::Half)), (width as f32 - left, height as f32 - top));
    near(corner(part.rotated(Rotation::ThreeQuarters)), (top, width as f32 - left));
    for (left, top, across, down) in
        [(0, 0, 0, 5), (0, 0, width + 1, 5), (width, 0, 1, 1), (u32::MAX, 0, 2, 2), (0, height, 1, 1)]
    {
        assert_eq!(whole.region(left, top, across, down).unwrap_err().code(), "qr.frame-layout");
    }
}

/// A screen far away: so few pixels a module, blurred, noisy, at another fraction of a pixel in each frame.
fn far(text: &str, module: f32, sigma: f32, seed: u64) -> LumaPicture {
    let picture = ours(text, 8);
    let (from, zoom) = (picture.side_px as usize, module / 8.0);
    let mut noise = Noise(seed | 1);
    let (dx, dy) = (noise.normal() * 0.4, noise.normal() * 0.4);
    let whole = (from as f32 * zoom) as usize + 30;
    let mut luma = Vec::with_capacity(whole * whole);
    for y in 0..whole {
        for x in 0..whole {
            let mut sum = 0.0;
            for (u, v) in (0..64).map(|at| (at % 8, at / 8)) {
                // Twice a pixel wide: lens and screen blur.
                let place = |at: usize, off: usize, shift: f32| {
                    ((at as f32 + off as f32 / 4.0 - 0.875 - 15.0 + shift) / zoom) as i64
                };
                let (x, y) = (place(x, u, dx), place(y, v, dy));
                let inside = (0..from as i64).contains(&x) && (0..from as i64).contains(&y);
                sum += if inside { f32::from(picture.luma[y as usize * from + x as usize]) } else { 255.0 };
            }
            luma.push((60.0 + sum / 64.0 * 0.5 + sigma * noise.normal()).clamp(0.0, 255.0) as u8);
        }
    }
    LumaPicture { side_px: whole as u32, luma }
}

#[test]
fn frames_add_up() {
    let (mut alone, mut together) = (0, 0);
    for run in 0..4_u64 {
        let mut scanner = Scanner::new();
        let text = format!("{LINK}{run}");
        for at in 0..10 {
            let picture = far(&text, 1.6, 10.0, 1 + run * 1000 + at);
            alone +=
                u32::from(Scanner::new().scan(&frame(&picture), &mut Budget::units(Budget::FRAME)).read.len() == 1);
            let scan = scanner.scan(&frame(&picture), &mut Budget::units(Budget::FRAME));
            assert!(scan.read.iter().all(|decoded| decoded.text == text));
            together += u32::from(!scan.read.is_empty());
        }
    }
    eprintln!("read alone {alone} of 40, together {together}");
    assert!(together > alone, "{together} together, {alone} alone");
}

#[test]
fn frames_of_different_codes_do_not_mix() {
    let mut scanner = Scanner::new();
    for at in 0..40_u64 {
        // An animated code: another one every third frame.
        let text = format!("{LINK}.{:03}", at / 3 * 37);
        let picture = far(&text, 1.6, 8.0, 77 + at);
        let scan = scanner.scan(&frame(&picture), &mut Budget::units(Budget::FRAME));
        assert!(scan.read.iter().all(|decoded| decoded.text == text), "frame {at}");
    }
}

#[test]
fn what_cannot_be_read_is_seen() {
    // Finder and timing patterns as they are, nothing that could be corrected between them.
    let mut picture = ours(LINK, 4);
    let (side, mut noise) = (picture.side_px as usize, Noise(3));
    for row in picture.luma.chunks_exact_mut(side).skip(13 * 4).take(80) {
        for module in row[13 * 4..33 * 4].chunks_exact_mut(4) {
            module.fill((noise.next() >> 56) as u8);
        }
    }
    let scan = Scanner::new().scan(&frame(&picture), &mut Budget::units(Budget::FRAME));
    assert!(scan.read.is_empty());
    assert!((scan.seen[0].module_px - 4.0).abs() < 0.2, "{:?}", scan.seen);
}

#[test]
fn noise_of_twelve_megapixels_ends_within_its_budget() {
    let (width, height) = (4000, 3000);
    let mut noise = Noise(12);
    let luma: Vec<u8> = (0..width * height).map(|_| (noise.next() >> 56) as u8).collect();
    let frame = LumaFrame::new(width, height, width, &luma).unwrap();
    for units in [0, 1000, 3_000_000, 20_000_000] {
        let mut budget = Budget::units(units);
        assert_eq!(decode_within(&frame, &mut budget).unwrap_err(), QrError::NotFound);
        assert!(budget.spent() <= units);
    }
    assert_eq!(decode(&frame).unwrap_err(), QrError::NotFound);
}

#[test]
fn a_clock_ends_the_search() {
    let mut noise = Noise(5);
    let luma: Vec<u8> = (0..1280 * 720).map(|_| (noise.next() >> 56) as u8).collect();
    let frame = LumaFrame::new(1280, 720, 1280, &luma).unwrap();
    let mut looks = 0;
    let mut is_over = || {
        looks += 1;
        looks > 3
    };
    let mut budget = Budget::units(u64::MAX).until(&mut is_over);
    assert!(decode_within(&frame, &mut budget).is_err());
    let spent = budget.spent();
    assert!(spent < 2_000_000, "{spent}");
    assert_eq!(looks, 4);
}

#[test]
fn the_same_frame_gives_the_same_answer() {
    let picture = far(LINK, 3.0, 20.0, 4);
    let spent = |_| {
        let mut budget = Budget::units(Budget::STILL);
        let found = decode_within(&frame(&picture), &mut budget).map(|found| found[0].text.clone());
        (found, budget.spent())
    };
    let runs: Vec<_> = (0..3).map(spent).collect();
    assert!(runs.windows(2).all(|pair| pair[0] == pair[1]));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn any_frame_is_survived(
        width in 1_u32..200,
        height in 1_u32..120,
        gap in 0_u32..9,
        kind in 0_u8..4,
        seed in any::<u64>(),
        units in 0_u64..3_000_000,
    ) {
        let mut noise = Noise(seed | 1);
        let stride = width + gap;
        let period = 1 + noise.next() % 12;
        let pixel = |at: u32, noise: &mut Noise| {
            let (x, y) = (u64::from(at % stride), u64::from(at / stride));
            match kind {
                0 => noise.next() as u8,
                1 => if (x / period + y / period).is_multiple_of(2) { 30 } else { 220 },
                2 => if (x.max(y) / period).is_multiple_of(2) { 30 } else { 220 },
                _ => ((x * 7 + y * 3) % 256) as u8 ^ (noise.next() as u8 & 15),
            }
        };
        let data: Vec<u8> = (0..stride * height).map(|at| pixel(at, &mut noise)).collect();
        let frame = LumaFrame::new(width, height, stride, &data).unwrap();
        let mut scanner = Scanner::new();
        for _ in 0..3 {
            let mut budget = Budget::units(units);
            let scan = scanner.scan(&frame, &mut budget);
            prop_assert!(scan.read.is_empty());
            prop_assert!(budget.spent() <= units);
        }
    }
}
