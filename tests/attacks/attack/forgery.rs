//! Universal signature forgery: the signature is there and cannot be checked.

use super::{byte_range, signature};
use crate::file::append;
use crate::{Variant, variant};

const CLASS: &str = "USF";

pub(super) fn all(file: &[u8]) -> Vec<Variant> {
    let ([_, before, resume, after], span) = byte_range(file);
    let mut all = Vec::new();
    // In place, by the same number of bytes.
    let mut ranges = vec![
        ("no numbers", "[]".to_owned()),
        ("null", "null".to_owned()),
        ("negative", "[0 -1 1 1]".to_owned()),
        ("all zero", "[0 0 0 0]".to_owned()),
        ("two numbers", format!("[0 {before}]")),
        ("shorter", format!("[0 {before} {resume} {}]", after - 30)),
        ("over the end", format!("[0 {before} {resume} 99999999]")),
        ("without a gap", format!("[0 {} {} 0]", resume + after, resume + after)),
    ];
    ranges.retain(|(_, range)| range.len() <= span.len());
    for (name, range) in ranges {
        let mut bytes = file.to_vec();
        bytes[span.clone()].fill(b' ');
        bytes[span.start..span.start + range.len()].copy_from_slice(range.as_bytes());
        all.push(variant(CLASS, format!("/ByteRange {name}"), bytes));
    }
    let mut bytes = file.to_vec();
    bytes[before + 1..resume - 1].fill(b'0');
    all.push(variant(CLASS, "/Contents all zero", bytes));
    let mut bytes = file.to_vec();
    bytes[before + 1] = b'z';
    all.push(variant(CLASS, "/Contents no hexadecimal", bytes));
    let mut bytes = file.to_vec();
    bytes[before..before + 2].copy_from_slice(b"<>");
    bytes[before + 2..resume].fill(b' ');
    all.push(variant(CLASS, "/Contents empty", bytes));
    // In a later revision.
    let (number, dictionary, _) = signature(file);
    let contents = dictionary.find("/Contents").unwrap();
    let value_end = contents + dictionary[contents..].find('>').unwrap() + 1;
    let without = format!("{}{}", &dictionary[..contents], &dictionary[value_end..]);
    for (name, object) in [
        ("without /Contents", without.clone()),
        ("with an empty /Contents", format!("{}/Contents <>{}", &dictionary[..contents], &dictionary[value_end..])),
        ("with /Contents null", format!("{}/Contents null{}", &dictionary[..contents], &dictionary[value_end..])),
        ("with two /Contents", dictionary.replacen("/Contents", "/Contents <00> /Contents", 1)),
        ("without /ByteRange", dictionary.replacen("/ByteRange", "/Nothing", 1)),
        ("without /SubFilter", dictionary.replacen("/SubFilter", "/Nothing", 1)),
        ("as it was", dictionary.clone()),
        ("null", "null".to_owned()),
    ] {
        all.push(variant(CLASS, format!("signature anew {name}"), append(file, &[(number, object)])));
    }
    all
}
