//! The pictures of the corpus as a camera would hand them in.

use std::fs;
use std::path::{Path, PathBuf};

use image::GrayImage;
use image::imageops::{FilterType, resize};
use serde_json::Value;

use crate::error::BenchError;

/// Luminance of at most 1280 × 720, and what is known about it.
pub(crate) struct Frame {
    /// Its file in the corpus.
    pub(crate) name: String,
    pub(crate) set: String,
    pub(crate) expected: Vec<String>,
    pub(crate) is_tuned: bool,
    pub(crate) width: u32,
    pub(crate) height: u32,
    pub(crate) luma: Vec<u8>,
    /// The same pixels as a PGM file, for readers in other processes.
    pub(crate) path: PathBuf,
}

pub(crate) fn make(corpus: &Path, folder: &Path) -> Result<Vec<Frame>, BenchError> {
    fs::create_dir_all(folder)?;
    let manifest = fs::read_to_string(corpus.join("manifest.jsonl"))?;
    let entries = manifest.lines().enumerate();
    entries.map(|(place, line)| frame(corpus, &folder.join(format!("{place:03}.pgm")), line)).collect()
}

fn frame(corpus: &Path, path: &Path, line: &str) -> Result<Frame, BenchError> {
    let entry: Value = serde_json::from_str(line)?;
    let name = entry["file"].as_str().unwrap_or_default();
    let file = fs::read(corpus.join(name))?;
    let picture = image::load_from_memory(&file).map_err(|error| BenchError::failed(name, error))?;
    let fitted = fit(picture.into_luma8());
    let (width, height) = fitted.dimensions();
    let luma = fitted.into_raw();
    fs::write(path, [format!("P5 {width} {height} 255\n").as_bytes(), &luma].concat())?;
    let expected = match &entry["expected"] {
        Value::String(text) => vec![text.clone()],
        Value::Array(texts) => texts.iter().filter_map(Value::as_str).map(str::to_owned).collect(),
        _ => Vec::new(),
    };
    let set = entry["set"].as_str().unwrap_or_default().to_owned();
    let is_tuned = fnv(&file).is_multiple_of(2);
    Ok(Frame { name: name.to_owned(), set, expected, is_tuned, width, height, luma, path: path.to_owned() })
}

/// FNV-1a.
fn fnv(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xCBF2_9CE4_8422_2325, |hash, &byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01B3))
}

/// At most 1280 × 720, in the picture's own orientation.
fn fit(luma: GrayImage) -> GrayImage {
    let (long, short) = (luma.width().max(luma.height()), luma.width().min(luma.height()));
    let ratio = (1280.0 / f64::from(long)).min(720.0 / f64::from(short));
    if ratio >= 1.0 {
        return luma;
    }
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a ratio below 1 of a u32")]
    let scaled = |side: u32| (f64::from(side) * ratio).round() as u32;
    resize(&luma, scaled(luma.width()), scaled(luma.height()), FilterType::Triangle)
}
