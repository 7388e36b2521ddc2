//! Whether the covered bytes are the signed ones (RFC 5652, ISO 32000-2, 12.8.3).

use eseal_crypto::cms::{CmsError, SignedData};
use eseal_crypto::digest::{Digest, Hasher};

use crate::report::{CheckVerdict, Integrity};
use crate::source::ReadAt;

use super::byte_range::{self, Covered};
use super::case::{CMS_DETACHED, Case, ISO_SIGNATURES, PADES};
use crate::pdf::error::PdfError;
use crate::pdf::read::blocks::read_range;
use crate::pdf::read::reader::Reader;

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

impl<S: ReadAt> Case<'_, S> {
    pub(super) fn check_cryptography(
        &mut self,
        format: &str,
        covered: Option<&Covered>,
    ) -> Result<Cryptography, PdfError> {
        if ![PADES, CMS_DETACHED].contains(&format) {
            self.add("pdf.sub-filter", ISO_SIGNATURES, CheckVerdict::NotChecked, "a format that is not read here");
            return Ok(Cryptography { is_unsupported: true, ..Cryptography::broken(None) });
        }
        self.add("pdf.sub-filter", ISO_SIGNATURES, CheckVerdict::Pass, format);
        let Some(contents) = byte_range::contents(&self.signature) else {
            self.add("cms.signature", CMS_SIGNATURE, CheckVerdict::Fail, "/Contents is not clean hexadecimal");
            return Ok(Cryptography::broken(None));
        };
        let signed_data = match SignedData::from_padded_der(&contents) {
            Ok(signed_data) => signed_data,
            Err(error) => {
                self.add("cms.signature", CMS_SIGNATURE, verdict_of(&error), error.to_string());
                let is_unsupported = verdict_of(&error) == CheckVerdict::NotChecked;
                return Ok(Cryptography { is_unsupported, ..Cryptography::broken(None) });
            }
        };
        let Some(covered) = covered else { return Ok(Cryptography::broken(Some(signed_data))) };
        let outcome = match signed_data.digest_algorithm() {
            Ok(algorithm) => {
                let digest = digest(self.reader, covered, Hasher::new(algorithm))?;
                signed_data.verify(&digest)
            }
            Err(error) => Err(error),
        };
        Ok(self.conclude(format, signed_data, outcome))
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

fn digest<S: ReadAt>(reader: &Reader<S>, covered: &Covered, mut hasher: Hasher) -> Result<Digest, PdfError> {
    for range in [0..covered.gap.start, covered.gap.end..covered.end] {
        read_range(&reader.input.source, range, &mut |block| {
            hasher.update(block);
            Ok(())
        })?;
    }
    Ok(hasher.finish())
}
