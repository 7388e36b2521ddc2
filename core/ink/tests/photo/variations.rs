//! One signature, photographed in every way that spoils a photograph.

use std::path::Path;

use eseal_face::{Dpi, SizeMm};
use eseal_ink::photo::{Crop, PaperInk, PhotoError, PhotoOptions, PixelRect, extract};

use crate::scene::{Photograph, Scene, View, print, ring};
use crate::score::{Coverage, Score, score};

/// F1 with a pixel's tolerance, and mean distance of the edges of the traced face.
const LEAST_NEAR: f64 = 0.99;
const MOST_EDGE_PX: f64 = 0.6;

fn options() -> PhotoOptions {
    PhotoOptions::within(SizeMm::new(40.0, 20.0).unwrap())
}

fn scores(scene: &Scene, options: &PhotoOptions) -> [Score; 2] {
    let photograph = scene.photograph();
    let ink = extract(&photograph.pixels(), options).unwrap();
    keep(&photograph, &ink);
    let truth = scene.truth();
    let mask = score(&Coverage::of_mask(ink.mask(), truth.width, truth.height), &truth);
    let face = score(&Coverage::of_face(ink.face(), ink.mask(), truth.width, truth.height), &truth);
    [mask, face]
}

/// For a person to look at: with `ESEAL_KEEP_PHOTOS=FOLDER`, each test's last photograph and face are left there.
fn keep(photograph: &Photograph, ink: &PaperInk) {
    let Some(folder) = std::env::var_os("ESEAL_KEEP_PHOTOS") else { return };
    let name = std::thread::current().name().unwrap().replace("::", "-");
    let Photograph { width, height, data } = photograph;
    let path = |end: &str| Path::new(&folder).join(format!("{name}{end}.png"));
    image::save_buffer(path(""), data, *width, *height, image::ExtendedColorType::Rgb8).unwrap();
    std::fs::write(path("-face"), ink.face().to_png(Dpi::PRINT).unwrap()).unwrap();
}

fn meets(name: &str, scene: &Scene) {
    check(name, scores(scene, &options()));
}

fn check(name: &str, scores: [Score; 2]) {
    let [mask, face] = scores;
    eprintln!("{name:22} mask {mask} face {face}");
    for score in scores {
        assert!(score.near >= LEAST_NEAR && score.edge_px <= MOST_EDGE_PX, "{name}: {score}");
    }
}

#[test]
fn plain() {
    meets("plain", &Scene::plain());
}

#[test]
fn turned() {
    for degrees in [-20.0, 7.0, 33.0] {
        let view = View::above(20.0, 150.0, 250.0).turned(degrees);
        meets(&format!("turned by {degrees}"), &Scene { view, ..Scene::plain() });
    }
}

#[test]
fn cropped_close() {
    let truth = Scene::plain().truth();
    let inked: Vec<usize> = (0..truth.values.len()).filter(|at| truth.values[*at] > 0).collect();
    let column = |at: &usize| at % truth.width;
    let (left, right) = (inked.iter().map(column).min().unwrap(), inked.iter().map(column).max().unwrap());
    let (top, bottom) = (inked[0] / truth.width, inked[inked.len() - 1] / truth.width);
    let rect = PixelRect {
        left: left as u32 - 3,
        top: top as u32 - 3,
        width: (right - left) as u32 + 6,
        height: (bottom - top) as u32 + 6,
    };
    check("cropped to 3 px", scores(&Scene::plain(), &PhotoOptions { crop: Crop::Rect(rect), ..options() }));
}

#[test]
fn strongly_compressed() {
    meets("JPEG quality 40", &Scene { quality: Some(40), ..Scene::plain() });
}

#[test]
fn noisy() {
    meets("noise of 8", &Scene { noise: 8.0, ..Scene::plain() });
}

#[test]
fn on_coloured_paper() {
    for (name, paper) in [("red", [0.75, 0.3, 0.3]), ("yellow", [0.8, 0.7, 0.25]), ("blue", [0.35, 0.5, 0.75])] {
        meets(&format!("{name} paper"), &Scene { paper, ..Scene::plain() });
    }
}

#[test]
fn in_coloured_ink() {
    for (name, ink) in [("blue", [0.05, 0.1, 0.5]), ("red", [0.6, 0.04, 0.05]), ("pencil", [0.55, 0.55, 0.56])] {
        meets(&format!("{name} ink"), &Scene { ink, ..Scene::plain() });
    }
}

#[test]
fn seen_at_a_slant() {
    let view = View::above(24.0, 30.0, 40.0).slanted(0.003, 0.004);
    meets("slanted", &Scene { view, ..Scene::plain() });
}

#[test]
fn under_a_reflection() {
    let glare = |x: f64, y: f64| 0.35 * (-((x - 0.5).powi(2) + (y - 0.45).powi(2)) / 0.01).exp();
    meets("glare", &Scene { glare, light: |_, _| 0.6, ..Scene::plain() });
}

#[test]
fn across_a_hard_shadow() {
    let light = |x: f64, y: f64| if x + 0.4 * y > 0.65 { 0.42 } else { 0.95 };
    meets("hard shadow", &Scene { light, ..Scene::plain() });
}

#[test]
fn with_a_red_stamp_over_it() {
    let mut scene = Scene::plain();
    scene.marks.push((ring(42.0, 28.0, 14.0, 12.8), [0.8, 0.08, 0.08]));
    scene.marks.push((ring(42.0, 28.0, 4.0, 0.5), [0.8, 0.08, 0.08]));
    meets("under a red stamp", &scene);
}

#[test]
fn on_ruled_paper() {
    meets("faint rules", &Scene::plain().ruled(8.0, 0.15, [0.75, 0.8, 0.88]));
    meets("dark rules", &Scene::plain().ruled(8.0, 0.2, [0.3, 0.35, 0.5]));
    let view = View::above(20.0, 100.0, -20.0).turned(3.0);
    meets("dark rules, turned by 3", &Scene { view, ..Scene::plain() }.ruled(5.0, 0.2, [0.3, 0.35, 0.5]));
}

#[test]
fn several_signatures_are_offered() {
    let scene = Scene { signatures: vec![(15.0, 8.0), (20.0, 40.0)], ..Scene::plain() };
    let photograph = scene.photograph();
    let refused = extract(&photograph.pixels(), &options()).unwrap_err();
    assert_eq!(refused.code(), "photo.several-signatures");
    let PhotoError::Several { found } = refused else { panic!() };
    assert_eq!(found.len(), 2);
    for rect in found {
        assert!(extract(&photograph.pixels(), &PhotoOptions { crop: Crop::Rect(rect), ..options() }).is_ok());
    }
}

#[test]
fn printed_text_is_refused() {
    let mut scene = Scene { signatures: Vec::new(), ..Scene::plain() };
    scene.marks.push((print(10.0, 10.0, 22, 7), [0.1, 0.1, 0.1]));
    assert_eq!(extract(&scene.photograph().pixels(), &options()).unwrap_err().code(), "photo.printed-text");
    let mut scene = Scene { signatures: vec![(18.0, 14.0)], ..Scene::plain() };
    scene.marks.push((print(10.0, 32.0, 22, 4), [0.1, 0.1, 0.1]));
    assert_eq!(extract(&scene.photograph().pixels(), &options()).unwrap_err().code(), "photo.printed-text");
}

#[test]
fn a_bare_sheet_is_refused() {
    let scene = Scene { signatures: Vec::new(), ..Scene::plain() };
    for scene in [scene.clone(), scene.ruled(8.0, 0.15, [0.8, 0.85, 0.9])] {
        assert_eq!(extract(&scene.photograph().pixels(), &options()).unwrap_err().code(), "photo.no-ink");
    }
}

#[test]
fn a_blurred_photograph_is_refused() {
    let scene = Scene { blur: 9.0, ..Scene::plain() };
    assert_eq!(extract(&scene.photograph().pixels(), &options()).unwrap_err().code(), "photo.blurred");
}

#[test]
fn a_signature_far_away_is_refused() {
    let scene = Scene { view: View::above(3.0, 300.0, 300.0), ..Scene::plain() };
    assert_eq!(extract(&scene.photograph().pixels(), &options()).unwrap_err().code(), "photo.too-small");
}

#[test]
fn an_overexposed_photograph_is_refused() {
    let scene = Scene { light: |_, _| 6.0, ..Scene::plain() };
    assert_eq!(extract(&scene.photograph().pixels(), &options()).unwrap_err().code(), "photo.overexposed");
}
