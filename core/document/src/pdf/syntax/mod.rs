//! The spelling of a PDF: tokens, objects, text strings and dates (ISO 32000-2, 7.2, 7.3, 7.9).

pub(crate) mod mend;
pub(crate) mod object;
pub(crate) mod text;
pub(crate) mod token;
