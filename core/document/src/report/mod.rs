//! What verification answers, the same for every document format.
//!
//! The names that [`as_str`](Verdict::as_str) and its siblings give are the ones of `eseal verify --json`.

mod tree;

pub use self::tree::Branch;

use eseal_crypto::cert::UnixTime;
use eseal_crypto::digest::Digest;
use eseal_crypto::ses::Seal;

/// What was found in one file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    /// What kind of file it is.
    pub format: Format,
    /// Valid if there is a signature, and every one is valid and so is the manifest if there is one; invalid if one of them
    /// is; else indeterminate.
    pub verdict: Verdict,
    /// Every signature, in the order of the file.
    pub signatures: Vec<SignatureReport>,
    /// The integrity manifest of an OFD package (GM/T 0099-2020): a signature over the names of its files, not over what is in
    /// them. It makes no file valid, and one that does not hold makes it invalid.
    pub manifest: Option<Box<SignatureReport>>,
    /// What was found about the file as a whole, such as `verify.no-signature`.
    pub checks: Vec<Check>,
}

impl Report {
    pub(crate) fn new(format: Format, signatures: Vec<SignatureReport>) -> Self {
        let mut checks = Vec::new();
        if signatures.is_empty() {
            checks.push(Check {
                code: "verify.no-signature",
                clause: "",
                verdict: CheckVerdict::Warn,
                detail: "the file holds no signature".to_owned(),
            });
        }
        let verdict = signatures.iter().map(|signature| signature.verdict).max();
        let verdict = verdict.unwrap_or(Verdict::Indeterminate);
        Self { format, verdict, signatures, manifest: None, checks }
    }

    pub(crate) fn with_manifest(mut self, manifest: Option<SignatureReport>) -> Self {
        self.verdict = self.verdict.max(manifest.as_ref().map_or(Verdict::Valid, |manifest| manifest.verdict));
        self.manifest = manifest.map(Box::new);
        self
    }
}

/// What was found about one signature.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignatureReport {
    /// The name of its field; in OFD its identifier in the list of signatures.
    pub field: String,
    /// Common name in the signer's certificate, if that could be read.
    pub signer: Option<String>,
    /// SHA-256 of the signer's certificate (DER), if that could be read.
    pub signer_certificate: Option<Digest>,
    /// How it is packed: a PDF signature's `/SubFilter`, for example `ETSI.CAdES.detached`; in OFD the standard of its value,
    /// for example `GB/T 38540-2020`.
    pub format: String,
    /// The baseline level it reaches; `None` if none.
    pub level: Option<Level>,
    /// When it was made, and who says so.
    pub time: Option<SigningInstant>,
    /// Whether the bytes it covers are the signed ones.
    pub integrity: Integrity,
    /// How much of the file it covers.
    pub coverage: Coverage,
    /// What was changed after it.
    pub changes: Changes,
    /// Each single change after it, oldest first.
    pub changes_detail: Vec<Change>,
    /// Whether its certificate leads to an anchor that the caller gave.
    pub trust: Trust,
    /// All of that together.
    pub verdict: Verdict,
    /// Each single check.
    pub checks: Vec<Check>,
    /// The seal's record as the signer stored it, unparsed; covered by the signature.
    pub seal_record: Option<Vec<u8>>,
    /// The electronic seal that was used (`SES_Signature`), with its picture; how it was judged is among the checks.
    pub seal: Option<Box<Seal>>,
}

/// Something that a later revision of the file did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// Which revision did it, counted from 1 as the file's cross-reference sections are; 0 for bytes of no revision.
    pub revision: usize,
    /// Number of the object concerned, if it is one.
    pub object: Option<u32>,
    /// What kind of change it is.
    pub kind: ChangeKind,
    /// Whether it may follow this signature.
    pub verdict: ChangeVerdict,
    /// What was seen, in English, for people. Names of form fields are in it.
    pub detail: String,
}

/// A time and where it is from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SigningInstant {
    /// Seconds since 1970, UTC.
    pub at: UnixTime,
    /// Who says so.
    pub source: TimeSource,
}

/// One check and its outcome.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Check {
    /// Stable dotted code.
    pub code: &'static str,
    /// Standard and clause that ask for it; empty if none does.
    pub clause: &'static str,
    /// Outcome.
    pub verdict: CheckVerdict,
    /// What was seen, in English, for people; no personal data.
    pub detail: String,
}

impl Check {
    /// The same, with a failure that does no harm: what is not believed proves nothing, and refutes nothing.
    pub(crate) fn softened(self) -> Self {
        match self.verdict {
            CheckVerdict::Fail => Self { verdict: CheckVerdict::Warn, ..self },
            _ => self,
        }
    }
}

macro_rules! names {
    ($(#[$doc:meta])* $name:ident { $($(#[$variant_doc:meta])* $variant:ident = $text:literal,)+ }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name {
            $($(#[$variant_doc])* $variant,)+
        }

        impl $name {
            /// The name used in reports for machines.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$variant => $text,)+
                }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.as_str())
            }
        }
    };
}

names! {
    /// The file format a report is about.
    Format {
        /// ISO 32000.
        Pdf = "pdf",
        /// GB/T 33190.
        Ofd = "ofd",
    }
}

names! {
    /// The overall answer, from best to worst.
    Verdict {
        /// Intact, unchanged or changed only as permitted, and trusted.
        Valid = "valid",
        /// Nothing speaks against it, but something needed is not known (ETSI EN 319 102-1: INDETERMINATE).
        Indeterminate = "indeterminate",
        /// Something speaks against it.
        Invalid = "invalid",
    }
}

names! {
    /// Whether the covered bytes are the signed ones, from best to worst.
    Integrity {
        /// Digest and signature are right.
        Intact = "intact",
        /// Nothing is wrong, but it cannot be shown here: of an algorithm or a format that is not read (ETSI EN 319 102-1: INDETERMINATE).
        Unknown = "unknown",
        /// They are not, or something that should show it cannot be read.
        Broken = "broken",
    }
}

impl Integrity {
    /// What a check of digest and signature says.
    pub(crate) const fn of(verdict: CheckVerdict) -> Self {
        match verdict {
            CheckVerdict::Pass | CheckVerdict::Warn => Self::Intact,
            CheckVerdict::NotChecked => Self::Unknown,
            CheckVerdict::Fail => Self::Broken,
        }
    }
}

names! {
    /// How much of the file a signature covers.
    Coverage {
        /// All bytes but the signature value itself.
        Whole = "whole",
        /// All bytes of an earlier revision of the file but the signature value itself.
        Revision = "revision",
        /// Less.
        Partial = "partial",
    }
}

names! {
    /// What later revisions changed.
    Changes {
        /// There is no later revision.
        None = "none",
        /// Only what may be added after a signature.
        Permitted = "permitted",
        /// Something else, or something that could not be shown to be permitted.
        Forbidden = "forbidden",
    }
}

names! {
    /// What kind of change a later revision made (ISO 32000-2, 12.8.2.2.2).
    ChangeKind {
        /// Certificates and revocation data in the document security store.
        ValidationData = "validation-data",
        /// A document timestamp, in a field that shows nothing.
        DocumentTimestamp = "document-timestamp",
        /// Document information or XMP metadata, which are no part of what is seen.
        Metadata = "metadata",
        /// A list, a flag or a tag that changes with what it lists.
        Structure = "structure",
        /// A field was filled in.
        FormFilling = "form-filling",
        /// A signature field that was there was signed.
        Signed = "signed",
        /// A new signature field that shows nothing.
        UnseenSignatureFieldAdded = "unseen-signature-field-added",
        /// A new signature field that is seen on a page.
        SignatureFieldAdded = "signature-field-added",
        /// A new annotation.
        AnnotationAdded = "annotation-added",
        /// An annotation that changed.
        AnnotationModified = "annotation-modified",
        /// An annotation that is gone.
        AnnotationRemoved = "annotation-removed",
        /// Anything else; never permitted.
        Other = "other",
    }
}

impl ChangeKind {
    /// Whether it is about an annotation that is no form field.
    #[must_use]
    pub const fn is_annotation(self) -> bool {
        matches!(self, Self::AnnotationAdded | Self::AnnotationModified | Self::AnnotationRemoved)
    }
}

names! {
    /// Whether one change may follow a signature.
    ChangeVerdict {
        /// The standard and the signature's own permissions allow it.
        Permitted = "permitted",
        /// They do not, or it could not be shown that they do.
        Forbidden = "forbidden",
    }
}

names! {
    /// Where the signer's certificate leads.
    Trust {
        /// To one of the anchors given.
        Trusted = "trusted",
        /// Not to one of the anchors given.
        Untrusted = "untrusted",
        /// A certificate on the way was revoked.
        Revoked = "revoked",
        /// A certificate on the way was not valid at the time asked for.
        Expired = "expired",
        /// No anchor was given, or the certificate could not be judged.
        Unknown = "unknown",
    }
}

names! {
    /// Who states the signing time.
    TimeSource {
        /// The signer alone.
        Claimed = "claimed",
        /// A trusted authority, by a timestamp on the signature.
        Timestamp = "timestamp",
        /// A trusted authority, by a timestamp on the document.
        DocumentTimestamp = "document-timestamp",
    }
}

names! {
    /// What a check is about.
    Topic {
        /// How the signature is packed and described.
        Form = "form",
        /// Whether it is the signer's, over this content.
        Content = "content",
        /// What it covers, and what became of the file after it.
        Changes = "changes",
        /// The electronic seal: its maker, its validity, whose it is, where it is seen.
        Seal = "seal",
        /// The signer's certificate.
        Signer = "signer",
        /// When it was made.
        Time = "time",
        /// Which baseline level it reaches.
        Level = "level",
    }
}

names! {
    /// The baseline level of ETSI EN 319 142-1.
    Level {
        /// Basic: the signature and its certificate.
        BaselineB = "B-B",
        /// With a timestamp.
        BaselineT = "B-T",
        /// With a timestamp and all that is needed to verify later.
        BaselineLt = "B-LT",
        /// As B-LT, and a timestamp over all of that.
        BaselineLta = "B-LTA",
    }
}

names! {
    /// The outcome of one check.
    CheckVerdict {
        /// As it must be.
        Pass = "pass",
        /// Not as it must be.
        Fail = "fail",
        /// Allowed, but worth knowing.
        Warn = "warn",
        /// Not looked at, and why is in the detail.
        NotChecked = "not-checked",
    }
}
