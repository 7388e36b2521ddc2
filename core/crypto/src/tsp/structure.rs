//! The ASN.1 of RFC 3161. `x509-tsp` has it for an older generation of `der` only, and without fractions of seconds.

use std::time::Duration;

use const_oid::ObjectIdentifier;
use der::asn1::{BitString, Int, OctetString};
use der::{Any, Sequence};
use spki::AlgorithmIdentifierOwned;
use x509_cert::ext::Extension;

use super::TimestampError;
use crate::cms::CmsError;
use crate::digest::{Digest, DigestAlgorithm};
use crate::gen_time::GenTime;

/// `MessageImprint` (RFC 3161 §2.4.1).
#[derive(Clone, Sequence)]
pub(super) struct MessageImprint {
    hash_algorithm: AlgorithmIdentifierOwned,
    hashed_message: OctetString,
}

impl MessageImprint {
    pub(super) fn of(digest: &Digest) -> der::Result<Self> {
        let hashed_message = OctetString::new(digest.as_bytes())?;
        Ok(Self { hash_algorithm: digest.algorithm().identifier(), hashed_message })
    }

    pub(super) fn digest(&self) -> Result<Digest, TimestampError> {
        let algorithm = DigestAlgorithm::from_identifier(&self.hash_algorithm).map_err(CmsError::from)?;
        Digest::from_bytes(algorithm, self.hashed_message.as_bytes())
            .map_err(|_| TimestampError::Malformed { detail: "a digest of another length" })
    }
}

/// `TimeStampReq` (RFC 3161 §2.4.1).
#[derive(Clone, Sequence)]
pub(super) struct TimeStampReq {
    pub(super) version: u8,
    pub(super) message_imprint: MessageImprint,
    #[asn1(optional = "true")]
    pub(super) req_policy: Option<ObjectIdentifier>,
    #[asn1(optional = "true")]
    pub(super) nonce: Option<Int>,
    #[asn1(default = "Default::default")]
    pub(super) cert_req: bool,
    #[asn1(context_specific = "0", tag_mode = "IMPLICIT", optional = "true")]
    pub(super) extensions: Option<Vec<Extension>>,
}

/// `TimeStampResp` (RFC 3161 §2.4.2).
#[derive(Sequence)]
pub(super) struct TimeStampResp {
    pub(super) status: PkiStatusInfo,
    #[asn1(optional = "true")]
    pub(super) time_stamp_token: Option<Any>,
}

/// `PKIStatusInfo` (RFC 3161 §2.4.2).
#[derive(Sequence)]
pub(super) struct PkiStatusInfo {
    pub(super) status: u8,
    #[asn1(optional = "true")]
    pub(super) status_string: Option<Vec<String>>,
    #[asn1(optional = "true")]
    pub(super) fail_info: Option<BitString>,
}

/// `TSTInfo` (RFC 3161 §2.4.2).
#[derive(Clone, Sequence)]
pub(super) struct TstInfo {
    pub(super) version: u8,
    pub(super) policy: ObjectIdentifier,
    pub(super) message_imprint: MessageImprint,
    pub(super) serial_number: Int,
    pub(super) gen_time: GenTime,
    #[asn1(optional = "true")]
    pub(super) accuracy: Option<Accuracy>,
    #[asn1(default = "Default::default")]
    pub(super) ordering: bool,
    #[asn1(optional = "true")]
    pub(super) nonce: Option<Int>,
    #[asn1(context_specific = "0", tag_mode = "EXPLICIT", optional = "true")]
    pub(super) tsa: Option<Any>,
    #[asn1(context_specific = "1", tag_mode = "IMPLICIT", optional = "true")]
    pub(super) extensions: Option<Vec<Extension>>,
}

/// `Accuracy` (RFC 3161 §2.4.2).
#[derive(Clone, Copy, Sequence)]
pub(super) struct Accuracy {
    #[asn1(optional = "true")]
    pub(super) seconds: Option<u32>,
    #[asn1(context_specific = "0", tag_mode = "IMPLICIT", optional = "true")]
    pub(super) millis: Option<u16>,
    #[asn1(context_specific = "1", tag_mode = "IMPLICIT", optional = "true")]
    pub(super) micros: Option<u16>,
}

impl Accuracy {
    pub(super) fn to_duration(self) -> Duration {
        Duration::from_secs(self.seconds.unwrap_or_default().into())
            + Duration::from_millis(self.millis.unwrap_or_default().into())
            + Duration::from_micros(self.micros.unwrap_or_default().into())
    }
}
