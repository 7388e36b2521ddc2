//! What a face promises: exact SVG both ways, pictures of the right size and shape, and refusals.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs, reason = "test code")]

use eseal_face::{Color, Contour, Dpi, Face, FaceError, Imprint, Layer, MAX_POINTS, Path, Point, Segment, SizeMm};
use proptest::prelude::*;

const RED: Color = Color::rgb(0xc8, 0x10, 0x2e);

fn disc(x: f64, y: f64, radius: f64) -> Path {
    Path { contours: vec![Contour::circle(Point::new(x, y), radius)] }
}

fn square(from: f64, to: f64) -> Path {
    let segments = vec![
        Segment::Line(Point::new(to, from)),
        Segment::Line(Point::new(to, to)),
        Segment::Line(Point::new(from, to)),
    ];
    Path { contours: vec![Contour { start: Point::new(from, from), segments }] }
}

fn face(width: f64, height: f64, color: Color, paths: Vec<Path>) -> Face {
    Face::new(SizeMm::new(width, height).unwrap(), vec![Layer { color, paths }]).unwrap()
}

fn decode(png: &[u8]) -> (png::OutputInfo, Vec<u8>, png::Info<'static>) {
    let mut decoder = png::Decoder::new(std::io::Cursor::new(png));
    decoder.set_transformations(png::Transformations::EXPAND);
    let mut reader = decoder.read_info().unwrap();
    let mut pixels = vec![0; reader.output_buffer_size().unwrap()];
    let output = reader.next_frame(&mut pixels).unwrap();
    (output, pixels, reader.info().clone())
}

#[test]
fn the_svg_is_frozen() {
    let mut paths = vec![square(1.0, 4.5)];
    paths.push(disc(10.0, 5.0, 0.25));
    assert_eq!(
        face(20.0, 10.5, RED, paths).to_svg(),
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"20mm\" height=\"10.5mm\" viewBox=\"0 0 20 10.5\">\
         <g fill=\"#c8102e\"><path d=\"M1 1l3.5 0 0 3.5-3.5 0z\"/>\
         <path d=\"M10.25 5c0 .138-.112 .25-.25 .25-.138 0-.25-.112-.25-.25 0-.138 .112-.25 .25-.25 .138 0 .25 .112 .25 .25z\"/>\
         </g></svg>\n"
    );
}

#[test]
fn the_pdf_form_is_frozen() {
    let form = face(25.4, 12.7, RED, vec![square(1.0, 4.5)]).to_pdf_form();
    assert!((form.width_pt - 72.0).abs() < 1e-9 && (form.height_pt - 36.0).abs() < 1e-9);
    assert_eq!(
        String::from_utf8(form.content).unwrap(),
        "q\n0.05669291 0 0 -0.05669291 0 36.0000 cm\n0.784 0.063 0.18 rg\n1 0 0 1 50 50 cm\n\
         0 0 m\n175 0 l\n175 175 l\n0 175 l\nh\nf\nQ\n"
    );
}

#[test]
fn the_pdf_file_points_at_its_objects() {
    let file = face(25.4, 12.7, RED, vec![square(1.0, 4.5)]).to_pdf_file();
    let text = String::from_utf8_lossy(&file);
    let startxref: usize = text.rsplit("startxref\n").next().unwrap().lines().next().unwrap().parse().unwrap();
    assert!(file[startxref..].starts_with(b"xref\n0 5\n"));
    for (number, entry) in file[startxref..].split(|byte| *byte == b'\n').skip(3).take(4).enumerate() {
        let offset: usize = std::str::from_utf8(&entry[..10]).unwrap().parse().unwrap();
        assert!(file[offset..].starts_with(format!("{} 0 obj\n", number + 1).as_bytes()));
    }
}

#[test]
fn a_face_of_one_color_is_an_indexed_png_that_knows_its_size() {
    let png =
        face(25.4, 12.7, RED, vec![square(2.0, 10.0), disc(18.0, 6.0, 4.0)]).to_png(Dpi::new(300).unwrap()).unwrap();
    let (output, pixels, info) = decode(&png);
    assert_eq!((output.width, output.height), (300, 150));
    assert_eq!(info.color_type, png::ColorType::Indexed);
    assert_eq!(info.pixel_dims.unwrap().xppu, 11_811);
    let pixel = |x: usize, y: usize| &pixels[(y * 300 + x) * 4..][..4];
    assert_eq!(pixel(70, 70), [0xc8, 0x10, 0x2e, 255]);
    assert_eq!(pixel(5, 5)[3], 0);
    let covered: f64 = pixels.chunks(4).map(|pixel| f64::from(pixel[3]) / 255.0).sum();
    let expected = (64.0 + std::f64::consts::PI * 16.0) * (300.0_f64 / 25.4).powi(2);
    assert!((covered / expected - 1.0).abs() < 0.005, "{covered} of {expected} pixels");
}

#[test]
fn a_face_of_two_colors_is_rgba_with_the_upper_layer_on_top() {
    let size = SizeMm::new(10.0, 10.0).unwrap();
    let layer = |color, from, to| Layer { color, paths: vec![square(from, to)] };
    let face = Face::new(size, vec![layer(RED, 1.0, 6.0), layer(Color::BLACK, 4.0, 9.0)]).unwrap();
    let (output, pixels, info) = decode(&face.to_png(Dpi::new(254).unwrap()).unwrap());
    assert_eq!((output.width, info.color_type), (100, png::ColorType::Rgba));
    let pixel = |x: usize, y: usize| &pixels[(y * 100 + x) * 4..][..4];
    assert_eq!(pixel(20, 20), [0xc8, 0x10, 0x2e, 255]);
    assert_eq!(pixel(50, 50), [0, 0, 0, 255]);
    assert_eq!(pixel(95, 95), [0, 0, 0, 0]);
}

#[test]
fn overlapping_contours_of_one_path_leave_no_seam_and_no_hole() {
    let mut both = disc(5.0, 5.0, 3.0);
    both.contours.extend(disc(6.0, 5.0, 3.0).contours);
    let (output, pixels, _) = decode(&face(11.0, 10.0, RED, vec![both]).to_png(Dpi::new(254).unwrap()).unwrap());
    let width = usize::try_from(output.width).unwrap();
    assert!((25..85).all(|x| pixels[(50 * width + x) * 4 + 3] == 255));
}

#[test]
fn sizes_and_resolutions_out_of_bounds_are_refused() {
    for (width, height) in
        [(0.0, 1.0), (1.0, -1.0), (f64::NAN, 1.0), (1.0, f64::INFINITY), (200.001, 1.0), (0.0001, 1.0)]
    {
        assert_eq!(SizeMm::new(width, height).unwrap_err().code(), "face.size");
    }
    assert!(SizeMm::new(200.0, 0.001).is_ok());
    for dpi in [0, 71, 1201, u32::MAX] {
        assert_eq!(Dpi::new(dpi), Err(FaceError::Dpi { dpi }));
    }
    let wide = face(200.0, 200.0, RED, vec![disc(5.0, 5.0, 3.0)]);
    assert_eq!(wide.to_png(Dpi::new(1200).unwrap()), Err(FaceError::TooManyPixels { width_px: 9449, height_px: 9449 }));
}

#[test]
fn faces_that_show_nothing_or_leave_their_box_are_refused() {
    let size = SizeMm::new(10.0, 10.0).unwrap();
    let of = |paths| Face::new(size, vec![Layer { color: RED, paths }]);
    assert_eq!(Face::new(size, vec![]), Err(FaceError::Empty));
    assert_eq!(of(vec![]), Err(FaceError::Empty));
    assert_eq!(of(vec![Path { contours: vec![] }]), Err(FaceError::Empty));
    let dot = Contour { start: Point::new(1.0, 1.0), segments: vec![] };
    assert_eq!(of(vec![Path { contours: vec![dot] }]), Err(FaceError::Empty));
    for (x, y) in [(-9.0, 1.0), (1.0, 19.0), (f64::NAN, 1.0), (1.0, f64::NEG_INFINITY)] {
        assert_eq!(of(vec![disc(x, y, 1.0)]).unwrap_err().code(), "face.outside-box", "{x} {y}");
    }
    let endless =
        Contour { start: Point::new(1.0, 1.0), segments: vec![Segment::Line(Point::new(2.0, 2.0)); MAX_POINTS] };
    assert_eq!(of(vec![Path { contours: vec![endless] }]), Err(FaceError::TooComplex { limit: MAX_POINTS }));
}

#[test]
fn svg_that_we_did_not_write_is_refused_at_its_place() {
    let good = face(20.0, 10.0, RED, vec![square(1.0, 4.0)]).to_svg();
    assert!(Face::from_svg(&good).is_ok());
    assert!(Face::from_svg(good.trim_end()).is_ok());
    let bad = [
        ("<svg", "<?xml?><svg"),
        ("<svg ", "<svg onload=\"x()\" "),
        ("<path", "<script>1</script><path"),
        ("</g>", "<image/></g>"),
        ("fill=\"#c8102e\"", "fill=\"red\""),
        ("fill=\"#c8102e\"", "fill=\"#C8102E\""),
        ("<path d", "<path style=\"\" d"),
        ("viewBox=\"0 0 20 10\"", "viewBox=\"0 0 20 11\""),
        ("M1 1", "m1 1"),
        ("M1 1", "M1"),
        ("M1 1", "M1e1 1"),
        ("M1 1", "M1.0001 1"),
        ("M1 1", "M1. 1"),
        ("M1 1", "M1001 1"),
        ("z", "zz"),
        ("z\"", "\""),
        ("</svg>\n", "</svg>\n\n"),
        ("</svg>", ""),
        ("M1 1l3 0", "Mnan 1l3 0"),
    ];
    for (from, to) in bad {
        let text = good.replacen(from, to, 1);
        assert_ne!(text, good);
        assert_eq!(Face::from_svg(&text).unwrap_err().code(), "face.svg", "{text}");
    }
    for end in 0..good.len() - 1 {
        assert!(Face::from_svg(&good[..end]).is_err());
    }
    assert_eq!(
        Face::from_svg(&good.replace("20mm", "0mm").replace("0 0 20", "0 0 0")).unwrap_err().code(),
        "face.size"
    );
    assert_eq!(Face::from_svg(&good.replace("M1 1", "M-9 1")).unwrap_err().code(), "face.outside-box");
    assert_eq!(Face::from_svg(&good.replace("l3 0 0 3-3 0", "")).unwrap_err().code(), "face.empty");
    assert_eq!(Face::from_svg(&" ".repeat(5 << 20)).unwrap_err().code(), "face.svg");
}

#[test]
fn svg_bombs_are_refused_before_they_are_held() {
    let head = "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"20mm\" height=\"10mm\" viewBox=\"0 0 20 10\"><g fill=\"#000000\">";
    let points = format!("{head}<path d=\"M1 1l{}z\"/></g></svg>", "0 0 ".repeat(MAX_POINTS));
    assert_eq!(Face::from_svg(&points), Err(FaceError::TooComplex { limit: MAX_POINTS }));
    let paths = format!("{head}{}</g></svg>", "<path d=\"M1 1l1 1z\"/>".repeat(10_001));
    assert_eq!(Face::from_svg(&paths).unwrap_err().code(), "face.too-complex");
}

fn any_face() -> impl Strategy<Value = Face> {
    let point = || (-5.0..45.0_f64, -5.0..21.0_f64).prop_map(|(x, y)| Point::new(x, y));
    let segment = prop_oneof![
        point().prop_map(Segment::Line),
        (point(), point(), point()).prop_map(|(first, second, end)| Segment::Cubic(first, second, end)),
    ];
    let contour =
        (point(), prop::collection::vec(segment, 1..8)).prop_map(|(start, segments)| Contour { start, segments });
    let path = prop::collection::vec(contour, 1..4).prop_map(|contours| Path { contours });
    let color = any::<[u8; 3]>().prop_map(|[red, green, blue]| Color::rgb(red, green, blue));
    let layer = (color, prop::collection::vec(path, 1..4)).prop_map(|(color, paths)| Layer { color, paths });
    prop::collection::vec(layer, 1..3).prop_map(|layers| Face::new(SizeMm::new(40.0, 16.0).unwrap(), layers).unwrap())
}

/// The outlines of a form, mm from the face's top-left corner.
fn outlines(form: &eseal_face::PdfForm, height_mm: f64) -> Vec<Contour> {
    let text = std::str::from_utf8(&form.content).unwrap();
    let (mut contours, mut numbers) = (Vec::<Contour>::new(), Vec::<f64>::new());
    let (mut unit, mut origin) = (0.0, (0.0, 0.0));
    for token in text.split_ascii_whitespace() {
        if let Ok(number) = token.parse() {
            numbers.push(number);
            continue;
        }
        let at = |nth: usize| Point::new(origin.0 + numbers[nth] * unit, origin.1 + numbers[nth + 1] * unit);
        match token {
            "cm" if unit == 0.0 => {
                unit = numbers[0] * 25.4 / 72.0;
                assert!((numbers[5] * 25.4 / 72.0 - height_mm).abs() < 1e-3);
            }
            "cm" => origin = (origin.0 + numbers[4] * unit, origin.1 + numbers[5] * unit),
            "m" => contours.push(Contour { start: at(0), segments: Vec::new() }),
            "l" => contours.last_mut().unwrap().segments.push(Segment::Line(at(0))),
            "c" => contours.last_mut().unwrap().segments.push(Segment::Cubic(at(0), at(2), at(4))),
            _ => {}
        }
        numbers.clear();
    }
    contours
}

/// Places along a piece.
fn along(from: Point, segment: &Segment, count: u32) -> Vec<Point> {
    let (first, second, end) = match *segment {
        Segment::Line(end) => (from, end, end),
        Segment::Cubic(first, second, end) => (first, second, end),
    };
    let place = |nth| {
        let u = f64::from(nth) / f64::from(count);
        let v = 1.0 - u;
        let mix = |a, b, c, d| v * v * v * a + 3.0 * u * v * v * b + 3.0 * u * u * v * c + u * u * u * d;
        Point::new(mix(from.x, first.x, second.x, end.x), mix(from.y, first.y, second.y, end.y))
    };
    (0..=count).map(place).collect()
}

/// From a place to the nearest of a line through places.
fn away(at: Point, line: &[Point]) -> f64 {
    let to_piece = |pair: &[Point]| {
        let (dx, dy) = (pair[1].x - pair[0].x, pair[1].y - pair[0].y);
        let share = ((at.x - pair[0].x) * dx + (at.y - pair[0].y) * dy) / (dx * dx + dy * dy).max(1e-12);
        let share = share.clamp(0.0, 1.0);
        (at.x - pair[0].x - share * dx).hypot(at.y - pair[0].y - share * dy)
    };
    line.windows(2).map(to_piece).fold(f64::INFINITY, f64::min)
}

proptest! {
    #[test]
    fn the_pdf_form_is_off_by_less_than_a_fiftieth_of_a_millimetre(face in any_face()) {
        let form = face.to_pdf_form();
        let written = outlines(&form, face.size().height());
        let drawn: Vec<&Contour> = face.layers().iter().flat_map(|layer| &layer.paths).flat_map(|path| &path.contours).collect();
        prop_assert_eq!(written.len(), drawn.len());
        for (one, other) in drawn.iter().zip(&written) {
            let (mut from, mut back) = (one.start, other.start);
            prop_assert_eq!(one.segments.len(), other.segments.len());
            for (segment, copy) in one.segments.iter().zip(&other.segments) {
                let line = along(back, copy, 400);
                for place in along(from, segment, 12) {
                    let error = away(place, &line);
                    prop_assert!(error <= 0.02, "{error} mm");
                }
                (from, back) = (segment.end(), copy.end());
            }
        }
    }

    #[test]
    fn svg_gives_the_same_face_and_the_same_bytes_back(face in any_face()) {
        let svg = face.to_svg();
        let back = Face::from_svg(&svg).unwrap();
        prop_assert_eq!(&back, &face);
        prop_assert_eq!(back.to_svg(), svg);
    }

    #[test]
    fn no_text_makes_the_reader_panic(at in 0_usize..2000, with in any::<char>(), face in any_face()) {
        let svg = face.to_svg();
        let at = at % svg.len();
        let changed = format!("{}{with}{}", &svg[..at], &svg[at + 1..]);
        let _ = Face::from_svg(&changed);
    }

    #[test]
    fn every_face_can_be_drawn(face in any_face()) {
        let png = face.to_png(Dpi::new(96).unwrap()).unwrap();
        let (output, _, _) = decode(&png);
        prop_assert_eq!((output.width, output.height), (152, 61));
        prop_assert!(face.to_pdf_form().content.ends_with(b"f\nQ\n"));
    }
}

/// As seal data hold it: a PNG that stays as it is, or an SVG that becomes one.
#[test]
fn an_imprint_is_a_png_of_whole_millimetres() {
    let seal = face(40.0, 30.0, RED, vec![disc(20.0, 15.0, 10.0)]);
    let png = seal.to_png(Dpi::PRINT).unwrap();
    let drawn = Imprint::read(seal.to_svg().into_bytes(), None).unwrap();
    let given = Imprint::read(png.clone(), None).unwrap();
    assert_eq!((drawn.size_mm(), given.size_mm()), ([40, 30], [40, 30]));
    assert_eq!(drawn.into_png(), png);
    assert_eq!(given.into_png(), png);
    let asked = Imprint::read(png.clone(), Some(SizeMm::new(20.4, 14.6).unwrap())).unwrap();
    assert_eq!(asked.size_mm(), [20, 15]);
    for length in [0, 4, 8, 40, png.len() / 2, png.len() - 13] {
        assert!(Imprint::read(png[..length].to_vec(), None).is_err(), "{length}");
    }
    let picture = |bytes: &[u8]| Imprint::read(bytes.to_vec(), None).unwrap_err().code();
    assert_eq!(picture(b"\xff\xd8\xff\xe0"), "face.picture");
    assert_eq!(picture(&png[..png.len() / 2]), "face.picture");
    assert_eq!(picture(b"<svg/>"), "face.svg");
    let thin = Imprint::read(png, Some(SizeMm::new(0.3, 40.0).unwrap()));
    assert_eq!(thin.unwrap_err().code(), "face.size");
}
