//! What the pad shows while a stroke is drawn is what the face becomes.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs, reason = "test code")]

mod common;

use common::{around, corpus, fixture, paint, points};
use eseal_face::{Dpi, Path};
use eseal_ink::{Ahead, Changes, Contact, Ink, InkPad, LiveStroke, Pen, PointerId, Sample, Stroke, outline};
use proptest::prelude::*;

/// Draws a stroke in batches of so many samples.
fn live(samples: &[Sample], pen: Pen, batch: usize) -> Vec<Changes> {
    let mut stroke = LiveStroke::new(pen);
    let mut answers: Vec<Changes> = samples.chunks(batch).map(|batch| stroke.extend(batch, Ahead::Nothing)).collect();
    answers.push(stroke.lift());
    answers
}

/// By how much the live and the final picture of a stroke differ: pixels off by over a half, and by how many mm the edge is
/// off in the mean.
struct Difference {
    wrong: u32,
    edge_mm: f64,
    /// Length of the edge, mm.
    length: f64,
}

fn difference(samples: &[Sample], stroke: &Stroke, pen: Pen, batch: usize) -> Difference {
    let stable: Vec<Path> = live(samples, pen, batch).into_iter().map(|changes| changes.stable).collect();
    let stable: Vec<Path> = stable.into_iter().filter(|path| !path.contours.is_empty()).collect();
    let last = vec![outline(stroke, pen)];
    let area = around(&[stable.clone(), last.clone()].concat());
    let (live, last) = (paint(stable, area, Dpi::PRINT), paint(last, area, Dpi::PRINT));
    let places = points(&outline(stroke, pen));
    let length = places.windows(2).map(|pair| (pair[0].x - pair[1].x).hypot(pair[0].y - pair[1].y)).sum();
    let mut difference = Difference { wrong: 0, edge_mm: 0.0, length };
    for off in live.iter().zip(&last).map(|(one, other)| one.abs_diff(*other)) {
        difference.wrong += u32::from(off > 128);
        difference.edge_mm += f64::from(off) / 255.0 * (25.4_f64 / 600.0).powi(2) / length;
    }
    difference
}

/// The final outline is fitted to within 0.012 mm and snapped to 0.001, the live one is cut into straight pieces that are
/// off by 0.003 mm, and a pixel is 0.042 mm: so a fifth of one in the mean. Where parts meet, edges are painted twice, and
/// the tightest bends are rounded a little differently: there a pixel or two may be off by more than a half.
fn assert_same(samples: &[Sample], stroke: &Stroke, pen: Pen, batch: usize) -> Difference {
    let difference = difference(samples, stroke, pen, batch);
    let Difference { wrong, edge_mm, length } = difference;
    assert!(edge_mm < 0.008, "{edge_mm} mm");
    assert!(f64::from(wrong) <= 4.0 + length / 5.0, "{wrong} pixels along {length} mm");
    difference
}

#[test]
fn live_and_final_pictures_of_every_sample_agree() {
    let mut inks = vec![fixture()];
    for file in ["synthetic_hanzi_signatures.jsonl", "unipen_words.jsonl"] {
        match corpus(file) {
            Some(records) => inks.extend(records.lines().step_by(5).map(|record| Ink::from_json(record).unwrap())),
            None => eprintln!("SKIPPED: the ink corpus is not here"),
        }
    }
    let (mut wrong, mut edge_mm, mut length) = (0, 0.0_f64, 0.0);
    for (nth, ink) in inks.iter().enumerate() {
        let pen = [Pen::Fountain, Pen::Brush, Pen::Marker][nth % 3];
        for stroke in ink.strokes() {
            let difference = assert_same(stroke.samples(), stroke, pen, 1 + nth % 4);
            wrong += difference.wrong;
            edge_mm += difference.edge_mm * difference.length;
            length += difference.length;
        }
    }
    println!("{wrong} pixels off along {length:.0} mm of edge, {:.5} mm in the mean", edge_mm / length);
}

#[test]
fn a_live_stroke_follows_the_pad_past_what_the_pad_refuses() {
    let (mut pad, mut live) = (InkPad::new(), LiveStroke::new(Pen::Fountain));
    pad.down(Contact::default()).unwrap();
    let mut parts = Vec::new();
    for batch in long_stroke(300).chunks(4) {
        let wrong = Sample { x_mm: f64::NAN, ..batch[batch.len() - 1] };
        pad.add(PointerId::default(), batch);
        let batch = pad.add(PointerId::default(), &[wrong]);
        assert_eq!((batch.taken, batch.refused.len()), (0, 1));
        parts.push(live.follow(&pad.ink().strokes()[0], Ahead::Fitted).stable);
    }
    pad.up(PointerId::default());
    parts.push(live.lift().stable);
    let same = self::live(pad.ink().strokes()[0].samples(), Pen::Fountain, 4);
    assert_eq!(parts, same.into_iter().map(|changes| changes.stable).collect::<Vec<_>>());
}

/// Writing that never ends, at 240 Hz.
fn long_stroke(count: u32) -> Vec<Sample> {
    let sample = |nth| {
        let t_ms = f64::from(nth) / 0.24;
        let turn = t_ms * 0.018;
        let (sin, cos) = turn.sin_cos();
        Sample::new(3.0 * sin + t_ms * 0.002, 10.0 + 4.0 * cos * (turn * 0.3).sin(), t_ms)
    };
    (0..count).map(sample).collect()
}

fn count(path: &Path) -> usize {
    path.contours.iter().map(|contour| contour.segments.len()).sum()
}

#[test]
fn an_answer_does_not_grow_with_the_stroke() {
    for pen in [Pen::Fountain, Pen::Brush, Pen::Marker] {
        let mut stroke = LiveStroke::new(pen);
        let sizes: Vec<usize> = long_stroke(10_000)
            .iter()
            .map(|sample| stroke.extend(std::slice::from_ref(sample), Ahead::Fitted))
            .map(|changes| count(&changes.stable) + count(&changes.tail) + count(&changes.predicted))
            .collect();
        let most = |range: std::ops::Range<usize>| *sizes[range].iter().max().unwrap();
        assert!(most(9_000..10_000) <= most(100..1_000) * 5 / 4, "{} then {}", most(100..1_000), most(9_000..10_000));
    }
}

#[test]
fn a_resting_pen_costs_no_more_than_a_moving_one() {
    let mut stroke = LiveStroke::new(Pen::Brush);
    let mut samples = long_stroke(200);
    let rest = samples[samples.len() - 1];
    samples.extend((1..3_000).map(|nth| Sample {
        x_mm: rest.x_mm + 0.02 * f64::from(nth % 3),
        t_ms: rest.t_ms + 4.0 * f64::from(nth),
        ..rest
    }));
    let sizes: Vec<usize> =
        samples.iter().map(|sample| count(&stroke.extend(std::slice::from_ref(sample), Ahead::Nothing).tail)).collect();
    assert!(sizes[3_000] <= *sizes[..200].iter().max().unwrap());
}

#[test]
fn the_dirty_area_holds_all_that_changes() {
    let mut stroke = LiveStroke::new(Pen::Brush);
    let mut before: Vec<Path> = Vec::new();
    for batch in long_stroke(400).chunks(3) {
        let changes = stroke.extend(batch, Ahead::Fitted);
        let dirty = changes.dirty.unwrap();
        let now = [changes.tail, changes.predicted];
        for point in before.iter().chain(&now).chain([&changes.stable]).flat_map(points) {
            let inside = point.x >= dirty.left - 0.01
                && point.x <= dirty.right + 0.01
                && point.y >= dirty.top - 0.01
                && point.y <= dirty.bottom + 0.01;
            assert!(inside, "{point:?} outside {dirty:?}");
        }
        assert!(dirty.right - dirty.left < 25.0 && dirty.bottom - dirty.top < 25.0, "{dirty:?}");
        before = now.to_vec();
    }
}

#[test]
fn a_touch_is_seen_at_once_and_nothing_is_made_of_nothing() {
    let mut stroke = LiveStroke::new(Pen::Fountain);
    assert_eq!(LiveStroke::new(Pen::Brush).lift(), Changes::default());
    assert_eq!(stroke.extend(&[], Ahead::Nothing).dirty, None);
    let changes = stroke.extend(&[Sample::new(5.0, 6.0, 1.0)], Ahead::Nothing);
    assert_eq!(changes.tail.contours.len(), 1);
    let dirty = changes.dirty.unwrap();
    assert!((dirty.right - dirty.left - 0.99).abs() < 1e-6);
}

#[test]
fn the_prediction_goes_on_from_the_ink_and_is_gone_when_the_pen_is() {
    let samples = long_stroke(300);
    let mut stroke = LiveStroke::new(Pen::Fountain);
    let (drawn, last) = samples.split_at(250);
    stroke.extend(drawn, Ahead::Nothing);
    assert!(stroke.clone().extend(&[], Ahead::Nothing).predicted.contours.is_empty());
    let fitted = stroke.clone().extend(&[], Ahead::Fitted).predicted;
    let reported = stroke.extend(&[], Ahead::Reported(&last[..4])).predicted;
    for predicted in [fitted, reported] {
        let near = |sample: &Sample, mm: f64| {
            points(&predicted).iter().any(|point| (point.x - sample.x_mm).hypot(point.y - sample.y_mm) < mm)
        };
        assert!(near(&drawn[drawn.len() - 1], 0.6) && near(&last[3], 1.0));
    }
    assert!(stroke.lift().predicted.contours.is_empty());
}

fn any_stroke() -> impl Strategy<Value = Vec<Sample>> {
    let near = (-1.5..1.5_f64, -1.5..1.5_f64, 0.0..20.0_f64);
    let far = (-20.0..20.0_f64, -20.0..20.0_f64, 20.0..60.0_f64);
    let still = Just((0.0, 0.0, 8.0));
    let step = prop_oneof![8 => near, 1 => far, 1 => still];
    prop::collection::vec((step, prop::option::of(0.0..=1.0_f32)), 1..80).prop_map(|steps| {
        let (mut x, mut y, mut t) = (0.0_f64, 0.0_f64, 0.0);
        let mut place = |((dx, dy, dt), force): ((f64, f64, f64), Option<f32>)| {
            (x, y) = ((x + dx).clamp(-40.0, 40.0), (y + dy).clamp(-40.0, 40.0));
            t += dt;
            Sample { force, ..Sample::new(x, y, t) }
        };
        steps.into_iter().map(&mut place).collect()
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn whatever_is_drawn_live_and_final_agree(samples in any_stroke(), batch in 1..9_usize, brush in any::<bool>()) {
        let mut pad = InkPad::new();
        pad.down(Contact::default()).unwrap();
        pad.add(PointerId::default(), &samples);
        let stroke = &pad.ink().strokes()[0];
        let pen = if brush { Pen::Brush } else { Pen::Fountain };
        assert_same(stroke.samples(), stroke, pen, batch);
    }
}
