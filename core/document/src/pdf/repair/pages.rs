//! Pages that are no objects of their own (ISO 32000-2, 7.7.3.2 wants them to be): nothing could be added to them.

use std::collections::HashSet;

use crate::source::ReadAt;

use crate::pdf::error::PdfError;
use crate::pdf::limits::MAX_TREE_NODES;
use crate::pdf::read::reader::Reader;
use crate::pdf::syntax::object::Value;
use crate::pdf::syntax::token::ObjectId;
use crate::pdf::write::splice::{Draft, reference};

/// Whether the topmost list of pages has a page that is no object; most files have no other list, or none that differs.
pub(super) fn has_direct_page<S: ReadAt>(reader: &Reader<S>) -> Result<bool, PdfError> {
    let pages = reader.lookup(&reader.catalog()?, "Pages")?;
    let kids = reader.lookup(&pages, "Kids")?;
    Ok(kids.is_array() && kids.children().any(|kid| kid.is_dictionary()))
}

/// Gives every node of the page tree a number that has none. Whether there was any.
pub(super) fn make_pages_objects<S: ReadAt>(reader: &Reader<S>) -> Result<bool, PdfError> {
    let Some(root) = reader.catalog()?.get("Pages").and_then(|pages| pages.reference()) else { return Ok(false) };
    let mut open = vec![root];
    let mut seen = HashSet::new();
    let mut is_repaired = false;
    while let Some(id) = open.pop() {
        if seen.len() >= MAX_TREE_NODES {
            return Err(PdfError::LimitExceeded { what: "nodes of the page tree" });
        }
        if !seen.insert(id) {
            continue;
        }
        let node = reader.get(id)?;
        let (list_id, list) = reader.locate(node.get("Kids"))?;
        if node.object().stream.is_some() || list.object().stream.is_some() {
            continue;
        }
        let mut kids = Vec::new();
        let mut has_moved = false;
        for kid in list.elements() {
            let moved = if kid.is_dictionary() { move_out(reader, &kid, id)? } else { None };
            has_moved |= moved.is_some();
            open.extend(moved.or(kid.reference()));
            kids.push(moved.map_or_else(|| kid.raw().to_vec(), |id| reference(id).into_bytes()));
        }
        if has_moved {
            let mut draft = Draft::new(&list);
            draft.replace(&list, &[b"[", kids.join(&b' ').as_slice(), b"]"].concat());
            reader.renew(list_id.unwrap_or(id), draft.finish())?;
            is_repaired = true;
        }
    }
    Ok(is_repaired)
}

/// Makes a value an object of its own. Not where strings in it are encrypted under the number of the object around it.
fn move_out<S: ReadAt>(reader: &Reader<S>, value: &Value, parent: ObjectId) -> Result<Option<ObjectId>, PdfError> {
    let Some((id, object)) = reader.move_out(value) else { return Ok(None) };
    let mut draft = Draft::new(&object);
    if object.get("Parent").is_none() {
        draft.set(&object, "Parent", reference(parent).as_bytes());
    }
    reader.renew(id, draft.finish())?;
    Ok(Some(id))
}
