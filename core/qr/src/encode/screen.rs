//! The code that a camera can read off a screen.

use super::{Level, QrCode, encode};
use crate::QrError;
use crate::render::QUIET_ZONE_MODULES;

/// Camera pixels a module that a code on a screen must keep: at four, single frames are read in 98 of 100 cases; at
/// three, in about 75.
pub const LEAST_CAMERA_PX_PER_MODULE: f64 = 4.0;

/// Focal length in pixels of an ordinary phone's main camera at 1280 px across (66° wide).
const FOCAL_PX: f64 = 985.0;
/// A CSS pixel, mm: 1/96 inch (CSS Values and Units §6.2).
const CSS_PX_MM: f64 = 25.4 / 96.0;

/// The square on a screen that a code may fill, and how far off the camera is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Screen {
    /// Side of the square, quiet zone included, mm.
    side_mm: f64,
    /// From screen to camera, mm.
    distance_mm: f64,
}

impl Screen {
    /// A square of `side_mm`, quiet zone included, before a camera `distance_mm` away; both above 0.
    ///
    /// # Errors
    /// [`QrError::Screen`] for what is no length.
    pub fn new(side_mm: f64, distance_mm: f64) -> Result<Self, QrError> {
        let is_length = |mm: f64| mm.is_finite() && mm > 0.0;
        if is_length(side_mm) && is_length(distance_mm) {
            Ok(Self { side_mm, distance_mm })
        } else {
            Err(QrError::Screen { side_mm, distance_mm })
        }
    }

    /// A square of `side_px` CSS pixels, quiet zone included, before a camera `distance_mm` away.
    ///
    /// # Errors
    /// [`QrError::Screen`] for what is no length.
    pub fn of_css_px(side_px: u32, distance_mm: f64) -> Result<Self, QrError> {
        Self::new(f64::from(side_px) * CSS_PX_MM, distance_mm)
    }

    /// Pixels that one module takes in a frame 1280 px across.
    #[must_use]
    pub fn camera_px_per_module(&self, code: &QrCode) -> f64 {
        let modules = code.side() + 2 * QUIET_ZONE_MODULES;
        self.side_mm / f64::from(modules) * FOCAL_PX / self.distance_mm
    }

    /// The code for this screen: at level M or better where a camera can read it, else at L.
    ///
    /// # Errors
    /// [`QrError::TextEmpty`], [`QrError::TextTooLong`], and [`QrError::TooDense`] where modules would stay below
    /// [`LEAST_CAMERA_PX_PER_MODULE`]: shorten the text or enlarge the square.
    pub fn encode(&self, text: &str) -> Result<QrCode, QrError> {
        let mut densest = 0.0;
        for level in [Level::M, Level::L] {
            let code = encode(text, level)?;
            let camera_px = self.camera_px_per_module(&code);
            if camera_px >= LEAST_CAMERA_PX_PER_MODULE {
                return Ok(code);
            }
            densest = camera_px;
        }
        Err(QrError::TooDense { camera_px: densest })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_smaller_screen_takes_a_lower_level_and_then_refuses() {
        let text = "A".repeat(114);
        // 114 characters need version 4 at L and version 5 at M (ISO/IEC 18004 table 7).
        let at = |side_mm| Screen::new(side_mm, 300.0).unwrap().encode(&text);
        assert_eq!(at(56.0).unwrap().side(), 37);
        assert_eq!(at(52.0).unwrap().side(), 33);
        let error = at(40.0).unwrap_err();
        assert_eq!(error.code(), "qr.too-dense");
    }

    #[test]
    fn counts_camera_pixels_as_the_pinhole_does() {
        let code = encode("A", Level::M).unwrap();
        let screen = Screen::of_css_px(240, 300.0).unwrap();
        // 63.5 mm over 29 modules is 2.19 mm, and a millimetre at 300 mm takes 985 / 300 px.
        assert!((screen.camera_px_per_module(&code) - 63.5 / 29.0 * 985.0 / 300.0).abs() < 1e-9);
    }

    #[test]
    fn refuses_what_is_no_length() {
        for (side, distance) in [(0.0, 300.0), (60.0, 0.0), (f64::NAN, 1.0), (1.0, f64::INFINITY), (-1.0, 1.0)] {
            assert_eq!(Screen::new(side, distance).unwrap_err().code(), "qr.screen");
        }
    }
}
