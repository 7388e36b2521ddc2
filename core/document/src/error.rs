use crate::ofd::OfdError;
use crate::pdf::PdfError;

/// Why a document of whichever format cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum DocumentError {
    /// A PDF, or what is of no format that is known.
    #[error(transparent)]
    Pdf(#[from] PdfError),
    /// An OFD package.
    #[error(transparent)]
    Ofd(#[from] OfdError),
}

impl DocumentError {
    /// The stable code of the reason.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Pdf(error) => error.code(),
            Self::Ofd(error) => error.code(),
        }
    }
}
