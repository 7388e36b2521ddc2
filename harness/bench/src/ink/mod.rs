//! Drawing: a step while the pen is down, a signature as a picture, a signature in a PDF.

mod inputs;
mod ours;
mod peers;

use eseal_ink::Ink;

use crate::error::BenchError;
use crate::measure::Effort;
use crate::place::Place;
use crate::table::{Cell, Table};

use self::ours::{Made, Size};
use self::peers::Peers;

/// Points that a stroke has before the one that is timed.
const COUNTS: [usize; 4] = [10, 100, 1_000, 10_000];
/// A step while the pen is down, µs.
const STEP_US: f64 = 15.0;
/// From points to a PNG of 600 dpi, ms, and its size; the PDF form. Medians.
const PNG_MS: f64 = 8.0;
const PNG_BYTES: f64 = 20_000.0;
const FORM_BYTES: f64 = 5_000.0;

const MISSING: &str = "SKIPPED: node is not here, or npm could not install the packages";

pub(crate) fn run(place: &Place, effort: Effort) -> Result<Vec<Table>, BenchError> {
    let peers = Peers::find(place);
    eprintln!("ink: steps …");
    let steps = steps(peers.as_ref(), effort)?;
    let inks = inputs::signatures(place)?;
    eprintln!("ink: {} signatures …", inks.len());
    Ok(vec![steps, pictures(&inks, peers.as_ref(), effort)?])
}

fn steps(peers: Option<&Peers>, effort: Effort) -> Result<Table, BenchError> {
    let stroke = inputs::long_stroke(10_100);
    let theirs = peers.map(|peers| peers.live(&stroke, &COUNTS)).transpose()?;
    let mut table = Table::new(
        "Ink: one more point while the pen is down",
        "Microseconds of the processor's time, the least of many rounds: a stroke of loops at 57 mm/s and 240 Hz. Ours smooths, \
         predicts, outlines and tells the area to repaint; perfect-freehand's `getStroke` outlines the whole stroke, which is how \
         it is used.",
        ["points before", "eseal", "perfect-freehand", "perfect-freehand ÷ eseal"],
    );
    for (nth, count) in COUNTS.into_iter().enumerate() {
        let ours = ours::live(&stroke, count, effort)?;
        let peer = theirs.as_ref().and_then(|theirs| theirs.get(nth).copied());
        table.row(vec![
            Cell::text(count.to_string()),
            Cell::Bar { is_met: ours <= STEP_US, figure: format!("{ours:.1} µs of {STEP_US}") },
            peer.map_or(Cell::text(MISSING), |peer| Cell::text(format!("{peer:.1} µs"))),
            peer.map_or(Cell::None, |peer| Cell::Ratio(peer / ours)),
        ]);
    }
    Ok(table)
}

fn pictures(inks: &[Ink], peers: Option<&Peers>, effort: Effort) -> Result<Table, BenchError> {
    let theirs = peers.map(|peers| peers.pngs(inks, if effort == Effort::Quick { 1 } else { 3 })).transpose()?;
    let mut table = Table::new(
        "Ink: from points to a picture",
        "Medians over all signatures, and the most in brackets; of each, the least of several rounds of the processor's time. \
         Trimmed, 600 dpi. The form is what a PDF stores: filled outlines, deflated, off by at most 0.02 mm (0.0122 fitted, 0.007 \
         rounded to 0.01 mm in x and y, 0.001 the face's grid). signature_pad draws on a Skia canvas for node, at natural size \
         with the same pen widths.",
        ["what", "signatures", "points to PNG", "PNG", "PDF form"],
    );
    for (name, size) in [("eseal, natural size", Size::Natural), ("eseal, within 40 × 16 mm", Size::Seal)] {
        let mut made: Vec<Made> = Vec::new();
        for ink in inks {
            made.extend(ours::make(ink, size, effort)?);
        }
        let column = |of: fn(&Made) -> f64| made.iter().map(of).collect::<Vec<f64>>();
        table.row(vec![
            Cell::text(name),
            Cell::text(format!("{} of {}", made.len(), inks.len())),
            bar(column(|made| made.ms), PNG_MS, "ms"),
            bar(column(|made| float(made.png)), PNG_BYTES, "B"),
            bar(column(|made| float(made.form)), FORM_BYTES, "B"),
        ]);
    }
    let Some(theirs) = theirs else {
        table.row(vec![Cell::text("signature_pad"), Cell::text(MISSING), Cell::None, Cell::None, Cell::None]);
        return Ok(table);
    };
    let shown = |values: Vec<f64>, unit: &str| {
        let (median, most) = spread(values);
        Cell::text(format!("{median:.1} ({most:.1}) {unit}"))
    };
    table.row(vec![
        Cell::text("signature_pad, natural size"),
        Cell::text(theirs.len().to_string()),
        shown(theirs.iter().map(|png| png.ms).collect(), "ms"),
        shown(theirs.iter().map(|png| float(png.bytes)).collect(), "B"),
        Cell::None,
    ]);
    Ok(table)
}

fn bar(values: Vec<f64>, most: f64, unit: &str) -> Cell {
    let (median, worst) = spread(values);
    Cell::Bar { is_met: median <= most, figure: format!("{median:.1} ({worst:.1}) {unit} of {most}") }
}

/// Median and most.
fn spread(mut values: Vec<f64>) -> (f64, f64) {
    values.sort_by(f64::total_cmp);
    let at = |index: usize| values.get(index).copied().unwrap_or(f64::NAN);
    (at(values.len() / 2), at(values.len().saturating_sub(1)))
}

#[expect(clippy::cast_precision_loss, reason = "bytes of a small file")]
fn float(bytes: usize) -> f64 {
    bytes as f64
}
