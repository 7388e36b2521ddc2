//! The digests of what all signatures cover, made while the file is read once.

use std::collections::HashMap;

use eseal_crypto::digest::{Digest, DigestAlgorithm, Hasher};

use crate::source::ReadAt;

use super::byte_range::Covered;
use crate::pdf::error::PdfError;
use crate::pdf::read::blocks::read_range;
use crate::pdf::read::reader::Reader;

/// Bytes hashed in all, as a multiple of the file's size: every signature of an honest file covers the revisions before it
/// in the same way, so that they share the work.
const MAX_PASSES: u64 = 64;

/// The digest of every range that was wanted.
#[derive(Default)]
pub(super) struct Digests(HashMap<(Covered, DigestAlgorithm), Digest>);

/// A digest that has left the common beginning: it skips its own gap.
struct Branch {
    covered: Covered,
    hasher: Hasher,
}

impl Digests {
    /// Reads the file once. Signatures with the same algorithm share the hash of all that comes before their own gap.
    pub(super) fn of<S: ReadAt>(reader: &Reader<S>, wanted: &[(Covered, DigestAlgorithm)]) -> Result<Self, PdfError> {
        let mut digests = Self::default();
        check_work(reader.input.size, wanted)?;
        let mut open: HashMap<DigestAlgorithm, Vec<Covered>> = HashMap::new();
        for (covered, algorithm) in wanted {
            let ranges = open.entry(*algorithm).or_default();
            if !ranges.contains(covered) {
                ranges.push(covered.clone());
            }
        }
        let end = wanted.iter().map(|(covered, _)| covered.end).max().unwrap_or(0);
        let mut trunks: Vec<Trunk> =
            open.into_iter().map(|(algorithm, ranges)| Trunk::new(algorithm, ranges)).collect();
        let mut at = 0;
        read_range(&reader.input.source, 0..end, &mut |block| {
            for trunk in &mut trunks {
                trunk.take(at, block);
            }
            at += block.len() as u64;
            Ok(())
        })?;
        for trunk in trunks {
            for (covered, digest) in trunk.done {
                digests.0.insert((covered, trunk.algorithm), digest);
            }
        }
        Ok(digests)
    }

    pub(super) fn find(&self, covered: &Covered, algorithm: DigestAlgorithm) -> Option<&Digest> {
        self.0.get(&(covered.clone(), algorithm))
    }
}

/// A file made to be hashed from its first byte for each of very many signatures is refused.
fn check_work(size: u64, wanted: &[(Covered, DigestAlgorithm)]) -> Result<(), PdfError> {
    let own = wanted.iter().map(|(covered, _)| covered.end - covered.gap.end);
    let total = own.fold(0_u64, u64::saturating_add);
    if total > size.saturating_mul(MAX_PASSES) {
        return Err(PdfError::LimitExceeded { what: "bytes to hash" });
    }
    Ok(())
}

/// The common beginning of all ranges with one algorithm, and what has branched off it.
struct Trunk {
    algorithm: DigestAlgorithm,
    hasher: Hasher,
    /// Sorted so that the next gap is the last.
    waiting: Vec<Covered>,
    branches: Vec<Branch>,
    done: Vec<(Covered, Digest)>,
}

impl Trunk {
    fn new(algorithm: DigestAlgorithm, mut waiting: Vec<Covered>) -> Self {
        waiting.sort_by_key(|covered| std::cmp::Reverse(covered.gap.start));
        Self { algorithm, hasher: Hasher::new(algorithm), waiting, branches: Vec::new(), done: Vec::new() }
    }

    /// The next bytes of the file, which stand at `at`.
    fn take(&mut self, at: u64, block: &[u8]) {
        let behind = at + block.len() as u64;
        let mut fed = at;
        while let Some(next) = self.waiting.pop_if(|next| next.gap.start <= behind) {
            self.hasher.update(piece(block, at, fed, next.gap.start));
            fed = next.gap.start;
            self.branches.push(Branch { covered: next, hasher: self.hasher.clone() });
        }
        // Nothing more branches off: the rest is nobody's beginning.
        if !self.waiting.is_empty() {
            self.hasher.update(piece(block, at, fed, behind));
        }
        for branch in &mut self.branches {
            let Covered { gap, end } = &branch.covered;
            branch.hasher.update(piece(block, at, gap.end, *end));
        }
        for finished in self.branches.extract_if(.., |branch| branch.covered.end <= behind) {
            self.done.push((finished.covered, finished.hasher.finish()));
        }
    }
}

/// What of a block that stands at `at` lies from `start` to `end` in the file.
fn piece(block: &[u8], at: u64, start: u64, end: u64) -> &[u8] {
    let index = |position: u64| {
        usize::try_from(position.saturating_sub(at)).map_or(block.len(), |index| index.min(block.len()))
    };
    block.get(index(start)..index(end)).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_share_a_beginning_and_keep_their_own_gaps() {
        let file: Vec<u8> = (0..200_u8).cycle().take(1_000).collect();
        let ranges = [(10..20, 1_000), (10..20, 500), (300..310, 400), (450..460, 999), (0..5, 6), (990..999, 1_000)];
        for block in [1, 7, 64, 1_000] {
            let covered: Vec<Covered> =
                ranges.iter().map(|(gap, end)| Covered { gap: gap.clone(), end: *end }).collect();
            let mut trunk = Trunk::new(DigestAlgorithm::Sha256, covered.clone());
            for (index, piece) in file.chunks(block).enumerate() {
                trunk.take((index * block) as u64, piece);
            }
            assert_eq!(trunk.done.len(), covered.len());
            for (covered, digest) in trunk.done {
                let whole = |range: std::ops::Range<u64>| piece(&file, 0, range.start, range.end);
                let bytes = [whole(0..covered.gap.start), whole(covered.gap.end..covered.end)].concat();
                assert_eq!(digest, Digest::of(DigestAlgorithm::Sha256, &bytes), "{covered:?} in blocks of {block}");
            }
        }
    }

    #[test]
    fn very_many_passes_are_refused() {
        let one = (Covered { gap: 10..20, end: 1_000 }, DigestAlgorithm::Sha256);
        assert!(check_work(1_000, &vec![one.clone(); 60]).is_ok());
        assert_eq!(check_work(1_000, &vec![one; 1_024]).unwrap_err().code(), "pdf.limit-exceeded");
    }
}
