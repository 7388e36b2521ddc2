//! Lines of pixels through the middle of a finder pattern: 1 : 1 : 3 : 1 : 1, to a part of a pixel.

use super::finder::{Binary, Polarity, Tolerance, module_of};

/// From one pixel to the next of a line: columns to the right and rows down, each −1, 0 or 1.
pub(super) type Step = (i16, i16);

/// Distances from the middle of a pixel to where dark and light change.
type Edges = [f32; 3];

impl Binary<'_> {
    /// The pattern through a pixel along a line: the offset of its middle from the pixel's and the module, in steps.
    pub(super) fn cross(
        &self,
        through: (usize, usize),
        (right, down): Step,
        polarity: Polarity,
        reach: usize,
        tolerance: Tolerance,
    ) -> Option<(f32, f32)> {
        let ahead = self.changes(through, (right, down), polarity, reach)?;
        let behind = self.changes(through, (-right, -down), polarity, reach)?;
        let runs = [
            behind[2] - behind[1],
            behind[1] - behind[0],
            behind[0] + ahead[0],
            ahead[1] - ahead[0],
            ahead[2] - ahead[1],
        ];
        let module = module_of(runs, tolerance, 0.35)?;
        Some(((ahead[0] - behind[0]) / 2.0, module))
    }

    /// The three changes that follow a pixel of a pattern's middle. Nearly all places that are looked at end here, so this
    /// walks over indices, and where it may go is known before.
    fn changes(&self, (x, y): (usize, usize), (right, down): Step, polarity: Polarity, reach: usize) -> Option<Edges> {
        let (width, height) = (self.plane.width as usize, self.plane.height as usize);
        let ink = if polarity == Polarity::DarkOnLight { 1 } else { -1 };
        let darkness =
            |x: usize, y: usize| i16::from(self.threshold.at(x, y)) - i16::from(self.plane.luma[y * width + x]);
        let room = |at: usize, length: usize, step: i16| match step {
            1 => length - 1 - at,
            -1 => at,
            _ => usize::MAX,
        };
        let steps = reach.min(room(x, width, right)).min(room(y, height, down));
        let mut sign = ink;
        let mut before = darkness(x, y) * sign;
        if before <= 0 {
            return None;
        }
        let (right, down) = (isize::from(right), isize::from(down));
        let (mut x, mut y) = (x, y);
        let (mut edges, mut found) = (Edges::default(), 0);
        for step in 0..steps {
            (x, y) = (x.wrapping_add_signed(right), y.wrapping_add_signed(down));
            let here = darkness(x, y) * sign;
            if here > 0 {
                before = here;
                continue;
            }
            edges[found] = length(step) + part(before, here);
            found += 1;
            if found == edges.len() {
                return Some(edges);
            }
            sign = -sign;
            before = -here;
        }
        // The outermost edge may be the picture's own.
        if found + 1 < edges.len() {
            return None;
        }
        edges[found] = length(steps) + 0.5;
        Some(edges)
    }
}

/// How far the change between two pixels is from the first one. A pixel on the threshold is a change itself.
fn part(before: i16, here: i16) -> f32 {
    f32::from(before) / f32::from((before - here).max(1))
}

#[expect(clippy::cast_precision_loss, reason = "at most the side of a plane")]
const fn length(steps: usize) -> f32 {
    steps as f32
}
