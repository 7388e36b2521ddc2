//! The little hooks a pen leaves where it touches down and lifts while it already moves elsewhere.

use crate::Sample;
use crate::geometry::Vec2;

/// The longest hook, mm along the stroke. The shortest hook that is meant (钩) is twice as long.
const LONGEST_HOOK_MM: f64 = 0.6;
/// A hook turns at least this far from the stroke: 75°.
const LEAST_TURN: f64 = 1.309;
/// Only strokes at least this many hooks long lose them.
const LEAST_STROKE: f64 = 6.0;

/// The samples between the hook at the start and the hook at the end, if there are any.
pub(crate) fn without_hooks(samples: &[Sample]) -> &[Sample] {
    let path: f64 = samples.windows(2).map(|pair| Vec2::from(&pair[0]).distance((&pair[1]).into())).sum();
    if path < LEAST_STROKE * LONGEST_HOOK_MM {
        return samples;
    }
    let at_start = hook(&samples.iter().map(Vec2::from));
    let at_end = hook(&samples.iter().rev().map(Vec2::from));
    samples.get(at_start..samples.len() - at_end).unwrap_or(samples)
}

/// How many of the first points belong to a hook.
fn hook(points: &(impl Iterator<Item = Vec2> + Clone)) -> usize {
    let Some(start) = points.clone().next() else { return 0 };
    let (mut joint, mut most_turn, mut length, mut last) = (0, 0.0_f64, 0.0, start);
    for (i, point) in points.clone().enumerate().skip(1) {
        length += last.distance(point);
        last = point;
        if length > LONGEST_HOOK_MM {
            break;
        }
        let beyond = points.clone().skip(i).find(|next| next.distance(point) >= LONGEST_HOOK_MM);
        let turn = beyond.map_or(0.0, |beyond| (point - start).angle_to(beyond - point));
        // Of nearly equal turns the last is where hook and stroke meet.
        if turn > LEAST_TURN && turn > 0.85 * most_turn {
            joint = i;
        }
        most_turn = most_turn.max(turn);
    }
    joint
}

#[cfg(test)]
mod tests {
    use super::*;

    fn left(points: &[(f64, f64)]) -> usize {
        let samples: Vec<Sample> = points
            .iter()
            .zip(0_u32..)
            .map(|(&(x_mm, y_mm), nth)| Sample { x_mm, y_mm, t_ms: 8.0 * f64::from(nth), force: None })
            .collect();
        without_hooks(&samples).len()
    }

    #[test]
    fn only_short_sharp_hooks_of_long_strokes_go() {
        let line = [(0.0, 0.0), (1.0, 0.0), (2.0, 0.0), (3.0, 0.0), (4.0, 0.0), (5.0, 0.0)];
        assert_eq!(left(&line), 6);
        assert_eq!(left(&[&[(0.0, -0.4), (-0.05, -0.2)], &line[..]].concat()), 6);
        assert_eq!(left(&[&line[..], &[(5.05, 0.2), (4.9, 0.4)]].concat()), 6);
        // A hook that is meant, a gentle bend, and a short stroke stay.
        assert_eq!(left(&[&line[..], &[(4.8, -0.5), (4.5, -1.2)]].concat()), 8);
        assert_eq!(left(&[&line[..], &[(5.3, 0.2), (5.5, 0.4)]].concat()), 8);
        assert_eq!(left(&[(0.0, 0.0), (1.0, 0.0), (1.0, 0.3)]), 3);
    }
}
