//! The face as a PNG with a transparent background.

use crate::cover::Coverage;
use crate::grid::ceil_px;
use crate::{Color, Dpi, Face, FaceError, Layer};

/// The most pixels a picture may have: 200 × 200 mm at 600 dpi, and one small seal at 1200.
pub const MAX_PIXELS: u32 = 24_000_000;

/// How many opacities a face of one colour has: at print resolution an eye tells no more apart, and two pixels fit a byte.
const LEVELS: u8 = 16;
/// Beyond it, pictures of ink become no smaller, only later.
const DEFLATE_LEVEL: u8 = 5;

impl Face {
    /// The face as PNG: anti-aliased, transparent background, resolution in `pHYs`.
    ///
    /// A face of one colour becomes a 4-bit indexed picture whose palette runs in 16 levels from transparent to opaque in
    /// that colour (`tRNS`), at a fifth of the size of RGBA; one of several colours becomes RGBA. The picture is the
    /// face's size rounded up to whole pixels.
    ///
    /// # Errors
    /// [`FaceError::TooManyPixels`] over [`MAX_PIXELS`]; [`FaceError::Png`] if the encoder fails.
    pub fn to_png(&self, dpi: Dpi) -> Result<Vec<u8>, FaceError> {
        let canvas = Canvas::new(self, dpi)?;
        match self.only_color() {
            Some(color) => canvas.indexed(self, color),
            None => canvas.rgba(self),
        }
    }

    fn only_color(&self) -> Option<Color> {
        let mut colors = self.layers().iter().map(|layer| layer.color);
        let first = colors.next()?;
        colors.all(|color| color == first).then_some(first)
    }
}

struct Canvas {
    width: u32,
    height: u32,
    dpi: Dpi,
}

impl Canvas {
    fn new(face: &Face, dpi: Dpi) -> Result<Self, FaceError> {
        // A size that is a whole count of pixels must not gain one from the last bit of a float.
        let pixels = |mm: f64| ceil_px(mm * dpi.per_mm() - 1e-6).max(1);
        let (width, height) = (pixels(face.size().width()), pixels(face.size().height()));
        if u64::from(width) * u64::from(height) > u64::from(MAX_PIXELS) {
            return Err(FaceError::TooManyPixels { width_px: width, height_px: height });
        }
        Ok(Self { width, height, dpi })
    }

    /// How much of each pixel these layers cover together.
    fn coverage<'a>(&self, layers: impl IntoIterator<Item = &'a Layer>) -> Coverage {
        let side = |pixels: u32| usize::try_from(pixels).unwrap_or(0);
        let mut coverage = Coverage::new(side(self.width), side(self.height));
        for path in layers.into_iter().flat_map(|layer| &layer.paths) {
            coverage.add(path, self.dpi.per_mm());
        }
        coverage
    }

    fn indexed(&self, face: &Face, color: Color) -> Result<Vec<u8>, FaceError> {
        let coverage = self.coverage(face.layers());
        let width = usize::try_from(self.width).unwrap_or(0).max(1);
        let packed: Vec<u8> = coverage.pixels().chunks_exact(width).flat_map(packed_line).collect();
        let palette = [color.red, color.green, color.blue].repeat(LEVELS.into());
        let alpha: Vec<u8> = (0..LEVELS).map(|level| level * (u8::MAX / (LEVELS - 1))).collect();
        self.encode(&packed, |encoder| {
            encoder.set_color(png::ColorType::Indexed);
            encoder.set_depth(png::BitDepth::Four);
            encoder.set_palette(palette);
            encoder.set_trns(alpha);
            // Lines of few levels are shorter as they are than as differences (PNG, 12.7 says so of all palettes).
            encoder.set_filter(png::Filter::NoFilter);
        })
    }

    fn rgba(&self, face: &Face) -> Result<Vec<u8>, FaceError> {
        let mut pixels = Vec::new();
        for layer in face.layers() {
            let coverage = self.coverage([layer]);
            pixels.resize(coverage.pixels().len() * 4, 0);
            for (pixel, &alpha) in pixels.as_chunks_mut::<4>().0.iter_mut().zip(coverage.pixels()) {
                *pixel = over(*pixel, layer.color, alpha);
            }
        }
        self.encode(&pixels, |encoder| encoder.set_color(png::ColorType::Rgba))
    }

    fn encode<'a>(
        &self,
        pixels: &[u8],
        configure: impl FnOnce(&mut png::Encoder<'a, &mut Vec<u8>>),
    ) -> Result<Vec<u8>, FaceError> {
        let failed = |error: png::EncodingError| FaceError::Png { detail: error.to_string() };
        let mut file = Vec::new();
        let mut encoder = png::Encoder::new(&mut file, self.width, self.height);
        encoder.set_depth(png::BitDepth::Eight);
        let per_metre = ceil_px(self.dpi.per_mm() * 1000.0 - 0.5);
        encoder.set_pixel_dims(Some(png::PixelDimensions { xppu: per_metre, yppu: per_metre, unit: png::Unit::Meter }));
        encoder.set_compression(png::Compression::Balanced);
        encoder.set_deflate_compression(png::DeflateCompression::Level(DEFLATE_LEVEL));
        configure(&mut encoder);
        let mut writer = encoder.write_header().map_err(failed)?;
        writer.write_image_data(pixels).map_err(failed)?;
        writer.finish().map_err(failed)?;
        Ok(file)
    }
}

/// A colour of this opacity over a pixel, alpha not multiplied in.
fn over([red, green, blue, alpha]: [u8; 4], color: Color, opacity: u8) -> [u8; 4] {
    // Both in parts of 255².
    let (upper, lower) = (u32::from(opacity) * 255, u32::from(alpha) * u32::from(255 - opacity));
    let all = upper + lower;
    if all == 0 {
        return [0; 4];
    }
    let mix = |new: u8, old: u8| byte((u32::from(new) * upper + u32::from(old) * lower + all / 2) / all);
    [mix(color.red, red), mix(color.green, green), mix(color.blue, blue), byte((all + 127) / 255)]
}

/// A line of pixels, two to a byte, the left one high.
fn packed_line(line: &[u8]) -> impl Iterator<Item = u8> {
    line.chunks(2).map(|pair| {
        let level =
            |at: usize| pair.get(at).map_or(0, |&alpha| byte((u32::from(alpha) * u32::from(LEVELS - 1) + 127) / 255));
        level(0) << 4 | level(1)
    })
}

fn byte(value: u32) -> u8 {
    u8::try_from(value).unwrap_or(u8::MAX)
}
