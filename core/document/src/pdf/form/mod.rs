//! The interactive form: its fields (ISO 32000-2, 12.7), and adding one.

pub(crate) mod empty;
pub(crate) mod permission;
pub(crate) mod seed;

use std::collections::HashSet;
use std::rc::Rc;

use crate::source::ReadAt;

use crate::pdf::error::PdfError;
use crate::pdf::limits::{MAX_FIELD_DEPTH, MAX_TREE_NODES};
use crate::pdf::place::page::Page;
use crate::pdf::read::reader::Reader;
use crate::pdf::syntax::object::Value;
use crate::pdf::syntax::text::decode_text;
use crate::pdf::syntax::token::ObjectId;
use crate::pdf::write::revision::{Revision, array_of};
use crate::pdf::write::splice::reference;

/// `SignaturesExist` and `AppendOnly` (ISO 32000-2, table 225).
const SIG_FLAGS: i64 = 3;

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

/// The form's dictionary; null if there is none.
pub(crate) fn form<S: ReadAt>(reader: &Reader<S>) -> Result<Value, PdfError> {
    reader.lookup(&reader.catalog()?, "AcroForm")
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
}

/// Every field, in order.
pub(crate) fn fields<S: ReadAt>(reader: &Reader<S>) -> Result<Vec<Field>, PdfError> {
    Ok(walk(reader)?.all)
}

/// Every field, and where the form runs in a circle.
pub(crate) fn walk<S: ReadAt>(reader: &Reader<S>) -> Result<Fields, PdfError> {
    let form = form(reader)?;
    let nothing = Field { id: None, name: String::new(), dictionary: form.clone(), is_signature: false, value: None };
    let mut found = Fields::default();
    let mut seen = HashSet::new();
    let mut visited = 0_usize;
    let roots = reader.lookup(&form, "Fields")?.elements();
    let mut open: Vec<Open> =
        roots.into_iter().rev().map(|field| Open { field, above: nothing.clone(), line: None, depth: 0 }).collect();
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
        let field = inherit(reader, id, dictionary, &above)?;
        let line = match id {
            Some(id) => Some(Rc::new(Line { id, above: line })),
            None => line,
        };
        let (back, kids): (Vec<Value>, Vec<Value>) = reader
            .lookup(&field.dictionary, "Kids")?
            .elements()
            .into_iter()
            .partition(|kid| kid.reference().is_some_and(|id| Line::has(line.as_deref(), id)));
        if let Some(id) = id.filter(|_| !back.is_empty()) {
            let kids = back.iter().filter_map(Value::reference).collect();
            found.circles.push(Circle { id, field: field.dictionary.clone(), kids });
        }
        let kids = named(reader, kids)?;
        if kids.is_empty() {
            found.all.push(field);
        } else {
            let below = |kid: Value| Open { field: kid, above: field.clone(), line: line.clone(), depth: depth + 1 };
            open.extend(kids.into_iter().rev().map(below));
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

/// Names that no field has.
pub(crate) fn unused_names(fields: &[Field]) -> impl Iterator<Item = String> {
    let names = fields.iter().flat_map(|field| [field.name.as_str(), first_part(&field.name)]);
    let taken: HashSet<String> = names.map(str::to_owned).collect();
    (1_u64..).map(|number| format!("ESeal{number}")).filter(move |name| !taken.contains(name))
}

fn first_part(name: &str) -> &str {
    name.split('.').next().unwrap_or(name)
}

/// Adds fields to the form, and the form to the catalog if there is none.
pub(crate) fn add_fields<S: ReadAt>(
    reader: &Reader<S>,
    revision: &mut Revision,
    fields: &[ObjectId],
) -> Result<(), PdfError> {
    let catalog = reader.catalog()?;
    let root = reader.root_id()?;
    let (form_id, form) = reader.locate(catalog.get("AcroForm"))?;
    if !form.is_dictionary() {
        let id = revision.allocate()?;
        revision.write(id, format!("<</Fields {} /SigFlags {SIG_FLAGS}>>", array_of(fields)).as_bytes());
        revision.edit(root, &catalog).set(&catalog, "AcroForm", reference(id).as_bytes());
        return Ok(());
    }
    // A form that is part of the catalog is changed with the catalog.
    let holder = form_id.unwrap_or(root);
    append(reader, revision, (holder, &form), "Fields", fields)?;
    set_flags(reader, revision, (holder, &form))
}

/// Says in a form that is there that it has signatures now.
pub(crate) fn note_signatures<S: ReadAt>(reader: &Reader<S>, revision: &mut Revision) -> Result<(), PdfError> {
    let (id, form) = reader.locate(reader.catalog()?.get("AcroForm"))?;
    set_flags(reader, revision, (id.map_or_else(|| reader.root_id(), Ok)?, &form))
}

fn set_flags<S: ReadAt>(
    reader: &Reader<S>,
    revision: &mut Revision,
    (holder, form): (ObjectId, &Value),
) -> Result<(), PdfError> {
    let flags = reader.lookup(form, "SigFlags")?.integer().unwrap_or(0);
    if flags & SIG_FLAGS != SIG_FLAGS {
        revision.edit(holder, form).set(form, "SigFlags", (flags | SIG_FLAGS).to_string().as_bytes());
    }
    Ok(())
}

/// Adds annotations to a page.
pub(crate) fn add_annotations<S: ReadAt>(
    reader: &Reader<S>,
    revision: &mut Revision,
    page: &Page,
    annotations: &[ObjectId],
) -> Result<(), PdfError> {
    append(reader, revision, (page.id, &page.dictionary), "Annots", annotations)
}

/// Puts elements at the end of a list that a dictionary, which is or is part of the object `holder`, has under `key`.
pub(crate) fn append<S: ReadAt>(
    reader: &Reader<S>,
    revision: &mut Revision,
    (holder, dictionary): (ObjectId, &Value),
    key: &str,
    elements: &[ObjectId],
) -> Result<(), PdfError> {
    let (list_id, list) = reader.locate(dictionary.get(key))?;
    if list.is_array() {
        revision.edit(list_id.unwrap_or(holder), &list).append(&list, elements);
    } else {
        revision.edit(holder, dictionary).set(dictionary, key, array_of(elements).as_bytes());
    }
    Ok(())
}
