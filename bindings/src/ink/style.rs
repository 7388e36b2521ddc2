//! Pens, colours, and how large a face becomes.

use eseal_sdk::Error;
use eseal_sdk::face::SizeMm;
use eseal_sdk::ink::{InkColor, Pen};

use crate::error::SdkError;

/// The pen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, uniffi::Enum)]
pub enum PenKind {
    /// A fountain pen (钢笔).
    Fountain,
    /// A writing brush (毛笔).
    Brush,
    /// A felt pen.
    Marker,
}

impl From<PenKind> for Pen {
    fn from(pen: PenKind) -> Self {
        match pen {
            PenKind::Fountain => Self::Fountain,
            PenKind::Brush => Self::Brush,
            PenKind::Marker => Self::Marker,
        }
    }
}

/// The ink's colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq, uniffi::Enum)]
pub enum InkTone {
    /// Black.
    Black,
    /// The blue of document-proof ink.
    Blue,
    /// The red of seal paste (印泥).
    Red,
}

impl From<InkTone> for InkColor {
    fn from(tone: InkTone) -> Self {
        match tone {
            InkTone::Black => Self::Black,
            InkTone::Blue => Self::Blue,
            InkTone::Red => Self::Red,
        }
    }
}

/// The colour on screen and paper, 0xRRGGBB: what a pad paints with, so that the face looks like the pad.
#[uniffi::export]
#[must_use]
pub fn ink_rgb(tone: InkTone) -> u32 {
    let color = InkColor::from(tone).color();
    u32::from_be_bytes([0, color.red, color.green, color.blue])
}

/// The box that a face is fitted into. The face is trimmed: one of its sides may be shorter.
#[derive(Clone, Copy, Debug, uniffi::Record)]
pub struct FaceBox {
    /// Width, mm.
    pub width_mm: f64,
    /// Height, mm.
    pub height_mm: f64,
    /// Empty space around the ink, inside the box, mm.
    pub margin_mm: f64,
}

impl FaceBox {
    pub(super) fn size(&self) -> Result<SizeMm, SdkError> {
        Ok(SizeMm::new(self.width_mm, self.height_mm).map_err(Error::from)?)
    }
}
