//! The scanner: any frame is survived within its budget; a symbol that is hardly damaged is read as it was written.
#![no_main]

use eseal_qr::{Budget, Level, LumaFrame, ModulePx, Scanner, decode_within, encode};

/// Units for one frame: a few milliseconds.
const UNITS: u64 = 1_500_000;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let Some((&[kind, width, gap, length], rest)) = bytes.split_first_chunk::<4>() else { return };
    if kind % 2 == 0 {
        pixels(rest, u32::from(width) + 1, u32::from(gap % 16))
    } else {
        symbol(rest, usize::from(length))
    }
});

/// The bytes are the frame.
fn pixels(bytes: &[u8], width: u32, gap: u32) {
    let stride = width + gap;
    let height = u32::try_from(bytes.len()).unwrap_or(0) / stride;
    let Ok(frame) = LumaFrame::new(width, height, stride, bytes) else { return };
    look(&frame);
}

/// A symbol of some text, with the rest of the bytes as damage: place, place, value.
fn symbol(bytes: &[u8], length: usize) {
    let (text, damage) = bytes.split_at(length.min(bytes.len()));
    let Ok(text) = std::str::from_utf8(text) else { return };
    let Ok(code) = encode(text, Level::M) else { return };
    let mut picture = code.to_luma(ModulePx::MIN);
    let pixels = picture.luma.len();
    for spot in damage.chunks_exact(3) {
        let at = usize::from(u16::from_le_bytes([spot[0], spot[1]])) * 7 % pixels;
        picture.luma[at] = spot[2];
    }
    let Ok(frame) = LumaFrame::new(picture.side_px, picture.side_px, picture.side_px, &picture.luma) else { return };
    look(&frame);
    // One pixel of sixteen makes no module wrong.
    if damage.len() < 12 {
        let found = decode_within(&frame, &mut Budget::units(Budget::STILL)).unwrap_or_default();
        assert!(found.iter().any(|decoded| decoded.text == text), "{text:?}");
    }
}

fn look(frame: &LumaFrame<'_>) {
    let mut scanner = Scanner::new();
    for _ in 0..2 {
        let mut budget = Budget::units(UNITS);
        let scan = scanner.scan(frame, &mut budget);
        assert!(budget.spent() <= UNITS);
        for code in &scan.read {
            assert!(code.corners.iter().all(|corner| corner.x.is_finite() && corner.y.is_finite()));
        }
        for sighting in &scan.seen {
            assert!(sighting.module_px.is_finite());
        }
    }
}
