use std::num::NonZeroU32;

use super::mark::Mark;
use crate::ofd::document::{Ofd, Page};
use crate::ofd::error::OfdError;
use crate::pdf::{PageIndex, Side};
use crate::source::ReadAt;

/// Slices are not thinner than this unless more pages to a seal are asked for, mm: what a printer and an eye keep apart.
const THINNEST_MM: f64 = 2.0;

/// Over how many pages one seal is cut.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Grouping {
    /// As many as leave slices of 2 mm.
    #[default]
    Thickness,
    /// As many at most; two at least.
    AtMost(NonZeroU32),
}

/// One seal cut across the edges of all pages (骑缝章): as long as the edge is seen fanned, the slices make the seal.
///
/// More pages than one seal can be cut over have several, over as equal numbers of pages as there can be.
#[derive(Debug, Clone, Copy)]
#[must_use]
pub struct CrossPage {
    side: Side,
    size_mm: [f64; 2],
    grouping: Grouping,
    middle: f64,
}

impl CrossPage {
    /// A seal of `size_mm` at the middle of an edge.
    pub const fn new(side: Side, size_mm: [f64; 2]) -> Self {
        Self { side, size_mm, grouping: Grouping::Thickness, middle: 0.5 }
    }

    /// Over how many pages one seal is cut.
    pub const fn grouping(mut self, grouping: Grouping) -> Self {
        self.grouping = grouping;
        self
    }

    /// Where the seal's middle is on the edge, as a share of its length from top or left; 0.5 if nothing else is asked for.
    pub const fn middle(mut self, share: f64) -> Self {
        self.middle = share;
        self
    }

    /// The slices, in the order of the pages: all for one signature.
    ///
    /// # Errors
    /// `ofd.too-few-pages` for fewer than two pages; `ofd.outside-page` for a seal longer than an edge, or a size that is
    /// none; as [`Ofd::pages`].
    pub fn marks<S: ReadAt>(&self, ofd: &Ofd<S>) -> Result<Vec<Mark>, OfdError> {
        let pages = ofd.pages()?;
        if pages.len() < 2 {
            return Err(OfdError::TooFewPages);
        }
        let seals = pages.len().div_ceil(self.most_pages()?).min(pages.len() / 2);
        let mut marks = Vec::with_capacity(pages.len());
        for seal in 0..seals {
            let group = pages.len() * seal / seals..pages.len() * (seal + 1) / seals;
            let start = self.start(&pages[group.clone()])?;
            for (nth, page) in pages[group.clone()].iter().enumerate() {
                let number = i32::try_from(group.start + nth + 1).unwrap_or(i32::MAX);
                marks.push(self.slice(PageIndex::new(number), page, nth, group.len(), start)?);
            }
        }
        Ok(marks)
    }

    const fn is_upright(&self) -> bool {
        matches!(self.side, Side::Left | Side::Right)
    }

    fn most_pages(&self) -> Result<usize, OfdError> {
        if !self.size_mm.iter().all(|mm| mm.is_finite() && *mm > 0.0) {
            return Err(OfdError::OutsidePage);
        }
        let thickness = if self.is_upright() { self.size_mm[0] } else { self.size_mm[1] };
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped to some hundreds first")]
        let by_thickness = (thickness / THINNEST_MM + 1e-9).clamp(2.0, 500.0) as usize;
        Ok(match self.grouping {
            Grouping::Thickness => by_thickness,
            Grouping::AtMost(pages) => (pages.get() as usize).max(2),
        })
    }

    /// How far the seal is from the top or left of pages that all have room for it.
    fn start(&self, pages: &[Page]) -> Result<f64, OfdError> {
        let along = usize::from(self.is_upright());
        let shortest = pages.iter().map(|page| page.size_mm[along]).fold(f64::INFINITY, f64::min);
        let start = shortest * self.middle - self.size_mm[along] / 2.0;
        if start.is_finite() { Ok(start) } else { Err(OfdError::OutsidePage) }
    }

    fn slice(&self, index: PageIndex, page: &Page, nth: usize, count: usize, start: f64) -> Result<Mark, OfdError> {
        let [width, height] = self.size_mm;
        // At left and top the pages are fanned the other way, so that the last one shows the seal's beginning.
        let nth = if matches!(self.side, Side::Left | Side::Top) { count - 1 - nth } else { nth };
        #[expect(clippy::cast_precision_loss, reason = "some hundreds at most")]
        let share = |length: f64, nth: usize| length * nth as f64 / count as f64;
        let [page_width, page_height] = page.size_mm;
        let (corner, clip) = if self.is_upright() {
            let (from, thick) = (share(width, nth), share(width, 1));
            let edge = if self.side == Side::Left { 0.0 } else { page_width - thick };
            ([edge - from, start], [from, 0.0, thick, height])
        } else {
            let (from, thick) = (share(height, nth), share(height, 1));
            let edge = if self.side == Side::Top { 0.0 } else { page_height - thick };
            ([start, edge - from], [0.0, from, width, thick])
        };
        Ok(Mark::new(index, corner, self.size_mm)?.clipped(clip))
    }
}
