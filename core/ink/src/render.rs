//! The whole ink as a face.

use eseal_face::{Contour, Face, Layer, Path, Point, Segment, SizeMm};

use crate::geometry::{Bounds, Vec2};
use crate::pen::Nib;
use crate::stroke::curve::Node;
use crate::stroke::fit::point;
use crate::stroke::flow::{Drawn, Flow};
use crate::stroke::outline::outline_of;
use crate::stroke::{End, Plane, STEP_MM};
use crate::{Ink, InkColor, InkError, Pen, Stroke, crowding};

/// The widest margin that may be asked for, mm.
pub const MAX_INK_MARGIN_MM: f64 = 50.0;

/// An ink is cut into about this many steps at most; longer ink is cut coarser.
const MOST_STEPS: f64 = 150_000.0;
/// How far a pen follows the scale: a small face takes a thinner pen, or its strokes would close up.
const NIB_FACTOR: (f64, f64) = (0.5, 1.25);
/// The widest a stroke may become, as a share of the room that strokes have: few are so wide.
const MOST_FILLED: f64 = 1.1;

/// How large the face becomes.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub enum FaceSize {
    /// As large as it was drawn, plus the margin.
    #[default]
    Natural,
    /// Enlarged or reduced so that, with its margin, it just fits into this box. The face is trimmed: one of its sides
    /// may be shorter than the box's.
    FitWithin(SizeMm),
}

/// What the face is to look like.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RenderOptions {
    /// The pen.
    pub pen: Pen,
    /// The colour.
    pub color: InkColor,
    /// The size.
    pub size: FaceSize,
    /// Empty space around the ink, mm: 0 to [`MAX_INK_MARGIN_MM`].
    pub margin_mm: f64,
}

impl Default for RenderOptions {
    /// Fountain pen, black, natural size, half a millimetre of margin.
    fn default() -> Self {
        Self { pen: Pen::default(), color: InkColor::default(), size: FaceSize::default(), margin_mm: 0.5 }
    }
}

/// The ink as a face: trimmed to what is drawn, a path per stroke, the rest transparent.
///
/// The same ink and options give the same face, wherever on the pad it was drawn.
///
/// # Errors
/// What [`Ink::check`] refuses; [`InkError::Margin`]; [`InkError::Face`] if the result is larger than a face may be.
pub fn render(ink: &Ink, options: &RenderOptions) -> Result<Face, InkError> {
    ink.check()?;
    let margin = options.margin_mm;
    if !(0.0..=MAX_INK_MARGIN_MM).contains(&margin) {
        return Err(InkError::Margin { margin_mm: margin });
    }
    match options.size {
        FaceSize::Natural => Drawing::new(ink, options.pen.nib(), 1.0).face(options.color, margin, None),
        FaceSize::FitWithin(size) => {
            let room = Vec2::new(size.width() - 2.0 * margin, size.height() - 2.0 * margin);
            if room.x <= 0.0 || room.y <= 0.0 {
                return Err(InkError::Margin { margin_mm: margin });
            }
            Drawing::fitted(ink, options.pen, room).face(options.color, margin, Some(room))
        }
    }
}

/// The outline one stroke has at natural size, in the pad's millimetres: what a pad paints.
///
/// It is part of what [`render`] draws at natural size, but for the rounding to the face's grid.
#[must_use]
pub fn outline(stroke: &Stroke, pen: Pen) -> Path {
    draw(stroke, Plane::PAD, pen.nib()).outline()
}

/// A place along the middle of a stroke.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Place {
    /// To the right, mm.
    pub x_mm: f64,
    /// Downwards, mm.
    pub y_mm: f64,
    /// How wide the stroke is there, mm.
    pub width_mm: f64,
}

/// The middle of what [`outline`] draws, in steps of at most 0.25 mm: for surfaces that paint discs, and to measure. A dot
/// is a single place. Two in a row lie on top of each other where the stroke has a corner.
#[must_use]
pub fn middle(stroke: &Stroke, pen: Pen) -> Vec<Place> {
    let place = |at: Vec2, width_mm| Place { x_mm: at.x, y_mm: at.y, width_mm };
    match draw(stroke, Plane::PAD, pen.nib()) {
        Shape::Dot { center, diameter } => vec![place(center, diameter)],
        Shape::Line(nodes) => nodes.iter().map(|node| place(node.at, node.width)).collect(),
    }
}

/// The middles of all strokes with their widths; their outlines come last, when the scale is settled.
struct Drawing {
    strokes: Vec<Shape>,
    bounds: Bounds,
}

impl Drawing {
    fn new(ink: &Ink, nib: Nib, scale: f64) -> Self {
        let path_mm: f64 = ink.strokes().iter().map(Stroke::path_mm).sum();
        let step = STEP_MM.max(path_mm * scale / MOST_STEPS);
        let plane = Plane { origin: Bounds::of(ink.samples().map(Into::into)).min, scale, step };
        let strokes: Vec<Shape> = ink.strokes().iter().map(|stroke| draw(stroke, plane, nib)).collect();
        let bounds = strokes.iter().map(Shape::bounds).fold(Bounds::EMPTY, Bounds::union);
        Self { strokes, bounds }
    }

    /// As large as the room allows. The pen's width does not scale with the ink, so the scale is found in a few steps.
    fn fitted(ink: &Ink, pen: Pen, room: Vec2) -> Self {
        let bounds = Bounds::of(ink.samples().map(Into::into));
        let mut scale = share(room, bounds.width(), bounds.height());
        let mut drawing = Self::new(ink, fitting_nib(ink, pen, scale), scale);
        for _ in 0..2 {
            scale *= share(room, drawing.bounds.width(), drawing.bounds.height());
            drawing = Self::new(ink, fitting_nib(ink, pen, scale), scale);
        }
        drawing
    }

    /// The face with this margin around the drawing; hundredths of a millimetre over the room are shrunk away.
    fn face(&self, color: InkColor, margin: f64, room: Option<Vec2>) -> Result<Face, InkError> {
        let shrink = room.map_or(1.0, |room| share(room, self.bounds.width(), self.bounds.height()).min(1.0));
        let (width, height) = (self.bounds.width() * shrink, self.bounds.height() * shrink);
        let size = SizeMm::new(width + 2.0 * margin, height + 2.0 * margin)?;
        let corner = self.bounds.min * shrink - Vec2::new(margin, margin);
        let paths = self.strokes.iter().map(|stroke| moved(stroke.outline(), |at| at * shrink - corner)).collect();
        Ok(Face::new(size, vec![Layer { color: color.color(), paths }])?)
    }
}

/// The nib follows the scale, but not so far that strokes run into each other.
fn fitting_nib(ink: &Ink, pen: Pen, scale: f64) -> Nib {
    let nib = pen.nib();
    let room = MOST_FILLED * crowding::pitch(ink, scale) / nib.thickest;
    nib.scaled(scale.sqrt().min(room).clamp(NIB_FACTOR.0, NIB_FACTOR.1))
}

/// By how much a drawing of this size must be multiplied to fill the room.
fn share(room: Vec2, width: f64, height: f64) -> f64 {
    (room.x / width.max(1e-6)).min(room.y / height.max(1e-6))
}

/// One stroke, ready to be outlined.
enum Shape {
    Dot { center: Vec2, diameter: f64 },
    Line(Vec<Node>),
}

impl Shape {
    fn bounds(&self) -> Bounds {
        let mut bounds = Bounds::EMPTY;
        match self {
            Self::Dot { center, diameter } => bounds.include(*center, diameter / 2.0),
            Self::Line(nodes) => nodes.iter().for_each(|node| bounds.include(node.at, node.width / 2.0)),
        }
        bounds
    }

    fn outline(&self) -> Path {
        match self {
            Self::Dot { center, diameter } => Path { contours: vec![Contour::circle(point(*center), diameter / 2.0)] },
            Self::Line(nodes) => outline_of(nodes),
        }
    }
}

fn draw(stroke: &Stroke, plane: Plane, nib: Nib) -> Shape {
    let mut flow = Flow::new(plane, nib);
    flow.push(stroke.samples());
    match flow.end(End::Lifted) {
        Drawn::Dot { center, diameter } => Shape::Dot { center, diameter },
        Drawn::Line(nodes) => Shape::Line(nodes.to_vec()),
    }
}

fn moved(mut path: Path, to: impl Fn(Vec2) -> Vec2) -> Path {
    let moved = |at: Point| point(to(Vec2::new(at.x, at.y)));
    for contour in &mut path.contours {
        contour.start = moved(contour.start);
        for segment in &mut contour.segments {
            *segment = match *segment {
                Segment::Line(end) => Segment::Line(moved(end)),
                Segment::Cubic(first, second, end) => Segment::Cubic(moved(first), moved(second), moved(end)),
            };
        }
    }
    path
}
