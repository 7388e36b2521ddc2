//! Drawing a signature.

use std::sync::{Arc, Mutex, PoisonError};

use eseal_sdk::Error;
use eseal_sdk::face::{Dpi, Face, SizeMm};
use eseal_sdk::ink::{Contact, FaceSize, Ink, InkColor, InkPad, Pen, PointerId, RenderOptions, Sample, render};

use crate::error::SdkError;

/// One point of a stroke.
#[derive(Clone, Copy, Debug, uniffi::Record)]
pub struct TouchSample {
    /// To the right, mm.
    pub x_mm: f64,
    /// Downwards, mm.
    pub y_mm: f64,
    /// Time of the event (not of its handling), ms.
    pub t_ms: f64,
    /// How hard a stylus presses, 0 to 1; nothing for a finger.
    pub force: Option<f32>,
}

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

/// How a signature becomes a face.
#[derive(Clone, Copy, Debug, uniffi::Record)]
pub struct FaceStyle {
    /// The pen.
    pub pen: PenKind,
    /// The colour.
    pub tone: InkTone,
    /// Width of the box that the face is fitted into, mm.
    pub fit_width_mm: f64,
    /// Its height, mm.
    pub fit_height_mm: f64,
}

/// Collects a signature. Its state is the point log, so that rotation, resize and process death lose nothing.
#[derive(Default, uniffi::Object)]
pub struct SignaturePad(Mutex<InkPad>);

#[uniffi::export]
impl SignaturePad {
    /// An empty pad.
    #[uniffi::constructor]
    #[must_use]
    pub fn new() -> Arc<Self> {
        Arc::default()
    }

    /// A pad with recorded strokes, JSON as `eseal ink render` reads it.
    ///
    /// # Errors
    /// `ink.…`.
    #[uniffi::constructor]
    pub fn from_json(json: &str) -> Result<Arc<Self>, SdkError> {
        let ink = Ink::from_json(json).map_err(Error::from)?;
        Ok(Arc::new(Self(Mutex::new(InkPad::with_ink(ink)))))
    }

    /// The pen or finger touches.
    pub fn begin_stroke(&self) {
        // A pad without another pointer takes any that is no palm.
        let _ = self.with(|pad| pad.down(Contact::default()));
    }

    /// Points of the present stroke, oldest first, coalesced and historical ones included.
    ///
    /// # Errors
    /// `ink.…` for the first point that cannot be taken; the others are kept.
    pub fn add(&self, samples: Vec<TouchSample>) -> Result<(), SdkError> {
        let sample =
            |TouchSample { x_mm, y_mm, t_ms, force }: TouchSample| Sample { force, ..Sample::new(x_mm, y_mm, t_ms) };
        let samples: Vec<Sample> = samples.into_iter().map(sample).collect();
        let batch = self.with(|pad| pad.add(PointerId::default(), &samples));
        batch.refused.into_iter().next().map_or(Ok(()), |refused| Err(Error::from(refused.why).into()))
    }

    /// The pen or finger lifts.
    pub fn end_stroke(&self) {
        self.with(|pad| pad.up(PointerId::default()));
    }

    /// Takes the last stroke back.
    pub fn undo(&self) {
        self.with(InkPad::undo);
    }

    /// Takes everything back.
    pub fn clear(&self) {
        self.with(InkPad::clear);
    }

    /// The signature as a seal face.
    ///
    /// # Errors
    /// `ink.empty`, `ink.only-dots` and the other reasons why strokes are no signature; `face.…` for a size that cannot be.
    pub fn face(&self, style: FaceStyle) -> Result<Arc<SealFace>, SdkError> {
        let size = SizeMm::new(style.fit_width_mm, style.fit_height_mm).map_err(Error::from)?;
        let options = RenderOptions {
            pen: style.pen.into(),
            color: style.tone.into(),
            size: FaceSize::FitWithin(size),
            ..RenderOptions::default()
        };
        let face = self.with(|pad| render(pad.ink(), &options)).map_err(Error::from)?;
        Ok(Arc::new(SealFace(face)))
    }
}

impl SignaturePad {
    fn with<T>(&self, act: impl FnOnce(&mut InkPad) -> T) -> T {
        act(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// A seal's picture.
#[derive(uniffi::Object)]
pub struct SealFace(Face);

impl SealFace {
    pub(crate) const fn face(&self) -> &Face {
        &self.0
    }
}

#[uniffi::export]
impl SealFace {
    /// A face in the SVG subset that this library writes.
    ///
    /// # Errors
    /// `face.…`.
    #[uniffi::constructor]
    pub fn from_svg(svg: &str) -> Result<Arc<Self>, SdkError> {
        Ok(Arc::new(Self(Face::from_svg(svg).map_err(Error::from)?)))
    }

    /// As SVG, sizes in mm.
    #[must_use]
    pub fn svg(&self) -> String {
        self.0.to_svg()
    }

    /// As PNG with transparency, 72 to 1200 dpi.
    ///
    /// # Errors
    /// `face.…`.
    pub fn png(&self, dpi: u32) -> Result<Vec<u8>, SdkError> {
        let dpi = Dpi::new(dpi).map_err(Error::from)?;
        Ok(self.0.to_png(dpi).map_err(Error::from)?)
    }

    /// Width, mm.
    #[must_use]
    pub fn width_mm(&self) -> f64 {
        self.0.size().width()
    }

    /// Height, mm.
    #[must_use]
    pub fn height_mm(&self) -> f64 {
        self.0.size().height()
    }
}
