//! Every sample signature as we draw it, beside `signature_pad` and `perfect-freehand` with the same widths:
//! `cargo run --release -p eseal-ink --example contact_sheet [OUT]`.
//!
//! Writes pages into OUT (`target/ink-sheet`): `whole-N.png` at 150 dpi, about the size on paper, and `near-N.png`, a piece
//! of each at 1200 dpi, eight times as large. A row is a signature: ours, `signature_pad`, `perfect-freehand`; beneath `near`,
//! nothing is scaled. The peers are run by node, which installs them; without node their columns stay empty.

use std::error::Error;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use eseal_face::{Color, Dpi, Face, Layer, Point, Segment, SizeMm};
use eseal_ink::{Ink, Pen, Stroke, outline};

type Outcome<T> = Result<T, Box<dyn Error>>;

const ROOT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../..");
const SAMPLES: [&str; 3] = [
    "tests/fixtures/ink/zhou-zihan.json",
    "../shared/corpus/ink/unipen_words.jsonl",
    "../shared/corpus/ink/synthetic_hanzi_signatures.jsonl",
];
const PEERS: [&str; 2] = ["signature_pad", "perfect-freehand"];
const MARGIN_MM: f64 = 1.0;
/// What is shown of a signature from near, mm.
const NEAR_MM: (f64, f64) = (16.0, 10.0);
const WHOLE_DPI: u32 = 150;
const NEAR_DPI: u32 = 1200;
const ROWS: usize = 8;
const GAP: usize = 8;

fn main() -> Outcome<()> {
    let out = std::env::args().nth(1).map_or_else(|| Path::new(ROOT).join("target/ink-sheet"), PathBuf::from);
    fs::create_dir_all(&out)?;
    let inks = inks()?;
    let whole: Vec<View> = inks.iter().map(|ink| View { area: Area::around(ink), ink }).collect();
    let near: Vec<View> = inks.iter().map(|ink| View { area: Area::around(ink).near(), ink }).collect();
    for (name, views, dpi) in [("whole", whole, WHOLE_DPI), ("near", near, NEAR_DPI)] {
        let peers = peers(&views, dpi, &out.join(name));
        if let Err(why) = &peers {
            writeln!(std::io::stderr(), "SKIPPED the peers: {why}")?;
        }
        let tiles: Vec<Vec<Tile>> = views
            .iter()
            .enumerate()
            .map(|(nth, view)| {
                let mut row = vec![view.draw(dpi)?];
                for peer in PEERS.iter().filter(|_| peers.is_ok()) {
                    row.push(Tile::read(&out.join(name).join(format!("{nth}-{peer}.pgm")))?);
                }
                Ok::<_, Box<dyn Error>>(row)
            })
            .collect::<Outcome<_>>()?;
        for (nth, rows) in tiles.chunks(ROWS).enumerate() {
            page(rows, &out.join(format!("{name}-{nth:02}.png")))?;
        }
        fs::remove_dir_all(out.join(name))?;
    }
    Ok(())
}

fn inks() -> Outcome<Vec<Ink>> {
    let mut inks = Vec::new();
    for file in SAMPLES.map(|file| Path::new(ROOT).join(file)) {
        let Ok(text) = fs::read_to_string(&file) else {
            writeln!(std::io::stderr(), "SKIPPED {}: it is not here", file.display())?;
            continue;
        };
        let is_lines = file.extension().is_some_and(|extension| extension == "jsonl");
        let records: Vec<&str> = if is_lines { text.lines().collect() } else { vec![&text] };
        for record in records {
            inks.push(Ink::from_json(record)?);
        }
    }
    Ok(inks)
}

/// A box on the pad, mm.
#[derive(Clone, Copy)]
struct Area {
    left: f64,
    top: f64,
    width: f64,
    height: f64,
}

impl Area {
    fn around(ink: &Ink) -> Self {
        let samples = || ink.strokes().iter().flat_map(Stroke::samples);
        let least = |of: fn(&eseal_ink::Sample) -> f64| samples().map(of).fold(f64::INFINITY, f64::min);
        let most = |of: fn(&eseal_ink::Sample) -> f64| samples().map(of).fold(f64::NEG_INFINITY, f64::max);
        let (left, top) = (least(|sample| sample.x_mm) - MARGIN_MM, least(|sample| sample.y_mm) - MARGIN_MM);
        let (right, bottom) = (most(|sample| sample.x_mm) + MARGIN_MM, most(|sample| sample.y_mm) + MARGIN_MM);
        Self { left, top, width: right - left, height: bottom - top }
    }

    /// The left part, in the middle of the height.
    fn near(self) -> Self {
        let (width, height) = NEAR_MM;
        Self { top: self.top + (self.height - height).max(0.0) / 2.0, width, height, ..self }
    }
}

/// A signature, and what is shown of it.
struct View<'a> {
    area: Area,
    ink: &'a Ink,
}

impl View<'_> {
    fn draw(&self, dpi: u32) -> Outcome<Tile> {
        // A face holds little beyond its sides: it is drawn whole and cut.
        let whole = Area::around(self.ink);
        let shift = |point: Point| Point::new(point.x - whole.left, point.y - whole.top);
        let mut paths: Vec<_> = self.ink.strokes().iter().map(|stroke| outline(stroke, Pen::Fountain)).collect();
        for contour in paths.iter_mut().flat_map(|path| &mut path.contours) {
            contour.start = shift(contour.start);
            for segment in &mut contour.segments {
                *segment = match *segment {
                    Segment::Line(to) => Segment::Line(shift(to)),
                    Segment::Cubic(first, second, to) => Segment::Cubic(shift(first), shift(second), shift(to)),
                };
            }
        }
        let face = Face::new(SizeMm::new(whole.width, whole.height)?, vec![Layer { color: Color::BLACK, paths }])?;
        let tile = Tile::decode(&face.to_png(Dpi::new(dpi)?)?)?;
        Ok(tile.cut(&whole, &self.area, f64::from(dpi) / 25.4))
    }
}

/// What the peers draw, as files in `folder`.
fn peers(views: &[View<'_>], dpi: u32, folder: &Path) -> Outcome<()> {
    fs::create_dir_all(folder)?;
    let views: Vec<serde_json::Value> = views
        .iter()
        .map(|View { area, ink }| {
            let points = |stroke: &Stroke| stroke.samples().iter().map(|s| [s.x_mm, s.y_mm, s.t_ms]).collect::<Vec<_>>();
            let strokes: Vec<_> = ink.strokes().iter().map(points).collect();
            let Area { left, top, width, height } = area;
            serde_json::json!({"area": {"left": left, "top": top, "width": width, "height": height}, "strokes": strokes})
        })
        .collect();
    let input = folder.join("views.json");
    fs::write(&input, serde_json::to_vec(&views)?)?;
    let root = Path::new(ROOT);
    let mut node = Command::new("node");
    node.arg(root.join("harness/bench/peers/ink/peers.mjs")).arg(root.join("target/tools/ink-peers"));
    let output = node.arg("draw").arg(input).arg(dpi.to_string()).arg(folder).output()?;
    if output.status.success() { Ok(()) } else { Err(String::from_utf8_lossy(&output.stderr).into()) }
}

/// A grey picture, black on white.
struct Tile {
    width: usize,
    height: usize,
    pixels: Vec<u8>,
}

impl Tile {
    /// A face of one colour is an indexed picture whose indices are the coverage.
    fn decode(png: &[u8]) -> Outcome<Self> {
        let mut decoder = png::Decoder::new(std::io::Cursor::new(png));
        decoder.set_transformations(png::Transformations::EXPAND);
        let mut reader = decoder.read_info()?;
        let mut pixels = vec![0; reader.output_buffer_size().ok_or("too large")?];
        let output = reader.next_frame(&mut pixels)?;
        let channels = output.color_type.samples();
        let (width, height) = (usize::try_from(output.width)?, usize::try_from(output.height)?);
        let pixels = pixels.chunks(channels).map(|pixel| 255 - pixel[channels - 1]).collect();
        Ok(Self { width, height, pixels })
    }

    /// Binary PGM.
    fn read(path: &Path) -> Outcome<Self> {
        let file = fs::read(path)?;
        let mut parts = file.splitn(4, |byte| *byte == b'\n');
        let (_, size, _) = (parts.next(), parts.next().ok_or("no size")?, parts.next());
        let size = std::str::from_utf8(size)?;
        let (width, height) = size.split_once(' ').ok_or("no size")?;
        let pixels = parts.next().ok_or("no pixels")?.to_vec();
        Ok(Self { width: width.parse()?, height: height.parse()?, pixels })
    }

    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "pixels of a small picture")]
    fn cut(self, whole: &Area, area: &Area, per_mm: f64) -> Self {
        let pixels = |mm: f64| (mm * per_mm).round().max(0.0) as usize;
        let (left, top) = (pixels(area.left - whole.left), pixels(area.top - whole.top));
        let (width, height) = (pixels(area.width), pixels(area.height));
        let mut cut = vec![255; width * height];
        for (y, row) in cut.chunks_mut(width).enumerate().take_while(|(y, _)| top + y < self.height) {
            let from = &self.pixels[(top + y) * self.width..][..self.width];
            row.iter_mut().zip(from.iter().skip(left)).for_each(|(to, from)| *to = *from);
        }
        Self { width, height, pixels: cut }
    }
}

fn page(rows: &[Vec<Tile>], out: &Path) -> Outcome<()> {
    let tiles = || rows.iter().flatten();
    let column = tiles().map(|tile| tile.width).max().unwrap_or(0) + GAP;
    let columns = rows.iter().map(Vec::len).max().unwrap_or(0);
    let heights: Vec<usize> =
        rows.iter().map(|row| row.iter().map(|tile| tile.height).max().unwrap_or(0) + GAP).collect();
    let (width, height) = (column * columns, heights.iter().sum::<usize>());
    let mut pixels = vec![225_u8; width * height];
    let mut top = 0;
    for (row, height) in rows.iter().zip(heights) {
        for (nth, tile) in row.iter().enumerate() {
            for (y, from) in tile.pixels.chunks(tile.width).enumerate() {
                pixels[(top + y) * width + nth * column..][..tile.width].copy_from_slice(from);
            }
        }
        top += height;
    }
    let mut encoder = png::Encoder::new(fs::File::create(out)?, u32::try_from(width)?, u32::try_from(height)?);
    encoder.set_color(png::ColorType::Grayscale);
    encoder.set_depth(png::BitDepth::Eight);
    encoder.set_compression(png::Compression::Fast);
    encoder.write_header()?.write_image_data(&pixels)?;
    Ok(())
}
