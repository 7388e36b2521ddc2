use std::fmt;

use der::asn1::OctetString;

use super::SesError;
use super::structure::PictureStructure;
use super::text::Text;

/// The face of a seal (`SES_ESPictureInfo`).
#[derive(Clone, PartialEq, Eq)]
pub struct SealPicture {
    /// What kind of picture it is, as the maker names it: `PNG`, `GIF`, `BMP`, `JPG`, `SVG`, `ofd`, in letters of either case.
    pub kind: String,
    /// The picture, not looked into.
    pub data: Vec<u8>,
    /// Width in mm.
    pub width_mm: u32,
    /// Height in mm.
    pub height_mm: u32,
}

impl SealPicture {
    pub(super) fn read(structure: PictureStructure) -> Self {
        Self {
            kind: structure.kind.into_string(),
            data: structure.data.as_bytes().to_vec(),
            width_mm: structure.width,
            height_mm: structure.height,
        }
    }

    pub(super) fn write(&self) -> Result<PictureStructure, SesError> {
        if self.data.is_empty() || self.width_mm == 0 || self.height_mm == 0 {
            return Err(SesError::CannotWrite { detail: "a picture without data or size" });
        }
        Ok(PictureStructure {
            kind: Text::ia5(&self.kind)?,
            data: OctetString::new(self.data.as_slice())?,
            width: self.width_mm,
            height: self.height_mm,
        })
    }
}

/// A picture of some kilobytes is nothing for a log.
impl fmt::Debug for SealPicture {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SealPicture({}, {} bytes, {}×{} mm)", self.kind, self.data.len(), self.width_mm, self.height_mm)
    }
}
