//! The face as PDF drawing operators.

use std::fmt::Write as _;

use crate::grid::round;
use crate::{Color, Face, Point, Segment};

/// Points in a millimetre (ISO 32000-2, 8.3.2.3: the default unit is 1/72 inch).
const PT_PER_MM: f64 = 72.0 / 25.4;
/// Units of the content's own coordinate system in a millimetre: whole numbers of 0.01 mm, so off by at most
/// 0.005 mm in x and in y, and no decimal point to store.
const UNITS_PER_MM: f64 = 100.0;

/// What a PDF form `XObject` (ISO 32000-2, 8.10) needs to show a face: `/BBox [0 0 width_pt height_pt]`, no
/// resources, no transparency group, and this content, not yet compressed.
#[derive(Debug, Clone, PartialEq)]
pub struct PdfForm {
    /// Width, points.
    pub width_pt: f64,
    /// Height, points.
    pub height_pt: f64,
    /// Content stream: outlines filled by the non-zero rule in `DeviceRGB`, origin bottom-left, in points. It leaves
    /// the graphics state as it found it. Coordinates are off by at most 0.005 mm each.
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
        for layer in self.layers() {
            push_color(&mut out, layer.color);
            for path in &layer.paths {
                for contour in &path.contours {
                    push_operands(&mut out, [contour.start]);
                    out.push_str("m\n");
                    for segment in &contour.segments {
                        push_operands(&mut out, segment.points());
                        out.push_str(match segment {
                            Segment::Line(_) => "l\n",
                            Segment::Cubic(..) => "c\n",
                        });
                    }
                    out.push_str("h\n");
                }
                out.push_str("f\n");
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

fn push_operands(out: &mut String, points: impl IntoIterator<Item = Point>) {
    for point in points {
        let _ = write!(out, "{} {} ", round(point.x * UNITS_PER_MM), round(point.y * UNITS_PER_MM));
    }
}
