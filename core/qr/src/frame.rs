//! The luminance plane of a camera frame.

use std::borrow::Cow;

use crate::QrError;
use crate::scan::Point;

/// Longest side of a frame or picture that is taken in, in pixels.
pub const MAX_FRAME_SIDE: u32 = 16_384;

/// Longest side that is searched at full size, in pixels. Anything larger is averaged down to it first.
pub const MAX_SCAN_SIDE: u32 = 4096;

/// 8-bit luminance as a camera hands it out: the Y plane of `YUV_420_888` or `420YpCbCr8`, rows from the top, possibly with
/// a gap behind each row. Borrowed, never kept.
#[derive(Clone, Copy)]
pub struct LumaFrame<'a> {
    width: u32,
    height: u32,
    stride: u32,
    data: &'a [u8],
}

impl<'a> LumaFrame<'a> {
    /// A frame of `width` × `height` pixels whose rows start `stride` bytes apart. The last row may end with its last pixel.
    ///
    /// # Errors
    /// [`QrError::TooLarge`] above [`MAX_FRAME_SIDE`]; [`QrError::FrameLayout`] when a side is 0, the stride is shorter than
    /// a row, or `data` is too short.
    pub fn new(width: u32, height: u32, stride: u32, data: &'a [u8]) -> Result<Self, QrError> {
        if width.max(height) > MAX_FRAME_SIDE {
            return Err(QrError::TooLarge { width, height });
        }
        let layout = || QrError::FrameLayout { width, height, stride, length: data.len() };
        let last_row = height.checked_sub(1).ok_or_else(layout)?;
        let needed = u64::from(last_row) * u64::from(stride) + u64::from(width);
        let fits = width > 0 && stride >= width && usize::try_from(needed).is_ok_and(|needed| needed <= data.len());
        if fits { Ok(Self { width, height, stride, data }) } else { Err(layout()) }
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

    fn rows(&self) -> impl Iterator<Item = &'a [u8]> {
        let (data, width) = (self.data, self.width as usize);
        (0..self.height as usize).map(move |row| row * self.stride as usize).map(move |at| &data[at..at + width])
    }

    /// The frame without row gaps, and no side longer than [`MAX_SCAN_SIDE`].
    pub(crate) fn to_plane(self) -> Plane<'a> {
        let whole = if self.stride == self.width {
            Cow::Borrowed(&self.data[..self.width as usize * self.height as usize])
        } else {
            Cow::Owned(self.rows().flatten().copied().collect())
        };
        let plane = Plane { width: self.width, height: self.height, scale: 1, luma: whole };
        match self.width.max(self.height).div_ceil(MAX_SCAN_SIDE) {
            1 => plane,
            factor => plane.reduced(factor).unwrap_or(plane),
        }
    }
}

impl std::fmt::Debug for LumaFrame<'_> {
    /// Sizes only: a frame shows what the camera saw.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("LumaFrame")
            .field("width", &self.width)
            .field("height", &self.height)
            .field("stride", &self.stride)
            .finish_non_exhaustive()
    }
}

/// Luminance without row gaps, at the frame's size or reduced by a whole number.
pub(crate) struct Plane<'a> {
    pub(crate) width: u32,
    pub(crate) height: u32,
    /// Frame pixels along one pixel of this plane.
    pub(crate) scale: u32,
    pub(crate) luma: Cow<'a, [u8]>,
}

impl Plane<'_> {
    /// The pixel that a point lies in.
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "inside of the plane")]
    pub(crate) fn pixel(&self, at: Point) -> Option<(usize, usize)> {
        // Negative values saturate to 0, so they are looked at first; NaN fails both comparisons.
        let is_inside = at.x >= 0.0 && at.y >= 0.0;
        let (x, y) = (at.x as usize, at.y as usize);
        (is_inside && x < self.width as usize && y < self.height as usize).then_some((x, y))
    }

    /// Luminance at a point, bilinear between the middles of the pixels; outside, the nearest pixel's.
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        clippy::cast_precision_loss,
        reason = "clamped to the plane"
    )]
    pub(crate) fn sample(&self, at: Point) -> f32 {
        let (width, height) = (self.width as usize, self.height as usize);
        let x = (at.x - 0.5).clamp(0.0, (self.width - 1) as f32);
        let y = (at.y - 0.5).clamp(0.0, (self.height - 1) as f32);
        let (left, top) = (x as u32 as usize, y as u32 as usize);
        let (u, v) = (x - left as f32, y - top as f32);
        // At the right and the lower edge the neighbour weighs nothing: any pixel will do.
        let start = top * width + left;
        let (right, below) = (usize::from(left + 1 < width), if top + 1 < height { width } else { 0 });
        let pixel = |at: usize| self.luma.get(at).map_or(0.0, |&pixel| f32::from(pixel));
        let upper = pixel(start) + (pixel(start + right) - pixel(start)) * u;
        let lower = pixel(start + below) + (pixel(start + below + right) - pixel(start + below)) * u;
        upper + (lower - upper) * v
    }

    /// The plane with each `factor` × `factor` block averaged into one pixel; `None` when nothing would be left.
    pub(crate) fn reduced(&self, factor: u32) -> Option<Plane<'static>> {
        let (width, height) = (self.width / factor, self.height / factor);
        if width == 0 || height == 0 {
            return None;
        }
        let area = factor * factor;
        let mut luma = Vec::with_capacity(width as usize * height as usize);
        let mut sums = vec![0_u32; width as usize];
        let rows: Vec<&[u8]> = self.luma.chunks_exact(self.width as usize).collect();
        for band in rows.chunks_exact(factor as usize) {
            sums.fill(area / 2);
            for row in band {
                for (sum, block) in sums.iter_mut().zip(row.chunks_exact(factor as usize)) {
                    *sum += block.iter().map(|&pixel| u32::from(pixel)).sum::<u32>();
                }
            }
            luma.extend(sums.iter().map(|sum| u8::try_from(sum / area).unwrap_or(u8::MAX)));
        }
        Some(Plane { width, height, scale: self.scale * factor, luma: Cow::Owned(luma) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn refuses_layouts_that_do_not_fit() {
        let data = [0_u8; 20];
        for (width, height, stride) in [(0, 4, 5), (5, 0, 5), (5, 4, 4), (5, 5, 5), (1, 21, 1), (5, 2, u32::MAX)] {
            let refused = LumaFrame::new(width, height, stride, &data).unwrap_err();
            assert_eq!(refused, QrError::FrameLayout { width, height, stride, length: 20 });
        }
        assert_eq!(
            LumaFrame::new(MAX_FRAME_SIDE + 1, 1, MAX_FRAME_SIDE + 1, &data).unwrap_err().code(),
            "qr.too-large"
        );
        assert!(LumaFrame::new(5, 4, 5, &data).is_ok());
        assert!(LumaFrame::new(2, 4, 6, &data).is_ok());
    }

    #[test]
    fn drops_row_gaps() {
        let data = [1, 2, 99, 3, 4, 99, 5, 6];
        let plane = LumaFrame::new(2, 3, 3, &data).unwrap().to_plane();
        assert_eq!(*plane.luma, [1, 2, 3, 4, 5, 6]);
    }

    #[test]
    fn averages_blocks_and_forgets_the_odd_edge() {
        let data = [0, 10, 250, 255, 7, 20, 30, 255, 255, 7, 9, 9, 9, 9, 9];
        let plane = LumaFrame::new(5, 3, 5, &data).unwrap().to_plane().reduced(2).unwrap();
        assert_eq!((plane.width, plane.height, plane.scale), (2, 1, 2));
        assert_eq!(*plane.luma, [15, 254]);
        assert!(plane.reduced(2).is_none());
    }

    #[test]
    fn reduces_what_is_larger_than_the_scan_side() {
        let data = vec![200; 4097 * 30];
        let plane = LumaFrame::new(4097, 30, 4097, &data).unwrap().to_plane();
        assert_eq!((plane.width, plane.height, plane.scale), (2048, 15, 2));
        assert!(plane.luma.iter().all(|&pixel| pixel == 200));
    }

    #[test]
    fn debug_shows_no_pixels() {
        let data = [171; 4];
        assert!(!format!("{:?}", LumaFrame::new(2, 2, 2, &data).unwrap()).contains("171"));
    }
}
