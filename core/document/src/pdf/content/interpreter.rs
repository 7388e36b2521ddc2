//! Runs a content stream: keeps the graphics state, and says where glyphs and painted areas are.

use std::rc::Rc;
use std::sync::Arc;

use crate::source::ReadAt;

use crate::pdf::content::font::{Flow, Fonts, Text};
use crate::pdf::content::frame::{Frame, numbers};
use crate::pdf::content::lexer::{Lexer, Operand, Token};
use crate::pdf::content::matrix::{Matrix, Rect};
use crate::pdf::content::state::{Rendering, State};
use crate::pdf::content::stream::{Allowance, readable};
use crate::pdf::error::PdfError;
use crate::pdf::limits::{
    MAX_FORM_DEPTH, MAX_GRAPHICS_STATES, MAX_OPERANDS, MAX_OPERATORS, MAX_SHOWN_CODES, MAX_TREE_NODES,
};
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

    /// Everything on a page, then what its annotations show.
    pub(crate) fn page<C: Canvas>(&mut self, page: &Page, canvas: &mut C) -> Result<(), PdfError> {
        let mut allowance = Allowance::new();
        let content = allowance.contents(self.reader, &page.dictionary)?;
        let mut run = Run {
            reader: self.reader,
            fonts: &mut self.fonts,
            canvas,
            allowance,
            operators: 0,
            shown: 0,
            open_forms: Vec::new(),
        };
        run.content(&content, &page.resources, State::new())?;
        run.annotations(page)
    }
}

/// One page being followed.
pub(super) struct Run<'a, S, C> {
    pub(super) reader: &'a Reader<S>,
    fonts: &'a mut Fonts,
    pub(super) canvas: &'a mut C,
    allowance: Allowance,
    operators: usize,
    /// Codes shown, on the page or beside it.
    shown: usize,
    /// Forms that are being followed, so that none is followed inside itself.
    open_forms: Vec<ObjectId>,
}

impl<S: ReadAt, C: Canvas> Run<'_, S, C> {
    fn content(&mut self, content: &[u8], resources: &Value, state: State) -> Result<(), PdfError> {
        let mut frame = Frame::new(resources, state);
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
    pub(super) fn resource(&self, frame: &Frame<'_>, kind: &str, name: &[u8]) -> Result<Option<Value>, PdfError> {
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
            self.shown += 1;
            if self.shown > MAX_SHOWN_CODES {
                return Err(PdfError::LimitExceeded { what: "codes shown on a page" });
            }
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
        if subtype.is_name(b"Form") {
            self.form(id, &object, frame.resources, frame.state.clone())?;
        }
        Ok(())
    }

    /// A form's content (ISO 32000-2, 8.10), unless it is inside itself.
    fn form(&mut self, id: Option<ObjectId>, form: &Value, outer: &Value, mut state: State) -> Result<(), PdfError> {
        if id.is_some_and(|id| self.open_forms.contains(&id)) {
            return Ok(());
        }
        if self.open_forms.len() >= MAX_FORM_DEPTH {
            return Err(PdfError::LimitExceeded { what: "forms inside each other" });
        }
        let Some(content) = self.allowance.read(self.reader, form)? else { return Ok(()) };
        if let Some(matrix) = self.numbers_of(form, "Matrix")? {
            state.ctm = Matrix(matrix).then(&state.ctm);
        }
        if let Some(bounds) = self.numbers_of(form, "BBox")? {
            state.clip = state.clip.intersection(&state.ctm.bounds(bounds));
        }
        let own = readable(self.reader.lookup(form, "Resources"))?.filter(Value::is_dictionary);
        // A form without resources uses those of what it is in (ISO 32000-2, table 93).
        let resources = own.unwrap_or_else(|| outer.clone());
        self.open_forms.push(id.unwrap_or(ObjectId { number: 0, generation: 0 }));
        let done = self.content(&content, &resources, state);
        self.open_forms.pop();
        done
    }

    /// What is shown of the annotations (ISO 32000-2, 12.5.3 and 12.5.5).
    fn annotations(&mut self, page: &Page) -> Result<(), PdfError> {
        let Some(annotations) = readable(self.reader.lookup(&page.dictionary, "Annots"))? else { return Ok(()) };
        for (index, annotation) in annotations.elements().into_iter().enumerate() {
            if index >= MAX_TREE_NODES {
                return Err(PdfError::LimitExceeded { what: "annotations of a page" });
            }
            if let Some(annotation) = readable(self.reader.resolve(annotation))? {
                self.annotation(page, &annotation)?;
            }
        }
        Ok(())
    }

    fn annotation(&mut self, page: &Page, annotation: &Value) -> Result<(), PdfError> {
        /// `Hidden` and `NoView`.
        const NOT_SHOWN: i64 = 1 << 1 | 1 << 5;
        let entry = |key: &str| readable(self.reader.lookup(annotation, key));
        let flags = entry("F")?.and_then(|flags| flags.integer()).unwrap_or(0);
        let is_popup = entry("Subtype")?.is_some_and(|subtype| subtype.is_name(b"Popup"));
        let Some([x1, y1, x2, y2]) = self.numbers_of(annotation, "Rect")? else { return Ok(()) };
        if flags & NOT_SHOWN != 0 || is_popup {
            return Ok(());
        }
        let place = Rect { left: x1.min(x2), bottom: y1.min(y2), right: x1.max(x2), top: y1.max(y2) };
        if C::WANTS_AREAS {
            self.canvas.area(place);
            return Ok(());
        }
        let Some((id, form)) = self.appearance(annotation)? else { return Ok(()) };
        let Some(bounds) = self.numbers_of(&form, "BBox")? else { return Ok(()) };
        let matrix = self.numbers_of(&form, "Matrix")?.map_or(Matrix::IDENTITY, Matrix);
        let mut state = State::new();
        state.ctm = Matrix::between(&matrix.bounds(bounds), &place);
        self.form(id, &form, &page.resources, state)
    }

    /// The normal appearance, of an annotation with several the one of its state.
    fn appearance(&self, annotation: &Value) -> Result<Option<(Option<ObjectId>, Value)>, PdfError> {
        let Some(appearances) = readable(self.reader.lookup(annotation, "AP"))? else { return Ok(None) };
        let Some((id, normal)) = readable(self.reader.locate(appearances.get("N")))? else { return Ok(None) };
        if normal.object().stream.is_some() {
            return Ok(Some((id, normal)));
        }
        let name = readable(self.reader.lookup(annotation, "AS"))?.and_then(|name| name.name()).unwrap_or_default();
        let of_state = normal.entries().find(|(key, _)| key.is_name(&name)).map(|(_, value)| value);
        readable(self.reader.locate(of_state))
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
}
