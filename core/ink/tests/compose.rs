//! Names from characters: sizes and centres come together, flat characters stay flat, nothing of the log is lost.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs, reason = "test code")]

mod common;

use common::{code, corpus, ink, polyline};
use eseal_ink::{Direction, Ink, Sample, Stroke};

/// A square drawn at this place, this large.
fn square(x: f64, y: f64, side: f64) -> Ink {
    ink(&[polyline(&[(x, y), (x + side, y), (x + side, y + side), (x, y + side), (x, y)], 0.06, 0.0)])
}

/// Left, top, right and bottom of strokes.
fn sides(ink: &Ink, strokes: std::ops::Range<usize>) -> [f64; 4] {
    let samples: Vec<&Sample> = ink.strokes()[strokes].iter().flat_map(Stroke::samples).collect();
    let least = |of: fn(&Sample) -> f64| samples.iter().map(|one| of(one)).fold(f64::INFINITY, f64::min);
    let most = |of: fn(&Sample) -> f64| samples.iter().map(|one| of(one)).fold(f64::NEG_INFINITY, f64::max);
    [least(|one| one.x_mm), least(|one| one.y_mm), most(|one| one.x_mm), most(|one| one.y_mm)]
}

#[test]
fn unequal_characters_come_together_on_one_line() {
    let characters = [square(2.0, 1.0, 20.0), square(8.0, 14.0, 14.0), square(5.0, 5.0, 18.0)];
    let row = Ink::composed(&characters, Direction::Row).unwrap();
    let boxes: Vec<[f64; 4]> = (0..3).map(|nth| sides(&row, nth..nth + 1)).collect();
    let size = |nth: usize| boxes[nth][2] - boxes[nth][0];
    assert!(size(0) / size(1) < 1.25 && size(0) > size(2) && size(2) > size(1), "{boxes:?}");
    for pair in boxes.windows(2) {
        let (gap, off) = (pair[1][0] - pair[0][2], (pair[1][1] + pair[1][3] - pair[0][1] - pair[0][3]) / 2.0);
        assert!((gap - 0.18 * 18.0).abs() < 0.05 && off.abs() < 0.02, "{boxes:?}");
    }
    let column = Ink::composed(&characters, Direction::Column).unwrap();
    let [left, top, right, bottom] = sides(&column, 0..3);
    assert!(left.abs() < 0.01 && top.abs() < 0.01 && bottom > 2.5 * right, "{right} × {bottom}");
}

#[test]
fn a_flat_character_is_not_blown_up() {
    let one = ink(&[polyline(&[(2.0, 10.0), (18.0, 9.5)], 0.06, 0.0)]);
    let name = Ink::composed(&[square(1.0, 1.0, 18.0), one, square(1.0, 1.0, 18.0)], Direction::Row).unwrap();
    let [left, top, right, bottom] = sides(&name, 1..2);
    assert!((15.0..21.0).contains(&(right - left)) && bottom - top < 1.0);
    assert!((f64::midpoint(top, bottom) - 9.0).abs() < 1.0, "in the middle of the line");
}

#[test]
fn time_goes_on_from_character_to_character() {
    let late = ink(&[polyline(&[(0.0, 0.0), (9.0, 9.0)], 0.06, 50_000.0)]);
    let name = Ink::composed(&[late, square(0.0, 0.0, 9.0)], Direction::Row).unwrap();
    let samples: Vec<&Sample> = name.strokes().iter().flat_map(Stroke::samples).collect();
    assert!(samples[0].t_ms.abs() < f64::EPSILON && samples.windows(2).all(|pair| pair[0].t_ms <= pair[1].t_ms));
    assert!(samples[samples.len() - 1].t_ms < 2_000.0);
    assert_eq!(code(Ink::composed(&[], Direction::Row)), "ink.empty");
    assert_eq!(code(Ink::composed(&[square(0.0, 0.0, 9.0), Ink::default()], Direction::Row)), "ink.empty");
}

/// Names of the given characters, drawn as a hand that does not keep to its boxes; pictures go where this variable says.
#[test]
fn names_of_the_corpus_are_one_line() {
    let Some(medians) = corpus("hanzi_medians.jsonl") else {
        eprintln!("SKIPPED: the ink corpus is not here");
        return;
    };
    let characters: Vec<serde_json::Value> = medians.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let mut seed = 7_u64;
    let mut random = move || {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        f64::from(u32::try_from(seed >> 33).unwrap()) / f64::from(u32::MAX >> 1)
    };
    let folder = std::env::var_os("ESEAL_NAMES");
    for nth in 0..60_usize {
        let name: Vec<Ink> = (0..2 + nth % 3)
            .map(|place| {
                let chosen = (nth * 37 + place * 101) % characters.len();
                let (side, dx, dy) = (14.0 + 8.0 * random(), 4.0 * random(), 4.0 * random());
                let mut t_ms = 0.0;
                let strokes: Vec<Vec<Sample>> = characters[chosen]["medians"]
                    .as_array()
                    .unwrap()
                    .iter()
                    .map(|stroke| {
                        let point = |at: &serde_json::Value| {
                            let (x, y) = (at[0].as_f64().unwrap(), at[1].as_f64().unwrap());
                            (dx + x / 1024.0 * side, dy + (900.0 - y) / 1024.0 * side)
                        };
                        let samples =
                            polyline(&stroke.as_array().unwrap().iter().map(point).collect::<Vec<_>>(), 0.05, t_ms);
                        t_ms = samples[samples.len() - 1].t_ms + 100.0;
                        samples
                    })
                    .collect();
                ink(&strokes)
            })
            .collect();
        let direction = if nth % 5 == 4 { Direction::Column } else { Direction::Row };
        let composed = Ink::composed(&name, direction).unwrap();
        assert_eq!(composed.sample_count(), name.iter().map(Ink::sample_count).sum::<usize>());
        if let Some(folder) = &folder {
            let face = eseal_ink::render(&composed, &eseal_ink::RenderOptions::default()).unwrap();
            let png = face.to_png(eseal_face::Dpi::new(150).unwrap()).unwrap();
            std::fs::write(std::path::Path::new(folder).join(format!("{nth:02}.png")), png).unwrap();
        }
    }
}
