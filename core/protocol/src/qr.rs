//! The animated QR code's frames: `HTTPS://<HOST>/C/1/<intent>.<t>.<mac>`, upper case so that a code stays in alphanumeric
//! mode, at most [`FRAME_MAX`] characters.
//!
//! `t` counts whole seconds since the intent was created; `mac` is HMAC-SHA-256 over it, cut to 128 bits, under a secret that
//! never leaves platform and relying party. A frame is good for [`FRAME_WINDOW_S`] and the code for [`CODE_LIFETIME_S`].

use data_encoding::BASE32_NOPAD;
use hmac::{Hmac, KeyInit, Mac};
use rand_core::CryptoRng;
use sha2::Sha256;
use subtle::ConstantTimeEq;
use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

use crate::ids::IntentId;

/// A frame older than this is refused, in seconds.
pub const FRAME_WINDOW_S: u64 = 3;
/// A code shows frames for this long, in seconds.
pub const CODE_LIFETIME_S: u64 = 60;
/// Longest text that is looked at as a frame, in characters.
pub const FRAME_MAX: usize = 160;
const MAC_LEN: usize = 16;
const PATH: &str = "/C/1/";
const SCHEME: &str = "HTTPS://";

/// Why a scanned text is no frame of ours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum FrameError {
    /// Another host, another scheme, or no link at all: show the text, open nothing.
    #[error("the code is not from this platform")]
    NotOurs,
    /// Our host, but not a frame.
    #[error("the code is not a well-formed consent code")]
    Malformed,
}

/// The authentication code of a frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FrameMac([u8; MAC_LEN]);

/// One frame as scanned: nothing in it is believed before the platform has checked it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Frame {
    /// Which request.
    pub intent_id: IntentId,
    /// Seconds since the request was created.
    pub t: u64,
    /// Proof that the platform showed this frame.
    pub mac: FrameMac,
}

impl Frame {
    /// Reads a scanned text; `host` is the pinned one.
    ///
    /// # Errors
    /// [`FrameError::NotOurs`] for everything but a link of the pinned host, [`FrameError::Malformed`] for such a link that
    /// is no frame.
    pub fn parse(text: &str, host: &str) -> Result<Self, FrameError> {
        if text.len() > FRAME_MAX || !text.is_ascii() {
            return Err(FrameError::NotOurs);
        }
        let prefix = format!("{SCHEME}{}{PATH}", host.to_ascii_uppercase());
        let rest = match text.split_at_checked(prefix.len()) {
            Some((head, rest)) if head == prefix => rest,
            _ => return Err(FrameError::NotOurs),
        };
        let mut parts = rest.split('.');
        let (Some(id), Some(t), Some(mac), None) = (parts.next(), parts.next(), parts.next(), parts.next()) else {
            return Err(FrameError::Malformed);
        };
        let intent_id = IntentId::from_base32(id).map_err(|_| FrameError::Malformed)?;
        let plain = t.len() <= 4 && t.bytes().all(|b| b.is_ascii_digit()) && (t == "0" || !t.starts_with('0'));
        let t = if plain { t.parse().map_err(|_| FrameError::Malformed)? } else { return Err(FrameError::Malformed) };
        Ok(Self { intent_id, t, mac: FrameMac::from_text(mac)? })
    }

    /// The link that the code shows.
    #[must_use]
    pub fn to_link(&self, host: &str) -> String {
        format!(
            "{SCHEME}{}{PATH}{}.{}.{}",
            host.to_ascii_uppercase(),
            self.intent_id.to_base32(),
            self.t,
            self.mac.to_text()
        )
    }
}

impl FrameMac {
    /// Upper-case base32 without padding.
    #[must_use]
    pub fn to_text(&self) -> String {
        BASE32_NOPAD.encode(&self.0)
    }

    /// Reads [`Self::to_text`]'s form.
    ///
    /// # Errors
    /// [`FrameError::Malformed`] for any other text.
    pub fn from_text(text: &str) -> Result<Self, FrameError> {
        let bytes = BASE32_NOPAD.decode(text.as_bytes()).map_err(|_| FrameError::Malformed)?;
        bytes.try_into().map(Self).map_err(|_| FrameError::Malformed)
    }
}

/// The secret under which one request's frames are made. It stays on the server side.
#[derive(Zeroize, ZeroizeOnDrop)]
pub struct FrameSecret([u8; 32]);

impl FrameSecret {
    /// Draws a fresh secret.
    pub fn random<R: CryptoRng + ?Sized>(rng: &mut R) -> Self {
        let mut bytes = [0; 32];
        rng.fill_bytes(&mut bytes);
        Self(bytes)
    }

    /// A stored secret.
    #[must_use]
    pub const fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// The bytes to store.
    #[must_use]
    pub const fn expose(&self) -> &[u8; 32] {
        &self.0
    }

    /// The frame of second `t`.
    #[must_use]
    pub fn frame(&self, intent_id: IntentId, t: u64) -> Frame {
        Frame { intent_id, t, mac: self.mac(&intent_id, t) }
    }

    /// Whether `mac` is this secret's for that second, in constant time.
    #[must_use]
    pub fn verify(&self, intent_id: &IntentId, t: u64, mac: &FrameMac) -> bool {
        self.mac(intent_id, t).0.ct_eq(&mac.0).into()
    }

    fn mac(&self, intent_id: &IntentId, t: u64) -> FrameMac {
        let mut block = Zeroizing::new([0; 64]);
        block[..self.0.len()].copy_from_slice(&self.0);
        let mut hmac = Hmac::<Sha256>::new((&*block).into());
        hmac.update(b"eseal-qr/1\0");
        hmac.update(intent_id.as_bytes());
        hmac.update(&t.to_be_bytes());
        let mut cut = [0; MAC_LEN];
        cut.copy_from_slice(&hmac.finalize().into_bytes()[..MAC_LEN]);
        FrameMac(cut)
    }
}

/// Whether a frame of second `t` may still be opened `now_t` seconds after the request was created.
#[must_use]
pub const fn in_window(t: u64, now_t: u64) -> bool {
    t <= now_t && now_t - t <= FRAME_WINDOW_S && t < CODE_LIFETIME_S
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOST: &str = "eseal.example.gov.cn";

    fn frame() -> (FrameSecret, Frame) {
        let secret = FrameSecret::from_bytes([7; 32]);
        let frame = secret.frame(IntentId::from_bytes([3; 16]), 41);
        (secret, frame)
    }

    #[test]
    fn a_frame_fits_a_small_alphanumeric_code() {
        let link = frame().1.to_link(HOST);
        assert!(link.len() <= 90, "{} characters", link.len());
        assert!(link.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit() || b"$%*+-./: ".contains(&b)));
        assert_eq!(Frame::parse(&link, HOST).unwrap(), frame().1);
    }

    #[test]
    fn only_our_links_are_frames() {
        let link = frame().1.to_link(HOST);
        for (text, error) in [
            ("https://eseal.example.gov.cn/C/1/x", FrameError::NotOurs),
            ("HTTPS://ESEAL.EXAMPLE.GOV.CN.EVIL.EXAMPLE/C/1/A.1.B", FrameError::NotOurs),
            ("HTTPS://EVIL.EXAMPLE/C/1/A.1.B", FrameError::NotOurs),
            ("HTTP://ESEAL.EXAMPLE.GOV.CN/C/1/A.1.B", FrameError::NotOurs),
            ("HTTPS://ESEAL.EXAMPLE.GOV.CN@EVIL.EXAMPLE/C/1/A.1.B", FrameError::NotOurs),
            ("WIFI:S:x;;", FrameError::NotOurs),
            ("江西", FrameError::NotOurs),
            ("HTTPS://ESEAL.EXAMPLE.GOV.CN/C/1/A.1.B", FrameError::Malformed),
            ("HTTPS://ESEAL.EXAMPLE.GOV.CN/C/2/A.1.B", FrameError::NotOurs),
            (&link.replace(".41.", ".041."), FrameError::Malformed),
            (&link.replace(".41.", ".-1."), FrameError::Malformed),
            (&link.replace(".41.", ".99999."), FrameError::Malformed),
            (&format!("{link}.X"), FrameError::Malformed),
        ] {
            assert_eq!(Frame::parse(text, HOST).unwrap_err(), error, "{text}");
        }
    }

    #[test]
    fn a_mac_holds_for_its_second_and_request_only() {
        let (secret, frame) = frame();
        assert!(secret.verify(&frame.intent_id, 41, &frame.mac));
        assert!(!secret.verify(&frame.intent_id, 42, &frame.mac));
        assert!(!secret.verify(&IntentId::from_bytes([4; 16]), 41, &frame.mac));
        assert!(!FrameSecret::from_bytes([8; 32]).verify(&frame.intent_id, 41, &frame.mac));
    }

    #[test]
    fn the_window_has_sharp_edges() {
        assert!(in_window(10, 10) && in_window(10, 13) && !in_window(10, 14) && !in_window(11, 10));
        assert!(in_window(59, 60) && !in_window(60, 60));
    }
}
