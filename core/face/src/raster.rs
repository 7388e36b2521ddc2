//! The face as a PNG with a transparent background.

use tiny_skia::{FillRule, Mask, Paint, PathBuilder, Pixmap, Transform};

use crate::grid::{ceil_px, single};
use crate::{Color, Dpi, Face, FaceError, Path, Point, Segment};

/// The most pixels a picture may have: 200 × 200 mm at 600 dpi, and one small seal at 1200.
pub const MAX_PIXELS: u32 = 24_000_000;

impl Face {
    /// The face as PNG: anti-aliased, transparent background, resolution in `pHYs`.
    ///
    /// A face of one colour becomes an 8-bit indexed picture whose palette runs from transparent to opaque in that
    /// colour (`tRNS`), at a third of the size of RGBA; one of several colours becomes RGBA. The picture is the
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

    fn too_many_pixels(&self) -> FaceError {
        FaceError::TooManyPixels { width_px: self.width, height_px: self.height }
    }

    fn to_pixels(&self) -> Transform {
        let scale = single(self.dpi.per_mm());
        Transform::from_scale(scale, scale)
    }

    fn indexed(&self, face: &Face, color: Color) -> Result<Vec<u8>, FaceError> {
        let mut mask = Mask::new(self.width, self.height).ok_or_else(|| self.too_many_pixels())?;
        for path in face.layers().iter().flat_map(|layer| &layer.paths) {
            if let Some(path) = outline(path) {
                mask.fill_path(&path, FillRule::Winding, true, self.to_pixels());
            }
        }
        let palette = [color.red, color.green, color.blue].repeat(256);
        let alpha: Vec<u8> = (0..=255).collect();
        self.encode(mask.data(), |encoder| {
            encoder.set_color(png::ColorType::Indexed);
            encoder.set_palette(palette);
            encoder.set_trns(alpha);
        })
    }

    fn rgba(&self, face: &Face) -> Result<Vec<u8>, FaceError> {
        let mut pixmap = Pixmap::new(self.width, self.height).ok_or_else(|| self.too_many_pixels())?;
        for layer in face.layers() {
            let mut paint = Paint::default();
            paint.set_color_rgba8(layer.color.red, layer.color.green, layer.color.blue, 255);
            for path in layer.paths.iter().filter_map(outline) {
                pixmap.fill_path(&path, &paint, FillRule::Winding, self.to_pixels(), None);
            }
        }
        let pixels = pixmap.take_demultiplied();
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
        configure(&mut encoder);
        encoder.set_compression(png::Compression::Balanced);
        let mut writer = encoder.write_header().map_err(failed)?;
        writer.write_image_data(pixels).map_err(failed)?;
        writer.finish().map_err(failed)?;
        Ok(file)
    }
}

fn outline(path: &Path) -> Option<tiny_skia::Path> {
    let xy = |point: Point| (single(point.x), single(point.y));
    let mut builder = PathBuilder::new();
    for contour in &path.contours {
        let (x, y) = xy(contour.start);
        builder.move_to(x, y);
        for segment in &contour.segments {
            match *segment {
                Segment::Line(end) => {
                    let (x, y) = xy(end);
                    builder.line_to(x, y);
                }
                Segment::Cubic(first, second, end) => {
                    let ((x1, y1), (x2, y2), (x, y)) = (xy(first), xy(second), xy(end));
                    builder.cubic_to(x1, y1, x2, y2, x, y);
                }
            }
        }
        builder.close();
    }
    builder.finish()
}
