//! The pixels of a photograph, as a camera or a decoder hands them out.

use super::PhotoError;
use super::grid::{Grid, number};
use super::light;

/// Longest side of a photograph, pixels.
pub const MAX_PHOTO_SIDE: u32 = 16_384;
/// Most pixels of a photograph.
pub const MAX_PHOTO_PIXELS: u64 = 64 << 20;
/// Shortest side of a photograph or a crop, pixels.
pub const LEAST_PHOTO_SIDE: u32 = 16;

/// What a pixel is, 8 bits a channel, sRGB.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Layout {
    /// One byte: grey.
    Luma,
    /// Three bytes: red, green, blue.
    Rgb,
    /// Four bytes: red, green, blue, and one that is not looked at.
    Rgba,
}

impl Layout {
    /// Bytes of a pixel.
    #[must_use]
    pub const fn bytes(self) -> u32 {
        match self {
            Self::Luma => 1,
            Self::Rgb => 3,
            Self::Rgba => 4,
        }
    }
}

/// An upright rectangle of a photograph, pixels from its top-left corner.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct PixelRect {
    /// Left edge.
    pub left: u32,
    /// Top edge.
    pub top: u32,
    /// Width.
    pub width: u32,
    /// Height.
    pub height: u32,
}

/// A photograph: rows from the top, possibly with a gap behind each. Borrowed, never kept.
#[derive(Clone, Copy)]
pub struct Pixels<'a> {
    width: u32,
    height: u32,
    stride: usize,
    layout: Layout,
    data: &'a [u8],
}

impl<'a> Pixels<'a> {
    /// `width` × `height` pixels whose rows start `stride` bytes apart. The last row may end with its last pixel.
    ///
    /// # Errors
    /// [`PhotoError::TooLarge`] above [`MAX_PHOTO_SIDE`] or [`MAX_PHOTO_PIXELS`]; [`PhotoError::TooFewPixels`] below
    /// [`LEAST_PHOTO_SIDE`]; [`PhotoError::Layout`] if the stride is shorter than a row or `data` is too short.
    pub fn new(width: u32, height: u32, stride: u32, layout: Layout, data: &'a [u8]) -> Result<Self, PhotoError> {
        if width.max(height) > MAX_PHOTO_SIDE || u64::from(width) * u64::from(height) > MAX_PHOTO_PIXELS {
            return Err(PhotoError::TooLarge { width, height });
        }
        if width.min(height) < LEAST_PHOTO_SIDE {
            return Err(PhotoError::TooFewPixels { width, height });
        }
        let row = u64::from(width) * u64::from(layout.bytes());
        let needed = u64::from(height - 1) * u64::from(stride) + row;
        let fits = u64::from(stride) >= row && usize::try_from(needed).is_ok_and(|needed| needed <= data.len());
        if fits {
            Ok(Self { width, height, stride: stride as usize, layout, data })
        } else {
            Err(PhotoError::Layout { width, height, stride, length: data.len() })
        }
    }

    /// Pixels in a row.
    #[must_use]
    pub const fn width(&self) -> u32 {
        self.width
    }

    /// Rows.
    #[must_use]
    pub const fn height(&self) -> u32 {
        self.height
    }

    /// The whole photograph.
    #[must_use]
    pub const fn bounds(&self) -> PixelRect {
        PixelRect { left: 0, top: 0, width: self.width, height: self.height }
    }

    /// The part of a rectangle that lies in the photograph.
    pub(super) fn clip(&self, rect: PixelRect) -> Result<PixelRect, PhotoError> {
        let (left, top) = (rect.left.min(self.width), rect.top.min(self.height));
        let width = rect.left.saturating_add(rect.width).min(self.width) - left;
        let height = rect.top.saturating_add(rect.height).min(self.height) - top;
        let is_large_enough = width.min(height) >= LEAST_PHOTO_SIDE;
        is_large_enough.then_some(PixelRect { left, top, width, height }).ok_or(PhotoError::Crop { width, height })
    }

    /// What a pixel is.
    pub(super) const fn layout(&self) -> Layout {
        self.layout
    }

    /// The bytes of one pixel.
    pub(super) fn pixel(&self, x: usize, y: usize) -> &'a [u8] {
        let bytes = self.layout.bytes() as usize;
        &self.data[y * self.stride + x * bytes..][..bytes]
    }

    pub(super) fn rows(&self, rect: PixelRect) -> impl ExactSizeIterator<Item = &'a [u8]> {
        let bytes = self.layout.bytes() as usize;
        let (from, length) = (rect.left as usize * bytes, rect.width as usize * bytes);
        let (data, stride) = (self.data, self.stride);
        (rect.top as usize..(rect.top + rect.height) as usize).map(move |y| &data[y * stride + from..][..length])
    }

    /// Luminance of a rectangle (of light, 0 to 1), each `factor` × `factor` pixels averaged into one.
    pub(super) fn luminance(&self, rect: PixelRect, factor: usize) -> Grid<f32> {
        let [red, green, blue] = light::luminance_tables();
        let grey = light::table();
        match self.layout {
            Layout::Luma => self.averaged(rect, factor, |[value]: &[u8; 1]| grey[usize::from(*value)]),
            Layout::Rgb => self.averaged(rect, factor, |[r, g, b]: &[u8; 3]| {
                red[usize::from(*r)] + green[usize::from(*g)] + blue[usize::from(*b)]
            }),
            Layout::Rgba => self.averaged(rect, factor, |[r, g, b, _]: &[u8; 4]| {
                red[usize::from(*r)] + green[usize::from(*g)] + blue[usize::from(*b)]
            }),
        }
    }

    /// Red light of a rectangle (grey, if there is no colour), reduced alike.
    pub(super) fn red(&self, rect: PixelRect, factor: usize) -> Grid<f32> {
        let table = light::table();
        match self.layout {
            Layout::Luma => self.luminance(rect, factor),
            Layout::Rgb => self.averaged(rect, factor, |[red, ..]: &[u8; 3]| table[usize::from(*red)]),
            Layout::Rgba => self.averaged(rect, factor, |[red, ..]: &[u8; 4]| table[usize::from(*red)]),
        }
    }

    /// Light of a rectangle's channels (red, green, blue, or grey alone), reduced alike.
    pub(super) fn channels(&self, rect: PixelRect, factor: usize) -> Vec<Grid<f32>> {
        let table = light::table();
        match self.layout {
            Layout::Luma => vec![self.luminance(rect, factor)],
            Layout::Rgb => (0..3)
                .map(|c| self.averaged(rect, factor, move |pixel: &[u8; 3]| table[usize::from(pixel[c])]))
                .collect(),
            Layout::Rgba => (0..3)
                .map(|c| self.averaged(rect, factor, move |pixel: &[u8; 4]| table[usize::from(pixel[c])]))
                .collect(),
        }
    }

    fn averaged<const N: usize>(&self, rect: PixelRect, factor: usize, light: impl Fn(&[u8; N]) -> f32) -> Grid<f32> {
        let (width, height) = (rect.width as usize / factor, rect.height as usize / factor);
        let mut out = Grid::filled(width, height, 0.0);
        let share = 1.0 / number(factor * factor);
        let mut rows = self.rows(rect);
        for line in out.rows_mut() {
            for row in rows.by_ref().take(factor) {
                let (pixels, _) = row.as_chunks::<N>();
                if factor == 1 {
                    for (sum, pixel) in line.iter_mut().zip(pixels) {
                        *sum = light(pixel);
                    }
                } else {
                    for (sum, block) in line.iter_mut().zip(pixels.chunks_exact(factor)) {
                        *sum += block.iter().map(&light).sum::<f32>();
                    }
                }
            }
            if factor > 1 {
                for sum in line {
                    *sum *= share;
                }
            }
        }
        out
    }
}

impl std::fmt::Debug for Pixels<'_> {
    /// Sizes only: a photograph may show anything.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Pixels")
            .field("width", &self.width)
            .field("height", &self.height)
            .field("stride", &self.stride)
            .field("layout", &self.layout)
            .finish_non_exhaustive()
    }
}
