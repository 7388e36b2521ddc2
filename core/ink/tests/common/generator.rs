//! Strokes whose true path is known: loops of 1 to 5 Hz and 15 to 45 px that drift along a line, seen by a digitiser with
//! noise and quantisation. A pixel is 1/160 inch.

use eseal_ink::{Contact, Ink, InkPad, PointerId, Sample, Stroke};

pub(crate) const MM_PER_PX: f64 = 25.4 / 160.0;
const STROKES: usize = 40;
/// Deviation of the digitiser's noise in each direction, and what its coordinates are rounded to, px.
const NOISE_PX: f64 = 0.35;
const QUANTUM_PX: f64 = 0.25;

/// The same numbers for the same seed on every machine (`SplitMix64`).
pub(crate) struct Random(u64);

impl Random {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// From 0 to 1.
    fn uniform(&mut self) -> f64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        f64::from(u32::try_from((z ^ (z >> 31)) >> 32).unwrap()) / f64::from(u32::MAX)
    }

    fn between(&mut self, least: f64, most: f64) -> f64 {
        least + (most - least) * self.uniform()
    }

    fn normal(&mut self) -> f64 {
        let radius = (-2.0 * (1.0 - self.uniform()).max(1e-12).ln()).sqrt();
        radius * (std::f64::consts::TAU * self.uniform()).cos()
    }
}

/// A stroke as the hand makes it; px and ms.
pub(crate) struct Truth {
    radii: [f64; 2],
    /// Radians a ms.
    turning: f64,
    phase: f64,
    drift: f64,
    direction: f64,
    pub(crate) duration: f64,
}

impl Truth {
    fn new(random: &mut Random) -> Self {
        let tau = std::f64::consts::TAU;
        Self {
            radii: [random.between(15.0, 45.0), random.between(15.0, 45.0)],
            turning: tau * random.between(1.0, 5.0) / 1e3,
            phase: random.between(0.0, tau),
            drift: random.between(0.02, 0.08),
            direction: if random.uniform() < 0.5 { 1.0 } else { -1.0 },
            duration: random.between(1_000.0, 2_000.0),
        }
    }

    pub(crate) fn at(&self, t: f64) -> [f64; 2] {
        let (sin, cos) = (self.turning * t + self.phase).sin_cos();
        [100.0 + self.drift * t + self.radii[0] * cos, 100.0 + self.direction * self.radii[1] * sin]
    }

    /// px a ms.
    pub(crate) fn speed(&self, t: f64) -> f64 {
        let ([x0, y0], [x1, y1]) = (self.at(t - 0.5), self.at(t + 0.5));
        (x1 - x0).hypot(y1 - y0)
    }

    /// The time near `t` at which the hand is nearest to a place, and how far it is.
    pub(crate) fn nearest(&self, place: [f64; 2], t: f64) -> (f64, f64) {
        let away = |t: f64| {
            let [x, y] = self.at(t.clamp(0.0, self.duration));
            (x - place[0]).hypot(y - place[1])
        };
        let (mut best, mut step) = (t, 2.0);
        for offset in -15..=15 {
            let other = t + step * f64::from(offset);
            if away(other) < away(best) {
                best = other;
            }
        }
        while step > 1e-3 {
            step /= 2.0;
            for other in [best - step, best + step] {
                if away(other) < away(best) {
                    best = other;
                }
            }
        }
        (best, away(best))
    }
}

/// A stroke, and what a digitiser says of it.
pub(crate) struct Written {
    pub(crate) truth: Truth,
    pub(crate) samples: Vec<Sample>,
}

impl Written {
    pub(crate) fn stroke(&self) -> Stroke {
        let mut pad = InkPad::new();
        pad.down(Contact::default()).unwrap();
        pad.add(PointerId::default(), &self.samples);
        let ink: Ink = pad.into_ink();
        ink.strokes()[0].clone()
    }
}

/// The strokes of a seed, by a digitiser that reports so often a second.
pub(crate) fn strokes(seed: u64, hertz: f64) -> Vec<Written> {
    let (mut random, mut noise) = (Random::new(seed), Random::new(seed ^ 0xffff));
    let mut reported = |place: f64| ((place + NOISE_PX * noise.normal()) / QUANTUM_PX).round() * QUANTUM_PX * MM_PER_PX;
    let mut written = Vec::new();
    for _ in 0..STROKES {
        let truth = Truth::new(&mut random);
        let (mut samples, mut t_ms) = (Vec::new(), 0.0);
        while t_ms <= truth.duration {
            let [x, y] = truth.at(t_ms);
            samples.push(Sample::new(reported(x), reported(y), t_ms));
            t_ms += 1e3 / hertz;
        }
        written.push(Written { truth, samples });
    }
    written
}
