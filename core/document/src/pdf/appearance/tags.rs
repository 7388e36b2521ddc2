//! Widgets in the structure tree, where a file claims to be accessible (ISO 14289-1, 7.18; ISO 32000-2, 14.7 and 14.8).

use crate::pdf::error::PdfError;
use crate::pdf::form;
use crate::pdf::place::page::Page;
use crate::pdf::read::reader::Reader;
use crate::pdf::syntax::object::Value;
use crate::pdf::syntax::token::ObjectId;
use crate::pdf::write::revision::Revision;
use crate::pdf::write::splice::{reference, references};
use crate::source::ReadAt;

/// The structure tree of a file, and what is added to it.
pub(crate) struct Tags {
    root_id: ObjectId,
    root: Value,
    /// Key of the next entry of the parent tree.
    next: i64,
    /// The element under which the new ones go.
    parent_id: ObjectId,
    parent: Value,
    added: Vec<(i64, ObjectId)>,
}

impl Tags {
    /// The tree, if the file has a usable one and nobody signed it yet.
    ///
    /// After a signature nothing is added to the tree: validators take that for a forbidden change, and an earlier signature
    /// counts for more than a tag.
    pub(crate) fn open<S: ReadAt>(reader: &Reader<S>) -> Result<Option<Self>, PdfError> {
        let (Some(root_id), root) = reader.locate(reader.catalog()?.get("StructTreeRoot"))? else { return Ok(None) };
        if form::has_signature(reader)? || !root.is_dictionary() {
            return Ok(None);
        }
        let recorded = reader.lookup(&root, "ParentTreeNextKey")?.integer().unwrap_or(0);
        let next = recorded.max(last_key(reader, &reader.lookup(&root, "ParentTree")?)?.map_or(0, |last| last + 1));
        let (parent_id, parent) = only_child(reader, &root)?.unwrap_or_else(|| (root_id, root.clone()));
        Ok(Some(Self { root_id, root, next, parent_id, parent, added: Vec::new() }))
    }

    /// Puts a widget into a `Form` element; answers with the entries of the widget that lead to it.
    pub(crate) fn add(
        &mut self,
        revision: &mut Revision,
        widget: ObjectId,
        page: ObjectId,
    ) -> Result<String, PdfError> {
        let element = revision.allocate()?;
        let (widget, page) = (reference(widget), reference(page));
        let text = format!(
            "<</Type /StructElem /S /Form /P {} /Pg {page} /K <</Type /OBJR /Obj {widget} /Pg {page}>>>>",
            reference(self.parent_id)
        );
        revision.write(element, text.as_bytes());
        let key = self.next;
        self.next += 1;
        self.added.push((key, element));
        Ok(format!(" /StructParent {key}"))
    }

    /// Puts what was added into the tree and its index.
    pub(crate) fn finish<S: ReadAt>(self, reader: &Reader<S>, revision: &mut Revision) -> Result<(), PdfError> {
        let elements: Vec<ObjectId> = self.added.iter().map(|(_, element)| *element).collect();
        let (list_id, list) = reader.locate(self.parent.get("K"))?;
        if list.is_array() {
            revision.edit(list_id.unwrap_or(self.parent_id), &list).append(&list, &elements);
        } else {
            let only = self.parent.get("K").filter(|kid| !kid.is_null());
            let only = only.map(|kid| [kid.raw(), b" "].concat()).unwrap_or_default();
            let kids = [b"[", only.as_slice(), references(&elements).as_bytes(), b"]"].concat();
            revision.edit(self.parent_id, &self.parent).set(&self.parent, "K", &kids);
        }
        self.index(reader, revision)?;
        let next = self.next.to_string();
        revision.edit(self.root_id, &self.root).set(&self.root, "ParentTreeNextKey", next.as_bytes());
        Ok(())
    }

    /// The new entries of the number tree (ISO 32000-2, 7.9.7), whose keys are higher than all others.
    fn index<S: ReadAt>(&self, reader: &Reader<S>, revision: &mut Revision) -> Result<(), PdfError> {
        let (Some((first, _)), Some((last, _))) = (self.added.first(), self.added.last()) else { return Ok(()) };
        let pairs: Vec<String> =
            self.added.iter().map(|(key, element)| format!("{key} {}", reference(*element))).collect();
        let pairs = pairs.join(" ");
        let (tree_id, tree) = reader.locate(self.root.get("ParentTree"))?;
        if !tree.is_dictionary() {
            let tree = format!("<</Nums [{pairs}]>>");
            revision.edit(self.root_id, &self.root).set(&self.root, "ParentTree", tree.as_bytes());
            return Ok(());
        }
        let holder = tree_id.unwrap_or(self.root_id);
        let (kids_id, kids) = reader.locate(tree.get("Kids"))?;
        let (numbers_id, numbers) = reader.locate(tree.get("Nums"))?;
        if kids.is_array() {
            let leaf = revision.allocate()?;
            revision.write(leaf, format!("<</Limits [{first} {last}] /Nums [{pairs}]>>").as_bytes());
            revision.edit(kids_id.unwrap_or(holder), &kids).append(&kids, &[leaf]);
        } else if numbers.is_array() {
            revision.edit(numbers_id.unwrap_or(holder), &numbers).append_raw(&numbers, pairs.as_bytes());
        } else {
            revision.edit(holder, &tree).set(&tree, "Nums", format!("[{pairs}]").as_bytes());
        }
        Ok(())
    }
}

/// Tabbing goes by the structure tree, as PDF/UA-1 wants it; the other orders that PDF 2.0 knows are the author's.
pub(crate) fn order_by_structure<S: ReadAt>(
    reader: &Reader<S>,
    revision: &mut Revision,
    page: &Page,
) -> Result<(), PdfError> {
    let order = reader.lookup(&page.dictionary, "Tabs")?;
    if ![b"S", b"A", b"W"].into_iter().any(|known| order.is_name(known)) {
        revision.edit(page.id, &page.dictionary).set(&page.dictionary, "Tabs", b"/S");
    }
    Ok(())
}

/// The element that is alone below the root, usually the whole document: PDF 2.0 wants nothing beside it.
fn only_child<S: ReadAt>(reader: &Reader<S>, root: &Value) -> Result<Option<(ObjectId, Value)>, PdfError> {
    let (id, kids) = reader.locate(root.get("K"))?;
    let (id, element) = match kids.elements().as_slice() {
        [] => (id, kids),
        [only] => reader.locate(Some(only.clone()))?,
        _ => return Ok(None),
    };
    Ok(id.zip(Some(element)).filter(|(_, element)| element.is_dictionary() && element.get("S").is_some()))
}

/// The highest key of a number tree, which is in its last leaf.
fn last_key<S: ReadAt>(reader: &Reader<S>, tree: &Value) -> Result<Option<i64>, PdfError> {
    let kids = reader.lookup(tree, "Kids")?.elements();
    let mut last = None;
    for kid in kids {
        let limits = reader.lookup(&reader.resolve(kid)?, "Limits")?.elements();
        last = last.max(limits.get(1).and_then(Value::integer));
    }
    let numbers = reader.lookup(tree, "Nums")?.elements();
    for key in numbers.into_iter().step_by(2) {
        last = last.max(reader.resolve(key)?.integer());
    }
    Ok(last)
}
