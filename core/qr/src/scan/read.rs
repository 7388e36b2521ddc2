//! Sampled modules to a message, or the knowledge that they are none.

use super::codewords;
use super::equalize::equalize;
use super::information::{Format, Likely};
use super::segments::{self, Message};
use super::soft::{Levels, Modules};
use super::symbol::{Layout, Module};

/// Bits of evidence that a reading needs over all: of the correction, the format information and the timing patterns.
const MIN_EVIDENCE: f32 = 34.0;

/// How much trouble is taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Trouble {
    /// One way to tell dark from light.
    Little,
    /// Several, and the blur taken out.
    Much,
}

/// Reads a symbol from the luminance of its modules.
pub(crate) fn read(luma: &[f32], layout: &Layout, sign: f32, trouble: Trouble) -> Option<Message> {
    let side = layout.side;
    let extremes = Levels::extremes(luma, side, 3).modules(luma, side, sign);
    if let Some(message) = decode(&extremes, layout, 1) {
        return Some(message);
    }
    if trouble == Trouble::Little {
        return None;
    }
    let means = Levels::means(luma, side, 4).modules(luma, side, sign);
    decode(&means, layout, 2)
        .or_else(|| decode(&equalize(&extremes, layout)?, layout, 2))
        .or_else(|| decode(&equalize(&means, layout)?, layout, 2))
}

/// Reads a symbol from its modules, as it is or mirrored, under the likeliest formats.
pub(crate) fn decode(modules: &Modules, layout: &Layout, formats: usize) -> Option<Message> {
    let mirrored = modules.transposed();
    let mut sides = [(modules, Format::rank(modules)), (&mirrored, Format::rank(&mirrored))];
    let best = |ranked: &[Likely<Format>]| ranked.first().map_or(f32::MIN, |likely| likely.agreement);
    if best(&sides[1].1) > best(&sides[0].1) {
        sides.swap(0, 1);
    }
    // What reads much worse as one than as the other is not tried as that.
    let gap = best(&sides[0].1) - best(&sides[1].1);
    let tried = if gap > 6.0 { 1 } else { 2 };
    let timing = timing_evidence(modules, layout);
    sides[..tried].iter().find_map(|(modules, ranked)| {
        ranked.iter().take(formats).find_map(|likely| {
            let format = format_evidence(likely.wrong_bits);
            if format < 0.0 {
                return None;
            }
            let data = codewords::read(modules, layout, likely.value)?;
            if data.evidence + format + timing < MIN_EVIDENCE {
                return None;
            }
            segments::read(&data.bytes, layout.version)
        })
    })
}

/// Bits by which both copies of the format differ from chance.
fn format_evidence(wrong_bits: u32) -> f32 {
    surprise(30, wrong_bits) - 5.0
}

/// Bits by which both timing patterns differ from chance.
pub(crate) fn timing_evidence(modules: &Modules, layout: &Layout) -> f32 {
    let (first, last) = (8, layout.side - 8);
    let mut wrong = 0;
    let mut count = 0;
    for at in first..last {
        for (column, row) in [(at, 6), (6, at)] {
            let expected = match layout.at(column, row) {
                Module::Dark => 1.0,
                _ => -1.0,
            };
            count += 1;
            wrong += u32::from(modules.at(column, row) * expected <= 0.0);
        }
    }
    surprise(count, wrong).clamp(-10.0, 20.0)
}

/// −log₂ of the number of ways to get at most so many wrong, over all ways.
#[expect(clippy::cast_precision_loss, reason = "small counts")]
fn surprise(count: u32, wrong: u32) -> f32 {
    let ways: f32 = (0..wrong).map(|at| ((count - at) as f32 / (at + 1) as f32).log2()).sum();
    count as f32 - ways
}
