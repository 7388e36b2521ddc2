//! Pictures of pages, by a renderer in Rust, so that the demo needs no other program.

use hayro::hayro_interpret::InterpreterSettings;
use hayro::hayro_syntax::Pdf;
use hayro::vello_cpu::color::palette::css::WHITE;
use hayro::{PixmapSettings, RenderCache, RenderSettings, render};
use image::{ImageFormat, RgbImage};

use super::DemoError;

const POINTS_PER_INCH: f32 = 72.0;

/// Every page of a PDF as a picture.
pub(crate) fn draw(pdf: Vec<u8>, dpi: f32) -> Result<Vec<RgbImage>, DemoError> {
    let pdf = Pdf::new(pdf).map_err(|error| DemoError::Picture(format!("{error:?}")))?;
    let cache = RenderCache::new();
    let scale = dpi / POINTS_PER_INCH;
    let settings = PixmapSettings { x_scale: scale, y_scale: scale, bg_color: WHITE };
    let pages = pdf.pages().iter().map(|page| {
        let pixmap = render(page, &cache, &InterpreterSettings::default(), &RenderSettings::default(), &settings);
        let (width, height) = (u32::from(pixmap.width()), u32::from(pixmap.height()));
        // On white paper nothing is left transparent.
        let rgb = pixmap.data().iter().flat_map(|pixel| [pixel.r, pixel.g, pixel.b]);
        RgbImage::from_raw(width, height, rgb.collect())
            .ok_or_else(|| DemoError::Picture("a page without pixels".to_owned()))
    });
    pages.collect()
}

/// A picture as PNG.
pub(crate) fn png(picture: &RgbImage) -> Result<Vec<u8>, DemoError> {
    let mut bytes = std::io::Cursor::new(Vec::new());
    picture.write_to(&mut bytes, ImageFormat::Png).map_err(|error| DemoError::Picture(error.to_string()))?;
    Ok(bytes.into_inner())
}

/// A part of a picture, in millimetres from its top-left corner.
pub(crate) fn crop(page: &RgbImage, dpi: f32, [x, y, width, height]: [f32; 4]) -> RgbImage {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "pixels of one page, clamped")]
    let pixels = |mm: f32| (mm.max(0.0) / 25.4 * dpi) as u32;
    let (left, top) = (pixels(x).min(page.width()), pixels(y).min(page.height()));
    let (width, height) = (pixels(width).min(page.width() - left), pixels(height).min(page.height() - top));
    image::imageops::crop_imm(page, left, top, width, height).to_image()
}
