//! The attacks, class by class.

mod forgery;
mod overlay;
mod saving;
mod shadow;
mod structure;
mod wrapping;

use crate::Variant;
use crate::author::Sealed;
use crate::file::rfind;

pub(crate) fn all(sealed: &Sealed) -> Vec<Variant> {
    let file = sealed.bytes.as_slice();
    [
        forgery::all(file),
        saving::all(file),
        wrapping::all(file),
        shadow::all(file),
        overlay::all(file, sealed.level),
        structure::all(file),
    ]
    .concat()
}

/// The signature's object: its number, and its dictionary as it stands in the file.
pub(crate) fn signature(file: &[u8]) -> (u32, String, usize) {
    let at = rfind(file, "/ByteRange").unwrap();
    let head = rfind(&file[..at], " 0 obj").unwrap();
    let line = file[..head].iter().rposition(|byte| *byte == b'\n').unwrap() + 1;
    let number = String::from_utf8_lossy(&file[line..head]).trim().parse().unwrap();
    let end = at + file[at..].windows(6).position(|window| window == b"endobj").unwrap();
    (number, String::from_utf8_lossy(&file[head + 6..end]).trim().to_owned(), line)
}

/// The four numbers of the last `/ByteRange`, and where they stand with their brackets.
pub(crate) fn byte_range(file: &[u8]) -> ([usize; 4], std::ops::Range<usize>) {
    let key = rfind(file, "/ByteRange").unwrap();
    let start = key + file[key..].iter().position(|byte| *byte == b'[').unwrap();
    let end = start + file[start..].iter().position(|byte| *byte == b']').unwrap() + 1;
    let text = String::from_utf8_lossy(&file[start + 1..end - 1]).into_owned();
    let numbers: Vec<usize> = text.split_whitespace().map(|number| number.parse().unwrap()).collect();
    (numbers.try_into().unwrap(), start..end)
}
