//! A sheet on a dark table, photographed at an angle, and straightened.

use eseal_face::SizeMm;
use eseal_ink::photo::{PhotoOptions, Picture, PixelPoint, Quad, extract, sheet, straighten};

use crate::scene::{Polygons, Scene, View};
use crate::score::{Coverage, Score, score};

const WIDE: f64 = 80.0;
const HIGH: f64 = 60.0;

/// Everything but the sheet.
fn table() -> Polygons {
    let rectangle =
        |left: f64, top: f64, right: f64, bottom: f64| vec![(left, top), (right, top), (right, bottom), (left, bottom)];
    let mut hole = rectangle(0.0, 0.0, WIDE, HIGH);
    hole.reverse();
    vec![rectangle(-45.0, -45.0, WIDE + 45.0, HIGH + 45.0), hole]
}

/// Tilted, panned and rolled, degrees.
fn scene(tilt: f64, pan: f64, roll: f64) -> Scene {
    let plain = Scene::plain();
    let view = View::camera((plain.width, plain.height), (WIDE / 2.0, HIGH / 2.0), 105.0, [tilt, pan, roll]);
    Scene { view, marks: vec![(table(), [0.3, 0.2, 0.13])], signatures: vec![(22.0, 24.0)], ..plain }
}

fn corners(scene: &Scene) -> Quad {
    Quad([(0.0, 0.0), (WIDE, 0.0), (WIDE, HIGH), (0.0, HIGH)].map(|(x, y)| {
        let (x, y) = scene.view.place(x, y);
        PixelPoint { x: x.into(), y: y.into() }
    }))
}

/// The signature on the straightened sheet, against the sheet as it is.
fn straightened(scene: &Scene, corners: &Quad) -> (Picture, Score) {
    let photograph = scene.photograph();
    let picture = straighten(&photograph.pixels(), corners).unwrap();
    let pixels = picture.pixels().unwrap();
    let ink = extract(&pixels, &PhotoOptions::within(SizeMm::new(40.0, 20.0).unwrap())).unwrap();
    let (width, height) = (pixels.width(), pixels.height());
    let view = View([[f64::from(width) / WIDE, 0.0, 0.0], [0.0, f64::from(height) / HIGH, 0.0], [0.0, 0.0, 1.0]]);
    let truth = Scene { width, height, view, ..scene.clone() }.truth();
    let found = Coverage::of_face(ink.face(), ink.mask(), truth.width, truth.height);
    if let Some(folder) = std::env::var_os("ESEAL_KEEP_PHOTOS") {
        let path = |end: &str| std::path::Path::new(&folder).join(format!("slant{end}.png"));
        image::save_buffer(
            path(""),
            &photograph.data,
            photograph.width,
            photograph.height,
            image::ExtendedColorType::Rgb8,
        )
        .unwrap();
        std::fs::write(path("-face"), ink.face().to_png(eseal_face::Dpi::PRINT).unwrap()).unwrap();
    }
    let score = score(&found, &truth);
    (picture, score)
}

const VIEWS: [[f64; 3]; 5] =
    [[0.0, 0.0, 0.0], [30.0, 0.0, 0.0], [0.0, -25.0, 5.0], [25.0, 20.0, -10.0], [-35.0, 15.0, 20.0]];

#[test]
fn a_slanted_sheet_is_found_and_straightened() {
    for [tilt, pan, roll] in VIEWS {
        let scene = scene(tilt, pan, roll);
        let found =
            sheet(&scene.photograph().pixels()).unwrap_or_else(|error| panic!("{error} at {tilt} {pan} {roll}"));
        let real = corners(&scene);
        let off = found.0.iter().zip(&real.0).map(|(one, other)| (one.x - other.x).hypot(one.y - other.y));
        let off = off.fold(0.0, f64::max);
        assert!(off < 6.0, "corners {off:.1} px off at {tilt} {pan} {roll}");
        let (picture, score) = straightened(&scene, &real);
        let pixels = picture.pixels().unwrap();
        let ratio = f64::from(pixels.width()) / f64::from(pixels.height());
        eprintln!("{tilt} {pan} {roll}: corners {off:.2} px off, {ratio:.3} wide, {score}");
        let most = if tilt == 0.0 || pan == 0.0 { 0.05 } else { 0.01 };
        assert!((ratio / (WIDE / HIGH) - 1.0).abs() < most, "{ratio} at {tilt} {pan} {roll}");
        assert!(score.near >= 0.99 && score.edge_px < 0.6, "{score} at {tilt} {pan} {roll}");
    }
}

#[test]
fn the_proportions_hold_with_found_corners_too() {
    for [tilt, pan, roll] in VIEWS {
        let scene = scene(tilt, pan, roll);
        let photograph = scene.photograph();
        let picture = straighten(&photograph.pixels(), &sheet(&photograph.pixels()).unwrap()).unwrap();
        let pixels = picture.pixels().unwrap();
        let ratio = f64::from(pixels.width()) / f64::from(pixels.height());
        assert!((ratio / (WIDE / HIGH) - 1.0).abs() < 0.05, "{ratio} at {tilt} {pan} {roll}");
    }
}

#[test]
fn no_sheet_is_found_where_none_is_whole() {
    let plain = Scene::plain();
    let none =
        |scene: &Scene| sheet(&scene.photograph().pixels()).map_err(|error| error.code()) == Err("photo.no-sheet");
    assert!(none(&plain), "paper beyond the border");
    let cut = Scene { view: View::above(20.0, 300.0, 200.0), ..scene(0.0, 0.0, 0.0) };
    assert!(none(&cut), "a cut sheet");
    let bare = Scene { signatures: Vec::new(), light: |_, _| 0.5, ..plain };
    assert!(none(&bare), "a bare sheet");
}

#[test]
fn corners_that_cannot_be_are_refused() {
    let scene = scene(0.0, 0.0, 0.0);
    let photograph = scene.photograph();
    let good = corners(&scene);
    let with = |nth: usize, x: f64, y: f64| {
        let mut quad = good;
        quad.0[nth] = PixelPoint { x, y };
        quad
    };
    let swapped = Quad([good.0[1], good.0[0], good.0[2], good.0[3]]);
    let mirrored = Quad([good.0[1], good.0[0], good.0[3], good.0[2]]);
    let middle = with(0, 900.0, 700.0);
    for wrong in
        [swapped, mirrored, middle, with(1, f64::NAN, 0.0), with(2, 1e9, 1e9), with(0, good.0[1].x, good.0[1].y)]
    {
        assert_eq!(straighten(&photograph.pixels(), &wrong).unwrap_err().code(), "photo.corners", "{wrong:?}");
    }
}
