//! Whether the covered bytes are the signed ones (RFC 5652, ISO 32000-2, 12.8.3).

use eseal_crypto::cert::Certificate;
use eseal_crypto::cms::{CmsError, Dialect, SignedData};
use eseal_crypto::digest::{Digest, DigestAlgorithm};
use eseal_crypto::ses::SealSignature;
use eseal_crypto::tsp::{TimestampError, TimestampToken};

use crate::report::{CheckVerdict, Integrity};
use crate::source::ReadAt;

use super::case::{Case, ISO_SIGNATURES};
use super::hashing::Digests;
use super::{byte_range, time};
use crate::pdf::sub_filter::{Fit, SubFilter, ValueKind};

const CMS_SIGNATURE: &str = "RFC 5652, 5.6";
const DOCUMENT_TIMESTAMP: &str = "ISO 32000-2, 12.8.5";

/// What the signature value itself has to say.
pub(super) struct Cryptography {
    /// Of a seal signature nothing is said here: it is judged as a whole.
    pub(super) integrity: Integrity,
    pub(super) value: Option<SignatureValue>,
    /// The digest of the covered bytes, as the value wants it.
    pub(super) digest: Option<Digest>,
    /// The signature names its certificate, as `PAdES` wants it.
    pub(super) names_certificate: bool,
}

impl Cryptography {
    fn new(integrity: Integrity, value: Option<SignatureValue>) -> Self {
        Self { integrity, value, digest: None, names_certificate: false }
    }

    fn broken(value: Option<SignatureValue>) -> Self {
        Self::new(Integrity::Broken, value)
    }

    fn intact(value: SignatureValue) -> Self {
        Self { names_certificate: true, ..Self::new(Integrity::Intact, Some(value)) }
    }

    /// The signature in CMS, if it is one.
    pub(super) fn signed_data(&self) -> Option<&SignedData> {
        match self.value.as_ref()? {
            SignatureValue::Signature(signed_data) => Some(signed_data),
            SignatureValue::Seal(_) | SignatureValue::Timestamp(_) => None,
        }
    }

    /// The document timestamp.
    pub(super) fn token(&self) -> Option<&TimestampToken> {
        match self.value.as_ref()? {
            SignatureValue::Signature(_) | SignatureValue::Seal(_) => None,
            SignatureValue::Timestamp(token) => Some(token),
        }
    }

    /// The seal signature, if it is one.
    pub(super) fn seal(&self) -> Option<&SealSignature> {
        match self.value.as_ref()? {
            SignatureValue::Seal(seal) => Some(seal),
            SignatureValue::Signature(_) | SignatureValue::Timestamp(_) => None,
        }
    }

    /// The certificate of whoever signed or stamped.
    pub(super) fn signer(&self) -> Option<&Certificate> {
        Some(match self.value.as_ref()? {
            SignatureValue::Signature(signed_data) => signed_data.signer(),
            SignatureValue::Seal(seal) => seal.signer(),
            SignatureValue::Timestamp(token) => token.chain().leaf(),
        })
    }
}

/// What `/Contents` holds.
pub(super) enum SignatureValue {
    Signature(Box<SignedData>),
    /// What was sealed with an electronic seal.
    Seal(Box<SealSignature>),
    /// A timestamp over the document.
    Timestamp(Box<TimestampToken>),
}

/// What `/Contents` is.
pub(super) enum Envelope {
    Value(SignatureValue),
    /// Of a kind that is not read here.
    Unsupported,
    /// Nothing that could be a signature.
    Broken,
}

impl Envelope {
    /// The digest of the covered bytes that has to be made.
    pub(super) fn digest_algorithm(&self) -> Option<DigestAlgorithm> {
        match self {
            Self::Value(SignatureValue::Signature(signed_data)) => signed_data.digest_algorithm().ok(),
            // Of an algorithm that is not known the digest does not matter: the signature is not either.
            Self::Value(SignatureValue::Seal(seal)) => Some(seal.digest_algorithm().unwrap_or(DigestAlgorithm::Sm3)),
            Self::Value(SignatureValue::Timestamp(token)) => Some(token.digest_algorithm()),
            Self::Unsupported | Self::Broken => None,
        }
    }
}

impl<S: ReadAt> Case<'_, S> {
    /// Takes the signature value out of its envelope, so that it is known what has to be hashed.
    pub(super) fn open_envelope(&mut self) -> Envelope {
        const NAME: &str = "pdf.sub-filter";
        let Some(sub_filter) = self.sub_filter else {
            let detail = "a format that is not read here";
            self.checks.add(NAME, ISO_SIGNATURES, CheckVerdict::NotChecked, detail);
            return Envelope::Unsupported;
        };
        let read = match byte_range::contents(&self.signature) {
            Some(contents) => read(sub_filter, &contents),
            None => Err(Unread::new("cms.signature", CMS_SIGNATURE, "/Contents is not clean hexadecimal")),
        };
        let kind = read.as_ref().ok().and_then(SignatureValue::kind);
        let (verdict, detail) = match kind.map_or(Fit::Right, |kind| sub_filter.fit(kind)) {
            Fit::Right => (CheckVerdict::Pass, self.format.clone()),
            Fit::Odd => (CheckVerdict::Warn, format!("{} holds a signature of another kind", self.format)),
            Fit::Wrong => (CheckVerdict::Fail, format!("{} may not hold a signature of this kind", self.format)),
        };
        self.checks.add(NAME, ISO_SIGNATURES, verdict, detail);
        match read {
            Ok(_) if verdict == CheckVerdict::Fail => Envelope::Broken,
            Ok(value) => Envelope::Value(value),
            Err(Unread { code, clause, verdict, detail }) => {
                self.checks.add(code, clause, verdict, detail);
                if verdict == CheckVerdict::NotChecked { Envelope::Unsupported } else { Envelope::Broken }
            }
        }
    }

    /// Holds the signature value against the digest of the covered bytes.
    pub(super) fn check_cryptography(&mut self, envelope: Envelope, digests: &Digests) -> Cryptography {
        let algorithm = envelope.digest_algorithm();
        let value = match envelope {
            Envelope::Value(value) => value,
            Envelope::Unsupported => return Cryptography::new(Integrity::Unknown, None),
            Envelope::Broken => return Cryptography::broken(None),
        };
        let Some(covered) = &self.covered else { return Cryptography::broken(Some(value)) };
        let digest = algorithm.and_then(|algorithm| digests.find(covered, algorithm));
        match (value, digest) {
            (SignatureValue::Signature(signed_data), Some(digest)) => {
                let outcome = signed_data.verify(digest);
                self.conclude(signed_data, outcome)
            }
            (SignatureValue::Signature(signed_data), None) => match signed_data.digest_algorithm() {
                Ok(_) => Cryptography::broken(Some(SignatureValue::Signature(signed_data))),
                Err(error) => self.conclude(signed_data, Err(error)),
            },
            (SignatureValue::Timestamp(token), Some(digest)) => {
                let outcome = token.verify(digest);
                self.conclude_timestamp(token, outcome)
            }
            (value @ SignatureValue::Seal(_), digest) => {
                Cryptography { digest: digest.copied(), ..Cryptography::broken(Some(value)) }
            }
            (value @ SignatureValue::Timestamp(_), None) => Cryptography::broken(Some(value)),
        }
    }

    fn conclude(&mut self, signed_data: Box<SignedData>, outcome: Result<(), CmsError>) -> Cryptography {
        const NAMED: (&str, &str) = ("cms.signing-certificate", "RFC 5035, 3");
        let intact = "the covered bytes are the signed ones";
        let clause = clause(signed_data.dialect());
        let value = SignatureValue::Signature(signed_data);
        match outcome {
            Ok(()) => {
                self.checks.add("cms.signature", clause, CheckVerdict::Pass, intact);
                self.checks.add(NAMED.0, NAMED.1, CheckVerdict::Pass, "the signature names its certificate");
                Cryptography::intact(value)
            }
            // Said only when all else holds: not wrong outside of PAdES, only weaker.
            Err(error @ CmsError::SigningCertificateMissing) => {
                self.checks.add("cms.signature", clause, CheckVerdict::Pass, intact);
                let verdict =
                    if self.sub_filter == Some(SubFilter::Pades) { CheckVerdict::Fail } else { CheckVerdict::Warn };
                self.checks.add(NAMED.0, NAMED.1, verdict, error.to_string());
                Cryptography { names_certificate: false, ..Cryptography::intact(value) }
            }
            Err(error) => {
                let verdict = verdict_of(&error);
                self.checks.add("cms.signature", clause, verdict, error.to_string());
                Cryptography::new(Integrity::of(verdict), Some(value))
            }
        }
    }

    fn conclude_timestamp(&mut self, token: Box<TimestampToken>, outcome: Result<(), TimestampError>) -> Cryptography {
        let value = SignatureValue::Timestamp(token);
        match outcome {
            Ok(()) => {
                let detail = "the covered bytes are the ones that were stamped";
                self.checks.add("timestamp.document", DOCUMENT_TIMESTAMP, CheckVerdict::Pass, detail);
                Cryptography::intact(value)
            }
            // Said only when all else holds: the bytes are the stamped ones, and who stamped them is not to be trusted.
            Err(error @ TimestampError::WrongPurpose) => {
                self.checks.add("timestamp.document", DOCUMENT_TIMESTAMP, CheckVerdict::Warn, error.to_string());
                Cryptography::intact(value)
            }
            Err(error) => {
                let (verdict, detail) = said(&error);
                self.checks.add("timestamp.document", DOCUMENT_TIMESTAMP, verdict, detail);
                Cryptography::new(Integrity::of(verdict), Some(value))
            }
        }
    }
}

/// Why a value could not be read.
struct Unread {
    code: &'static str,
    clause: &'static str,
    verdict: CheckVerdict,
    detail: String,
}

impl Unread {
    fn new(code: &'static str, clause: &'static str, detail: impl Into<String>) -> Self {
        Self { code, clause, verdict: CheckVerdict::Fail, detail: detail.into() }
    }
}

/// Reads a value by what it is: names say too little in the field.
fn read(sub_filter: SubFilter, contents: &[u8]) -> Result<SignatureValue, Unread> {
    if sub_filter == SubFilter::DocumentTimestamp {
        return TimestampToken::from_padded_der(contents).map(Box::new).map(SignatureValue::Timestamp).map_err(
            |error| {
                let (verdict, detail) = said(&error);
                Unread { verdict, ..Unread::new("timestamp.document", DOCUMENT_TIMESTAMP, detail) }
            },
        );
    }
    match (SealSignature::from_padded_der(contents), SignedData::from_padded_der(contents)) {
        (Ok(seal), _) => Ok(SignatureValue::Seal(Box::new(seal))),
        (_, Ok(signed_data)) => Ok(SignatureValue::Signature(Box::new(signed_data))),
        (Err(error), _) if sub_filter == SubFilter::GmSeal => {
            Err(Unread::new("ses.format", "GB/T 38540-2020, 7.3 a", error.to_string()))
        }
        (_, Err(error)) => Err(Unread {
            verdict: verdict_of(&error),
            ..Unread::new("cms.signature", CMS_SIGNATURE, error.to_string())
        }),
    }
}

impl SignatureValue {
    /// `None` for a timestamp, which has a name of its own.
    fn kind(&self) -> Option<ValueKind> {
        match self {
            Self::Signature(signed_data) => Some(ValueKind::Cms(signed_data.dialect())),
            Self::Seal(_) => Some(ValueKind::Seal),
            Self::Timestamp(_) => None,
        }
    }
}

const fn clause(dialect: Dialect) -> &'static str {
    match dialect {
        Dialect::Rfc5652 => CMS_SIGNATURE,
        Dialect::Gbt35275 => "GB/T 35275-2017, 8",
    }
}

fn said(error: &TimestampError) -> (CheckVerdict, String) {
    (time::verdict_of(error), error.to_string())
}

/// An algorithm that is not known says nothing about the signature.
pub(super) fn verdict_of(error: &CmsError) -> CheckVerdict {
    match error {
        CmsError::UnsupportedAlgorithm { .. } => CheckVerdict::NotChecked,
        _ => CheckVerdict::Fail,
    }
}
