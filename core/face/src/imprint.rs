//! A face as the data of electronic seals hold it.

use std::io::Cursor;

use png::{Decoder, Info, Limits, Transformations, Unit};

use crate::{Dpi, Face, FaceError, MAX_PIXELS, SizeMm};

const MM_PER_METRE: f64 = 1000.0;
const SIGNATURE: &[u8] = b"\x89PNG";
/// What a decoder may take for a face: sixteen bits a channel at the most pixels that are drawn.
const MAX_DECODED_BYTES: usize = 8 * MAX_PIXELS as usize;

/// A face ready for seal data (GB/T 38540-2020 §6.2.4): a PNG, which every reader takes, and whole millimetres.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Imprint {
    png: Vec<u8>,
    width_mm: u32,
    height_mm: u32,
}

impl Imprint {
    /// What `picType` is called; readers know it in any letters, few know SVG.
    pub const KIND: &str = "PNG";

    /// The face in a PNG, which stays as it is, or in an SVG of [`Face::to_svg`], which is drawn at 600 dpi; in the size that is
    /// asked for, or else its own: of a PNG that of its resolution.
    ///
    /// # Errors
    /// [`FaceError::Picture`] for what is neither or is cut short, [`FaceError::Svg`], [`FaceError::NoSize`] for a PNG without
    /// resolution, [`FaceError::TooManyPixels`], [`FaceError::Size`].
    pub fn read(bytes: Vec<u8>, asked: Option<SizeMm>) -> Result<Self, FaceError> {
        let (png, own) = if bytes.starts_with(SIGNATURE) {
            let own = check(&bytes, asked)?;
            (bytes, own)
        } else {
            let svg = String::from_utf8(bytes);
            let svg = svg.map_err(|_| FaceError::Picture { detail: "neither PNG nor SVG".to_owned() })?;
            let face = Face::from_svg(&svg)?;
            (face.to_png(Dpi::PRINT)?, face.size())
        };
        let size = asked.unwrap_or(own);
        let whole = |mm| whole(mm).ok_or(FaceError::Size { width_mm: size.width(), height_mm: size.height() });
        Ok(Self { png, width_mm: whole(size.width())?, height_mm: whole(size.height())? })
    }

    /// The picture.
    #[must_use]
    pub fn into_png(self) -> Vec<u8> {
        self.png
    }

    /// Width and height, mm.
    #[must_use]
    pub const fn size_mm(&self) -> [u32; 2] {
        [self.width_mm, self.height_mm]
    }
}

/// Reads a PNG to its end, so that no seal is made of half a picture; answers the size it is to have.
fn check(bytes: &[u8], asked: Option<SizeMm>) -> Result<SizeMm, FaceError> {
    let damaged = |error: png::DecodingError| FaceError::Picture { detail: error.to_string() };
    let limits = Limits { bytes: MAX_DECODED_BYTES };
    let mut decoder = Decoder::new_with_limits(Cursor::new(bytes), limits);
    decoder.set_transformations(Transformations::IDENTITY);
    let mut reader = decoder.read_info().map_err(damaged)?;
    let (width_px, height_px) = reader.info().size();
    if u64::from(width_px) * u64::from(height_px) > u64::from(MAX_PIXELS) {
        return Err(FaceError::TooManyPixels { width_px, height_px });
    }
    let size = match asked {
        Some(asked) => asked,
        None => size_of(reader.info())?,
    };
    while reader.next_row().map_err(damaged)?.is_some() {}
    reader.finish().map_err(damaged)?;
    Ok(size)
}

fn size_of(info: &Info<'_>) -> Result<SizeMm, FaceError> {
    let dims = info.pixel_dims.filter(|dims| dims.unit == Unit::Meter).ok_or(FaceError::NoSize)?;
    let in_mm = |pixels: u32, per_metre: u32| f64::from(pixels) / f64::from(per_metre) * MM_PER_METRE;
    SizeMm::new(in_mm(info.width, dims.xppu), in_mm(info.height, dims.yppu))
}

/// Seal data count whole millimetres.
fn whole(side_mm: f64) -> Option<u32> {
    // A face of 40 mm is a pixel more than that at 600 dpi, and is meant to be 40 mm.
    let nearest = side_mm.round();
    (1..=200u32).find(|side| (f64::from(*side) - nearest).abs() < 0.5)
}
