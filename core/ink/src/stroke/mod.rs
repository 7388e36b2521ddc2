//! One stroke, from samples to outline, each step in its own module: steady times, drop the hooks of touch-down and
//! lift-off, find corners, smooth without lag, speed and force to width, a curve through the smoothed points, widths
//! shaped along it, offset it to an outline.
//!
//! Each step up to the curve sees a little ahead and no farther, so the same steps serve a stroke that is still being
//! drawn ([`flow`]): what lies far enough behind the pen never changes again.

pub(crate) mod clock;
mod corner;
pub(crate) mod curve;
pub(crate) mod fit;
pub(crate) mod flow;
mod hook;
pub(crate) mod outline;
pub(crate) mod rail;
pub(crate) mod shape;
pub(crate) mod smooth;
mod width;

use crate::geometry::Vec2;

/// Where and how large the pad's plane is drawn.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Plane {
    pub(crate) origin: Vec2,
    pub(crate) scale: f64,
    /// The longest step along a stroke, mm of the drawing.
    pub(crate) step: f64,
}

impl Plane {
    /// The pad itself.
    pub(crate) const PAD: Self = Self { origin: Vec2::new(0.0, 0.0), scale: 1.0, step: STEP_MM };

    /// A pad's place in the drawing, still unscaled. Rounded, so that where on the pad the ink lies makes no difference.
    fn place(&self, at: Vec2) -> Vec2 {
        let at = at - self.origin;
        Vec2::new((at.x * 1e4).round() / 1e4, (at.y * 1e4).round() / 1e4)
    }
}

/// The longest step along a stroke, mm of the face.
pub(crate) const STEP_MM: f64 = 0.25;

/// How a stroke that is drawn as it stands ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum End {
    /// The pen has left: hooks go, the end tapers.
    Lifted,
    /// The pen is still down: all that is known is drawn, as if the stroke went on.
    Open,
}

/// Drops what lies before `index` of a window that slides along a stroke, now and then.
fn slide<T>(window: &mut Vec<T>, index: usize) -> usize {
    const SELDOM: usize = 16;
    if index < SELDOM {
        return 0;
    }
    window.drain(..index);
    index
}

#[expect(clippy::cast_precision_loss, reason = "counts of samples and steps, far below 2^52")]
fn float(count: usize) -> f64 {
    count as f64
}
