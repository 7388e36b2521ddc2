//! The tree of form fields with their widgets (ISO 32000-2, 12.7.4), as a list with the objects' numbers.

use std::collections::{HashMap, HashSet};

use crate::source::ReadAt;

use super::compare::has_type;
use crate::pdf::error::PdfError;
use crate::pdf::form;
use crate::pdf::limits::{MAX_FIELD_DEPTH, MAX_TREE_NODES};
use crate::pdf::read::reader::Reader;
use crate::pdf::syntax::object::Value;
use crate::pdf::syntax::text::decode_text;

/// `/FT`, own or taken over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum FieldKind {
    Signature,
    Text,
    Choice,
    Button,
    Unknown,
}

/// A field, or a widget of the field above it.
#[derive(Debug, Clone)]
pub(super) struct Node {
    pub(super) number: Option<u32>,
    /// The object of the node above; `None` at the top.
    pub(super) parent: Option<u32>,
    /// Fully qualified.
    pub(super) name: String,
    pub(super) kind: FieldKind,
    /// `/Ff`, own or taken over.
    pub(super) flags: i64,
    /// `/V`, own or taken over.
    pub(super) value: Option<Value>,
    pub(super) dictionary: Value,
}

/// Every node, each before those below it.
#[derive(Debug, Default)]
pub(super) struct Tree {
    pub(super) nodes: Vec<Node>,
    by_number: HashMap<u32, usize>,
}

/// Pages that are listed below a field are judged as pages.
fn is_of_pages(value: &Value) -> bool {
    let says_so = [&b"Page"[..], b"Pages", b"Catalog"].iter().any(|kind| has_type(value, kind));
    says_so && ["T", "FT"].iter().all(|key| value.get(key).is_none())
}

impl Tree {
    pub(super) fn read<S: ReadAt>(reader: &Reader<S>) -> Result<Self, PdfError> {
        let mut tree = Self::default();
        let mut seen = HashSet::new();
        let roots = reader.lookup(&form::form(reader)?, "Fields")?.elements();
        let mut open: Vec<(Value, Option<usize>, usize)> =
            roots.into_iter().rev().map(|root| (root, None, 0)).collect();
        while let Some((value, above, depth)) = open.pop() {
            if tree.nodes.len() >= MAX_TREE_NODES || depth > MAX_FIELD_DEPTH {
                return Err(PdfError::LimitExceeded { what: "form fields" });
            }
            if value.reference().is_some_and(|id| !seen.insert(id)) {
                continue;
            }
            let (id, dictionary) = reader.locate(Some(value))?;
            if !dictionary.is_dictionary() || (above.is_some() && is_of_pages(&dictionary)) {
                continue;
            }
            let node = tree.inherit(reader, id.map(|id| id.number), dictionary, above)?;
            let at = tree.nodes.len();
            let kids = reader.lookup(&node.dictionary, "Kids")?.elements();
            open.extend(kids.into_iter().rev().map(|kid| (kid, Some(at), depth + 1)));
            if let Some(number) = node.number {
                tree.by_number.insert(number, at);
            }
            tree.nodes.push(node);
        }
        Ok(tree)
    }

    fn inherit<S: ReadAt>(
        &self,
        reader: &Reader<S>,
        number: Option<u32>,
        dictionary: Value,
        above: Option<usize>,
    ) -> Result<Node, PdfError> {
        let above = above.map(|above| &self.nodes[above]);
        let own = reader.lookup(&dictionary, "T")?.string().map(|own| decode_text(&own));
        let name = match (above, own) {
            (None, own) => own.unwrap_or_default(),
            (Some(above), None) => above.name.clone(),
            (Some(above), Some(own)) if above.name.is_empty() => own,
            (Some(above), Some(own)) => format!("{}.{own}", above.name),
        };
        let kind = match reader.lookup(&dictionary, "FT")?.name().as_deref() {
            Some(b"Sig") => FieldKind::Signature,
            Some(b"Tx") => FieldKind::Text,
            Some(b"Ch") => FieldKind::Choice,
            Some(b"Btn") => FieldKind::Button,
            _ => above.map_or(FieldKind::Unknown, |above| above.kind),
        };
        let flags = reader.lookup(&dictionary, "Ff")?.integer();
        let value = dictionary.get("V").filter(|value| !value.is_null());
        Ok(Node {
            number,
            parent: above.and_then(|above| above.number),
            name,
            kind,
            flags: flags.or(above.map(|above| above.flags)).unwrap_or(0),
            value: value.or_else(|| above.and_then(|above| above.value.clone())),
            dictionary,
        })
    }

    pub(super) fn find(&self, number: u32) -> Option<&Node> {
        self.by_number.get(&number).map(|at| &self.nodes[*at])
    }
}
