//! Where the sheet is that the signature stands on: a bright area with four straight sides.

use super::blobs::Blobs;
use super::grid::{Grid, count, exact, number, single};
use super::quad::{PixelPoint, Quad};
use super::{PhotoError, PixelRect, Pixels, straight};
use crate::geometry::Vec2;

/// The look is taken at no more than about this many pixels.
const LOOK_PIXELS: f64 = 500_000.0;
/// A sheet covers at least this share of the photograph,
const LEAST_SHARE: f64 = 0.12;
/// and at least this share of the four-sided figure around it.
const LEAST_FILLED: f64 = 0.93;
/// It leaves this much of its outline inside the photograph: what is cut has no corners.
const MOST_CUT: f64 = 0.04;
/// The sheet is so many times as bright as what it lies on.
const LEAST_CONTRAST: f32 = 1.25;
/// Levels of brightness that are told apart.
const LEVELS: usize = 128;
/// A side is drawn through the outline within this distance, pixels of the look,
const NEAR_SIDE: f64 = 2.5;
/// but for this share at each end, where the sheet's corners are round or bent.
const NEAR_CORNER: f64 = 0.08;

/// The corners of the sheet, if all of it can be seen and it is brighter than what it lies on. For
/// [`straighten`](super::straighten).
///
/// # Errors
/// [`PhotoError::NoSheet`].
pub fn sheet(pixels: &Pixels<'_>) -> Result<Quad, PhotoError> {
    find(pixels).ok_or(PhotoError::NoSheet)
}

fn find(pixels: &Pixels<'_>) -> Option<Quad> {
    let PixelRect { width, height, .. } = pixels.bounds();
    let factor = count(single((f64::from(width) * f64::from(height) / LOOK_PIXELS).sqrt().ceil())).max(1);
    let mut light = pixels.luminance(pixels.bounds(), factor);
    // The eye's scale: a shadow on the sheet matters less than the table beside it.
    light.values_mut().iter_mut().for_each(|value| *value = value.sqrt());
    let parting = parting(&light)?;
    let found = Blobs::above(&light, parting, parting);
    let sheet = found.blobs().iter().max_by_key(|blob| blob.area)?;
    let area = exact(light.width() * light.height());
    if exact(sheet.width() * sheet.height()) < LEAST_SHARE * area {
        return None;
    }
    let (left, top, most) = (sheet.left, sheet.top, sheet.area);
    let runs = found.runs(|blob| blob.area == most && blob.left == left && blob.top == top);
    let outline: Vec<Vec2> = runs
        .flat_map(|run| [run.from, run.to].map(|x| [run.y, run.y + 1].map(|y| Vec2::new(exact(x), exact(y)))))
        .flatten()
        .collect();
    let hull = hull(outline.clone());
    let cut = |at: &Vec2| {
        at.x <= 1.0 || at.y <= 1.0 || at.x >= exact(light.width()) - 1.0 || at.y >= exact(light.height()) - 1.0
    };
    let sides = || hull.iter().zip(hull.iter().cycle().skip(1));
    let length: f64 = sides().map(|(from, to)| from.distance(*to)).sum();
    let lost: f64 = sides().filter(|(from, to)| cut(from) && cut(to)).map(|(from, to)| from.distance(*to)).sum();
    if lost > MOST_CUT * length {
        return None;
    }
    let figure = four_sided(hull.clone())?;
    if doubled_area(&hull) < LEAST_FILLED * doubled_area(&figure) {
        return None;
    }
    let corners = drawn_along(&figure, &outline)?;
    let quad = Quad(corners.map(|at| PixelPoint { x: at.x * exact(factor), y: at.y * exact(factor) }));
    quad.check(width, height).ok().map(|()| quad)
}

/// The brightness that best tells two kinds of pixels apart (Otsu), if they differ enough.
fn parting(light: &Grid<f32>) -> Option<f32> {
    let mut counts = [0_usize; LEVELS];
    for value in light.values() {
        counts[count(value * number(LEVELS)).min(LEVELS - 1)] += 1;
    }
    let middle = |level: usize| (number(level) + 0.5) / number(LEVELS);
    let whole: f32 = counts.iter().enumerate().map(|(level, &n)| middle(level) * number(n)).sum();
    let all = light.values().len();
    let (mut below, mut sum) = (0, 0.0);
    let mut best = (0.0, None);
    for (level, &n) in counts.iter().enumerate() {
        below += n;
        sum += middle(level) * number(n);
        let above = all - below;
        if below == 0 || above == 0 {
            continue;
        }
        let (dark, bright) = (sum / number(below), (whole - sum) / number(above));
        let between = number(below) / number(all) * number(above) * (bright - dark).powi(2);
        if between > best.0 {
            let parted = (bright > dark * LEAST_CONTRAST.sqrt()).then(|| number(level + 1) / number(LEVELS));
            best = (between, parted);
        }
    }
    best.1
}

/// The convex outline of points, clockwise as seen (Andrew's monotone chain).
fn hull(mut points: Vec<Vec2>) -> Vec<Vec2> {
    points.sort_by(|one, other| one.x.total_cmp(&other.x).then(one.y.total_cmp(&other.y)));
    points.dedup();
    let chain = |points: &mut dyn Iterator<Item = Vec2>| {
        let mut chain: Vec<Vec2> = Vec::new();
        for at in points {
            while let [.., one, two] = chain[..]
                && (two - one).cross(at - two) <= 0.0
            {
                chain.pop();
            }
            chain.push(at);
        }
        chain.pop();
        chain
    };
    let mut upper = chain(&mut points.iter().copied());
    upper.extend(chain(&mut points.iter().rev().copied()));
    upper
}

/// The figure of four sides around a convex one that adds least to its area: sides are left out one by one.
fn four_sided(mut figure: Vec<Vec2>) -> Option<Vec<Vec2>> {
    while figure.len() > 4 {
        let sides = figure.len();
        let at = |n: usize| figure[n % sides];
        let without = |n: usize| {
            let (before, from, to, after) = (at(n + sides - 1), at(n), at(n + 1), at(n + 2));
            let meet = crossing(before, from - before, after, to - after)?;
            let added = (to - from).cross(meet - from).abs();
            // Neighbours that part again meet on the wrong side.
            ((from - before).dot(meet - from) >= 0.0).then_some((n, meet, added))
        };
        let (n, meet, _) = (0..sides).filter_map(without).min_by(|one, other| one.2.total_cmp(&other.2))?;
        figure[n] = meet;
        figure.remove((n + 1) % sides);
    }
    (figure.len() == 4).then_some(figure)
}

/// The corners between lines that follow the outline along each side, from the top left one on.
fn drawn_along(figure: &[Vec2], outline: &[Vec2]) -> Option<[Vec2; 4]> {
    let mut lines = Vec::with_capacity(4);
    for n in 0..4 {
        let (from, to) = (figure[n], figure[(n + 1) % 4]);
        let way = (to - from).unit()?;
        let length = from.distance(to);
        let places = outline.iter().map(|at| ((*at - from).dot(way), way.cross(*at - from)));
        let follows = |&(along, beside): &(f64, f64)| {
            (NEAR_CORNER * length..=(1.0 - NEAR_CORNER) * length).contains(&along) && beside.abs() <= NEAR_SIDE
        };
        // A level side has no steps, and lies where it was found.
        let (beside, slope) = straight::through(places.filter(follows)).unwrap_or_default();
        lines.push((from + way.turned() * beside, way + way.turned() * slope));
    }
    let mut corners = [Vec2::default(); 4];
    for n in 0..4 {
        let ((one, along), (other, next)) = (lines[(n + 3) % 4], lines[n]);
        corners[n] = crossing(one, along, other, next)?;
    }
    let first = (0..4).min_by(|&n, &m| (corners[n].x + corners[n].y).total_cmp(&(corners[m].x + corners[m].y)))?;
    corners.rotate_left(first);
    Some(corners)
}

/// Where two lines meet.
fn crossing(one: Vec2, along: Vec2, other: Vec2, next: Vec2) -> Option<Vec2> {
    let across = along.cross(next);
    (across.abs() > 1e-9).then(|| one + along * ((other - one).cross(next) / across))
}

fn doubled_area(figure: &[Vec2]) -> f64 {
    figure.iter().zip(figure.iter().cycle().skip(1)).map(|(one, other)| one.cross(*other)).sum::<f64>().abs()
}
