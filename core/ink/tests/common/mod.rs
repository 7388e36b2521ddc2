//! What several tests of ink need.
#![allow(dead_code, reason = "each test uses a part")]

use eseal_face::{Dpi, Face, Path, Point, Segment};
use eseal_ink::Ink;

/// A small signature of the repository.
pub(crate) fn fixture() -> Ink {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/fixtures/ink/zhou-zihan.json");
    Ink::from_json(&std::fs::read_to_string(path).unwrap()).unwrap()
}

/// The given corpus, if it lies beside the repository.
pub(crate) fn corpus(file: &str) -> Option<String> {
    let path = format!("{}/../../../shared/corpus/ink/{file}", env!("CARGO_MANIFEST_DIR"));
    std::fs::read_to_string(path).ok()
}

/// Coverage of each pixel of a face of one colour.
pub(crate) fn coverage(face: &Face, dpi: Dpi) -> Vec<u8> {
    let png = face.to_png(dpi).unwrap();
    let mut decoder = png::Decoder::new(std::io::Cursor::new(png));
    decoder.set_transformations(png::Transformations::IDENTITY);
    let mut reader = decoder.read_info().unwrap();
    let mut pixels = vec![0; reader.output_buffer_size().unwrap()];
    reader.next_frame(&mut pixels).unwrap();
    pixels
}

/// Places along the outlines, eight to a curve.
pub(crate) fn points(path: &Path) -> Vec<Point> {
    let mut points = Vec::new();
    for contour in &path.contours {
        let mut from = contour.start;
        points.push(from);
        for segment in &contour.segments {
            match *segment {
                Segment::Line(to) => points.push(to),
                Segment::Cubic(first, second, to) => points.extend((1..=8).map(|nth| {
                    let u = f64::from(nth) / 8.0;
                    let v = 1.0 - u;
                    let mix = |a, b, c, d| v * v * v * a + 3.0 * u * v * v * b + 3.0 * u * u * v * c + u * u * u * d;
                    Point::new(mix(from.x, first.x, second.x, to.x), mix(from.y, first.y, second.y, to.y))
                })),
            }
            from = segment.end();
        }
    }
    points
}
