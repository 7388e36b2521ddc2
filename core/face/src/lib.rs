//! The picture of a seal (印模): filled vector shapes in millimetres, written as SVG, PNG and PDF.
//!
//! A [`Face`] is immutable and always valid: sizes, coordinates and counts are checked once, when it is made.
//! Its coordinates lie on a grid of 0.001 mm, which is why [`Face::to_svg`] and [`Face::from_svg`] lose nothing
//! and the SVG's bytes can be hashed and signed.
//!
//! Origin top-left, x to the right, y downwards, 1 unit = 1 mm. Shapes are filled by the non-zero winding rule.

mod cover;
mod error;
mod grid;
mod imprint;
mod pdf;
mod raster;
mod shape;
mod svg_read;
mod svg_write;
mod units;

pub use error::FaceError;
pub use imprint::Imprint;
pub use pdf::PdfForm;
pub use raster::MAX_PIXELS;
pub use shape::{Contour, Face, Layer, MARGIN_MM, MAX_PATHS, MAX_POINTS, Path, Point, Segment};
pub use svg_read::MAX_SVG_BYTES;
pub use units::{Color, Dpi, MAX_SIDE_MM, SizeMm};
