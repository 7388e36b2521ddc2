//! Vectors on the pad's plane: mm, y downwards.

use std::ops::{Add, Mul, Neg, Sub};

use crate::Sample;

#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(crate) struct Vec2 {
    pub(crate) x: f64,
    pub(crate) y: f64,
}

impl Vec2 {
    pub(crate) const fn new(x: f64, y: f64) -> Self {
        Self { x, y }
    }

    pub(crate) fn dot(self, other: Self) -> f64 {
        self.x * other.x + self.y * other.y
    }

    pub(crate) fn cross(self, other: Self) -> f64 {
        self.x * other.y - self.y * other.x
    }

    /// Not `hypot`: pads are small, and a square root is the same on every machine.
    pub(crate) fn length(self) -> f64 {
        self.dot(self).sqrt()
    }

    pub(crate) fn distance(self, other: Self) -> f64 {
        (other - self).length()
    }

    /// The direction of this vector, if it has one.
    pub(crate) fn unit(self) -> Option<Self> {
        let length = self.length();
        (length > 1e-12).then(|| self * (1.0 / length))
    }

    /// A quarter turn clockwise as seen (y downwards): from right to down.
    pub(crate) const fn turned(self) -> Self {
        Self { x: -self.y, y: self.x }
    }

    pub(crate) fn lerp(self, other: Self, share: f64) -> Self {
        self + (other - self) * share
    }

    /// The angle between two directions, radians, 0 to π.
    pub(crate) fn angle_to(self, other: Self) -> f64 {
        self.cross(other).abs().atan2(self.dot(other))
    }
}

impl Add for Vec2 {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self::new(self.x + other.x, self.y + other.y)
    }
}

impl Sub for Vec2 {
    type Output = Self;
    fn sub(self, other: Self) -> Self {
        Self::new(self.x - other.x, self.y - other.y)
    }
}

impl Mul<f64> for Vec2 {
    type Output = Self;
    fn mul(self, factor: f64) -> Self {
        Self::new(self.x * factor, self.y * factor)
    }
}

impl Neg for Vec2 {
    type Output = Self;
    fn neg(self) -> Self {
        Self::new(-self.x, -self.y)
    }
}

impl From<&Sample> for Vec2 {
    fn from(sample: &Sample) -> Self {
        Self::new(sample.x_mm, sample.y_mm)
    }
}

/// The smallest upright box around points.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Bounds {
    pub(crate) min: Vec2,
    pub(crate) max: Vec2,
}

impl Bounds {
    /// Around nothing.
    pub(crate) const EMPTY: Self =
        Self { min: Vec2::new(f64::INFINITY, f64::INFINITY), max: Vec2::new(f64::NEG_INFINITY, f64::NEG_INFINITY) };

    pub(crate) fn of(points: impl IntoIterator<Item = Vec2>) -> Self {
        let mut bounds = Self::EMPTY;
        for point in points {
            bounds.include(point, 0.0);
        }
        bounds
    }

    /// Grows to hold a disc.
    pub(crate) fn include(&mut self, center: Vec2, radius: f64) {
        self.min = Vec2::new(self.min.x.min(center.x - radius), self.min.y.min(center.y - radius));
        self.max = Vec2::new(self.max.x.max(center.x + radius), self.max.y.max(center.y + radius));
    }

    pub(crate) fn union(self, other: Self) -> Self {
        Self {
            min: Vec2::new(self.min.x.min(other.min.x), self.min.y.min(other.min.y)),
            max: Vec2::new(self.max.x.max(other.max.x), self.max.y.max(other.max.y)),
        }
    }

    pub(crate) fn width(&self) -> f64 {
        (self.max.x - self.min.x).max(0.0)
    }

    pub(crate) fn height(&self) -> f64 {
        (self.max.y - self.min.y).max(0.0)
    }

    pub(crate) fn diagonal(&self) -> f64 {
        self.width().hypot(self.height())
    }
}
