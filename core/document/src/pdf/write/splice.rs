//! Editing an object by its bytes: what is not touched stays as it was spelt.

use crate::pdf::encryption::Protection;
use crate::pdf::syntax::object::Value;
use crate::pdf::syntax::token::{Kind, ObjectId};
use crate::pdf::write::protect::protect;

/// Changes to be made to one object.
#[derive(Debug)]
pub(crate) struct Draft {
    root: Value,
    /// Which bytes of the object go, and what comes in their place.
    edits: Vec<(std::ops::Range<usize>, Vec<u8>)>,
}

impl Draft {
    pub(crate) fn new(object: &Value) -> Self {
        Self { root: object.object().root(), edits: Vec::new() }
    }

    /// Gives a dictionary somewhere in the object a value for a key, in place of the one it has or at its end. Of a key
    /// that is there more than once, one stays: readers do not agree on which of them counts.
    pub(crate) fn set(&mut self, dictionary: &Value, key: &str, value: &[u8]) {
        let protected = match &self.root.object().protection {
            Protection::Strings(cipher) => protect(value, cipher),
            Protection::None | Protection::Packed(_) => value.to_vec(),
        };
        let value = protected.as_slice();
        let mut given: Vec<_> = dictionary.entries().filter(|(name, _)| name.is_name(key.as_bytes())).collect();
        let edit = match given.pop() {
            Some((_, old)) => (old.span(), [b" ", value].concat()),
            None => (before_close(dictionary), [b"\n/", key.as_bytes(), b" ", value, b"\n"].concat()),
        };
        self.edits.push(edit);
        self.edits.extend(given.iter().map(|(name, old)| (name.span().start..old.span().end, Vec::new())));
    }

    /// Puts another value in the place of one somewhere in the object, spelt without strings.
    pub(crate) fn replace(&mut self, value: &Value, new: &[u8]) {
        self.edits.push((value.span(), new.to_vec()));
    }

    /// Puts references at the end of an array somewhere in the object.
    pub(crate) fn append(&mut self, array: &Value, elements: &[ObjectId]) {
        self.append_raw(array, references(elements).as_bytes());
    }

    /// Puts elements, spelt out, at the end of an array somewhere in the object.
    pub(crate) fn append_raw(&mut self, array: &Value, elements: &[u8]) {
        self.edits.push((before_close(array), [b" ", elements].concat()));
    }

    pub(crate) fn is_unchanged(&self) -> bool {
        self.edits.is_empty()
    }

    /// The object's value with the changes made.
    pub(crate) fn finish(mut self) -> Vec<u8> {
        // Stable: insertions at one place stay in the order they were asked for.
        self.edits.sort_by_key(|(range, _)| range.start);
        let (bytes, span) = (self.root.object().bytes(), self.root.span());
        let mut out = Vec::with_capacity(span.len() + 64);
        let mut at = span.start;
        for (range, new) in self.edits {
            out.extend_from_slice(bytes.get(at..range.start).unwrap_or_default());
            out.extend_from_slice(&new);
            at = range.end;
        }
        out.extend_from_slice(bytes.get(at..span.end).unwrap_or_default());
        match &self.root.object().protection {
            // What was part of an encrypted stream stands on its own now.
            Protection::Packed(cipher) => protect(&out, cipher),
            Protection::None | Protection::Strings(_) => out,
        }
    }
}

/// The empty range before the `]` or `>>` of a container.
fn before_close(container: &Value) -> std::ops::Range<usize> {
    let close = if container.kind() == Kind::Dictionary { 2 } else { 1 };
    let at = container.span().end - close;
    at..at
}

pub(crate) fn reference(id: ObjectId) -> String {
    format!("{} {} R", id.number, id.generation)
}

/// References with a space between them.
pub(crate) fn references(ids: &[ObjectId]) -> String {
    ids.iter().map(|id| reference(*id)).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::pdf::syntax::object::Object;

    fn value(text: &str) -> Value {
        Arc::new(Object::parse(text.as_bytes().to_vec(), 0).unwrap()).root()
    }

    const NEW: ObjectId = ObjectId { number: 9, generation: 0 };

    #[test]
    fn numbers_names_comments_and_spaces_stay_as_they_were() {
        let page = value("  <</MediaBox [0 0 595.303937007874 841.889763779528] % A4\n /Annots[1 0 R]/Na#6de/X>>  ");
        let mut draft = Draft::new(&page);
        draft.append(&page.get("Annots").unwrap(), &[NEW]);
        draft.set(&page, "Tabs", b"/S");
        let text = String::from_utf8(draft.finish()).unwrap();
        assert_eq!(
            text,
            "<</MediaBox [0 0 595.303937007874 841.889763779528] % A4\n /Annots[1 0 R 9 0 R]/Na#6de/X\n/Tabs /S\n>>"
        );
    }

    #[test]
    fn a_value_is_replaced_where_it_stands_even_without_space() {
        let form = value("<</SigFlags/x/Fields null>>");
        let mut draft = Draft::new(&form);
        draft.set(&form, "Fields", b"[9 0 R]");
        draft.set(&form, "SigFlags", b"3");
        assert_eq!(draft.finish(), b"<</SigFlags 3/Fields  [9 0 R]>>");
    }

    #[test]
    fn of_a_key_given_twice_one_stays() {
        let catalog = value("<</AcroForm 5 0 R /Pages 1 0 R/Acro#46orm 6 0 R/AcroForm 7 0 R>>");
        let mut draft = Draft::new(&catalog);
        draft.set(&catalog, "AcroForm", b"9 0 R");
        assert_eq!(draft.finish(), b"<< /Pages 1 0 R/AcroForm  9 0 R>>");
    }

    #[test]
    fn a_container_inside_is_changed_in_the_object_around_it() {
        let catalog = value("<</AcroForm<</Fields[]>>/Pages 1 0 R>>");
        let form = catalog.get("AcroForm").unwrap();
        let mut draft = Draft::new(&form);
        draft.append(&form.get("Fields").unwrap(), &[NEW]);
        draft.set(&form, "SigFlags", b"3");
        assert_eq!(draft.finish(), b"<</AcroForm<</Fields[ 9 0 R]\n/SigFlags 3\n>>/Pages 1 0 R>>");
    }

    #[test]
    fn an_end_that_a_comment_hides_is_not_taken_for_the_end() {
        let array = value("[1 0 R % ]\n]");
        let mut draft = Draft::new(&array);
        draft.append(&array, &[NEW]);
        assert_eq!(draft.finish(), b"[1 0 R % ]\n 9 0 R]");
    }
}
