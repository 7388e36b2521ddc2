//! Reading QR codes: photographs and simulated screens, against zxing-cpp and rxing.

mod frames;
mod memory;
mod ours;
mod rxing;
mod zxing;

use crate::error::BenchError;
use crate::measure::Effort;
use crate::place::Place;
use crate::table::{Cell, Table};

use self::frames::Frame;
pub(crate) use self::memory::{WALK, walk};

/// Where the pictures lie, from the checkout's root.
const CORPUS: &str = "../shared/corpus/qr";

/// What a reader made of one frame.
#[derive(Debug, Clone, Default)]
struct Reading {
    texts: Vec<String>,
    /// Time of the processor, the least of a few turns.
    ms: f64,
}

/// A reader's work on all frames, in their order.
struct Reader {
    name: String,
    readings: Vec<Reading>,
    /// Most memory above the frame that any of them took, KiB.
    peak_kib: Option<i64>,
}

/// Which frames are counted.
type Meant = fn(&Frame) -> bool;

/// Sets that belong together, the least that must be read of them, and of how many.
const GROUPS: [(&str, &[&str], usize, usize); 4] = [
    ("zxing-1..6", &["zxing-1", "zxing-2", "zxing-3", "zxing-4", "zxing-5", "zxing-6"], 172, 179),
    ("cpp-2, cpp-7", &["cpp-2", "cpp-7"], 26, 26),
    ("jsqr", &["jsqr"], 68, 78),
    ("screen_sim", &["screen_sim"], 32, 37),
];
const WITHOUT: &[&str] = &["falsepositives", "falsepositives-2"];

/// Pixels from which a frame counts as large.
const LARGE: usize = 500_000;

pub(crate) fn run(place: &Place, effort: Effort) -> Result<Vec<Table>, BenchError> {
    let Some(corpus) = place.there(CORPUS) else {
        eprintln!("qr: SKIPPED, there is no {CORPUS}");
        return Ok(Vec::new());
    };
    let folder = place.bench().join("qr");
    eprintln!("qr: frames …");
    let frames = frames::make(&corpus, &folder)?;
    let mut readers = Vec::new();
    eprintln!("qr: eseal …");
    readers.push(ours::read(place, &folder, &frames, effort)?);
    eprintln!("qr: zxing-cpp …");
    match zxing::read(place, &folder, &frames, effort)? {
        Ok(reader) => readers.push(reader),
        Err(why) => eprintln!("qr: zxing-cpp SKIPPED: {why}"),
    }
    eprintln!("qr: rxing …");
    readers.push(rxing::read(&frames, effort)?);
    Ok(vec![
        counts(&frames, &readers),
        halves(&frames, &readers[0]),
        missed(&frames, &readers),
        costs(&frames, &readers),
    ])
}

fn counts(frames: &[Frame], readers: &[Reader]) -> Table {
    let about = "Frames read, of the pictures fitted into 1280 × 720 (never enlarged), each reader on the same pixels. Exact: \
                 the text is the one that the pictures' makers give, where they do. Frames without a code must give nothing.";
    let mut table = Table::new("QR codes read", about, ["set", "reader", "read", "exact", "of labelled", "bar"]);
    for (name, sets, least, of) in GROUPS {
        for (place, reader) in readers.iter().enumerate() {
            let [read, exact, labelled] = tally(frames, reader, |frame| sets.contains(&frame.set.as_str()));
            let bar = if place == 0 {
                Cell::Bar { is_met: read >= least, figure: format!("{read} for {least} of {of}") }
            } else {
                Cell::None
            };
            let count = |count: usize| Cell::text(count.to_string());
            table.row(vec![
                Cell::text(name),
                Cell::text(&reader.name),
                count(read),
                count(exact),
                count(labelled),
                bar,
            ]);
        }
    }
    for (place, reader) in readers.iter().enumerate() {
        let [read, ..] = tally(frames, reader, |frame| WITHOUT.contains(&frame.set.as_str()));
        let bar =
            if place == 0 { Cell::Bar { is_met: read == 0, figure: format!("{read} false") } } else { Cell::None };
        let row = [Cell::text("without a code"), Cell::text(&reader.name), Cell::text(read.to_string())];
        table.row(row.into_iter().chain([Cell::None, Cell::None, bar]).collect());
    }
    table
}

/// Read, read exactly, and labelled frames of some sets.
fn tally(frames: &[Frame], reader: &Reader, is_meant: impl Fn(&Frame) -> bool) -> [usize; 3] {
    let mut tally = [0; 3];
    for (frame, reading) in frames.iter().zip(&reader.readings).filter(|(frame, _)| is_meant(frame)) {
        tally[0] += usize::from(!reading.texts.is_empty());
        tally[1] += usize::from(frame.expected.iter().any(|text| reading.texts.contains(text)));
        tally[2] += usize::from(!frame.expected.is_empty());
    }
    tally
}

/// The half of the pictures that tuning looked at, and the one that it did not.
fn halves(frames: &[Frame], ours: &Reader) -> Table {
    let about = "Pictures are halved by a hash of their file: one half was looked at while the scanner was tuned, the other \
                 says whether that helped in general.";
    let mut table = Table::new("QR codes read, by halves", about, ["half", "frames with a code", "read", "part"]);
    for (name, is_tuned) in [("looked at", true), ("held out", false)] {
        let has_code = |frame: &Frame| frame.is_tuned == is_tuned && !WITHOUT.contains(&frame.set.as_str());
        let count = frames.iter().filter(|frame| has_code(frame)).count();
        let [read, ..] = tally(frames, ours, has_code);
        let part = format!("{:.1} %", 100.0 * number(read) / number(count.max(1)));
        table.row([name.to_owned(), count.to_string(), read.to_string(), part].map(Cell::Text).into());
    }
    table
}

/// What tuning may look at: of the other half no name is told.
fn missed(frames: &[Frame], readers: &[Reader]) -> Table {
    let about =
        "Frames with a code, of the half that is looked at, that this checkout does not read, and who else does.";
    let mut table = Table::new("QR codes not read", about, ["frame", "pixels", "read by"]);
    let Some((ours, others)) = readers.split_first() else { return table };
    for (at, frame) in frames.iter().enumerate() {
        let is_read = |reader: &Reader| !reader.readings[at].texts.is_empty();
        if is_read(ours) || !frame.is_tuned || WITHOUT.contains(&frame.set.as_str()) {
            continue;
        }
        let by: Vec<&str> = others.iter().filter(|other| is_read(other)).map(|other| other.name.as_str()).collect();
        let pixels = format!("{} × {}", frame.width, frame.height);
        table.row([frame.name.clone(), pixels, by.join(", ")].map(Cell::Text).into());
    }
    table
}

fn costs(frames: &[Frame], readers: &[Reader]) -> Table {
    let about = "Time of the processor for a frame, one thread, the least of a few turns. Large are frames of at least half a \
                 megapixel. Bars: median 2 ms, 95 % 20 ms, worst 60 ms, memory over the frame 8 MB. Ratios are to zxing-cpp.";
    let columns =
        ["frames", "reader", "median", "95 %", "worst", "median ratio", "95 % ratio", "memory over the frame"];
    let mut table = Table::new("QR: what a frame costs", about, columns);
    let groups: [(&str, Meant); 5] = [
        ("all", |_| true),
        ("with a code", |frame| !WITHOUT.contains(&frame.set.as_str())),
        ("without a code", |frame| WITHOUT.contains(&frame.set.as_str())),
        ("large", |frame| frame.luma.len() >= LARGE),
        ("small", |frame| frame.luma.len() < LARGE),
    ];
    for (name, is_meant) in groups {
        let peer = readers.iter().find(|reader| reader.name.starts_with(zxing::NAME));
        let peer = peer.map(|reader| times(frames, reader, is_meant));
        for (place, reader) in readers.iter().enumerate() {
            let spent = times(frames, reader, is_meant);
            let bars = if place == 0 { [Some(2.0), Some(20.0), Some(60.0)] } else { [None; 3] };
            let time = |at: usize| match bars[at] {
                Some(bar) => Cell::Bar { is_met: spent[at] <= bar, figure: format!("{:.2} ms", spent[at]) },
                None => Cell::Ms(spent[at]),
            };
            let ratio = |at: usize| peer.map_or(Cell::None, |peer| Cell::Ratio(spent[at] / peer[at]));
            let memory = match reader.peak_kib.filter(|_| name == "all") {
                Some(kib) => Cell::Mb(f64::from(u32::try_from(kib.max(0)).unwrap_or(u32::MAX)) * 1024.0 / 1e6),
                None => Cell::None,
            };
            let row =
                vec![Cell::text(name), Cell::text(&reader.name), time(0), time(1), time(2), ratio(0), ratio(1), memory];
            table.row(row);
        }
    }
    table
}

/// Median, 95 % and worst.
fn times(frames: &[Frame], reader: &Reader, is_meant: Meant) -> [f64; 3] {
    let meant = frames.iter().zip(&reader.readings).filter(|(frame, _)| is_meant(frame));
    let mut times: Vec<f64> = meant.map(|(_, reading)| reading.ms).collect();
    times.sort_by(f64::total_cmp);
    let at = |part: usize| times.get((times.len() * part / 100).min(times.len().saturating_sub(1))).copied();
    [50, 95, 100].map(|part| at(part).unwrap_or(f64::NAN))
}

#[expect(clippy::cast_precision_loss, reason = "a few hundred")]
fn number(count: usize) -> f64 {
    count as f64
}
