//! Frame to texts.

mod align;
mod bits;
mod budget;
mod charset;
mod codewords;
mod equalize;
mod finder;
mod galois;
mod geometry;
mod grid;
mod information;
mod ladder;
mod locate;
mod read;
mod reed_solomon;
mod refine;
mod runs;
mod segments;
mod soft;
mod symbol;
mod threshold;

pub use budget::Budget;
pub use segments::Part;

pub(crate) use self::geometry::Point;
use self::ladder::Search;
use crate::{LumaFrame, QrError};

/// A code needs 21 modules of at least a pixel each.
const MIN_SIDE: u32 = 21;

/// A point of a frame, in pixels from its top left.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Corner {
    /// Pixels from the left.
    pub x: f32,
    /// Pixels from the top.
    pub y: f32,
}

impl From<Point> for Corner {
    fn from(point: Point) -> Self {
        Self { x: point.x, y: point.y }
    }
}

/// A code that was read.
#[derive(Clone, PartialEq)]
pub struct Decoded {
    /// The text, character set already resolved.
    pub text: String,
    /// The corners of the symbol in the frame, in the code's own order: top left, top right, bottom right, bottom left.
    pub corners: [Corner; 4],
    /// Which part of a longer message this is, if it is one.
    pub part: Option<Part>,
}

impl std::fmt::Debug for Decoded {
    /// Without the text: a consent code is a credential while it lives.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Decoded").field("corners", &self.corners).field("part", &self.part).finish_non_exhaustive()
    }
}

/// Work that a still picture may take, and so much more for each of its pixels.
const STILL_UNITS: u64 = 5_000_000;
const STILL_UNITS_PER_PIXEL: u64 = 2;

/// Reads the QR codes of a frame, in any rotation, mirrored too.
///
/// # Errors
/// [`QrError::NotFound`] when no stage reads a code.
pub fn decode(frame: &LumaFrame<'_>) -> Result<Vec<Decoded>, QrError> {
    if frame.width().min(frame.height()) < MIN_SIDE {
        return Err(QrError::NotFound);
    }
    let plane = frame.to_plane();
    let mut budget = Budget::units(STILL_UNITS + STILL_UNITS_PER_PIXEL * plane.luma.len() as u64);
    let mut search = Search::new(plane);
    // What was found before the budget ended counts.
    let _ = search.all(&mut budget);
    if search.symbols.is_empty() {
        return Err(QrError::NotFound);
    }
    Ok(search
        .symbols
        .into_iter()
        .map(|symbol| Decoded {
            text: symbol.message.text,
            corners: symbol.grid.corners().map(Corner::from),
            part: symbol.message.part,
        })
        .collect())
}
