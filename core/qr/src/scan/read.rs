//! Sampled modules to a message, or the knowledge that they are none.

use super::codewords::{self, Kept};
use super::equalize::equalize;
use super::information::{Format, Likely};
use super::regular::{alternation, surprise};
use super::segments::{self, Message};
use super::soft::{Levels, Modules};
use super::symbol::Layout;

/// Bits of evidence that a reading needs over all: of the correction, the format information and the timing patterns.
const MIN_EVIDENCE: f32 = 34.0;

/// Bits of evidence of the format without which its codewords are not looked at.
const MIN_FORMAT: f32 = -1.0;
/// Formats that agree this much less than the best are not tried.
const CLOSE_FORMAT: f32 = 3.0;

/// How much trouble is taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Trouble {
    /// One way to tell dark from light.
    Little,
    /// Several, and the blur taken out.
    Much,
}

/// The modules of a symbol as they were sampled under a grid.
pub(crate) struct Sampled<'a> {
    pub(crate) luma: Vec<f32>,
    layout: &'a Layout,
    sign: f32,
    modules: Modules,
}

impl<'a> Sampled<'a> {
    /// `sign` is −1 for light ink on dark ground.
    pub(crate) fn new(luma: Vec<f32>, layout: &'a Layout, sign: f32) -> Self {
        let modules = Levels::extremes(&luma, layout.side, 3).modules(&luma, layout.side, sign);
        Self { luma, layout, sign, modules }
    }

    /// What is known about the modules, with the blur taken out where that is possible.
    pub(crate) fn clearest(self) -> Modules {
        equalize(&self.modules, self.layout).unwrap_or(self.modules)
    }

    /// Reads the symbol, with the blocks that were read under another grid.
    pub(crate) fn read(&self, trouble: Trouble, kept: &mut Kept) -> Option<Message> {
        let Self { luma, layout, sign, modules } = self;
        let mut read = |modules: &Modules| decode(modules, layout, trouble, kept);
        if let Some(message) = read(modules) {
            return Some(message);
        }
        if trouble == Trouble::Little {
            return None;
        }
        let means = Levels::means(luma, layout.side, 4).modules(luma, layout.side, *sign);
        if let Some(message) = read(&means) {
            return Some(message);
        }
        [modules, &means].into_iter().find_map(|modules| read(&equalize(modules, layout)?))
    }
}

/// Reads a symbol from its modules, as it is or mirrored, under the likeliest formats.
pub(crate) fn decode(modules: &Modules, layout: &Layout, trouble: Trouble, kept: &mut Kept) -> Option<Message> {
    let transposed = modules.transposed();
    let ranked = |modules: &Modules| Format::rank(modules, layout.version);
    let mut sides =
        [(modules, ranked(modules), &mut kept.upright), (&transposed, ranked(&transposed), &mut kept.mirrored)];
    let best = |ranked: &[Likely]| ranked.first().map_or(f32::MIN, |likely| likely.agreement);
    if best(&sides[1].1) > best(&sides[0].1) {
        sides.swap(0, 1);
    }
    let most = best(&sides[0].1);
    let (count, wrong) = alternation(modules, layout);
    let timing = surprise(count, wrong).clamp(-10.0, 20.0);
    sides.into_iter().find_map(|(modules, ranked, kept)| {
        // What agrees much less than the best is not tried.
        let likely = ranked.into_iter().take(2).filter(|likely| most - likely.agreement < CLOSE_FORMAT);
        likely.filter(|likely| likely.evidence >= MIN_FORMAT).find_map(|likely| {
            let data = codewords::read(modules, layout, likely, trouble, kept)?;
            if data.evidence + likely.evidence + timing < MIN_EVIDENCE {
                return None;
            }
            segments::read(&data.bytes, layout.version)
        })
    })
}
