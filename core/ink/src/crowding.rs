//! How much room the strokes of an ink leave each other.

use std::collections::BTreeMap;

use crate::geometry::Vec2;
use crate::{Ink, Stroke};

/// Room is looked at in squares of this side, mm of the drawing: a part of a character.
const CELL_MM: f64 = 3.0;
/// The room of the most crowded part does not count; that which this share of all strokes has at least does.
const SHARE: f64 = 0.8;

/// How far strokes lie from each other where they lie near, mm, if the ink is drawn `scale` times as large: the area of a
/// part over the length of the strokes in it.
pub(crate) fn pitch(ink: &Ink, scale: f64) -> f64 {
    let mut cells: BTreeMap<[i64; 2], f64> = BTreeMap::new();
    let mut whole = 0.0;
    for pair in ink.strokes().iter().map(Stroke::samples).flat_map(|samples| samples.windows(2)) {
        let (from, to) = (Vec2::from(&pair[0]) * scale, Vec2::from(&pair[1]) * scale);
        let middle = from.lerp(to, 0.5) * (1.0 / CELL_MM);
        let length = from.distance(to);
        *cells.entry([cell(middle.x), cell(middle.y)]).or_default() += length;
        whole += length;
    }
    let mut lengths: Vec<f64> = cells.into_values().collect();
    lengths.sort_by(f64::total_cmp);
    let mut counted = 0.0;
    let crowded = lengths.into_iter().find(|length| {
        counted += length;
        counted >= SHARE * whole
    });
    CELL_MM * CELL_MM / crowded.unwrap_or(0.0).max(1e-6)
}

#[expect(clippy::cast_possible_truncation, reason = "places on a pad, far inside i64")]
fn cell(place: f64) -> i64 {
    place.floor() as i64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_pitch_of_parallel_lines_is_how_far_they_lie_apart() {
        let line = |y: i32| {
            let points: Vec<String> =
                (0..=60).map(|x| format!("[{},{},{}]", f64::from(x) / 2.0, y, y * 1_000 + x)).collect();
            format!("[{}]", points.join(","))
        };
        let lines: Vec<String> = (0..30).map(line).collect();
        let json = format!(r#"{{"unit":"mm,ms","fields":["x","y","t"],"strokes":[{}]}}"#, lines.join(","));
        let ink = Ink::from_json(&json).unwrap();
        for scale in [1.0, 2.0] {
            let pitch = pitch(&ink, scale);
            assert!((pitch - scale).abs() < 0.4 * scale, "{pitch} at {scale}");
        }
    }
}
