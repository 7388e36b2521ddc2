use std::fmt;

use const_oid::ObjectIdentifier;
use const_oid::db::rfc3161::ID_CT_TST_INFO;
use der::asn1::Int;
use der::{Any, Decode, Encode};

use super::TimestampError;
use super::request;
use super::status::TimestampRefusal;
use super::structure::{Accuracy, MessageImprint, PkiStatusInfo, TimeStampReq, TimeStampResp, TstInfo};
use crate::cert::{Chain, Purpose, UnixTime};
use crate::cms::SignedContent;
use crate::digest::{Digest, DigestAlgorithm};
use crate::gen_time::GenTime;
use crate::key::SigningKey;
use crate::oid::TIMESTAMP_POLICY;

/// Times are stated in whole seconds, cut off.
const ACCURACY: Accuracy = Accuracy { seconds: Some(1), millis: None, micros: None };

/// A timestamp authority: a key with a certificate for nothing else (RFC 3161 §2).
pub struct TimestampAuthority {
    key: SigningKey,
    chain: Chain,
}

/// What an authority answers.
#[derive(Clone, Debug)]
pub struct TimestampReply {
    /// The DER `TimeStampResp` to send, as `application/timestamp-reply`.
    pub der: Vec<u8>,
    /// What was stamped, or why nothing was.
    pub outcome: Result<Digest, TimestampRefusal>,
}

impl TimestampAuthority {
    /// The policy that the authority answers under, unless one is asked for.
    pub const POLICY: ObjectIdentifier = TIMESTAMP_POLICY;

    /// Takes up a key and its chain, own certificate first.
    ///
    /// # Errors
    /// [`TimestampError::WrongPurpose`] when they do not belong together or the certificate is not for timestamps alone.
    pub fn new(key: SigningKey, chain: Chain) -> Result<Self, TimestampError> {
        let is_own = chain.leaf().public_key() == Ok(key.public_key());
        if is_own && Purpose::Timestamping.is_of(chain.leaf()) {
            Ok(Self { key, chain })
        } else {
            Err(TimestampError::WrongPurpose)
        }
    }

    /// The authority's chain, own certificate first.
    #[must_use]
    pub const fn chain(&self) -> &Chain {
        &self.chain
    }

    /// The digest algorithm of a DER request: how an authority with keys of several suites chooses the one to answer with.
    /// `None` for what any of them refuses.
    #[must_use]
    pub fn asked_digest(request: &[u8]) -> Option<DigestAlgorithm> {
        asked(request).ok().map(|(_, imprint)| imprint.algorithm())
    }

    /// Answers a DER request (`TimeStampReq`) at the time `at`. `serial` must be another and larger one each time, also
    /// after a crash: it is what tells tokens apart.
    ///
    /// A request that cannot be granted is answered, too: with the refusal.
    ///
    /// # Errors
    /// [`TimestampError::TimeOutOfRange`] when the authority's certificate is not valid then; a time that cannot be
    /// encoded.
    pub fn respond(&self, request: &[u8], serial: u64, at: UnixTime) -> Result<TimestampReply, TimestampError> {
        if !self.chain.leaf().validity().includes(at) {
            return Err(TimestampError::TimeOutOfRange);
        }
        match asked(request) {
            Ok((request, imprint)) => {
                Ok(TimestampReply { der: self.grant(&request, &imprint, serial, at)?, outcome: Ok(imprint) })
            }
            Err(refusal) => Ok(TimestampReply { der: refusal.to_response()?, outcome: Err(refusal) }),
        }
    }

    fn grant(
        &self,
        request: &TimeStampReq,
        imprint: &Digest,
        serial: u64,
        at: UnixTime,
    ) -> Result<Vec<u8>, TimestampError> {
        let info = TstInfo {
            version: 1,
            policy: Self::POLICY,
            message_imprint: MessageImprint::of(imprint)?,
            serial_number: Int::from_der(&serial.to_der()?)?,
            gen_time: GenTime(at),
            accuracy: Some(ACCURACY),
            ordering: false,
            nonce: request.nonce.clone(),
            tsa: None,
            extensions: None,
        };
        let ders: Vec<_> = self.chain.ders().collect();
        let certificates = if request.cert_req { ders.as_slice() } else { &[] };
        let token = SignedContent::sign(ID_CT_TST_INFO, &info.to_der()?, &self.key, &self.chain, certificates)?;
        let token = Some(Any::from_der(&token)?);
        Ok(TimeStampResp { status: PkiStatusInfo::granted(), time_stamp_token: token }.to_der()?)
    }
}

fn asked(der: &[u8]) -> Result<(TimeStampReq, Digest), TimestampRefusal> {
    let request = request::read(der).map_err(|_| TimestampRefusal::BadDataFormat)?;
    if request.version != 1 {
        return Err(TimestampRefusal::BadRequest);
    }
    if request.req_policy.is_some_and(|policy| policy != TimestampAuthority::POLICY) {
        return Err(TimestampRefusal::UnacceptedPolicy);
    }
    if request.extensions.is_some() {
        return Err(TimestampRefusal::UnacceptedExtension);
    }
    let imprint = request.message_imprint.digest().map_err(|error| match error {
        TimestampError::Cms(_) => TimestampRefusal::BadAlgorithm,
        _ => TimestampRefusal::BadDataFormat,
    })?;
    Ok((request, imprint))
}

/// The key stays out of sight.
impl fmt::Debug for TimestampAuthority {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TimestampAuthority").field("chain", &self.chain).finish_non_exhaustive()
    }
}
