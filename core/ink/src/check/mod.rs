//! Is it a signature at all? Hard rejections only, each with its threshold.

use crate::geometry::Bounds;
use crate::{Ink, InkError};

/// Ink no longer than this, mm, is dots.
pub const MOST_DOT_PATH_MM: f64 = 3.0;
/// The least length of all strokes together, mm.
pub const LEAST_PATH_MM: f64 = 15.0;
/// The least longer side of the box around the ink, mm; either way round, for names are also written downwards.
pub const LEAST_LONG_SIDE_MM: f64 = 8.0;
/// The least shorter side of the box around the ink, mm.
pub const LEAST_SHORT_SIDE_MM: f64 = 3.0;
/// The least time from first to last sample, ms.
pub const LEAST_DURATION_MS: f64 = 300.0;
/// A single stroke's length over the diagonal of its box must be at least this, or it is a straight line.
pub const LEAST_WANDER: f64 = 1.08;

impl Ink {
    /// Refuses ink that is no signature: nothing, dots, too short, too small, too quick, one straight line.
    ///
    /// # Errors
    /// [`InkError::Empty`], [`InkError::OnlyDots`], [`InkError::TooShort`], [`InkError::StraightLine`],
    /// [`InkError::TooSmall`], [`InkError::TooQuick`]: the first of these that holds.
    pub fn check(&self) -> Result<(), InkError> {
        let (Some(first), Some(last)) = (self.samples().next(), self.samples().last()) else {
            return Err(InkError::Empty);
        };
        let path_mm: f64 = self.strokes().iter().map(crate::Stroke::path_mm).sum();
        if path_mm < MOST_DOT_PATH_MM {
            return Err(InkError::OnlyDots { path_mm });
        }
        if path_mm < LEAST_PATH_MM {
            return Err(InkError::TooShort { path_mm });
        }
        let bounds = Bounds::of(self.samples().map(Into::into));
        let (width, height) = (bounds.width(), bounds.height());
        let wander = path_mm / width.hypot(height);
        if self.strokes().len() == 1 && wander < LEAST_WANDER {
            return Err(InkError::StraightLine { wander });
        }
        let (long_mm, short_mm) = (width.max(height), width.min(height));
        if long_mm < LEAST_LONG_SIDE_MM || short_mm < LEAST_SHORT_SIDE_MM {
            return Err(InkError::TooSmall { long_mm, short_mm });
        }
        let duration_ms = last.t_ms - first.t_ms;
        if duration_ms < LEAST_DURATION_MS {
            return Err(InkError::TooQuick { duration_ms });
        }
        Ok(())
    }
}
