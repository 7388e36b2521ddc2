//! Coordinate transformations and boxes (ISO 32000-2, 8.3).

/// `[a b c d e f]`: x′ = ax + cy + e, y′ = bx + dy + f.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Matrix(pub(crate) [f64; 6]);

impl Matrix {
    pub(crate) const IDENTITY: Self = Self([1.0, 0.0, 0.0, 1.0, 0.0, 0.0]);

    pub(crate) const fn translation(x: f64, y: f64) -> Self {
        Self([1.0, 0.0, 0.0, 1.0, x, y])
    }

    /// First this one, then `after`.
    pub(crate) fn then(&self, after: &Self) -> Self {
        let column = |from: usize| after.turned([self.0[from], self.0[from + 1]]);
        let ([a, b], [c, d]) = (column(0), column(2));
        let [right, up] = after.apply([self.0[4], self.0[5]]);
        Self([a, b, c, d, right, up])
    }

    /// Without moving it.
    fn turned(&self, [x, y]: [f64; 2]) -> [f64; 2] {
        let m = &self.0;
        [m[0] * x + m[2] * y, m[1] * x + m[3] * y]
    }

    /// Moves and stretches one box onto another; a box without width or height is only moved.
    pub(crate) fn between(from: &Rect, onto: &Rect) -> Self {
        let scale = |from: f64, onto: f64| if from > 0.0 { onto / from } else { 1.0 };
        let across = scale(from.right - from.left, onto.right - onto.left);
        let up = scale(from.top - from.bottom, onto.top - onto.bottom);
        Self([across, 0.0, 0.0, up, onto.left - from.left * across, onto.bottom - from.bottom * up])
    }

    pub(crate) fn apply(&self, point: [f64; 2]) -> [f64; 2] {
        let [x, y] = self.turned(point);
        [x + self.0[4], y + self.0[5]]
    }

    /// How long the image of (0, 1) is.
    pub(crate) fn height(&self) -> f64 {
        self.0[2].hypot(self.0[3])
    }

    /// The smallest upright box around the image of a box.
    pub(crate) fn bounds(&self, [left, bottom, right, top]: [f64; 4]) -> Rect {
        let mut rect = Rect::EMPTY;
        for corner in [[left, bottom], [right, bottom], [right, top], [left, top]] {
            rect.add(self.apply(corner));
        }
        rect
    }

    /// The same of a box.
    pub(crate) fn image(&self, of: &Rect) -> Rect {
        self.bounds([of.left, of.bottom, of.right, of.top])
    }
}

/// An upright box in the page's coordinates.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Rect {
    pub(crate) left: f64,
    pub(crate) bottom: f64,
    pub(crate) right: f64,
    pub(crate) top: f64,
}

impl Rect {
    /// Holds no point.
    pub(crate) const EMPTY: Self =
        Self { left: f64::INFINITY, bottom: f64::INFINITY, right: f64::NEG_INFINITY, top: f64::NEG_INFINITY };

    /// Between two opposite corners.
    pub(crate) fn around(x: f64, y: f64, other_x: f64, other_y: f64) -> Self {
        Self { left: x.min(other_x), bottom: y.min(other_y), right: x.max(other_x), top: y.max(other_y) }
    }

    pub(crate) fn width(&self) -> f64 {
        self.right - self.left
    }

    pub(crate) fn height(&self) -> f64 {
        self.top - self.bottom
    }

    /// What two boxes have in common, if that is more than an edge.
    pub(crate) fn common(&self, other: &Self) -> Option<Self> {
        let common = self.intersection(other);
        (common.left < common.right && common.bottom < common.top).then_some(common)
    }

    pub(crate) fn is_empty(&self) -> bool {
        !(self.left <= self.right && self.bottom <= self.top)
    }

    /// Grows to hold a point; one that is no number is left out.
    pub(crate) fn add(&mut self, [x, y]: [f64; 2]) {
        (self.left, self.right) = (self.left.min(x), self.right.max(x));
        (self.bottom, self.top) = (self.bottom.min(y), self.top.max(y));
    }

    pub(crate) fn union(&self, other: &Self) -> Self {
        Self {
            left: self.left.min(other.left),
            bottom: self.bottom.min(other.bottom),
            right: self.right.max(other.right),
            top: self.top.max(other.top),
        }
    }

    pub(crate) fn intersection(&self, other: &Self) -> Self {
        Self {
            left: self.left.max(other.left),
            bottom: self.bottom.max(other.bottom),
            right: self.right.min(other.right),
            top: self.top.min(other.top),
        }
    }

    /// Larger by `margin` on each side.
    pub(crate) fn grown(&self, margin: f64) -> Self {
        Self {
            left: self.left - margin,
            bottom: self.bottom - margin,
            right: self.right + margin,
            top: self.top + margin,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn transformations_are_applied_in_order() {
        let turn = Matrix([0.0, 1.0, -1.0, 0.0, 0.0, 0.0]);
        let both = Matrix::translation(2.0, 1.0).then(&turn);
        let [x, y] = both.apply([1.0, 0.0]);
        assert!((x + 1.0).abs() < 1e-12 && (y - 3.0).abs() < 1e-12);
        assert_eq!(both.bounds([0.0, 0.0, 2.0, 1.0]), Rect { left: -2.0, bottom: 2.0, right: -1.0, top: 4.0 });
        assert!((Matrix([1.0, 0.0, 3.0, 4.0, 9.0, 9.0]).height() - 5.0).abs() < 1e-12);
    }

    #[test]
    fn a_box_without_points_is_empty() {
        let mut rect = Rect::EMPTY;
        assert!(rect.is_empty());
        rect.add([f64::NAN, f64::NAN]);
        assert!(rect.is_empty());
        rect.add([1.0, 2.0]);
        assert!(!rect.is_empty());
        assert!(rect.intersection(&Rect { left: 3.0, bottom: 0.0, right: 4.0, top: 9.0 }).is_empty());
    }
}
