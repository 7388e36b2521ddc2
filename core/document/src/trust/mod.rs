//! What verifiers of every format share: what is believed beforehand, what is at hand to judge certificates by, and how a
//! certificate's path is judged. Nothing here knows a document.

mod checks;
mod knowledge;
mod options;
mod path;

pub(crate) use self::checks::Checks;
pub(crate) use self::knowledge::Knowledge;
pub use self::options::VerifyOptions;
pub(crate) use self::path::{Judged, judge};
