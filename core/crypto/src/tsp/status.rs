use std::fmt;

use der::Encode;
use der::asn1::BitString;

use super::TimestampError;
use super::structure::{PkiStatusInfo, TimeStampResp};

/// Why a timestamp authority gives no timestamp (`PKIFailureInfo`, RFC 3161 §2.4.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TimestampRefusal {
    /// The digest algorithm is unknown or not supported.
    BadAlgorithm,
    /// The transaction is not permitted or supported.
    BadRequest,
    /// The request has the wrong format.
    BadDataFormat,
    /// The authority's time source is not available.
    TimeNotAvailable,
    /// The asked policy is not supported.
    UnacceptedPolicy,
    /// An asked extension is not supported.
    UnacceptedExtension,
    /// Asked additional information is not available.
    AdditionalInfoNotAvailable,
    /// The authority has failed.
    SystemFailure,
    /// The authority does not say why.
    Unstated,
}

const BITS: [(usize, TimestampRefusal); 8] = [
    (0, TimestampRefusal::BadAlgorithm),
    (2, TimestampRefusal::BadRequest),
    (5, TimestampRefusal::BadDataFormat),
    (14, TimestampRefusal::TimeNotAvailable),
    (15, TimestampRefusal::UnacceptedPolicy),
    (16, TimestampRefusal::UnacceptedExtension),
    (17, TimestampRefusal::AdditionalInfoNotAvailable),
    (25, TimestampRefusal::SystemFailure),
];

const GRANTED: u8 = 0;
const GRANTED_WITH_MODS: u8 = 1;
const REJECTION: u8 = 2;

impl TimestampRefusal {
    /// Whether the same request may be granted later.
    #[must_use]
    pub const fn is_temporary(self) -> bool {
        matches!(self, Self::TimeNotAvailable | Self::SystemFailure)
    }

    fn of(fail_info: Option<&BitString>) -> Self {
        let is_set = |bit: usize| fail_info.is_some_and(|info| info.bits().nth(bit) == Some(true));
        BITS.into_iter().find(|(bit, _)| is_set(*bit)).map_or(Self::Unstated, |(_, refusal)| refusal)
    }

    /// The whole response that refuses.
    pub(super) fn to_response(self) -> Result<Vec<u8>, TimestampError> {
        let bit = BITS.into_iter().find(|(_, refusal)| *refusal == self).map(|(bit, _)| bit);
        let fail_info = bit.map(bit_string).transpose()?;
        let status = PkiStatusInfo { status: REJECTION, status_string: None, fail_info };
        Ok(TimeStampResp { status, time_stamp_token: None }.to_der()?)
    }
}

/// One bit set, and as DER wants it no zeros after it.
fn bit_string(bit: usize) -> der::Result<BitString> {
    let mut bytes = vec![0; bit / 8 + 1];
    if let Some(last) = bytes.last_mut() {
        *last = 0x80 >> (bit % 8);
    }
    let unused = u8::try_from(7 - bit % 8)?;
    BitString::new(unused, bytes)
}

impl PkiStatusInfo {
    pub(super) const fn granted() -> Self {
        Self { status: GRANTED, status_string: None, fail_info: None }
    }

    pub(super) fn check(&self) -> Result<(), TimestampError> {
        match self.status {
            GRANTED | GRANTED_WITH_MODS => Ok(()),
            _ => Err(TimestampError::Refused { reason: TimestampRefusal::of(self.fail_info.as_ref()) }),
        }
    }
}

impl fmt::Display for TimestampRefusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::BadAlgorithm => "digest algorithm not supported",
            Self::BadRequest => "request not permitted",
            Self::BadDataFormat => "request of a wrong format",
            Self::TimeNotAvailable => "no time source",
            Self::UnacceptedPolicy => "policy not supported",
            Self::UnacceptedExtension => "extension not supported",
            Self::AdditionalInfoNotAvailable => "additional information not available",
            Self::SystemFailure => "failure of the authority",
            Self::Unstated => "no reason given",
        })
    }
}
