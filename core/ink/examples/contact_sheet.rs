//! Draws every record of stroke files into one picture: `contact_sheet OUT.png PEN DPI COLUMNS FILE…`, where a file
//! holds a record, or one in each line. Refused records are left empty, with the reason on standard error.

use std::error::Error;
use std::io::Write as _;

use eseal_face::{Dpi, SizeMm};
use eseal_ink::{FaceSize, Ink, InkColor, Pen, RenderOptions, render};

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [out, pen, dpi, columns, files @ ..] = arguments.as_slice() else {
        return Err("usage: contact_sheet OUT.png fountain|brush|marker|natural DPI COLUMNS FILE…".into());
    };
    let size = FaceSize::FitWithin(SizeMm::new(40.0, 16.0)?);
    let (pen, size) = match pen.as_str() {
        "fountain" => (Pen::Fountain, size),
        "brush" => (Pen::Brush, size),
        "marker" => (Pen::Marker, size),
        _ => (Pen::Fountain, FaceSize::Natural),
    };
    let options = RenderOptions { pen, color: InkColor::Black, size, margin_mm: 0.5 };
    let dpi = Dpi::new(dpi.parse()?)?;
    let mut tiles = Vec::new();
    let mut report = std::io::stderr();
    for file in files {
        let text = std::fs::read_to_string(file)?;
        for record in text.lines().filter(|line| !line.trim().is_empty()) {
            match Ink::from_json(record).and_then(|ink| render(&ink, &options)) {
                Ok(face) => {
                    writeln!(
                        report,
                        "{:.1} x {:.1} mm, {} B of SVG, {} B of PDF",
                        face.size().width(),
                        face.size().height(),
                        face.to_svg().len(),
                        face.to_pdf_form().content.len()
                    )?;
                    tiles.push(Tile::decode(&face.to_png(dpi)?)?);
                }
                Err(error) => writeln!(report, "{}: {error}", error.code())?,
            }
        }
    }
    sheet(&tiles, columns.parse()?, out)
}

/// Ink coverage, 0 to 255.
struct Tile {
    width: usize,
    height: usize,
    coverage: Vec<u8>,
}

impl Tile {
    /// A face of one colour is an indexed picture whose indices are the coverage.
    fn decode(png: &[u8]) -> Result<Self, Box<dyn Error>> {
        let mut decoder = png::Decoder::new(std::io::Cursor::new(png));
        decoder.set_transformations(png::Transformations::IDENTITY);
        let mut reader = decoder.read_info()?;
        let mut coverage = vec![0; reader.output_buffer_size().ok_or("too large")?];
        let output = reader.next_frame(&mut coverage)?;
        Ok(Self { width: usize::try_from(output.width)?, height: usize::try_from(output.height)?, coverage })
    }
}

fn sheet(tiles: &[Tile], columns: usize, out: &str) -> Result<(), Box<dyn Error>> {
    let cell_width = tiles.iter().map(|tile| tile.width).max().ok_or("nothing to draw")? + 8;
    let cell_height = tiles.iter().map(|tile| tile.height).max().unwrap_or(0) + 8;
    let (width, height) = (cell_width * columns, cell_height * tiles.len().div_ceil(columns));
    let mut pixels = vec![255_u8; width * height];
    for (index, tile) in tiles.iter().enumerate() {
        let (left, top) = (index % columns * cell_width + 4, index / columns * cell_height + 4);
        for (y, row) in tile.coverage.chunks(tile.width).enumerate().take(tile.height) {
            for (pixel, coverage) in pixels[(top + y) * width + left..].iter_mut().zip(row) {
                *pixel = 255 - coverage;
            }
        }
    }
    let mut encoder = png::Encoder::new(std::fs::File::create(out)?, u32::try_from(width)?, u32::try_from(height)?);
    encoder.set_color(png::ColorType::Grayscale);
    encoder.set_depth(png::BitDepth::Eight);
    encoder.write_header()?.write_image_data(&pixels)?;
    Ok(())
}
