//! What a content stream paints, as boxes: enough to tell whether something lies over something else.

use crate::source::ReadAt;

use super::painter::{State, run};
use crate::pdf::content::matrix::{Matrix, Rect};
use crate::pdf::error::PdfError;
use crate::pdf::read::reader::Reader;
use crate::pdf::syntax::object::Value;

/// Bytes of content of one page.
const MAX_CONTENT: usize = 16 << 20;

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
    pub(crate) area: Rect,
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

impl Painted {
    /// Followed, and nothing there.
    fn nothing() -> Self {
        Self { complete: true, shown: Some(Vec::new()), ..Self::default() }
    }
}

/// An array of numbers, over references.
fn numbers<S: ReadAt>(reader: &Reader<S>, value: &Value) -> Result<Vec<f64>, PdfError> {
    let mut numbers = Vec::new();
    for element in value.elements() {
        numbers.extend(reader.resolve(element)?.number());
    }
    Ok(numbers)
}

pub(crate) fn rectangle<S: ReadAt>(reader: &Reader<S>, value: &Value) -> Result<Option<Rect>, PdfError> {
    Ok(match numbers(reader, value)?[..] {
        [left, bottom, right, top] => Some(Rect::around(left, bottom, right, top)),
        _ => None,
    })
}

/// Everything that a page's own content paints.
pub(crate) fn page<S: ReadAt>(reader: &Reader<S>, page: &Value) -> Result<Painted, PdfError> {
    let mut painted = Painted::nothing();
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
    run(reader, &content, &resources, &State::new(Matrix::IDENTITY, None), 0, &mut painted)?;
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
pub(crate) fn appearance<S: ReadAt>(reader: &Reader<S>, stream: &Value, place: &Rect) -> Result<Painted, PdfError> {
    let mut painted = Painted::nothing();
    let matrix = own_matrix(reader, stream)?;
    let Some(bounds) = rectangle(reader, &reader.lookup(stream, "BBox")?)? else { return Ok(painted) };
    let fit = Matrix::between(&matrix.image(&bounds), place);
    let state = State::new(matrix.then(&fit), Some(*place));
    match reader.stream_data(stream) {
        Ok(data) => run(reader, &data, &reader.lookup(stream, "Resources")?, &state, 0, &mut painted)?,
        Err(_) => painted.complete = false,
    }
    Ok(painted)
}

pub(super) fn own_matrix<S: ReadAt>(reader: &Reader<S>, form: &Value) -> Result<Matrix, PdfError> {
    let numbers = numbers(reader, &reader.lookup(form, "Matrix")?)?;
    Ok(numbers.try_into().map_or(Matrix::IDENTITY, Matrix))
}
