//! Reed–Solomon correction of errors and erasures (ISO/IEC 18004 annex B; the method is Berlekamp–Massey and Forney).

use super::galois::{self, divide, evaluate, multiply, power};

/// What a correction changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Corrected {
    /// Codewords changed outside of the erasures.
    pub(crate) errors: usize,
}

/// Corrects a block in place. The last `parity` codewords protect the others; `erasures` are places that are not trusted.
/// `None`, and the block as it was, when there are more errors than the parity can find.
pub(crate) fn correct(block: &mut [u8], parity: usize, erasures: &[usize]) -> Option<Corrected> {
    let length = block.len();
    if length > galois::ORDER || parity >= length || erasures.len() > parity {
        return None;
    }
    let syndromes: Vec<u8> = (0..parity)
        .map(|root| block.iter().fold(0, |value, &codeword| multiply(value, power(root)) ^ codeword))
        .collect();
    if syndromes.iter().all(|&syndrome| syndrome == 0) {
        return Some(Corrected { errors: 0 });
    }
    let locator = locator(&syndromes, length, erasures)?;
    let degree = locator.len() - 1;
    // Chien search: the locator's roots are the inverses of α to the places, counted from the block's end.
    let places: Vec<usize> =
        (0..length).filter(|&place| evaluate(&locator, power(galois::ORDER - place % galois::ORDER)) == 0).collect();
    if places.len() != degree {
        return None;
    }
    let magnitudes = magnitudes(&syndromes, &locator, &places)?;
    let mut errors = 0;
    for (&place, &magnitude) in places.iter().zip(&magnitudes) {
        let at = length - 1 - place;
        block[at] ^= magnitude;
        errors += usize::from(magnitude != 0 && !erasures.contains(&at));
    }
    Some(Corrected { errors })
}

/// The error and erasure locator, lowest coefficient first, without leading zeros.
fn locator(syndromes: &[u8], length: usize, erasures: &[usize]) -> Option<Vec<u8>> {
    let parity = syndromes.len();
    let mut locator = vec![0_u8; parity + 1];
    locator[0] = 1;
    for &erasure in erasures {
        let root = power(length.checked_sub(erasure + 1)?);
        for at in (1..=parity).rev() {
            locator[at] ^= multiply(locator[at - 1], root);
        }
    }
    let known = erasures.len();
    let mut previous = locator.clone();
    let mut size = known;
    for step in known..parity {
        let discrepancy = (0..=step.min(parity)).fold(0, |sum, at| sum ^ multiply(locator[at], syndromes[step - at]));
        previous.rotate_right(1);
        previous[0] = 0;
        if discrepancy == 0 {
            continue;
        }
        let next: Vec<u8> =
            locator.iter().zip(&previous).map(|(&own, &other)| own ^ multiply(discrepancy, other)).collect();
        if 2 * size <= step + known {
            size = step + 1 + known - size;
            previous = locator.iter().map(|&coefficient| divide(coefficient, discrepancy)).collect();
        }
        locator = next;
    }
    let degree = locator.iter().rposition(|&coefficient| coefficient != 0)?;
    // More errors than half of the parity that the erasures left over.
    if degree < known || 2 * (degree - known) > parity - known {
        return None;
    }
    locator.truncate(degree + 1);
    Some(locator)
}

/// Forney's formula for each place.
fn magnitudes(syndromes: &[u8], locator: &[u8], places: &[usize]) -> Option<Vec<u8>> {
    let evaluator: Vec<u8> = (0..syndromes.len())
        .map(|at| {
            (0..=at.min(locator.len() - 1)).fold(0, |sum, part| sum ^ multiply(locator[part], syndromes[at - part]))
        })
        .collect();
    places
        .iter()
        .map(|&place| {
            let inverse = power(galois::ORDER - place % galois::ORDER);
            let squared = multiply(inverse, inverse);
            // In characteristic 2 the derivative keeps the odd terms only.
            let derivative =
                locator.iter().skip(1).step_by(2).rev().fold(0, |value, &odd| multiply(value, squared) ^ odd);
            // The code's first root is α⁰, so one factor of the place remains.
            (derivative != 0).then(|| multiply(power(place), divide(evaluate(&evaluator, inverse), derivative)))
        })
        .collect()
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Appends the remainder by the generator polynomial with the roots α⁰ … α^(parity−1).
    pub(crate) fn protected(data: &[u8], parity: usize) -> Vec<u8> {
        let generator = (0..parity).fold(vec![1_u8], |generator, root| {
            let mut next = vec![0; generator.len() + 1];
            for (at, &coefficient) in generator.iter().enumerate() {
                next[at] ^= coefficient;
                next[at + 1] ^= multiply(coefficient, power(root));
            }
            next
        });
        let mut remainder = [data, &vec![0; parity]].concat();
        for at in 0..data.len() {
            let lead = remainder[at];
            for (offset, &coefficient) in generator.iter().enumerate() {
                remainder[at + offset] ^= multiply(lead, coefficient);
            }
        }
        [data, &remainder[data.len()..]].concat()
    }

    /// The example of ISO/IEC 18004 annex I: 01234567 in 1-M.
    #[test]
    fn the_standards_own_example() {
        let data = [0x10, 0x20, 0x0C, 0x56, 0x61, 0x80, 0xEC, 0x11, 0xEC, 0x11, 0xEC, 0x11, 0xEC, 0x11, 0xEC, 0x11];
        let parity = [0xA5, 0x24, 0xD4, 0xC1, 0xED, 0x36, 0xC7, 0x87, 0x2C, 0x55];
        assert_eq!(protected(&data, 10)[16..], parity);
    }

    proptest! {
        #[test]
        fn up_to_the_limit_everything_comes_back(
            data in prop::collection::vec(any::<u8>(), 1..120),
            parity in 2_usize..31,
            order in Just((0..150_usize).collect::<Vec<_>>()).prop_shuffle(),
            erased in 0_usize..31,
            flips in prop::collection::vec(1..=255_u8, 31),
        ) {
            let sent = protected(&data, parity);
            let places: Vec<usize> = order.into_iter().filter(|&place| place < sent.len()).collect();
            let erased = erased.min(parity).min(places.len());
            let wrong = ((parity - erased) / 2).min(places.len() - erased);
            let mut received = sent.clone();
            for (&place, &flip) in places.iter().zip(&flips).take(erased + wrong) {
                received[place] ^= flip;
            }
            let corrected = correct(&mut received, parity, &places[..erased]);
            prop_assert_eq!(corrected, Some(Corrected { errors: wrong }));
            prop_assert_eq!(received, sent);
        }

        #[test]
        fn garbage_is_refused_or_becomes_a_codeword(
            mut block in prop::collection::vec(any::<u8>(), 0..300),
            parity in 0_usize..300,
            erasures in prop::collection::vec(0_usize..300, 0..40),
        ) {
            let before = block.clone();
            if correct(&mut block, parity, &erasures).is_some() {
                prop_assert_eq!(correct(&mut block, parity, &[]), Some(Corrected { errors: 0 }));
            } else {
                prop_assert_eq!(block, before);
            }
        }
    }
}
