use crate::ofd::document::Page;
use crate::ofd::error::OfdError;
use crate::ofd::signature::StampAnnot;
use crate::pdf::PageIndex;

/// The last bit of a float is no overhang.
const NOTHING_MM: f64 = 1e-6;

/// A place where the seal is seen: millimetres from the page's top-left corner.
#[derive(Debug, Clone, PartialEq)]
pub struct Mark {
    pub(crate) page: PageIndex,
    /// Left, top, width and height of the whole seal.
    boundary: [f64; 4],
    /// Left, top, width and height of what is seen of it, in it.
    clip: Option<[f64; 4]>,
}

impl Mark {
    /// The whole seal in a box of `size` whose top-left corner is at `corner`.
    ///
    /// # Errors
    /// `ofd.outside-page` for numbers that are no place.
    pub fn new(page: PageIndex, corner: [f64; 2], size: [f64; 2]) -> Result<Self, OfdError> {
        let is_usable =
            corner.iter().all(|mm| mm.is_finite()) && size.iter().all(|mm| mm.is_finite() && *mm > NOTHING_MM);
        let [[x, y], [width, height]] = [corner, size];
        let mark = Self { page, boundary: [x, y, width, height], clip: None };
        if is_usable { Ok(mark) } else { Err(OfdError::OutsidePage) }
    }

    /// Only a part of it.
    pub(super) fn clipped(self, clip: [f64; 4]) -> Self {
        Self { clip: Some(clip), ..self }
    }

    /// As it is written, if what is seen of it lies on the page.
    pub(super) fn on(&self, page: &Page) -> Result<StampAnnot, OfdError> {
        let [x, y, width, height] = self.boundary;
        let [left, top, seen_width, seen_height] = self.clip.unwrap_or([0.0, 0.0, width, height]);
        let lies = |start: f64, length: f64, most: f64| start >= -NOTHING_MM && start + length <= most + NOTHING_MM;
        let [page_width, page_height] = page.size_mm;
        if lies(x + left, seen_width, page_width) && lies(y + top, seen_height, page_height) {
            Ok(StampAnnot { page: page.id.clone(), boundary: self.boundary, clip: self.clip })
        } else {
            Err(OfdError::OutsidePage)
        }
    }
}
