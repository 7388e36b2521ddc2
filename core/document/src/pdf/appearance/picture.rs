//! What is seen in a mark: a vector face or an image.

use eseal_face::{Face, Point, Segment};

use crate::pdf::appearance::image::Image;

/// The picture of a seal.
#[derive(Debug, Clone, Copy)]
pub enum Picture<'a> {
    /// Outlines, sharp at any size.
    Vector(&'a Face),
    /// Pixels, transparent where the image is.
    Image(&'a Image),
}

impl<'a> From<&'a Face> for Picture<'a> {
    fn from(face: &'a Face) -> Self {
        Self::Vector(face)
    }
}

impl<'a> From<&'a Image> for Picture<'a> {
    fn from(image: &'a Image) -> Self {
        Self::Image(image)
    }
}

impl Picture<'_> {
    /// Width and height, in a unit of the picture's own: only their proportion counts.
    pub(crate) fn size(&self) -> [f64; 2] {
        match self {
            Self::Vector(face) => [face.size().width(), face.size().height()],
            Self::Image(image) => image.size().map(f64::from),
        }
    }

    /// The part that something is drawn in, without the blank margins around it.
    pub(crate) fn inked(&self) -> Part {
        match self {
            Self::Vector(face) => inked_of_face(face),
            Self::Image(image) => image.inked(),
        }
    }

    /// Whether both are the same picture, so that it need not be written twice.
    pub(super) fn is(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Vector(one), Self::Vector(other)) => std::ptr::eq(*one, *other) || one == other,
            (Self::Image(one), Self::Image(other)) => std::ptr::eq(*one, *other) || one == other,
            _ => false,
        }
    }
}

/// A part of a picture: fractions of its width and height, from its top left corner.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Part {
    pub(crate) left: f64,
    pub(crate) top: f64,
    pub(crate) right: f64,
    pub(crate) bottom: f64,
}

impl Part {
    /// All of it.
    pub(crate) const WHOLE: Self = Self { left: 0.0, top: 0.0, right: 1.0, bottom: 1.0 };

    pub(crate) fn width(&self) -> f64 {
        self.right - self.left
    }

    pub(crate) fn height(&self) -> f64 {
        self.bottom - self.top
    }

    /// Slice `index` of `count` equal ones, counted from the left.
    pub(crate) fn column(&self, index: u32, count: u32) -> Self {
        let at = |index: u32| self.left + self.width() * f64::from(index) / f64::from(count);
        Self { left: at(index), right: at(index + 1), ..*self }
    }

    /// Slice `index` of `count` equal ones, counted from the top.
    pub(crate) fn row(&self, index: u32, count: u32) -> Self {
        let at = |index: u32| self.top + self.height() * f64::from(index) / f64::from(count);
        Self { top: at(index), bottom: at(index + 1), ..*self }
    }
}

/// Around all points; a curve lies inside of its handles.
fn inked_of_face(face: &Face) -> Part {
    let contours = face.layers().iter().flat_map(|layer| &layer.paths).flat_map(|path| &path.contours);
    let points = contours.flat_map(|contour| {
        let segments = contour.segments.iter().flat_map(|segment| match *segment {
            Segment::Line(end) => [end, end, end],
            Segment::Cubic(first, second, end) => [first, second, end],
        });
        std::iter::once(contour.start).chain(segments)
    });
    let (width, height) = (face.size().width(), face.size().height());
    let nothing = Part { left: 1.0, top: 1.0, right: 0.0, bottom: 0.0 };
    let part = points.fold(nothing, |part, Point { x, y }| {
        let (x, y) = ((x / width).clamp(0.0, 1.0), (y / height).clamp(0.0, 1.0));
        Part { left: part.left.min(x), top: part.top.min(y), right: part.right.max(x), bottom: part.bottom.max(y) }
    });
    if part.width() > 0.0 && part.height() > 0.0 { part } else { Part::WHOLE }
}

#[cfg(test)]
mod tests {
    use eseal_face::{Color, Contour, Layer, Path, SizeMm};

    use super::*;

    #[test]
    fn blank_margins_are_known() {
        let path = Path { contours: vec![Contour::circle(Point::new(20.0, 10.0), 5.0)] };
        let layers = vec![Layer { color: Color::BLACK, paths: vec![path] }];
        let face = Face::new(SizeMm::new(40.0, 20.0).unwrap(), layers).unwrap();
        let Part { left, top, right, bottom } = Picture::from(&face).inked();
        for (actual, expected) in [(left, 0.375), (top, 0.25), (right, 0.625), (bottom, 0.75)] {
            assert!((actual - expected).abs() < 1e-9, "{actual} {expected}");
        }
    }

    #[test]
    fn slices_meet_exactly_and_leave_nothing_out() {
        let whole = Part { left: 0.1, top: 0.2, right: 0.9, bottom: 0.7 };
        for count in [1, 2, 3, 7, 40, 997] {
            for slice in [Part::column, Part::row] {
                let slices: Vec<Part> = (0..count).map(|index| slice(&whole, index, count)).collect();
                let (first, last) = (slices[0], slices[slices.len() - 1]);
                assert!((first.left, first.top) == (whole.left, whole.top));
                assert!((last.right - whole.right).abs() < 1e-12 && (last.bottom - whole.bottom).abs() < 1e-12);
                for pair in slices.windows(2) {
                    let meets = pair[0].right.to_bits() == pair[1].left.to_bits()
                        || pair[0].bottom.to_bits() == pair[1].top.to_bits();
                    assert!(meets, "{pair:?}");
                }
            }
        }
    }
}
