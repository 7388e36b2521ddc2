//! Why a photograph is refused.

use eseal_face::FaceError;

use super::pixels::{LEAST_PHOTO_SIDE, MAX_PHOTO_PIXELS, MAX_PHOTO_SIDE};
use super::{PixelRect, quality};

/// Why a photograph gives no seal face. What is measured is said with the limit it broke.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum PhotoError {
    /// Width, height, stride and length do not fit together.
    #[error("a photograph of {width} × {height} px with stride {stride} does not fit into {length} bytes")]
    Layout {
        /// Pixels in a row.
        width: u32,
        /// Rows.
        height: u32,
        /// Bytes from one row to the next.
        stride: u32,
        /// Bytes handed in.
        length: usize,
    },
    /// More pixels than are taken.
    #[error("{width} × {height} px: at most {MAX_PHOTO_SIDE} px a side and {MAX_PHOTO_PIXELS} px in all")]
    TooLarge {
        /// Pixels in a row.
        width: u32,
        /// Rows.
        height: u32,
    },
    /// Fewer pixels than can show a signature.
    #[error("{width} × {height} px: at least {LEAST_PHOTO_SIDE} px a side")]
    TooFewPixels {
        /// Pixels in a row.
        width: u32,
        /// Rows.
        height: u32,
    },
    /// The rectangle to look at lies outside the photograph, or too little of it inside.
    #[error("the crop has {width} × {height} px of the photograph, at least {LEAST_PHOTO_SIDE} px a side are needed")]
    Crop {
        /// Pixels in a row that lie in the photograph.
        width: u32,
        /// Rows that lie in the photograph.
        height: u32,
    },
    /// No sheet can be seen whole, or it is no brighter than what it lies on.
    #[error("no whole sheet")]
    NoSheet,
    /// The corners of a sheet are not those of a rectangle seen from its front, or far outside the photograph.
    #[error("no rectangle has these corners")]
    Corners,
    /// Nothing on the paper is dark enough to be ink.
    #[error("no ink: the darkest lines are {darkness:.2} darker than the paper, noise alone is {noise:.2}")]
    NoInk {
        /// How much darker than the paper, 0 to 1.
        darkness: f32,
        /// What noise alone reaches.
        noise: f32,
    },
    /// The edges of the strokes are washed out.
    #[error(
        "blurred: strokes {sharpness:.1} times as wide as their edges, at least {} times is needed",
        quality::LEAST_SHARPNESS
    )]
    Blurred {
        /// Mean width of the strokes over the mean width of their edges.
        sharpness: f64,
    },
    /// The strokes are too few pixels wide.
    #[error("strokes of {width_px:.1} px, at least {} px are needed", quality::LEAST_STROKE_PX)]
    TooSmall {
        /// Mean width of the strokes, pixels of the photograph.
        width_px: f64,
    },
    /// The paper is white beyond what the camera can tell apart, so that strokes are lost in it.
    #[error(
        "overexposed: {:.0} % of the paper around the ink is clipped, at most {:.0} %",
        share * 100.0,
        quality::MOST_CLIPPED * 100.0
    )]
    Overexposed {
        /// Share of the paper around the ink that is at the top of the scale.
        share: f32,
    },
    /// More than one signature; each can be chosen by its rectangle.
    #[error("{} signatures: choose one by its rectangle", found.len())]
    Several {
        /// Where they are, largest first.
        found: Vec<PixelRect>,
    },
    /// Print beside the signature, or nothing but print.
    #[error("printed text: {marks} marks of one size in rows")]
    PrintedText {
        /// How many marks stand in rows.
        marks: usize,
    },
    /// A margin that is not a number, negative, or leaves no room for ink.
    #[error("a margin of {margin_mm} mm leaves no room")]
    Margin {
        /// The margin asked for, mm.
        margin_mm: f64,
    },
    /// The file is no PNG or JPEG picture that can be read within the limits.
    #[error("unreadable picture: {detail}")]
    Unreadable {
        /// What the picture decoder said.
        detail: String,
    },
    /// The outline cannot be a face.
    #[error(transparent)]
    Face(#[from] FaceError),
}

impl PhotoError {
    /// A stable, dotted code for this error.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Layout { .. } => "photo.layout",
            Self::TooLarge { .. } => "photo.too-large",
            Self::TooFewPixels { .. } => "photo.too-few-pixels",
            Self::Crop { .. } => "photo.crop",
            Self::NoSheet => "photo.no-sheet",
            Self::Corners => "photo.corners",
            Self::NoInk { .. } => "photo.no-ink",
            Self::Blurred { .. } => "photo.blurred",
            Self::TooSmall { .. } => "photo.too-small",
            Self::Overexposed { .. } => "photo.overexposed",
            Self::Several { .. } => "photo.several-signatures",
            Self::PrintedText { .. } => "photo.printed-text",
            Self::Margin { .. } => "photo.margin",
            Self::Unreadable { .. } => "photo.unreadable",
            Self::Face(error) => error.code(),
        }
    }
}
