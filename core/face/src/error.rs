//! Why a face is refused.

/// Why a face could not be made, read or drawn.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum FaceError {
    /// A side that is not a number, not positive, or longer than [`crate::MAX_SIDE_MM`].
    #[error("a face of {width_mm} × {height_mm} mm: each side must be over 0 and at most 200 mm")]
    Size {
        /// Width asked for, mm.
        width_mm: f64,
        /// Height asked for, mm.
        height_mm: f64,
    },
    /// A resolution outside 72..=1200 dpi.
    #[error("{dpi} dpi: must be from 72 to 1200")]
    Dpi {
        /// Resolution asked for, dots per inch.
        dpi: u32,
    },
    /// Nothing would be drawn.
    #[error("the face has no shape to draw")]
    Empty,
    /// A coordinate that is not a number or lies further than [`crate::MARGIN_MM`] outside the face.
    #[error("the point ({x_mm}, {y_mm}) mm lies outside the face")]
    OutsideBox {
        /// Horizontal position, mm.
        x_mm: f64,
        /// Vertical position, mm.
        y_mm: f64,
    },
    /// More points than [`crate::MAX_POINTS`] or more paths than [`crate::MAX_PATHS`].
    #[error("the face has more than {limit} points or paths")]
    TooComplex {
        /// The limit that was passed.
        limit: usize,
    },
    /// Size and resolution together exceed [`crate::MAX_PIXELS`].
    #[error("{width_px} × {height_px} pixels: more than {} are refused", crate::MAX_PIXELS)]
    TooManyPixels {
        /// Width of the picture, pixels.
        width_px: u32,
        /// Height of the picture, pixels.
        height_px: u32,
    },
    /// The text is not an SVG face as [`crate::Face::to_svg`] writes it.
    #[error("not a face in SVG: at byte {offset}, expected {expected}")]
    Svg {
        /// Where reading stopped, in bytes from the start.
        offset: usize,
        /// What would have been allowed there.
        expected: &'static str,
    },
    /// Neither SVG nor a PNG that can be read to its end.
    #[error("not a picture of a face: {detail}")]
    Picture {
        /// What was found.
        detail: String,
    },
    /// A PNG that does not say how large it is, where nobody else does.
    #[error("the picture has no resolution, so that its size is not known")]
    NoSize,
    /// The PNG encoder refused the picture.
    #[error("the picture could not be encoded as PNG: {detail}")]
    Png {
        /// The encoder's own words.
        detail: String,
    },
}

impl FaceError {
    /// A stable, dotted code for this error.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Size { .. } => "face.size",
            Self::Dpi { .. } => "face.dpi",
            Self::Empty => "face.empty",
            Self::OutsideBox { .. } => "face.outside-box",
            Self::TooComplex { .. } => "face.too-complex",
            Self::TooManyPixels { .. } => "face.too-many-pixels",
            Self::Svg { .. } => "face.svg",
            Self::Picture { .. } => "face.picture",
            Self::NoSize => "face.without-size",
            Self::Png { .. } => "face.png",
        }
    }
}
