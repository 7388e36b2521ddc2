//! From samples to where the pen really was: noise out, no lag, ends and corners in their place.

use crate::geometry::Vec2;
use crate::polynomial::{Fit, Sums};
use crate::stroke::clock::Moment;
use crate::stroke::corner::Marked;
use crate::stroke::slide;

/// Half the time windows a local fit may look at, ms: two, four and six samples to either side at 120 Hz.
const HALF_WINDOWS_MS: [f64; 3] = [17.0, 34.0, 51.0];
/// The widest of them.
const REACH_MS: f64 = HALF_WINDOWS_MS[2];
/// Samples on either side that a fit takes at most, however fast the digitiser.
const MOST_NEIGHBOURS: usize = 24;
/// Samples the fit at an end looks at beside it.
const END_REACH: usize = 4;
/// A digitiser's noise is at least taken to be this, mm in each direction: no eye sees it.
const LEAST_NOISE_MM: f64 = 0.057;
/// And at most this: more is movement.
const MOST_NOISE_MM: f64 = 0.2;
/// By how much one sample may change what the noise is taken to be.
const NOISE_STEP: f64 = 1.05;
/// How far beyond the noise the rest of a good fit may lie, as a share of its variance: always, and by chance.
const REST: f64 = 1.2;
const CHANCE: f64 = 3.0;
/// By how many times more points a quartic needs to be as steady as a parabola: 225/64 over 9/4.
const QUARTIC_POINTS: u32 = 25;
const PARABOLA_POINTS: u32 = 16;

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

/// Local least squares over a centred time window that shrinks towards the ends and towards corners, so that both stay
/// exactly where they were drawn: a parabola over the widest window in which it misses the samples by no more than noise,
/// or a quartic where that makes a much wider window fit. Slow sweeps are averaged over a tenth of a second, the sharpest
/// loops are left as they are.
#[derive(Debug, Clone)]
pub(crate) struct Smoother {
    recent: Vec<Marked>,
    /// How many have been smoothed.
    done: usize,
    /// The corner or start that the stroke comes from.
    from: usize,
    /// Deviation of the samples in each direction, mm: a running median of what the narrowest fits leave.
    noise: f64,
}

impl Default for Smoother {
    fn default() -> Self {
        Self { recent: Vec::new(), done: 0, from: 0, noise: LEAST_NOISE_MM }
    }
}

impl Smoother {
    pub(crate) fn take_over(&mut self, other: &Self) {
        self.recent.clone_from(&other.recent);
        (self.done, self.from, self.noise) = (other.done, other.from, other.noise);
    }

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
        let mut ahead = self.recent.iter().enumerate().skip(i + 1).take(MOST_NEIGHBOURS);
        ahead.find(|(_, marked)| marked.is_corner).map(|(at, _)| at)
    }

    /// How far the window of a sample may look ahead, if so much is known.
    fn reach(&self, i: usize) -> Option<usize> {
        let (this, last) = (self.recent.get(i)?, self.recent.len() - 1);
        let is_far = self.recent[last].moment.t_ms - this.moment.t_ms > REACH_MS && last - i >= END_REACH;
        self.corner_after(i).or_else(|| (is_far || last - i >= MOST_NEIGHBOURS).then_some(last))
    }

    fn smooth(&mut self, to: usize, out: &mut Vec<Knot>) {
        let i = self.done;
        let Marked { moment, is_corner } = self.recent[i];
        let is_end = i == self.from || i == to || is_corner;
        let (at, slope) = if is_end { (moment.at, self.end_slope(i, to)) } else { self.centred(i, to) };
        out.push(Knot { at, t_ms: moment.t_ms, speed: slope.length(), force: moment.force, is_corner });
        if is_corner {
            self.from = i;
        }
        self.done += 1;
    }

    /// Place and velocity by the best window.
    fn centred(&mut self, i: usize, to: usize) -> (Vec2, Vec2) {
        let origin = self.recent[i].moment;
        let from = self.from.max(i.saturating_sub(MOST_NEIGHBOURS));
        let to = to.min(i + MOST_NEIGHBOURS);
        let most = self.time(to, origin).min(-self.time(from, origin)) + 1e-9;
        let mut sums = Sums::default();
        // The nearest neighbours always count.
        let (mut low, mut high) = (i - 1, i + 1);
        for j in low..=high {
            self.add(&mut sums, j, origin);
        }
        let (mut place, mut slope, mut steady) = (Vec2::default(), Vec2::default(), 0);
        let mut parabola_fits = true;
        for (nth, half) in HALF_WINDOWS_MS.into_iter().enumerate() {
            let before = sums.count();
            while low > from && -self.time(low - 1, origin) <= most.min(half) {
                low -= 1;
                self.add(&mut sums, low, origin);
            }
            while high < to && self.time(high + 1, origin) <= most.min(half) {
                high += 1;
                self.add(&mut sums, high, origin);
            }
            if sums.count() == before && nth > 0 {
                continue;
            }
            if let Some(fit) = parabola_fits.then(|| sums.fit::<3>()).flatten() {
                if steady == 0 {
                    slope = fit.terms[1];
                    self.learn_noise(&fit);
                }
                parabola_fits = self.is_good(&fit);
                if parabola_fits && fit.freedom > 0.0 {
                    (place, slope, steady) = (fit.terms[0], fit.terms[1], sums.count());
                }
            }
            let is_wider = sums.count() * PARABOLA_POINTS > steady * QUARTIC_POINTS;
            let quartic = (is_wider && !parabola_fits).then(|| sums.fit::<5>()).flatten();
            if let Some(fit) = quartic.filter(|fit| fit.freedom > 0.0 && self.is_good(fit)) {
                (place, slope) = (fit.terms[0], fit.terms[1]);
            }
        }
        (origin.at + place, slope * (1.0 / REACH_MS))
    }

    fn time(&self, i: usize, origin: Moment) -> f64 {
        self.recent[i].moment.t_ms - origin.t_ms
    }

    fn add(&self, sums: &mut Sums, i: usize, origin: Moment) {
        sums.add(self.time(i, origin) / REACH_MS, self.recent[i].moment.at - origin.at);
    }

    fn learn_noise(&mut self, narrowest: &Fit<3>) {
        if narrowest.freedom > 0.0 {
            let found = (narrowest.rest / narrowest.freedom).sqrt();
            let noise = if found > self.noise { self.noise * NOISE_STEP } else { self.noise / NOISE_STEP };
            self.noise = noise.clamp(LEAST_NOISE_MM, MOST_NOISE_MM);
        }
    }

    /// A fit without freedom is.
    fn is_good<const N: usize>(&self, fit: &Fit<N>) -> bool {
        fit.freedom <= 0.0 || fit.rest <= (REST + CHANCE / fit.freedom.sqrt()) * fit.freedom * self.noise * self.noise
    }

    /// The velocity at an end, from the samples next to it.
    fn end_slope(&self, i: usize, to: usize) -> Vec2 {
        let (low, high) =
            if i == self.from { (i, to.min(i + END_REACH)) } else { (self.from.max(i.saturating_sub(END_REACH)), i) };
        let origin = self.recent[i].moment;
        let mut sums = Sums::default();
        for j in low..=high {
            self.add(&mut sums, j, origin);
        }
        let slope = sums.fit::<3>().map(|fit| fit.terms[1]).or_else(|| sums.fit::<2>().map(|fit| fit.terms[1]));
        slope.unwrap_or_default() * (1.0 / REACH_MS)
    }
}
