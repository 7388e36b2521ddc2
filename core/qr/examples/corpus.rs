//! How many pictures of a corpus are read: `cargo run -p eseal-qr --features picture --example corpus -- DIR [--list]`.
//!
//! `DIR` holds `manifest.jsonl`, one object a line with `file`, `set` and, where upstream gives it, `expected`; sets whose name
//! starts with `falsepositives` hold no code. Pictures are fitted into 1280 × 720 (never enlarged), as a camera would hand
//! them in. Half of them, by a hash of the file, are the ones to look at while tuning; the other half says whether that
//! helped in general. The rate is the result; there is no pass mark. `--list` names what was not read, `--list=tune` of
//! the first half only.
#![expect(clippy::print_stdout, reason = "the table is the purpose")]

use std::collections::BTreeMap;
use std::error::Error;
use std::path::Path;
use std::time::Duration;

use eseal_qr::{LumaFrame, decode};
use image::GrayImage;
use image::imageops::{FilterType, resize};
use nix::time::{ClockId, clock_gettime};
use serde_json::Value;

#[derive(Default)]
struct Count {
    pictures: usize,
    read: usize,
    exact: usize,
    labelled: usize,
    times: Vec<Duration>,
}

fn main() -> Result<(), Box<dyn Error>> {
    let dir = std::env::args().nth(1).ok_or("which folder?")?;
    let list = std::env::args().nth(2).unwrap_or_default();
    let dir = Path::new(&dir);
    let mut counts: BTreeMap<(String, &str), Count> = BTreeMap::new();
    for line in std::fs::read_to_string(dir.join("manifest.jsonl"))?.lines() {
        let entry: Value = serde_json::from_str(line)?;
        let name = entry["file"].as_str().ok_or("entry without file")?;
        let file = std::fs::read(dir.join(name))?;
        let half = if fnv(&file).is_multiple_of(2) { "tune" } else { "hold" };
        let set = entry["set"].as_str().unwrap_or("?").to_owned();
        let expected: Vec<&str> = match &entry["expected"] {
            Value::String(text) => vec![text],
            Value::Array(texts) => texts.iter().filter_map(Value::as_str).collect(),
            _ => Vec::new(),
        };
        let luma = fit(image::load_from_memory(&file)?.into_luma8());
        let frame = LumaFrame::new(luma.width(), luma.height(), luma.width(), luma.as_raw())?;
        let start = cpu_time()?;
        let found = decode(&frame).unwrap_or_default();
        let time = cpu_time()?.saturating_sub(start);
        let is_exact = expected.iter().any(|text| found.iter().any(|decoded| decoded.text == *text));
        if list == "--list" || list == format!("--list={half}") {
            let is_false = set.starts_with("falsepositives");
            if found.is_empty() != is_false || (!expected.is_empty() && !is_exact) {
                let texts: Vec<&str> = found.iter().map(|decoded| decoded.text.as_str()).collect();
                println!("{half} {name} {texts:?} {expected:?} {:.1} ms", time.as_secs_f64() * 1e3);
            }
        }
        for key in [(set.clone(), half), (set, "all"), ("~all".to_owned(), "all")] {
            let count = counts.entry(key).or_default();
            count.pictures += 1;
            count.read += usize::from(!found.is_empty());
            count.labelled += usize::from(!expected.is_empty());
            count.exact += usize::from(is_exact);
            count.times.push(time);
        }
    }
    println!("set                half  pictures   read  exact/labelled  median ms   95 %    max");
    for ((set, half), mut count) in counts {
        count.times.sort();
        let ms = |part: usize| {
            let place = (count.times.len() * part / 100).min(count.times.len() - 1);
            count.times[place].as_secs_f64() * 1e3
        };
        println!(
            "{set:18} {half:5} {:8} {:6} {:7}/{:<8} {:8.2} {:6.1} {:6.1}",
            count.pictures,
            count.read,
            count.exact,
            count.labelled,
            ms(50),
            ms(95),
            ms(100)
        );
    }
    Ok(())
}

/// Time of the processor: the machine does other things too.
fn cpu_time() -> Result<Duration, Box<dyn Error>> {
    Ok(clock_gettime(ClockId::CLOCK_PROCESS_CPUTIME_ID)?.into())
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
