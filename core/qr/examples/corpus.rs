//! How many pictures of a corpus are read: `cargo run -p eseal-qr --features picture --example corpus -- DIR`.
//!
//! `DIR` holds `manifest.jsonl`, one object a line with `file`, `set` and, where upstream gives it, `expected`; sets whose name
//! starts with `falsepositives` hold no code. Pictures are read as they are and fitted into 1280 × 720 (never enlarged), as
//! a camera would hand them in. The rate is the result; there is no pass mark.
#![expect(clippy::print_stdout, reason = "the table is the purpose")]

use std::collections::BTreeMap;
use std::error::Error;
use std::path::Path;
use std::time::{Duration, Instant};

use eseal_qr::{LumaFrame, decode, decode_picture};
use image::GrayImage;
use image::imageops::{FilterType, resize};
use serde_json::Value;

#[derive(Default)]
struct Count {
    pictures: usize,
    unreadable: usize,
    fitted: usize,
    exact: usize,
    labelled: usize,
    as_stored: usize,
    times: Vec<Duration>,
}

fn main() -> Result<(), Box<dyn Error>> {
    let dir = std::env::args().nth(1).ok_or("which folder?")?;
    let dir = Path::new(&dir);
    let mut counts: BTreeMap<String, Count> = BTreeMap::new();
    for line in std::fs::read_to_string(dir.join("manifest.jsonl"))?.lines() {
        let entry: Value = serde_json::from_str(line)?;
        let file = std::fs::read(dir.join(entry["file"].as_str().ok_or("entry without file")?))?;
        let count = counts.entry(entry["set"].as_str().unwrap_or("?").to_owned()).or_default();
        measure(&file, entry["expected"].as_str(), count)?;
    }
    println!("set                pictures  unreadable  1280x720  exact/labelled  as stored  median ms  max ms");
    for (set, mut count) in counts {
        count.times.sort();
        let ms = |place: usize| count.times.get(place).map_or(0.0, |time| time.as_secs_f64() * 1e3);
        println!(
            "{set:18} {:8} {:11} {:9} {:7}/{:<8} {:9} {:10.1} {:7.1}",
            count.pictures,
            count.unreadable,
            count.fitted,
            count.exact,
            count.labelled,
            count.as_stored,
            ms(count.times.len() / 2),
            ms(count.times.len().saturating_sub(1)),
        );
    }
    Ok(())
}

fn measure(file: &[u8], expected: Option<&str>, count: &mut Count) -> Result<(), Box<dyn Error>> {
    let Ok(picture) = image::load_from_memory(file) else {
        count.unreadable += 1;
        return Ok(());
    };
    let luma = fit(picture.into_luma8());
    let frame = LumaFrame::new(luma.width(), luma.height(), luma.width(), luma.as_raw())?;
    let start = Instant::now();
    let found = decode(&frame).unwrap_or_default();
    count.times.push(start.elapsed());
    count.pictures += 1;
    count.labelled += usize::from(expected.is_some());
    count.fitted += usize::from(!found.is_empty());
    count.exact += usize::from(expected.is_some_and(|text| found.iter().any(|decoded| decoded.text == text)));
    count.as_stored += usize::from(decode_picture(file).is_ok());
    Ok(())
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
