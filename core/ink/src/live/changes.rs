//! What a drawing surface is told.

use eseal_face::{Path, Point, Segment};

use crate::geometry::{Bounds, Vec2};

/// What to paint after a batch of samples: closed outlines in the pad's millimetres, filled by the non-zero rule.
///
/// A surface keeps a layer with all stable parts. After each batch it paints `stable` into that layer, once; then, within
/// `dirty`, it shows the layer again with `tail` and `predicted` over it. A tail belongs to one answer only: the next
/// answer replaces it.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Changes {
    /// What will never change again, often nothing. It overlaps what was stable before by a hair, so that no seam shows.
    pub stable: Path,
    /// From where the stable part ends to the last sample, as far as is known now. Empty when the pen has left.
    pub tail: Path,
    /// Beyond the last sample, a guess: to be drawn faded, and kept nowhere.
    pub predicted: Path,
    /// Where the pad looks different now; nothing if it does not.
    pub dirty: Option<AreaMm>,
}

impl Changes {
    pub(super) fn predicted_bounds(&self, mut bounds: Bounds) -> Bounds {
        for contour in &self.predicted.contours {
            let ends = contour.segments.iter().map(Segment::end);
            for Point { x, y } in ends.chain([contour.start]) {
                bounds.include(Vec2::new(x, y), SLACK_MM);
            }
        }
        bounds
    }
}

/// An arc may leave the box around its ends by so much, mm: the widest nib's radius.
const SLACK_MM: f64 = 1.3;

/// An upright box on the pad, mm, y downwards.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct AreaMm {
    /// Left side.
    pub left: f64,
    /// Upper side.
    pub top: f64,
    /// Right side.
    pub right: f64,
    /// Lower side.
    pub bottom: f64,
}

impl AreaMm {
    pub(super) fn around(bounds: Bounds) -> Option<Self> {
        let Bounds { min, max } = bounds;
        (min.x <= max.x).then_some(Self { left: min.x, top: min.y, right: max.x, bottom: max.y })
    }
}
