//! How much of the file a signature covers, and what became of the file after it.

use crate::report::{Change, ChangeKind, ChangeVerdict, Changes, CheckVerdict, Coverage};
use crate::source::{Prefix, ReadAt};

use super::case::Case;
use super::changes::{Found, History, Policy};
use crate::pdf::error::PdfError;
use crate::pdf::form;
use crate::pdf::read::reader::Reader;
use crate::pdf::syntax::object::Object;
use crate::pdf::syntax::token::{is_space, unsigned};

const ISO_UPDATES: &str = "ISO 32000-2, 7.5.6";
const ISO_CHANGES: &str = "ISO 32000-2, 12.8.2.2";

/// Changes named in one check; all of them are in the report.
const MAX_SAID: usize = 16;

/// What was found about the file around a signature.
pub(super) struct File {
    pub(super) coverage: Coverage,
    pub(super) changes: Changes,
    pub(super) detail: Vec<Change>,
    /// Something that is permitted covers what was signed: nobody but a person can say whether that is meant.
    pub(super) is_covered_over: bool,
}

impl File {
    /// Nothing can be said for a signature that does not cover a revision.
    pub(super) fn unclear() -> Self {
        Self { coverage: Coverage::Partial, changes: Changes::Forbidden, detail: Vec::new(), is_covered_over: false }
    }
}

impl<'a, S: ReadAt> Case<'a, S> {
    /// The file as the signer saw it, read by itself: what came later has no say in it. `None` if the covered bytes are
    /// no revision of the file that has this signature.
    pub(super) fn signed_revision(&mut self) -> Option<Reader<Prefix<&'a S>>> {
        let covered = self.covered.clone()?;
        let then = match self.reader.earlier(covered.end) {
            Ok(then) => then,
            Err(error) => {
                let detail = format!("the covered bytes are no revision of the file: {error}");
                self.checks.add("pdf.coverage", ISO_UPDATES, CheckVerdict::Fail, detail);
                return None;
            }
        };
        match self.check_revision(&then) {
            Ok(()) => {
                let detail = format!("{} of {} bytes", covered.end, self.reader.input.size);
                self.checks.add("pdf.coverage", ISO_UPDATES, CheckVerdict::Pass, detail);
                Some(then)
            }
            Err(what) => {
                self.checks.add("pdf.coverage", ISO_UPDATES, CheckVerdict::Fail, what);
                None
            }
        }
    }

    /// What was done to the file behind the signed revision.
    pub(super) fn check_file(&mut self, then: &Reader<Prefix<&'a S>>, history: &History) -> File {
        let is_whole = then.input.size == self.reader.input.size;
        let coverage = if is_whole { Coverage::Whole } else { Coverage::Revision };
        let (detail, is_covered_over) = match self.changes(then, history) {
            Ok(found) => found,
            // What cannot be read cannot be shown to be permitted.
            Err(error) => (vec![forbidden(format!("permissions cannot be read: {error}"))], false),
        };
        let worst = detail.iter().map(|change| change.verdict).max();
        let (changes, verdict) = match worst {
            None => (Changes::None, CheckVerdict::Pass),
            Some(ChangeVerdict::Permitted) => (Changes::Permitted, CheckVerdict::Pass),
            Some(ChangeVerdict::Forbidden) => (Changes::Forbidden, CheckVerdict::Fail),
        };
        let said = detail.iter().filter(|change| Some(change.verdict) == worst).map(|change| change.detail.as_str());
        let said: Vec<&str> = said.take(MAX_SAID).collect();
        let said = if said.is_empty() { "nothing was added later".to_owned() } else { said.join("; ") };
        self.checks.add("pdf.changes", ISO_CHANGES, verdict, said);
        File { coverage, changes, detail, is_covered_over }
    }

    fn changes(&mut self, then: &Reader<Prefix<&'a S>>, history: &History) -> Result<(Vec<Change>, bool), PdfError> {
        let lock = then.lookup(&self.field_then(then)?, "Lock")?;
        let later = history.behind(self.reader, then);
        let signature = self.signature.clone();
        let policy = Policy::of(then, &signature, &lock)?;
        let mut detail: Vec<Change> = later.objection.map(forbidden).into_iter().collect();
        let mut is_covered_over = false;
        for (revision, found) in later.revisions {
            for one in found {
                let verdict = policy.judge(one, found);
                detail.push(Change { revision, object: one.object, kind: one.kind, verdict, detail: in_words(one) });
                if let (Some(hidden), ChangeVerdict::Permitted) = (&one.hides, verdict) {
                    self.checks.add(
                        "pdf.overlay",
                        ISO_CHANGES,
                        CheckVerdict::Warn,
                        format!("{}: {hidden}", one.detail),
                    );
                    is_covered_over |= one.kind.is_annotation();
                }
            }
        }
        Ok((detail, is_covered_over))
    }

    /// The signature's field as the signer saw it: a later revision has no say in what it locks.
    fn field_then<P: ReadAt>(&self, then: &Reader<P>) -> Result<crate::pdf::syntax::object::Value, PdfError> {
        let field = form::named_like(then, &self.field)?.into_iter().next();
        Ok(field.map_or_else(|| Object::null().root(), |field| field.dictionary))
    }

    /// Whether the covered bytes are a whole revision, and this signature is one of that revision.
    fn check_revision<P: ReadAt>(&self, then: &Reader<P>) -> Result<(), &'static str> {
        let unreadable = |_| "the covered revision cannot be read";
        let length = usize::try_from(then.input.size - then.startxref_at).unwrap_or(usize::MAX);
        let tail = then.input.bytes(then.startxref_at, length).map_err(unreadable)?;
        if !ends_revision(&tail, then.xref.recorded) {
            return Err("the covered bytes do not end with a revision");
        }
        let place = self.signature.get("Contents").and_then(|contents| contents.file_span());
        for field in &form::named_like(then, &self.field).map_err(unreadable)? {
            let Some(value) = &field.value else { continue };
            let signature = then.resolve(value.clone()).map_err(unreadable)?;
            if field.is_signature && signature.get("Contents").and_then(|contents| contents.file_span()) == place {
                return Ok(());
            }
        }
        Err("the covered revision does not have this signature")
    }
}

fn forbidden(detail: String) -> Change {
    Change { revision: 0, object: None, kind: ChangeKind::Other, verdict: ChangeVerdict::Forbidden, detail }
}

fn in_words(found: &Found) -> String {
    match &found.hides {
        Some(hidden) => format!("{}: {hidden}", found.detail),
        None => found.detail.clone(),
    }
}

/// `startxref`, the number, `%%EOF`, and nothing but white space.
fn ends_revision(tail: &[u8], recorded: u64) -> bool {
    let trimmed = |bytes: &[u8]| bytes.iter().position(|byte| !is_space(*byte)).unwrap_or(bytes.len());
    let rest = tail.strip_prefix(b"startxref").unwrap_or_default();
    let rest = &rest[trimmed(rest)..];
    let digits = rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
    let is_recorded = unsigned(&rest[..digits]) == Some(recorded);
    let rest = &rest[digits..];
    let rest = &rest[trimmed(rest)..];
    is_recorded && rest.strip_prefix(b"%%EOF").is_some_and(|rest| rest.iter().all(|byte| is_space(*byte)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_revision_ends_with_its_mark_and_nothing_else() {
        assert!(ends_revision(b"startxref\r\n12\r\n%%EOF\r\n", 12));
        assert!(ends_revision(b"startxref 12 %%EOF", 12));
        for tail in ["startxref\n12\n%%EOF\nx", "startxref\n12\n", "startxref\n13\n%%EOF", "startxref\n12\n%x\n%%EOF"] {
            assert!(!ends_revision(tail.as_bytes(), 12), "{tail}");
        }
    }
}
