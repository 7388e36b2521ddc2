use std::io;

use eseal_crypto::cms::CmsError;
use eseal_crypto::ses::SesError;
use eseal_crypto::tsp::TimestampError;

use crate::pdf::place::keyword::KeywordError;

/// Why an OFD package cannot be read or sealed.
#[derive(Debug, thiserror::Error)]
pub enum OfdError {
    /// The source did not answer.
    #[error("the package cannot be read: {0}")]
    Read(#[source] io::Error),
    /// No zip file with an `OFD.xml` (GB/T 33190-2016, 7.1).
    #[error("not an OFD package")]
    NotOfd,
    /// A package that contradicts itself, or its format.
    #[error("the package is damaged: {what}")]
    Malformed {
        /// What was found, for developers.
        what: &'static str,
    },
    /// Longer, deeper or more than is read; see [`crate::ofd::limits`].
    #[error("the package exceeds a limit: {what}")]
    LimitExceeded {
        /// Of what there is too much.
        what: &'static str,
    },
    /// A name that leads out of the package, or one that two entries have.
    #[error("the package has an unsafe name: {what}")]
    UnsafeName {
        /// What is wrong with it, for developers.
        what: &'static str,
    },
    /// An encrypted package.
    #[error("the package is encrypted")]
    Encrypted,
    /// A part in a form that is not known.
    #[error("the package has an unsupported part: {what}")]
    Unsupported {
        /// What it is, for developers.
        what: &'static str,
    },
    /// A file that another one names is not there.
    #[error("the package lacks {name}")]
    MissingPart {
        /// The name, as written.
        name: String,
    },
    /// The document has no such page.
    #[error("there is no page {page}, there are {pages}")]
    NoSuchPage {
        /// What was asked for.
        page: i32,
        /// How many there are.
        pages: usize,
    },
    /// Fewer than two pages to cut a seal over (骑缝章).
    #[error("a cross-page seal needs two pages or more")]
    TooFewPages,
    /// A place that is not on the page, or without size.
    #[error("the place is not on the page")]
    OutsidePage,
    /// The keyword is not in the document's text, or not as often as asked for.
    #[error("the keyword was found {found} times")]
    KeywordNotFound {
        /// How often it was found.
        found: usize,
    },
    /// A signature that is there does not hold: what is sealed anew would seem to vouch for it.
    #[error("the signature {id} that is there does not hold")]
    BrokenSignature {
        /// Its identifier.
        id: String,
    },
    /// A signature that is there protects the list of signatures: another one would break it (`WholeProtected`).
    #[error("the signature {id} that is there allows no other after it")]
    Locked {
        /// Its identifier.
        id: String,
    },
    /// The package has an integrity manifest (GM/T 0099-2020), which allows no file that it does not name.
    #[error("the integrity manifest of the package allows no other file")]
    ClosedByManifest,
    /// The package changed while it was being sealed.
    #[error("the package changed meanwhile")]
    SourceChanged,
    /// The sealed package cannot be written.
    #[error("the package cannot be written: {0}")]
    Write(#[source] io::Error),
    /// What was written does not verify when it is read again.
    #[error("what was written is not what it should be")]
    ReadBack,
    /// The seal, or the signature with it.
    #[error(transparent)]
    Seal(#[from] SesError),
    /// A signature without a seal.
    #[error(transparent)]
    Cms(#[from] CmsError),
    /// The timestamp on the signature.
    #[error(transparent)]
    Timestamp(#[from] TimestampError),
}

impl OfdError {
    /// The stable code of the error.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Read(_) => "ofd.read-failed",
            Self::NotOfd => "ofd.not-ofd",
            Self::Malformed { .. } => "ofd.malformed",
            Self::LimitExceeded { .. } => "ofd.limit-exceeded",
            Self::UnsafeName { .. } => "ofd.unsafe-name",
            Self::Encrypted => "ofd.encrypted",
            Self::Unsupported { .. } => "ofd.unsupported",
            Self::MissingPart { .. } => "ofd.missing-part",
            Self::NoSuchPage { .. } => "ofd.no-such-page",
            Self::TooFewPages => "ofd.too-few-pages",
            Self::OutsidePage => "ofd.outside-page",
            Self::KeywordNotFound { .. } => "ofd.keyword-not-found",
            Self::BrokenSignature { .. } => "ofd.signature-broken",
            Self::Locked { .. } => "ofd.locked",
            Self::ClosedByManifest => "ofd.closed-by-manifest",
            Self::SourceChanged => "ofd.source-changed",
            Self::Write(error) if error.kind() == io::ErrorKind::StorageFull => "ofd.disk-full",
            Self::Write(_) => "ofd.write-failed",
            Self::ReadBack => "ofd.read-back",
            Self::Seal(error) => error.code(),
            Self::Cms(error) => error.code(),
            Self::Timestamp(error) => error.code(),
        }
    }
}

impl From<KeywordError> for OfdError {
    fn from(error: KeywordError) -> Self {
        match error {
            KeywordError::NotFound { found } => Self::KeywordNotFound { found },
            KeywordError::TooMany => Self::LimitExceeded { what: "occurrences of the keyword" },
            KeywordError::NoPlace => Self::OutsidePage,
        }
    }
}

/// Where a source ends too early it is the package that is cut.
impl From<io::Error> for OfdError {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::UnexpectedEof => Self::Malformed { what: "it ends too early" },
            _ => Self::Read(error),
        }
    }
}
