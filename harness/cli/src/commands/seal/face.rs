//! A face as seal data hold it: always a PNG, which every reader takes, and whole millimetres.

use std::io::Cursor;
use std::path::Path;

use eseal_crypto::ses::SealPicture;
use eseal_face::{Dpi, Face, SizeMm};
use png::{Decoder, Info, Limits, Transformations, Unit};

use crate::args::BoxMm;
use crate::commands::{Refusal, read};

/// What `picType` is called (GB/T 38540-2020, 6.2.4); readers know it in any letters, few know SVG.
const KIND: &str = "PNG";
const MM_PER_METRE: f64 = 1000.0;
/// What a decoder may take for a face: sixteen bits a channel at the most pixels that are drawn.
const MAX_DECODED_BYTES: usize = 8 * eseal_face::MAX_PIXELS as usize;
/// Longest picture that is put into a seal: the seal around it has to be read again.
const MAX_PICTURE_LEN: usize = eseal_crypto::ses::MAX_SEAL_LEN - 256 * 1024;

/// The picture at `path`, in the size asked for or its own.
pub(super) fn read_picture(path: &Path, size: Option<BoxMm>) -> Result<SealPicture, Refusal> {
    let bytes = read(path)?;
    let (data, own) = if bytes.starts_with(b"\x89PNG") {
        let own = check_png(&bytes)?;
        (bytes, own)
    } else {
        let (data, own) = from_svg(bytes)?;
        (data, Some(own))
    };
    if data.len() > MAX_PICTURE_LEN {
        return Err(Refusal::no("seal.face-too-large", format!("{} bytes, at most {MAX_PICTURE_LEN}", data.len())));
    }
    let size = match (size, own) {
        (Some(asked), _) => asked.0,
        (None, Some(own)) => own,
        (None, None) => {
            return Err(Refusal::no("seal.face-without-size", "the picture has no resolution: give --size"));
        }
    };
    Ok(SealPicture { kind: KIND.to_owned(), data, width_mm: whole(size.width())?, height_mm: whole(size.height())? })
}

/// A vector face drawn for print.
fn from_svg(bytes: Vec<u8>) -> Result<(Vec<u8>, SizeMm), Refusal> {
    let svg = String::from_utf8(bytes).map_err(|_| Refusal::unreadable("file.not-text", "neither PNG nor SVG"))?;
    let face = Face::from_svg(&svg).map_err(|error| Refusal::unreadable(error.code(), error))?;
    let png = face.to_png(Dpi::PRINT).map_err(|error| Refusal::no(error.code(), error))?;
    Ok((png, face.size()))
}

/// Reads it to its end, so that no seal is made of half a picture; answers its size if it has a resolution.
fn check_png(bytes: &[u8]) -> Result<Option<SizeMm>, Refusal> {
    let damaged = |error: png::DecodingError| Refusal::unreadable("face.png", error);
    let limits = Limits { bytes: MAX_DECODED_BYTES };
    let mut decoder = Decoder::new_with_limits(Cursor::new(bytes), limits);
    decoder.set_transformations(Transformations::IDENTITY);
    let mut reader = decoder.read_info().map_err(damaged)?;
    let (width, height) = reader.info().size();
    if u64::from(width) * u64::from(height) > u64::from(eseal_face::MAX_PIXELS) {
        return Err(Refusal::no("seal.face-too-large", format!("{width} × {height} pixels")));
    }
    let own = size_of(reader.info())?;
    while reader.next_row().map_err(damaged)?.is_some() {}
    reader.finish().map_err(damaged)?;
    Ok(own)
}

fn size_of(info: &Info<'_>) -> Result<Option<SizeMm>, Refusal> {
    let Some(per_metre) = info.pixel_dims.filter(|dims| dims.unit == Unit::Meter) else { return Ok(None) };
    let in_mm = |pixels: u32, per_metre: u32| f64::from(pixels) / f64::from(per_metre) * MM_PER_METRE;
    let size = SizeMm::new(in_mm(info.width, per_metre.xppu), in_mm(info.height, per_metre.yppu));
    size.map(Some).map_err(|error| Refusal::no("seal.face-too-large", error))
}

/// Seal data count whole millimetres.
fn whole(side_mm: f64) -> Result<u32, Refusal> {
    // A face of 40 mm is a pixel more than that at 600 dpi, and is meant to be 40 mm.
    let nearest = side_mm.round();
    (1..=200u32)
        .find(|side| (f64::from(*side) - nearest).abs() < 0.5)
        .ok_or_else(|| Refusal::no("face.size", format!("{side_mm} mm: from 1 to 200")))
}
