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

/// A box that holds a path: curves keep within their handles.
pub(super) fn hull(path: &Path) -> Bounds {
    let points = path.contours.iter().flat_map(|contour| {
        let handles = contour.segments.iter().flat_map(|segment| match *segment {
            Segment::Line(end) => [end; 3],
            Segment::Cubic(first, second, end) => [first, second, end],
        });
        handles.chain([contour.start])
    });
    Bounds::of(points.map(|Point { x, y }| Vec2::new(x, y)))
}

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
    /// Around those areas that there are.
    pub(super) fn around_all(areas: [Option<Self>; 2]) -> Option<Self> {
        let corners = areas
            .into_iter()
            .flatten()
            .flat_map(|area| [Vec2::new(area.left, area.top), Vec2::new(area.right, area.bottom)]);
        Self::around(Bounds::of(corners))
    }

    pub(super) fn around(bounds: Bounds) -> Option<Self> {
        let Bounds { min, max } = bounds;
        (min.x <= max.x).then_some(Self { left: min.x, top: min.y, right: max.x, bottom: max.y })
    }
}
