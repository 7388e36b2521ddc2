//! One content stream on its way: its graphics state, text matrices and path, and the operators that change only these.

use std::collections::HashMap;
use std::rc::Rc;

use crate::pdf::content::areas::Path;
use crate::pdf::content::font::Font;
use crate::pdf::content::lexer::Operand;
use crate::pdf::content::matrix::Matrix;
use crate::pdf::content::state::{Paint, Rendering, Space, State};
use crate::pdf::error::PdfError;
use crate::pdf::syntax::object::Value;

/// One content stream being followed.
pub(super) struct Frame<'v> {
    pub(super) resources: &'v Value,
    /// Fonts by their name in the resources.
    pub(super) fonts: HashMap<Vec<u8>, Rc<Font>>,
    pub(super) state: State,
    pub(super) saved: Vec<State>,
    /// `Tm` and `Tlm`.
    pub(super) text: Matrix,
    pub(super) line: Matrix,
    pub(super) path: Path,
    /// Whether the path clips once it is painted.
    pub(super) clips: bool,
    /// For each open marked content, the text it has instead of its own.
    pub(super) marked: Vec<Option<String>>,
}

/// The last `N` operands as numbers.
pub(super) fn numbers<const N: usize>(operands: &[Operand<'_>]) -> Option<[f64; N]> {
    let from = operands.len().checked_sub(N)?;
    let mut numbers = [0.0; N];
    for (number, operand) in numbers.iter_mut().zip(&operands[from..]) {
        *number = operand.number()?;
    }
    Some(numbers)
}

impl<'v> Frame<'v> {
    pub(super) fn new(resources: &'v Value, state: State) -> Self {
        Self {
            resources,
            fonts: HashMap::new(),
            state,
            saved: Vec::new(),
            text: Matrix::IDENTITY,
            line: Matrix::IDENTITY,
            path: Path::default(),
            clips: false,
            marked: Vec::new(),
        }
    }

    pub(super) fn next_line(&mut self) {
        self.move_line(0.0, -self.state.text.leading);
    }

    fn move_line(&mut self, x: f64, y: f64) {
        self.line = Matrix::translation(x, y).then(&self.line);
        self.text = self.line;
    }

    /// A number inside `TJ`.
    pub(super) fn kern(&mut self, thousandths: f64) {
        let text = &self.state.text;
        let by = -thousandths / 1_000.0 * text.size;
        let is_down = text.font.as_ref().is_some_and(|font| font.is_down());
        let (x, y) = if is_down { (0.0, by) } else { (by * text.stretch, 0.0) };
        self.text = Matrix::translation(x, y).then(&self.text);
    }

    /// Whether it was one.
    pub(super) fn text_operator(&mut self, operator: &[u8], operands: &[Operand<'_>]) -> bool {
        let number = operands.last().and_then(Operand::number);
        let text = &mut self.state.text;
        match (operator, number) {
            (b"BT", _) => (self.text, self.line) = (Matrix::IDENTITY, Matrix::IDENTITY),
            (b"ET", _) => {}
            (b"Tc", Some(number)) => text.char_spacing = number,
            (b"Tw", Some(number)) => text.word_spacing = number,
            (b"Tz", Some(number)) => text.stretch = number / 100.0,
            (b"TL", Some(number)) => text.leading = number,
            (b"Ts", Some(number)) => text.rise = number,
            (b"Tr", Some(number)) => {
                let is_invisible = (2.5..3.5).contains(&number) || number >= 6.5;
                text.rendering = if is_invisible { Rendering::Invisible } else { Rendering::Visible };
            }
            (b"T*", _) => self.next_line(),
            (b"Td" | b"TD", _) => {
                if let Some([x, y]) = numbers(operands) {
                    if operator == b"TD" {
                        text.leading = -y;
                    }
                    self.move_line(x, y);
                }
            }
            (b"Tm", _) => {
                if let Some(matrix) = numbers(operands) {
                    (self.text, self.line) = (Matrix(matrix), Matrix(matrix));
                }
            }
            _ => return false,
        }
        true
    }

    /// Whether it was one.
    pub(super) fn path_operator(&mut self, operator: &[u8], operands: &[Operand<'_>]) -> Result<bool, PdfError> {
        let matrix = self.state.ctm;
        match operator {
            b"m" => {
                if let Some(point) = numbers(operands) {
                    self.path.move_to(&matrix, point)?;
                }
            }
            b"l" => {
                if let Some(point) = numbers(operands) {
                    self.path.extend(&matrix, &[point])?;
                }
            }
            b"c" => {
                if let Some([a, b, c, d, e, f]) = numbers(operands) {
                    self.path.extend(&matrix, &[[a, b], [c, d], [e, f]])?;
                }
            }
            b"v" | b"y" => {
                if let Some([a, b, c, d]) = numbers(operands) {
                    self.path.extend(&matrix, &[[a, b], [c, d]])?;
                }
            }
            b"h" => self.path.close()?,
            b"re" => {
                if let Some(rectangle) = numbers(operands) {
                    self.path.rectangle(&matrix, rectangle)?;
                }
            }
            b"W" | b"W*" => self.clips = true,
            b"w" => {
                if let Some([width]) = numbers(operands) {
                    self.state.line_width = width;
                }
            }
            _ => return Ok(false),
        }
        Ok(true)
    }

    /// Whether it was one.
    pub(super) fn color_operator(&mut self, operator: &[u8], operands: &[Operand<'_>]) -> bool {
        let components: Vec<f64> = operands.iter().filter_map(Operand::number).collect();
        let (fill, stroke) = (self.state.fill.space, self.state.stroke.space);
        match operator {
            b"g" | b"rg" => self.state.fill = Paint::of(Space::Light, &components),
            b"k" => self.state.fill = Paint::of(Space::Ink, &components),
            b"G" | b"RG" => self.state.stroke = Paint::of(Space::Light, &components),
            b"K" => self.state.stroke = Paint::of(Space::Ink, &components),
            b"sc" | b"scn" => self.state.fill = Paint::of(fill, &components),
            b"SC" | b"SCN" => self.state.stroke = Paint::of(stroke, &components),
            _ => return false,
        }
        true
    }
}
