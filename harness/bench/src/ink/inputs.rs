//! What is drawn.

use std::fs;

use eseal_ink::{Ink, Sample};

use crate::error::BenchError;
use crate::place::Place;

/// The recorded pens and the synthetic names, a record in each line.
const CORPUS: [&str; 2] =
    ["../shared/corpus/ink/unipen_words.jsonl", "../shared/corpus/ink/synthetic_hanzi_signatures.jsonl"];
const FIXTURE: &str = "tests/fixtures/ink/zhou-zihan.json";
/// Points of a long stroke come so often.
const HERTZ: f64 = 240.0;

/// The signatures of the corpus; without it, the one of the repository.
pub(super) fn signatures(place: &Place) -> Result<Vec<Ink>, BenchError> {
    let mut files: Vec<_> = CORPUS.iter().filter_map(|file| place.there(file)).collect();
    if files.is_empty() {
        files.extend(place.there(FIXTURE));
    }
    let mut inks = Vec::new();
    for file in files {
        let text = fs::read_to_string(file)?;
        // The fixture is one record in several lines.
        let records = if text.starts_with("{\"id\"") { text.lines().collect() } else { vec![text.as_str()] };
        for record in records.into_iter().filter(|record| !record.trim().is_empty()) {
            inks.push(Ink::from_json(record)?);
        }
    }
    Ok(inks)
}

/// Loops that a hand writes at 57 mm a second and never ends.
pub(super) fn long_stroke(count: u32) -> Vec<Sample> {
    let sample = |nth| {
        let t_ms = f64::from(nth) * 1e3 / HERTZ;
        let (sin, cos) = (t_ms * 0.019).sin_cos();
        Sample::new(0.01 * t_ms + 3.0 * cos, 20.0 + 3.0 * sin, t_ms)
    };
    (0..count).map(sample).collect()
}
