//! Pictures of pages, by a renderer that is not ours.

use hayro::hayro_interpret::InterpreterSettings;
use hayro::hayro_syntax::Pdf;
use hayro::vello_cpu::color::palette::css::WHITE;
use hayro::{PixmapSettings, RenderCache, RenderSettings, render};

/// Pixels on white, three bytes each.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Picture {
    pub(crate) width: usize,
    pub(crate) height: usize,
    pub(crate) rgb: Vec<[u8; 3]>,
}

/// Every page, `scale` pixels for a point.
pub(crate) fn pages(file: &[u8], scale: f32) -> Vec<Picture> {
    let pdf = Pdf::new(file.to_vec()).unwrap();
    let cache = RenderCache::new();
    let settings = PixmapSettings { x_scale: scale, y_scale: scale, bg_color: WHITE };
    let pictures = pdf.pages().iter().map(|page| {
        let pixmap = render(page, &cache, &InterpreterSettings::default(), &RenderSettings::default(), &settings);
        let rgb = pixmap.data().iter().map(|pixel| [pixel.r, pixel.g, pixel.b]).collect();
        Picture { width: usize::from(pixmap.width()), height: usize::from(pixmap.height()), rgb }
    });
    pictures.collect()
}

impl Picture {
    pub(crate) fn crop(&self, left: usize, top: usize, width: usize, height: usize) -> Self {
        let rows = (top..top + height).map(|row| &self.rgb[row * self.width + left..][..width]);
        Self { width, height, rgb: rows.flatten().copied().collect() }
    }

    pub(crate) fn is_blank(&self) -> bool {
        self.rgb.iter().all(|pixel| *pixel == [255; 3])
    }

    /// Pictures of one height, side by side.
    pub(crate) fn beside(parts: &[Self]) -> Self {
        let height = parts[0].height;
        let rows = (0..height)
            .flat_map(|row| parts.iter().flat_map(move |part| &part.rgb[row * part.width..(row + 1) * part.width]));
        Self { width: parts.iter().map(|part| part.width).sum(), height, rgb: rows.copied().collect() }
    }

    /// Pictures of one width, one below the other.
    pub(crate) fn below(parts: &[Self]) -> Self {
        Self {
            width: parts[0].width,
            height: parts.iter().map(|part| part.height).sum(),
            rgb: parts.iter().flat_map(|part| &part.rgb).copied().collect(),
        }
    }

    /// The share of pixels that differ by more than an edge smoothed in another way may.
    pub(crate) fn difference(&self, other: &Self) -> f64 {
        assert_eq!((self.width, self.height), (other.width, other.height));
        let differs = |(one, other): (&[u8; 3], &[u8; 3])| one.iter().zip(other).any(|(a, b)| a.abs_diff(*b) > 48);
        let count = self.rgb.iter().zip(&other.rgb).filter(|pair| differs(*pair)).count();
        f64::from(u32::try_from(count).unwrap()) / f64::from(u32::try_from(self.rgb.len()).unwrap())
    }
}
