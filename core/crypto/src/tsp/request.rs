use der::asn1::Int;
use der::{Decode, Encode};
use rand_core::CryptoRng;

use super::structure::{MessageImprint, TimeStampReq};
use super::{TimestampError, TimestampToken};
use crate::digest::Digest;

/// Longest request that an authority reads, in bytes.
pub const MAX_TIMESTAMP_REQUEST_LEN: usize = 4 * 1024;

const NONCE_LEN: usize = 8;

/// A question to a timestamp authority (`TimeStampReq`, RFC 3161 §2.4.1): a digest, a nonce that the answer repeats, and
/// the wish to get the authority's certificates with it.
#[derive(Clone, Debug)]
pub struct TimestampRequest {
    der: Vec<u8>,
    imprint: Digest,
    nonce: Int,
}

impl TimestampRequest {
    /// Asks for a timestamp on what has this digest. The nonce, 62 random bits, is drawn from `rng`.
    ///
    /// # Errors
    /// [`TimestampError::Malformed`] when it cannot be encoded, which no digest brings about.
    pub fn new(imprint: Digest, rng: &mut impl CryptoRng) -> Result<Self, TimestampError> {
        let mut bytes = [0; NONCE_LEN];
        rng.fill_bytes(&mut bytes);
        // Neither negative nor of changing length.
        bytes[0] = bytes[0] & 0x3f | 0x40;
        let nonce = Int::new(&bytes)?;
        let request = TimeStampReq {
            version: 1,
            message_imprint: MessageImprint::of(&imprint)?,
            req_policy: None,
            nonce: Some(nonce.clone()),
            cert_req: true,
            extensions: None,
        };
        Ok(Self { der: request.to_der()?, imprint, nonce })
    }

    /// The DER to send, as `application/timestamp-query`.
    #[must_use]
    pub fn to_der(&self) -> &[u8] {
        &self.der
    }

    /// What the timestamp is asked for.
    #[must_use]
    pub const fn imprint(&self) -> &Digest {
        &self.imprint
    }

    /// Reads the DER answer (`application/timestamp-reply`): the token, if the authority gave one that verifies, is about
    /// the digest and repeats the nonce. Whether the authority is believed, [`crate::cert::Chain::verify`] says.
    ///
    /// # Errors
    /// [`TimestampError`].
    pub fn accept(&self, response: &[u8]) -> Result<TimestampToken, TimestampError> {
        let token = TimestampToken::from_response(response)?;
        token.verify(&self.imprint)?;
        if token.nonce() == Some(&self.nonce) { Ok(token) } else { Err(TimestampError::WrongNonce) }
    }
}

/// Reads a request as an authority does.
pub(super) fn read(der: &[u8]) -> Result<TimeStampReq, TimestampError> {
    if der.len() > MAX_TIMESTAMP_REQUEST_LEN {
        return Err(TimestampError::TooLong);
    }
    Ok(TimeStampReq::from_der(der)?)
}
