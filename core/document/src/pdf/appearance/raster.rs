//! An image as image `XObject`, its transparency as `/SMask` (ISO 32000-2, 8.9.5 and 11.6.5.2).

use std::collections::HashMap;

use crate::pdf::appearance::color::{Rendering, Transparency};
use crate::pdf::appearance::image::{Channels, Image, Pixel, Samples, pixels};
use crate::pdf::error::PdfError;
use crate::pdf::read::filter::deflate;
use crate::pdf::syntax::token::ObjectId;
use crate::pdf::write::revision::{Revision, hex};
use crate::pdf::write::splice::reference;

/// Colours that a palette can hold.
const PALETTE_SIZE: usize = 256;

/// Writes an image; answers which object it is. It fills the unit square.
pub(super) fn write(revision: &mut Revision, image: &Image, rendering: Rendering) -> Result<ObjectId, PdfError> {
    let id = revision.allocate()?;
    let [width, height] = image.size();
    let header = format!("/Type /XObject /Subtype /Image /Width {width} /Height {height}");
    let (channels, data) = match &image.samples {
        Samples::Decoded { channels, data } => (*channels, data),
        Samples::Jpeg { channels, file } => {
            let space = if *channels == Channels::Gray { rendering.gray() } else { rendering.rgb() };
            let entries = format!("{header} /ColorSpace {space} /BitsPerComponent 8 /Filter /DCTDecode");
            revision.write_stream(id, &entries, file);
            return Ok(id);
        }
    };
    let is_opaque = rendering.transparency() == Transparency::Forbidden;
    let seen = || pixels(channels, data).map(move |pixel| if is_opaque { on_paper(pixel) } else { pixel });
    let alpha: Vec<u8> = seen().map(|pixel| pixel.alpha).collect();
    let mask = if alpha.iter().all(|alpha| *alpha == 255) {
        String::new()
    } else {
        let mask = revision.allocate()?;
        let entries = format!("{header} /ColorSpace /DeviceGray /BitsPerComponent 8 /Filter /FlateDecode");
        revision.write_stream(mask, &entries, &deflate(&alpha));
        format!(" /SMask {}", reference(mask))
    };
    // What colour a transparent pixel has is not seen: all the same, it takes no room.
    let colors = || seen().map(|Pixel { rgb, alpha }| (alpha > 0).then_some(rgb));
    let packed = match Palette::of(colors()) {
        Some(palette) => palette.pack(colors(), width as usize, rendering),
        None => true_color(colors(), width as usize, rendering),
    };
    revision.write_stream(id, &format!("{header} {}{mask} /Filter /FlateDecode", packed.entries), &packed.data);
    Ok(id)
}

/// Image data and the entries that say how it is packed.
struct Packed {
    entries: String,
    data: Vec<u8>,
}

/// What is seen of a pixel on white paper.
fn on_paper(Pixel { rgb, alpha }: Pixel) -> Pixel {
    let mix = |channel: u8| {
        let sum = u32::from(channel) * u32::from(alpha) + 255 * (255 - u32::from(alpha));
        u8::try_from((sum + 127) / 255).unwrap_or(u8::MAX)
    };
    Pixel { rgb: rgb.map(mix), alpha: 255 }
}

/// Few colours, told apart by a number.
struct Palette {
    colors: Vec<[u8; 3]>,
    numbers: HashMap<[u8; 3], u8>,
}

impl Palette {
    /// `None` if there are too many colours.
    fn of(pixels: impl Iterator<Item = Option<[u8; 3]>>) -> Option<Self> {
        let mut palette = Self { colors: Vec::new(), numbers: HashMap::new() };
        let mut last = None;
        for color in pixels.flatten() {
            if last == Some(color) || palette.numbers.contains_key(&color) {
                continue;
            }
            if palette.colors.len() == PALETTE_SIZE {
                return None;
            }
            palette.numbers.insert(color, u8::try_from(palette.colors.len()).ok()?);
            palette.colors.push(color);
            last = Some(color);
        }
        if palette.colors.is_empty() {
            palette.colors.push([255; 3]);
        }
        Some(palette)
    }

    fn pack(&self, pixels: impl Iterator<Item = Option<[u8; 3]>>, width: usize, rendering: Rendering) -> Packed {
        let bits: usize = match self.colors.len() {
            0..=2 => 1,
            3..=4 => 2,
            5..=16 => 4,
            _ => 8,
        };
        let numbers: Vec<u8> =
            pixels.map(|color| color.and_then(|color| self.numbers.get(&color).copied()).unwrap_or(0)).collect();
        let mut data = Vec::with_capacity(numbers.len() * bits / 8);
        for row in numbers.chunks(width) {
            for byte in row.chunks(8 / bits) {
                let filled = byte.iter().fold(0, |packed, number| (packed << (bits % 8)) | number);
                let missing = 8 / bits - byte.len();
                data.push(if bits == 8 { filled } else { filled << (bits * missing) });
            }
        }
        let entries = format!(
            "/ColorSpace [/Indexed {} {} {}] /BitsPerComponent {bits}",
            rendering.rgb(),
            self.colors.len() - 1,
            hex(self.colors.as_flattened())
        );
        Packed { entries, data: deflate(&data) }
    }
}

/// Three bytes a pixel, rows as differences to their left: photographs compress better so.
fn true_color(pixels: impl Iterator<Item = Option<[u8; 3]>>, width: usize, rendering: Rendering) -> Packed {
    let pixels: Vec<[u8; 3]> = pixels.map(|color| color.unwrap_or([255; 3])).collect();
    let mut data = Vec::with_capacity(pixels.len() * 3 + pixels.len() / width);
    for row in pixels.chunks(width) {
        data.push(1);
        let mut left = [0_u8; 3];
        for pixel in row {
            data.extend(pixel.iter().zip(left).map(|(channel, left)| channel.wrapping_sub(left)));
            left = *pixel;
        }
    }
    let entries = format!(
        "/ColorSpace {} /BitsPerComponent 8 /DecodeParms <</Predictor 15 /Colors 3 /Columns {width}>>",
        rendering.rgb()
    );
    Packed { entries, data: deflate(&data) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paper_shows_through() {
        let seen = |rgb, alpha| on_paper(Pixel { rgb, alpha }).rgb;
        assert_eq!(seen([200, 0, 0], 255), [200, 0, 0]);
        assert_eq!(seen([200, 0, 0], 0), [255; 3]);
        assert_eq!(seen([255, 1, 1], 128), [255, 128, 128]);
    }

    #[test]
    fn few_colours_take_few_bits_and_rows_begin_on_a_byte() {
        let red = Some([255, 0, 0]);
        let row = [red, None, Some([0; 3]), red, red, red, red, red, Some([0; 3])];
        let rows = row.iter().chain(&row).copied();
        let palette = Palette::of(rows.clone()).unwrap();
        let packed = palette.pack(rows, 9, Rendering::PLAIN);
        assert_eq!(packed.entries, "/ColorSpace [/Indexed /DeviceRGB 1 <ff0000000000>] /BitsPerComponent 1");
        let parameters = [0b0010_0000, 0b1000_0000, 0b0010_0000, 0b1000_0000];
        assert_eq!(packed.data, deflate(&parameters));
    }

    #[test]
    fn many_colours_are_no_palette() {
        let many = |count: u32| (0..count).map(|index| Some([index.to_le_bytes()[0], index.to_le_bytes()[1], 0]));
        assert_eq!(Palette::of(many(256)).unwrap().colors.len(), 256);
        assert!(Palette::of(many(257)).is_none());
        assert_eq!(Palette::of([None, None].into_iter()).unwrap().colors.len(), 1);
    }
}
