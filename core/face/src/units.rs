//! Size, resolution and colour.

use crate::{FaceError, grid};

/// The longest side a face may have, mm.
pub const MAX_SIDE_MM: f64 = 200.0;

/// Width and height of a face in millimetres, on the 0.001 mm grid: each over 0 and at most [`MAX_SIDE_MM`].
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SizeMm {
    width: f64,
    height: f64,
}

impl SizeMm {
    /// A size of `width` × `height` mm, rounded to 0.001 mm.
    ///
    /// # Errors
    /// [`FaceError::Size`] if a side is not finite, not positive, or over [`MAX_SIDE_MM`].
    pub fn new(width: f64, height: f64) -> Result<Self, FaceError> {
        let side = |mm: f64| (mm.is_finite() && mm <= MAX_SIDE_MM).then(|| grid::snap(mm)).filter(|mm| *mm > 0.0);
        match (side(width), side(height)) {
            (Some(width), Some(height)) => Ok(Self { width, height }),
            _ => Err(FaceError::Size { width_mm: width, height_mm: height }),
        }
    }

    /// Width, mm.
    #[must_use]
    pub const fn width(self) -> f64 {
        self.width
    }

    /// Height, mm.
    #[must_use]
    pub const fn height(self) -> f64 {
        self.height
    }
}

/// Resolution of a raster picture in dots per inch: 72 to 1200.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Dpi(u16);

impl Dpi {
    /// What office printers need.
    pub const PRINT: Self = Self(600);

    /// # Errors
    /// [`FaceError::Dpi`] outside 72..=1200.
    pub fn new(dpi: u32) -> Result<Self, FaceError> {
        u16::try_from(dpi).ok().filter(|dpi| (72..=1200).contains(dpi)).map(Self).ok_or(FaceError::Dpi { dpi })
    }

    /// Dots per inch.
    #[must_use]
    pub const fn get(self) -> u16 {
        self.0
    }

    /// Pixels in a millimetre.
    #[must_use]
    pub fn per_mm(self) -> f64 {
        f64::from(self.0) / 25.4
    }
}

/// An opaque sRGB colour, 8 bits a channel.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Color {
    /// Red, 0 to 255.
    pub red: u8,
    /// Green, 0 to 255.
    pub green: u8,
    /// Blue, 0 to 255.
    pub blue: u8,
}

impl Color {
    /// Black.
    pub const BLACK: Self = Self::rgb(0, 0, 0);

    /// The colour of these channels.
    #[must_use]
    pub const fn rgb(red: u8, green: u8, blue: u8) -> Self {
        Self { red, green, blue }
    }
}
