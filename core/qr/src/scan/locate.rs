//! Three finder patterns to a place where a symbol may be.

use super::finder::{Binary, Finder, Polarity};
use super::geometry::{Homography, Point, intersect};
use super::grid::Grid;
use super::information::{MARK_BITS, marked};
use super::symbol::Version;
use crate::frame::Plane;

/// Three finder patterns that may belong together, in the order top left, top right, bottom left of an unmirrored symbol.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Triple {
    pub(crate) finders: [Finder; 3],
    /// How far from an upright square: 0 is perfect.
    pub(crate) cost: f32,
}

/// Centres of finder patterns are so many modules apart in the smallest and the largest version, with room for error.
const MIN_APART: f32 = 10.0;
const MAX_APART: f32 = 200.0;

/// All plausible triples, most plausible first.
pub(crate) fn triples(finders: &[Finder]) -> Vec<Triple> {
    let mut triples = Vec::new();
    for (i, a) in finders.iter().enumerate() {
        for (j, b) in finders.iter().enumerate().skip(i + 1) {
            for c in &finders[j + 1..] {
                triples.extend(corners_of([a, b, c]));
            }
        }
    }
    triples.sort_by(|a, b| a.cost.total_cmp(&b.cost));
    triples
}

/// The ways in which three patterns may belong together: the corner is where the angle is nearest to a right one, unless
/// the picture is taken very much from the side.
pub(crate) fn corners_of(members: [&Finder; 3]) -> Vec<Triple> {
    let [first, second, third] = members;
    if first.polarity != second.polarity || second.polarity != third.polarity {
        return Vec::new();
    }
    let modules = members.map(|finder| finder.module);
    let (least, most) = modules.iter().fold((f32::MAX, 0.0_f32), |(least, most), &m| (least.min(m), most.max(m)));
    let spread = (most / least).ln();
    if spread > MAX_SPREAD {
        return Vec::new();
    }
    let module = modules.iter().sum::<f32>() / 3.0;
    let corners = [[first, second, third], [second, first, third], [third, first, second]];
    let mut triples: Vec<Triple> = corners.into_iter().filter_map(|corner| triple(corner, spread, module)).collect();
    triples.sort_by(|a, b| a.cost.total_cmp(&b.cost));
    triples.truncate(if spread > TILTED { 2 } else { 1 });
    triples
}

/// Largest and smallest module of a triple, as a logarithm of their ratio.
const MAX_SPREAD: f32 = 0.9;
/// Above this, the picture is taken so much from the side that angles say little.
const TILTED: f32 = 0.25;

fn triple([corner, one, other]: [&Finder; 3], spread: f32, module: f32) -> Option<Triple> {
    let [one_side, other_side] = [one, other].map(|end| end.center - corner.center);
    let lengths = [one_side.length(), other_side.length()];
    let (long, short) = (lengths[0].max(lengths[1]), lengths[0].min(lengths[1]));
    let (cosine, stretch) = (one_side.dot(other_side).abs() / (long * short), (long / short).ln());
    let is_plausible = cosine < 0.85 && stretch < 1.2 && short > MIN_APART * 0.7 * module && long < MAX_APART * module;
    // Clockwise as seen: x to the right and y down.
    let [right, below] = if one_side.cross(other_side) > 0.0 { [one, other] } else { [other, one] };
    is_plausible.then_some(Triple { finders: [*corner, *right, *below], cost: cosine + stretch + spread })
}

/// Points of the picture that are known to be points of the symbol, before its version is known: modules are counted from
/// the centre of the finder pattern that is named.
pub(crate) struct Anchors {
    points: Vec<(usize, Point, Point)>,
    centers: [Point; 3],
    /// Modules between the centres of the finder patterns, as their rings and as the crossings of rows say.
    apart: [f32; 2],
}

impl Triple {
    pub(crate) fn polarity(&self) -> Polarity {
        self.finders[0].polarity
    }

    /// Measures the three finder patterns along the symbol's own axes.
    pub(crate) fn anchors(&self, binary: Binary<'_>) -> Anchors {
        let centers = self.finders.map(|finder| finder.center);
        let [corner, right, below] = centers;
        let axes = [right - corner, below - corner];
        let units = axes.map(|axis| axis * (1.0 / axis.length()));
        let reach = |finder: &Finder, unit: Point| {
            let ahead = rings(binary, finder, unit);
            let behind = rings(binary, finder, unit * -1.0);
            match (ahead, behind) {
                (Some(ahead), Some(behind)) => (ahead + behind) / 6.0,
                (Some(one), None) | (None, Some(one)) => one / 3.0,
                (None, None) => finder.module,
            }
        };
        let [first, second, third] = &self.finders;
        let across = axes[0].length() * 2.0 / (reach(first, units[0]) + reach(second, units[0]));
        let down = axes[1].length() * 2.0 / (reach(first, units[1]) + reach(third, units[1]));
        let crossed = (first.module + second.module + third.module) / 3.0;
        let apart = [f32::midpoint(across, down), f32::midpoint(axes[0].length(), axes[1].length()) / crossed];
        let mut points = Vec::with_capacity(12);
        for (place, finder) in self.finders.iter().enumerate() {
            let (u, v) = (units[0] * reach(finder, units[0]), units[1] * reach(finder, units[1]));
            points.extend(corners(binary, finder, u, v).into_iter().flatten().map(|(from, to)| (place, from, to)));
        }
        Anchors { points, centers, apart }
    }
}

/// Steps from the centre to the middle of the dark ring: the mean of its two edges, which is where it is however thick the
/// ink. Three modules.
fn rings(binary: Binary<'_>, finder: &Finder, direction: Point) -> Option<f32> {
    let steps = steps_for(finder);
    let [inner, ring, outer]: [f32; 3] = binary.edges(finder.center, direction, finder.polarity, steps)?;
    let far = f32::midpoint(ring, outer);
    let near = f32::midpoint(inner, ring);
    // Two and three modules: anything else is not the pattern.
    (1.2..1.9).contains(&(far / near)).then_some(far)
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a length in the picture")]
fn steps_for(finder: &Finder) -> usize {
    (finder.module * 8.0) as usize + 4
}

/// The corners of the square through the middle of the dark ring, in modules from the centre and in the picture.
fn corners(binary: Binary<'_>, finder: &Finder, u: Point, v: Point) -> Option<[(Point, Point); 4]> {
    let side = |ahead: Point, along: Point| -> Option<(Point, Point)> {
        let points: Vec<Point> = [-0.66, -0.33, 0.0, 0.33, 0.66]
            .into_iter()
            .filter_map(|part| {
                let ray = ahead + along * part;
                let step = ray * (1.0 / ray.length());
                let distance = rings(binary, finder, step)?;
                // A ray that runs off along another edge is no witness.
                let expected = 3.0 * ray.length();
                (0.6..1.6).contains(&(distance / expected)).then(|| finder.center + step * distance)
            })
            .collect();
        line(&points)
    };
    let (right, left) = (side(u, v)?, side(u * -1.0, v)?);
    let (below, above) = (side(v, u)?, side(v * -1.0, u)?);
    Some([
        (Point::new(-3.0, -3.0), intersect(left, above)?),
        (Point::new(3.0, -3.0), intersect(right, above)?),
        (Point::new(3.0, 3.0), intersect(right, below)?),
        (Point::new(-3.0, 3.0), intersect(left, below)?),
    ])
}

/// The line with the least squared distances to the points.
fn line(points: &[Point]) -> Option<(Point, Point)> {
    if points.len() < 3 {
        return None;
    }
    #[expect(clippy::cast_precision_loss, reason = "five at most")]
    let share = 1.0 / points.len() as f32;
    let mean = points.iter().fold(Point::default(), |sum, &point| sum + point) * share;
    let (mut xx, mut xy, mut yy) = (0.0, 0.0, 0.0);
    for point in points {
        let off = *point - mean;
        xx += off.x * off.x;
        xy += off.x * off.y;
        yy += off.y * off.y;
    }
    let angle = (2.0 * xy).atan2(xx - yy) / 2.0;
    Some((mean, Point::new(angle.cos(), angle.sin())))
}

impl Anchors {
    /// Versions that the distances allow, the nearest first.
    pub(crate) fn versions(&self) -> Vec<Version> {
        let numbers = self.apart.map(|apart| ((apart + 7.0 - 17.0) / 4.0).clamp(1.0, f32::from(Version::MAX)));
        // The longer the side, the more a wrong module adds up.
        let reach = 0.9 + numbers[0] / 8.0;
        let mut versions: Vec<(f32, Version)> = (1..=Version::MAX)
            .map(|candidate| (numbers.map(|number| (f32::from(candidate) - number).abs()), candidate))
            .map(|([by_rings, by_rows], candidate)| (by_rings.min(by_rows + 0.1), candidate))
            .filter(|&(off, _)| off <= reach)
            .filter_map(|(off, candidate)| Some((off, Version::new(candidate)?)))
            .collect();
        versions.sort_by(|a, b| a.0.total_cmp(&b.0));
        versions.into_iter().map(|(_, version)| version).collect()
    }

    fn places(version: Version) -> [Point; 3] {
        let far = side(version) - 3.5;
        [Point::new(3.5, 3.5), Point::new(far, 3.5), Point::new(3.5, far)]
    }

    /// The version that is written beside two of the finder patterns, and bits of evidence for it. What lies between the
    /// patterns may bend as it likes: each copy is read under the map of its own pattern.
    pub(crate) fn marked(&self, plane: &Plane<'_>, sign: f32) -> Option<(Version, f32)> {
        let local = |finder: usize| {
            let corners = self.points.iter().filter(|(place, ..)| *place == finder);
            Homography::fit(&corners.map(|&(_, from, to)| (from, to)).collect::<Vec<_>>())
        };
        let darkness = |map: &Homography, at: Point| {
            let luma = |x: f32, y: f32| plane.sample(map.map(Point::new(x, y)));
            let light = (luma(2.0, 0.0) + luma(-2.0, 0.0) + luma(0.0, 2.0) + luma(0.0, -2.0)) / 4.0;
            sign * (f32::midpoint(light, luma(0.0, 0.0)) - luma(at.x, at.y))
        };
        // From the centre of the pattern: three modules beside its separator, six along it.
        let copy = |finder: usize, turn: fn(f32, f32) -> Point| -> Option<[f32; MARK_BITS]> {
            let map = local(finder)?;
            #[expect(clippy::cast_precision_loss, reason = "at most 18")]
            Some(std::array::from_fn(|bit| darkness(&map, turn((bit % 3) as f32 - 7.0, (bit / 3) as f32 - 3.0))))
        };
        marked(&[copy(1, Point::new)?, copy(2, |off, along| Point::new(along, off))?])
    }

    /// The grid without perspective.
    pub(crate) fn parallelogram(&self, version: Version) -> Option<Grid> {
        let [corner, right, below] = self.centers;
        let [a, b, c] = Self::places(version);
        let pairs = [(a, corner), (b, right), (c, below), (Point::new(b.x, c.y), right + below - corner)];
        Some(Grid::new(version, Homography::fit(&pairs)?))
    }

    /// The grid through the corners of the finder patterns, where all were found.
    pub(crate) fn perspective(&self, version: Version) -> Option<Grid> {
        if self.points.len() < 12 {
            return None;
        }
        let places = Self::places(version);
        let centers = places.into_iter().zip(self.centers);
        let pairs: Vec<(Point, Point)> =
            self.points.iter().map(|&(finder, from, to)| (places[finder] + from, to)).chain(centers).collect();
        let grid = Grid::new(version, Homography::fit(&pairs)?);
        // Three small squares are a short lever: what folds or flies off is wrong.
        let [corner, right, below] = self.centers;
        let far = grid.at(Point::new(grid.extent() - 3.5, grid.extent() - 3.5));
        (far.distance(right + below - corner) < 0.35 * right.distance(below)).then_some(grid)
    }
}

#[expect(clippy::cast_precision_loss, reason = "at most 177")]
fn side(version: Version) -> f32 {
    version.side() as f32
}
