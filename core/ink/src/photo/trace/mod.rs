//! From soft coverage to outlines of few smooth curves.

mod contour;
mod line;

use eseal_face::{Contour, Path};

use self::contour::{double_area, loops};
use super::grid::Grid;
use crate::geometry::{Bounds, Vec2};
use crate::stroke::fit::{follow, point};

/// Outlines with holes, a path for each connected area.
pub(super) struct Outlines {
    areas: Vec<Area>,
}

/// One connected area: the line around it and the lines of its holes.
struct Area {
    outer: Vec<Vec2>,
    holes: Vec<Vec<Vec2>>,
}

impl Outlines {
    /// Traces where coverage is half. Areas and holes of fewer pixels than `least_area` are left out.
    pub(super) fn trace(coverage: &Grid<f32>, least_area: f64) -> Self {
        let (mut areas, mut holes) = (Vec::new(), Vec::new());
        for line in loops(coverage) {
            let double = double_area(&line);
            if double.abs() < 2.0 * least_area {
                continue;
            }
            if double > 0.0 {
                areas.push(Area { outer: line, holes: Vec::new() });
            } else {
                holes.push(line);
            }
        }
        for hole in holes {
            let around = |area: &&mut Area| is_inside(&area.outer, hole[0]);
            // Of nested areas the innermost holds the hole: the one of least extent.
            let smallest = areas
                .iter_mut()
                .filter(around)
                .min_by(|one, other| double_area(&one.outer).total_cmp(&double_area(&other.outer)));
            if let Some(area) = smallest {
                area.holes.push(hole);
            }
        }
        Self { areas }
    }

    /// The box around all of them, pixels.
    pub(super) fn bounds(&self) -> Bounds {
        Bounds::of(self.areas.iter().flat_map(|area| &area.outer).copied())
    }

    /// Smooth curves, each point taken `to` millimetres.
    pub(super) fn paths(&self, to: impl Fn(Vec2) -> Vec2) -> Vec<Path> {
        let contours =
            |area: &Area| std::iter::once(&area.outer).chain(&area.holes).map(|line| curve(line, &to)).collect();
        self.areas.iter().map(|area| Path { contours: contours(area) }).collect()
    }
}

fn curve(line: &Vec<Vec2>, to: &impl Fn(Vec2) -> Vec2) -> Contour {
    let mut segments = Vec::new();
    let mut start = Vec2::default();
    for (nth, mut piece) in line::pieces(line).into_iter().enumerate() {
        for dart in &mut piece {
            dart.at = to(dart.at);
        }
        if nth == 0 {
            start = piece.first().map_or(start, |dart| dart.at);
        }
        follow(&piece, &mut segments);
    }
    Contour { start: point(start), segments }
}

/// Whether a line runs around a point (even-odd rule).
fn is_inside(line: &[Vec2], at: Vec2) -> bool {
    let crosses = |from: Vec2, to: Vec2| {
        (from.y > at.y) != (to.y > at.y) && at.x < from.x + (to.x - from.x) * (at.y - from.y) / (to.y - from.y)
    };
    line.iter().zip(line.iter().cycle().skip(1)).filter(|(from, to)| crosses(**from, **to)).count() % 2 == 1
}
