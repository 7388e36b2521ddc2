//! BER as it is found in files, told in DER: lengths that are open or longer than need be, octet strings in pieces
//! (X.690, 8.1.3.6 and 8.7.3). ISO 32000-2, 12.8.3.3 wants DER; some of the most used signers write BER.

/// What is nested deeper is no signature.
const MAX_DEPTH: usize = 32;
const CONSTRUCTED: u8 = 0x20;
const OCTET_STRING: u8 = 0x04;
const END_OF_CONTENTS: [u8; 2] = [0, 0];

/// The value that `bytes` start with, in DER, and what follows it.
pub(super) fn to_der(bytes: &[u8]) -> Option<(Vec<u8>, &[u8])> {
    let mut out = Vec::with_capacity(bytes.len());
    let rest = value(bytes, &mut out, MAX_DEPTH)?;
    Some((out, rest))
}

/// Writes the first value of `bytes`; answers what follows it.
fn value<'a>(bytes: &'a [u8], out: &mut Vec<u8>, depth: usize) -> Option<&'a [u8]> {
    let (tag, rest) = tag(bytes)?;
    let (length, rest) = length(rest)?;
    let mut inside = Vec::new();
    let rest = if tag[0] & CONSTRUCTED == 0 {
        let (content, rest) = rest.split_at_checked(length?)?;
        inside.extend_from_slice(content);
        rest
    } else {
        parts(rest, length, depth.checked_sub(1)?, |part, depth| value(part, &mut inside, depth))?
    };
    if tag == [OCTET_STRING | CONSTRUCTED] {
        let mut whole = Vec::with_capacity(inside.len());
        join(&inside, &mut whole)?;
        write(&[OCTET_STRING], &whole, out);
    } else {
        write(tag, &inside, out);
    }
    Some(rest)
}

/// Has each part of a constructed value taken; answers what follows the value.
fn parts<'a>(
    bytes: &'a [u8],
    length: Option<usize>,
    depth: usize,
    mut take: impl FnMut(&'a [u8], usize) -> Option<&'a [u8]>,
) -> Option<&'a [u8]> {
    let (mut open, behind) = match length {
        Some(length) => bytes.split_at_checked(length).map(|(open, behind)| (open, Some(behind)))?,
        None => (bytes, None),
    };
    loop {
        match behind {
            Some(behind) if open.is_empty() => return Some(behind),
            None if open.starts_with(&END_OF_CONTENTS) => return open.get(END_OF_CONTENTS.len()..),
            _ => open = take(open, depth)?,
        }
    }
}

/// The octets of the strings, in DER, that a string was made of.
fn join(mut strings: &[u8], out: &mut Vec<u8>) -> Option<()> {
    while !strings.is_empty() {
        let (tag, rest) = tag(strings)?;
        let (length, rest) = length(rest)?;
        let (content, rest) = rest.split_at_checked(length?)?;
        if tag != [OCTET_STRING] {
            return None;
        }
        out.extend_from_slice(content);
        strings = rest;
    }
    Some(())
}

fn tag(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let is_long = bytes.first()? & 0x1f == 0x1f;
    let more = if is_long { bytes.get(1..)?.iter().position(|byte| byte & 0x80 == 0)? + 1 } else { 0 };
    bytes.split_at_checked(1 + more)
}

/// The length that is stated, `None` if it is open.
fn length(bytes: &[u8]) -> Option<(Option<usize>, &[u8])> {
    let (&first, rest) = bytes.split_first()?;
    match first {
        0x80 => Some((None, rest)),
        0..0x80 => Some((Some(usize::from(first)), rest)),
        _ => {
            let (octets, rest) = rest.split_at_checked(usize::from(first & 0x7f))?;
            let zeros = octets.iter().take_while(|octet| **octet == 0).count();
            let octets = octets.get(zeros..)?;
            if octets.len() > 4 {
                return None;
            }
            let stated = octets.iter().fold(0_usize, |stated, octet| stated << 8 | usize::from(*octet));
            Some((Some(stated), rest))
        }
    }
}

fn write(tag: &[u8], content: &[u8], out: &mut Vec<u8>) {
    out.extend_from_slice(tag);
    match u8::try_from(content.len()) {
        Ok(short) if short < 0x80 => out.push(short),
        _ => {
            let octets = content.len().to_be_bytes();
            let octets: Vec<u8> = octets.into_iter().skip_while(|octet| *octet == 0).collect();
            out.push(0x80 | u8::try_from(octets.len()).unwrap_or(0x7f));
            out.extend_from_slice(&octets);
        }
    }
    out.extend_from_slice(content);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(bytes: &[u8]) -> Option<(Vec<u8>, Vec<u8>)> {
        to_der(bytes).map(|(der, rest)| (der, rest.to_vec()))
    }

    #[test]
    fn what_is_der_stays_as_it_is() {
        let long = [&[0x30, 0x81, 0x84, 0x04, 0x81, 0x81][..], &[7; 129]].concat();
        for der in [&[0x30, 0x03, 0x02, 0x01, 0x05][..], &[0x5f, 0x81, 0x01, 0x00], &[0x05, 0x00], &long] {
            assert_eq!(told(&[der, &[0, 0]].concat()), Some((der.to_vec(), vec![0, 0])));
        }
    }

    #[test]
    fn open_and_roomy_lengths_and_pieces_are_told_in_der() {
        for (ber, der) in [
            (&[0x30, 0x80, 0x02, 0x01, 0x05, 0x00, 0x00][..], &[0x30, 0x03, 0x02, 0x01, 0x05][..]),
            (&[0x30, 0x83, 0x00, 0x00, 0x02, 0x05, 0x00], &[0x30, 0x02, 0x05, 0x00]),
            (&[0xa0, 0x80, 0x30, 0x80, 0x00, 0x00, 0x00, 0x00], &[0xa0, 0x02, 0x30, 0x00]),
            (
                &[0x24, 0x80, 0x04, 0x01, 0x41, 0x24, 0x04, 0x04, 0x02, 0x42, 0x43, 0x00, 0x00],
                &[0x04, 0x03, 0x41, 0x42, 0x43],
            ),
        ] {
            assert_eq!(told(&[ber, &[9]].concat()), Some((der.to_vec(), vec![9])), "{ber:02x?}");
        }
    }

    #[test]
    fn what_is_no_ber_is_refused() {
        let deep = [[0x30, 0x80].repeat(40), [0, 0].repeat(40)].concat();
        for bytes in [
            &[][..],
            &[0x30],
            &[0x30, 0x05, 0x02, 0x01, 0x05],
            &[0x30, 0x80, 0x02, 0x01, 0x05],
            &[0x04, 0x80, 0x00, 0x00],
            &[0x24, 0x03, 0x02, 0x01, 0x05],
            &[0x30, 0x85, 0x01, 0x00, 0x00, 0x00, 0x00],
            &[0x1f, 0x80],
            &[0x30, 0x02, 0x04, 0x01, 0x41],
            &deep,
        ] {
            assert_eq!(told(bytes), None, "{bytes:02x?}");
        }
    }
}
