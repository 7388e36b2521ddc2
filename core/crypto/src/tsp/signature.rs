//! Timestamps on signatures (RFC 3161 appendix A, ETSI EN 319 122-1 §5.3).

use const_oid::db::rfc3161::ID_AA_TIME_STAMP_TOKEN;

use super::{TimestampError, TimestampToken};
use crate::cms::SignedData;

impl SignedData {
    /// The same signature with a timestamp on its value among the unsigned attributes.
    ///
    /// # Errors
    /// [`TimestampError`] when the token does not verify or is not about this signature's value
    /// ([`Self::signature_digest`]).
    pub fn with_signature_timestamp(&self, token: &TimestampToken) -> Result<Self, TimestampError> {
        token.verify(&self.signature_digest(token.digest_algorithm()))?;
        Ok(self.with_unsigned(ID_AA_TIME_STAMP_TOKEN, token.to_der())?)
    }

    /// The first timestamp on the signature's value, verified to be about it; `None` where there is none.
    ///
    /// # Errors
    /// [`TimestampError`] when it cannot be read, does not verify, or is about something else.
    pub fn signature_timestamp(&self) -> Result<Option<TimestampToken>, TimestampError> {
        let Some(der) = self.unsigned_values(ID_AA_TIME_STAMP_TOKEN).next() else { return Ok(None) };
        let token = TimestampToken::from_der(&der)?;
        token.verify(&self.signature_digest(token.digest_algorithm()))?;
        Ok(Some(token))
    }
}
