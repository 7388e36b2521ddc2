//! Frame to texts: a ladder of binarisations, the first that reads something wins.

use std::panic::{AssertUnwindSafe, catch_unwind};

use rxing::common::{GlobalHistogramBinarizer, HybridBinarizer};
use rxing::multi::MultipleBarcodeReader as _;
use rxing::qrcode::cpp_port::QrReader;
use rxing::{BarcodeFormat, Binarizer, BinaryBitmap, DecodeHints, Luma8Source, RXingResult};

use crate::frame::Plane;
use crate::{LumaFrame, QrError};

/// A code needs 21 modules and rows are searched in steps of 3: nothing can be found below this side, in pixels.
const MIN_SIDE: u32 = 21;

/// A point of a frame, in pixels from its top left.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Corner {
    /// Pixels from the left.
    pub x: f32,
    /// Pixels from the top.
    pub y: f32,
}

/// A code that was read.
#[derive(Clone, PartialEq)]
pub struct Decoded {
    /// The text, character set already resolved.
    pub text: String,
    /// The corners of the symbol in the frame, in the code's own order: top left, top right, bottom right, bottom left.
    pub corners: [Corner; 4],
}

impl std::fmt::Debug for Decoded {
    /// Without the text: a consent code is a credential while it lives.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Decoded").field("corners", &self.corners).finish_non_exhaustive()
    }
}

/// Reads the QR codes of a frame, in any rotation, mirrored too.
///
/// Takes a millisecond or two for a frame of 1280 × 720 with a clear code; a frame without one costs all stages. Larger
/// frames cost more and rarely find more: hand in 1280 × 720 or the centre of the picture.
///
/// # Errors
/// [`QrError::NotFound`] when no stage reads a code.
pub fn decode(frame: &LumaFrame<'_>) -> Result<Vec<Decoded>, QrError> {
    if frame.width().min(frame.height()) < MIN_SIDE {
        return Err(QrError::NotFound);
    }
    let plane = frame.to_plane();
    let stages: [&dyn Fn() -> Option<Vec<Decoded>>; 3] = [
        // One threshold for all: fastest, and the one that modules of any size survive.
        &|| read(&plane, GlobalHistogramBinarizer::new),
        // Local thresholds in 8-pixel blocks turn modules above about 10 px into noise: halving first brings back
        // codes that fill the frame, as they do in front of a monitor.
        &|| read(&plane.reduced(2)?, HybridBinarizer::new),
        &|| read(&plane, HybridBinarizer::new),
    ];
    stages.iter().find_map(|stage| stage()).ok_or(QrError::NotFound)
}

/// One stage: what the reader finds in this plane under this binarisation, `None` for nothing.
fn read<'p, B: Binarizer>(plane: &'p Plane<'_>, binarize: impl Fn(Luma8Source<'p>) -> B) -> Option<Vec<Decoded>> {
    let hints = DecodeHints {
        PossibleFormats: Some([BarcodeFormat::QR_CODE].into()),
        TryHarder: Some(true),
        ..DecodeHints::default()
    };
    // The reader works on hostile pictures and indexes freely: a panic in it is a picture without a code.
    let found = catch_unwind(AssertUnwindSafe(|| {
        let source = Luma8Source::new_with_slice(&plane.luma, plane.width, plane.height).ok()?;
        QrReader.decode_multiple_with_hints(&mut BinaryBitmap::new(binarize(source)), &hints).ok()
    }));
    let decoded: Vec<Decoded> =
        found.ok().flatten()?.iter().filter_map(|result| decoded(result, plane.scale)).collect();
    (!decoded.is_empty()).then_some(decoded)
}

fn decoded(result: &RXingResult, scale: u32) -> Option<Decoded> {
    let scale = f32::from(u16::try_from(scale).ok()?);
    let corner = |place: usize| {
        let point = result.getPoints().get(place)?;
        Some(Corner { x: point.x * scale, y: point.y * scale })
    };
    // The reader lists bottom left before bottom right.
    let corners = [corner(0)?, corner(1)?, corner(3)?, corner(2)?];
    let text = result.getText();
    (!text.is_empty()).then_some(Decoded { text: text.to_owned(), corners })
}
