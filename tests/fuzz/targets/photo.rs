//! Photographs: whatever the pixels, there is a face or a refusal, in bounded time and memory.
#![no_main]

use eseal_face::SizeMm;
use eseal_ink::photo::{Crop, Layout, PhotoOptions, PixelRect, Pixels, extract};

libfuzzer_sys::fuzz_target!(|input: &[u8]| {
    let Some(([layout, width, gap, left, top, across, down], data)) = input.split_first_chunk() else { return };
    let layout = [Layout::Luma, Layout::Rgb, Layout::Rgba][usize::from(layout % 3)];
    let width = u32::from(*width).max(1);
    let stride = width * layout.bytes() + u32::from(gap % 4);
    let Ok(height) = u32::try_from(data.len() / stride as usize) else { return };
    let Ok(pixels) = Pixels::new(width, height, stride, layout, data) else { return };
    let rect =
        PixelRect { left: u32::from(*left), top: u32::from(*top), width: u32::from(*across), height: u32::from(*down) };
    let Ok(within) = SizeMm::new(40.0, 20.0) else { return };
    for crop in [Crop::Suggested, Crop::Rect(rect)] {
        if let Ok(ink) = extract(&pixels, &PhotoOptions { crop, ..PhotoOptions::within(within) }) {
            let size = ink.face().size();
            assert!(size.width() <= 40.001 && size.height() <= 20.001);
            assert_eq!(eseal_face::Face::from_svg(&ink.face().to_svg()).as_ref(), Ok(ink.face()));
        }
    }
});
