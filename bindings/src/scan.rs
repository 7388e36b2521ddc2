//! Reading codes from camera frames.

use eseal_sdk::Error;
use eseal_sdk::qr::{LumaFrame, decode};

use crate::error::SdkError;

/// A code that was read.
#[derive(Clone, Debug, uniffi::Record)]
pub struct ScannedCode {
    /// Its text. Hand it to `openConsent`; never open it as a link.
    pub text: String,
    /// Its corners in the frame, px: top left, top right, bottom right, bottom left of the code.
    pub corners: Vec<FramePoint>,
}

/// A point of a frame.
#[derive(Clone, Copy, Debug, PartialEq, uniffi::Record)]
pub struct FramePoint {
    /// From the left, px.
    pub x: f32,
    /// From the top, px.
    pub y: f32,
}

/// The codes in the luminance plane of a camera frame; `stride` is the distance of two rows in bytes. Blocks: call it off the
/// main thread.
///
/// # Errors
/// `qr.not-found`, `qr.frame-layout`.
#[uniffi::export]
pub fn scan_frame(width: u32, height: u32, stride: u32, luma: &[u8]) -> Result<Vec<ScannedCode>, SdkError> {
    let frame = LumaFrame::new(width, height, stride, luma).map_err(Error::from)?;
    let codes = decode(&frame).map_err(Error::from)?;
    let scanned = codes.into_iter().map(|code| ScannedCode {
        text: code.text,
        corners: code.corners.iter().map(|corner| FramePoint { x: corner.x, y: corner.y }).collect(),
    });
    Ok(scanned.collect())
}
