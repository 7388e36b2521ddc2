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
    /// Where this lies in the whole frame, and how large that is.
    left: u32,
    top: u32,
    whole: [u32; 2],
    rotation: Rotation,
}

/// How far clockwise a frame has to be turned to be upright, as cameras say it. Codes are read in any rotation: this only
/// says in which one their corners are wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Rotation {
    /// Not at all.
    #[default]
    Upright,
    /// By 90°.
    Quarter,
    /// By 180°.
    Half,
    /// By 270°.
    ThreeQuarters,
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
        let whole = [width, height];
        if fits {
            Ok(Self { width, height, stride, data, left: 0, top: 0, whole, rotation: Rotation::Upright })
        } else {
            Err(layout())
        }
    }

    /// Only a part of the frame: what lies outside is not looked at. Corners still count from the whole frame's top left.
    ///
    /// # Errors
    /// [`QrError::FrameLayout`] when the part is empty or reaches beyond the frame.
    pub fn region(self, left: u32, top: u32, width: u32, height: u32) -> Result<Self, QrError> {
        let reaches =
            |start: u32, length: u32, end: u32| length > 0 && start.checked_add(length).is_some_and(|sum| sum <= end);
        let start = top as usize * self.stride as usize + left as usize;
        let is_inside = reaches(left, width, self.width) && reaches(top, height, self.height);
        let Some(data) = self.data.get(start..).filter(|_| is_inside) else {
            return Err(QrError::FrameLayout { width, height, stride: self.stride, length: self.data.len() });
        };
        Ok(Self { width, height, data, left: self.left + left, top: self.top + top, ..self })
    }

    /// The same frame, with corners as they are seen when it is turned.
    #[must_use]
    pub const fn rotated(self, rotation: Rotation) -> Self {
        Self { rotation, ..self }
    }

    /// Where a point of the plane is for whoever looks at the upright picture.
    #[expect(clippy::cast_precision_loss, reason = "at most 16384")]
    pub(crate) fn shown(&self, at: Point) -> Point {
        let [width, height] = self.whole.map(|side| side as f32);
        let (x, y) = (at.x + self.left as f32, at.y + self.top as f32);
        match self.rotation {
            Rotation::Upright => Point::new(x, y),
            Rotation::Quarter => Point::new(height - y, x),
            Rotation::Half => Point::new(width - x, height - y),
            Rotation::ThreeQuarters => Point::new(y, width - x),
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
    #[inline]
    pub(crate) fn sample(&self, at: Point) -> f32 {
        let width = self.width as usize;
        let x = (at.x - 0.5).clamp(0.0, (self.width - 1) as f32);
        let y = (at.y - 0.5).clamp(0.0, (self.height - 1) as f32);
        // At the right and the lower edge the neighbour weighs nothing: the one before does as well.
        let left = (x as u32).min(self.width.saturating_sub(2));
        let top = (y as u32).min(self.height.saturating_sub(2));
        let (u, v) = (x - left as f32, y - top as f32);
        let start = top as usize * width + left as usize;
        let row = |start: usize| match self.luma.get(start..start + 2) {
            Some(&[left, right]) => {
                let (left, right) = (f32::from(left), f32::from(right));
                left + (right - left) * u
            }
            _ => self.luma.get(start).map_or(0.0, |&only| f32::from(only)),
        };
        let upper = row(start);
        upper + (row(start + width) - upper) * v
    }

    /// The plane with each `factor` × `factor` block averaged into one pixel; `None` when nothing would be left.
    pub(crate) fn reduced(&self, factor: u32) -> Option<Plane<'static>> {
        let (width, height) = (self.width / factor, self.height / factor);
        if width == 0 || height == 0 {
            return None;
        }
        if factor == 2 {
            return Some(self.halved());
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

    /// The common case of [`Plane::reduced`], in arithmetic of 16 bits that compilers turn into vectors.
    #[expect(clippy::cast_possible_truncation, reason = "means of bytes are bytes")]
    fn halved(&self) -> Plane<'static> {
        let (width, height) = (self.width / 2, self.height / 2);
        let mut luma = Vec::with_capacity(width as usize * height as usize);
        for pair in self.luma.chunks_exact(2 * self.width as usize) {
            let (upper, lower) = pair.split_at(self.width as usize);
            let sum = |pair: [u8; 2]| (u16::from_le_bytes(pair) & 0xFF) + (u16::from_le_bytes(pair) >> 8);
            let pixels = upper.as_chunks().0.iter().zip(lower.as_chunks().0);
            luma.extend(pixels.map(|(&upper, &lower)| ((sum(upper) + sum(lower) + 2) / 4) as u8));
        }
        Plane { width, height, scale: self.scale * 2, luma: Cow::Owned(luma) }
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
