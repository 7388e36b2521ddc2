//! Shapes, and the face they make up.

use crate::{Color, FaceError, SizeMm, grid};

/// How far a coordinate may lie outside the face's box, mm: room for the handles of curves.
pub const MARGIN_MM: f64 = 5.0;
/// The most points (ends and handles together) a face may have.
pub const MAX_POINTS: usize = 200_000;
/// The most paths, over all layers, a face may have.
pub const MAX_PATHS: usize = 10_000;

/// A place on the face: mm from its top-left corner, y downwards.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Point {
    /// To the right, mm.
    pub x: f64,
    /// Downwards, mm.
    pub y: f64,
}

impl Point {
    /// The point (`x`, `y`), mm.
    #[must_use]
    pub const fn new(x: f64, y: f64) -> Self {
        Self { x, y }
    }
}

/// One piece of a contour, from where the piece before it ended.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Segment {
    /// A straight line to this point.
    Line(Point),
    /// A cubic Bézier curve: first handle, second handle, end.
    Cubic(Point, Point, Point),
}

impl Segment {
    /// Where this piece ends.
    #[must_use]
    pub const fn end(&self) -> Point {
        match self {
            Self::Line(end) | Self::Cubic(_, _, end) => *end,
        }
    }

    /// Handles and end, in the order of drawing.
    pub(crate) fn points(&self) -> impl Iterator<Item = Point> + use<> {
        let (handles, end) = match *self {
            Self::Line(end) => (None, end),
            Self::Cubic(first, second, end) => (Some([first, second]), end),
        };
        handles.into_iter().flatten().chain([end])
    }

    fn snapped(self) -> Self {
        match self {
            Self::Line(end) => Self::Line(snap(end)),
            Self::Cubic(first, second, end) => Self::Cubic(snap(first), snap(second), snap(end)),
        }
    }
}

fn snap(point: Point) -> Point {
    Point::new(grid::snap(point.x), grid::snap(point.y))
}

/// A closed outline: after the last segment a straight line leads back to the start.
#[derive(Debug, Clone, PartialEq)]
pub struct Contour {
    /// Where it starts.
    pub start: Point,
    /// Its pieces, in order.
    pub segments: Vec<Segment>,
}

impl Contour {
    /// A full circle, in the direction of positive area on this y-down plane (clockwise as seen), by four cubics;
    /// off the true circle by at most 0.03 % of the radius.
    #[must_use]
    pub fn circle(center: Point, radius: f64) -> Self {
        // The handle length that makes a cubic meet the circle at 0, 45 and 90 degrees.
        const HANDLE: f64 = 0.552_284_749_830_793_4;
        let at = |x: f64, y: f64| Point::new(center.x + radius * x, center.y + radius * y);
        Self {
            start: at(1.0, 0.0),
            segments: vec![
                Segment::Cubic(at(1.0, HANDLE), at(HANDLE, 1.0), at(0.0, 1.0)),
                Segment::Cubic(at(-HANDLE, 1.0), at(-1.0, HANDLE), at(-1.0, 0.0)),
                Segment::Cubic(at(-1.0, -HANDLE), at(-HANDLE, -1.0), at(0.0, -1.0)),
                Segment::Cubic(at(HANDLE, -1.0), at(1.0, -HANDLE), at(1.0, 0.0)),
            ],
        }
    }

    fn points(&self) -> impl Iterator<Item = Point> {
        std::iter::once(self.start).chain(self.segments.iter().flat_map(Segment::points))
    }
}

/// Contours filled together by the non-zero winding rule: one stroke of a pen, one character, one star.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Path {
    /// The outlines.
    pub contours: Vec<Contour>,
}

/// Paths of one colour, each filled by itself.
#[derive(Debug, Clone, PartialEq)]
pub struct Layer {
    /// What they are filled with.
    pub color: Color,
    /// The paths, first drawn first.
    pub paths: Vec<Path>,
}

/// The picture of a seal: a box in millimetres and the layers drawn in it, lowest first, on nothing (transparent).
#[derive(Debug, Clone, PartialEq)]
pub struct Face {
    size: SizeMm,
    layers: Vec<Layer>,
}

impl Face {
    /// A face of these layers. Coordinates are rounded to 0.001 mm.
    ///
    /// # Errors
    /// [`FaceError::Empty`] if a layer has no path, a path no contour or a contour no segment (or there is no layer);
    /// [`FaceError::OutsideBox`] for a coordinate that is not finite or over [`MARGIN_MM`] outside the box;
    /// [`FaceError::TooComplex`] over [`MAX_POINTS`] or [`MAX_PATHS`].
    pub fn new(size: SizeMm, mut layers: Vec<Layer>) -> Result<Self, FaceError> {
        let holds_nothing =
            |path: &Path| path.contours.is_empty() || path.contours.iter().any(|c| c.segments.is_empty());
        if layers.is_empty()
            || layers.iter().any(|layer| layer.paths.is_empty() || layer.paths.iter().any(holds_nothing))
        {
            return Err(FaceError::Empty);
        }
        if layers.iter().map(|layer| layer.paths.len()).sum::<usize>() > MAX_PATHS {
            return Err(FaceError::TooComplex { limit: MAX_PATHS });
        }
        let mut count = 0_usize;
        for contour in contours_mut(&mut layers) {
            for point in contour.points() {
                count += 1;
                check(size, point)?;
            }
            if count > MAX_POINTS {
                return Err(FaceError::TooComplex { limit: MAX_POINTS });
            }
            contour.start = snap(contour.start);
            for segment in &mut contour.segments {
                *segment = segment.snapped();
            }
        }
        Ok(Self { size, layers })
    }

    /// Its size, mm.
    #[must_use]
    pub const fn size(&self) -> SizeMm {
        self.size
    }

    /// Its layers, lowest first.
    #[must_use]
    pub fn layers(&self) -> &[Layer] {
        &self.layers
    }
}

fn contours_mut(layers: &mut [Layer]) -> impl Iterator<Item = &mut Contour> {
    layers.iter_mut().flat_map(|layer| &mut layer.paths).flat_map(|path| &mut path.contours)
}

fn check(size: SizeMm, point: Point) -> Result<(), FaceError> {
    let inside = |value: f64, side: f64| value >= -MARGIN_MM && value <= side + MARGIN_MM;
    // A comparison with NaN is false, so what is not a number is outside.
    if inside(point.x, size.width()) && inside(point.y, size.height()) {
        Ok(())
    } else {
        Err(FaceError::OutsideBox { x_mm: point.x, y_mm: point.y })
    }
}
