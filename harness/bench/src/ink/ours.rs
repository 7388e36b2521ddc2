//! What we take.

use std::io::Write as _;

use eseal_face::{Dpi, SizeMm};
use eseal_ink::{Ahead, FaceSize, Ink, LiveStroke, Pen, RenderOptions, Sample, render};
use flate2::Compression;
use flate2::write::ZlibEncoder;

use crate::error::BenchError;
use crate::measure::{Effort, Turns};

/// Steps that are timed together: one is shorter than a clock can tell.
const STEPS: usize = 8;
const REPEATS: usize = 64;

/// Microseconds that one more point takes after so many: predicted, outlined, with its dirty area.
pub(super) fn live(stroke: &[Sample], count: usize, effort: Effort) -> Result<f64, BenchError> {
    let (drawn, next) = stroke.split_at(count);
    let next = &next[..STEPS.min(next.len())];
    let mut live = LiveStroke::new(Pen::Fountain);
    // One by one, as a hand does: a batch of ten thousand would leave windows of that size.
    for sample in drawn {
        live.extend(std::slice::from_ref(sample), Ahead::Fitted);
    }
    let mut turns = Turns::default();
    for _ in 0..effort.turns(0) / 3 {
        let mut copies = vec![live.clone(); REPEATS];
        turns.time(|| {
            for copy in &mut copies {
                for sample in next {
                    std::hint::black_box(copy.extend(std::slice::from_ref(sample), Ahead::Fitted));
                }
            }
            Ok(())
        })?;
    }
    let steps = f64::from(u32::try_from(REPEATS * next.len()).unwrap_or(u32::MAX));
    Ok(turns.cpu().least * 1e3 / steps)
}

/// One signature as it leaves us.
pub(super) struct Made {
    /// From points to PNG.
    pub(super) ms: f64,
    pub(super) png: usize,
    /// The PDF form, deflated.
    pub(super) form: usize,
}

/// How large it is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Size {
    Natural,
    /// 40 × 16 mm, a seal's.
    Seal,
}

/// From points to a trimmed PNG of 600 dpi; `None` if it is refused as no signature.
pub(super) fn make(ink: &Ink, size: Size, effort: Effort) -> Result<Option<Made>, BenchError> {
    let size = match size {
        Size::Natural => FaceSize::Natural,
        Size::Seal => FaceSize::FitWithin(SizeMm::new(40.0, 16.0)?),
    };
    let options = RenderOptions { size, ..RenderOptions::default() };
    let Ok(face) = render(ink, &options) else { return Ok(None) };
    let mut turns = Turns::default();
    let mut png = 0;
    for _ in 0..effort.turns(0) / 40 {
        png = turns.time(|| Ok(render(ink, &options)?.to_png(Dpi::PRINT)?.len()))?;
    }
    let mut deflate = ZlibEncoder::new(Vec::new(), Compression::default());
    deflate.write_all(&face.to_pdf_form().content)?;
    Ok(Some(Made { ms: turns.cpu().least, png, form: deflate.finish()?.len() }))
}
