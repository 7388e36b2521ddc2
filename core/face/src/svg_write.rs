//! The face as SVG: the form in which it is stored, sent, hashed and signed.

use std::fmt::Write as _;

use crate::grid::{push_mm, to_steps};
use crate::{Contour, Face, Path, Point, Segment};

impl Face {
    /// The face as SVG 1.1: `width` and `height` in mm, `viewBox` in mm, a `<g>` per layer, a `<path>` per path.
    ///
    /// The same face always gives the same bytes, and [`Face::from_svg`] gives the same face back: coordinates are
    /// written exactly (they lie on the 0.001 mm grid), the first point of a contour absolute, the others relative
    /// to the end of the piece before.
    #[must_use]
    pub fn to_svg(&self) -> String {
        let mut out = String::from("<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"");
        let (width, height) = (to_steps(self.size().width()), to_steps(self.size().height()));
        push_mm(&mut out, width);
        out.push_str("mm\" height=\"");
        push_mm(&mut out, height);
        out.push_str("mm\" viewBox=\"0 0 ");
        push_mm(&mut out, width);
        out.push(' ');
        push_mm(&mut out, height);
        out.push_str("\">");
        for layer in self.layers() {
            let color = layer.color;
            // Writing to a String cannot fail.
            let _ = write!(out, "<g fill=\"#{:02x}{:02x}{:02x}\">", color.red, color.green, color.blue);
            for path in &layer.paths {
                push_path(&mut out, path);
            }
            out.push_str("</g>");
        }
        out.push_str("</svg>\n");
        out
    }
}

fn push_path(out: &mut String, path: &Path) {
    out.push_str("<path d=\"");
    for contour in &path.contours {
        push_contour(out, contour);
    }
    out.push_str("\"/>");
}

fn push_contour(out: &mut String, contour: &Contour) {
    let steps = |point: Point| (to_steps(point.x), to_steps(point.y));
    let mut from = steps(contour.start);
    let mut numbers = Numbers { out, command: ' ' };
    numbers.command('M');
    numbers.pair(from);
    for segment in &contour.segments {
        numbers.command(match segment {
            Segment::Line(_) => 'l',
            Segment::Cubic(..) => 'c',
        });
        let origin = from;
        for point in segment.points() {
            from = steps(point);
            numbers.pair((from.0 - origin.0, from.1 - origin.1));
        }
    }
    numbers.out.push('z');
}

/// Writes path data, repeating a command letter only when it changes and parting numbers only where they would run together.
struct Numbers<'a> {
    out: &'a mut String,
    command: char,
}

impl Numbers<'_> {
    fn command(&mut self, command: char) {
        if self.command != command {
            self.command = command;
            self.out.push(command);
        }
    }

    fn pair(&mut self, (x, y): (i64, i64)) {
        self.number(x);
        self.number(y);
    }

    fn number(&mut self, steps: i64) {
        let after_digit = self.out.ends_with(|c: char| c.is_ascii_digit());
        if steps >= 0 && after_digit {
            self.out.push(' ');
        }
        push_mm(self.out, steps);
    }
}
