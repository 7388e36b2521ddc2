//! QR codes (ISO/IEC 18004): camera frame to text, text to picture.
//!
//! The phone hands in the luminance plane of a camera frame ([`LumaFrame`]) and gets the texts found in it
//! ([`decode`]); the platform turns a text into a module matrix ([`encode`]) and that into SVG or PNG. What the text
//! means is not this crate's business: the consent grammar lives with the protocol.
//!
//! ```
//! use eseal_qr::{Level, LumaFrame, ModulePx, decode, encode};
//!
//! let code = encode("HTTPS://SEAL.EXAMPLE/C/1/K7Q2", Level::M)?;
//! let picture = code.to_luma(ModulePx::MIN);
//! let frame = LumaFrame::new(picture.side_px, picture.side_px, picture.side_px, &picture.luma)?;
//! assert_eq!(decode(&frame)?[0].text, "HTTPS://SEAL.EXAMPLE/C/1/K7Q2");
//! # Ok::<(), eseal_qr::QrError>(())
//! ```

mod encode;
mod error;
mod frame;
mod gate;
#[cfg(feature = "picture")]
mod picture;
mod render;
mod scan;

pub use encode::{LEAST_CAMERA_PX_PER_MODULE, Level, QrCode, Screen, encode};
pub use error::QrError;
pub use frame::{LumaFrame, MAX_FRAME_SIDE, MAX_SCAN_SIDE, Rotation};
pub use gate::{Foreign, ForeignKind, MOST_PAYLOAD_BYTES, MOST_SHOWN_CHARS, Payload, ShownText, judge};
#[cfg(feature = "picture")]
pub use picture::{MAX_PICTURE_BYTES, decode_picture};
pub use render::{LumaPicture, MIN_MODULE_PX, ModulePx, QUIET_ZONE_MODULES};
pub use scan::{Budget, Corner, Decoded, Part, Scan, Scanner, Sighting, decode, decode_within};
