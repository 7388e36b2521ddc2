//! Pixels of our own.

use super::{Layout, PhotoError, Pixels};

/// A photograph that is kept: decoded from a file, straightened, or copied from a camera's buffer.
#[derive(Clone)]
pub struct Picture {
    width: u32,
    height: u32,
    layout: Layout,
    data: Vec<u8>,
}

impl Picture {
    /// Rows without gaps.
    pub(super) const fn new(width: u32, height: u32, layout: Layout, data: Vec<u8>) -> Self {
        Self { width, height, layout, data }
    }

    /// A copy of borrowed pixels, to look at several times.
    #[must_use]
    pub fn copy_of(pixels: &Pixels<'_>) -> Self {
        let data = pixels.rows(pixels.bounds()).collect::<Vec<_>>().concat();
        Self::new(pixels.width(), pixels.height(), pixels.layout(), data)
    }

    /// Pixels in a row.
    #[must_use]
    pub const fn width(&self) -> u32 {
        self.width
    }

    /// Rows.
    #[must_use]
    pub const fn height(&self) -> u32 {
        self.height
    }

    /// Its pixels.
    ///
    /// # Errors
    /// [`PhotoError::TooFewPixels`].
    pub fn pixels(&self) -> Result<Pixels<'_>, PhotoError> {
        Pixels::new(self.width, self.height, self.width * self.layout.bytes(), self.layout, &self.data)
    }
}

impl std::fmt::Debug for Picture {
    /// Sizes only: a photograph may show anything.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Picture").field("width", &self.width).field("height", &self.height).finish_non_exhaustive()
    }
}
