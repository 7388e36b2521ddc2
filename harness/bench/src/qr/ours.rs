//! The scanner of this checkout.

use std::path::Path;

use eseal_qr::{LumaFrame, decode};

use super::frames::Frame;
use super::memory::WALK;
use super::{Reader, Reading};
use crate::child;
use crate::error::BenchError;
use crate::measure::{Effort, Turns};
use crate::place::Place;

pub(super) fn read(place: &Place, folder: &Path, frames: &[Frame], effort: Effort) -> Result<Reader, BenchError> {
    let readings = frames.iter().map(|frame| reading(frame, effort)).collect::<Result<_, _>>()?;
    let folder = folder.to_string_lossy();
    let walked = child::run(place, 1, place.program(), &[WALK, &folder], || Ok(()))?;
    let peak_kib = walked.said.parse().ok();
    Ok(Reader { name: "eseal".to_owned(), readings, peak_kib })
}

fn reading(frame: &Frame, effort: Effort) -> Result<Reading, BenchError> {
    let luma = LumaFrame::new(frame.width, frame.height, frame.width, &frame.luma);
    let luma = luma.map_err(|error| BenchError::failed("frame", error))?;
    let mut turns = Turns::default();
    let mut texts = Vec::new();
    for _ in 0..super::zxing::turns(effort) {
        let found = turns.time(|| Ok(decode(&luma).unwrap_or_default()))?;
        texts = found.into_iter().map(|decoded| decoded.text).collect();
    }
    Ok(Reading { texts, ms: turns.cpu().least })
}
