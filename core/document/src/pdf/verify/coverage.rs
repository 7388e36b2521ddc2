//! How much of the file a signature covers, and what became of the file after it.

use crate::report::{Changes, CheckVerdict, Coverage};
use crate::source::ReadAt;

use super::byte_range::Covered;
use super::case::Case;
use super::changes::{self, Later};
use crate::pdf::form;
use crate::pdf::read::reader::Reader;
use crate::pdf::syntax::object::Object;
use crate::pdf::syntax::token::{is_space, unsigned};

const ISO_UPDATES: &str = "ISO 32000-2, 7.5.6";
const ISO_CHANGES: &str = "ISO 32000-2, 12.8.2.2";

impl<S: ReadAt> Case<'_, S> {
    /// Coverage of the file, and what was done to it later.
    pub(super) fn check_file(&mut self, covered: Option<&Covered>) -> (Coverage, Changes) {
        let unclear = (Coverage::Partial, Changes::Forbidden);
        let Some(covered) = covered else { return unclear };
        let size = self.reader.input.size;
        // The file as the signer saw it, read by itself: what came later has no say in it.
        let then = match self.reader.earlier(covered.end) {
            Ok(then) => then,
            Err(error) => {
                let detail = format!("the covered bytes are no revision of the file: {error}");
                self.add("pdf.coverage", ISO_UPDATES, CheckVerdict::Fail, detail);
                return unclear;
            }
        };
        if let Err(what) = self.check_revision(&then) {
            self.add("pdf.coverage", ISO_UPDATES, CheckVerdict::Fail, what);
            return unclear;
        }
        let coverage = if covered.end == size { Coverage::Whole } else { Coverage::Revision };
        let detail = format!("{} of {size} bytes", covered.end);
        self.add("pdf.coverage", ISO_UPDATES, CheckVerdict::Pass, detail);
        let lock = then.lookup(&self.field.dictionary, "Lock").unwrap_or_else(|_| Object::null().root());
        let later = changes::judge(self.reader, &then, &self.signature, &lock);
        let changes = match later {
            Later::Nothing => {
                self.add("pdf.changes", ISO_CHANGES, CheckVerdict::Pass, "nothing was added later");
                Changes::None
            }
            Later::Permitted(seen) => {
                self.add("pdf.changes", ISO_CHANGES, CheckVerdict::Pass, seen.join("; "));
                Changes::Permitted
            }
            Later::Forbidden(what) => {
                self.add("pdf.changes", ISO_CHANGES, CheckVerdict::Fail, what);
                Changes::Forbidden
            }
        };
        (coverage, changes)
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
        for field in form::fields(then).map_err(unreadable)?.iter().filter(|field| field.name == self.field.name) {
            let Some(value) = &field.value else { continue };
            let signature = then.resolve(value.clone()).map_err(unreadable)?;
            if field.is_signature && signature.get("Contents").and_then(|contents| contents.file_span()) == place {
                return Ok(());
            }
        }
        Err("the covered revision does not have this signature")
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
