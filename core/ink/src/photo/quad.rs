//! A sheet seen at a slant: its four corners, and what they say about it.

use super::grid::count;
use super::{LEAST_PHOTO_SIDE, MAX_PHOTO_SIDE, PhotoError, grid};
use crate::geometry::Vec2;

/// Corners may lie outside of the photograph by this many times its sides.
const MOST_OUTSIDE: f64 = 0.5;
/// Squares of focal lengths that telephones have, with half of the picture's longer side for the unit: as 20 to 80 mm on film
/// of 36 mm.
const FOCAL: std::ops::Range<f64> = 1.23..19.8;
/// That of most: 26 mm.
const USUAL_FOCAL: f64 = 2.09;
/// A sheet is at most so many times as long as it is wide.
const MOST_RATIO: f64 = 20.0;

/// A place on a photograph, pixels from its top-left corner; the middle of its first pixel is (0.5, 0.5).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PixelPoint {
    /// To the right.
    pub x: f64,
    /// Downwards.
    pub y: f64,
}

/// The corners of something rectangular on a photograph (a sheet, a printed box), in the order in which they are to be: top
/// left, top right, bottom right, bottom left.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Quad(pub [PixelPoint; 4]);

impl Quad {
    /// Whether these are corners of a rectangle seen from its front, on or near a photograph of this size.
    pub(super) fn check(&self, width: u32, height: u32) -> Result<(), PhotoError> {
        let near = |value: f64, side: u32| {
            let side = f64::from(side);
            (-MOST_OUTSIDE * side..=(1.0 + MOST_OUTSIDE) * side).contains(&value)
        };
        let corners = self.corners();
        let inside = corners.iter().all(|at| near(at.x, width) && near(at.y, height));
        let turns_right = (0..4).all(|n| {
            let [one, two, three] = [corners[n], corners[(n + 1) % 4], corners[(n + 2) % 4]];
            (two - one).cross(three - two) > 0.0 && one.distance(two) >= f64::from(LEAST_PHOTO_SIDE)
        });
        if inside && turns_right { Ok(()) } else { Err(PhotoError::Corners) }
    }

    pub(super) fn corners(&self) -> [Vec2; 4] {
        self.0.map(|PixelPoint { x, y }| Vec2::new(x, y))
    }

    /// Pixels of the straightened sheet, so that nothing of it gets smaller.
    pub(super) fn size(&self, photo: Vec2) -> (usize, usize) {
        let [top_left, top_right, bottom_right, bottom_left] = self.corners();
        let across = top_left.distance(top_right).max(bottom_left.distance(bottom_right));
        let down = top_left.distance(bottom_left).max(top_right.distance(bottom_right));
        let ratio = self.ratio(photo).clamp(1.0 / MOST_RATIO, MOST_RATIO);
        let width = across.max(down * ratio);
        let most = f64::from(MAX_PHOTO_SIDE);
        let shrink = (photo.x * photo.y * 2.0 * ratio).sqrt().min(most).min(most * ratio) / width;
        let width = width * shrink.min(1.0);
        let least = LEAST_PHOTO_SIDE as usize;
        let pixels = |side: f64| count(grid::single(side.round())).max(least);
        (pixels(width), pixels(width / ratio))
    }

    /// Width over height of the sheet, as a camera without distortion sees it whose axis goes through the middle of the
    /// photograph (Zhang and He, Whiteboard scanning and image enhancement, 2007). Where sides are parallel, the corners do
    /// not say how long the lens was, and it is taken for a usual one.
    fn ratio(&self, photo: Vec2) -> f64 {
        let size = photo.x.max(photo.y);
        let centred = |at: Vec2| (at - photo * 0.5) * (2.0 / size);
        let [one, two, four, three] = self.corners().map(|at| Ray::through(centred(at)));
        let diagonal = one.cross(four);
        let across = two.scaled(diagonal.dot(three) / two.cross(four).dot(three)).minus(one);
        let down = three.scaled(diagonal.dot(two) / three.cross(four).dot(two)).minus(one);
        let said = -(across.x * down.x + across.y * down.y) / (across.z * down.z);
        let focal = if FOCAL.contains(&said) { said } else { USUAL_FOCAL };
        let length = |way: Ray| ((way.x * way.x + way.y * way.y) / focal + way.z * way.z).sqrt();
        length(across) / length(down)
    }

    /// From the unit square to the photograph.
    pub(super) fn view(&self) -> Homography {
        let [p0, p1, p2, p3] = self.corners();
        let (one, two, sum) = (p1 - p2, p3 - p2, p0 - p1 + p2 - p3);
        let area = one.cross(two);
        let (g, h) = (sum.cross(two) / area, one.cross(sum) / area);
        Homography { right: p1 - p0 + p1 * g, down: p3 - p0 + p3 * h, origin: p0, g, h }
    }
}

/// A plane seen at a slant.
#[derive(Debug, Clone, Copy)]
pub(super) struct Homography {
    right: Vec2,
    down: Vec2,
    origin: Vec2,
    g: f64,
    h: f64,
}

impl Homography {
    pub(super) fn place(&self, u: f64, v: f64) -> Vec2 {
        (self.right * u + self.down * v + self.origin) * (1.0 / (self.g * u + self.h * v + 1.0))
    }
}

/// A direction from the camera.
#[derive(Debug, Clone, Copy)]
struct Ray {
    x: f64,
    y: f64,
    z: f64,
}

impl Ray {
    const fn through(at: Vec2) -> Self {
        Self { x: at.x, y: at.y, z: 1.0 }
    }

    fn cross(self, other: Self) -> Self {
        Self {
            x: self.y * other.z - self.z * other.y,
            y: self.z * other.x - self.x * other.z,
            z: self.x * other.y - self.y * other.x,
        }
    }

    fn dot(self, other: Self) -> f64 {
        self.x * other.x + self.y * other.y + self.z * other.z
    }

    fn scaled(self, factor: f64) -> Self {
        Self { x: self.x * factor, y: self.y * factor, z: self.z * factor }
    }

    fn minus(self, other: Self) -> Self {
        Self { x: self.x - other.x, y: self.y - other.y, z: self.z - other.z }
    }
}
