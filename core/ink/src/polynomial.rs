//! Least squares through a few points.

use crate::geometry::Vec2;

/// The terms of a polynomial of the fourth degree.
const PLACES: usize = 5;

/// Sums over points in time from which polynomials up to the fourth degree follow. Points are added one by one, so a wider
/// window goes on from a narrower one.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Sums {
    /// Of the powers of the times.
    powers: [f64; 2 * PLACES - 1],
    /// Of the places times those powers.
    places: [Vec2; PLACES],
    squares: f64,
    count: u32,
}

/// A polynomial, and how well it fits.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Fit<const N: usize> {
    /// Lowest power first: place, velocity, half the acceleration, at time 0.
    pub(crate) terms: [Vec2; N],
    /// Sum of the squared distances from the points, in x and y together.
    pub(crate) rest: f64,
    /// By how many numbers the points exceed the terms.
    pub(crate) freedom: f64,
}

impl Sums {
    pub(crate) fn add(&mut self, time: f64, place: Vec2) {
        self.add_weighted(time, place, 1.0);
    }

    pub(crate) fn add_weighted(&mut self, time: f64, place: Vec2, weight: f64) {
        // In two loops, each of a length that the compiler knows.
        let mut power = weight;
        for (sum, places) in self.powers.iter_mut().zip(&mut self.places) {
            *sum += power;
            *places = *places + place * power;
            power *= time;
        }
        for sum in &mut self.powers[PLACES..] {
            *sum += power;
            power *= time;
        }
        self.squares += place.dot(place) * weight;
        self.count += 1;
    }

    pub(crate) fn count(&self) -> u32 {
        self.count
    }

    /// The polynomial of `N` terms that fits best, if the points determine one.
    pub(crate) fn fit<const N: usize>(&self) -> Option<Fit<N>> {
        self.restrained_fit([0.0; N])
    }

    /// The same, but the square of each term also counts, so many times as much as the points in the mean.
    pub(crate) fn restrained_fit<const N: usize>(&self, restraint: [f64; N]) -> Option<Fit<N>> {
        // Cholesky without roots: the matrix of the powers is symmetric, and positive if there are enough different times.
        let mut lower = [[0.0; N]; N];
        let mut inverse = [0.0; N];
        let mut terms = [Vec2::default(); N];
        for row in 0..N {
            // The row of the triangle times the diagonal, which every column behind needs.
            let mut scaled = [0.0; N];
            let mut rest = self.powers[2 * row] + restraint[row] * self.powers[0];
            let mut place = self.places[row];
            for column in 0..row {
                let known: f64 = (0..column).map(|k| scaled[k] * lower[column][k]).sum();
                scaled[column] = self.powers[row + column] - known;
                lower[row][column] = scaled[column] * inverse[column];
                rest -= scaled[column] * lower[row][column];
                place = place - terms[column] * lower[row][column];
            }
            if rest.is_nan() || rest <= 1e-9 * self.powers[2 * row] {
                return None;
            }
            (inverse[row], terms[row]) = (1.0 / rest, place);
        }
        let explained: f64 = terms.iter().zip(inverse).map(|(part, inverse)| part.dot(*part) * inverse).sum();
        for row in (0..N).rev() {
            let known = (row + 1..N).fold(Vec2::default(), |sum, k| sum + terms[k] * lower[k][row]);
            terms[row] = terms[row] * inverse[row] - known;
        }
        let known = u32::try_from(N).unwrap_or(u32::MAX);
        let freedom = 2.0 * f64::from(self.count.saturating_sub(known));
        Some(Fit { terms, rest: (self.squares - explained).max(0.0), freedom })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sums(times: &[f64], place: impl Fn(f64) -> Vec2) -> Sums {
        let mut sums = Sums::default();
        for &time in times {
            sums.add(time, place(time));
        }
        sums
    }

    #[test]
    fn a_polynomial_is_found_again() {
        let cubic = |t: f64| Vec2::new(1.0 + 2.0 * t - t * t, 3.0 - t + 0.5 * t * t * t);
        let sums = sums(&[-1.0, -0.7, -0.1, 0.0, 0.4, 0.9, 1.0], cubic);
        let fit = sums.fit::<5>().unwrap();
        assert!(fit.terms[0].distance(Vec2::new(1.0, 3.0)) < 1e-9);
        assert!(fit.terms[1].distance(Vec2::new(2.0, -1.0)) < 1e-9);
        assert!(fit.rest < 1e-9 && (fit.freedom - 4.0).abs() < 1e-9);
        assert!(sums.fit::<3>().unwrap().rest > 1e-3);
    }

    #[test]
    fn too_few_times_determine_nothing() {
        let line = |t: f64| Vec2::new(t, 0.0);
        assert!(sums(&[0.0, 0.5], line).fit::<2>().is_some());
        assert!(sums(&[0.0, 0.5], line).fit::<3>().is_none());
        assert!(sums(&[0.5; 9], line).fit::<2>().is_none());
        assert!(Sums::default().fit::<1>().is_none());
    }
}
