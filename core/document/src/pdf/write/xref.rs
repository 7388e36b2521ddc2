//! The cross-reference of an appended revision (ISO 32000-2, 7.5.4 and 7.5.8).

use std::collections::BTreeMap;
use std::fmt::Write as _;

use crate::pdf::read::xref::Entry;

/// Offsets in a table have ten digits.
pub(super) const MAX_TABLE_OFFSET: u64 = 9_999_999_999;
/// Gaps between object numbers are filled in a complete cross-reference if they are not more than this, and three times
/// what there is.
const MAX_GAPS: usize = 4_096;

/// Objects by number, and where they are.
pub(super) type Entries = BTreeMap<u32, Entry>;

/// Whether a table can hold this.
pub(super) fn fits_table(entries: &Entries) -> bool {
    entries.values().all(|entry| match entry {
        Entry::Free => true,
        Entry::InFile { offset, .. } => *offset <= MAX_TABLE_OFFSET,
        Entry::InStream { .. } => false,
    })
}

/// Makes a first cross-reference out of entries: it starts with number 0 and has, if that is not too costly, no gaps, as
/// some readers want it.
pub(super) fn complete(mut entries: Entries) -> Entries {
    entries.insert(0, Entry::Free);
    let size = entries.last_key_value().map_or(0, |(number, _)| *number as usize + 1);
    if size <= entries.len() * 4 + MAX_GAPS {
        let last = u32::try_from(size).unwrap_or(u32::MAX);
        (0..last).for_each(|number| {
            entries.entry(number).or_insert(Entry::Free);
        });
    }
    entries
}

/// `xref` and its rows.
pub(super) fn table(entries: &Entries) -> String {
    let mut out = String::from("xref\n");
    for run in runs(entries) {
        let _ = writeln!(out, "{} {}", run[0].0, run.len());
        for (_, entry) in run {
            // Exactly 20 bytes each: some viewers count them.
            let _ = match entry {
                Entry::InFile { offset, generation } => writeln!(out, "{offset:010} {generation:05} n "),
                _ => writeln!(out, "{:010} {:05} f ", 0, u16::MAX),
            };
        }
    }
    out
}

/// `/W` and `/Index` of a cross-reference stream, and its data.
pub(super) fn fields(entries: &Entries) -> (String, Vec<u8>) {
    let row = |entry: &Entry| match *entry {
        Entry::Free => (0_u8, 0_u64, u32::from(u16::MAX)),
        Entry::InFile { offset, generation } => (1, offset, u32::from(generation)),
        Entry::InStream { container, index } => (2, u64::from(container), index),
    };
    let rows = || entries.values().map(row);
    let bytes = |highest: u64| (8 - highest.leading_zeros() as usize / 8).max(1);
    let second = bytes(rows().map(|row| row.1).max().unwrap_or(0));
    let third = bytes(rows().map(|row| u64::from(row.2)).max().unwrap_or(0)).max(2);
    let (mut index, mut data) = (String::new(), Vec::new());
    for run in runs(entries) {
        let _ = write!(index, "{}{} {}", if index.is_empty() { "" } else { " " }, run[0].0, run.len());
        for (_, entry) in run {
            let (kind, position, beside) = row(&entry);
            data.push(kind);
            data.extend_from_slice(&position.to_be_bytes()[8 - second..]);
            data.extend_from_slice(&u64::from(beside).to_be_bytes()[8 - third..]);
        }
    }
    (format!("/W [1 {second} {third}] /Index [{index}]"), data)
}

/// The entries in runs of numbers that follow each other.
fn runs(entries: &Entries) -> Vec<Vec<(u32, Entry)>> {
    let mut runs: Vec<Vec<(u32, Entry)>> = Vec::new();
    for (&number, &entry) in entries {
        match runs.last_mut() {
            Some(run) if run.last().is_some_and(|last| last.0 + 1 == number) => run.push((number, entry)),
            _ => runs.push(vec![(number, entry)]),
        }
    }
    runs
}

#[cfg(test)]
mod tests {
    use super::*;

    fn in_file(offset: u64) -> Entry {
        Entry::InFile { offset, generation: 0 }
    }

    #[test]
    fn a_table_has_rows_of_twenty_bytes() {
        let entries = Entries::from([(3, in_file(17)), (4, in_file(9_999_999_999)), (9, Entry::Free)]);
        assert!(fits_table(&entries));
        assert_eq!(table(&entries), "xref\n3 2\n0000000017 00000 n \n9999999999 00000 n \n9 1\n0000000000 65535 f \n");
        assert!(!fits_table(&Entries::from([(3, in_file(10_000_000_000))])));
        assert!(!fits_table(&Entries::from([(3, Entry::InStream { container: 1, index: 0 })])));
    }

    #[test]
    fn a_stream_has_room_for_what_it_holds() {
        let entries = Entries::from([(3, in_file(0x01_0203_0405)), (4, Entry::InStream { container: 7, index: 2 })]);
        let (header, data) = fields(&entries);
        assert_eq!(header, "/W [1 5 2] /Index [3 2]");
        assert_eq!(data, [1, 1, 2, 3, 4, 5, 0, 0, 2, 0, 0, 0, 0, 7, 0, 2]);
    }

    #[test]
    fn a_complete_one_has_no_gaps_unless_they_are_many() {
        let numbers = |last: u32| {
            let entries = complete(Entries::from([(2, in_file(1)), (last, in_file(2))]));
            entries.keys().copied().collect::<Vec<_>>()
        };
        assert_eq!(numbers(5), [0, 1, 2, 3, 4, 5]);
        assert_eq!(numbers(8_000_000), [0, 2, 8_000_000]);
    }
}
