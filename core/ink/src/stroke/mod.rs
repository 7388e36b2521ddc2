//! One stroke, from samples to outline, each step in its own module: drop the hooks of touch-down and lift-off, find
//! corners, smooth without lag, speed and force to width, a curve through the smoothed points, offset it to an outline.

pub(crate) mod curve;
pub(crate) mod fit;
pub(crate) mod hook;
pub(crate) mod outline;
mod rail;
pub(crate) mod smooth;
pub(crate) mod width;
