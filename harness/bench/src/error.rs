//! Why there is no table.

use std::fmt::{self, Display, Formatter};

/// Why a benchmark could not be run.
#[derive(Debug)]
pub(crate) enum BenchError {
    /// The command line makes no sense.
    Usage(String),
    /// What should be measured did not do its job.
    Failed {
        /// Which.
        what: String,
        /// Why.
        why: String,
    },
}

impl BenchError {
    pub(crate) fn failed(what: impl Into<String>, why: impl Display) -> Self {
        Self::Failed { what: what.into(), why: why.to_string() }
    }
}

impl Display for BenchError {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Usage(why) => f.write_str(why),
            Self::Failed { what, why } => write!(f, "{what}: {why}"),
        }
    }
}

/// What a job inside this process may fail with.
macro_rules! failures {
    ($($error:ty => $what:literal),+ $(,)?) => {
        $(impl From<$error> for BenchError {
            fn from(error: $error) -> Self {
                Self::failed($what, error)
            }
        })+
    };
}

failures! {
    std::io::Error => "input or output",
    serde_json::Error => "JSON",
    nix::Error => "system",
    image::ImageError => "picture",
    lopdf::Error => "lopdf",
    eseal_crypto::cert::CertificateError => "certificate",
    eseal_crypto::cert::IssueError => "certificate",
    eseal_crypto::cms::CmsError => "CMS",
    eseal_crypto::key::KeyError => "key",
    eseal_crypto::ses::SesError => "seal",
    eseal_face::FaceError => "face",
    eseal_ink::InkError => "ink",
    eseal_ink::photo::PhotoError => "photograph",
    eseal_document::DocumentError => "eseal",
    eseal_document::ofd::OfdError => "eseal",
    eseal_document::pdf::PdfError => "eseal",
}
