//! Photographs made here, with the exact coverage that they were made from.

use eseal_face::{Face, Point, Segment};
use eseal_ink::photo::{Layout, Pixels};
use eseal_ink::{Ink, RenderOptions, render};
use image::codecs::jpeg::JpegEncoder;
use tiny_skia::{FillRule, Mask, PathBuilder, Transform};

use crate::score::Coverage;

const NAME: &str = include_str!("../../../../tests/fixtures/ink/zhou-zihan.json");

/// Closed lines on the sheet, mm.
pub(crate) type Polygons = Vec<Vec<(f64, f64)>>;

/// From millimetres of the sheet to pixels: rows of a homography.
#[derive(Clone, Copy)]
pub(crate) struct View(pub(crate) [[f64; 3]; 3]);

impl View {
    /// Straight from above: so many pixels a millimetre, the sheet's corner there.
    pub(crate) const fn above(scale: f64, left: f64, top: f64) -> Self {
        Self([[scale, 0.0, left], [0.0, scale, top], [0.0, 0.0, 1.0]])
    }

    /// By a telephone's camera over this place of the sheet, so many mm away, tilted, panned and rolled by degrees.
    pub(crate) fn camera((width, height): (u32, u32), (x, y): (f64, f64), away: f64, turns: [f64; 3]) -> Self {
        let [(st, ct), (sp, cp), (sr, cr)] = turns.map(|degrees: f64| degrees.to_radians().sin_cos());
        let focal = 0.8 * f64::from(width.max(height));
        let around_y = [[cp, 0.0, sp], [0.0, 1.0, 0.0], [-sp, 0.0, cp]];
        let around_x = Self([[1.0, 0.0, 0.0], [0.0, ct, -st], [0.0, st, ct]]);
        let around_z = Self([[cr, -sr, 0.0], [sr, cr, 0.0], [0.0, 0.0, 1.0]]);
        let turned = around_z.after(around_x.after(around_y).0).0;
        // The sheet's plane is z = 0, so the third column is where its origin goes.
        let plane: [[f64; 3]; 3] = std::array::from_fn(|i| {
            let origin = -turned[i][0] * x - turned[i][1] * y + if i == 2 { away } else { 0.0 };
            [turned[i][0], turned[i][1], origin]
        });
        let middle = [f64::from(width) / 2.0, f64::from(height) / 2.0];
        Self([[focal, 0.0, middle[0]], [0.0, focal, middle[1]], [0.0, 0.0, 1.0]]).after(plane)
    }

    /// Turned about the sheet's corner.
    pub(crate) fn turned(self, degrees: f64) -> Self {
        let (sin, cos) = degrees.to_radians().sin_cos();
        self.after([[cos, -sin, 0.0], [sin, cos, 0.0], [0.0, 0.0, 1.0]])
    }

    /// Seen at a slant: what is farther right and down is this much farther away, per millimetre.
    pub(crate) fn slanted(self, right: f64, down: f64) -> Self {
        self.after([[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [right, down, 1.0]])
    }

    fn after(self, first: [[f64; 3]; 3]) -> Self {
        Self(std::array::from_fn(|i| std::array::from_fn(|j| (0..3).map(|k| self.0[i][k] * first[k][j]).sum())))
    }

    pub(crate) fn place(&self, x: f64, y: f64) -> (f32, f32) {
        let row = |i: usize| self.0[i][0] * x + self.0[i][1] * y + self.0[i][2];
        ((row(0) / row(2)) as f32, (row(1) / row(2)) as f32)
    }
}

/// What lies in front of the camera, and the camera.
#[derive(Clone)]
pub(crate) struct Scene {
    pub(crate) width: u32,
    pub(crate) height: u32,
    pub(crate) view: View,
    /// Light that the paper gives back, each channel 0 to 1.
    pub(crate) paper: [f64; 3],
    pub(crate) ink: [f64; 3],
    /// How bright the light is at a place (0 to 1 across and down).
    pub(crate) light: fn(f64, f64) -> f64,
    /// Light added by reflection, likewise.
    pub(crate) glare: fn(f64, f64) -> f64,
    /// Standard deviation of the blur, pixels.
    pub(crate) blur: f64,
    /// Standard deviation of the noise, of 255.
    pub(crate) noise: f64,
    /// Quality of the JPEG file, if it is one.
    pub(crate) quality: Option<u8>,
    /// Other things on the paper, under the ink: outline in mm, light that it lets through.
    pub(crate) marks: Vec<(Polygons, [f64; 3])>,
    /// Places of signatures on the sheet, mm.
    pub(crate) signatures: Vec<(f64, f64)>,
}

impl Scene {
    pub(crate) fn plain() -> Self {
        Self {
            width: 1600,
            height: 1200,
            view: View::above(20.0, 0.0, 0.0),
            paper: [0.83, 0.84, 0.84],
            ink: [0.12, 0.12, 0.13],
            light: |x, y| 1.0 - 0.25 * x - 0.1 * y,
            glare: |_, _| 0.0,
            blur: 0.9,
            noise: 2.0,
            quality: Some(90),
            marks: Vec::new(),
            signatures: vec![(18.0, 20.0)],
        }
    }

    /// Parallel lines across the sheet, mm apart.
    pub(crate) fn ruled(mut self, apart: f64, thick: f64, through: [f64; 3]) -> Self {
        let mut lines = Vec::new();
        let mut y = apart;
        while y < 90.0 {
            lines.push(vec![(-40.0, y), (160.0, y), (160.0, y + thick), (-40.0, y + thick)]);
            y += apart;
        }
        self.marks.push((lines, through));
        self
    }

    fn cover(&self, loops: &[Vec<(f64, f64)>]) -> Vec<u8> {
        let mut builder = PathBuilder::new();
        for points in loops {
            for (nth, &(x, y)) in points.iter().enumerate() {
                let (x, y) = self.view.place(x, y);
                if nth == 0 { builder.move_to(x, y) } else { builder.line_to(x, y) }
            }
            builder.close();
        }
        let mut mask = Mask::new(self.width, self.height).unwrap();
        if let Some(path) = builder.finish() {
            mask.fill_path(&path, FillRule::Winding, true, Transform::identity());
        }
        mask.data().to_vec()
    }

    pub(crate) fn truth(&self) -> Coverage {
        let face = name();
        let loops: Vec<_> = self.signatures.iter().flat_map(|at| outlines(&face, *at)).collect();
        Coverage { width: self.width as usize, height: self.height as usize, values: self.cover(&loops) }
    }

    pub(crate) fn photograph(&self) -> Photograph {
        let (width, height) = (self.width as usize, self.height as usize);
        let covers: Vec<(Vec<u8>, [f64; 3])> =
            self.marks.iter().map(|(loops, through)| (self.cover(loops), *through)).collect();
        let ink = self.truth().values;
        let mut planes = vec![vec![0.0_f64; width * height]; 3];
        for (c, plane) in planes.iter_mut().enumerate() {
            for (at, value) in plane.iter_mut().enumerate() {
                let (x, y) = ((at % width) as f64 / width as f64, (at / width) as f64 / height as f64);
                let mix = |light: f64, cover: u8, through: f64| {
                    let share = f64::from(cover) / 255.0;
                    light * (1.0 - share + share * through)
                };
                let mut light = self.paper[c];
                for (cover, through) in &covers {
                    light = mix(light, cover[at], through[c]);
                }
                light = mix(light, ink[at], self.ink[c]);
                *value = light * (self.light)(x, y) + (self.glare)(x, y);
            }
            blur(plane, width, self.blur);
        }
        let mut random = 0x9e37_79b9_7f4a_7c15_u64;
        let mut data = vec![0; width * height * 3];
        for (at, byte) in data.iter_mut().enumerate() {
            *byte = (encode(planes[at % 3][at / 3]) * 255.0 + self.noise * gauss(&mut random)).round() as u8;
        }
        if let Some(quality) = self.quality {
            let mut file = Vec::new();
            JpegEncoder::new_with_quality(&mut file, quality)
                .encode(&data, self.width, self.height, image::ExtendedColorType::Rgb8)
                .unwrap();
            data = image::load_from_memory(&file).unwrap().into_rgb8().into_raw();
        }
        Photograph { width: self.width, height: self.height, data }
    }
}

pub(crate) struct Photograph {
    pub(crate) width: u32,
    pub(crate) height: u32,
    pub(crate) data: Vec<u8>,
}

impl Photograph {
    pub(crate) fn pixels(&self) -> Pixels<'_> {
        Pixels::new(self.width, self.height, self.width * 3, Layout::Rgb, &self.data).unwrap()
    }
}

fn name() -> Face {
    render(&Ink::from_json(NAME).unwrap(), &RenderOptions::default()).unwrap()
}

/// The face's outlines as polygons, moved there.
fn outlines(face: &Face, (left, top): (f64, f64)) -> Polygons {
    let contours = face.layers().iter().flat_map(|layer| &layer.paths).flat_map(|path| &path.contours);
    let moved = |at: Point| (at.x + left, at.y + top);
    let polygon = |contour: &eseal_face::Contour| {
        let mut from = contour.start;
        let mut points = vec![moved(from)];
        for segment in &contour.segments {
            if let Segment::Cubic(a, b, to) = *segment {
                for step in 1..8 {
                    let (u, v) = (f64::from(step) / 8.0, 1.0 - f64::from(step) / 8.0);
                    let mix = |p: f64, q: f64, r: f64, s: f64| {
                        v * v * v * p + 3.0 * u * v * v * q + 3.0 * u * u * v * r + u * u * u * s
                    };
                    points.push(moved(Point::new(mix(from.x, a.x, b.x, to.x), mix(from.y, a.y, b.y, to.y))));
                }
            }
            from = segment.end();
            points.push(moved(from));
        }
        points
    };
    contours.map(polygon).collect()
}

/// A ring as of a round seal, mm.
pub(crate) fn ring(x: f64, y: f64, outer: f64, inner: f64) -> Polygons {
    let circle = |radius: f64, way: f64| {
        (0..120)
            .map(|i| f64::from(i) / 120.0 * std::f64::consts::TAU * way)
            .map(|a| (x + radius * a.cos(), y + radius * a.sin()))
            .collect()
    };
    vec![circle(outer, 1.0), circle(inner, -1.0)]
}

/// Rows of small marks of one height, as print has them, mm.
pub(crate) fn print(left: f64, top: f64, columns: usize, rows: usize) -> Polygons {
    let mut marks = Vec::new();
    for row in 0..rows {
        for column in 0..columns {
            let (x, y) = (left + column as f64 * 2.6, top + row as f64 * 5.0);
            let kind = (row * 7 + column * 3) % 4;
            let bar = |x0: f64, y0: f64, x1: f64, y1: f64| {
                vec![(x + x0, y + y0), (x + x1, y + y0), (x + x1, y + y1), (x + x0, y + y1)]
            };
            marks.push(bar(0.0, 0.0, 0.35, 2.2));
            marks.push(bar(0.2, 0.5 * kind as f64, 1.8, 0.5 * kind as f64 + 0.35));
            if kind > 1 {
                marks.push(bar(1.5, 0.0, 1.85, 2.2));
            }
        }
    }
    marks
}

fn encode(light: f64) -> f64 {
    let light = light.clamp(0.0, 1.0);
    if light <= 0.003_130_8 { light * 12.92 } else { 1.055 * light.powf(1.0 / 2.4) - 0.055 }
}

fn gauss(state: &mut u64) -> f64 {
    let mut uniform = || {
        *state ^= *state << 13;
        *state ^= *state >> 7;
        *state ^= *state << 17;
        (*state >> 11) as f64 / (1_u64 << 53) as f64
    };
    (0..4).map(|_| uniform() - 0.5).sum::<f64>() * 3.0_f64.sqrt()
}

fn blur(plane: &mut [f64], width: usize, sigma: f64) {
    if sigma <= 0.0 {
        return;
    }
    let reach = (sigma * 3.0).ceil() as isize;
    let kernel: Vec<f64> = (-reach..=reach).map(|i| (-(i * i) as f64 / (2.0 * sigma * sigma)).exp()).collect();
    let total: f64 = kernel.iter().sum();
    let height = plane.len() / width;
    for (dx, dy) in [(1, 0), (0, 1)] {
        let source = plane.to_vec();
        for y in 0..height {
            for x in 0..width {
                let mut sum = 0.0;
                for (k, weight) in kernel.iter().enumerate() {
                    let shift = k as isize - reach;
                    let u = (x as isize + dx * shift).clamp(0, width as isize - 1) as usize;
                    let v = (y as isize + dy * shift).clamp(0, height as isize - 1) as usize;
                    sum += weight * source[v * width + u];
                }
                plane[y * width + x] = sum / total;
            }
        }
    }
}
