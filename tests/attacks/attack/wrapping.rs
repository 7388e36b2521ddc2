//! Signature wrapping: the second signed part is moved, and something put where it was.

use super::{byte_range, signature};
use crate::file::{CONTENT, startxref, stream};
use crate::{Variant, variant};

const CLASS: &str = "SWA";

pub(super) fn all(file: &[u8]) -> Vec<Variant> {
    let ([_, before, resume, after], _) = byte_range(file);
    let (first, gap, second) = (&file[..before], &file[before..resume], &file[resume..resume + after]);
    let (number, dictionary, _) = signature(file);
    let forged = stream("", "BT /F 12 Tf 100 660 Td (The sum is 9000 yuan) Tj ET");
    let mut all = Vec::new();
    // Something in the gap, before or behind the signature value.
    for (name, wrapped) in [
        ("bytes before the value", [first, b" ".as_slice(), gap, second].concat()),
        ("bytes behind the value", [first, gap, b" ".as_slice(), second].concat()),
        ("another key behind the value", [first, gap, b"/X 1 ".as_slice(), second].concat()),
        ("another value before the value", [first, b"<00> /Contents ".as_slice(), gap, second].concat()),
    ] {
        all.push(variant(CLASS, name, wrapped));
    }
    // The old table's place, which the moved part's startxref leads to, gets a table of the attacker's.
    let place = startxref(file);
    let malicious = format!("{CONTENT} 0 obj\n{forged}\nendobj\n");
    for (name, padding) in [("a table in the gap", 0), ("a table in the gap, and more", 64)] {
        let mut wrapped = [first, gap].concat();
        if place < wrapped.len() {
            continue;
        }
        wrapped.resize(place, b' ');
        let mut table = Vec::new();
        let mut moved = 0;
        // The offsets depend on the table's length, which does not change any more once they are known.
        for _ in 0..3 {
            let objects_at = place + table.len();
            moved = objects_at + malicious.len() + dictionary.len() + 64 + padding;
            let signature_at = objects_at + malicious.len();
            table = format!(
                "xref\n{CONTENT} 1\n{objects_at:010} 00000 n \n{number} 1\n{signature_at:010} 00000 n \ntrailer\n\
                 <</Size 900 /Root 1 0 R /Prev {}>>\nstartxref\n{place}\n%%EOF\n",
                startxref(&file[..first_end(file)])
            )
            .into_bytes();
        }
        let range = format!("[0 {before} {moved} {}]", second.len());
        let copy = replace_range(&dictionary, &range);
        wrapped.extend_from_slice(&table);
        wrapped.extend_from_slice(malicious.as_bytes());
        wrapped.extend_from_slice(format!("{number} 0 obj\n{copy}\nendobj\n").as_bytes());
        wrapped.resize(moved.max(wrapped.len()), b' ');
        wrapped.extend_from_slice(second);
        all.push(variant("SIWA", name, wrapped));
    }
    all
}

/// Where the unsigned file ends.
fn first_end(file: &[u8]) -> usize {
    file.windows(5).position(|window| window == b"%%EOF").unwrap() + 5
}

fn replace_range(dictionary: &str, range: &str) -> String {
    let start = dictionary.find("/ByteRange").unwrap() + 10;
    let end = start + dictionary[start..].find(']').unwrap() + 1;
    format!("{} {range}{}", &dictionary[..start], &dictionary[end..])
}
