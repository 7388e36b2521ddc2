//! What later revisions changed, and whether that is permitted after a signature (ISO 32000-2, 12.8.2.2 and 12.8.2.4).
//!
//! The file is followed revision by revision from the first signed one on. Whatever a revision says anew about an object is
//! found ([`difference`]) and has to be explained by a rule: the rules walk from the trailer and the catalog along the
//! places that the standard gives meaning to ([`catalog`], [`form`], [`fields`], [`pages`], [`validation_data`],
//! [`structure`]) and claim what they know. What no rule claims is forbidden. An object may be used from another place too,
//! so a claim names from where, and whoever else refers to the object makes it forbidden ([`index`]).
//!
//! What is claimed has a kind, and each signature's own permissions say which kinds may follow it ([`policy`]). So every
//! revision is compared once, however many signatures there are.

mod annotations;
mod catalog;
mod compare;
mod difference;
mod fields;
mod form;
mod history;
mod index;
mod overlay;
mod pages;
mod policy;
mod step;
mod structure;
mod tree;
mod validation_data;

pub(crate) use history::{History, revision_end};
pub(crate) use policy::Policy;

use crate::pdf::error::PdfError;
use crate::report::ChangeKind;

/// Something that a revision did.
#[derive(Debug, Clone)]
pub(crate) struct Found {
    /// The object's number; `None` for the trailer and for bytes that belong to nothing.
    pub(crate) object: Option<u32>,
    pub(crate) kind: ChangeKind,
    /// The form field that is concerned.
    pub(crate) field: Option<String>,
    /// In words.
    pub(crate) detail: String,
    /// What it hides of the page under it.
    pub(crate) hides: Option<String>,
}

/// Why a comparison stopped.
enum Stop {
    /// Something that makes the rest pointless, in words.
    Objection(String),
    /// The file could not be read on.
    Unreadable(PdfError),
}

impl From<PdfError> for Stop {
    fn from(error: PdfError) -> Self {
        Self::Unreadable(error)
    }
}

impl Stop {
    /// What cannot be read cannot be shown to be permitted.
    fn into_words(self) -> String {
        match self {
            Self::Objection(what) => what,
            Self::Unreadable(error) => format!("later revisions cannot be read: {error}"),
        }
    }
}
