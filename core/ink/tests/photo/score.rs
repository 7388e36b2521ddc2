//! How well an extraction meets the exact coverage that a photograph was made from.

use eseal_face::{Face, Segment};
use eseal_ink::photo::Mask;
use tiny_skia::{FillRule, Mask as Canvas, PathBuilder, Transform};

/// Coverage of every pixel of a photograph, 0 to 255.
#[derive(Clone)]
pub(crate) struct Coverage {
    pub(crate) width: usize,
    pub(crate) height: usize,
    pub(crate) values: Vec<u8>,
}

impl Coverage {
    pub(crate) fn empty(width: usize, height: usize) -> Self {
        Self { width, height, values: vec![0; width * height] }
    }

    pub(crate) fn of_picture(file: &[u8]) -> Self {
        let picture = image::load_from_memory(file).unwrap().into_luma8();
        Self { width: picture.width() as usize, height: picture.height() as usize, values: picture.into_raw() }
    }

    /// What was extracted, in its place on a photograph of that size.
    pub(crate) fn of_mask(mask: &Mask, width: usize, height: usize) -> Self {
        let mut out = Self::empty(width, height);
        let factor = mask.factor as usize;
        for y in 0..mask.height as usize * factor {
            for x in 0..mask.width as usize * factor {
                let value = mask.coverage[y / factor * mask.width as usize + x / factor];
                out.values[(mask.rect.top as usize + y) * width + mask.rect.left as usize + x] = value;
            }
        }
        out
    }

    /// The traced face, drawn back onto a photograph of that size.
    pub(crate) fn of_face(face: &Face, mask: &Mask, width: usize, height: usize) -> Self {
        let factor = f64::from(mask.factor);
        let scale = factor / mask.mm_per_px;
        let left = f64::from(mask.rect.left) + mask.origin_px.0 * factor;
        let top = f64::from(mask.rect.top) + mask.origin_px.1 * factor;
        let to_photo = Transform::from_row(scale as f32, 0.0, 0.0, scale as f32, left as f32, top as f32);
        let mut canvas = Canvas::new(width as u32, height as u32).unwrap();
        for path in face.layers().iter().flat_map(|layer| &layer.paths) {
            let mut builder = PathBuilder::new();
            for contour in &path.contours {
                builder.move_to(contour.start.x as f32, contour.start.y as f32);
                for segment in &contour.segments {
                    match segment {
                        Segment::Line(to) => builder.line_to(to.x as f32, to.y as f32),
                        Segment::Cubic(a, b, to) => {
                            builder.cubic_to(a.x as f32, a.y as f32, b.x as f32, b.y as f32, to.x as f32, to.y as f32);
                        }
                    }
                }
                builder.close();
            }
            if let Some(path) = builder.finish() {
                canvas.fill_path(&path, FillRule::Winding, true, to_photo);
            }
        }
        Self { width, height, values: canvas.data().to_vec() }
    }

    fn ink(&self) -> Vec<bool> {
        self.values.iter().map(|value| *value > 127).collect()
    }

    fn widened(&self) -> Vec<bool> {
        let ink = self.ink();
        let mut out = vec![false; ink.len()];
        for y in 0..self.height {
            for x in 0..self.width {
                if ink[y * self.width + x] {
                    for v in y.saturating_sub(1)..(y + 2).min(self.height) {
                        for u in x.saturating_sub(1)..(x + 2).min(self.width) {
                            out[v * self.width + u] = true;
                        }
                    }
                }
            }
        }
        out
    }

    /// Where the coverage passes half between two neighbouring pixels.
    fn edge(&self) -> Vec<(f64, f64)> {
        let mut points = Vec::new();
        let at = |x: usize, y: usize| f64::from(self.values[y * self.width + x]) - 127.5;
        for y in 0..self.height - 1 {
            for x in 0..self.width - 1 {
                let here = at(x, y);
                for (dx, dy) in [(1, 0), (0, 1)] {
                    let there = at(x + dx, y + dy);
                    if (here > 0.0) != (there > 0.0) {
                        let share = here / (here - there);
                        points.push((x as f64 + share * dx as f64, y as f64 + share * dy as f64));
                    }
                }
            }
        }
        points
    }
}

/// How two coverages agree.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Score {
    /// Of pixels that are half covered or more.
    pub(crate) exact: f64,
    /// The same, a pixel counting as right if one of its eight neighbours agrees.
    pub(crate) near: f64,
    /// Mean distance between the edges, both ways, pixels.
    pub(crate) edge_px: f64,
}

impl std::fmt::Display for Score {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "F1 {:.4} ({:.4} within a pixel), edges {:.3} px apart,", self.exact, self.near, self.edge_px)
    }
}

pub(crate) fn score(found: &Coverage, truth: &Coverage) -> Score {
    let (ours, theirs) = (found.ink(), truth.ink());
    let both = |one: &[bool], other: &[bool]| one.iter().zip(other).filter(|(a, b)| **a && **b).count() as f64;
    let count = |mask: &[bool]| mask.iter().filter(|ink| **ink).count() as f64;
    let exact = 2.0 * both(&ours, &theirs) / (count(&ours) + count(&theirs)).max(1.0);
    let precision = both(&ours, &truth.widened()) / count(&ours).max(1.0);
    let recall = both(&theirs, &found.widened()) / count(&theirs).max(1.0);
    let near = 2.0 * precision * recall / (precision + recall).max(1e-9);
    Score { exact, near, edge_px: distance(&found.edge(), &truth.edge()) }
}

/// Mean distance from each point to the nearest of the others, both ways; points farther than 8 pixels count as 8.
fn distance(one: &[(f64, f64)], other: &[(f64, f64)]) -> f64 {
    let sum = |from: &[(f64, f64)], to: &[(f64, f64)]| -> f64 {
        let mut buckets = std::collections::HashMap::<(i64, i64), Vec<(f64, f64)>>::new();
        let key = |at: (f64, f64)| ((at.0 / 4.0).floor() as i64, (at.1 / 4.0).floor() as i64);
        for point in to {
            buckets.entry(key(*point)).or_default().push(*point);
        }
        let nearest = |at: &(f64, f64)| {
            let (x, y) = key(*at);
            let around = (-2..=2).flat_map(|dy| (-2..=2).map(move |dx| (x + dx, y + dy)));
            let near = around.filter_map(|key| buckets.get(&key)).flatten();
            near.map(|to| (to.0 - at.0).hypot(to.1 - at.1)).fold(8.0, f64::min)
        };
        from.iter().map(nearest).sum()
    };
    (sum(one, other) + sum(other, one)) / (one.len() + other.len()).max(1) as f64
}
