//! Module matrix to picture: black on white, whole pixels a module, quiet zone included.

use std::fmt::Write as _;

use crate::{QrCode, QrError};

/// Light modules that must surround a code on every side (ISO/IEC 18004 §6.3.8).
pub const QUIET_ZONE_MODULES: u32 = 4;

/// Least pixels a module. At four camera pixels a module, single frames are read in 98 of 100 cases; at three, in about
/// 75. A portal shows its code at least 60 mm (240 CSS px) wide, whole CSS pixels a module, black on white in dark mode too.
pub const MIN_MODULE_PX: u32 = 4;

const BLACK: u8 = 0;
const WHITE: u8 = 255;

/// Pixels along the side of one module, [`MIN_MODULE_PX`]`..=`[`ModulePx::MAX_PX`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct ModulePx(u32);

impl ModulePx {
    /// The smallest size, [`MIN_MODULE_PX`].
    pub const MIN: Self = Self(MIN_MODULE_PX);
    /// Most pixels a module: the largest code is then 11 840 px wide.
    pub const MAX_PX: u32 = 64;

    /// # Errors
    /// [`QrError::ModuleSize`] outside of the range.
    pub fn new(px: u32) -> Result<Self, QrError> {
        if (MIN_MODULE_PX..=Self::MAX_PX).contains(&px) { Ok(Self(px)) } else { Err(QrError::ModuleSize { px }) }
    }

    /// Pixels along the side of one module.
    #[must_use]
    pub const fn get(self) -> u32 {
        self.0
    }
}

/// A square picture of 8-bit luminance, rows without gaps.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LumaPicture {
    /// Pixels along one side, quiet zone included.
    pub side_px: u32,
    /// `side_px` × `side_px` bytes, 0 black, 255 white.
    pub luma: Vec<u8>,
}

impl QrCode {
    /// Pixels along one side of a picture, quiet zone included.
    fn side_px(&self, module: ModulePx) -> u32 {
        (self.side() + 2 * QUIET_ZONE_MODULES) * module.get()
    }

    /// The code as luminance, quiet zone included.
    #[must_use]
    pub fn to_luma(&self, module: ModulePx) -> LumaPicture {
        let side_px = self.side_px(module);
        let mut luma = Vec::with_capacity(side_px as usize * side_px as usize);
        for y in 0..side_px {
            luma.extend((0..side_px).map(|x| {
                let at = |px: u32| (px / module.get()).checked_sub(QUIET_ZONE_MODULES);
                let dark = at(x).zip(at(y)).is_some_and(|(column, row)| self.is_dark(column, row));
                if dark { BLACK } else { WHITE }
            }));
        }
        LumaPicture { side_px, luma }
    }

    /// The code as SVG: a white square and one black path, in user units of one module, shown at `module` CSS pixels each.
    #[must_use]
    pub fn to_svg(&self, module: ModulePx) -> String {
        let modules = self.side() + 2 * QUIET_ZONE_MODULES;
        let px = self.side_px(module);
        let mut svg = format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{px}\" height=\"{px}\" viewBox=\"0 0 {modules} {modules}\" \
             shape-rendering=\"crispEdges\"><path fill=\"#fff\" d=\"M0 0h{modules}v{modules}H0z\"/><path fill=\"#000\" d=\""
        );
        for row in 0..self.side() {
            for (column, length) in self.runs(row) {
                let (x, y) = (column + QUIET_ZONE_MODULES, row + QUIET_ZONE_MODULES);
                // Writing into a String cannot fail.
                let _ = write!(svg, "M{x} {y}h{length}v1h-{length}z");
            }
        }
        svg.push_str("\"/></svg>");
        svg
    }

    /// The code as a PNG file with one bit a pixel.
    #[must_use]
    pub fn to_png(&self, module: ModulePx) -> Vec<u8> {
        let picture = self.to_luma(module);
        let rows = picture.luma.chunks_exact(picture.side_px as usize);
        let packed: Vec<u8> = rows.flat_map(|row| row.chunks(8).map(pack_bits)).collect();
        let mut file = Vec::new();
        let mut encoder = png::Encoder::new(&mut file, picture.side_px, picture.side_px);
        encoder.set_color(png::ColorType::Grayscale);
        encoder.set_depth(png::BitDepth::One);
        // The header fits the data by construction and a Vec takes every byte: there is no error to tell of.
        if let Ok(mut writer) = encoder.write_header() {
            let _ = writer.write_image_data(&packed);
        }
        file
    }

    /// Dark runs of a row as (first column, length), both in modules.
    fn runs(&self, row: u32) -> Vec<(u32, u32)> {
        let mut runs: Vec<(u32, u32)> = Vec::new();
        for column in (0..self.side()).filter(|&column| self.is_dark(column, row)) {
            match runs.last_mut() {
                Some((first, length)) if *first + *length == column => *length += 1,
                _ => runs.push((column, 1)),
            }
        }
        runs
    }
}

/// Up to eight pixels as bits, leftmost highest, 1 for white (PNG 3rd edition §7.2).
fn pack_bits(pixels: &[u8]) -> u8 {
    pixels.iter().enumerate().fold(0, |byte, (place, &pixel)| byte | (u8::from(pixel == WHITE) << (7 - place)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Level, encode};

    fn code() -> QrCode {
        encode("HTTPS://SEAL.EXAMPLE/C/1/A", Level::M).unwrap()
    }

    #[test]
    fn module_size_has_a_range() {
        assert_eq!(ModulePx::new(3).unwrap_err().code(), "qr.module-size");
        assert_eq!(ModulePx::new(65).unwrap_err(), QrError::ModuleSize { px: 65 });
        assert_eq!(ModulePx::new(4).unwrap(), ModulePx::MIN);
    }

    #[test]
    fn quiet_zone_is_white_and_four_modules_wide() {
        let picture = code().to_luma(ModulePx::MIN);
        let zone = QUIET_ZONE_MODULES * MIN_MODULE_PX;
        for y in 0..picture.side_px {
            for x in 0..picture.side_px {
                let inside = |v: u32| (zone..picture.side_px - zone).contains(&v);
                if !(inside(x) && inside(y)) {
                    assert_eq!(picture.luma[(y * picture.side_px + x) as usize], WHITE);
                }
            }
        }
        assert_eq!(picture.luma[(zone * picture.side_px + zone) as usize], BLACK);
    }

    #[test]
    fn png_holds_the_same_pixels_as_the_luminance() {
        for module in [ModulePx::MIN, ModulePx::new(5).unwrap()] {
            let read = image::load_from_memory(&code().to_png(module)).unwrap().into_luma8();
            let picture = code().to_luma(module);
            assert_eq!(read.dimensions(), (picture.side_px, picture.side_px));
            assert_eq!(read.into_raw(), picture.luma);
        }
    }

    #[test]
    fn svg_covers_exactly_the_dark_modules() {
        let code = code();
        let svg = code.to_svg(ModulePx::MIN);
        let modules = code.side() + 8;
        assert!(svg.contains(&format!("width=\"{}\"", modules * 4)));
        let path = svg.split("#000\" d=\"M").nth(1).unwrap().split("z\"").next().unwrap();
        let mut drawn = vec![false; (modules * modules) as usize];
        for run in path.split("zM") {
            let (start, rest) = run.split_once('h').unwrap();
            let (x, y) = start.split_once(' ').unwrap();
            let (x, y): (usize, usize) = (x.parse().unwrap(), y.parse().unwrap());
            let length: usize = rest.split_once('v').unwrap().0.parse().unwrap();
            for column in x..x + length {
                drawn[y * modules as usize + column] = true;
            }
        }
        for row in 0..code.side() {
            for column in 0..code.side() {
                let place = (row + 4) * modules + column + 4;
                assert_eq!(drawn[place as usize], code.is_dark(column, row), "{column},{row}");
            }
        }
        let dark = (0..code.side()).flat_map(|row| code.row(row).unwrap()).filter(|dark| **dark).count();
        assert_eq!(drawn.iter().filter(|dark| **dark).count(), dark);
    }
}
