//! Successive frames of one camera: what one does not tell, several may.

use super::attempt::Evidence;
use super::budget::{Budget, Exhausted};
use super::codewords::Kept;
use super::ladder::{Search, Symbol};
use super::read::{Trouble, decode};
use super::soft::Modules;
use super::symbol::Layout;

/// Evidence about one symbol, summed over the frames that showed it.
///
/// Two frames see the same module through different noise, moiré and fractions of a pixel. The grid says which samples
/// belong together, so no picture has to be registered; sums of module values are the super-resolution that reading needs.
#[derive(Debug, Clone)]
pub(crate) struct Track {
    /// The latest grid and the sums.
    sum: Evidence,
    frames: f32,
    /// Frames since the symbol was last seen.
    lost: u8,
}

/// Agreement of a frame with the sums at which it shows the same symbol: two codes of one version agree in their patterns
/// and the format, hardly elsewhere.
const SAME: f32 = 0.3;
/// Frames after which a symbol that is not seen any more is forgotten.
const MAX_LOST: u8 = 8;
/// Frames after which older ones begin to fade.
const MAX_FRAMES: f32 = 12.0;
/// Work of reading the sums, for each module.
const READ_UNITS: usize = 60;

impl Track {
    /// Takes in what a frame could not read. `Some` when that makes the symbol readable.
    pub(crate) fn follow(
        track: &mut Option<Self>,
        search: &mut Search<'_>,
        budget: &mut Budget<'_>,
    ) -> Result<(), Exhausted> {
        let Some(evidence) = search.evidence.first() else {
            if let Some(known) = track {
                known.lost += 1;
                if known.lost > MAX_LOST {
                    *track = None;
                }
            }
            return Ok(());
        };
        let known = match track {
            Some(known) if known.shows(evidence) => {
                known.add(evidence);
                known
            }
            _ => {
                *track = Some(Self { sum: evidence.clone(), frames: 1.0, lost: 0 });
                return Ok(());
            }
        };
        let side = known.sum.modules.side;
        budget.spend(side * side * READ_UNITS)?;
        if let Some(message) =
            decode(&known.mean(), &Layout::new(known.sum.grid.version), Trouble::Much, &mut Kept::default())
        {
            search.symbols.push(Symbol { message, grid: known.sum.grid.clone() });
            *track = None;
        }
        Ok(())
    }

    /// Whether a frame shows the same code: an animated one changes all over at once.
    fn shows(&self, evidence: &Evidence) -> bool {
        if evidence.grid.version != self.sum.grid.version {
            return false;
        }
        let layout = Layout::new(evidence.grid.version);
        let (mut agreement, mut total) = (0.0_f32, 0.0_f32);
        for (column, row) in layout.data() {
            let (known, new) = (self.sum.modules.at(column, row) / self.frames, evidence.modules.at(column, row));
            agreement += known * new;
            total += (known * new).abs();
        }
        agreement > SAME * total
    }

    fn add(&mut self, evidence: &Evidence) {
        let fade = if self.frames < MAX_FRAMES { 1.0 } else { (MAX_FRAMES - 1.0) / MAX_FRAMES };
        for (sum, value) in self.sum.modules.values.iter_mut().zip(&evidence.modules.values) {
            *sum = *sum * fade + value;
        }
        self.frames = self.frames * fade + 1.0;
        self.sum.grid = evidence.grid.clone();
        self.lost = 0;
    }

    fn mean(&self) -> Modules {
        let share = 1.0 / self.frames;
        let Modules { side, values } = &self.sum.modules;
        Modules { side: *side, values: values.iter().map(|value| value * share).collect() }
    }
}
