//! What a content stream paints, as boxes: enough to tell whether something lies over something else.

use std::collections::HashMap;

use crate::source::ReadAt;

use crate::pdf::error::PdfError;
use crate::pdf::read::reader::Reader;
use crate::pdf::syntax::object::Value;
use crate::pdf::syntax::token::{Kind, Scanner, Tail, is_space, parse};

/// Operators that are followed on one page; what comes behind them is not known.
const MAX_OPERATORS: usize = 300_000;
/// Boxes that are remembered of one page.
const MAX_MARKS: usize = 20_000;
/// Forms within forms.
const MAX_DEPTH: usize = 8;
/// Bytes of content of one page.
const MAX_CONTENT: usize = 16 << 20;
/// A filled path that covers this part of the box around it is opaque as a whole; less is drawing.
const DENSE: f64 = 0.5;
/// Mean width of a letter, in parts of the font's size.
const LETTER_WIDTH: f64 = 0.5;

/// An upright box, in points.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Area {
    pub(crate) left: f64,
    pub(crate) bottom: f64,
    pub(crate) right: f64,
    pub(crate) top: f64,
}

impl Area {
    pub(crate) fn new(left: f64, bottom: f64, right: f64, top: f64) -> Self {
        Self { left: left.min(right), bottom: bottom.min(top), right: left.max(right), top: bottom.max(top) }
    }

    pub(crate) fn width(&self) -> f64 {
        self.right - self.left
    }

    pub(crate) fn height(&self) -> f64 {
        self.top - self.bottom
    }

    pub(crate) fn common(&self, other: &Self) -> Option<Self> {
        let (left, bottom) = (self.left.max(other.left), self.bottom.max(other.bottom));
        let (right, top) = (self.right.min(other.right), self.top.min(other.top));
        (left < right && bottom < top).then_some(Self { left, bottom, right, top })
    }

    fn around(points: [[f64; 2]; 4]) -> Self {
        let (xs, ys) = (points.map(|[x, _]| x), points.map(|[_, y]| y));
        let least = |values: [f64; 4]| values.into_iter().fold(f64::INFINITY, f64::min);
        let most = |values: [f64; 4]| values.into_iter().fold(f64::NEG_INFINITY, f64::max);
        Self { left: least(xs), bottom: least(ys), right: most(xs), top: most(ys) }
    }
}

/// What a box is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ink {
    Text,
    /// A filled area that lets nothing through.
    Fill,
    /// A picture that lets nothing through.
    Picture,
    /// A line, or anything that what is under it is seen through.
    Light,
}

#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Mark {
    pub(crate) area: Area,
    pub(crate) ink: Ink,
}

/// What was painted.
#[derive(Debug, Default)]
pub(crate) struct Painted {
    pub(crate) marks: Vec<Mark>,
    /// Text as it was shown, one byte a letter; `None` once a font has other codes.
    pub(crate) shown: Option<Vec<u8>>,
    /// All of it was followed.
    pub(crate) complete: bool,
    pub(super) operators: usize,
}

/// `a b c d e f` of ISO 32000-2, 8.3.3.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Matrix([f64; 6]);

impl Matrix {
    pub(crate) const IDENTITY: Self = Self([1.0, 0.0, 0.0, 1.0, 0.0, 0.0]);

    fn of(values: &[f64]) -> Option<Self> {
        values.try_into().ok().map(Self)
    }

    fn moved(x: f64, y: f64) -> Self {
        Self([1.0, 0.0, 0.0, 1.0, x, y])
    }

    /// First this, then `after`.
    fn then(&self, after: &Self) -> Self {
        let (own, other) = (&self.0, &after.0);
        let across = |row: usize, column: usize| own[row] * other[column] + own[row + 1] * other[column + 2];
        let (left, up) = (across(4, 0) + other[4], across(4, 1) + other[5]);
        Self([across(0, 0), across(0, 1), across(2, 0), across(2, 1), left, up])
    }

    fn point(&self, x: f64, y: f64) -> [f64; 2] {
        let own = &self.0;
        [own[0] * x + own[2] * y + own[4], own[1] * x + own[3] * y + own[5]]
    }

    pub(crate) fn area(&self, area: &Area) -> Area {
        let corners =
            [(area.left, area.bottom), (area.right, area.bottom), (area.right, area.top), (area.left, area.top)];
        Area::around(corners.map(|(x, y)| self.point(x, y)))
    }

    /// Maps one upright box onto another.
    pub(crate) fn onto(from: &Area, to: &Area) -> Self {
        let scale = |from: f64, to: f64| if from.abs() < 1e-9 { 1.0 } else { to / from };
        let (across, up) = (scale(from.width(), to.width()), scale(from.height(), to.height()));
        Self([across, 0.0, 0.0, up, to.left - from.left * across, to.bottom - from.bottom * up])
    }
}

#[derive(Clone)]
struct State {
    matrix: Matrix,
    clip: Option<Area>,
    is_light: bool,
    font_size: f64,
    leading: f64,
    font: Vec<u8>,
}

/// An array of numbers, over references.
pub(crate) fn numbers<S: ReadAt>(reader: &Reader<S>, value: &Value) -> Result<Vec<f64>, PdfError> {
    let mut numbers = Vec::new();
    for element in value.elements() {
        numbers.extend(reader.resolve(element)?.number());
    }
    Ok(numbers)
}

pub(crate) fn rectangle<S: ReadAt>(reader: &Reader<S>, value: &Value) -> Result<Option<Area>, PdfError> {
    Ok(match numbers(reader, value)?[..] {
        [left, bottom, right, top] => Some(Area::new(left, bottom, right, top)),
        _ => None,
    })
}

/// Everything that a page's own content paints.
pub(crate) fn page<S: ReadAt>(reader: &Reader<S>, page: &Value) -> Result<Painted, PdfError> {
    let mut painted = Painted { complete: true, shown: Some(Vec::new()), ..Painted::default() };
    let contents = reader.lookup(page, "Contents")?;
    let streams = if contents.is_array() { contents.elements() } else { vec![contents] };
    let mut content = Vec::new();
    for stream in streams {
        let stream = reader.resolve(stream)?;
        if stream.is_null() {
            continue;
        }
        match reader.stream_data(&stream) {
            Ok(data) if content.len() + data.len() <= MAX_CONTENT => {
                content.extend_from_slice(&data);
                content.push(b'\n');
            }
            _ => painted.complete = false,
        }
    }
    let resources = inherited(reader, page, "Resources")?;
    run(reader, &content, &resources, &start(Matrix::IDENTITY), 0, &mut painted)?;
    Ok(painted)
}

/// A page's entry, its own or taken over.
pub(crate) fn inherited<S: ReadAt>(reader: &Reader<S>, page: &Value, key: &str) -> Result<Value, PdfError> {
    let mut node = page.clone();
    for _ in 0..64 {
        let value = reader.lookup(&node, key)?;
        if !value.is_null() {
            return Ok(value);
        }
        node = reader.lookup(&node, "Parent")?;
        if !node.is_dictionary() {
            break;
        }
    }
    reader.lookup(page, key)
}

/// What an appearance stream paints when it is shown in `place` (ISO 32000-2, 12.5.5).
pub(crate) fn appearance<S: ReadAt>(reader: &Reader<S>, stream: &Value, place: &Area) -> Result<Painted, PdfError> {
    let mut painted = Painted { complete: true, shown: Some(Vec::new()), ..Painted::default() };
    let matrix = own_matrix(reader, stream)?;
    let Some(bounds) = rectangle(reader, &reader.lookup(stream, "BBox")?)? else { return Ok(painted) };
    let fit = Matrix::onto(&matrix.area(&bounds), place);
    let state = State { clip: Some(*place), ..start(matrix.then(&fit)) };
    match reader.stream_data(stream) {
        Ok(data) => run(reader, &data, &reader.lookup(stream, "Resources")?, &state, 0, &mut painted)?,
        Err(_) => painted.complete = false,
    }
    Ok(painted)
}

fn own_matrix<S: ReadAt>(reader: &Reader<S>, form: &Value) -> Result<Matrix, PdfError> {
    Ok(Matrix::of(&numbers(reader, &reader.lookup(form, "Matrix")?)?).unwrap_or(Matrix::IDENTITY))
}

fn start(matrix: Matrix) -> State {
    State { matrix, clip: None, is_light: false, font_size: 0.0, leading: 0.0, font: Vec::new() }
}

/// One operator of a content stream with what stands before it.
fn run<S: ReadAt>(
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
    let mut at = 0;
    let mut operands: Vec<Operand> = Vec::new();
    while at < content.len() {
        let byte = content[at];
        if is_space(byte) {
            at += 1;
        } else if byte == b'%' {
            at += content[at..].iter().position(|byte| matches!(byte, b'\r' | b'\n')).unwrap_or(content.len() - at);
        } else if is_operand(byte) {
            let Some((operand, end)) = operand(content, at) else {
                run.painted.complete = false;
                break;
            };
            operands.push(operand);
            at = end.max(at + 1);
            if operands.len() > 1_000 {
                operands.clear();
            }
        } else {
            let mut scanner = Scanner::new(content, at, Tail::End);
            let word = scanner.word().unwrap_or_default().to_vec();
            at = scanner.at.max(at + 1);
            run.painted.operators += 1;
            if run.painted.operators > MAX_OPERATORS || run.painted.marks.len() > MAX_MARKS {
                run.painted.complete = false;
                break;
            }
            if word == b"BI" {
                at = inline_image_end(content, at);
                run.picture(Ink::Picture);
            } else {
                run.operator(&word, &operands)?;
            }
            operands.clear();
        }
    }
    Ok(())
}

fn is_operand(byte: u8) -> bool {
    matches!(byte, b'0'..=b'9' | b'+' | b'-' | b'.' | b'/' | b'(' | b'<' | b'[')
}

#[derive(Debug)]
enum Operand {
    Number(f64),
    Name(Vec<u8>),
    Text(Vec<u8>),
    Other,
}

impl Operand {
    fn number(&self) -> Option<f64> {
        match self {
            Self::Number(number) => Some(*number),
            _ => None,
        }
    }
}

/// An operand and where it ends.
fn operand(content: &[u8], at: usize) -> Option<(Operand, usize)> {
    // Numbers are most of what there is, and `1 0 R` is no reference here.
    if matches!(content[at], b'0'..=b'9' | b'+' | b'-' | b'.') {
        let length = content[at..].iter().take_while(|byte| matches!(byte, b'0'..=b'9' | b'+' | b'-' | b'.')).count();
        let text = std::str::from_utf8(&content[at..at + length]).ok()?;
        return Some((Operand::Number(text.parse().unwrap_or(0.0)), at + length));
    }
    // Strings and arrays are short; a window keeps hostile nesting from being read again and again.
    let window = &content[at..content.len().min(at + (64 << 10))];
    let nodes = parse(window, 0, Tail::End).ok()?;
    let end = at + nodes.first()?.end as usize;
    let object = std::sync::Arc::new(crate::pdf::syntax::object::Object::parse(content[at..end].to_vec(), 0).ok()?);
    let value = object.root();
    let operand = match value.kind() {
        Kind::Name => Operand::Name(value.name()?),
        Kind::Literal | Kind::Hex => Operand::Text(value.string()?),
        Kind::Array => Operand::Text(value.elements().iter().filter_map(Value::string).flatten().collect()),
        _ => Operand::Other,
    };
    Some((operand, end))
}

fn inline_image_end(content: &[u8], at: usize) -> usize {
    let data = content[at..].windows(2).position(|word| word == b"ID").map_or(at, |found| at + found + 2);
    let is_end = |word: &[u8]| word[1..3] == *b"EI" && is_space(word[0]) && is_space(word[3]);
    content[data..].windows(4).position(is_end).map_or(content.len(), |found| data + found + 3)
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
    fn operator(&mut self, operator: &[u8], operands: &[Operand]) -> Result<(), PdfError> {
        let values: Vec<f64> = operands.iter().filter_map(Operand::number).collect();
        match (operator, values.as_slice()) {
            (b"q", _) if self.saved.len() < 512 => self.saved.push(self.state.clone()),
            (b"Q", _) => {
                if let Some(saved) = self.saved.pop() {
                    self.state = saved;
                }
            }
            (b"cm", values) => {
                if let Some(matrix) = Matrix::of(values) {
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
                if let Some(Operand::Name(name)) = operands.first() {
                    self.state.font.clone_from(name);
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
                self.line = Matrix::of(values).unwrap_or(self.line);
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
        let point = self.state.matrix.point(x, y);
        if let Some(subpath) = self.path.last_mut() {
            subpath.push(point);
        }
    }

    fn bounds(&self) -> Option<Area> {
        let [x, y] = *self.path.iter().flatten().next()?;
        let whole = self.path.iter().flatten().fold(Area::new(x, y, x, y), |area, [x, y]| Area {
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

    fn mark(&mut self, area: Area, ink: Ink) {
        let visible = self.state.clip.map_or(Some(area), |clip| clip.common(&area));
        let is_sane = [area.left, area.bottom, area.right, area.top].iter().all(|side| side.is_finite());
        let ink = if self.state.is_light && ink != Ink::Text { Ink::Light } else { ink };
        if let Some(area) = visible.filter(|_| is_sane) {
            self.painted.marks.push(Mark { area, ink });
        }
    }

    fn picture(&mut self, ink: Ink) {
        self.mark(self.state.matrix.area(&Area::new(0.0, 0.0, 1.0, 1.0)), ink);
    }

    fn move_line(&mut self, x: f64, y: f64) {
        self.line = Matrix::moved(x, y).then(&self.line);
        self.text = self.line;
    }

    fn show(&mut self, operands: &[Operand]) -> Result<(), PdfError> {
        let Some(Operand::Text(text)) = operands.last() else { return Ok(()) };
        let is_wide = self.is_wide_font()?;
        match (&mut self.painted.shown, is_wide) {
            (Some(shown), false) => shown.extend_from_slice(text),
            (shown, _) => *shown = None,
        }
        let letters = if is_wide { text.len() / 2 } else { text.len() };
        let size = self.state.font_size;
        #[expect(clippy::cast_precision_loss, reason = "a count of letters on a page")]
        let width = letters as f64 * size * if is_wide { 1.0 } else { LETTER_WIDTH };
        let area = self.text.then(&self.state.matrix).area(&Area::new(0.0, -0.2 * size, width, 0.8 * size));
        if letters > 0 {
            self.mark(area, Ink::Text);
        }
        self.text = Matrix::moved(width, 0.0).then(&self.text);
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

    fn resource(&self, kind: &str, operands: &[Operand]) -> Result<Value, PdfError> {
        let Some(Operand::Name(name)) = operands.first() else { return self.reader.lookup(self.resources, "") };
        let name = String::from_utf8_lossy(name).into_owned();
        self.reader.lookup(&self.reader.lookup(self.resources, kind)?, &name)
    }

    fn graphics_state(&mut self, operands: &[Operand]) -> Result<(), PdfError> {
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

    fn object(&mut self, operands: &[Operand]) -> Result<(), PdfError> {
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
                let bounds = state.matrix.area(&bounds);
                state.clip = state.clip.map_or(Some(bounds), |clip| {
                    Some(clip.common(&bounds).unwrap_or(Area { right: clip.left, ..clip }))
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
