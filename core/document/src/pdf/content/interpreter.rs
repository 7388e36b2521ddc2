//! Runs a content stream: keeps the graphics state, and says where glyphs and painted areas are.

use std::collections::HashMap;
use std::rc::Rc;
use std::sync::Arc;

use crate::source::ReadAt;

use crate::pdf::content::areas::Path;
use crate::pdf::content::font::{Flow, Font, Fonts, Text};
use crate::pdf::content::lexer::{Lexer, Operand, Token};
use crate::pdf::content::matrix::{Matrix, Rect};
use crate::pdf::content::state::{Paint, Rendering, Space, State, Tone};
use crate::pdf::content::stream::{Allowance, readable};
use crate::pdf::error::PdfError;
use crate::pdf::limits::{MAX_FORM_DEPTH, MAX_GRAPHICS_STATES, MAX_OPERANDS, MAX_OPERATORS};
use crate::pdf::place::page::Page;
use crate::pdf::read::reader::Reader;
use crate::pdf::syntax::object::{Object, Value};
use crate::pdf::syntax::text::decode_text;
use crate::pdf::syntax::token::ObjectId;

/// Where a glyph is, in the page's coordinates.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct GlyphShape {
    /// The upright box around it.
    pub(crate) bounds: Rect,
    /// The pen before it and behind it.
    pub(crate) start: [f64; 2],
    pub(crate) end: [f64; 2],
    /// The size of its letters.
    pub(crate) em: f64,
    pub(crate) rendering: Rendering,
}

/// Whom the interpreter tells what it finds, in the order of the content.
pub(crate) trait Canvas {
    /// Whether painted areas are asked for; else paths are not followed.
    const WANTS_AREAS: bool;

    fn glyph(&mut self, shape: &GlyphShape, text: Text<'_>) -> Result<(), PdfError>;

    /// Something visible besides text.
    fn area(&mut self, _area: Rect) {}

    /// What follows up to [`Self::end_replacement`] has a text of its own (ISO 32000-2, 14.9.4).
    fn begin_replacement(&mut self) {}

    fn end_replacement(&mut self, _text: &str) {}
}

/// Follows the content of pages.
#[derive(Debug)]
pub(crate) struct Interpreter<'r, S> {
    reader: &'r Reader<S>,
    fonts: Fonts,
}

impl<'r, S: ReadAt> Interpreter<'r, S> {
    pub(crate) fn new(reader: &'r Reader<S>) -> Self {
        Self { reader, fonts: Fonts::default() }
    }

    /// Everything on a page except its annotations.
    pub(crate) fn page<C: Canvas>(&mut self, page: &Page, canvas: &mut C) -> Result<(), PdfError> {
        let mut allowance = Allowance::new();
        let content = allowance.contents(self.reader, &page.dictionary)?;
        let mut run = Run {
            reader: self.reader,
            fonts: &mut self.fonts,
            canvas,
            allowance,
            operators: 0,
            open_forms: Vec::new(),
        };
        run.content(&content, &page.resources, State::new())
    }
}

/// One page being followed.
struct Run<'a, S, C> {
    reader: &'a Reader<S>,
    fonts: &'a mut Fonts,
    canvas: &'a mut C,
    allowance: Allowance,
    operators: usize,
    /// Forms that are being followed, so that none is followed inside itself.
    open_forms: Vec<ObjectId>,
}

/// One content stream being followed.
struct Frame<'v> {
    resources: &'v Value,
    /// Fonts by their name in the resources.
    fonts: HashMap<Vec<u8>, Rc<Font>>,
    state: State,
    saved: Vec<State>,
    /// `Tm` and `Tlm`.
    text: Matrix,
    line: Matrix,
    path: Path,
    /// Whether the path clips once it is painted.
    clips: bool,
    /// For each open marked content, the text it has instead of its own.
    marked: Vec<Option<String>>,
}

impl<S: ReadAt, C: Canvas> Run<'_, S, C> {
    fn content(&mut self, content: &[u8], resources: &Value, state: State) -> Result<(), PdfError> {
        let mut frame = Frame {
            resources,
            fonts: HashMap::new(),
            state,
            saved: Vec::new(),
            text: Matrix::IDENTITY,
            line: Matrix::IDENTITY,
            path: Path::default(),
            clips: false,
            marked: Vec::new(),
        };
        let mut lexer = Lexer::new(content);
        let mut operands = Vec::new();
        while let Some(token) = lexer.next() {
            match token {
                Token::Operand(operand) => {
                    if operands.len() >= MAX_OPERANDS {
                        return Err(PdfError::LimitExceeded { what: "operands of an operator" });
                    }
                    operands.push(operand);
                }
                Token::Operator(operator) => {
                    self.operators += 1;
                    if self.operators > MAX_OPERATORS {
                        return Err(PdfError::LimitExceeded { what: "operators of a page" });
                    }
                    if operator == b"BI" {
                        lexer.skip_inline_image();
                        self.image(&frame);
                    } else {
                        self.operator(&mut frame, operator, &operands)?;
                    }
                    operands.clear();
                }
            }
        }
        // What was left open ends here.
        while let Some(replaced) = frame.marked.pop() {
            self.end_marked(replaced);
        }
        Ok(())
    }

    fn operator(&mut self, frame: &mut Frame<'_>, operator: &[u8], operands: &[Operand<'_>]) -> Result<(), PdfError> {
        match operator {
            b"q" => {
                if frame.saved.len() >= MAX_GRAPHICS_STATES {
                    return Err(PdfError::LimitExceeded { what: "saved graphics states" });
                }
                frame.saved.push(frame.state.clone());
            }
            b"Q" => {
                if let Some(saved) = frame.saved.pop() {
                    frame.state = saved;
                }
            }
            b"cm" => {
                if let Some(matrix) = numbers(operands) {
                    frame.state.ctm = Matrix(matrix).then(&frame.state.ctm);
                }
            }
            b"Do" => self.object(frame, operands)?,
            b"BMC" => frame.marked.push(None),
            b"BDC" => {
                let replaced = self.replacement(frame, operands)?;
                if replaced.is_some() {
                    self.canvas.begin_replacement();
                }
                frame.marked.push(replaced);
            }
            b"EMC" => {
                if let Some(replaced) = frame.marked.pop() {
                    self.end_marked(replaced);
                }
            }
            b"Tf" => self.set_font(frame, operands)?,
            b"Tj" => self.show_one(frame, operands)?,
            b"'" => {
                frame.next_line();
                self.show_one(frame, operands)?;
            }
            b"\"" => {
                if let [Operand::Number(word), Operand::Number(character), _] = operands {
                    (frame.state.text.word_spacing, frame.state.text.char_spacing) = (*word, *character);
                }
                frame.next_line();
                self.show_one(frame, operands)?;
            }
            b"TJ" => self.show_many(frame, operands)?,
            _ if frame.text_operator(operator, operands) => {}
            _ if C::WANTS_AREAS => self.paint_operator(frame, operator, operands)?,
            _ => {}
        }
        Ok(())
    }

    fn end_marked(&mut self, replaced: Option<String>) {
        if let Some(text) = replaced {
            self.canvas.end_replacement(&text);
        }
    }

    /// The `/ActualText` of a marked-content operator's properties.
    fn replacement(&self, frame: &Frame<'_>, operands: &[Operand<'_>]) -> Result<Option<String>, PdfError> {
        let properties = match operands.last() {
            Some(Operand::Dictionary(raw)) => Object::parse(raw.to_vec(), 0).ok().map(|object| Arc::new(object).root()),
            Some(operand) => match operand.name() {
                Some(name) => {
                    readable(self.reader.locate(self.resource(frame, "Properties", &name)?))?.map(|(_, value)| value)
                }
                None => None,
            },
            None => None,
        };
        let Some(properties) = properties else { return Ok(None) };
        let text = readable(self.reader.lookup(&properties, "ActualText"))?;
        Ok(text.and_then(|text| text.string()).map(|text| decode_text(&text)))
    }

    /// A resource by its kind and name, not resolved.
    fn resource(&self, frame: &Frame<'_>, kind: &str, name: &[u8]) -> Result<Option<Value>, PdfError> {
        let Some(of_kind) = readable(self.reader.lookup(frame.resources, kind))? else { return Ok(None) };
        Ok(of_kind.entries().find(|(key, _)| key.is_name(name)).map(|(_, value)| value))
    }

    fn set_font(&mut self, frame: &mut Frame<'_>, operands: &[Operand<'_>]) -> Result<(), PdfError> {
        let [.., name, Operand::Number(size)] = operands else { return Ok(()) };
        let Some(name) = name.name() else { return Ok(()) };
        frame.state.text.size = *size;
        if let Some(font) = frame.fonts.get(&*name) {
            frame.state.text.font = Some(Rc::clone(font));
            return Ok(());
        }
        let value = self.resource(frame, "Font", &name)?;
        let font = self.fonts.get(self.reader, &mut self.allowance, value)?;
        frame.fonts.insert(name.into_owned(), Rc::clone(&font));
        frame.state.text.font = Some(font);
        Ok(())
    }

    fn show_one(&mut self, frame: &mut Frame<'_>, operands: &[Operand<'_>]) -> Result<(), PdfError> {
        match operands.last().and_then(Operand::string) {
            Some(string) => self.show(frame, &string),
            None => Ok(()),
        }
    }

    fn show_many(&mut self, frame: &mut Frame<'_>, operands: &[Operand<'_>]) -> Result<(), PdfError> {
        for operand in operands {
            if let Some(string) = operand.string() {
                self.show(frame, &string)?;
            } else if let Some(thousandths) = operand.number() {
                frame.kern(thousandths);
            }
        }
        Ok(())
    }

    /// ISO 32000-2, 9.4.4.
    fn show(&mut self, frame: &mut Frame<'_>, string: &[u8]) -> Result<(), PdfError> {
        let Some(font) = frame.state.text.font.clone() else { return Ok(()) };
        let mut rest = string;
        while let Some(shown) = font.first(rest) {
            rest = rest.get(shown.length.max(1)..).unwrap_or_default();
            let text = &frame.state.text;
            let spacing = text.char_spacing + if shown.is_space { text.word_spacing } else { 0.0 };
            let scale = Matrix([text.size * text.stretch, 0.0, 0.0, text.size, 0.0, text.rise]);
            let full = scale.then(&frame.text).then(&frame.state.ctm);
            let (origin, pen, advance) = match shown.flow {
                Flow::Across => {
                    let advance = [(shown.width * text.size + spacing) * text.stretch, 0.0];
                    ([0.0, 0.0], [[0.0, 0.0], [shown.width, 0.0]], advance)
                }
                Flow::Down { origin, advance } => {
                    ([-origin[0], -origin[1]], [[0.0, 0.0], [0.0, advance]], [0.0, advance * text.size + spacing])
                }
            };
            let glyph_box = [origin[0], origin[1] + font.descent(), origin[0] + shown.width, origin[1] + font.ascent()];
            let bounds = full.bounds(glyph_box);
            let shape = GlyphShape {
                bounds,
                start: full.apply(pen[0]),
                end: full.apply(pen[1]),
                em: full.height() * font.em(),
                rendering: text.rendering,
            };
            if !bounds.intersection(&frame.state.clip).is_empty() {
                self.canvas.glyph(&shape, shown.text)?;
            }
            frame.text = Matrix::translation(advance[0], advance[1]).then(&frame.text);
        }
        Ok(())
    }

    /// `Do`: an image, or a form whose content is followed.
    fn object(&mut self, frame: &mut Frame<'_>, operands: &[Operand<'_>]) -> Result<(), PdfError> {
        let Some(name) = operands.last().and_then(Operand::name) else { return Ok(()) };
        let Some(value) = self.resource(frame, "XObject", &name)? else { return Ok(()) };
        let id = value.reference();
        let Some(object) = readable(self.reader.resolve(value))? else { return Ok(()) };
        let Some(subtype) = readable(self.reader.lookup(&object, "Subtype"))? else { return Ok(()) };
        if subtype.is_name(b"Image") {
            self.image(frame);
            return Ok(());
        }
        let is_open = id.is_some_and(|id| self.open_forms.contains(&id));
        if !subtype.is_name(b"Form") || is_open {
            return Ok(());
        }
        if self.open_forms.len() >= MAX_FORM_DEPTH {
            return Err(PdfError::LimitExceeded { what: "forms inside each other" });
        }
        let Some(content) = self.allowance.read(self.reader, &object)? else { return Ok(()) };
        let mut state = frame.state.clone();
        if let Some(matrix) = self.numbers_of(&object, "Matrix")? {
            state.ctm = Matrix(matrix).then(&state.ctm);
        }
        if let Some(bounds) = self.numbers_of(&object, "BBox")? {
            state.clip = state.clip.intersection(&state.ctm.bounds(bounds));
        }
        let own = readable(self.reader.lookup(&object, "Resources"))?.filter(Value::is_dictionary);
        // A form without resources uses the page's (ISO 32000-2, table 93).
        let resources = own.unwrap_or_else(|| frame.resources.clone());
        self.open_forms.push(id.unwrap_or(ObjectId { number: 0, generation: 0 }));
        let done = self.content(&content, &resources, state);
        self.open_forms.pop();
        done
    }

    fn numbers_of<const N: usize>(&self, dictionary: &Value, key: &str) -> Result<Option<[f64; N]>, PdfError> {
        let Some(array) = readable(self.reader.lookup(dictionary, key))? else { return Ok(None) };
        let mut numbers = [0.0; N];
        let elements = array.elements();
        if elements.len() < N {
            return Ok(None);
        }
        for (number, element) in numbers.iter_mut().zip(elements) {
            *number = readable(self.reader.resolve(element))?.and_then(|element| element.number()).unwrap_or(0.0);
        }
        Ok(Some(numbers))
    }

    fn image(&mut self, frame: &Frame<'_>) {
        if C::WANTS_AREAS {
            self.area(frame, frame.state.ctm.bounds([0.0, 0.0, 1.0, 1.0]));
        }
    }

    fn area(&mut self, frame: &Frame<'_>, area: Rect) {
        let visible = area.intersection(&frame.state.clip);
        if !visible.is_empty() {
            self.canvas.area(visible);
        }
    }

    /// Paths, colours and shadings: only followed for painted areas, and for clipping.
    fn paint_operator(
        &mut self,
        frame: &mut Frame<'_>,
        operator: &[u8],
        operands: &[Operand<'_>],
    ) -> Result<(), PdfError> {
        if frame.path_operator(operator, operands)? || frame.color_operator(operator, operands) {
            return Ok(());
        }
        match operator {
            b"cs" | b"CS" => {
                let space = self.color_space(frame, operands)?;
                let paint = if operator == b"cs" { &mut frame.state.fill } else { &mut frame.state.stroke };
                *paint = Paint { space, tone: Tone::Visible };
            }
            b"sh" => self.area(frame, frame.state.clip),
            b"S" | b"s" => self.paint(frame, Painting::Stroke, operator == b"s")?,
            b"f" | b"F" | b"f*" => self.paint(frame, Painting::Fill, false)?,
            b"B" | b"B*" => self.paint(frame, Painting::Both, false)?,
            b"b" | b"b*" => self.paint(frame, Painting::Both, true)?,
            b"n" => self.paint(frame, Painting::Nothing, false)?,
            _ => {}
        }
        Ok(())
    }

    fn paint(&mut self, frame: &mut Frame<'_>, painting: Painting, close: bool) -> Result<(), PdfError> {
        if close {
            frame.path.close()?;
        }
        let path = std::mem::take(&mut frame.path);
        let fills = matches!(painting, Painting::Fill | Painting::Both) && frame.state.fill.tone == Tone::Visible;
        let strokes = matches!(painting, Painting::Stroke | Painting::Both) && frame.state.stroke.tone == Tone::Visible;
        if fills {
            path.filled().for_each(|area| self.area(frame, area));
        }
        if strokes {
            let width = frame.state.line_width * frame.state.ctm.height();
            path.stroked(width).for_each(|area| self.area(frame, area));
        }
        if std::mem::take(&mut frame.clips) {
            frame.state.clip = frame.state.clip.intersection(&path.bounds());
        }
        // The room is used again.
        frame.path = path;
        frame.path.clear();
        Ok(())
    }

    fn color_space(&self, frame: &Frame<'_>, operands: &[Operand<'_>]) -> Result<Space, PdfError> {
        let Some(name) = operands.last().and_then(Operand::name) else { return Ok(Space::Other) };
        if let Some(space) = device_space(&name) {
            return Ok(space);
        }
        let Some(value) = self.resource(frame, "ColorSpace", &name)? else { return Ok(Space::Other) };
        let Some(value) = readable(self.reader.resolve(value))? else { return Ok(Space::Other) };
        let family = value.name().or_else(|| value.elements().first().and_then(Value::name)).unwrap_or_default();
        match family.as_slice() {
            b"CalGray" | b"CalRGB" => Ok(Space::Light),
            b"ICCBased" => {
                let profile = value.elements().get(1).cloned();
                let profile = readable(self.reader.locate(profile))?.map(|(_, profile)| profile);
                let components = profile.and_then(|profile| profile.get("N")).and_then(|count| count.integer());
                Ok(if components == Some(4) { Space::Ink } else { Space::Light })
            }
            other => Ok(device_space(other).unwrap_or(Space::Other)),
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Painting {
    Nothing,
    Fill,
    Stroke,
    Both,
}

fn device_space(name: &[u8]) -> Option<Space> {
    match name {
        b"DeviceGray" | b"DeviceRGB" => Some(Space::Light),
        b"DeviceCMYK" => Some(Space::Ink),
        _ => None,
    }
}

/// The last `N` operands as numbers.
fn numbers<const N: usize>(operands: &[Operand<'_>]) -> Option<[f64; N]> {
    let from = operands.len().checked_sub(N)?;
    let mut numbers = [0.0; N];
    for (number, operand) in numbers.iter_mut().zip(&operands[from..]) {
        *number = operand.number()?;
    }
    Some(numbers)
}

impl Frame<'_> {
    fn next_line(&mut self) {
        self.move_line(0.0, -self.state.text.leading);
    }

    fn move_line(&mut self, x: f64, y: f64) {
        self.line = Matrix::translation(x, y).then(&self.line);
        self.text = self.line;
    }

    /// A number inside `TJ`.
    fn kern(&mut self, thousandths: f64) {
        let text = &self.state.text;
        let by = -thousandths / 1_000.0 * text.size;
        let is_down = text.font.as_ref().is_some_and(|font| font.is_down());
        let (x, y) = if is_down { (0.0, by) } else { (by * text.stretch, 0.0) };
        self.text = Matrix::translation(x, y).then(&self.text);
    }

    /// Whether it was one.
    fn text_operator(&mut self, operator: &[u8], operands: &[Operand<'_>]) -> bool {
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
    fn path_operator(&mut self, operator: &[u8], operands: &[Operand<'_>]) -> Result<bool, PdfError> {
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
    fn color_operator(&mut self, operator: &[u8], operands: &[Operand<'_>]) -> bool {
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
