//! Whether something that is shown on a page hides what was signed there, or shows something else than it says.

use std::collections::BTreeSet;

use crate::source::ReadAt;

use super::Stop;
use super::step::Step;
use super::tree::{FieldKind, Node};
use crate::pdf::content::matrix::Rect;
use crate::pdf::lint::cover::{self, PageInk};
use crate::pdf::syntax::object::Value;
use crate::pdf::syntax::text::decode_text;

/// `Password` (ISO 32000-2, table 231): what is shown is not what was typed.
const PASSWORD: i64 = 1 << 13;

impl<S: ReadAt> Step<'_, '_, S> {
    /// What a filled field hides that it did not hide before, or shows that is not its value.
    pub(super) fn hidden_by_filling(&self, number: u32, before: &Node, after: &Node) -> Result<Option<String>, Stop> {
        if let Some(wrong) = self.shows_something_else(after)? {
            return Ok(Some(wrong));
        }
        let opaque = cover::opaque(self.new, &after.dictionary)?;
        if opaque.is_empty() {
            return Ok(None);
        }
        let Some(page) = self.page_of(number, &before.dictionary)? else {
            return Ok(Some("an opaque field whose page is not known".to_owned()));
        };
        let ink = PageInk::of(self.old, &self.old.get(self.id(page))?)?;
        let was: BTreeSet<usize> = ink.hidden_by(&cover::opaque(self.old, &before.dictionary)?).into_iter().collect();
        let hidden = ink.hidden_by(&opaque).into_iter().filter(|mark| !was.contains(mark)).count();
        Ok((hidden > 0).then(|| format!("it covers content of page object {page}")))
    }

    /// An appearance that shows another text than the field's value (the overlay of a shadow attack by replacing).
    fn shows_something_else(&self, field: &Node) -> Result<Option<String>, Stop> {
        let is_free = field.kind != FieldKind::Text
            || field.flags & PASSWORD != 0
            // A script may write the value in another form.
            || field.dictionary.get("AA").is_some()
            || field.dictionary.get("RV").is_some();
        if is_free || field.dictionary.get("AP").is_none() {
            return Ok(None);
        }
        let Some(shown) = cover::shown(self.new, &field.dictionary)?.and_then(|painted| painted.shown) else {
            return Ok(None);
        };
        let value = field.value.clone().map(|value| self.new.resolve(value)).transpose()?;
        let value = value.and_then(|value| value.string()).map(|value| decode_text(&value)).unwrap_or_default();
        let letters = |text: &str| -> String { text.chars().filter(char::is_ascii_alphanumeric).collect() };
        let shown: String = shown.iter().map(|byte| char::from(*byte)).collect();
        // Letters outside of ASCII are spelt in as many ways as there are encodings.
        let is_same = letters(&shown) == letters(&value) || !value.is_ascii();
        Ok((!is_same).then(|| "it shows another text than its value".to_owned()))
    }

    /// What a signature's appearance hides.
    pub(super) fn hidden_by_seal(&self, number: u32, widget: &Value) -> Result<Option<String>, Stop> {
        let opaque = cover::opaque(self.new, widget)?;
        let page = match self.page_of(number, widget)? {
            Some(page) => Some(page),
            // A new widget is in no list of the revision before.
            None => widget.get("P").and_then(|page| page.reference()).map(|id| id.number),
        };
        let Some(page) = page.filter(|_| !opaque.is_empty()) else { return Ok(None) };
        self.hidden_on(page, &opaque)
    }

    /// What an annotation hides.
    pub(super) fn hidden_by_annotation(&self, page: u32, annotation: &Value) -> Result<Option<String>, Stop> {
        let opaque = cover::opaque(self.new, annotation)?;
        if opaque.is_empty() { Ok(None) } else { self.hidden_on(page, &opaque) }
    }

    fn hidden_on(&self, page: u32, opaque: &[Rect]) -> Result<Option<String>, Stop> {
        let value = self.old.get(self.id(page))?;
        if !self.is_page(page, &value)? {
            return Ok(None);
        }
        let ink = PageInk::of(self.old, &value)?;
        let hidden = ink.hidden_by(opaque);
        // What other annotations showed is content too.
        let mut covers_annotation = false;
        for annotation in self.old.lookup(&value, "Annots")?.elements() {
            let id = annotation.reference();
            if id.is_some_and(|id| self.difference.concerns(id.number)) {
                continue;
            }
            let annotation = self.old.resolve(annotation)?;
            let under = cover::opaque(self.old, &annotation)?;
            covers_annotation |= under.iter().any(|under| opaque.iter().any(|cover| cover.common(under).is_some()));
        }
        Ok((!hidden.is_empty() || covers_annotation).then(|| format!("it covers content of page object {page}")))
    }
}
