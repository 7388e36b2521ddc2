//! Whether the covered bytes are the signed ones (RFC 5652, ISO 32000-2, 12.8.3).

use eseal_crypto::cms::{CmsError, SignedData};
use eseal_crypto::digest::DigestAlgorithm;

use crate::report::{CheckVerdict, Integrity};
use crate::source::ReadAt;

use super::byte_range;
use super::case::{CMS_DETACHED, Case, ISO_SIGNATURES, PADES};
use super::hashing::Digests;

const CMS_SIGNATURE: &str = "RFC 5652, 5.6";

/// What the signature value itself has to say.
pub(super) struct Cryptography {
    pub(super) integrity: Integrity,
    pub(super) signed_data: Option<SignedData>,
    /// The signature names its certificate, as `PAdES` wants it.
    pub(super) names_certificate: bool,
    /// Nothing is wrong, but the algorithm is not one that can be checked here.
    pub(super) is_unsupported: bool,
}

impl Cryptography {
    fn broken(signed_data: Option<SignedData>) -> Self {
        Self { integrity: Integrity::Broken, signed_data, names_certificate: false, is_unsupported: false }
    }
}

/// What `/Contents` is.
pub(super) enum Envelope {
    Signature(Box<SignedData>),
    /// Of a kind that is not read here.
    Unsupported,
    /// Nothing that could be a signature.
    Broken,
}

impl Envelope {
    /// The digest of the covered bytes that has to be made.
    pub(super) fn digest_algorithm(&self) -> Option<DigestAlgorithm> {
        match self {
            Self::Signature(signed_data) => signed_data.digest_algorithm().ok(),
            Self::Unsupported | Self::Broken => None,
        }
    }
}

impl<S: ReadAt> Case<'_, S> {
    /// Takes the signature value out of its envelope, so that it is known what has to be hashed.
    pub(super) fn open_envelope(&mut self) -> Envelope {
        let format = self.format.clone();
        if ![PADES, CMS_DETACHED].contains(&format.as_str()) {
            self.add("pdf.sub-filter", ISO_SIGNATURES, CheckVerdict::NotChecked, "a format that is not read here");
            return Envelope::Unsupported;
        }
        self.add("pdf.sub-filter", ISO_SIGNATURES, CheckVerdict::Pass, format);
        let Some(contents) = byte_range::contents(&self.signature) else {
            self.add("cms.signature", CMS_SIGNATURE, CheckVerdict::Fail, "/Contents is not clean hexadecimal");
            return Envelope::Broken;
        };
        match SignedData::from_padded_der(&contents) {
            Ok(signed_data) => Envelope::Signature(Box::new(signed_data)),
            Err(error) => {
                self.add("cms.signature", CMS_SIGNATURE, verdict_of(&error), error.to_string());
                match verdict_of(&error) {
                    CheckVerdict::NotChecked => Envelope::Unsupported,
                    _ => Envelope::Broken,
                }
            }
        }
    }

    /// Holds the signature value against the digest of the covered bytes.
    pub(super) fn check_cryptography(&mut self, envelope: Envelope, digests: &Digests) -> Cryptography {
        let signed_data = match envelope {
            Envelope::Signature(signed_data) => *signed_data,
            Envelope::Unsupported => return Cryptography { is_unsupported: true, ..Cryptography::broken(None) },
            Envelope::Broken => return Cryptography::broken(None),
        };
        let Some(covered) = &self.covered else { return Cryptography::broken(Some(signed_data)) };
        let outcome = match signed_data.digest_algorithm() {
            Ok(algorithm) => match digests.find(covered, algorithm) {
                Some(digest) => signed_data.verify(digest),
                None => return Cryptography::broken(Some(signed_data)),
            },
            Err(error) => Err(error),
        };
        let format = self.format.clone();
        self.conclude(&format, signed_data, outcome)
    }

    fn conclude(&mut self, format: &str, signed_data: SignedData, outcome: Result<(), CmsError>) -> Cryptography {
        const NAMED: (&str, &str) = ("cms.signing-certificate", "RFC 5035, 3");
        let intact = "the covered bytes are the signed ones";
        match outcome {
            Ok(()) => {
                self.add("cms.signature", CMS_SIGNATURE, CheckVerdict::Pass, intact);
                self.add(NAMED.0, NAMED.1, CheckVerdict::Pass, "the signature names its certificate");
                Cryptography {
                    integrity: Integrity::Intact,
                    signed_data: Some(signed_data),
                    names_certificate: true,
                    is_unsupported: false,
                }
            }
            // Said only when all else holds: not wrong outside of PAdES, only weaker.
            Err(error @ CmsError::SigningCertificateMissing) => {
                self.add("cms.signature", CMS_SIGNATURE, CheckVerdict::Pass, intact);
                let verdict = if format == PADES { CheckVerdict::Fail } else { CheckVerdict::Warn };
                self.add(NAMED.0, NAMED.1, verdict, error.to_string());
                Cryptography {
                    integrity: Integrity::Intact,
                    signed_data: Some(signed_data),
                    names_certificate: false,
                    is_unsupported: false,
                }
            }
            Err(error) => {
                let verdict = verdict_of(&error);
                self.add("cms.signature", CMS_SIGNATURE, verdict, error.to_string());
                let is_unsupported = verdict == CheckVerdict::NotChecked;
                Cryptography { is_unsupported, ..Cryptography::broken(Some(signed_data)) }
            }
        }
    }
}

/// An algorithm that is not known says nothing about the signature.
fn verdict_of(error: &CmsError) -> CheckVerdict {
    match error {
        CmsError::UnsupportedAlgorithm { .. } => CheckVerdict::NotChecked,
        _ => CheckVerdict::Fail,
    }
}
