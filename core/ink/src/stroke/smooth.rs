//! From samples to where the pen really was: noise out, no lag, ends and corners in their place.

use crate::geometry::Vec2;
use crate::stroke::clock::Moment;
use crate::stroke::corner::Marked;
use crate::stroke::slide;

/// Half the time window the local fit looks at, ms: at 120 Hz seven samples, which cost least error at 60 to 240 Hz.
const HALF_WINDOW_MS: f64 = 25.0;
/// Samples on either side that the fit takes at least, however slow the digitiser.
const LEAST_NEIGHBOURS: usize = 2;
/// Samples on either side that it takes at most, however fast.
const MOST_NEIGHBOURS: usize = 24;
/// Samples the fit at an end looks at beside it.
const END_REACH: usize = 2 * LEAST_NEIGHBOURS;

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
#[derive(Debug, Clone, Default)]
pub(crate) struct Smoother {
    recent: Vec<Marked>,
    /// How many have been smoothed.
    done: usize,
    /// The corner or start that the stroke comes from.
    from: usize,
}

impl Smoother {
    pub(crate) fn push(&mut self, marked: Marked, out: &mut Vec<Knot>) {
        self.recent.push(marked);
        while let Some(to) = self.reach(self.done) {
            self.smooth(to, out);
        }
        let kept = self.done.saturating_sub(MOST_NEIGHBOURS);
        let slid = slide(&mut self.recent, kept);
        self.done -= slid;
        // A start that has gone is farther away than any window reaches.
        self.from = self.from.saturating_sub(slid);
    }

    pub(crate) fn end(&mut self, out: &mut Vec<Knot>) {
        while self.done < self.recent.len() {
            let to = self.corner_after(self.done).unwrap_or(self.recent.len() - 1);
            self.smooth(to, out);
        }
    }

    fn corner_after(&self, i: usize) -> Option<usize> {
        let ahead = self.recent.iter().enumerate().skip(i + 1).take(MOST_NEIGHBOURS);
        ahead.clone().find(|(_, marked)| marked.is_corner).map(|(at, _)| at)
    }

    /// How far the window of a sample may look ahead, if so much is known.
    fn reach(&self, i: usize) -> Option<usize> {
        let (this, last) = (self.recent.get(i)?, self.recent.len() - 1);
        let is_far = self.recent[last].moment.t_ms - this.moment.t_ms > HALF_WINDOW_MS && last - i >= END_REACH;
        self.corner_after(i).or_else(|| (is_far || last - i >= MOST_NEIGHBOURS).then_some(last))
    }

    fn smooth(&mut self, to: usize, out: &mut Vec<Knot>) {
        let i = self.done;
        let Marked { moment, is_corner } = self.recent[i];
        let is_end = i == self.from || i == to || is_corner;
        let fit = if is_end { self.end_fit(i, to) } else { self.centred_fit(i, to) };
        out.push(Knot {
            at: if is_end { moment.at } else { fit.at },
            t_ms: moment.t_ms,
            speed: fit.slope.length(),
            force: moment.force,
            is_corner,
        });
        if is_corner {
            self.from = i;
        }
        self.done += 1;
    }

    fn centred_fit(&self, i: usize, to: usize) -> Fit {
        let time = |i: usize| self.recent[i].moment.t_ms;
        let from = self.from.max(i.saturating_sub(MOST_NEIGHBOURS));
        let to = to.min(i + MOST_NEIGHBOURS);
        let reach = HALF_WINDOW_MS.min(time(i) - time(from)).min(time(to) - time(i)) + 1e-9;
        let neighbours = LEAST_NEIGHBOURS.min(i - from).min(to - i);
        let (mut low, mut high) = (i - neighbours, i + neighbours);
        while low > from && time(i) - time(low - 1) <= reach {
            low -= 1;
        }
        while high < to && time(high + 1) - time(i) <= reach {
            high += 1;
        }
        quadratic(&self.recent[low..=high], time(i))
    }

    /// At an end only the slope is of use; it comes from the samples next to it.
    fn end_fit(&self, i: usize, to: usize) -> Fit {
        let (low, high) =
            if i == self.from { (i, to.min(i + END_REACH)) } else { (self.from.max(i.saturating_sub(END_REACH)), i) };
        quadratic(&self.recent[low..=high], self.recent[i].moment.t_ms)
    }
}

struct Fit {
    at: Vec2,
    slope: Vec2,
}

/// Value and slope at time `t` of the parabola that fits best; of the line or the mean where the points allow no more.
fn quadratic(points: &[Marked], t: f64) -> Fit {
    let unit = points.iter().map(|point| (point.moment.t_ms - t).abs()).fold(1e-3, f64::max);
    let mut moments = [0.0; 5];
    let mut sums = [Vec2::default(); 3];
    for Marked { moment: Moment { at, t_ms, .. }, .. } in points {
        let u = (t_ms - t) / unit;
        let mut power = 1.0;
        for (order, moment) in moments.iter_mut().enumerate() {
            *moment += power;
            if let Some(sum) = sums.get_mut(order) {
                *sum = *sum + *at * power;
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
