//! What makes a photograph useless, measured.

/// Least variance of the Laplacian along the edges.
pub(super) const LEAST_SHARPNESS: f32 = 0.005;
/// Least mean width of a stroke, pixels of the photograph.
pub(super) const LEAST_STROKE_PX: f64 = 2.0;
/// Most of the paper around the ink that may be at the top of the scale.
pub(super) const MOST_CLIPPED: f32 = 0.5;
