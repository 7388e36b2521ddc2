//! Follows a content stream for [`super::paint`].

use std::borrow::Cow;
use std::collections::HashMap;

use crate::source::ReadAt;

use super::paint::{Ink, Mark, Painted, own_matrix, rectangle};
use crate::pdf::content::lexer::{Lexer, Operand, Token};
use crate::pdf::content::matrix::{Matrix, Rect};
use crate::pdf::error::PdfError;
use crate::pdf::limits::MAX_OPERANDS;
use crate::pdf::read::reader::Reader;
use crate::pdf::syntax::object::Value;

/// Operators that are followed on one page; what comes behind them is not known.
const MAX_OPERATORS: usize = 300_000;
/// Boxes that are remembered of one page.
const MAX_MARKS: usize = 20_000;
/// Forms within forms.
const MAX_DEPTH: usize = 8;
/// A filled path that covers this part of the box around it is opaque as a whole; less is drawing.
const DENSE: f64 = 0.5;
/// Mean width of a letter, in parts of the font's size.
const LETTER_WIDTH: f64 = 0.5;

#[derive(Clone)]
pub(super) struct State {
    matrix: Matrix,
    clip: Option<Rect>,
    is_light: bool,
    font_size: f64,
    leading: f64,
    font: Vec<u8>,
}

impl State {
    pub(super) fn new(matrix: Matrix, clip: Option<Rect>) -> Self {
        Self { matrix, clip, is_light: false, font_size: 0.0, leading: 0.0, font: Vec::new() }
    }
}

fn matrix(values: &[f64]) -> Option<Matrix> {
    values.try_into().ok().map(Matrix)
}

/// Follows one content stream.
pub(super) fn run<S: ReadAt>(
    reader: &Reader<S>,
    content: &[u8],
    resources: &Value,
    state: &State,
    depth: usize,
    painted: &mut Painted,
) -> Result<(), PdfError> {
    let mut run = Painter {
        reader,
        resources,
        depth,
        state: state.clone(),
        saved: Vec::new(),
        path: Vec::new(),
        text: Matrix::IDENTITY,
        line: Matrix::IDENTITY,
        wide_fonts: HashMap::new(),
        painted,
    };
    let mut lexer = Lexer::new(content);
    let mut operands = Vec::new();
    while let Some(token) = lexer.next() {
        let operator = match token {
            Token::Operand(operand) => {
                if operands.len() < MAX_OPERANDS {
                    operands.push(operand);
                } else {
                    run.painted.complete = false;
                }
                continue;
            }
            Token::Operator(operator) => operator,
        };
        run.painted.operators += 1;
        if run.painted.operators > MAX_OPERATORS || run.painted.marks.len() > MAX_MARKS {
            run.painted.complete = false;
            break;
        }
        if operator == b"BI" {
            lexer.skip_inline_image();
            run.picture(Ink::Picture);
        } else {
            run.operator(operator, &operands)?;
        }
        operands.clear();
    }
    Ok(())
}

/// Which points are inside a path (ISO 32000-2, 8.5.3.3).
#[derive(Clone, Copy)]
enum Winding {
    NonZero,
    EvenOdd,
}

/// The area that a filled path covers, as far as its parts do not lie over each other in more than one way.
fn covered(path: &[Vec<[f64; 2]>], winding: Winding) -> f64 {
    let signed = path.iter().map(|points| {
        let next = points.iter().cycle().skip(1);
        points.iter().zip(next).map(|([x, y], [right, up])| x * up - right * y).sum::<f64>() / 2.0
    });
    match winding {
        Winding::NonZero => signed.sum::<f64>().abs(),
        Winding::EvenOdd => {
            let areas: Vec<f64> = signed.map(f64::abs).collect();
            let largest = areas.iter().copied().fold(0.0, f64::max);
            (2.0 * largest - areas.iter().sum::<f64>()).max(0.0)
        }
    }
}

struct Painter<'a, S> {
    reader: &'a Reader<S>,
    resources: &'a Value,
    depth: usize,
    state: State,
    saved: Vec<State>,
    /// Closed or not, each on its own.
    path: Vec<Vec<[f64; 2]>>,
    text: Matrix,
    line: Matrix,
    wide_fonts: HashMap<Vec<u8>, bool>,
    painted: &'a mut Painted,
}

impl<S: ReadAt> Painter<'_, S> {
    fn operator(&mut self, operator: &[u8], operands: &[Operand<'_>]) -> Result<(), PdfError> {
        let values: Vec<f64> = operands.iter().filter_map(Operand::number).collect();
        match (operator, values.as_slice()) {
            (b"q", _) if self.saved.len() < 512 => self.saved.push(self.state.clone()),
            (b"Q", _) => {
                if let Some(saved) = self.saved.pop() {
                    self.state = saved;
                }
            }
            (b"cm", values) => {
                if let Some(matrix) = matrix(values) {
                    self.state.matrix = matrix.then(&self.state.matrix);
                }
            }
            (b"m", [x, y]) => {
                self.path.push(Vec::new());
                self.point(*x, *y);
            }
            (b"l", [x, y]) => self.point(*x, *y),
            (b"c", [.., x, y]) | (b"v" | b"y", [_, _, x, y]) => {
                for pair in values.chunks_exact(2) {
                    self.point(pair[0], pair[1]);
                }
                self.point(*x, *y);
            }
            (b"re", [x, y, width, height]) => {
                self.path.push(Vec::new());
                for (x, y) in [(*x, *y), (x + width, *y), (x + width, y + height), (*x, y + height)] {
                    self.point(x, y);
                }
            }
            (b"f" | b"F" | b"B" | b"b", _) => self.paint(Some(Winding::NonZero)),
            (b"f*" | b"B*" | b"b*", _) => self.paint(Some(Winding::EvenOdd)),
            (b"S" | b"s", _) => self.paint(None),
            (b"n", _) => self.path.clear(),
            (b"W" | b"W*", _) => {
                if let Some(bounds) = self.bounds() {
                    self.state.clip = self.state.clip.map_or(Some(bounds), |clip| clip.common(&bounds).or(Some(clip)));
                }
            }
            (b"sh", _) => {
                if let Some(clip) = self.state.clip {
                    self.mark(clip, Ink::Fill);
                }
            }
            (b"gs", _) => self.graphics_state(operands)?,
            (b"Do", _) => self.object(operands)?,
            (b"BT", _) => (self.text, self.line) = (Matrix::IDENTITY, Matrix::IDENTITY),
            (b"Tf", [size]) => {
                self.state.font_size = *size;
                if let Some(name) = operands.first().and_then(Operand::name) {
                    self.state.font = name.into_owned();
                }
            }
            (b"TL", [leading]) => self.state.leading = *leading,
            (b"Td", [x, y]) => self.move_line(*x, *y),
            (b"TD", [x, y]) => {
                self.state.leading = -y;
                self.move_line(*x, *y);
            }
            (b"T*", _) => self.move_line(0.0, -self.state.leading),
            (b"Tm", values) => {
                self.line = matrix(values).unwrap_or(self.line);
                self.text = self.line;
            }
            (b"Tj" | b"TJ", _) => self.show(operands)?,
            (b"'" | b"\"", _) => {
                self.move_line(0.0, -self.state.leading);
                self.show(operands)?;
            }
            _ => {}
        }
        Ok(())
    }

    fn point(&mut self, x: f64, y: f64) {
        if self.path.is_empty() {
            self.path.push(Vec::new());
        }
        let point = self.state.matrix.apply([x, y]);
        if let Some(subpath) = self.path.last_mut() {
            subpath.push(point);
        }
    }

    fn bounds(&self) -> Option<Rect> {
        let [x, y] = *self.path.iter().flatten().next()?;
        let whole = self.path.iter().flatten().fold(Rect::around(x, y, x, y), |area, [x, y]| Rect {
            left: area.left.min(*x),
            bottom: area.bottom.min(*y),
            right: area.right.max(*x),
            top: area.top.max(*y),
        });
        Some(whole)
    }

    fn paint(&mut self, winding: Option<Winding>) {
        if let Some(bounds) = self.bounds() {
            let covered = winding.map_or(0.0, |winding| covered(&self.path, winding));
            let is_dense = covered >= DENSE * bounds.width() * bounds.height();
            self.mark(bounds, if is_dense { Ink::Fill } else { Ink::Light });
        }
        self.path.clear();
    }

    fn mark(&mut self, area: Rect, ink: Ink) {
        let visible = self.state.clip.map_or(Some(area), |clip| clip.common(&area));
        let is_sane = [area.left, area.bottom, area.right, area.top].iter().all(|side| side.is_finite());
        let ink = if self.state.is_light && ink != Ink::Text { Ink::Light } else { ink };
        if let Some(area) = visible.filter(|_| is_sane) {
            self.painted.marks.push(Mark { area, ink });
        }
    }

    fn picture(&mut self, ink: Ink) {
        self.mark(self.state.matrix.image(&Rect::around(0.0, 0.0, 1.0, 1.0)), ink);
    }

    fn move_line(&mut self, x: f64, y: f64) {
        self.line = Matrix::translation(x, y).then(&self.line);
        self.text = self.line;
    }

    fn show(&mut self, operands: &[Operand<'_>]) -> Result<(), PdfError> {
        let text: Vec<u8> = operands.iter().filter_map(Operand::string).flat_map(Cow::into_owned).collect();
        let is_wide = self.is_wide_font()?;
        match (&mut self.painted.shown, is_wide) {
            (Some(shown), false) => shown.extend_from_slice(&text),
            (shown, _) => *shown = None,
        }
        let letters = if is_wide { text.len() / 2 } else { text.len() };
        let size = self.state.font_size;
        #[expect(clippy::cast_precision_loss, reason = "a count of letters on a page")]
        let width = letters as f64 * size * if is_wide { 1.0 } else { LETTER_WIDTH };
        let area = self.text.then(&self.state.matrix).image(&Rect::around(0.0, -0.2 * size, width, 0.8 * size));
        if letters > 0 {
            self.mark(area, Ink::Text);
        }
        self.text = Matrix::translation(width, 0.0).then(&self.text);
        Ok(())
    }

    /// Whether the current font's codes are not letters of one byte.
    fn is_wide_font(&mut self) -> Result<bool, PdfError> {
        if let Some(known) = self.wide_fonts.get(&self.state.font) {
            return Ok(*known);
        }
        let name = String::from_utf8_lossy(&self.state.font).into_owned();
        let font = self.reader.lookup(&self.reader.lookup(self.resources, "Font")?, &name)?;
        let is_wide = font.get("Subtype").is_some_and(|kind| kind.is_name(b"Type0"));
        self.wide_fonts.insert(self.state.font.clone(), is_wide);
        Ok(is_wide)
    }

    fn resource(&self, kind: &str, operands: &[Operand<'_>]) -> Result<Value, PdfError> {
        let Some(name) = operands.first().and_then(Operand::name) else {
            return self.reader.lookup(self.resources, "");
        };
        let name = String::from_utf8_lossy(&name).into_owned();
        self.reader.lookup(&self.reader.lookup(self.resources, kind)?, &name)
    }

    fn graphics_state(&mut self, operands: &[Operand<'_>]) -> Result<(), PdfError> {
        let state = self.resource("ExtGState", operands)?;
        let alpha = self.reader.lookup(&state, "ca")?.number();
        if let Some(alpha) = alpha {
            self.state.is_light = alpha < 0.95;
        }
        let blends = self.reader.lookup(&state, "BM")?;
        let mask = self.reader.lookup(&state, "SMask")?;
        self.state.is_light |= (!blends.is_null() && !blends.is_name(b"Normal")) || mask.is_dictionary();
        Ok(())
    }

    fn object(&mut self, operands: &[Operand<'_>]) -> Result<(), PdfError> {
        let object = self.resource("XObject", operands)?;
        let subtype = self.reader.lookup(&object, "Subtype")?;
        if subtype.is_name(b"Image") {
            let lets_through =
                ["SMask", "Mask", "ImageMask"].iter().any(|key| object.get(key).is_some_and(|value| !value.is_null()));
            self.picture(if lets_through { Ink::Light } else { Ink::Picture });
        } else if subtype.is_name(b"Form") && self.depth < MAX_DEPTH {
            let matrix = own_matrix(self.reader, &object)?;
            let mut state = State { matrix: matrix.then(&self.state.matrix), ..self.state.clone() };
            if let Some(bounds) = rectangle(self.reader, &self.reader.lookup(&object, "BBox")?)? {
                let bounds = state.matrix.image(&bounds);
                state.clip = state.clip.map_or(Some(bounds), |clip| {
                    Some(clip.common(&bounds).unwrap_or(Rect { right: clip.left, ..clip }))
                });
            }
            let own = self.reader.lookup(&object, "Resources")?;
            let resources = if own.is_dictionary() { own } else { self.resources.clone() };
            match self.reader.stream_data(&object) {
                Ok(data) => run(self.reader, &data, &resources, &state, self.depth + 1, self.painted)?,
                Err(_) => self.painted.complete = false,
            }
        }
        Ok(())
    }
}
