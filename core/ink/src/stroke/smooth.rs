//! From samples to where the pen really was: noise out, no lag, ends and corners in their place.

use crate::Sample;
use crate::geometry::Vec2;

/// Half the time window the local fit looks at, ms: at 120 Hz seven samples, which cost least error at 60 to 240 Hz.
const HALF_WINDOW_MS: f64 = 25.0;
/// Samples on either side that the fit takes at least, however slow the digitiser.
const LEAST_NEIGHBOURS: usize = 2;
/// A sharper turn than this is a corner, not a curve: 75°.
const CORNER_TURN: f64 = 1.309;
/// How far before and after a sample the turn is measured, mm.
const CORNER_REACH_MM: f64 = 0.5;
/// A corner must turn as far within this smaller reach, mm; the smallest loops a hand makes do not.
const CORNER_CORE_MM: f64 = 0.2;
/// Samples at a single time are spread this far apart where nothing else is known, ms.
const ASSUMED_GAP_MS: f64 = 8.0;

/// Where the pen was at one sample, smoothed.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Knot {
    pub(crate) at: Vec2,
    pub(crate) t_ms: f64,
    /// mm/ms.
    pub(crate) speed: f64,
    /// 0 to 1.
    pub(crate) force: Option<f64>,
    pub(crate) is_corner: bool,
}

/// Local quadratic least squares over a centred time window that shrinks towards the ends and towards corners, so that
/// both stay exactly where they were drawn.
pub(crate) fn smooth(samples: &[Sample], to_plane: impl Fn(Vec2) -> Vec2) -> Vec<Knot> {
    let points: Vec<Vec2> = samples.iter().map(|sample| to_plane(sample.into())).collect();
    let times = spread_times(samples);
    let corners = corners(&points);
    let mut knots = Vec::with_capacity(points.len());
    let mut from = 0;
    for i in 0..points.len() {
        let to = (i + 1..points.len()).find(|&next| corners[next]).unwrap_or(points.len().saturating_sub(1)).max(i);
        let is_end = i == from || i == to;
        let fit =
            if is_end { end_fit(&points, &times, i, from, to) } else { centred_fit(&points, &times, i, from, to) };
        knots.push(Knot {
            at: if is_end { points[i] } else { fit.at },
            t_ms: times[i],
            speed: fit.slope.length(),
            force: samples[i].force.map(f64::from),
            is_corner: corners[i],
        });
        if corners[i] {
            from = i;
        }
    }
    knots
}

struct Fit {
    at: Vec2,
    slope: Vec2,
}

fn centred_fit(points: &[Vec2], times: &[f64], i: usize, from: usize, to: usize) -> Fit {
    let reach = HALF_WINDOW_MS.min(times[i] - times[from]).min(times[to] - times[i]) + 1e-9;
    let neighbours = LEAST_NEIGHBOURS.min(i - from).min(to - i);
    let (mut low, mut high) = (i - neighbours, i + neighbours);
    while low > from && times[i] - times[low - 1] <= reach {
        low -= 1;
    }
    while high < to && times[high + 1] - times[i] <= reach {
        high += 1;
    }
    quadratic(&points[low..=high], &times[low..=high], times[i])
}

/// At an end only the slope is of use; it comes from the samples next to it.
fn end_fit(points: &[Vec2], times: &[f64], i: usize, from: usize, to: usize) -> Fit {
    const REACH: usize = 2 * LEAST_NEIGHBOURS;
    let (low, high) = if i == from { (i, to.min(i + REACH)) } else { (from.max(i.saturating_sub(REACH)), i) };
    quadratic(&points[low..=high], &times[low..=high], times[i])
}

/// Value and slope at time `t` of the parabola that fits best; of the line or the mean where the points allow no more.
fn quadratic(points: &[Vec2], times: &[f64], t: f64) -> Fit {
    let unit = times.iter().map(|time| (time - t).abs()).fold(1e-3, f64::max);
    let mut moments = [0.0; 5];
    let mut sums = [Vec2::default(); 3];
    for (&point, time) in points.iter().zip(times) {
        let u = (time - t) / unit;
        let mut power = 1.0;
        for (order, moment) in moments.iter_mut().enumerate() {
            *moment += power;
            if let Some(sum) = sums.get_mut(order) {
                *sum = *sum + point * power;
            }
            power *= u;
        }
    }
    let [m0, m1, m2, m3, m4] = moments;
    let [s0, s1, s2] = sums;
    let (c00, c01, c02) = (m2 * m4 - m3 * m3, m2 * m3 - m1 * m4, m1 * m3 - m2 * m2);
    let determinant = m0 * c00 + m1 * c01 + m2 * c02;
    if points.len() >= 3 && determinant > 1e-6 {
        let (c11, c12) = (m0 * m4 - m2 * m2, m1 * m2 - m0 * m3);
        let at = (s0 * c00 + s1 * c01 + s2 * c02) * (1.0 / determinant);
        let slope = (s0 * c01 + s1 * c11 + s2 * c12) * (1.0 / determinant);
        return Fit { at, slope: slope * (1.0 / unit) };
    }
    let determinant = m0 * m2 - m1 * m1;
    if determinant > 1e-6 {
        let at = (s0 * m2 + s1 * -m1) * (1.0 / determinant);
        let slope = (s1 * m0 + s0 * -m1) * (1.0 / determinant);
        return Fit { at, slope: slope * (1.0 / unit) };
    }
    Fit { at: s0 * (1.0 / m0.max(1.0)), slope: Vec2::default() }
}

/// Times that strictly grow: samples reported together under one time stamp are spread evenly since the stamp before.
fn spread_times(samples: &[Sample]) -> Vec<f64> {
    let mut times: Vec<f64> = Vec::with_capacity(samples.len());
    let origin = samples.first().map_or(0.0, |first| first.t_ms);
    let mut before = None;
    for together in samples.chunk_by(|one, next| next.t_ms - one.t_ms < 1e-3) {
        let stamp = together.last().map_or(0.0, |last| last.t_ms - origin);
        let count = count(together.len());
        let start = before.unwrap_or(stamp - ASSUMED_GAP_MS * count);
        times.extend((1..=together.len()).map(|nth| start + (stamp - start) * self::count(nth) / count));
        before = Some(stamp);
    }
    times
}

/// Marks the samples where the stroke turns sharply. The first and the last are never corners.
fn corners(points: &[Vec2]) -> Vec<bool> {
    let turns: Vec<f64> = (0..points.len())
        .map(|i| {
            let wide = turn(points, i, CORNER_REACH_MM);
            if wide > CORNER_TURN && turn(points, i, CORNER_CORE_MM) > CORNER_TURN { wide } else { 0.0 }
        })
        .collect();
    (0..points.len()).map(|i| turns[i] > 0.0 && is_sharpest_nearby(points, &turns, i)).collect()
}

fn is_sharpest_nearby(points: &[Vec2], turns: &[f64], i: usize) -> bool {
    let near = |j: &usize| points[*j].distance(points[i]) < CORNER_REACH_MM;
    (0..i).rev().take_while(near).all(|j| turns[j] < turns[i])
        && (i + 1..points.len()).take_while(near).all(|j| turns[j] <= turns[i])
}

/// How far the direction turns between `reach` mm before sample `i` and `reach` mm after it; 0 without so much stroke.
fn turn(points: &[Vec2], i: usize, reach: f64) -> f64 {
    let before = walk(points[..=i].iter().rev(), reach);
    let after = walk(points[i..].iter(), reach);
    match (before, after) {
        (Some(before), Some(after)) => (points[i] - before).angle_to(after - points[i]),
        _ => 0.0,
    }
}

/// The first place at `reach` mm, straight, from the first of the points.
fn walk<'a>(mut points: impl Iterator<Item = &'a Vec2>, reach: f64) -> Option<Vec2> {
    let start = *points.next()?;
    let mut last = start;
    for &point in points {
        let (near, far) = (last.distance(start), point.distance(start));
        if far >= reach {
            return Some(last.lerp(point, (reach - near) / (far - near).max(1e-12)));
        }
        last = point;
    }
    None
}

#[expect(clippy::cast_precision_loss, reason = "a count of samples, far below 2^52")]
fn count(samples: usize) -> f64 {
    samples as f64
}
