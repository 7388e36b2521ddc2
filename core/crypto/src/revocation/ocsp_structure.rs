//! The ASN.1 of RFC 6960. `x509-ocsp` has it for an older generation of `der` only.

use const_oid::ObjectIdentifier;
use der::asn1::{BitString, OctetString};
use der::{Any, Enumerated, Sequence};
use spki::AlgorithmIdentifierOwned;
use x509_cert::ext::Extension;

use super::cert_id::CertId;
use super::ocsp_choice::{CertStatus, ResponderId};
use crate::gen_time::GenTime;

/// `OCSPRequest` (RFC 6960 §4.1.1).
#[derive(Sequence)]
pub(super) struct OcspRequestStructure {
    pub(super) tbs_request: TbsRequest,
    /// Who asks is of no interest.
    #[asn1(context_specific = "0", tag_mode = "EXPLICIT", optional = "true")]
    pub(super) signature: Option<Any>,
}

/// `TBSRequest`.
#[derive(Sequence)]
pub(super) struct TbsRequest {
    #[asn1(context_specific = "0", tag_mode = "EXPLICIT", default = "Default::default")]
    pub(super) version: u8,
    #[asn1(context_specific = "1", tag_mode = "EXPLICIT", optional = "true")]
    pub(super) requestor_name: Option<Any>,
    pub(super) request_list: Vec<SingleRequest>,
    #[asn1(context_specific = "2", tag_mode = "EXPLICIT", optional = "true")]
    pub(super) extensions: Option<Vec<Extension>>,
}

/// `Request`.
#[derive(Sequence)]
pub(super) struct SingleRequest {
    pub(super) cert_id: CertId,
    #[asn1(context_specific = "0", tag_mode = "EXPLICIT", optional = "true")]
    pub(super) extensions: Option<Vec<Extension>>,
}

/// `OCSPResponse` (RFC 6960 §4.2.1).
#[derive(Sequence)]
pub(super) struct OcspResponseStructure {
    pub(super) status: ResponseStatus,
    #[asn1(context_specific = "0", tag_mode = "EXPLICIT", optional = "true")]
    pub(super) bytes: Option<ResponseBytes>,
}

/// `OCSPResponseStatus`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enumerated)]
#[asn1(type = "ENUMERATED")]
#[repr(u8)]
pub(super) enum ResponseStatus {
    Successful = 0,
    MalformedRequest = 1,
    InternalError = 2,
    TryLater = 3,
    SigRequired = 5,
    Unauthorized = 6,
}

/// `ResponseBytes`.
#[derive(Sequence)]
pub(super) struct ResponseBytes {
    pub(super) response_type: ObjectIdentifier,
    pub(super) response: OctetString,
}

/// `BasicOCSPResponse`, the signed part as it arrived.
#[derive(Sequence)]
pub(super) struct BasicOcspResponse {
    pub(super) tbs_response_data: Any,
    pub(super) signature_algorithm: AlgorithmIdentifierOwned,
    pub(super) signature: BitString,
    #[asn1(context_specific = "0", tag_mode = "EXPLICIT", optional = "true")]
    pub(super) certs: Option<Vec<Any>>,
}

/// `ResponseData`.
#[derive(Sequence)]
pub(super) struct ResponseData {
    #[asn1(context_specific = "0", tag_mode = "EXPLICIT", default = "Default::default")]
    pub(super) version: u8,
    pub(super) responder_id: ResponderId,
    pub(super) produced_at: GenTime,
    pub(super) responses: Vec<SingleResponse>,
    #[asn1(context_specific = "1", tag_mode = "EXPLICIT", optional = "true")]
    pub(super) extensions: Option<Vec<Extension>>,
}

/// `SingleResponse`.
#[derive(Clone, Sequence)]
pub(super) struct SingleResponse {
    pub(super) cert_id: CertId,
    pub(super) cert_status: CertStatus,
    pub(super) this_update: GenTime,
    #[asn1(context_specific = "0", tag_mode = "EXPLICIT", optional = "true")]
    pub(super) next_update: Option<GenTime>,
    #[asn1(context_specific = "1", tag_mode = "EXPLICIT", optional = "true")]
    pub(super) extensions: Option<Vec<Extension>>,
}

/// `RevokedInfo`.
#[derive(Clone, Sequence)]
pub(super) struct RevokedInfo {
    pub(super) revocation_time: GenTime,
    #[asn1(context_specific = "0", tag_mode = "EXPLICIT", optional = "true")]
    pub(super) revocation_reason: Option<ReasonCode>,
}

/// `CRLReason` (RFC 5280 §5.3.1), any number: a reason that is not known takes the certificate back all the same.
#[derive(Clone, Copy)]
pub(super) struct ReasonCode(pub(super) u8);

impl der::FixedTag for ReasonCode {
    const TAG: der::Tag = der::Tag::Enumerated;
}

impl<'a> der::DecodeValue<'a> for ReasonCode {
    type Error = der::Error;

    fn decode_value<R: der::Reader<'a>>(reader: &mut R, header: der::Header) -> der::Result<Self> {
        match reader.read_vec(header.length())?.as_slice() {
            [code] => Ok(Self(*code)),
            _ => Err(der::ErrorKind::Value { tag: der::Tag::Enumerated }.into()),
        }
    }
}

impl der::EncodeValue for ReasonCode {
    fn value_len(&self) -> der::Result<der::Length> {
        Ok(der::Length::ONE)
    }

    fn encode_value(&self, writer: &mut impl der::Writer) -> der::Result<()> {
        writer.write_byte(self.0)
    }
}
