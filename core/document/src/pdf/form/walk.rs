//! The fields of a form, from the topmost down (ISO 32000-2, 12.7.4).

use std::collections::HashSet;
use std::rc::Rc;

use crate::source::ReadAt;

use super::form;
use crate::pdf::error::PdfError;
use crate::pdf::limits::{MAX_FIELD_DEPTH, MAX_TREE_NODES};
use crate::pdf::read::reader::Reader;
use crate::pdf::syntax::object::Value;
use crate::pdf::syntax::text::decode_text;
use crate::pdf::syntax::token::ObjectId;

/// A field without fields below it.
#[derive(Debug, Clone)]
pub(crate) struct Field {
    /// Its object, unless it is a direct one.
    pub(crate) id: Option<ObjectId>,
    /// Fully qualified.
    pub(crate) name: String,
    pub(crate) dictionary: Value,
    /// `/FT` is `/Sig`.
    pub(crate) is_signature: bool,
    /// `/V` as it stands, its own or taken over.
    pub(crate) value: Option<Value>,
}

struct Open {
    field: Value,
    above: Field,
    line: Option<Rc<Line>>,
    depth: usize,
}

/// A field and those above it.
struct Line {
    id: ObjectId,
    above: Option<Rc<Line>>,
}

impl Line {
    fn has(mut line: Option<&Self>, id: ObjectId) -> bool {
        while let Some(this) = line {
            if this.id == id {
                return true;
            }
            line = this.above.as_deref();
        }
        false
    }
}

/// A field that has itself, or one that it is below, below it.
#[derive(Debug)]
pub(crate) struct Circle {
    pub(crate) id: ObjectId,
    pub(crate) field: Value,
    /// Which of its kids.
    pub(crate) kids: Vec<ObjectId>,
}

/// The fields of a form.
#[derive(Debug, Default)]
pub(crate) struct Fields {
    /// Every one, in order.
    pub(crate) all: Vec<Field>,
    pub(crate) circles: Vec<Circle>,
    /// The objects that say what a topmost field and those below it are: the object's number and the field's.
    pub(crate) parts: Vec<(u32, u32)>,
}

/// Every field, in order.
pub(crate) fn fields<S: ReadAt>(reader: &Reader<S>) -> Result<Vec<Field>, PdfError> {
    Ok(walk(reader)?.all)
}

/// Every field, and where the form runs in a circle.
pub(crate) fn walk<S: ReadAt>(reader: &Reader<S>) -> Result<Fields, PdfError> {
    walk_some(reader, |_| true)
}

/// The fields that are called like one of another revision, that one first if it is there.
pub(crate) fn named_like<S: ReadAt>(reader: &Reader<S>, field: &Field) -> Result<Vec<Field>, PdfError> {
    let is_named = |found: &Field| found.name == field.name;
    if let Some(id) = field.id {
        let own = walk_some(reader, |topmost| topmost == id)?.all;
        if own.iter().any(is_named) {
            return Ok(own.into_iter().filter(is_named).collect());
        }
    }
    Ok(fields(reader)?.into_iter().filter(is_named).collect())
}

/// The fields below those topmost ones that are `wanted`, or are no objects of their own.
pub(crate) fn walk_some<S: ReadAt>(reader: &Reader<S>, wanted: impl Fn(ObjectId) -> bool) -> Result<Fields, PdfError> {
    let form = form(reader)?;
    let nothing = Field { id: None, name: String::new(), dictionary: form.clone(), is_signature: false, value: None };
    let mut found = Fields::default();
    let mut seen = HashSet::new();
    let mut visited = 0_usize;
    let roots = reader.lookup(&form, "Fields")?;
    for root in roots.children().filter(|_| roots.is_array()) {
        let topmost = root.reference();
        if topmost.is_some_and(|id| !wanted(id)) {
            continue;
        }
        let mut open = vec![Open { field: root, above: nothing.clone(), line: None, depth: 0 }];
        while let Some(Open { field, above, line, depth }) = open.pop() {
            visited += 1;
            if visited > MAX_TREE_NODES || depth > MAX_FIELD_DEPTH {
                return Err(PdfError::LimitExceeded { what: "form fields" });
            }
            // A field that is listed twice is one field.
            if field.reference().is_some_and(|id| !seen.insert(id)) {
                continue;
            }
            let (id, dictionary) = reader.locate(Some(field))?;
            if !dictionary.is_dictionary() {
                continue;
            }
            if let Some(topmost) = topmost {
                let own = ["T", "FT", "V", "Kids"].iter().filter_map(|key| dictionary.get(key)?.reference());
                found.parts.extend(own.chain(id).map(|part| (part.number, topmost.number)));
            }
            let field = inherit(reader, id, dictionary, &above)?;
            let line = match id {
                Some(id) => Some(Rc::new(Line { id, above: line })),
                None => line,
            };
            let kids = reader.lookup(&field.dictionary, "Kids")?.elements();
            if let Some(topmost) = topmost {
                let below = kids.iter().filter_map(Value::reference);
                found.parts.extend(below.map(|kid| (kid.number, topmost.number)));
            }
            let (back, kids): (Vec<Value>, Vec<Value>) =
                kids.into_iter().partition(|kid| kid.reference().is_some_and(|id| Line::has(line.as_deref(), id)));
            if let Some(id) = id.filter(|_| !back.is_empty()) {
                let kids = back.iter().filter_map(Value::reference).collect();
                found.circles.push(Circle { id, field: field.dictionary.clone(), kids });
            }
            let kids = named(reader, kids)?;
            if kids.is_empty() {
                found.all.push(field);
            } else {
                let below =
                    |kid: Value| Open { field: kid, above: field.clone(), line: line.clone(), depth: depth + 1 };
                open.extend(kids.into_iter().rev().map(below));
            }
        }
    }
    Ok(found)
}

fn inherit<S: ReadAt>(
    reader: &Reader<S>,
    id: Option<ObjectId>,
    dictionary: Value,
    above: &Field,
) -> Result<Field, PdfError> {
    let own = reader.lookup(&dictionary, "T")?.string().map(|own| decode_text(&own));
    let name = match own {
        None => above.name.clone(),
        Some(own) if above.name.is_empty() => own,
        Some(own) => format!("{}.{own}", above.name),
    };
    let kind = reader.lookup(&dictionary, "FT")?;
    let is_signature = if kind.is_null() { above.is_signature } else { kind.is_name(b"Sig") };
    let value = dictionary.get("V").filter(|value| !value.is_null()).or_else(|| above.value.clone());
    Ok(Field { id, name, dictionary, is_signature, value })
}

/// The fields among what is below a field. Those without a name of their own are its widgets (ISO 32000-2, 12.7.4.2).
fn named<S: ReadAt>(reader: &Reader<S>, kids: Vec<Value>) -> Result<Vec<Value>, PdfError> {
    let mut named = Vec::new();
    for kid in kids {
        if reader.resolve(kid.clone())?.get("T").is_some() {
            named.push(kid);
        }
    }
    Ok(named)
}
