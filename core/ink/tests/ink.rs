//! What ink promises: it takes what digitisers say, refuses what is no signature, and draws the rest.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs, reason = "test code")]

mod common;

use common::{code, corpus, fixture, ink, points, polyline, sample};
use eseal_face::{Color, Dpi, Face, Layer, Point, SizeMm};
use eseal_ink::{Contact, FaceSize, Ink, InkColor, InkPad, Pen, PointerId, RenderOptions, Sample, outline, render};
use proptest::prelude::*;

/// Share of the face's box that is inked.
fn coverage(face: &Face) -> f64 {
    let pixels = common::coverage(face, Dpi::new(300).unwrap());
    pixels.iter().map(|pixel| f64::from(*pixel)).sum::<f64>() / 255.0 / f64::from(u32::try_from(pixels.len()).unwrap())
}

fn inked_mm2(face: &Face) -> f64 {
    coverage(face) * face.size().width() * face.size().height()
}

#[test]
fn the_fixture_becomes_a_trimmed_face_that_survives_its_svg() {
    let size = SizeMm::new(40.0, 16.0).unwrap();
    let options = RenderOptions { size: FaceSize::FitWithin(size), ..RenderOptions::default() };
    let face = render(&fixture(), &options).unwrap();
    let (width, height) = (face.size().width(), face.size().height());
    assert!(width <= 40.0 && height <= 16.0, "{width} × {height}");
    assert!(width > 39.9 || height > 15.9, "{width} × {height}");
    assert_eq!(face.layers().len(), 1);
    assert_eq!(face.layers()[0].paths.len(), 14);
    assert_eq!(Face::from_svg(&face.to_svg()).unwrap(), face);
    // 208 mm of stroke, a little reduced, in a line of 0.3 to 0.8 mm.
    let inked = inked_mm2(&face);
    assert!((50.0..150.0).contains(&inked), "{inked} mm²");
}

#[test]
fn the_face_is_trimmed_to_its_margin() {
    for margin_mm in [0.0, 2.0] {
        let face = render(&fixture(), &RenderOptions { margin_mm, ..RenderOptions::default() }).unwrap();
        let all: Vec<Point> = face.layers()[0].paths.iter().flat_map(points).collect();
        let least = |of: fn(&Point) -> f64| all.iter().map(of).fold(f64::INFINITY, f64::min);
        let most = |of: fn(&Point) -> f64| all.iter().map(of).fold(f64::NEG_INFINITY, f64::max);
        for gap in
            [least(|p| p.x), least(|p| p.y), face.size().width() - most(|p| p.x), face.size().height() - most(|p| p.y)]
        {
            assert!((gap - margin_mm).abs() < 0.03, "{gap} mm beside a margin of {margin_mm} mm");
        }
    }
    for margin_mm in [-0.1, f64::NAN, 51.0] {
        let refused = render(&fixture(), &RenderOptions { margin_mm, ..RenderOptions::default() });
        assert_eq!(code(refused), "ink.margin");
    }
    let narrow = FaceSize::FitWithin(SizeMm::new(40.0, 1.0).unwrap());
    let refused = render(&fixture(), &RenderOptions { size: narrow, ..RenderOptions::default() });
    assert_eq!(code(refused), "ink.margin");
}

#[test]
fn ink_larger_than_a_face_is_refused() {
    let wide = ink(&[polyline(&[(0.0, 0.0), (100.0, 60.0), (250.0, 0.0)], 0.2, 0.0)]);
    assert_eq!(code(render(&wide, &RenderOptions::default())), "face.size");
    let fitted = FaceSize::FitWithin(SizeMm::new(40.0, 16.0).unwrap());
    assert!(render(&wide, &RenderOptions { size: fitted, ..RenderOptions::default() }).is_ok());
}

#[test]
fn slow_is_wide_and_fast_is_thin_and_force_counts() {
    let width = |speed: f64, force: Option<f32>| {
        let mut samples = polyline(&[(0.0, 0.0), (20.0, 0.0)], speed, 0.0);
        for sample in &mut samples {
            sample.force = force;
        }
        let stroke = ink(&[samples]).strokes()[0].clone();
        let middle = |p: &&Point| (8.0..12.0).contains(&p.x);
        points(&outline(&stroke, Pen::Fountain)).iter().filter(middle).map(|p| 2.0 * p.y.abs()).fold(0.0, f64::max)
    };
    // Half speed is 0.08 mm/ms: 0.35 + 0.55 / 2 mm wide.
    let half = width(0.08, None);
    assert!((half - 0.625).abs() < 0.02, "{half}");
    assert!(width(0.01, None) > 0.85 && width(0.5, None) < 0.42);
    assert!(width(0.08, Some(1.0)) > 1.3 * half && width(0.08, Some(0.0)) < 0.65 * half);
}

#[test]
fn a_flick_tapers_and_a_stop_does_not() {
    let tip = |places: &[(f64, f64)], rest: usize| {
        let mut samples = polyline(places, 0.15, 0.0);
        for _ in 0..rest {
            let last = samples[samples.len() - 1];
            samples.push(Sample { t_ms: last.t_ms + 8.0, ..last });
        }
        let stroke = ink(&[samples]).strokes()[0].clone();
        let near_end = |p: &&Point| p.x > 19.9;
        let heights =
            points(&outline(&stroke, Pen::Fountain)).iter().filter(near_end).map(|p| p.y.abs()).fold(0.0, f64::max);
        2.0 * heights
    };
    let (flick, stop) = (tip(&[(0.0, 0.0), (20.0, 0.0)], 0), tip(&[(0.0, 0.0), (20.0, 0.0)], 12));
    assert!(flick < 0.2 && stop > 1.5 * flick, "flick {flick} mm, stop {stop} mm");
}

#[test]
fn a_dot_is_a_disc() {
    for samples in [
        vec![sample(5.0, 5.0, 0.0)],
        vec![sample(5.0, 5.0, 0.0); 4],
        vec![sample(4.9, 5.0, 0.0), sample(5.1, 5.0, 9.0)],
    ] {
        let path = outline(&ink(&[samples]).strokes()[0], Pen::Fountain);
        assert_eq!(path.contours.len(), 1);
        for point in points(&path) {
            assert!(((point.x - 5.0).hypot(point.y - 5.0) - 0.495).abs() < 2e-4);
        }
    }
}

#[test]
fn a_corner_stays_where_it_was_drawn() {
    let stroke = ink(&[polyline(&[(0.0, 0.0), (10.0, 0.0), (10.0, 10.0)], 0.06, 0.0)]).strokes()[0].clone();
    let path = outline(&stroke, Pen::Marker);
    let points = points(&path);
    // The round join at (10, 0) reaches half a width beyond it, to the right and above.
    let (right, top) = points.iter().fold((0.0_f64, 0.0_f64), |(x, y), p| (x.max(p.x), y.min(p.y)));
    assert!((10.45..10.6).contains(&right) && (-0.6..-0.45).contains(&top), "{right} {top}");
    // The inner side is sharp, too: just beside the two edges that meet at (9.45, 0.55), there is ink or there is none.
    let face = Face::new(SizeMm::new(12.0, 12.0).unwrap(), vec![Layer { color: Color::BLACK, paths: vec![path] }]);
    let pixels = common::coverage(&face.unwrap(), Dpi::PRINT);
    let ink = |x: usize, y: usize| pixels[y * 284 + x];
    assert_eq!([ink(226, 9), ink(226, 21), ink(215, 9), ink(219, 17)], [255, 255, 255, 0]);
}

#[test]
fn pens_and_colors_differ() {
    let draw = |pen, color| render(&fixture(), &RenderOptions { pen, color, ..RenderOptions::default() }).unwrap();
    let fountain = draw(Pen::Fountain, InkColor::Black);
    assert!(inked_mm2(&draw(Pen::Brush, InkColor::Black)) > 1.2 * inked_mm2(&fountain));
    assert!(inked_mm2(&draw(Pen::Marker, InkColor::Black)) > 1.2 * inked_mm2(&fountain));
    assert!(draw(Pen::Fountain, InkColor::Red).to_svg().contains("fill=\"#c8141e\""));
    assert!(draw(Pen::Fountain, InkColor::Blue).to_svg().contains("fill=\"#142d8c\""));
}

#[test]
fn every_signature_of_the_corpus_becomes_a_face() {
    let options =
        RenderOptions { size: FaceSize::FitWithin(SizeMm::new(40.0, 16.0).unwrap()), ..RenderOptions::default() };
    let (Some(names), Some(words)) = (corpus("synthetic_hanzi_signatures.jsonl"), corpus("unipen_words.jsonl")) else {
        eprintln!("SKIPPED: the ink corpus is not here");
        return;
    };
    for record in names.lines() {
        let face = render(&Ink::from_json(record).unwrap(), &options).unwrap();
        assert!((0.03..0.6).contains(&coverage(&face)));
    }
    let refused: Vec<_> = words
        .lines()
        .map(|record| render(&Ink::from_json(record).unwrap(), &options))
        .filter_map(Result::err)
        .map(|error| error.code())
        .collect();
    // Four words of the corpus were written in letters a millimetre or two high.
    assert_eq!(refused, ["ink.too-short", "ink.too-short", "ink.too-small", "ink.too-small"]);
}

fn any_strokes() -> impl Strategy<Value = Vec<Vec<Sample>>> {
    let near = (-2.0..2.0_f64, -2.0..2.0_f64, 0.0..20.0_f64);
    let far = (-50.0..50.0_f64, -50.0..50.0_f64, 0.0..60.0_f64);
    let still = Just((0.0, 0.0, 8.0));
    let step = prop_oneof![6 => near, 1 => far, 1 => still];
    let force = prop::option::of(0.0..=1.0_f32);
    let stroke = prop::collection::vec((step, force), 1..40);
    prop::collection::vec(stroke, 1..5).prop_map(|strokes| {
        let (mut x, mut y, mut t) = (0.0_f64, 0.0_f64, 0.0);
        let mut place = |((dx, dy, dt), force): ((f64, f64, f64), Option<f32>)| {
            // On a grid of 1/64 mm, so that moving the ink adds no rounding of its own.
            x = ((x + dx).clamp(-90.0, 90.0) * 64.0).round() / 64.0;
            y = ((y + dy).clamp(-90.0, 90.0) * 64.0).round() / 64.0;
            t += dt;
            Sample { force, ..Sample::new(x, y, t) }
        };
        strokes.into_iter().map(|stroke| stroke.into_iter().map(&mut place).collect()).collect()
    })
}

/// The strokes on a pad; what it refuses is left out.
fn lenient(strokes: &[Vec<Sample>]) -> Ink {
    let mut pad = InkPad::new();
    for stroke in strokes {
        pad.down(Contact::default()).unwrap();
        pad.add(PointerId::default(), stroke);
        pad.up(PointerId::default());
    }
    pad.into_ink()
}

proptest! {
    #[test]
    fn the_outline_stays_within_reach_of_the_samples(strokes in any_strokes()) {
        for stroke in lenient(&strokes).strokes() {
            let samples = stroke.samples();
            let gap = samples.windows(2).map(|pair| (pair[0].x_mm - pair[1].x_mm).hypot(pair[0].y_mm - pair[1].y_mm)).fold(0.0, f64::max);
            // Half the widest line at full force, and how far a smooth curve may swing out between two samples.
            let reach = 0.9 * 1.4 / 2.0 + 0.5 * gap + 0.01;
            for point in points(&outline(stroke, Pen::Fountain)) {
                let near = samples.iter().any(|sample| {
                    (sample.x_mm - point.x).abs() <= reach + gap / 2.0 && (sample.y_mm - point.y).abs() <= reach + gap / 2.0
                });
                prop_assert!(near, "{point:?}");
            }
        }
    }

    #[test]
    fn rendering_never_panics_and_always_gives_the_same(strokes in any_strokes(), width in 2.0..200.0_f64, brush in any::<bool>()) {
        let ink = lenient(&strokes);
        let size = FaceSize::FitWithin(SizeMm::new(width, width / 2.0).unwrap());
        let most = SizeMm::new(width, width / 2.0).unwrap();
        let pen = if brush { Pen::Brush } else { Pen::Marker };
        let options = RenderOptions { pen, size, ..RenderOptions::default() };
        let face = render(&ink, &options);
        prop_assert_eq!(&render(&ink, &options), &face);
        match face {
            Ok(face) => {
                prop_assert!(ink.check().is_ok());
                prop_assert!(face.size().width() <= most.width() && face.size().height() <= most.height());
                prop_assert_eq!(Face::from_svg(&face.to_svg()).unwrap(), face);
            }
            Err(error) => prop_assert!(error.code().starts_with("ink."), "{}", error),
        }
    }

    #[test]
    fn where_and_when_it_was_drawn_makes_no_difference(strokes in any_strokes(), x in -64..64_i32, y in -64..64_i32, t in 0..1_000_000_i32) {
        let moved: Vec<Vec<Sample>> = strokes
            .iter()
            .map(|stroke| {
                let moved = |sample: &Sample| Sample {
                    x_mm: sample.x_mm + f64::from(x),
                    y_mm: sample.y_mm + f64::from(y),
                    t_ms: (sample.t_ms * 4.0).round() / 4.0 + f64::from(t),
                    ..*sample
                };
                stroke.iter().map(moved).collect()
            })
            .collect();
        let rounded: Vec<Vec<Sample>> = strokes
            .iter()
            .map(|stroke| stroke.iter().map(|sample| Sample { t_ms: (sample.t_ms * 4.0).round() / 4.0, ..*sample }).collect())
            .collect();
        let options = RenderOptions::default();
        prop_assert_eq!(render(&lenient(&moved), &options), render(&lenient(&rounded), &options));
    }
}
