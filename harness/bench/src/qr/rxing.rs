//! rxing: the Rust port of `ZXing`, over a pyramid of sizes with closing, its best way.

use std::panic::{AssertUnwindSafe, catch_unwind};

use rxing::BarcodeFormat;
use rxing::DecodeHints;
use rxing::helpers::detect_in_luma_filtered_with_hints;

use super::frames::Frame;
use super::{Reader, Reading};
use crate::error::BenchError;
use crate::measure::{Effort, Turns};

pub(super) fn read(frames: &[Frame], effort: Effort) -> Result<Reader, BenchError> {
    let readings = frames.iter().map(|frame| reading(frame, effort)).collect::<Result<_, _>>()?;
    Ok(Reader { name: "rxing 0.9 (filtered)".to_owned(), readings, peak_kib: None })
}

fn reading(frame: &Frame, effort: Effort) -> Result<Reading, BenchError> {
    let mut turns = Turns::default();
    let mut texts = Vec::new();
    for _ in 0..super::zxing::turns(effort) {
        let mut hints = DecodeHints { TryHarder: Some(true), ..DecodeHints::default() };
        let luma = frame.luma.clone();
        let found = turns.time(|| {
            let (width, height) = (frame.width, frame.height);
            let read =
                || detect_in_luma_filtered_with_hints(luma, width, height, Some(BarcodeFormat::QR_CODE), &mut hints);
            Ok(catch_unwind(AssertUnwindSafe(read)))
        })?;
        texts = found.ok().and_then(Result::ok).map(|result| result.getText().to_owned()).into_iter().collect();
    }
    Ok(Reading { texts, ms: turns.cpu().least })
}
