//! A photograph of a signature on paper into a seal face.
//!
//! In [`extract`], each step in its own module: a quick look at reduced size finds the ink ([`suggest`]); there, at full
//! size, the light that falls on the paper is divided out, ink told from everything fainter, its share of each pixel
//! worked out, the half-way line traced between the pixels, and cubic curves fitted to that.
//!
//! A photograph taken at an angle is straightened first: [`sheet`] finds the corners of the sheet, which a person may move,
//! and [`straighten`] makes a [`Picture`] of what lies between them.
//!
//! All on a linear scale of light: pixels are taken as sRGB.

mod background;
mod blobs;
mod cover;
#[cfg(feature = "picture")]
mod decode;
mod error;
mod grid;
mod levels;
mod light;
mod picture;
mod pixels;
mod print;
mod quad;
mod quality;
mod rules;
mod sheet;
mod stamp;
mod straight;
mod straighten;
mod survey;
mod trace;

use eseal_face::{Color, Face, Layer, SizeMm};

#[cfg(feature = "picture")]
pub use self::decode::MAX_PICTURE_BYTES;
pub use self::error::PhotoError;
pub use self::picture::Picture;
pub use self::pixels::{LEAST_PHOTO_SIDE, Layout, MAX_PHOTO_PIXELS, MAX_PHOTO_SIDE, PixelRect, Pixels};
pub use self::quad::{PixelPoint, Quad};
pub use self::sheet::sheet;
pub use self::straighten::straighten;

use self::cover::Cover;
use self::grid::{byte, count, exact, single};
use self::survey::Survey;
use self::trace::Outlines;
use crate::geometry::Vec2;
use crate::{InkColor, MAX_INK_MARGIN_MM};

/// A crop with more pixels is averaged down before its ink is extracted.
const MOST_PIXELS: f64 = 2_000_000.0;
/// Specks and pinholes smaller than this share of a stroke's width squared are left out.
const LEAST_AREA: f64 = 0.3;

/// Which part of the photograph is looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Crop {
    /// The only signature on it, wherever it is.
    #[default]
    Suggested,
    /// Everything that is ink in this rectangle.
    Rect(PixelRect),
}

/// What the face is coloured with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum PhotoColor {
    /// The colour that the ink has on the photograph, as if the paper were white.
    #[default]
    Own,
    /// One of the pens' colours.
    Ink(InkColor),
}

/// What is wanted of a photograph.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PhotoOptions {
    /// Where to look.
    pub crop: Crop,
    /// The colour.
    pub color: PhotoColor,
    /// The box that the trimmed face, with its margin, just fits into. A photograph does not say how large things are.
    pub within: SizeMm,
    /// Empty space around the ink, mm: 0 to [`MAX_INK_MARGIN_MM`].
    pub margin_mm: f64,
}

impl PhotoOptions {
    /// The only signature, in its own colour, within this box, with half a millimetre of margin.
    #[must_use]
    pub const fn within(within: SizeMm) -> Self {
        Self { crop: Crop::Suggested, color: PhotoColor::Own, within, margin_mm: 0.5 }
    }
}

/// Ink taken from paper.
#[derive(Clone)]
pub struct PaperInk {
    face: Face,
    mask: Mask,
    color: Color,
}

impl PaperInk {
    /// The seal face: smooth outlines, trimmed, transparent around.
    #[must_use]
    pub const fn face(&self) -> &Face {
        &self.face
    }

    /// The coverage that was traced, in its place on the photograph.
    #[must_use]
    pub const fn mask(&self) -> &Mask {
        &self.mask
    }

    /// The ink's own colour on white paper, whatever the face is coloured with.
    #[must_use]
    pub const fn own_color(&self) -> Color {
        self.color
    }
}

/// How much of each pixel is ink, 0 to 255.
#[derive(Clone)]
pub struct Mask {
    /// What it covers of the photograph.
    pub rect: PixelRect,
    /// Pixels of the photograph along one of the mask.
    pub factor: u32,
    /// Pixels in a row.
    pub width: u32,
    /// Rows.
    pub height: u32,
    /// Row by row from the top, no gaps.
    pub coverage: Vec<u8>,
    /// Millimetres of the face along one pixel of the mask.
    pub mm_per_px: f64,
    /// Where the face's top-left corner lies, pixels of the mask.
    pub origin_px: (f64, f64),
}

impl std::fmt::Debug for Mask {
    /// Sizes only: a signature is nobody else's business.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Mask").field("rect", &self.rect).field("factor", &self.factor).finish_non_exhaustive()
    }
}

impl std::fmt::Debug for PaperInk {
    /// Sizes only.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("PaperInk")
            .field("size", &self.face.size())
            .field("mask", &self.mask)
            .field("color", &self.color)
            .finish_non_exhaustive()
    }
}

/// The rectangles of the photograph that hold a signature, most ink first.
///
/// # Errors
/// [`PhotoError::NoInk`].
pub fn suggest(pixels: &Pixels<'_>) -> Result<Vec<PixelRect>, PhotoError> {
    Ok(Survey::of(pixels, pixels.bounds())?.groups)
}

/// The signature on a photograph as a seal face.
///
/// # Errors
/// [`PhotoError`] says what is wrong with the photograph, and what to do about several signatures.
pub fn extract(pixels: &Pixels<'_>, options: &PhotoOptions) -> Result<PaperInk, PhotoError> {
    let (rect, stroke_px) = place(pixels, options.crop)?;
    let area = f64::from(rect.width) * f64::from(rect.height);
    let factor = count(single((area / MOST_PIXELS).sqrt().ceil())).max(1);
    let channels = pixels.channels(rect, factor);
    let cover = Cover::of(&channels, stroke_px / exact(factor))?;
    quality::check(&cover, &channels, factor)?;
    let outlines = Outlines::trace(&cover.coverage, LEAST_AREA * cover.stroke * cover.stroke);
    let frame = Frame::new(&outlines, options)?;
    let color = match options.color {
        PhotoColor::Own => cover.color,
        PhotoColor::Ink(ink) => ink.color(),
    };
    let face = Face::new(frame.size, vec![Layer { color, paths: outlines.paths(|at| frame.place(at)) }])?;
    let mask = Mask {
        rect,
        factor: u32::try_from(factor).unwrap_or(u32::MAX),
        width: u32::try_from(cover.coverage.width()).unwrap_or(u32::MAX),
        height: u32::try_from(cover.coverage.height()).unwrap_or(u32::MAX),
        coverage: cover.coverage.values().iter().map(|&share| byte(share)).collect(),
        mm_per_px: frame.scale,
        origin_px: (frame.origin.x, frame.origin.y),
    };
    Ok(PaperInk { face, mask, color: cover.color })
}

fn place(pixels: &Pixels<'_>, crop: Crop) -> Result<(PixelRect, f64), PhotoError> {
    match crop {
        Crop::Rect(rect) => {
            let rect = pixels.clip(rect)?;
            let survey = Survey::of(pixels, rect)?;
            refuse_print(&survey)?;
            Ok((rect, survey.stroke_px))
        }
        Crop::Suggested => {
            let survey = Survey::of(pixels, pixels.bounds())?;
            refuse_print(&survey)?;
            match *survey.groups {
                [only] => Ok((only, survey.stroke_px)),
                _ => Err(PhotoError::Several { found: survey.groups }),
            }
        }
    }
}

fn refuse_print(survey: &Survey) -> Result<(), PhotoError> {
    if survey.print > 0 { Err(PhotoError::PrintedText { marks: survey.print }) } else { Ok(()) }
}

/// How pixels become millimetres of the face.
struct Frame {
    size: SizeMm,
    /// The face's top-left corner, pixels.
    origin: Vec2,
    /// Millimetres in a pixel.
    scale: f64,
}

impl Frame {
    fn new(outlines: &Outlines, options: &PhotoOptions) -> Result<Self, PhotoError> {
        let margin = options.margin_mm;
        let wrong = PhotoError::Margin { margin_mm: margin };
        if !(0.0..=MAX_INK_MARGIN_MM).contains(&margin) {
            return Err(wrong);
        }
        let room = Vec2::new(options.within.width() - 2.0 * margin, options.within.height() - 2.0 * margin);
        if room.x <= 0.0 || room.y <= 0.0 {
            return Err(wrong);
        }
        let bounds = outlines.bounds();
        if bounds.width() <= 0.0 || bounds.height() <= 0.0 {
            return Err(PhotoError::NoInk { darkness: 0.0, noise: 0.0 });
        }
        let scale = (room.x / bounds.width()).min(room.y / bounds.height());
        let size = SizeMm::new(bounds.width() * scale + 2.0 * margin, bounds.height() * scale + 2.0 * margin)?;
        let corner = Vec2::new(margin / scale, margin / scale);
        Ok(Self { size, origin: bounds.min - corner, scale })
    }

    fn place(&self, at: Vec2) -> Vec2 {
        (at - self.origin) * self.scale
    }
}
