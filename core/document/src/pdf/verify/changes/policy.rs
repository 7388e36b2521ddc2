//! What a signature permits to follow it (ISO 32000-2, 12.8.2.2, table 257, and 12.8.2.4).

use crate::report::{ChangeKind, ChangeVerdict};
use crate::source::ReadAt;

use super::Found;
use super::history::Later;
use crate::pdf::error::PdfError;
use crate::pdf::form::permission::{self, Locked};
use crate::pdf::read::reader::Reader;
use crate::pdf::syntax::object::Value;

/// The permissions that one signature states.
pub(crate) struct Policy {
    locked: Vec<Locked>,
    /// `/P` of its `DocMDP`, or of the lock of its field; `None` for an approval signature that leaves it open.
    level: Option<i64>,
}

impl Policy {
    /// `then` is the revision that `signature` signed, `lock` the `/Lock` of its field there.
    pub(crate) fn of<S: ReadAt>(then: &Reader<S>, signature: &Value, lock: &Value) -> Result<Self, PdfError> {
        let certified = permission::certification(then, signature)?;
        let of_lock = then.lookup(lock, "P")?.integer();
        // What is out of range permits as little as what is strictest.
        let level =
            certified.into_iter().chain(of_lock).map(|level| if (1..=3).contains(&level) { level } else { 1 }).min();
        Ok(Self { locked: Locked::of(then, signature, lock)?, level })
    }

    /// Whether something that one of the later revisions did is permitted; `revision` is all that it did.
    pub(crate) fn judge(&self, found: &Found, revision: &[Found]) -> ChangeVerdict {
        let hides = found.hides.is_some();
        let allows_changes = self.level != Some(1);
        let is_permitted = match found.kind {
            ChangeKind::Other => false,
            // Never a change in the sense of table 257 (12.8.2.2.2); the lists they stand in change with them.
            ChangeKind::ValidationData | ChangeKind::DocumentTimestamp | ChangeKind::Structure => true,
            ChangeKind::Metadata => allows_changes || Later::extends_validity(revision),
            ChangeKind::FormFilling => allows_changes && !hides && !self.is_locked(found),
            ChangeKind::Signed => allows_changes && !self.is_locked(found),
            ChangeKind::UnseenSignatureFieldAdded => allows_changes,
            ChangeKind::SignatureFieldAdded => self.level.is_none() && !self.is_locked(found),
            // Where nobody was asked a remark may be made, but nothing that was signed be covered, changed or taken away.
            ChangeKind::AnnotationAdded => self.level == Some(3) || (self.level.is_none() && !hides),
            ChangeKind::AnnotationModified | ChangeKind::AnnotationRemoved => self.level == Some(3),
        };
        if is_permitted { ChangeVerdict::Permitted } else { ChangeVerdict::Forbidden }
    }

    fn is_locked(&self, found: &Found) -> bool {
        let Some(name) = &found.field else { return false };
        // The level of the lock is looked at by itself.
        let speaks = self.locked.iter().find(|locked| locked.is_final || locked.locks(name));
        speaks.is_some_and(|locked| !locked.is_final || self.level == Some(1))
    }
}
