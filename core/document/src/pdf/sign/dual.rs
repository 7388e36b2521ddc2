//! Two signatures in one sealing: one by national algorithms and one by P-256, so that readers of either world find one that
//! they can verify.

use std::fmt;

use eseal_crypto::Suite;
use eseal_crypto::cert::Chain;
use eseal_crypto::cms::CmsError;
use eseal_crypto::digest::Digest;
use eseal_crypto::key::{Prehash, Signature};
use eseal_crypto::tsp::TimestampToken;

use crate::pdf::document::Pdf;
use crate::pdf::error::PdfError;
use crate::pdf::form;
use crate::pdf::form::permission;
use crate::pdf::sign::request::StampRequest;
use crate::pdf::sign::target;
use crate::pdf::write::prepared::{Prepared, Signed};
use crate::source::ReadAt;

/// One seal, signed twice: by a key of SM2 first, which shows what is to be seen, and behind that by one of P-256, which covers
/// the whole file and shows nothing if it is asked for without marks. Each is valid beside the other.
#[derive(Debug, Clone)]
#[must_use]
pub struct DualRequest<'a> {
    national: StampRequest<'a>,
    international: StampRequest<'a>,
}

impl<'a> DualRequest<'a> {
    /// What is asked of the seal, signed by SM2, and what of the signature behind it, by P-256.
    ///
    /// # Errors
    /// `pdf.dual-suites` if the first key is not of SM2 or the second not of P-256; what would not let another signature
    /// follow: `pdf.certified-no-new-field`, `pdf.field-locked`; `pdf.certify-not-first`.
    pub fn new(national: StampRequest<'a>, international: StampRequest<'a>) -> Result<Self, PdfError> {
        if suite(national.signer)? != Suite::Sm2Sm3 || suite(international.signer)? != Suite::EcdsaP256Sha256 {
            return Err(PdfError::DualSuites);
        }
        if national.certification.is_some() {
            return Err(PdfError::CertifiedNoNewField);
        }
        if national.lock.is_some() {
            return Err(PdfError::FieldLocked);
        }
        if international.certification.is_some() {
            return Err(PdfError::CertifyNotFirst);
        }
        Ok(Self { national, international })
    }
}

fn suite(chain: &Chain) -> Result<Suite, PdfError> {
    Ok(chain.leaf().public_key().map_err(CmsError::from)?.suite())
}

impl<S: ReadAt> Pdf<S> {
    /// Prepares the first of two signatures; each is made as [`Self::prepare`] has it, and nothing is written before both are.
    ///
    /// # Errors
    /// As [`Self::prepare`], also where only the second signature would not be allowed.
    pub fn prepare_dual<'a>(self, request: &DualRequest<'a>) -> Result<DualPrepared<'a, S>, PdfError> {
        let (document, ()) = self.mending(|reader| {
            let fields = form::fields(reader)?;
            let names: Vec<String> = form::unused_names(&fields).take(1).collect();
            permission::check(reader, &fields, target::adding(&request.national), &names)
        })?;
        let first = document.prepare(&request.national)?;
        Ok(DualPrepared { first, second: request.international.clone() })
    }
}

/// A document that lacks two signatures; the first is to be made now. Dropped, it leaves nothing behind.
pub struct DualPrepared<'a, S> {
    first: Prepared<S>,
    second: StampRequest<'a>,
}

impl<'a, S: ReadAt> DualPrepared<'a, S> {
    /// What the key of SM2 has to sign; as [`Prepared::to_be_signed`].
    #[must_use]
    pub fn to_be_signed(&self) -> &[u8] {
        self.first.to_be_signed()
    }

    /// As [`Prepared::prehash`].
    ///
    /// # Errors
    /// As [`Prepared::prehash`].
    pub fn prehash(&self) -> Result<Prehash, PdfError> {
        self.first.prehash()
    }

    /// The digest that is signed; as [`Prepared::digest`].
    #[must_use]
    pub fn digest(&self) -> &Digest {
        self.first.digest()
    }

    /// The name of the first signature's field.
    #[must_use]
    pub fn field(&self) -> &str {
        self.first.field()
    }

    /// Takes the first signature, after it was verified, and prepares the second.
    ///
    /// # Errors
    /// As [`Prepared::complete`] and [`Pdf::prepare`].
    pub fn complete(self, signature: &Signature) -> Result<Prepared<S>, PdfError> {
        self.sign(signature)?.without_timestamp()
    }

    /// Takes the first signature, after it was verified, and waits for a timestamp on it.
    ///
    /// # Errors
    /// As [`Prepared::sign`].
    pub fn sign(self, signature: &Signature) -> Result<DualSigned<'a, S>, PdfError> {
        Ok(DualSigned { first: self.first.sign(signature)?, second: self.second })
    }
}

/// A document whose first signature may still get a timestamp. Dropped, it leaves nothing behind.
pub struct DualSigned<'a, S> {
    first: Signed<S>,
    second: StampRequest<'a>,
}

impl<S: ReadAt> DualSigned<'_, S> {
    /// As [`Signed::signature_digest`].
    #[must_use]
    pub fn signature_digest(&self) -> Digest {
        self.first.signature_digest()
    }

    /// Adds the timestamp to the first signature, and prepares the second.
    ///
    /// # Errors
    /// As [`Signed::with_timestamp`] and [`Pdf::prepare`].
    pub fn with_timestamp(self, token: &TimestampToken) -> Result<Prepared<S>, PdfError> {
        self.first.with_timestamp(token)?.reopen()?.prepare(&self.second)
    }

    /// Prepares the second signature.
    ///
    /// # Errors
    /// As [`Signed::without_timestamp`] and [`Pdf::prepare`].
    pub fn without_timestamp(self) -> Result<Prepared<S>, PdfError> {
        self.first.without_timestamp()?.reopen()?.prepare(&self.second)
    }
}

impl<S> fmt::Debug for DualPrepared<'_, S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DualPrepared").field("first", &self.first).finish_non_exhaustive()
    }
}

impl<S> fmt::Debug for DualSigned<'_, S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DualSigned").field("first", &self.first).finish_non_exhaustive()
    }
}
