//! A slanted sheet as if seen from straight above.

use super::grid::{count, exact, number, single};
use super::light;
use super::quad::Quad;
use super::{Layout, PhotoError, Picture, Pixels};
use crate::geometry::Vec2;

/// Steps of the square root of light that are told apart on the way back to bytes: four to the finest step of sRGB.
const ROOTS: usize = 4096;

/// What lies between these corners, straightened: a sheet photographed at an angle. Its proportions are those that a camera
/// without distortion would have seen so; its pixels are no larger than the smallest of the photograph.
///
/// # Errors
/// [`PhotoError::Corners`] if these cannot be corners of a rectangle on this photograph.
pub fn straighten(pixels: &Pixels<'_>, corners: &Quad) -> Result<Picture, PhotoError> {
    corners.check(pixels.width(), pixels.height())?;
    let (width, height) = corners.size(Vec2::new(f64::from(pixels.width()), f64::from(pixels.height())));
    let view = corners.view();
    let channels = match pixels.layout() {
        Layout::Luma => 1,
        Layout::Rgb | Layout::Rgba => 3,
    };
    let bytes: Vec<u8> = (0..ROOTS).map(|root| light::encode((number(root) / number(ROOTS - 1)).powi(2))).collect();
    let table = light::table();
    let mut data = Vec::with_capacity(width * height * channels);
    for row in 0..height {
        let v = (exact(row) + 0.5) / exact(height);
        for column in 0..width {
            let at = view.place((exact(column) + 0.5) / exact(width), v);
            let around = Around::of(pixels, at);
            data.extend((0..channels).map(|channel| {
                let light = around.mixed(|bytes| table[usize::from(bytes[channel])]);
                bytes[count(light.sqrt() * number(ROOTS - 1) + 0.5).min(ROOTS - 1)]
            }));
        }
    }
    let layout = if channels == 1 { Layout::Luma } else { Layout::Rgb };
    let side = |pixels: usize| u32::try_from(pixels).unwrap_or(u32::MAX);
    Ok(Picture::new(side(width), side(height), layout, data))
}

/// The four pixels around a place; beyond the photograph, those at its border.
struct Around<'a> {
    pixels: [&'a [u8]; 4],
    right: f32,
    down: f32,
}

impl<'a> Around<'a> {
    fn of(photo: &Pixels<'a>, at: Vec2) -> Self {
        let split = |place: f64, side: u32| {
            let last = f64::from(side - 1);
            let place = (place - 0.5).clamp(0.0, last);
            let first = place.floor().min((last - 1.0).max(0.0));
            (count(single(first)), single(place - first))
        };
        let ((x, right), (y, down)) = (split(at.x, photo.width()), split(at.y, photo.height()));
        let pixels = [photo.pixel(x, y), photo.pixel(x + 1, y), photo.pixel(x, y + 1), photo.pixel(x + 1, y + 1)];
        Self { pixels, right, down }
    }

    fn mixed(&self, value: impl Fn(&[u8]) -> f32) -> f32 {
        let [a, b, c, d] = self.pixels.map(value);
        let (above, below) = (a + (b - a) * self.right, c + (d - c) * self.right);
        above + (below - above) * self.down
    }
}
