//! What a drawing surface is told.

use eseal_sdk::face::{Contour, Path, Point, Segment};
use eseal_sdk::ink::{AreaMm, LayerChange, Refused, Repaint};

/// What to do after an event. A surface keeps a layer: it wipes it if `starts_over`, paints `stable` into it, once; then,
/// within `dirty`, it shows the layer with `tail` and, faded, `predicted` over it. Tail and prediction belong to one answer
/// only.
#[derive(Clone, Debug, uniffi::Record)]
pub struct PadPaint {
    /// Whether the layer is wiped before `stable` is painted.
    pub starts_over: bool,
    /// What will not change until the layer is wiped.
    pub stable: Vec<InkPath>,
    /// The end of the growing stroke, as far as is known now.
    pub tail: InkPath,
    /// Where the pen will be in a moment.
    pub predicted: InkPath,
    /// Where the pad looks different now; nothing if it does not.
    pub dirty: Option<PadArea>,
    /// What of the event was left out, and why.
    pub refused: Vec<RefusedTouch>,
}

impl From<Repaint> for PadPaint {
    fn from(repaint: Repaint) -> Self {
        Self {
            starts_over: repaint.layer == LayerChange::StartedOver,
            stable: repaint.stable.iter().map(InkPath::from).collect(),
            tail: (&repaint.tail).into(),
            predicted: (&repaint.predicted).into(),
            dirty: repaint.dirty.map(PadArea::from),
            refused: repaint.refused.into_iter().map(RefusedTouch::from).collect(),
        }
    }
}

/// Closed outlines in the pad's millimetres, filled together by the non-zero rule.
#[derive(Clone, Debug, PartialEq, uniffi::Record)]
pub struct InkPath {
    /// A byte for each step: 0 begins an outline at a point, 1 is a line to a point, 2 a cubic curve by two handles to a
    /// point. Each outline closes itself.
    pub verbs: Vec<u8>,
    /// Two numbers for each point of the steps, x and y.
    pub coordinates: Vec<f32>,
}

impl From<&Path> for InkPath {
    fn from(path: &Path) -> Self {
        let mut out = Self { verbs: Vec::new(), coordinates: Vec::new() };
        for Contour { start, segments } in &path.contours {
            out.step(0, &[*start]);
            for segment in segments {
                match *segment {
                    Segment::Line(end) => out.step(1, &[end]),
                    Segment::Cubic(first, second, end) => out.step(2, &[first, second, end]),
                }
            }
        }
        out
    }
}

impl InkPath {
    #[expect(clippy::cast_possible_truncation, reason = "places on a pad need no more than f32 has")]
    fn step(&mut self, verb: u8, points: &[Point]) {
        self.verbs.push(verb);
        self.coordinates.extend(points.iter().flat_map(|at| [at.x as f32, at.y as f32]));
    }
}

/// An upright box on the pad, mm, y downwards.
#[derive(Clone, Copy, Debug, PartialEq, uniffi::Record)]
pub struct PadArea {
    /// Left side.
    pub left: f64,
    /// Upper side.
    pub top: f64,
    /// Right side.
    pub right: f64,
    /// Lower side.
    pub bottom: f64,
}

impl From<AreaMm> for PadArea {
    fn from(AreaMm { left, top, right, bottom }: AreaMm) -> Self {
        Self { left, top, right, bottom }
    }
}

/// A touch or a point that was left out: a second finger, a palm, a fault of the digitiser.
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Record)]
pub struct RefusedTouch {
    /// Which of the points handed in, from 0; 0 for a touch.
    pub index: u32,
    /// Why: `ink.second-pointer`, `ink.palm`, `ink.glitch` and the like.
    pub code: String,
}

impl From<Refused> for RefusedTouch {
    fn from(refused: Refused) -> Self {
        Self { index: u32::try_from(refused.index).unwrap_or(u32::MAX), code: refused.why.code().to_owned() }
    }
}
