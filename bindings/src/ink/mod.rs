//! Drawing a signature, or taking it from paper.

mod check;
mod face;
mod pad;
mod paint;
mod photo;
mod style;

pub use check::{InkFinding, InkReport, InkVerdict, NameDirection, SignatureContext};
pub use face::SealFace;
pub use pad::{InkReplay, LookAhead, SignaturePad, TouchContact, TouchSample, TouchTilt, TouchTool, compose_name};
pub use paint::{InkPath, PadArea, PadPaint, RefusedTouch};
pub use photo::{PaperPhoto, PhotoLayout, PhotoPoint, PhotoRect, PixelFormat};
pub use style::{FaceBox, InkTone, PenKind, ink_rgb};
