//! The pad, drawn on live.

use std::sync::{Arc, Mutex, PoisonError};

use eseal_sdk::Error;
use eseal_sdk::ink::{
    Ahead, Contact, FaceSize, Ink, InkError, InkPad, LivePad, LiveReplay, PointerId, RenderOptions, Repaint, Sample,
    Tilt, Tool, render,
};

use super::check::{InkReport, NameDirection, SignatureContext};
use super::face::SealFace;
use super::paint::PadPaint;
use super::style::{FaceBox, InkTone, PenKind};
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
    /// How a stylus leans.
    pub tilt: Option<TouchTilt>,
}

/// How a stylus leans.
#[derive(Clone, Copy, Debug, uniffi::Record)]
pub struct TouchTilt {
    /// From the pad's plane, degrees: 90 stands upright.
    pub altitude_deg: f32,
    /// Where its upper end points, degrees: 0 is right, 90 down.
    pub azimuth_deg: f32,
}

impl From<TouchSample> for Sample {
    fn from(sample: TouchSample) -> Self {
        let tilt = |TouchTilt { altitude_deg, azimuth_deg }| Tilt { altitude_deg, azimuth_deg };
        Self { force: sample.force, tilt: sample.tilt.map(tilt), ..Self::new(sample.x_mm, sample.y_mm, sample.t_ms) }
    }
}

/// What touches the pad.
#[derive(Clone, Copy, Debug, PartialEq, Eq, uniffi::Enum)]
pub enum TouchTool {
    /// A finger, or a pen that the screen takes for one.
    Finger,
    /// A pen that the digitiser knows as one.
    Stylus,
    /// A mouse or touchpad.
    Mouse,
}

impl From<TouchTool> for Tool {
    fn from(tool: TouchTool) -> Self {
        match tool {
            TouchTool::Finger => Self::Finger,
            TouchTool::Stylus => Self::Pen,
            TouchTool::Mouse => Self::Mouse,
        }
    }
}

/// A pointer that touches the pad.
#[derive(Clone, Copy, Debug, uniffi::Record)]
pub struct TouchContact {
    /// The platform's number for it, as long as it touches.
    pub pointer: u64,
    /// What it is.
    pub tool: TouchTool,
    /// How large the contact is across its longer axis, mm, where the platform tells: palms are large.
    pub contact_mm: Option<f64>,
    /// Time of the event, ms; without it, fingers are not held off after a stylus.
    pub t_ms: Option<f64>,
}

/// What to show beyond the last point.
#[derive(Clone, Debug, uniffi::Enum)]
pub enum LookAhead {
    /// Nothing.
    Nothing,
    /// Where the last points lead to.
    Fitted,
    /// Points that the system predicts, in the order of time.
    Reported {
        /// Those.
        samples: Vec<TouchSample>,
    },
}

/// Collects a signature and says after each event what to paint, at a cost that does not grow with what was drawn. Its
/// state is the point log, so that rotation, resize and process death lose nothing. Safe from any thread.
#[derive(uniffi::Object)]
pub struct SignaturePad(Mutex<LivePad>);

#[uniffi::export]
impl SignaturePad {
    /// An empty pad.
    #[uniffi::constructor]
    #[must_use]
    pub fn new(pen: PenKind) -> Arc<Self> {
        Self::of(InkPad::new(), pen)
    }

    /// The pad that was saved, to go on with, also in the middle of a stroke.
    ///
    /// # Errors
    /// `ink.bytes` and the like.
    #[uniffi::constructor]
    pub fn restored(saved: &[u8], pen: PenKind) -> Result<Arc<Self>, SdkError> {
        Ok(Self::of(InkPad::from_bytes(saved).map_err(Error::from)?, pen))
    }

    /// A pad with the strokes of a compact log.
    ///
    /// # Errors
    /// `ink.bytes` and the like.
    #[uniffi::constructor]
    pub fn from_log(log: &[u8], pen: PenKind) -> Result<Arc<Self>, SdkError> {
        Self::holding(Ink::from_bytes(log), pen)
    }

    /// A pad with recorded strokes, JSON as `eseal ink render` reads it.
    ///
    /// # Errors
    /// `ink.json` and the like.
    #[uniffi::constructor]
    pub fn from_json(json: &str, pen: PenKind) -> Result<Arc<Self>, SdkError> {
        Self::holding(Ink::from_json(json), pen)
    }

    /// A pad with recorded strokes, W3C `InkML`.
    ///
    /// # Errors
    /// `ink.inkml` and the like.
    #[uniffi::constructor]
    pub fn from_ink_ml(xml: &str, pen: PenKind) -> Result<Arc<Self>, SdkError> {
        Self::holding(Ink::from_inkml(xml), pen)
    }

    /// A finger, stylus or mouse touches.
    pub fn down(&self, contact: TouchContact) -> PadPaint {
        let TouchContact { pointer, tool, contact_mm, t_ms } = contact;
        self.paint(|pad| pad.down(Contact { pointer: PointerId(pointer), tool: tool.into(), contact_mm, t_ms }))
    }

    /// Points of a pointer, oldest first, coalesced and historical ones included.
    pub fn add(&self, pointer: u64, samples: Vec<TouchSample>, ahead: LookAhead) -> PadPaint {
        let log = |samples: Vec<TouchSample>| samples.into_iter().map(Sample::from).collect::<Vec<_>>();
        let predicted;
        let ahead = match ahead {
            LookAhead::Nothing => Ahead::Nothing,
            LookAhead::Fitted => Ahead::Fitted,
            LookAhead::Reported { samples } => {
                predicted = log(samples);
                Ahead::Reported(&predicted)
            }
        };
        self.paint(|pad| pad.add(PointerId(pointer), &log(samples), ahead))
    }

    /// The contact of a pointer is of this size now, mm across: fingers roll into palms.
    pub fn contact_changed(&self, pointer: u64, contact_mm: f64) -> PadPaint {
        self.paint(|pad| pad.contact_changed(PointerId(pointer), contact_mm))
    }

    /// The pointer lifts; its stroke stays.
    pub fn up(&self, pointer: u64) -> PadPaint {
        self.paint(|pad| pad.up(PointerId(pointer)))
    }

    /// The platform takes the touch back; its stroke goes.
    pub fn cancel(&self, pointer: u64) -> PadPaint {
        self.paint(|pad| pad.cancel(PointerId(pointer)))
    }

    /// Takes the last stroke back, or the last clearing if nothing has been drawn since.
    pub fn undo(&self) -> PadPaint {
        self.paint(LivePad::undo)
    }

    /// Does again what was taken back last.
    pub fn redo(&self) -> PadPaint {
        self.paint(LivePad::redo)
    }

    /// Takes everything away.
    pub fn clear(&self) -> PadPaint {
        self.paint(LivePad::clear)
    }

    /// Shows all strokes with another pen.
    pub fn use_pen(&self, pen: PenKind) -> PadPaint {
        self.paint(|pad| pad.use_pen(pen.into()))
    }

    /// Everything drawn so far, for a surface that shows nothing yet.
    pub fn repaint(&self) -> PadPaint {
        self.paint(LivePad::repaint)
    }

    /// Whether there is anything to undo.
    pub fn can_undo(&self) -> bool {
        self.with(|pad| pad.pad().can_undo())
    }

    /// Whether there is anything to redo.
    pub fn can_redo(&self) -> bool {
        self.with(|pad| pad.pad().can_redo())
    }

    /// All of the pad's state but the pen. Biometric data: keep it on the phone.
    pub fn save(&self) -> Vec<u8> {
        self.with(|pad| pad.pad().to_bytes())
    }

    /// The strokes as a compact log, about 2.5 bytes a point. Biometric data.
    pub fn log(&self) -> Vec<u8> {
        self.with(|pad| pad.pad().ink().to_bytes())
    }

    /// The strokes as W3C `InkML`. Biometric data.
    pub fn ink_ml(&self) -> String {
        self.with(|pad| pad.pad().ink().to_inkml())
    }

    /// Judges what is drawn by every rule that the context allows.
    ///
    /// # Errors
    /// `ink.bytes` for an earlier digest that is none.
    pub fn judge(&self, context: &SignatureContext) -> Result<InkReport, SdkError> {
        self.with(|pad| context.judge(pad.pad().ink()))
    }

    /// A digest by which a replay of these strokes is known; it tells nothing about their shape.
    pub fn digest(&self) -> Vec<u8> {
        self.with(|pad| pad.pad().ink().digest().to_bytes())
    }

    /// What is drawn now, to be played again.
    pub fn replay(&self) -> Arc<InkReplay> {
        Arc::new(InkReplay(Mutex::new(self.with(|pad| pad.replay()))))
    }

    /// The signature as a seal face, drawn with the pad's pen.
    ///
    /// # Errors
    /// `ink.empty`, `ink.only-dots` and the other reasons why strokes are no signature; `face.…` for a size that cannot be.
    pub fn face(&self, tone: InkTone, within: FaceBox) -> Result<Arc<SealFace>, SdkError> {
        let (ink, pen) = self.with(|pad| (pad.pad().ink().clone(), pad.pen()));
        let options = RenderOptions {
            pen,
            color: tone.into(),
            size: FaceSize::FitWithin(within.size()?),
            margin_mm: within.margin_mm,
        };
        Ok(Arc::new(SealFace(render(&ink, &options).map_err(Error::from)?)))
    }
}

/// A pad with the name that these characters make, each drawn on a pad of its own, in a row or a column: sizes and centres
/// balanced.
///
/// # Errors
/// `ink.empty` if one has no stroke; `ink.too-many-points` and the like.
#[uniffi::export]
pub fn compose_name(
    characters: Vec<Arc<SignaturePad>>,
    direction: NameDirection,
    pen: PenKind,
) -> Result<Arc<SignaturePad>, SdkError> {
    let inks: Vec<Ink> = characters.into_iter().map(|pad| pad.with(|pad| pad.pad().ink().clone())).collect();
    SignaturePad::holding(Ink::composed(&inks, direction.into()), pen)
}

impl SignaturePad {
    fn of(pad: InkPad, pen: PenKind) -> Arc<Self> {
        Arc::new(Self(Mutex::new(LivePad::new(pad, pen.into()))))
    }

    fn holding(ink: Result<Ink, InkError>, pen: PenKind) -> Result<Arc<Self>, SdkError> {
        Ok(Self::of(InkPad::with_ink(ink.map_err(Error::from)?), pen))
    }

    fn paint(&self, act: impl FnOnce(&mut LivePad) -> Repaint) -> PadPaint {
        self.with(act).into()
    }

    fn with<T>(&self, act: impl FnOnce(&mut LivePad) -> T) -> T {
        act(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// Strokes drawn again at the speed they were drawn with. There is no clock inside: the caller says how much time has
/// passed. The surface is wiped before the first answer.
#[derive(uniffi::Object)]
pub struct InkReplay(Mutex<LiveReplay>);

#[uniffi::export]
impl InkReplay {
    /// From first to last point, ms.
    pub fn duration_ms(&self) -> f64 {
        self.with(|replay| replay.duration_ms())
    }

    /// When there is something to paint again, ms from the beginning; nothing if it is over.
    pub fn next_ms(&self) -> Option<f64> {
        self.with(|replay| replay.next_ms())
    }

    /// What to paint for the time until `elapsed_ms` from the beginning.
    pub fn up_to(&self, elapsed_ms: f64) -> PadPaint {
        self.with(|replay| replay.up_to(elapsed_ms)).into()
    }
}

impl InkReplay {
    fn with<T>(&self, act: impl FnOnce(&mut LiveReplay) -> T) -> T {
        act(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}
