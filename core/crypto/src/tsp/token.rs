use std::fmt;
use std::time::Duration;

use const_oid::ObjectIdentifier;
use const_oid::db::rfc3161::ID_CT_TST_INFO;
use der::asn1::Int;
use der::{Decode, Encode};

use super::TimestampError;
use super::structure::{TimeStampResp, TstInfo};
use crate::cert::{Certificate, Chain, Purpose, UnixTime};
use crate::cms::SignedContent;
use crate::digest::{Digest, DigestAlgorithm};

/// Longest answer of a timestamp authority that is read, in bytes: several times those of public authorities.
pub const MAX_TIMESTAMP_RESPONSE_LEN: usize = 64 * 1024;

/// A timestamp (`TimeStampToken`, RFC 3161 §2.4.2): an authority's signed word that something of this digest existed at a
/// time. [`Self::verify`] says whether it holds, [`Chain::verify`] for [`Purpose::Timestamping`] whether the authority is
/// believed.
#[derive(Clone)]
pub struct TimestampToken {
    signed: SignedContent,
    info: TstInfo,
    imprint: Digest,
}

impl TimestampToken {
    /// Reads a DER token: a `ContentInfo` with a `SignedData` around a `TSTInfo`.
    ///
    /// # Errors
    /// [`TimestampError::Malformed`], or [`TimestampError::Cms`] for what is around it and for a weak or unknown digest
    /// algorithm.
    pub fn from_der(der: &[u8]) -> Result<Self, TimestampError> {
        Self::new(SignedContent::from_der(der, ID_CT_TST_INFO)?)
    }

    /// As [`Self::from_der`], with zero bytes allowed after the end, as a document timestamp stands in its place in a PDF.
    ///
    /// # Errors
    /// As [`Self::from_der`].
    pub fn from_padded_der(der: &[u8]) -> Result<Self, TimestampError> {
        Self::new(SignedContent::from_padded_der(der, ID_CT_TST_INFO)?)
    }

    /// Reads the token of a DER response (`TimeStampResp`, RFC 3161 §2.4.2) after its status.
    ///
    /// # Errors
    /// [`TimestampError::TooLong`], [`TimestampError::Refused`], or as [`Self::from_der`].
    pub fn from_response(der: &[u8]) -> Result<Self, TimestampError> {
        if der.len() > MAX_TIMESTAMP_RESPONSE_LEN {
            return Err(TimestampError::TooLong);
        }
        let response = TimeStampResp::from_der(der)?;
        response.status.check()?;
        let token = response.time_stamp_token.ok_or(TimestampError::Malformed { detail: "granted without a token" })?;
        Self::from_der(&token.to_der()?)
    }

    fn new(signed: SignedContent) -> Result<Self, TimestampError> {
        let info = TstInfo::from_der(signed.content())?;
        if info.version != 1 {
            return Err(TimestampError::Malformed { detail: "another version" });
        }
        let is_critical = |extensions: &Vec<_>| extensions.iter().any(|one: &x509_cert::ext::Extension| one.critical);
        if info.extensions.as_ref().is_some_and(is_critical) {
            return Err(TimestampError::Malformed { detail: "a critical extension" });
        }
        let imprint = info.message_imprint.digest()?;
        Ok(Self { signed, info, imprint })
    }

    /// The DER token.
    #[must_use]
    pub fn to_der(&self) -> &[u8] {
        self.signed.to_der()
    }

    /// Whether it is about the thing of this digest, its signature holds and names the authority's certificate (RFC 5816
    /// §2.2.1), and that certificate is for timestamps alone (RFC 3161 §2.3).
    ///
    /// # Errors
    /// [`TimestampError::WrongImprint`], [`TimestampError::Cms`]; or [`TimestampError::WrongPurpose`], if all else holds.
    pub fn verify(&self, imprint: &Digest) -> Result<(), TimestampError> {
        self.signed.verify()?;
        if self.imprint != *imprint {
            return Err(TimestampError::WrongImprint);
        }
        if Purpose::Timestamping.is_of(self.authority()) { Ok(()) } else { Err(TimestampError::WrongPurpose) }
    }

    /// The digest algorithm by which [`Self::verify`] wants the thing digested.
    #[must_use]
    pub const fn digest_algorithm(&self) -> DigestAlgorithm {
        self.imprint.algorithm()
    }

    /// When, in whole seconds: a fraction that the authority states is cut off.
    #[must_use]
    pub const fn time(&self) -> UnixTime {
        self.info.gen_time.0
    }

    /// By how much the time may be off to either side, where the authority says so.
    #[must_use]
    pub fn accuracy(&self) -> Option<Duration> {
        Some(self.info.accuracy?.to_duration())
    }

    /// The number that the authority gave this token: big-endian, as DER holds it.
    #[must_use]
    pub fn serial(&self) -> &[u8] {
        self.info.serial_number.as_bytes()
    }

    /// The policy under which the authority answered.
    #[must_use]
    pub const fn policy(&self) -> ObjectIdentifier {
        self.info.policy
    }

    /// The authority's certificate.
    #[must_use]
    pub const fn authority(&self) -> &Certificate {
        self.chain().leaf()
    }

    /// The authority's certificate and those, of the ones the token carries, that lead on from it, each signed by the next.
    #[must_use]
    pub const fn chain(&self) -> &Chain {
        self.signed.chain()
    }

    /// Every certificate that the token carries, in no order.
    #[must_use]
    pub fn certificates(&self) -> &[Certificate] {
        self.signed.certificates()
    }

    pub(super) const fn nonce(&self) -> Option<&Int> {
        self.info.nonce.as_ref()
    }
}

impl fmt::Debug for TimestampToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = f.debug_struct("TimestampToken");
        shown.field("time", &self.time()).field("imprint", &self.imprint).field("authority", self.authority());
        shown.finish_non_exhaustive()
    }
}
