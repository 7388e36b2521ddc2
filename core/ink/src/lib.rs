//! Strokes of a pen or finger into a seal face.
//!
//! The only state is the point log, [`Ink`]: millimetres and milliseconds, as they came from the digitiser. It is
//! collected by an [`InkPad`], kept as bytes ([`Ink::to_bytes`]), exchanged as JSON or InkML, and judged by [`Ink::judge`];
//! [`render`] derives the picture from it, at any size, and refuses ink that is no signature ([`Ink::check`]).
//!
//! While a person draws, a [`LivePad`] says after each event what to paint (a [`LiveStroke`] does for one stroke), at a cost
//! that does not grow with the stroke; what it paints is what [`outline`] and [`render`] draw at last.
//!
//! From log to picture, each step in its own module: drop the hooks of touch-down and lift-off, find corners, smooth
//! without lag, speed and force to width, a curve through the smoothed points, offset it to an outline of cubic curves.
//!
//! ```
//! use eseal_ink::{Ink, InkColor, Pen, RenderOptions, render};
//! # fn main() -> Result<(), eseal_ink::InkError> {
//! let json = r#"{"unit": "mm,ms", "fields": ["x", "y", "t"], "strokes": [
//!     [[0, 8, 0], [4, 2, 80], [8, 8, 160], [12, 2, 240], [16, 8, 320]], [[2, 4, 500], [14, 5, 640]]]}"#;
//! let ink = Ink::from_json(json)?;
//! let face = render(&ink, &RenderOptions { pen: Pen::Brush, color: InkColor::Blue, ..RenderOptions::default() })?;
//! assert!(face.to_svg().starts_with("<svg"));
//! # Ok(())
//! # }
//! ```

mod check;
mod compose;
mod crowding;
mod error;
mod geometry;
mod live;
mod log;
mod pad;
mod pen;
pub mod photo;
mod polynomial;
mod predict;
mod render;
mod stroke;

pub use check::{
    CheckReport, Direction, Expected, Finding, InkDigest, LEAST_DURATION_MS, LEAST_EDGE_MM, LEAST_LONG_SIDE_MM,
    LEAST_NAME_STROKES, LEAST_PATH_MM, LEAST_REPLAY_LIKENESS, LEAST_SHORT_SIDE_MM, LEAST_WANDER, Limit,
    MOST_DOT_PATH_MM, MOST_FILLED, MOST_MEDIAN_GAP_MS, MOST_PAUSE_MS, RATIO, Rule, Verdict,
};
pub use error::InkError;
pub use live::{Ahead, AreaMm, Changes, LayerChange, LivePad, LiveReplay, LiveStroke, Repaint};
pub use log::{
    ANGLES_A_DEGREE, FORCES, GLITCH_GAP_MS, GLITCH_JUMP_MM, Ink, MAX_BINARY_BYTES, MAX_COORDINATE_MM, MAX_INKML_BYTES,
    MAX_JSON_BYTES, MAX_SAMPLES, MAX_STROKES, MAX_TIME_MS, PLACES_A_MM, Sample, Stroke, TIMES_A_MS, Tilt, Tool,
};
pub use pad::{
    Batch, CLOCK_RESTART_MS, Contact, InkPad, LEAST_PALM_MM, MAX_CLEARED_SAMPLES, PEN_GUARD_MS, PointerId, Refused,
    Replay, ReplayEvent, Touched,
};
pub use pen::{InkColor, Pen};
pub use predict::{AHEAD_MS, predict};
pub use render::{FaceSize, MAX_INK_MARGIN_MM, Place, RenderOptions, middle, outline, render};
