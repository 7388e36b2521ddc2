//! The Adobe-GB1 character collection: from CIDs to characters and back (ISO 32000-2, 9.7.3).

use std::io::Read as _;
use std::sync::LazyLock;

/// Adobe's `Adobe-GB1-UCS2`, supplement 5: the character of each CID from 0 on as the difference to the one before, all low
/// bytes, then all high bytes, deflated. Zero is no character; the six CIDs outside of the basic plane are left out.
static PACKED: &[u8] = include_bytes!("data/adobe-gb1.bin");

static CHARACTERS: LazyLock<Vec<u16>> = LazyLock::new(|| {
    let mut bytes = Vec::new();
    // What is compiled in does not fail; if it did, nothing would be known.
    let _ = flate2::read::ZlibDecoder::new(PACKED).read_to_end(&mut bytes);
    let (low, high) = bytes.split_at(bytes.len() / 2);
    let differences = low.iter().zip(high).map(|(low, high)| u16::from_le_bytes([*low, *high]));
    let add = |character: &mut u16, difference: u16| {
        *character = character.wrapping_add(difference);
        Some(*character)
    };
    differences.scan(0, add).collect()
});

/// Characters and the first CID of each, in order.
static CIDS: LazyLock<Vec<(u16, u16)>> = LazyLock::new(|| {
    let mut pairs: Vec<(u16, u16)> =
        CHARACTERS.iter().copied().zip(0..).filter(|(character, _)| *character > 0).collect();
    pairs.sort_unstable();
    pairs.dedup_by_key(|(character, _)| *character);
    pairs
});

/// The character that a CID shows.
pub(crate) fn character(cid: u32) -> Option<char> {
    let unit = CHARACTERS.get(usize::try_from(cid).ok()?)?;
    char::from_u32(u32::from(*unit)).filter(|character| !matches!(*character, '\0' | char::REPLACEMENT_CHARACTER))
}

/// The first CID that shows a character.
pub(crate) fn cid(character: char) -> Option<u32> {
    let unit = u16::try_from(u32::from(character)).ok()?;
    CIDS.binary_search_by_key(&unit, |(character, _)| *character).ok().map(|at| u32::from(CIDS[at].1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cids_and_characters_match() {
        // From the CMaps GBK-EUC-H and UniGB-UCS2-H.
        let cases = [(1, ' '), (34, 'A'), (814, '!'), (96, '\u{3000}'), (10_072, '丂'), (4_162, '一')];
        for (number, expected) in cases {
            assert_eq!(character(number).map(u32::from), Some(u32::from(expected)), "{number}");
        }
        assert_eq!((cid('A'), cid('丂')), (Some(34), Some(10_072)));
        assert_eq!((character(0), character(30_284), character(u32::MAX)), (None, None, None));
        assert_eq!((cid('\0'), cid('𠮷')), (None, None));
        assert_eq!(CHARACTERS.len(), 30_284);
    }
}
