//! PNG and JPEG files to texts.

use std::io::Cursor;

use image::{ImageError, ImageFormat, ImageReader, Limits};

use crate::{Decoded, LumaFrame, MAX_FRAME_SIDE, QrError, decode};

/// Longest picture file that is taken in, in bytes.
pub const MAX_PICTURE_BYTES: usize = 64 << 20;
/// Most memory that a picture may take while it is decoded, in bytes: 80 megapixels of RGB.
const MAX_DECODED_BYTES: u64 = 240 << 20;

/// Reads the QR codes of a PNG or JPEG file. Transparent pixels count as white.
///
/// # Errors
/// [`QrError::PictureUnreadable`] for other formats, damaged files and files above the limits, [`QrError::TooLarge`] for
/// sides above [`MAX_FRAME_SIDE`], [`QrError::NotFound`].
pub fn decode_picture(file: &[u8]) -> Result<Vec<Decoded>, QrError> {
    if file.len() > MAX_PICTURE_BYTES {
        return Err(QrError::PictureUnreadable { detail: format!("longer than {MAX_PICTURE_BYTES} bytes") });
    }
    let format = image::guess_format(file).map_err(unreadable)?;
    if !matches!(format, ImageFormat::Png | ImageFormat::Jpeg | ImageFormat::WebP) {
        return Err(QrError::PictureUnreadable { detail: "neither PNG, JPEG nor WebP".to_owned() });
    }
    let (width, height) = ImageReader::with_format(Cursor::new(file), format).into_dimensions().map_err(unreadable)?;
    if width.max(height) > MAX_FRAME_SIDE {
        return Err(QrError::TooLarge { width, height });
    }
    let mut limits = Limits::default();
    limits.max_alloc = Some(MAX_DECODED_BYTES);
    let mut reader = ImageReader::with_format(Cursor::new(file), format);
    reader.limits(limits);
    let picture = reader.decode().map_err(unreadable)?;
    let luma = if picture.color().has_alpha() {
        let over_white = picture.to_luma_alpha8();
        over_white.pixels().map(|pixel| composite_on_white(pixel.0)).collect()
    } else {
        picture.into_luma8().into_raw()
    };
    decode(&LumaFrame::new(width, height, width, &luma)?)
}

#[expect(clippy::needless_pass_by_value, reason = "the shape that map_err wants")]
fn unreadable(error: ImageError) -> QrError {
    QrError::PictureUnreadable { detail: error.to_string() }
}

fn composite_on_white([luma, alpha]: [u8; 2]) -> u8 {
    let (luma, alpha) = (u32::from(luma), u32::from(alpha));
    u8::try_from((luma * alpha + 255 * (255 - alpha) + 127) / 255).unwrap_or(u8::MAX)
}
