//! What the crate offers for pictures and for cameras.

use super::budget::Budget;
use super::geometry::Point;
use super::grid::Grid;
use super::ladder::{Search, Symbol};
use super::segments::Part;
use super::track::Track;
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

/// A code that is there and was not read: too far, too blurred, or it takes a few frames more.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Sighting {
    /// Its corners in the frame, as for [`Decoded`], as well as they are known.
    pub corners: [Corner; 4],
    /// Camera pixels along one module. Below three, zooming in helps.
    pub module_px: f32,
}

/// What a frame gave.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Scan {
    /// Codes that were read.
    pub read: Vec<Decoded>,
    /// Codes that were seen; empty when something was read.
    pub seen: Vec<Sighting>,
}

/// Reads codes from the frames of a camera, one after the other.
///
/// Every frame gets the two cheapest stages and one of the others in turn, and depth for what is left of its budget.
/// Frames that show a code and do not suffice to read it add up.
///
/// ```
/// use eseal_qr::{Budget, Level, LumaFrame, ModulePx, Scanner, encode};
///
/// let picture = encode("HTTPS://SEAL.EXAMPLE/C/1/K7Q2", Level::M)?.to_luma(ModulePx::MIN);
/// let frame = LumaFrame::new(picture.side_px, picture.side_px, picture.side_px, &picture.luma)?;
/// let mut scanner = Scanner::new();
/// let scan = scanner.scan(&frame, &mut Budget::units(Budget::FRAME));
/// assert_eq!(scan.read[0].text, "HTTPS://SEAL.EXAMPLE/C/1/K7Q2");
/// # Ok::<(), eseal_qr::QrError>(())
/// ```
#[derive(Debug, Default)]
pub struct Scanner {
    turn: usize,
    track: Option<Track>,
}

impl Scanner {
    /// A scanner that has seen nothing.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Looks at the next frame. The same frames under the same budgets, without a clock, give the same answers.
    pub fn scan(&mut self, frame: &LumaFrame<'_>, budget: &mut Budget<'_>) -> Scan {
        if frame.width().min(frame.height()) < MIN_SIDE {
            return Scan::default();
        }
        let mut search = Search::new(frame.to_plane());
        // What was found before the budget ended counts.
        let outcome = search.in_turn(self.turn, budget);
        self.turn = self.turn.wrapping_add(1);
        if search.symbols.is_empty() {
            let _ = outcome.and_then(|()| Track::follow(&mut self.track, &mut search, budget));
        } else {
            self.track = None;
        }
        let seen = if search.symbols.is_empty() {
            search.seen().map(|grid| Sighting { corners: corners(frame, grid), module_px: grid.module() }).collect()
        } else {
            Vec::new()
        };
        Scan { read: decoded(frame, search.symbols), seen }
    }
}

/// Reads the QR codes of a still picture, in any rotation, mirrored or inverted too, with all that there is.
///
/// # Errors
/// [`QrError::NotFound`] when no stage reads a code.
pub fn decode(frame: &LumaFrame<'_>) -> Result<Vec<Decoded>, QrError> {
    let plane = frame.to_plane();
    let units = Budget::STILL + Budget::STILL_PER_PIXEL * plane.luma.len() as u64;
    decode_within(frame, &mut Budget::units(units))
}

/// As [`decode`], within a budget of the caller's.
///
/// # Errors
/// [`QrError::NotFound`] when nothing was read within the budget.
pub fn decode_within(frame: &LumaFrame<'_>, budget: &mut Budget<'_>) -> Result<Vec<Decoded>, QrError> {
    if frame.width().min(frame.height()) < MIN_SIDE {
        return Err(QrError::NotFound);
    }
    let mut search = Search::new(frame.to_plane());
    // What was found before the budget ended counts.
    let _ = search.all(budget);
    if search.symbols.is_empty() { Err(QrError::NotFound) } else { Ok(decoded(frame, search.symbols)) }
}

fn decoded(frame: &LumaFrame<'_>, symbols: Vec<Symbol>) -> Vec<Decoded> {
    let one = |Symbol { message, grid }: Symbol| Decoded {
        text: message.text,
        corners: corners(frame, &grid),
        part: message.part,
    };
    symbols.into_iter().map(one).collect()
}

fn corners(frame: &LumaFrame<'_>, grid: &Grid) -> [Corner; 4] {
    grid.corners().map(|corner| {
        let Point { x, y } = frame.shown(corner);
        Corner { x, y }
    })
}
