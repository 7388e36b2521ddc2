//! What a person should know about a PDF before sealing it: what is there and not seen, what is seen and hides something,
//! what acts by itself, and what comes from elsewhere. A shadow attack prepares such a file and changes it once it is signed.
//!
//! The lint reads and judges nothing: a finding is no error, and an ordinary file may have some.

mod actions;
pub(crate) mod cover;
mod graph;
mod hidden;
mod paint;
mod painter;
mod unlisted;

use crate::source::ReadAt;

use crate::pdf::error::PdfError;
use crate::pdf::read::reader::Reader;
use crate::pdf::verify;

/// How much a finding matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// Common in ordinary files; worth a line.
    Notice,
    /// A person should look before sealing.
    Warning,
}

impl Severity {
    /// The name used for machines.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Notice => "notice",
            Self::Warning => "warning",
        }
    }
}

/// Something that was found.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Finding {
    /// How much it matters.
    pub severity: Severity,
    /// Stable dotted code.
    pub code: &'static str,
    /// The page, counted from 1, if it is about one.
    pub page: Option<u32>,
    /// Number of the object, if it is about one.
    pub object: Option<u32>,
    /// What was seen, in English, for people.
    pub detail: String,
}

/// Findings of one code that are reported; more of the same say nothing new.
const MAX_OF_A_CODE: usize = 20;

/// Gathers findings.
#[derive(Default)]
struct Findings(Vec<Finding>);

impl Findings {
    fn add(&mut self, severity: Severity, code: &'static str, place: (Option<u32>, Option<u32>), detail: String) {
        if self.0.iter().filter(|finding| finding.code == code).count() < MAX_OF_A_CODE {
            self.0.push(Finding { severity, code, page: place.0, object: place.1, detail });
        }
    }
}

/// Looks through a file; work and memory are bounded by the constants of this room.
///
/// # Errors
/// Why the file cannot be read. What is damaged where only the lint looks is passed over.
pub(crate) fn lint<S: ReadAt>(reader: &Reader<S>) -> Result<Vec<Finding>, PdfError> {
    let mut findings = Findings::default();
    let graph = graph::Graph::walk(reader, &mut findings)?;
    hidden::look(reader, &graph, &mut findings)?;
    graph.unreachable(reader, &mut findings)?;
    unlisted::look(reader, &mut findings)?;
    if verify::signature_count(reader)? > 0 {
        let detail = "the file is signed already: earlier versions of its objects are kept on purpose".to_owned();
        findings.add(Severity::Notice, "lint.signed", (None, None), detail);
    }
    findings.0.sort_by(|one, other| other.severity.cmp(&one.severity).then_with(|| one.cmp(other)));
    Ok(findings.0)
}

/// Something that could not be read where only the lint looks.
fn passed_over<T>(outcome: Result<T, PdfError>) -> Result<Option<T>, PdfError> {
    match outcome {
        Ok(value) => Ok(Some(value)),
        Err(error @ (PdfError::Read(_) | PdfError::SourceChanged)) => Err(error),
        Err(_) => Ok(None),
    }
}
