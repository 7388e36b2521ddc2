//! What several tests of ink need.
#![allow(dead_code, reason = "each test uses a part")]

use eseal_face::{Color, Dpi, Face, Layer, Path, Point, Segment, SizeMm};
use eseal_ink::{AreaMm, Contact, Ink, InkError, InkPad, PointerId, Sample};

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
    decoder.set_transformations(png::Transformations::EXPAND);
    let mut reader = decoder.read_info().unwrap();
    let mut pixels = vec![0; reader.output_buffer_size().unwrap()];
    reader.next_frame(&mut pixels).unwrap();
    pixels.as_chunks::<4>().0.iter().map(|pixel| pixel[3]).collect()
}

/// Coverage of paths, each painted over the others.
pub(crate) fn paint(paths: Vec<Path>, area: AreaMm, dpi: Dpi) -> Vec<u8> {
    let shift = |point: Point| Point::new(point.x - area.left, point.y - area.top);
    let moved = |mut path: Path| {
        for contour in &mut path.contours {
            contour.start = shift(contour.start);
            for segment in &mut contour.segments {
                *segment = match *segment {
                    Segment::Line(to) => Segment::Line(shift(to)),
                    Segment::Cubic(first, second, to) => Segment::Cubic(shift(first), shift(second), shift(to)),
                };
            }
        }
        path
    };
    let size = SizeMm::new(area.right - area.left, area.bottom - area.top).unwrap();
    let layer = Layer { color: Color::BLACK, paths: paths.into_iter().map(moved).collect() };
    coverage(&Face::new(size, vec![layer]).unwrap(), dpi)
}

/// A box around paths, with a little space.
pub(crate) fn around(paths: &[Path]) -> AreaMm {
    let mut area = AreaMm { left: f64::INFINITY, top: f64::INFINITY, right: -f64::INFINITY, bottom: -f64::INFINITY };
    for point in paths.iter().flat_map(points) {
        area.left = area.left.min(point.x - 0.2);
        area.top = area.top.min(point.y - 0.2);
        area.right = area.right.max(point.x + 0.2);
        area.bottom = area.bottom.max(point.y + 0.2);
    }
    area
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

pub(crate) fn sample(x_mm: f64, y_mm: f64, t_ms: f64) -> Sample {
    Sample::new(x_mm, y_mm, t_ms)
}

pub(crate) fn ink(strokes: &[Vec<Sample>]) -> Ink {
    let mut pad = InkPad::new();
    for stroke in strokes {
        pad.down(Contact::default()).unwrap();
        assert_eq!(pad.add(PointerId::default(), stroke).refused, []);
        pad.up(PointerId::default());
    }
    pad.into_ink()
}

/// From place to place in straight lines, a sample every 8 ms, at `speed` mm/ms.
pub(crate) fn polyline(places: &[(f64, f64)], speed: f64, start_ms: f64) -> Vec<Sample> {
    let mut samples = vec![sample(places[0].0, places[0].1, start_ms)];
    for pair in places.windows(2) {
        let ((x0, y0), (x1, y1)) = (pair[0], pair[1]);
        let steps = ((x1 - x0).hypot(y1 - y0) / (speed * 8.0)).ceil().max(1.0);
        let mut step = 1.0;
        while step <= steps {
            let t = samples[samples.len() - 1].t_ms + 8.0;
            samples.push(sample(x0 + (x1 - x0) * step / steps, y0 + (y1 - y0) * step / steps, t));
            step += 1.0;
        }
    }
    samples
}

/// A wave and a bar across it.
pub(crate) fn signature() -> Ink {
    let wave = polyline(&[(0.0, 8.0), (5.0, 0.0), (10.0, 8.0), (15.0, 0.0), (20.0, 8.0)], 0.06, 100.0);
    let next = wave[wave.len() - 1].t_ms + 200.0;
    ink(&[wave, polyline(&[(2.0, 4.0), (18.0, 5.0)], 0.06, next)])
}

pub(crate) fn code(result: Result<impl Sized, InkError>) -> &'static str {
    result.err().map_or("accepted", |error| error.code())
}
