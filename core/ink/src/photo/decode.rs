//! PNG and JPEG files to pixels.

use std::io::Cursor;

use image::{DynamicImage, ImageDecoder as _, ImageError, ImageFormat, ImageReader, Limits};

use super::{Layout, MAX_PHOTO_PIXELS, MAX_PHOTO_SIDE, PhotoError, Picture};

/// Longest picture file that is taken in, bytes.
pub const MAX_PICTURE_BYTES: usize = 64 << 20;

impl Picture {
    /// Decodes a PNG or JPEG file and turns it as its Exif orientation says. Transparent pixels lie on white.
    ///
    /// # Errors
    /// [`PhotoError::Unreadable`] for other formats, damaged files and files over [`MAX_PICTURE_BYTES`];
    /// [`PhotoError::TooLarge`] over [`MAX_PHOTO_SIDE`] or [`MAX_PHOTO_PIXELS`], before anything is decoded.
    pub fn decode(file: &[u8]) -> Result<Self, PhotoError> {
        if file.len() > MAX_PICTURE_BYTES {
            return Err(PhotoError::Unreadable { detail: format!("longer than {MAX_PICTURE_BYTES} bytes") });
        }
        let format = image::guess_format(file).map_err(unreadable)?;
        if !matches!(format, ImageFormat::Png | ImageFormat::Jpeg) {
            return Err(PhotoError::Unreadable { detail: "neither PNG nor JPEG".to_owned() });
        }
        let mut reader = ImageReader::with_format(Cursor::new(file), format);
        let mut limits = Limits::default();
        // Up to eight bytes a pixel (RGBA of 16 bits), once as read and once as decoded.
        limits.max_alloc = Some(MAX_PHOTO_PIXELS * 16);
        reader.limits(limits);
        let mut decoder = reader.into_decoder().map_err(unreadable)?;
        let (width, height) = decoder.dimensions();
        if width.max(height) > MAX_PHOTO_SIDE || u64::from(width) * u64::from(height) > MAX_PHOTO_PIXELS {
            return Err(PhotoError::TooLarge { width, height });
        }
        let orientation = decoder.orientation().map_err(unreadable)?;
        let mut picture = DynamicImage::from_decoder(decoder).map_err(unreadable)?;
        picture.apply_orientation(orientation);
        Ok(Self::from_image(picture))
    }

    fn from_image(picture: DynamicImage) -> Self {
        let (width, height) = (picture.width(), picture.height());
        let has_color = picture.color().has_color();
        let (layout, data) = if picture.color().has_alpha() {
            let mut pixels = picture.into_rgba8().into_raw();
            pixels.as_chunks_mut::<4>().0.iter_mut().for_each(lay_on_white);
            (Layout::Rgba, pixels)
        } else if has_color {
            (Layout::Rgb, picture.into_rgb8().into_raw())
        } else {
            (Layout::Luma, picture.into_luma8().into_raw())
        };
        Self::new(width, height, layout, data)
    }
}

fn lay_on_white([red, green, blue, alpha]: &mut [u8; 4]) {
    for channel in [red, green, blue] {
        let light = u32::from(*channel) * u32::from(*alpha) + 255 * (255 - u32::from(*alpha));
        *channel = u8::try_from((light + 127) / 255).unwrap_or(u8::MAX);
    }
    *alpha = u8::MAX;
}

#[expect(clippy::needless_pass_by_value, reason = "the shape that map_err wants")]
fn unreadable(error: ImageError) -> PhotoError {
    PhotoError::Unreadable { detail: error.to_string() }
}
