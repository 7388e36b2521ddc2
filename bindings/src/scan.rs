//! Reading codes from camera frames.

use std::sync::{Arc, Mutex, PoisonError};

use eseal_sdk::Error;
use eseal_sdk::qr::{Budget, Corner, Decoded, Foreign, ForeignKind, LumaFrame, Payload, Rotation, Scanner, decode};

use crate::error::SdkError;

/// A code that was read.
#[derive(Clone, Debug, uniffi::Record)]
pub struct ScannedCode {
    /// Its text. Hand it to `judgeScanned` and `openConsent`; never open it as a link.
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

impl From<Decoded> for ScannedCode {
    fn from(code: Decoded) -> Self {
        Self { text: code.text, corners: code.corners.map(FramePoint::from).to_vec() }
    }
}

impl From<Corner> for FramePoint {
    fn from(Corner { x, y }: Corner) -> Self {
        Self { x, y }
    }
}

/// A code that is there and was not read: too far, too blurred, or it takes a few frames more.
#[derive(Clone, Debug, uniffi::Record)]
pub struct SeenCode {
    /// Its corners in the frame, px, as well as they are known; in the order of [`ScannedCode::corners`].
    pub corners: Vec<FramePoint>,
    /// Camera pixels along one module. Below three, zooming in helps.
    pub module_px: f32,
}

/// What a frame gave.
#[derive(Clone, Debug, uniffi::Record)]
pub struct FrameScan {
    /// Codes that were read.
    pub read: Vec<ScannedCode>,
    /// Codes that were only seen; empty when something was read.
    pub seen: Vec<SeenCode>,
}

/// How far clockwise a frame has to be turned to be upright. Codes are read in any rotation; this says how their corners
/// are counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, uniffi::Enum)]
pub enum FrameRotation {
    /// Not at all.
    Upright,
    /// By 90°.
    Quarter,
    /// By 180°.
    Half,
    /// By 270°.
    ThreeQuarters,
}

impl From<FrameRotation> for Rotation {
    fn from(rotation: FrameRotation) -> Self {
        match rotation {
            FrameRotation::Upright => Self::Upright,
            FrameRotation::Quarter => Self::Quarter,
            FrameRotation::Half => Self::Half,
            FrameRotation::ThreeQuarters => Self::ThreeQuarters,
        }
    }
}

/// How a frame lies in memory and on the screen.
#[derive(Clone, Copy, Debug, uniffi::Record)]
pub struct FrameLayout {
    /// Pixels in a row.
    pub width: u32,
    /// Rows.
    pub height: u32,
    /// Distance of two rows, bytes.
    pub stride: u32,
    /// How it has to be turned to be upright.
    pub rotation: FrameRotation,
    /// The only part to look at; nothing for all of it.
    pub region: Option<FrameRegion>,
}

/// A part of a frame, px.
#[derive(Clone, Copy, Debug, uniffi::Record)]
pub struct FrameRegion {
    /// From the left.
    pub left: u32,
    /// From the top.
    pub top: u32,
    /// Pixels in a row of it.
    pub width: u32,
    /// Its rows.
    pub height: u32,
}

/// Reads codes from the frames of one camera, one after the other: frames that do not suffice alone add up, and the work
/// for each is bounded (some 15 ms of a desktop's core). One for each time the camera is opened.
#[derive(Default, uniffi::Object)]
pub struct CodeScanner(Mutex<Scanner>);

#[uniffi::export]
impl CodeScanner {
    /// A scanner that has seen nothing.
    #[uniffi::constructor]
    #[must_use]
    pub fn new() -> Arc<Self> {
        Arc::default()
    }

    /// Looks at the next frame's luminance plane. Blocks: call it on the camera's thread.
    ///
    /// # Errors
    /// `qr.frame-layout`, `qr.too-large`.
    pub fn scan(&self, layout: FrameLayout, luma: &[u8]) -> Result<FrameScan, SdkError> {
        let frame = LumaFrame::new(layout.width, layout.height, layout.stride, luma).map_err(Error::from)?;
        let frame = match layout.region {
            Some(part) => frame.region(part.left, part.top, part.width, part.height).map_err(Error::from)?,
            None => frame,
        };
        let mut scanner = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let scan = scanner.scan(&frame.rotated(layout.rotation.into()), &mut Budget::units(Budget::FRAME));
        let seen = scan
            .seen
            .into_iter()
            .map(|code| SeenCode { corners: code.corners.map(FramePoint::from).to_vec(), module_px: code.module_px });
        Ok(FrameScan { read: scan.read.into_iter().map(ScannedCode::from).collect(), seen: seen.collect() })
    }
}

/// What a scanned text is.
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Enum)]
pub enum ScannedText {
    /// A code of the platform's: hand it to `openConsent`.
    Ours,
    /// Somebody else's: show it as plain text, never open it, never make a link of it.
    NotOurs {
        /// What it pretends to be.
        kind: ForeignCode,
        /// The text, made safe to look at: one line, nothing hidden, at most 256 characters.
        shown: String,
    },
}

/// What a code that is not the platform's pretends to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, uniffi::Enum)]
pub enum ForeignCode {
    /// A link made to be taken for the platform's: warn.
    LookAlike,
    /// A link to somewhere else.
    Link,
    /// Anything else.
    Text,
}

impl<T> From<Payload<T>> for ScannedText {
    fn from(payload: Payload<T>) -> Self {
        match payload {
            Payload::Ours(_) => Self::Ours,
            Payload::NotOurs(Foreign { kind, shown }) => {
                let kind = match kind {
                    ForeignKind::LookAlike => ForeignCode::LookAlike,
                    ForeignKind::Link => ForeignCode::Link,
                    ForeignKind::Text => ForeignCode::Text,
                };
                Self::NotOurs { kind, shown: shown.to_string() }
            }
        }
    }
}

/// The codes in the luminance plane of a picture from the gallery, with all that there is; `stride` is the distance of two
/// rows in bytes. For the frames of a camera there is [`CodeScanner`]. Blocks: call it off the main thread.
///
/// # Errors
/// `qr.not-found`, `qr.frame-layout`, `qr.too-large`.
#[uniffi::export]
pub fn scan_frame(width: u32, height: u32, stride: u32, luma: &[u8]) -> Result<Vec<ScannedCode>, SdkError> {
    let frame = LumaFrame::new(width, height, stride, luma).map_err(Error::from)?;
    let codes = decode(&frame).map_err(Error::from)?;
    Ok(codes.into_iter().map(ScannedCode::from).collect())
}
