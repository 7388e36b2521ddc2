//! Whether the covered bytes are the signed ones (RFC 5652, ISO 32000-2, 12.8.3).

use eseal_crypto::cert::Chain;
use eseal_crypto::cms::{CmsError, SignedData};
use eseal_crypto::digest::DigestAlgorithm;
use eseal_crypto::tsp::{TimestampError, TimestampToken};

use crate::report::{CheckVerdict, Integrity};
use crate::source::ReadAt;

use super::case::{CMS_DETACHED, Case, DOCUMENT_TIMESTAMPS, ISO_SIGNATURES, PADES};
use super::hashing::Digests;
use super::{byte_range, time};

const CMS_SIGNATURE: &str = "RFC 5652, 5.6";
const DOCUMENT_TIMESTAMP: &str = "ISO 32000-2, 12.8.5";

/// What the signature value itself has to say.
pub(super) struct Cryptography {
    pub(super) integrity: Integrity,
    pub(super) value: Option<SignatureValue>,
    /// The signature names its certificate, as `PAdES` wants it.
    pub(super) names_certificate: bool,
    /// Nothing is wrong, but the algorithm is not one that can be checked here.
    pub(super) is_unsupported: bool,
}

impl Cryptography {
    fn broken(value: Option<SignatureValue>) -> Self {
        Self { integrity: Integrity::Broken, value, names_certificate: false, is_unsupported: false }
    }

    fn intact(value: SignatureValue) -> Self {
        Self { integrity: Integrity::Intact, value: Some(value), names_certificate: true, is_unsupported: false }
    }

    /// The signature, unless it is a document timestamp.
    pub(super) fn signed_data(&self) -> Option<&SignedData> {
        match self.value.as_ref()? {
            SignatureValue::Signature(signed_data) => Some(signed_data),
            SignatureValue::Timestamp(_) => None,
        }
    }

    /// The document timestamp.
    pub(super) fn token(&self) -> Option<&TimestampToken> {
        match self.value.as_ref()? {
            SignatureValue::Signature(_) => None,
            SignatureValue::Timestamp(token) => Some(token),
        }
    }

    /// The chain of whoever signed or stamped.
    pub(super) fn chain(&self) -> Option<&Chain> {
        Some(match self.value.as_ref()? {
            SignatureValue::Signature(signed_data) => signed_data.chain(),
            SignatureValue::Timestamp(token) => token.chain(),
        })
    }
}

/// What `/Contents` holds.
pub(super) enum SignatureValue {
    Signature(Box<SignedData>),
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
            Self::Value(SignatureValue::Timestamp(token)) => Some(token.digest_algorithm()),
            Self::Unsupported | Self::Broken => None,
        }
    }
}

impl<S: ReadAt> Case<'_, S> {
    /// Takes the signature value out of its envelope, so that it is known what has to be hashed.
    pub(super) fn open_envelope(&mut self) -> Envelope {
        let format = self.format.clone();
        if ![PADES, CMS_DETACHED, DOCUMENT_TIMESTAMPS].contains(&format.as_str()) {
            self.checks.add(
                "pdf.sub-filter",
                ISO_SIGNATURES,
                CheckVerdict::NotChecked,
                "a format that is not read here",
            );
            return Envelope::Unsupported;
        }
        let is_timestamp = format == DOCUMENT_TIMESTAMPS;
        self.checks.add("pdf.sub-filter", ISO_SIGNATURES, CheckVerdict::Pass, format);
        let Some(contents) = byte_range::contents(&self.signature) else {
            self.checks.add("cms.signature", CMS_SIGNATURE, CheckVerdict::Fail, "/Contents is not clean hexadecimal");
            return Envelope::Broken;
        };
        let (read, code, clause) = if is_timestamp {
            let token = TimestampToken::from_padded_der(&contents).map(Box::new).map(SignatureValue::Timestamp);
            (token.map_err(|error| said(&error)), "timestamp.document", DOCUMENT_TIMESTAMP)
        } else {
            let signed_data = SignedData::from_padded_der(&contents).map(Box::new).map(SignatureValue::Signature);
            (signed_data.map_err(|error| (verdict_of(&error), error.to_string())), "cms.signature", CMS_SIGNATURE)
        };
        read.map_or_else(
            |(verdict, detail)| {
                self.checks.add(code, clause, verdict, detail);
                if verdict == CheckVerdict::NotChecked { Envelope::Unsupported } else { Envelope::Broken }
            },
            Envelope::Value,
        )
    }

    /// Holds the signature value against the digest of the covered bytes.
    pub(super) fn check_cryptography(&mut self, envelope: Envelope, digests: &Digests) -> Cryptography {
        let algorithm = envelope.digest_algorithm();
        let value = match envelope {
            Envelope::Value(value) => value,
            Envelope::Unsupported => return Cryptography { is_unsupported: true, ..Cryptography::broken(None) },
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
            (value @ SignatureValue::Timestamp(_), None) => Cryptography::broken(Some(value)),
        }
    }

    fn conclude(&mut self, signed_data: Box<SignedData>, outcome: Result<(), CmsError>) -> Cryptography {
        const NAMED: (&str, &str) = ("cms.signing-certificate", "RFC 5035, 3");
        let intact = "the covered bytes are the signed ones";
        let value = SignatureValue::Signature(signed_data);
        match outcome {
            Ok(()) => {
                self.checks.add("cms.signature", CMS_SIGNATURE, CheckVerdict::Pass, intact);
                self.checks.add(NAMED.0, NAMED.1, CheckVerdict::Pass, "the signature names its certificate");
                Cryptography::intact(value)
            }
            // Said only when all else holds: not wrong outside of PAdES, only weaker.
            Err(error @ CmsError::SigningCertificateMissing) => {
                self.checks.add("cms.signature", CMS_SIGNATURE, CheckVerdict::Pass, intact);
                let verdict = if self.format == PADES { CheckVerdict::Fail } else { CheckVerdict::Warn };
                self.checks.add(NAMED.0, NAMED.1, verdict, error.to_string());
                Cryptography { names_certificate: false, ..Cryptography::intact(value) }
            }
            Err(error) => {
                let verdict = verdict_of(&error);
                self.checks.add("cms.signature", CMS_SIGNATURE, verdict, error.to_string());
                let is_unsupported = verdict == CheckVerdict::NotChecked;
                Cryptography { is_unsupported, ..Cryptography::broken(Some(value)) }
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
            Err(error) => {
                let (verdict, detail) = said(&error);
                self.checks.add("timestamp.document", DOCUMENT_TIMESTAMP, verdict, detail);
                let is_unsupported = verdict == CheckVerdict::NotChecked;
                Cryptography { is_unsupported, ..Cryptography::broken(Some(value)) }
            }
        }
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
