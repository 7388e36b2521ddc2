//! Seals that are images: PNG with transparency, JPEG.

use std::fmt;
use std::io::Cursor;

use crate::pdf::appearance::jpeg;
use crate::pdf::appearance::picture::Part;
use crate::pdf::error::PdfError;
use crate::pdf::limits::{MAX_IMAGE_BYTES, MAX_IMAGE_PIXELS};

/// From this value on a channel is taken for paper.
const PAPER: u8 = 250;

/// A seal's picture in pixels.
#[derive(Clone, PartialEq, Eq)]
pub struct Image {
    width: u32,
    height: u32,
    pub(super) samples: Samples,
}

/// What an image is made of, 8 bits a sample.
#[derive(Clone, PartialEq, Eq)]
pub(super) enum Samples {
    /// Row by row.
    Decoded { channels: Channels, data: Vec<u8> },
    /// As it came: a PDF holds JPEG as it is.
    Jpeg { channels: Channels, file: Vec<u8> },
}

/// What a pixel is made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Channels {
    Gray,
    GrayAlpha,
    Rgb,
    Rgba,
}

impl Channels {
    pub(super) const fn count(self) -> usize {
        match self {
            Self::Gray => 1,
            Self::GrayAlpha => 2,
            Self::Rgb => 3,
            Self::Rgba => 4,
        }
    }
}

/// A colour, and how much of it covers what is below.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Pixel {
    pub(super) rgb: [u8; 3],
    pub(super) alpha: u8,
}

impl fmt::Debug for Image {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Image").field("width", &self.width).field("height", &self.height).finish_non_exhaustive()
    }
}

impl Image {
    /// A PNG (any kind; transparency is kept, 16 bits become 8, only the first picture of an animation counts) or a JPEG
    /// (grey or colour, 8 bits; kept as it is, an orientation noted by a camera is not followed).
    ///
    /// # Errors
    /// `pdf.bad-picture` for bytes that are neither or damaged; `pdf.unsupported-picture` for CMYK and other kinds of JPEG;
    /// `pdf.limit-exceeded` over [`MAX_IMAGE_BYTES`] or [`MAX_IMAGE_PIXELS`].
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, PdfError> {
        if bytes.len() > MAX_IMAGE_BYTES {
            return Err(PdfError::LimitExceeded { what: "bytes of a picture" });
        }
        if bytes.starts_with(b"\x89PNG\r\n\x1a\n") {
            Self::from_png(bytes)
        } else if bytes.starts_with(&[0xff, 0xd8]) {
            let jpeg::Header { width, height, channels } = jpeg::header(bytes)?;
            check_size(width, height)?;
            Ok(Self { width, height, samples: Samples::Jpeg { channels, file: bytes.to_vec() } })
        } else {
            Err(PdfError::BadPicture { what: "neither PNG nor JPEG" })
        }
    }

    fn from_png(bytes: &[u8]) -> Result<Self, PdfError> {
        let damaged = |_| PdfError::BadPicture { what: "a damaged PNG" };
        let limits = png::Limits { bytes: MAX_IMAGE_PIXELS as usize * 8 };
        let mut decoder = png::Decoder::new_with_limits(Cursor::new(bytes), limits);
        decoder.set_transformations(png::Transformations::normalize_to_color8());
        decoder.set_ignore_text_chunk(true);
        decoder.set_ignore_iccp_chunk(true);
        let mut reader = decoder.read_info().map_err(damaged)?;
        let (width, height) = (reader.info().width, reader.info().height);
        check_size(width, height)?;
        let size = reader.output_buffer_size().ok_or(PdfError::LimitExceeded { what: "pixels of a picture" })?;
        let mut data = vec![0; size];
        let frame = reader.next_frame(&mut data).map_err(damaged)?;
        let channels = match frame.color_type {
            png::ColorType::Grayscale => Channels::Gray,
            png::ColorType::GrayscaleAlpha => Channels::GrayAlpha,
            png::ColorType::Rgb => Channels::Rgb,
            png::ColorType::Rgba => Channels::Rgba,
            png::ColorType::Indexed => return Err(PdfError::BadPicture { what: "a PNG without a palette" }),
        };
        data.truncate(frame.buffer_size());
        if data.len() != width as usize * height as usize * channels.count() {
            return Err(PdfError::BadPicture { what: "a PNG that lacks rows" });
        }
        Ok(Self { width, height, samples: Samples::Decoded { channels, data } })
    }

    /// Width and height, pixels.
    #[must_use]
    pub const fn size(&self) -> [u32; 2] {
        [self.width, self.height]
    }

    /// The part that is neither transparent nor as good as white; all of a JPEG, which is not decoded.
    pub(super) fn inked(&self) -> Part {
        let Samples::Decoded { channels, data } = &self.samples else { return Part::WHOLE };
        let width = self.width as usize;
        let is_ink = |Pixel { rgb, alpha }: Pixel| alpha > 0 && rgb.iter().any(|channel| *channel < PAPER);
        let inked = pixels(*channels, data).enumerate().filter(|(_, pixel)| is_ink(*pixel));
        let bounds = inked.map(|(index, _)| (index % width, index / width)).fold(None, |bounds, (x, y)| {
            let (left, top, right, bottom) = bounds.unwrap_or((x, y, x, y));
            Some((left.min(x), top.min(y), right.max(x), bottom.max(y)))
        });
        let Some((left, top, right, bottom)) = bounds else { return Part::WHOLE };
        let share = |at: usize, of: u32| f64::from(u32::try_from(at).unwrap_or(of)) / f64::from(of);
        Part {
            left: share(left, self.width),
            top: share(top, self.height),
            right: share(right + 1, self.width),
            bottom: share(bottom + 1, self.height),
        }
    }
}

/// The pixels of decoded samples, row by row.
pub(super) fn pixels(channels: Channels, data: &[u8]) -> impl Iterator<Item = Pixel> + '_ {
    data.chunks_exact(channels.count()).map(move |samples| match (channels, samples) {
        (Channels::Rgba, &[red, green, blue, alpha]) => Pixel { rgb: [red, green, blue], alpha },
        (Channels::Rgb, &[red, green, blue]) => Pixel { rgb: [red, green, blue], alpha: 255 },
        (Channels::GrayAlpha, &[gray, alpha]) => Pixel { rgb: [gray; 3], alpha },
        (_, samples) => Pixel { rgb: [samples[0]; 3], alpha: 255 },
    })
}

fn check_size(width: u32, height: u32) -> Result<(), PdfError> {
    let pixels = u64::from(width) * u64::from(height);
    if pixels == 0 {
        return Err(PdfError::BadPicture { what: "a picture without pixels" });
    }
    if pixels > u64::from(MAX_IMAGE_PIXELS) {
        return Err(PdfError::LimitExceeded { what: "pixels of a picture" });
    }
    Ok(())
}
