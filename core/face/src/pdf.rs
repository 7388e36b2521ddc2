//! The face as PDF drawing operators.

use std::fmt::Write as _;

use crate::grid::round;
use crate::{Color, Face, Path, Point, Segment};

/// Points in a millimetre (ISO 32000-2, 8.3.2.3: the default unit is 1/72 inch).
const PT_PER_MM: f64 = 72.0 / 25.4;
/// Units of the content's own coordinate system in a millimetre: whole numbers of 0.02 mm, so off by at most
/// 0.01 mm in x and in y, and no decimal point to store.
const UNITS_PER_MM: f64 = 50.0;
/// A curve whose handles lie this near to its chord, mm, is written as a line: it is off by at most 3/4 of that.
const FLAT_MM: f64 = 0.005;

/// What a PDF form `XObject` (ISO 32000-2, 8.10) needs to show a face: `/BBox [0 0 width_pt height_pt]`, no
/// resources, no transparency group, and this content, not yet compressed.
#[derive(Debug, Clone, PartialEq)]
pub struct PdfForm {
    /// Width, points.
    pub width_pt: f64,
    /// Height, points.
    pub height_pt: f64,
    /// Content stream: outlines filled by the non-zero rule in `DeviceRGB`, origin bottom-left, in points. It leaves
    /// the graphics state as it found it. Outlines are off by at most 0.018 mm.
    pub content: Vec<u8>,
}

impl Face {
    /// The face as the content of a PDF form.
    #[must_use]
    pub fn to_pdf_form(&self) -> PdfForm {
        let (width_pt, height_pt) = (self.size().width() * PT_PER_MM, self.size().height() * PT_PER_MM);
        let unit = PT_PER_MM / UNITS_PER_MM;
        // Writing to a String cannot fail.
        let mut out = String::new();
        let _ = writeln!(out, "q\n{unit:.8} 0 0 -{unit:.8} 0 {height_pt:.4} cm");
        let mut origin = Steps { x: 0, y: 0 };
        for layer in self.layers() {
            push_color(&mut out, layer.color);
            for path in &layer.paths {
                // Each path counts from its own start: near places have short numbers.
                let Some(start) = path.contours.first().map(|contour| Steps::of(contour.start)) else { continue };
                if start != origin {
                    let _ = writeln!(out, "1 0 0 1 {} {} cm", start.x - origin.x, start.y - origin.y);
                    origin = start;
                }
                push_path(&mut out, path, origin);
            }
        }
        out.push_str("Q\n");
        PdfForm { width_pt, height_pt, content: out.into_bytes() }
    }

    /// The face alone on one PDF page (PDF 1.4) of its own size. The same face always gives the same bytes.
    #[must_use]
    pub fn to_pdf_file(&self) -> Vec<u8> {
        let form = self.to_pdf_form();
        let page = format!(
            "<</Type/Page/Parent 2 0 R/MediaBox[0 0 {:.4} {:.4}]/Resources<<>>/Contents 4 0 R>>",
            form.width_pt, form.height_pt
        );
        let mut contents = format!("<</Length {}>>stream\n", form.content.len()).into_bytes();
        contents.extend_from_slice(&form.content);
        contents.extend_from_slice(b"endstream");
        let objects: [&[u8]; 4] =
            [b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[3 0 R]/Count 1>>", page.as_bytes(), &contents];

        let mut file = b"%PDF-1.4\n%\xe5\x8d\xb0\xe7\xab\xa0\n".to_vec();
        let mut xref = String::from("xref\n0 5\n0000000000 65535 f \n");
        for (index, object) in objects.iter().enumerate() {
            let _ = writeln!(xref, "{:010} 00000 n ", file.len());
            file.extend_from_slice(format!("{} 0 obj\n", index + 1).as_bytes());
            file.extend_from_slice(object);
            file.extend_from_slice(b"\nendobj\n");
        }
        let startxref = file.len();
        file.extend_from_slice(xref.as_bytes());
        file.extend_from_slice(format!("trailer\n<</Size 5/Root 1 0 R>>\nstartxref\n{startxref}\n%%EOF\n").as_bytes());
        file
    }
}

fn push_color(out: &mut String, color: Color) {
    let channel = |value: u8| {
        let text = format!("{:.3}", f64::from(value) / 255.0);
        text.trim_end_matches('0').trim_end_matches('.').to_owned()
    };
    let _ = writeln!(out, "{} {} {} rg", channel(color.red), channel(color.green), channel(color.blue));
}

/// A place in units of the content.
#[derive(Clone, Copy, PartialEq)]
struct Steps {
    x: i64,
    y: i64,
}

impl Steps {
    fn of(point: Point) -> Self {
        Self { x: round(point.x * UNITS_PER_MM), y: round(point.y * UNITS_PER_MM) }
    }
}

fn push_path(out: &mut String, path: &Path, origin: Steps) {
    for contour in &path.contours {
        push_operands(out, [contour.start], origin);
        out.push_str("m\n");
        let mut from = contour.start;
        for segment in &contour.segments {
            let end = segment.end();
            match *segment {
                Segment::Cubic(first, second, _) if !(is_near(first, from, end) && is_near(second, from, end)) => {
                    push_operands(out, [first, second, end], origin);
                    out.push_str("c\n");
                }
                Segment::Line(_) | Segment::Cubic(..) => {
                    push_operands(out, [end], origin);
                    out.push_str("l\n");
                }
            }
            from = end;
        }
        out.push_str("h\n");
    }
    out.push_str("f\n");
}

/// Whether a handle lies so near to the chord that it does not bend it.
fn is_near(handle: Point, from: Point, to: Point) -> bool {
    let (along, away) = ((to.x - from.x, to.y - from.y), (handle.x - from.x, handle.y - from.y));
    let squared = along.0 * along.0 + along.1 * along.1;
    let share = if squared > 0.0 { (away.0 * along.0 + away.1 * along.1) / squared } else { 0.0 };
    let nearest = share.clamp(0.0, 1.0);
    (away.0 - along.0 * nearest).hypot(away.1 - along.1 * nearest) <= FLAT_MM
}

fn push_operands(out: &mut String, points: impl IntoIterator<Item = Point>, origin: Steps) {
    for point in points {
        let steps = Steps::of(point);
        let _ = write!(out, "{} {} ", steps.x - origin.x, steps.y - origin.y);
    }
}
