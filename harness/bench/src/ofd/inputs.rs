//! The packages that everything is measured on: the same every time.

use std::fs;
use std::path::PathBuf;

use eseal_testkit::ofd::{Item, Zip};

use super::Bench;
use crate::error::BenchError;
use crate::noise::noise;

/// Ten pages of text.
const CONTRACT: &str = "tests/fixtures/ofd/contract.ofd";
/// A scanned page of A4 at 200 dpi, as JPEG, has about as many bytes.
const SCAN: usize = 500_000;

/// One package.
pub(super) struct Input {
    pub(super) name: String,
    pub(super) path: PathBuf,
    pub(super) bytes: u64,
}

/// Makes the inputs in the run's folder.
pub(super) fn make(bench: &Bench<'_>) -> Result<Vec<Input>, BenchError> {
    let missing = || BenchError::failed(CONTRACT, "it is not there");
    let text = fs::read(bench.place.there(CONTRACT).ok_or_else(missing)?)?;
    let mut scanned = Zip::read(&text);
    for page in 0..10 {
        // Packed before, and so stored.
        let name = format!("Doc_0/Res/scan_{page}.jpg");
        scanned.entries.push(Item { method: 0, ..Item::new(&name, &noise(SCAN, page)) });
    }
    let named = [("10 pages of text", text), ("10 scanned pages", scanned.write())];
    let write = |(nth, (name, bytes)): (usize, (&str, Vec<u8>))| {
        let path = bench.path(&format!("input-{nth}.ofd"));
        fs::write(&path, &bytes)?;
        fs::File::open(&path)?.sync_all()?;
        let bytes = bytes.len() as u64;
        Ok(Input { name: format!("{name}, {} kB", bytes / 1_000), path, bytes })
    };
    named.into_iter().enumerate().map(write).collect()
}
