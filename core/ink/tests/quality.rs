//! How near the drawn stroke is to what the hand did, on strokes whose true path is known.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs, reason = "test code")]

#[path = "common/generator.rs"]
mod generator;

use eseal_face::{Point, Segment};
use eseal_ink::{Pen, middle, outline, predict};
use generator::{MM_PER_PX, Written, strokes};

/// The first was used to choose the smoother, the second never.
const SEEDS: [u64; 2] = [1, 20_261_122];

/// A fountain pen's width at a speed in mm/ms, as documented.
fn width(speed: f64) -> f64 {
    0.35 + 0.55 / (1.0 + (speed / 0.08).powf(1.5))
}

#[derive(Debug, Default)]
struct Errors(Vec<f64>);

impl Errors {
    fn mean(&self) -> f64 {
        self.0.iter().sum::<f64>() / f64::from(u32::try_from(self.0.len()).unwrap())
    }

    fn most_of(&self, percent: usize) -> f64 {
        let mut sorted = self.0.clone();
        sorted.sort_by(f64::total_cmp);
        sorted[(sorted.len() - 1) * percent / 100]
    }
}

/// Distance of the drawn middle from the true path, px, and of its width from what the true speed asks for, mm.
fn paths_and_widths(written: &[Written]) -> (Errors, Errors) {
    let (mut paths, mut widths) = (Errors::default(), Errors::default());
    for written in written {
        let truth = &written.truth;
        let places = middle(&written.stroke(), Pen::Fountain);
        let mut t = 0.0;
        for place in &places {
            let away;
            (t, away) = truth.nearest([place.x_mm / MM_PER_PX, place.y_mm / MM_PER_PX], t);
            paths.0.push(away);
            // Both ends have a width of their own.
            if t > 100.0 && t < truth.duration - 100.0 {
                widths.0.push((place.width_mm - width(truth.speed(t) * MM_PER_PX)).abs());
            }
        }
    }
    (paths, widths)
}

fn direction(from: Point, to: Point) -> Option<f64> {
    let (x, y) = (to.x - from.x, to.y - from.y);
    (x.hypot(y) > 1e-4).then(|| y.atan2(x))
}

/// By how many degrees the outline turns where two of its curves meet. Where the stroke bends tighter than it is wide, its
/// inner side has an edge, drawn by straight pieces: that is no joint.
fn kinks(written: &[Written]) -> Errors {
    let mut kinks = Errors::default();
    for written in written {
        for contour in outline(&written.stroke(), Pen::Fountain).contours {
            let (mut from, mut heading) = (contour.start, None);
            for segment in &contour.segments {
                let Segment::Cubic(first, second, to) = *segment else {
                    (from, heading) = (segment.end(), None);
                    continue;
                };
                if let (Some(before), Some(after)) = (heading, direction(from, first)) {
                    let turn: f64 = after - before;
                    let tau = std::f64::consts::TAU;
                    kinks.0.push((turn - (turn / tau).round() * tau).abs().to_degrees());
                }
                (from, heading) = (to, direction(second, to));
            }
        }
    }
    kinks
}

/// How far a guess is from where the hand is so much later, px.
fn guesses(written: &[Written], ahead_ms: f64) -> Errors {
    let mut errors = Errors::default();
    for Written { truth, samples } in written {
        for end in 5..samples.len() {
            let then = samples[end - 1].t_ms + ahead_ms;
            if then <= truth.duration {
                let guess = predict(&samples[..end], ahead_ms).unwrap();
                let [x, y] = truth.at(then);
                errors.0.push((guess.x_mm / MM_PER_PX - x).hypot(guess.y_mm / MM_PER_PX - y));
            }
        }
    }
    errors
}

#[test]
fn the_drawn_stroke_is_where_the_hand_was() {
    println!("seed, Hz: path mean, 95 % px; kinks 95 %, worst °; width mean, 95 % mm");
    for seed in SEEDS {
        for (hertz, most_px) in [(60.0, 0.22), (120.0, 0.15), (240.0, 0.115)] {
            let written = strokes(seed, hertz);
            let ((paths, widths), kinks) = (paths_and_widths(&written), kinks(&written));
            let figures = [
                paths.mean(),
                paths.most_of(95),
                kinks.most_of(95),
                kinks.most_of(100),
                widths.mean(),
                widths.most_of(95),
            ];
            println!("{seed}, {hertz}: {figures:.3?}");
            assert!(paths.mean() <= most_px, "{} px", paths.mean());
            assert!(kinks.most_of(95) <= 1.0, "{}°", kinks.most_of(95));
            assert!(widths.mean() <= 0.02, "{} mm", widths.mean());
        }
    }
}

#[test]
fn a_stroke_begins_and_ends_where_the_pen_did() {
    let (mut exact, mut ends) = (0, 0);
    for written in strokes(SEEDS[0], 120.0) {
        let places = middle(&written.stroke(), Pen::Fountain);
        for (place, sample) in [(places.first(), written.samples.first()), (places.last(), written.samples.last())] {
            let (place, sample) = (place.unwrap(), sample.unwrap());
            let away = (place.x_mm - sample.x_mm).hypot(place.y_mm - sample.y_mm);
            // What looks like the hook of a touch-down or lift-off is left out.
            assert!(away < 0.6, "{away} mm");
            // Half a step of the log's grid, both ways, and the rounding of the face.
            exact += u32::from(away < 0.0028 + 1e-3);
            ends += 1;
        }
    }
    assert!(exact * 10 >= ends * 9, "{exact} of {ends} ends");
}

#[test]
fn a_guess_is_near_where_the_hand_goes() {
    println!("seed, Hz: 16 ms ahead mean, 95 % px");
    for seed in SEEDS {
        for hertz in [60.0, 120.0, 240.0] {
            let guesses = guesses(&strokes(seed, hertz), 16.0);
            println!("{seed}, {hertz}: {:.3} {:.3}", guesses.mean(), guesses.most_of(95));
            assert!(guesses.mean() <= 2.1, "{} px", guesses.mean());
        }
    }
}
