//! Why a PDF could not be read, sealed or written.

use std::io;

use eseal_crypto::cms::CmsError;
use eseal_crypto::ses::SesError;
use eseal_crypto::tsp::TimestampError;

/// Why a PDF was refused. Each reason has a stable [`code`](PdfError::code).
#[derive(Debug, thiserror::Error)]
pub enum PdfError {
    /// The source could not be read.
    #[error("the file could not be read")]
    Read(#[source] io::Error),
    /// There is no `%PDF-` near the start.
    #[error("this is not a PDF")]
    NotAPdf,
    /// The end of the file is missing: no `startxref`, or an unfinished revision behind it.
    #[error("the file ends too early")]
    Truncated,
    /// The cross-references do not lead to the objects.
    #[error("damaged cross-reference at byte {offset}: {what}")]
    DamagedXref {
        /// Where, bytes from the start of the file.
        offset: u64,
        /// What is wrong.
        what: &'static str,
    },
    /// An object that is needed is not as it must be.
    #[error("damaged object at byte {offset}: {what}")]
    DamagedObject {
        /// Where the object starts, bytes from the start of the file (or of its object stream's data).
        offset: u64,
        /// What is wrong.
        what: &'static str,
    },
    /// A needed stream is packed in a way that is not read here.
    #[error("unsupported stream filter")]
    UnsupportedFilter,
    /// More of something than is followed; see [`limits`](crate::pdf::limits).
    #[error("over the limit: {what}")]
    LimitExceeded {
        /// Of what.
        what: &'static str,
    },
    /// The file is encrypted, and no password was given.
    #[error("the file is encrypted and needs a password")]
    PasswordNeeded,
    /// The password given opens nothing.
    #[error("the password is wrong")]
    WrongPassword,
    /// The file is encrypted in a way that is not read here: by a handler that is not the standard one, or an unknown
    /// revision of it.
    #[error("the file's encryption is not supported")]
    UnsupportedEncryption,
    /// The encrypted file carries an integrity code over all its bytes (ISO/TS 32004): readers that check it would open no
    /// file with a revision behind it.
    #[error("an integrity code covers the whole file")]
    IntegrityCode,
    /// The cross-references are damaged and the file is signed already: what an appended revision would have to repair
    /// is what the earlier signature covers.
    #[error("the cross-references of a signed file are damaged")]
    DamagedXrefSigned,
    /// There is no such page.
    #[error("there is no page {page}, the file has {pages}")]
    NoSuchPage {
        /// The page asked for.
        page: i32,
        /// Pages in the file.
        pages: u32,
    },
    /// The place for the seal has no area, or is not a number.
    #[error("the place for the seal has no size")]
    EmptyPlacement,
    /// The place for the seal lies wholly outside the visible page.
    #[error("the seal would lie outside the page")]
    OutsidePage,
    /// A cross-page seal needs two pages at least (or two that face each other) to be cut over.
    #[error("a cross-page seal needs at least two pages")]
    TooFewPages,
    /// The seal's picture cannot be read.
    #[error("unusable picture: {what}")]
    BadPicture {
        /// What is wrong.
        what: &'static str,
    },
    /// The seal's picture is a kind of JPEG that PDF viewers show wrong or not at all: CMYK, lossless, over 8 bits.
    #[error("this kind of JPEG is not supported")]
    UnsupportedPicture,
    /// The font cannot be read, or has outlines that cannot be embedded.
    #[error("unusable font: {what}")]
    BadFont {
        /// What is wrong.
        what: &'static str,
    },
    /// The font's makers do not permit embedding, or embedding a part (`OS/2`, `fsType`).
    #[error("the font may not be embedded")]
    FontNotEmbeddable,
    /// There is text to be shown and no font to show it in.
    #[error("text needs a font")]
    FontMissing,
    /// The font has no glyph for a character.
    #[error("the font has no glyph for {character:?} (U+{:04X})", u32::from(*character))]
    CharacterMissing {
        /// Which.
        character: char,
    },
    /// The text would have to be too small to be read.
    #[error("the text does not fit beside the seal")]
    TextDoesNotFit,
    /// There is nothing to look for in a keyword: it is empty, or white space only.
    #[error("the keyword is empty")]
    EmptyKeyword,
    /// The keyword is not in the document's text, or not as often as asked for.
    #[error("the keyword was found {found} times")]
    KeywordNotFound {
        /// How often it was found.
        found: usize,
    },
    /// No place of the size asked for is free on the page.
    #[error("no free place of that size on the page")]
    NoFreeSpace,
    /// A certification signature forbids every change (`DocMDP` with `/P 1`).
    #[error("the document is certified: no changes are allowed")]
    CertifiedNoChanges,
    /// A certification signature allows filling in, but no new signature field that is seen (`DocMDP` with `/P` 2 or 3): one
    /// that shows nothing, or a field that was prepared, may be signed.
    #[error("the document is certified: no new signature field that is seen is allowed")]
    CertifiedNoNewField,
    /// An earlier signature locks form fields that are not there yet (`FieldMDP`, or a `/Lock`).
    #[error("an earlier signature locks the form")]
    FieldLocked,
    /// Only the first signature of a document may certify it.
    #[error("the document is signed already and cannot be certified")]
    CertifyNotFirst,
    /// There is no signature field of that name that could be filled.
    #[error("there is no signature field {name:?}")]
    NoSuchField {
        /// The name asked for.
        name: String,
    },
    /// The signature field of that name holds a signature already.
    #[error("the signature field {name:?} is signed already")]
    FieldSigned {
        /// The name asked for.
        name: String,
    },
    /// The author of the signature field asks something of the signature (`/SV`, `/Lock`) that it does not have.
    #[error("the signature field asks for another {constraint}")]
    SeedValue {
        /// Which entry of the seed values.
        constraint: &'static str,
    },
    /// Two signatures in one sealing are by SM2 and then by P-256.
    #[error("a dual seal is signed by SM2 and then by P-256")]
    DualSuites,
    /// A text or the seal's record is longer than allowed.
    #[error("too long: {what}")]
    TooLong {
        /// Which.
        what: &'static str,
    },
    /// The signing time is not one that a PDF date can hold.
    #[error("the signing time is out of range")]
    TimeOutOfRange,
    /// No field of that name has a signature that covers a part of the file.
    #[error("there is no such signature")]
    NoSuchSignature,
    /// The file changed between the moment it was hashed and now.
    #[error("the file changed meanwhile")]
    SourceChanged,
    /// The finished signature is longer than the place kept for it.
    #[error("the signature needs {needed} bytes, {reserved} are reserved")]
    PlaceholderTooSmall {
        /// Bytes of the signature.
        needed: usize,
        /// Bytes kept.
        reserved: usize,
    },
    /// The signature is not one over this document by this certificate, or could not be packed.
    #[error(transparent)]
    Cms(#[from] CmsError),
    /// The timestamp is not one on this signature or document, or could not be packed.
    #[error(transparent)]
    Timestamp(#[from] TimestampError),
    /// The seal cannot be used so, or the signature with it does not hold.
    #[error(transparent)]
    Seal(#[from] SesError),
    /// There is no room left where the sealed file was to be written.
    #[error("no space left")]
    DiskFull(#[source] io::Error),
    /// The sealed file could not be written.
    #[error("the sealed file could not be written")]
    Write(#[source] io::Error),
    /// What was written does not read back the same.
    #[error("the sealed file does not read back as written")]
    ReadBack,
    /// Another process is sealing the file where it lies.
    #[error("the file is being sealed by another process")]
    InUse,
    /// A sealing of this file was cut off, and what it left could not be removed.
    #[error("an interrupted sealing of this file could not be undone")]
    AppendUnfinished(#[source] io::Error),
}

impl PdfError {
    /// The stable code of this reason.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Read(_) => "pdf.read-failed",
            Self::NotAPdf => "pdf.not-a-pdf",
            Self::Truncated => "pdf.truncated",
            Self::DamagedXref { .. } => "pdf.damaged-xref",
            Self::DamagedObject { .. } => "pdf.damaged-object",
            Self::UnsupportedFilter => "pdf.unsupported-filter",
            Self::LimitExceeded { .. } => "pdf.limit-exceeded",
            Self::PasswordNeeded => "pdf.password-needed",
            Self::WrongPassword => "pdf.wrong-password",
            Self::UnsupportedEncryption => "pdf.unsupported-encryption",
            Self::IntegrityCode => "pdf.integrity-code",
            Self::DamagedXrefSigned => "pdf.damaged-xref-signed",
            Self::NoSuchPage { .. } => "pdf.no-such-page",
            Self::EmptyPlacement => "pdf.empty-placement",
            Self::OutsidePage => "pdf.outside-page",
            Self::TooFewPages => "pdf.too-few-pages",
            Self::BadPicture { .. } => "pdf.bad-picture",
            Self::UnsupportedPicture => "pdf.unsupported-picture",
            Self::BadFont { .. } => "pdf.bad-font",
            Self::FontNotEmbeddable => "pdf.font-not-embeddable",
            Self::FontMissing => "pdf.font-missing",
            Self::CharacterMissing { .. } => "pdf.character-missing",
            Self::TextDoesNotFit => "pdf.text-does-not-fit",
            Self::EmptyKeyword => "pdf.empty-keyword",
            Self::KeywordNotFound { .. } => "pdf.keyword-not-found",
            Self::NoFreeSpace => "pdf.no-free-space",
            Self::CertifiedNoChanges => "pdf.certified-no-changes",
            Self::CertifiedNoNewField => "pdf.certified-no-new-field",
            Self::FieldLocked => "pdf.field-locked",
            Self::CertifyNotFirst => "pdf.certify-not-first",
            Self::NoSuchField { .. } => "pdf.no-such-field",
            Self::FieldSigned { .. } => "pdf.field-signed",
            Self::SeedValue { .. } => "pdf.seed-value",
            Self::DualSuites => "pdf.dual-suites",
            Self::TooLong { .. } => "pdf.too-long",
            Self::TimeOutOfRange => "pdf.time-out-of-range",
            Self::NoSuchSignature => "pdf.no-such-signature",
            Self::SourceChanged => "pdf.source-changed",
            Self::PlaceholderTooSmall { .. } => "pdf.placeholder-too-small",
            Self::Cms(error) => error.code(),
            Self::Timestamp(error) => error.code(),
            Self::Seal(error) => error.code(),
            Self::DiskFull(_) => "pdf.disk-full",
            Self::Write(_) => "pdf.write-failed",
            Self::ReadBack => "pdf.read-back",
            Self::InUse => "pdf.in-use",
            Self::AppendUnfinished(_) => "pdf.append-unfinished",
        }
    }

    /// Whether cross-references made anew could help.
    pub(crate) fn is_damage(&self) -> bool {
        matches!(
            self,
            Self::NotAPdf
                | Self::Truncated
                | Self::DamagedXref { .. }
                | Self::DamagedObject { .. }
                | Self::UnsupportedFilter
        )
    }

    /// A failed read of bytes that were there when the file was opened.
    pub(crate) fn reading(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::UnexpectedEof => Self::SourceChanged,
            _ => Self::Read(error),
        }
    }

    /// A failed write, told apart by whether it was for want of room.
    pub(crate) fn writing(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded | io::ErrorKind::WriteZero => {
                Self::DiskFull(error)
            }
            _ => Self::Write(error),
        }
    }
}
