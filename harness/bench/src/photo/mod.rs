//! Photographs of signatures on paper into seal faces.

mod peers;
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    clippy::unwrap_used,
    reason = "shared with the tests of eseal-ink, where it is test code"
)]
#[path = "../../../../core/ink/tests/photo/score.rs"]
mod score;

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use eseal_face::SizeMm;
use eseal_ink::photo::{Layout, PaperInk, PhotoOptions, Picture, Pixels, extract};
use flate2::Compression;
use flate2::write::ZlibEncoder;
use image::imageops::{FilterType, resize};
use serde::Deserialize;

use self::peers::{Luma, METHODS};
use self::score::{Coverage, Score, score};
use crate::error::BenchError;
use crate::measure::{Effort, Turns};
use crate::place::Place;
use crate::table::{Cell, Table};

const PHOTOGRAPHS: &str = "../shared/corpus/ink/photos_synthetic";
const SCRIPT: &str = include_str!("opencv.py");
/// The bars: F1 within a pixel, mean and worst; processor's time for twelve megapixels.
const MEAN: f64 = 0.997;
const WORST: f64 = 0.99;
const LARGE_MS: f64 = 200.0;

struct Photograph {
    path: PathBuf,
    picture: Picture,
    luma: Luma,
    truth: Coverage,
}

pub(crate) fn run(place: &Place, effort: Effort) -> Result<Vec<Table>, BenchError> {
    let mut table = Table::new(
        "Paper: ink told from paper, on twelve photographs with exact coverage",
        "F1 of the pixels that are half ink or more, with a pixel's tolerance and without; mean distance of the edges; least of \
         several turns of the processor's time for 3 megapixels, mean of all photographs. The rows of eseal hold finding the \
         ink, parting it from rules and seals, tracing and fitting; the others' only the mask.",
        ["method", "F1, mean", "F1, worst", "to the pixel, mean", "worst", "edges, px", "time"],
    );
    let Some(folder) = place.there(PHOTOGRAPHS) else {
        table.row(vec![Cell::text("SKIPPED: the photographs are not there"); 1]);
        return Ok(vec![table]);
    };
    let photographs = (0..12).map(|number| load(&folder, number)).collect::<Result<Vec<_>, _>>()?;
    let turns = if effort == Effort::Quick { 3 } else { 9 };
    let (mut masks, mut faces, mut millis, mut forms) = (Vec::new(), Vec::new(), 0.0, Vec::new());
    for photograph in &photographs {
        let (ink, ms) = ours(&photograph.picture.pixels()?, turns)?;
        let (width, height) = (photograph.truth.width, photograph.truth.height);
        masks.push(score(&Coverage::of_mask(ink.mask(), width, height), &photograph.truth));
        faces.push(score(&Coverage::of_face(ink.face(), ink.mask(), width, height), &photograph.truth));
        forms.push(compressed(&ink.face().to_pdf_form().content)?);
        millis += ms / 12.0;
    }
    table.row(row("eseal, mask", &masks, millis));
    table.row(row("eseal, traced face drawn back", &faces, millis));
    for (name, method) in METHODS {
        let (mut scores, mut millis) = (Vec::new(), 0.0);
        for photograph in &photographs {
            let mut times = Turns::default();
            let mut mask = Vec::new();
            for _ in 0..turns.min(3) {
                mask = times.time(|| Ok(method(&photograph.luma)))?;
            }
            millis += times.cpu().least / 12.0;
            let values = mask.into_iter().map(|is_ink| if is_ink { 255 } else { 0 }).collect();
            scores.push(score(&Coverage { values, ..photograph.truth }, &photograph.truth));
        }
        table.row(row(name, &scores, millis));
    }
    opencv(place, &photographs, &mut table)?;
    Ok(vec![table, bars(&photographs, &[masks, faces].concat(), forms, turns)?])
}

fn load(folder: &Path, number: usize) -> Result<Photograph, BenchError> {
    let path = folder.join(format!("p{number:02}.jpg"));
    let file = fs::read(&path)?;
    let luma = image::load_from_memory(&file)?.into_luma8();
    let (width, height) = (luma.width() as usize, luma.height() as usize);
    let truth = Coverage::of_picture(&fs::read(folder.join(format!("p{number:02}_gt.png")))?);
    Ok(Photograph {
        path,
        picture: Picture::decode(&file)?,
        luma: Luma { width, height, values: luma.into_raw() },
        truth,
    })
}

/// The face, and the least time of the processor, ms.
fn ours(pixels: &Pixels<'_>, turns: usize) -> Result<(PaperInk, f64), BenchError> {
    let options = PhotoOptions::within(SizeMm::new(40.0, 20.0)?);
    let mut times = Turns::default();
    let ink = extract(pixels, &options)?;
    for _ in 0..turns {
        times.time(|| Ok(extract(pixels, &options)?))?;
    }
    Ok((ink, times.cpu().least))
}

fn row(name: &str, scores: &[Score], millis: f64) -> Vec<Cell> {
    let mean = |value: fn(&Score) -> f64| scores.iter().map(value).sum::<f64>() / 12.0;
    let worst = |value: fn(&Score) -> f64| scores.iter().map(value).fold(1.0, f64::min);
    let figure = |value: f64| Cell::text(format!("{value:.4}"));
    vec![
        Cell::text(name),
        figure(mean(|score| score.near)),
        figure(worst(|score| score.near)),
        figure(mean(|score| score.exact)),
        figure(worst(|score| score.exact)),
        Cell::text(format!("{:.3}", mean(|score| score.edge_px))),
        Cell::Ms(millis),
    ]
}

#[derive(Deserialize)]
struct Said {
    version: String,
    methods: Vec<SaidMethod>,
}

#[derive(Deserialize)]
struct SaidMethod {
    name: String,
    ms: f64,
}

fn opencv(place: &Place, photographs: &[Photograph], table: &mut Table) -> Result<(), BenchError> {
    let folder = place.bench().join("photo");
    fs::create_dir_all(&folder)?;
    let script = folder.join("opencv_bench.py");
    fs::write(&script, SCRIPT)?;
    let paths = photographs.iter().map(|photograph| &photograph.path);
    let output = Command::new("python3").arg(&script).arg(&folder).args(paths).output()?;
    if !output.status.success() {
        table.row(vec![Cell::text(
            "OpenCV: SKIPPED, `python3` cannot import `cv2` (pip install opencv-python-headless)",
        )]);
        return Ok(());
    }
    let said: Said = serde_json::from_slice(&output.stdout)?;
    for method in &said.methods {
        let mut scores = Vec::new();
        for photograph in photographs {
            let name = photograph.path.file_name().unwrap_or_default().to_string_lossy();
            let mask = fs::read(folder.join(format!("opencv-{}-{name}.png", method.name)))?;
            scores.push(score(&Coverage::of_picture(&mask), &photograph.truth));
        }
        let name = format!("OpenCV {} adaptiveThreshold, {}, 125, 20", said.version, method.name);
        table.row(row(&name, &scores, method.ms));
    }
    Ok(())
}

fn bars(
    photographs: &[Photograph],
    scores: &[Score],
    mut forms: Vec<usize>,
    turns: usize,
) -> Result<Table, BenchError> {
    let mut table = Table::new(
        "Paper: the bars",
        "F1 within a pixel over masks and traced faces; each photograph enlarged to 4000 × 3000 pixels, the slowest of the \
         twelve, least of several turns of the processor's time; the face of 40 mm as a PDF form, compressed.",
        ["F1, mean", "F1, worst", "12 megapixels", "PDF form, median", "PDF form, largest"],
    );
    let mut slowest = 0.0_f64;
    for photograph in photographs {
        let small = image::open(&photograph.path)?.into_rgb8();
        let large = resize(&small, 4000, 3000, FilterType::CatmullRom);
        slowest = slowest.max(ours(&Pixels::new(4000, 3000, 12_000, Layout::Rgb, &large)?, turns.min(5))?.1);
    }
    let mean = scores.iter().map(|score| score.near).sum::<f64>() / 24.0;
    let worst = scores.iter().map(|score| score.near).fold(1.0, f64::min);
    forms.sort_unstable();
    let met = |is_met: bool, figure: String| Cell::Bar { is_met, figure };
    table.row(vec![
        met(mean >= MEAN, format!("{mean:.4} of {MEAN}")),
        met(worst >= WORST, format!("{worst:.4} of {WORST}")),
        met(slowest <= LARGE_MS, format!("{slowest:.0} ms of {LARGE_MS}")),
        Cell::text(format!("{} B", forms[forms.len() / 2])),
        Cell::text(format!("{} B", forms[forms.len() - 1])),
    ]);
    Ok(table)
}

fn compressed(bytes: &[u8]) -> Result<usize, BenchError> {
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes)?;
    Ok(encoder.finish()?.len())
}
