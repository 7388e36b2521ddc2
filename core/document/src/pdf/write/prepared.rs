//! A sealed document whose signature is still to come.

use std::fmt;
use std::ops::Range;

use eseal_crypto::cert::Chain;
use eseal_crypto::digest::{Digest, Hasher};
use eseal_crypto::key::{Prehash, Signature};
use eseal_crypto::tsp::TimestampToken;

use crate::source::ReadAt;

use crate::pdf::error::PdfError;
use crate::pdf::form::seed::Timestamp;
use crate::pdf::write::base::Base;
use crate::pdf::write::revision::hex;
use crate::pdf::write::sealed::Sealed;
use crate::pdf::write::unsigned::{SignatureValue, Unsigned};

/// A finished revision but for the value of one `/Contents`.
#[derive(Debug)]
pub(crate) struct OpenRevision {
    pub(crate) bytes: Vec<u8>,
    /// Where in `bytes` the value of `/Contents` stands, angle brackets included.
    pub(crate) contents: Range<usize>,
    /// The value of `/ByteRange`.
    pub(crate) byte_range: String,
    /// The name of the signature field.
    pub(crate) field: String,
}

impl OpenRevision {
    /// The digest of the file with this revision, without the value that is still to come.
    pub(crate) fn digest(&self, mut before: Hasher) -> Digest {
        before.update(&self.bytes[..self.contents.start]);
        before.update(&self.bytes[self.contents.end..]);
        before.finish()
    }

    /// Puts the value in its place.
    fn close(&mut self, value: &[u8]) -> Result<(), PdfError> {
        let token = hex(value).into_bytes();
        let digits = &token[1..token.len() - 1];
        let place = &mut self.bytes[self.contents.start + 1..self.contents.end - 1];
        let Some(used) = place.get_mut(..digits.len()) else {
            return Err(PdfError::PlaceholderTooSmall { needed: value.len(), reserved: place.len() / 2 });
        };
        used.copy_from_slice(digits);
        Ok(())
    }
}

/// What waits for a value: a file, and the revision that goes behind it.
pub(crate) struct Waiting<S> {
    pub(crate) base: Base<S>,
    pub(crate) revision: OpenRevision,
    /// Over everything but the value.
    pub(crate) digest: Digest,
}

impl<S: ReadAt> Waiting<S> {
    fn finish(mut self, value: &[u8]) -> Result<Sealed<S>, PdfError> {
        self.revision.close(value)?;
        self.base.snapshot.check(&self.base.file.source)?;
        Ok(Sealed::new(self.base, self.revision.bytes, Some(self.revision.field)))
    }
}

impl<S> Waiting<S> {
    fn describe(&self, name: &str, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut description = f.debug_struct(name);
        description.field("field", &self.revision.field).field("digest", &self.digest).finish_non_exhaustive()
    }
}

impl<S> fmt::Debug for Prepared<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.waiting.describe("Prepared", f)
    }
}

impl<S> fmt::Debug for Signed<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.waiting.describe("Signed", f)
    }
}

impl<S> fmt::Debug for PreparedTimestamp<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.describe("PreparedTimestamp", f)
    }
}

/// A sealed document that lacks only the signature. Dropped, it leaves nothing behind.
pub struct Prepared<S> {
    pub(crate) waiting: Waiting<S>,
    pub(crate) unsigned: Unsigned,
    pub(crate) signer: Chain,
    pub(crate) others: Vec<Chain>,
    pub(crate) timestamp: Timestamp,
}

impl<S: ReadAt> Prepared<S> {
    /// What the key has to sign: the DER of the signed attributes, about 150 bytes; with a seal `TBS_Sign`
    /// (GB/T 38540-2020, 7.2). The signature is over its digest.
    #[must_use]
    pub fn to_be_signed(&self) -> &[u8] {
        self.unsigned.to_be_signed()
    }

    /// What is left of that for a key that is elsewhere to sign.
    ///
    /// # Errors
    /// `cms.unsupported-algorithm`, which nothing that could be prepared brings about.
    pub fn prehash(&self) -> Result<Prehash, PdfError> {
        self.unsigned.prehash()
    }

    /// The digest of the document as it will be, over `/ByteRange`; part of [`Self::to_be_signed`].
    #[must_use]
    pub fn digest(&self) -> &Digest {
        &self.waiting.digest
    }

    /// The name of the signature field.
    #[must_use]
    pub fn field(&self) -> &str {
        &self.waiting.revision.field
    }

    /// Every chain that whoever verifies has to follow to a root, as far as it is at hand: the signer's, and with a seal that of
    /// its maker and of who stamped it. What leads on from them, and word on their revocation, is what level B-LT is made of.
    pub fn chains(&self) -> impl Iterator<Item = &Chain> {
        std::iter::once(&self.signer).chain(&self.others)
    }

    /// Puts the signature in its place, after it was verified over the digest of the one pass and the file was seen not to
    /// have changed in length, last 4 KiB and time of change: level B-B.
    ///
    /// # Errors
    /// `cms.bad-signature` or `ses.bad-signature` for a signature by another key or over something else, `pdf.source-changed` if the file
    /// changed before it came, `pdf.placeholder-too-small`, `pdf.seed-value` if the field asks for a timestamp,
    /// `pdf.read-failed`.
    pub fn complete(self, signature: &Signature) -> Result<Sealed<S>, PdfError> {
        self.sign(signature)?.without_timestamp()
    }

    /// Takes the signature, after it was verified over the digest of the one pass, and waits for a timestamp on it.
    ///
    /// # Errors
    /// `cms.bad-signature`, `ses.bad-signature`.
    pub fn sign(self, signature: &Signature) -> Result<Signed<S>, PdfError> {
        let value = self.unsigned.finish(signature, &self.signer)?;
        Ok(Signed { waiting: self.waiting, value, timestamp: self.timestamp })
    }
}

/// A signed document that may still get a timestamp on its signature. Dropped, it leaves nothing behind.
pub struct Signed<S> {
    waiting: Waiting<S>,
    value: SignatureValue,
    timestamp: Timestamp,
}

impl<S: ReadAt> Signed<S> {
    /// What a timestamp authority is to stamp: the digest of the signature's value (RFC 3161, appendix A). SHA-256,
    /// for a signature by SM2 SM3.
    #[must_use]
    pub fn signature_digest(&self) -> Digest {
        self.value.signature_digest()
    }

    /// Adds the timestamp, after it was seen to be about this signature, and puts both in their place: level B-T.
    /// Whether the authority is believed is for whoever asked it to see.
    ///
    /// # Errors
    /// `tsp.wrong-imprint` for a timestamp on something else, the other codes of
    /// [`TimestampError`](eseal_crypto::tsp::TimestampError), `pdf.placeholder-too-small` if too little was kept
    /// ([`StampRequest::timestamp_reserve`](crate::pdf::StampRequest::timestamp_reserve)), `pdf.source-changed`,
    /// `pdf.read-failed`.
    pub fn with_timestamp(self, token: &TimestampToken) -> Result<Sealed<S>, PdfError> {
        let value = self.value.with_timestamp(token)?;
        self.waiting.finish(value.to_der())
    }

    /// Puts the signature in its place without a timestamp, for when no authority answers: level B-B.
    ///
    /// # Errors
    /// `pdf.seed-value` if the field asks for a timestamp, `pdf.source-changed`, `pdf.placeholder-too-small`,
    /// `pdf.read-failed`.
    pub fn without_timestamp(self) -> Result<Sealed<S>, PdfError> {
        if self.timestamp == Timestamp::Required {
            return Err(PdfError::SeedValue { constraint: "TimeStamp" });
        }
        self.waiting.finish(self.value.to_der())
    }
}

/// A document with a place for a timestamp over all of it (ISO 32000-2, 12.8.5). Dropped, it leaves nothing behind.
pub struct PreparedTimestamp<S>(pub(crate) Waiting<S>);

impl<S: ReadAt> PreparedTimestamp<S> {
    /// What a timestamp authority is to stamp: the digest over `/ByteRange`. SHA-256.
    #[must_use]
    pub fn digest(&self) -> &Digest {
        &self.0.digest
    }

    /// The name of the signature field.
    #[must_use]
    pub fn field(&self) -> &str {
        &self.0.revision.field
    }

    /// Puts the timestamp in its place, after it was seen to be about this document. Whether the authority is believed is
    /// for whoever asked it to see.
    ///
    /// # Errors
    /// `tsp.wrong-imprint` for a timestamp on something else, the other codes of
    /// [`TimestampError`](eseal_crypto::tsp::TimestampError), `pdf.placeholder-too-small`, `pdf.source-changed`,
    /// `pdf.read-failed`.
    pub fn complete(self, token: &TimestampToken) -> Result<Sealed<S>, PdfError> {
        token.verify(&self.0.digest)?;
        self.0.finish(token.to_der())
    }
}
