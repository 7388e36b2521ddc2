//! zxing-cpp through its Python package, in one process over all frames.

use std::fs;
use std::path::Path;

use serde::Deserialize;

use super::frames::Frame;
use super::{Reader, Reading};
use crate::child;
use crate::error::BenchError;
use crate::measure::Effort;
use crate::place::Place;

pub(super) const NAME: &str = "zxing-cpp";
const SCRIPT: &str = include_str!("zxing_bench.py");
/// Where it is installed, from the checkout's root.
const PYTHON: &str = "target/tools/zxing-cpp/bin/python";
const HOW: &str = "python3 -m venv target/tools/zxing-cpp && target/tools/zxing-cpp/bin/pip install zxing-cpp numpy";

/// Turns of every reader on a frame.
pub(super) fn turns(effort: Effort) -> usize {
    if effort == Effort::Quick { 1 } else { 3 }
}

/// What the script prints.
#[derive(Debug, Deserialize)]
struct Said {
    version: String,
    /// Texts and least time of each frame.
    readings: Vec<(Vec<String>, f64)>,
    peak_kib: i64,
}

pub(super) fn read(
    place: &Place,
    folder: &Path,
    frames: &[Frame],
    effort: Effort,
) -> Result<Result<Reader, String>, BenchError> {
    let Some(python) = place.there(PYTHON) else { return Ok(Err(format!("install it: {HOW}"))) };
    let (script, list) = (folder.join("zxing_bench.py"), folder.join("frames.txt"));
    fs::write(&script, SCRIPT)?;
    let paths: Vec<String> = frames.iter().map(|frame| frame.path.to_string_lossy().into_owned()).collect();
    fs::write(&list, paths.join("\n"))?;
    let arguments = [script.to_string_lossy(), list.to_string_lossy(), turns(effort).to_string().into()];
    let arguments: Vec<&str> = arguments.iter().map(AsRef::as_ref).collect();
    let said = match child::run(place, 1, &python, &arguments, || Ok(())) {
        Ok(runs) => serde_json::from_str::<Said>(&runs.said)?,
        Err(error) => return Ok(Err(error.to_string())),
    };
    let readings = said.readings.into_iter().map(|(texts, ms)| Reading { texts, ms }).collect();
    Ok(Ok(Reader { name: format!("{NAME} {}", said.version), readings, peak_kib: Some(said.peak_kib) }))
}
