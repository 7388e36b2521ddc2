//! Points of the picture and the projective map from modules to pixels.

use std::ops::{Add, Mul, Sub};

/// A point or a difference of two, in pixels of a plane or in modules of a symbol.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(crate) struct Point {
    pub(crate) x: f32,
    pub(crate) y: f32,
}

impl Point {
    pub(crate) const fn new(x: f32, y: f32) -> Self {
        Self { x, y }
    }

    pub(crate) fn length(self) -> f32 {
        self.x.hypot(self.y)
    }

    pub(crate) fn distance(self, other: Self) -> f32 {
        (self - other).length()
    }

    /// Twice the signed area of the triangle that two vectors span.
    pub(crate) fn cross(self, other: Self) -> f32 {
        self.x * other.y - self.y * other.x
    }

    pub(crate) fn dot(self, other: Self) -> f32 {
        self.x * other.x + self.y * other.y
    }
}

impl Add for Point {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self::new(self.x + other.x, self.y + other.y)
    }
}

impl Sub for Point {
    type Output = Self;
    fn sub(self, other: Self) -> Self {
        Self::new(self.x - other.x, self.y - other.y)
    }
}

impl Mul<f32> for Point {
    type Output = Self;
    fn mul(self, factor: f32) -> Self {
        Self::new(self.x * factor, self.y * factor)
    }
}

/// A projective map of the plane: a 3 × 3 matrix whose last coefficient is 1.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Homography {
    rows: [[f32; 3]; 2],
    last: [f32; 2],
}

impl Homography {
    pub(crate) fn map(&self, at: Point) -> Point {
        let Self { rows: [first, second], last } = self;
        let row = |[x, y, constant]: [f32; 3]| x * at.x + y * at.y + constant;
        let depth = 1.0 / row([last[0], last[1], 1.0]);
        Point::new(row(*first) * depth, row(*second) * depth)
    }

    /// Where points of a line go, one step after the other: sums take the place of products.
    pub(crate) fn line(&self, from: Point, step: Point) -> impl Iterator<Item = Point> {
        let [x, y] = self.rows;
        let rows = [x, y, [self.last[0], self.last[1], 1.0]];
        let mut here = rows.map(|[x, y, constant]| x * from.x + y * from.y + constant);
        let ahead = rows.map(|[x, y, _]| x * step.x + y * step.y);
        std::iter::from_fn(move || {
            let depth = 1.0 / here[2];
            let point = Point::new(here[0] * depth, here[1] * depth);
            for (here, ahead) in here.iter_mut().zip(ahead) {
                *here += ahead;
            }
            Some(point)
        })
    }

    /// The map that takes each `from` to its `to`: exact for four pairs, least squares of the algebraic error for more.
    pub(crate) fn fit(pairs: &[(Point, Point)]) -> Option<Self> {
        let mut system = [[0.0_f64; 9]; 8];
        // Module coordinates reach 177 and pixel coordinates thousands: in units of the largest, the normal equations
        // keep their digits.
        let largest = |values: &mut dyn Iterator<Item = f32>| values.fold(1.0_f32, |most, value| most.max(value.abs()));
        let from_unit = largest(&mut pairs.iter().flat_map(|(from, _)| [from.x, from.y]));
        let to_unit = largest(&mut pairs.iter().flat_map(|(_, to)| [to.x, to.y]));
        for (from, to) in pairs {
            let (u, v) = (f64::from(from.x / from_unit), f64::from(from.y / from_unit));
            let (x, y) = (f64::from(to.x / to_unit), f64::from(to.y / to_unit));
            add_equation(&mut system, [u, v, 1.0, 0.0, 0.0, 0.0, -u * x, -v * x, x]);
            add_equation(&mut system, [0.0, 0.0, 0.0, u, v, 1.0, -u * y, -v * y, y]);
        }
        let solved = solve(system)?;
        let (per_from, to) = (1.0 / f64::from(from_unit), f64::from(to_unit));
        let scale = [per_from * to, per_from * to, to, per_from * to, per_from * to, to, per_from, per_from];
        let mut map = Self { rows: [[0.0; 3]; 2], last: [0.0; 2] };
        let coefficients = map.rows.as_flattened_mut().iter_mut().chain(&mut map.last);
        for ((coefficient, value), scale) in coefficients.zip(solved).zip(scale) {
            *coefficient = narrow(value * scale);
        }
        let is_finite = map.rows.as_flattened().iter().chain(&map.last).all(|coefficient| coefficient.is_finite());
        is_finite.then_some(map)
    }

    /// The map followed by a scaling of the picture.
    pub(crate) fn scaled(&self, factor: f32) -> Self {
        Self { rows: self.rows.map(|row| row.map(|coefficient| coefficient * factor)), last: self.last }
    }
}

#[expect(clippy::cast_possible_truncation, reason = "rounds to the nearest")]
const fn narrow(value: f64) -> f32 {
    value as f32
}

/// Adds one equation, its right side last, to the normal equations.
fn add_equation(system: &mut [[f64; 9]; 8], equation: [f64; 9]) {
    for (row, left) in system.iter_mut().zip(equation) {
        if left != 0.0 {
            for (sum, right) in row.iter_mut().zip(equation) {
                *sum += left * right;
            }
        }
    }
}

/// Gaussian elimination with row exchange.
pub(crate) fn solve<const N: usize, const M: usize>(mut system: [[f64; M]; N]) -> Option<[f64; N]> {
    for column in 0..N {
        let pivot = (column..N).max_by(|&a, &b| system[a][column].abs().total_cmp(&system[b][column].abs()))?;
        system.swap(column, pivot);
        let pivot_row = system[column];
        if pivot_row[column].abs() < 1e-18 {
            return None;
        }
        for (_, row) in system.iter_mut().enumerate().filter(|&(at, _)| at != column) {
            let factor = row[column] / pivot_row[column];
            for (value, pivot) in row.iter_mut().zip(pivot_row) {
                *value -= factor * pivot;
            }
        }
    }
    let mut solution = [0.0; N];
    for (at, (value, row)) in solution.iter_mut().zip(&system).enumerate() {
        *value = row[N] / row[at];
    }
    Some(solution)
}

/// Intersection of two lines, each a point and a direction.
pub(crate) fn intersect(a: (Point, Point), b: (Point, Point)) -> Option<Point> {
    let across = a.1.cross(b.1);
    if across.abs() < 1e-3 * a.1.length() * b.1.length() {
        return None;
    }
    Some(a.0 + a.1 * ((b.0 - a.0).cross(b.1) / across))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn four_pairs_are_met_exactly_and_more_in_the_mean() {
        let from = [Point::new(3.5, 3.5), Point::new(33.5, 3.5), Point::new(30.5, 30.5), Point::new(3.5, 33.5)];
        let to =
            [Point::new(812.0, 203.0), Point::new(1020.0, 260.0), Point::new(960.0, 480.0), Point::new(790.0, 430.0)];
        let pairs: Vec<_> = from.into_iter().zip(to).collect();
        let map = Homography::fit(&pairs).unwrap();
        for (from, to) in &pairs {
            assert!(map.map(*from).distance(*to) < 0.01);
        }
        let more: Vec<_> = (0..40_u8)
            .map(|place| Point::new(f32::from(place % 7) * 5.0, f32::from(place / 7) * 6.0))
            .map(|from| (from, map.map(from)))
            .collect();
        let again = Homography::fit(&more).unwrap();
        assert!(again.map(Point::new(17.0, 20.0)).distance(map.map(Point::new(17.0, 20.0))) < 0.02);
        assert!(map.scaled(0.5).map(from[1]).distance(to[1] * 0.5) < 0.01);
    }

    #[test]
    fn points_in_a_line_make_no_map() {
        let pairs: Vec<_> = (0..4_u8).map(f32::from).map(|at| (Point::new(at, at), Point::new(at * 2.0, at))).collect();
        assert!(Homography::fit(&pairs).is_none());
    }

    #[test]
    fn lines_meet_unless_parallel() {
        let meet =
            intersect((Point::new(0.0, 1.0), Point::new(1.0, 0.0)), (Point::new(4.0, 9.0), Point::new(0.0, 2.0)));
        assert!(meet.unwrap().distance(Point::new(4.0, 1.0)) < 1e-5);
        assert!(
            intersect((Point::default(), Point::new(1.0, 1.0)), (Point::new(3.0, 0.0), Point::new(2.0, 2.0))).is_none()
        );
    }
}
