//! A short digest of a log by which a second playing of the same log is known.
//!
//! No two signatures of a hand agree in the small: where the pen is some samples later and when. Such pieces, rounded, are
//! hashed, and the digest keeps the least hash of each of [`BINS`] groups (a `MinHash` sketch). The share of equal groups
//! estimates the share of equal pieces. Moving the log in place or time changes only how pieces round, so it changes few; a
//! log with a part cut off stays alike; and the digest tells nothing about the shape.

use crate::log::Steps;
use crate::{Ink, InkError, PLACES_A_MM, TIMES_A_MS};

/// Two logs this much alike are one log, played twice.
pub const LEAST_REPLAY_LIKENESS: f64 = 0.4;

/// Groups of the sketch.
const BINS: usize = 64;
/// A digest as bytes: a version, then the groups, highest byte first.
const BYTES: usize = 1 + 2 * BINS;
const VERSION: u8 = 1;
/// A piece is three samples so far apart.
const STRIDE: usize = 4;
/// Pieces are rounded to this many steps of the grid: 0.25 mm and 4 ms.
const PLACE: i64 = PLACES_A_MM as i64 / 4;
const TIME: i64 = TIMES_A_MS as i64 * 4;

/// The digest of a log, 129 bytes. Keep those of accepted signatures, and hand them to [`Ink::judge`].
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct InkDigest([u16; BINS]);

impl Ink {
    /// The digest of this log.
    #[must_use]
    pub fn digest(&self) -> InkDigest {
        let mut bins = [u16::MAX; BINS];
        for stroke in self.strokes() {
            let steps: Vec<Steps> = stroke.samples().iter().map(Steps::of).collect();
            for piece in steps.windows(2 * STRIDE + 1) {
                let hash = hash(&[leg(&piece[0], &piece[STRIDE]), leg(&piece[STRIDE], &piece[2 * STRIDE])]);
                let [high, low, group, ..] = hash.to_be_bytes();
                let least = &mut bins[usize::from(group) % BINS];
                *least = (*least).min(u16::from_be_bytes([high, low]));
            }
        }
        InkDigest(bins)
    }
}

impl InkDigest {
    /// The share of pieces that both logs have, about: 1 for the same log, near 0 for two signatures by one hand.
    #[must_use]
    pub fn likeness(&self, other: &Self) -> f64 {
        let groups = || self.0.iter().zip(&other.0).filter(|(one, other)| **one != u16::MAX || **other != u16::MAX);
        let (all, equal) = (groups().count(), groups().filter(|(one, other)| one == other).count());
        let share = |count: usize| u32::try_from(count).map_or(0.0, f64::from);
        share(equal) / share(all).max(1.0)
    }

    /// As bytes, to keep.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        std::iter::once(VERSION).chain(self.0.iter().flat_map(|bin| bin.to_be_bytes())).collect()
    }

    /// What [`InkDigest::to_bytes`] wrote.
    ///
    /// # Errors
    /// [`InkError::Bytes`] if they are anything else.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, InkError> {
        let wrong = |offset| InkError::Bytes { offset, expected: "a digest of 129 bytes, version 1" };
        let whole: &[u8; BYTES] = bytes.try_into().map_err(|_| wrong(bytes.len()))?;
        let [VERSION, groups @ ..] = whole else { return Err(wrong(0)) };
        let mut bins = [0; BINS];
        for (bin, pair) in bins.iter_mut().zip(groups.as_chunks::<2>().0) {
            *bin = u16::from_be_bytes(*pair);
        }
        Ok(Self(bins))
    }
}

/// From one sample to another, rounded.
fn leg(from: &Steps, to: &Steps) -> [i64; 3] {
    [(to.x - from.x).div_euclid(PLACE), (to.y - from.y).div_euclid(PLACE), (to.t - from.t).div_euclid(TIME)]
}

/// Spreads the numbers over 64 bits (the mixer of `SplitMix64`); not secret, and needs no more.
fn hash(legs: &[[i64; 3]; 2]) -> u64 {
    legs.iter().flatten().fold(0x9e37_79b9_7f4a_7c15, |state, number| {
        let mut mixed = state ^ number.cast_unsigned().wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    })
}
