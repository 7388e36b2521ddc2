//! The twelve photographs with exact coverage.

use std::path::PathBuf;

use eseal_face::SizeMm;
use eseal_ink::photo::{PhotoOptions, Picture, extract};

use crate::score::{Coverage, score};

/// Of every photograph, in F1 with a pixel's tolerance, in F1 to the pixel, and in mean distance of the edges.
const LEAST_NEAR: f64 = 0.999;
const LEAST_EXACT: f64 = 0.94;
const MOST_EDGE_PX: f64 = 0.35;

#[test]
fn masks_and_traced_faces_meet_the_exact_coverage() {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/corpus/ink/photos_synthetic");
    if !folder.is_dir() {
        eprintln!("SKIPPED: the photographs are not there");
        return;
    }
    let within = SizeMm::new(40.0, 20.0).unwrap();
    for number in 0..12 {
        let read = |name: String| std::fs::read(folder.join(name)).unwrap();
        let truth = Coverage::of_picture(&read(format!("p{number:02}_gt.png")));
        let picture = Picture::decode(&read(format!("p{number:02}.jpg"))).unwrap();
        let ink = extract(&picture.pixels().unwrap(), &PhotoOptions::within(within)).unwrap();
        let mask = score(&Coverage::of_mask(ink.mask(), truth.width, truth.height), &truth);
        let face = score(&Coverage::of_face(ink.face(), ink.mask(), truth.width, truth.height), &truth);
        eprintln!("p{number:02} mask {mask} face {face} {} B as PDF form", ink.face().to_pdf_form().content.len());
        for score in [mask, face] {
            assert!(score.near >= LEAST_NEAR && score.exact >= LEAST_EXACT, "p{number:02}: {score}");
            assert!(score.edge_px <= MOST_EDGE_PX, "p{number:02}: {score}");
        }
    }
}
