//! A photograph of a signature on paper.

use std::sync::Arc;

use eseal_sdk::Error;
use eseal_sdk::ink::photo::{
    Crop, Layout, PaperInk, PhotoColor, PhotoOptions, Picture, PixelPoint, PixelRect, Pixels, Quad, extract, sheet,
    straighten, suggest,
};

use super::face::SealFace;
use super::style::{FaceBox, InkTone};
use crate::error::{SdkError, bad_argument};

/// What a pixel is, 8 bits a channel, sRGB.
#[derive(Clone, Copy, Debug, PartialEq, Eq, uniffi::Enum)]
pub enum PixelFormat {
    /// One byte: grey.
    Grey,
    /// Three bytes: red, green, blue.
    Rgb,
    /// Four bytes: red, green, blue, and one that is not looked at.
    Rgba,
}

impl From<PixelFormat> for Layout {
    fn from(format: PixelFormat) -> Self {
        match format {
            PixelFormat::Grey => Self::Luma,
            PixelFormat::Rgb => Self::Rgb,
            PixelFormat::Rgba => Self::Rgba,
        }
    }
}

/// How an upright photograph lies in memory.
#[derive(Clone, Copy, Debug, uniffi::Record)]
pub struct PhotoLayout {
    /// Pixels in a row.
    pub width: u32,
    /// Rows.
    pub height: u32,
    /// Distance of two rows, bytes.
    pub stride: u32,
    /// What a pixel is.
    pub format: PixelFormat,
}

/// An upright rectangle of a photograph, px from its top-left corner.
#[derive(Clone, Copy, Debug, PartialEq, Eq, uniffi::Record)]
pub struct PhotoRect {
    /// Left edge.
    pub left: u32,
    /// Top edge.
    pub top: u32,
    /// Width.
    pub width: u32,
    /// Height.
    pub height: u32,
}

impl From<PixelRect> for PhotoRect {
    fn from(PixelRect { left, top, width, height }: PixelRect) -> Self {
        Self { left, top, width, height }
    }
}

impl From<PhotoRect> for PixelRect {
    fn from(PhotoRect { left, top, width, height }: PhotoRect) -> Self {
        Self { left, top, width, height }
    }
}

/// A place on a photograph, px from its top-left corner.
#[derive(Clone, Copy, Debug, PartialEq, uniffi::Record)]
pub struct PhotoPoint {
    /// To the right.
    pub x: f64,
    /// Downwards.
    pub y: f64,
}

/// A photograph of paper, kept to be looked at several times.
#[derive(uniffi::Object)]
pub struct PaperPhoto(Picture);

#[uniffi::export]
impl PaperPhoto {
    /// A copy of these pixels.
    ///
    /// # Errors
    /// `photo.layout`, `photo.too-large`, `photo.too-few-pixels`.
    #[uniffi::constructor]
    pub fn new(layout: PhotoLayout, pixels: &[u8]) -> Result<Arc<Self>, SdkError> {
        let PhotoLayout { width, height, stride, format } = layout;
        let pixels = Pixels::new(width, height, stride, format.into(), pixels).map_err(Error::from)?;
        Ok(Arc::new(Self(Picture::copy_of(&pixels))))
    }

    /// Pixels in a row: of the straightened picture, if it was straightened.
    #[must_use]
    pub fn width(&self) -> u32 {
        self.0.width()
    }

    /// Rows.
    #[must_use]
    pub fn height(&self) -> u32 {
        self.0.height()
    }

    /// Where signatures are, most ink first: what a person chooses from, and moves the edges of.
    ///
    /// # Errors
    /// `photo.no-ink`.
    pub fn signatures(&self) -> Result<Vec<PhotoRect>, SdkError> {
        let found = suggest(&self.pixels()?).map_err(Error::from)?;
        Ok(found.into_iter().map(PhotoRect::from).collect())
    }

    /// The corners of the sheet: top left, top right, bottom right, bottom left. A person may move them.
    ///
    /// # Errors
    /// `photo.no-sheet` if it cannot be seen whole, or is no brighter than what it lies on.
    pub fn sheet(&self) -> Result<Vec<PhotoPoint>, SdkError> {
        let Quad(corners) = sheet(&self.pixels()?).map_err(Error::from)?;
        Ok(corners.iter().map(|&PixelPoint { x, y }| PhotoPoint { x, y }).collect())
    }

    /// What lies between these four corners, as seen from straight above.
    ///
    /// # Errors
    /// `photo.corners` if no rectangle has these corners; `sdk.bad-argument` if they are not four.
    pub fn straightened(&self, corners: &[PhotoPoint]) -> Result<Arc<Self>, SdkError> {
        let corners: &[PhotoPoint; 4] = corners.try_into().map_err(|_| bad_argument("corners: four are needed"))?;
        let corners = Quad(corners.map(|PhotoPoint { x, y }| PixelPoint { x, y }));
        Ok(Arc::new(Self(straighten(&self.pixels()?, &corners).map_err(Error::from)?)))
    }

    /// The signature as a seal face: all ink in `crop`, or without it the only signature; in its own colour unless `tone`
    /// says another. A photograph does not say how large things are: the face is fitted into the box.
    ///
    /// # Errors
    /// `photo.…`: what is wrong with the photograph; `photo.several-signatures`, of which one has to be chosen.
    pub fn face(
        &self,
        crop: Option<PhotoRect>,
        tone: Option<InkTone>,
        within: FaceBox,
    ) -> Result<Arc<SealFace>, SdkError> {
        let options = PhotoOptions {
            crop: crop.map_or(Crop::Suggested, |rect| Crop::Rect(rect.into())),
            color: tone.map_or(PhotoColor::Own, |tone| PhotoColor::Ink(tone.into())),
            within: within.size()?,
            margin_mm: within.margin_mm,
        };
        let ink: PaperInk = extract(&self.pixels()?, &options).map_err(Error::from)?;
        Ok(Arc::new(SealFace(ink.face().clone())))
    }
}

impl PaperPhoto {
    fn pixels(&self) -> Result<Pixels<'_>, SdkError> {
        Ok(self.0.pixels().map_err(Error::from)?)
    }
}
