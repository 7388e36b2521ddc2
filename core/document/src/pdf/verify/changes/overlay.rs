//! Whether something that is shown on a page hides what was signed there.

use crate::source::ReadAt;

use super::Stop;
use super::step::Step;
use super::tree::Node;
use crate::pdf::syntax::object::Value;

#[expect(clippy::unused_self, clippy::unnecessary_wraps, reason = "what hides is found next")]
impl<S: ReadAt> Step<'_, '_, S> {
    /// What a filled field hides that it did not hide before.
    pub(super) fn hidden_by_filling(
        &self,
        _number: u32,
        _before: &Node,
        _after: &Node,
    ) -> Result<Option<String>, Stop> {
        Ok(None)
    }

    /// What a signature's appearance hides.
    pub(super) fn hidden_by_seal(&self, _number: u32, _widget: &Value) -> Result<Option<String>, Stop> {
        Ok(None)
    }

    /// What an annotation hides.
    pub(super) fn hidden_by_annotation(&self, _page: u32, _annotation: &Value) -> Result<Option<String>, Stop> {
        Ok(None)
    }
}
