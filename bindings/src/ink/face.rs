//! A seal's picture.

use std::sync::Arc;

use eseal_sdk::Error;
use eseal_sdk::face::{Dpi, Face};

use crate::error::SdkError;

/// A seal's picture.
#[derive(uniffi::Object)]
pub struct SealFace(pub(super) Face);

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
