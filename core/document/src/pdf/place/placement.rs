//! Where a seal is asked to go.

use crate::pdf::error::PdfError;
use crate::pdf::place::page::PageIndex;

/// The corner of the page as seen from which a place is measured, and the same corner of the seal that is put there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Corner {
    /// Top left: distances go right and down.
    #[default]
    TopLeft,
    /// Top right: distances go left and down.
    TopRight,
    /// Bottom left: distances go right and up.
    BottomLeft,
    /// Bottom right: distances go left and up.
    BottomRight,
}

/// Where a seal goes, in millimetres on the page *as seen*: after `/Rotate`, inside the `/CropBox`, with `/UserUnit`.
///
/// The seal is drawn upright in that box, as large as fits with its own proportions, in the middle.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Placement {
    page: PageIndex,
    pub(super) corner: Corner,
    pub(super) x_mm: f64,
    pub(super) y_mm: f64,
    pub(super) width_mm: f64,
    pub(super) height_mm: f64,
}

impl Placement {
    /// A box of `width_mm` by `height_mm` whose `corner` is `x_mm` and `y_mm` away from the page's.
    ///
    /// # Errors
    /// `pdf.empty-placement` if a side is not greater than zero or any number is not finite.
    pub fn new(
        page: PageIndex,
        corner: Corner,
        [x_mm, y_mm]: [f64; 2],
        [width_mm, height_mm]: [f64; 2],
    ) -> Result<Self, PdfError> {
        let is_usable = [x_mm, y_mm].iter().all(|mm| mm.is_finite())
            && [width_mm, height_mm].iter().all(|mm| mm.is_finite() && *mm > 0.0);
        if is_usable {
            Ok(Self { page, corner, x_mm, y_mm, width_mm, height_mm })
        } else {
            Err(PdfError::EmptyPlacement)
        }
    }

    /// Which page.
    #[must_use]
    pub const fn page(&self) -> PageIndex {
        self.page
    }
}
