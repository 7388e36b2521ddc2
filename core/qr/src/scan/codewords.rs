//! Modules to data bytes: unmask, gather, and correct with what is least sure thrown out first.

use super::information::{Format, Likely, Model};
use super::model1;
use super::read::Trouble;
use super::reed_solomon::correct;
use super::soft::Modules;
use super::symbol::Layout;

/// Least evidence, in bits, that a block needs to count as read: a block of noise passes once in so many powers of two.
const MIN_BLOCK_EVIDENCE: f32 = 14.0;

/// The data codewords of a symbol.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Data {
    pub(crate) bytes: Vec<u8>,
    /// How unlikely it is that noise would have passed, in bits, for the weakest block.
    pub(crate) evidence: f32,
}

/// A codeword and how likely it is wrong, in no particular unit.
#[derive(Debug, Clone, Copy)]
struct Codeword {
    value: u8,
    doubt: f32,
}

/// Blocks of one symbol that were read so far: another grid, or other levels, may read the rest.
#[derive(Debug, Default)]
pub(crate) struct Kept {
    pub(crate) upright: Readings,
    pub(crate) mirrored: Readings,
}

/// Blocks by the format under which they were read.
#[derive(Debug, Default)]
pub(crate) struct Readings {
    blocks: Vec<(Likely, Vec<Option<Block>>)>,
}

/// A block that was corrected, without its parity.
#[derive(Debug, Clone)]
struct Block {
    data: Vec<u8>,
    evidence: f32,
}

impl Readings {
    /// Those of one reading of the format, `count` in all.
    fn under(&mut self, likely: Likely, count: usize) -> &mut [Option<Block>] {
        let is_same = |(known, _): &(Likely, _)| known.model == likely.model && known.format == likely.format;
        let place = self.blocks.iter().position(is_same).unwrap_or_else(|| {
            self.blocks.push((likely, vec![None; count]));
            self.blocks.len() - 1
        });
        &mut self.blocks[place].1
    }
}

/// Reads the data codewords under a format.
pub(crate) fn read(
    modules: &Modules,
    layout: &Layout,
    likely: Likely,
    trouble: Trouble,
    kept: &mut Readings,
) -> Option<Data> {
    let format = likely.format;
    match likely.model {
        Model::Two => {
            let (blocks, parity) = layout.version.blocks(format.protection);
            let codewords = gather(modules, layout.data(), layout.codewords(), format);
            correct_all(&deinterleave(&codewords, blocks, parity), parity, trouble, kept.under(likely, blocks))
        }
        Model::One => {
            let (blocks, parity) = model1::blocks(layout.version, format.protection)?;
            let placement = model1::placement(layout.version);
            let count = placement.len();
            let mut codewords = gather(modules, placement.into_iter().flatten(), count, format);
            codewords.first_mut()?.value &= model1::FIRST_CODEWORD;
            let interleaved = one_after_another(&codewords, blocks, parity);
            let data = correct_all(&interleaved, parity, trouble, kept.under(likely, blocks))?;
            Some(Data { bytes: model1::without_filler(&data.bytes), ..data })
        }
    }
}

/// Failures beyond successes at which the rest of the blocks are not tried.
const HOPELESS: i32 = 2;

/// Corrects the blocks that were not read before.
fn correct_all(blocks: &[Vec<Codeword>], parity: usize, trouble: Trouble, kept: &mut [Option<Block>]) -> Option<Data> {
    let mut balance = 0;
    for (block, kept) in blocks.iter().zip(kept.iter_mut()) {
        if kept.is_none() {
            *kept = correct_block(block, parity, trouble);
        }
        balance += if kept.is_some() { 1 } else { -1 };
        if balance <= -HOPELESS || (trouble == Trouble::Little && kept.is_none()) {
            return None;
        }
    }
    let mut bytes = Vec::new();
    let mut evidence = f32::INFINITY;
    for block in kept {
        let block = block.as_ref()?;
        bytes.extend_from_slice(&block.data);
        evidence = evidence.min(block.evidence);
    }
    Some(Data { bytes, evidence })
}

/// The codewords whose bits are in these modules, highest bit first.
fn gather(
    modules: &Modules,
    places: impl Iterator<Item = (usize, usize)>,
    count: usize,
    format: Format,
) -> Vec<Codeword> {
    let mut codewords = vec![Codeword { value: 0, doubt: 0.0 }; count];
    for (bit, (column, row)) in places.enumerate() {
        // The last few modules belong to no codeword.
        let Some(codeword) = codewords.get_mut(bit / 8) else { break };
        let dark = modules.at(column, row);
        codeword.value = codeword.value << 1 | u8::from((dark > 0.0) != format.is_masked(column, row));
        codeword.doubt += (1.0 - dark.abs().min(1.0)).powi(3);
    }
    codewords
}

/// Blocks from the order in which they are written: the first codeword of each, the second of each, …; then likewise the
/// parity. The last blocks may be one data codeword longer (§7.6).
fn deinterleave(codewords: &[Codeword], blocks: usize, parity: usize) -> Vec<Vec<Codeword>> {
    let data = codewords.len() - blocks * parity;
    let (short, first_long) = (data / blocks, blocks - data % blocks);
    let mut sorted = vec![Vec::with_capacity(short + 1 + parity); blocks];
    for (at, &codeword) in codewords.iter().enumerate() {
        let block = if at < short * blocks {
            at % blocks
        } else if at < data {
            first_long + at - short * blocks
        } else {
            (at - data) % blocks
        };
        sorted[block].push(codeword);
    }
    sorted
}

/// Blocks of Model 1: the data of the first, of the second, …; then likewise the parity. What is left over belongs to none.
fn one_after_another(codewords: &[Codeword], blocks: usize, parity: usize) -> Vec<Vec<Codeword>> {
    let data = codewords.len() / blocks - parity;
    let (values, parities) = codewords.split_at(data * blocks);
    values.chunks_exact(data).zip(parities.chunks_exact(parity)).map(|(data, parity)| [data, parity].concat()).collect()
}

/// Corrects a block: as it is, then with more and more of the most doubtful codewords erased (generalised minimum distance).
fn correct_block(block: &[Codeword], parity: usize, trouble: Trouble) -> Option<Block> {
    let values: Vec<u8> = block.iter().map(|codeword| codeword.value).collect();
    let mut doubtful: Vec<usize> = (0..block.len()).collect();
    doubtful.sort_by(|&a, &b| block[b].doubt.total_cmp(&block[a].doubt));
    let most = if trouble == Trouble::Little { 1 } else { parity };
    for erased in (0..most).step_by((parity / 8).max(2)) {
        if evidence(block.len(), parity, erased, 0) < MIN_BLOCK_EVIDENCE {
            break;
        }
        let mut corrected = values.clone();
        if let Some(result) = correct(&mut corrected, parity, &doubtful[..erased]) {
            let evidence = evidence(block.len(), parity, erased, result.errors);
            if evidence >= MIN_BLOCK_EVIDENCE {
                corrected.truncate(block.len() - parity);
                return Some(Block { data: corrected, evidence });
            }
        }
    }
    None
}

/// Bits by which a corrected block differs from chance: those of the parity, less those that went into the choice of the
/// erased values, of the places of the errors and of their values.
#[expect(clippy::cast_precision_loss, reason = "at most 255")]
fn evidence(length: usize, parity: usize, erased: usize, errors: usize) -> f32 {
    let choices: f32 = (0..errors).map(|at| (((length - erased - at) as f32) / (at + 1) as f32).log2()).sum();
    8.0 * (parity - erased) as f32 - choices - 8.0 * errors as f32
}
