//! The ASN.1 of RFC 3161. `x509-tsp` has it for an older generation of `der` only, and without fractions of seconds.

use std::time::Duration;

use const_oid::ObjectIdentifier;
use der::asn1::{BitString, Int, OctetString};
use der::{
    Any, DateTime, DecodeValue, EncodeValue, ErrorKind, FixedTag, Header, Length, Reader, Sequence, Tag, Writer,
};
use spki::AlgorithmIdentifierOwned;
use x509_cert::ext::Extension;

use super::TimestampError;
use crate::cert::UnixTime;
use crate::cms::CmsError;
use crate::digest::{Digest, DigestAlgorithm};

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

/// `GeneralizedTime` with the fraction of a second that RFC 3161 allows and RFC 5280 does not; the fraction is dropped.
#[derive(Clone, Copy)]
pub(super) struct GenTime(pub(super) UnixTime);

const WHOLE_SECONDS: usize = "YYYYMMDDhhmmss".len();
/// With a fraction of more digits than anybody measures.
const MAX_GEN_TIME_LEN: usize = 40;

impl FixedTag for GenTime {
    const TAG: Tag = Tag::GeneralizedTime;
}

impl<'a> DecodeValue<'a> for GenTime {
    type Error = der::Error;

    fn decode_value<R: Reader<'a>>(reader: &mut R, header: Header) -> der::Result<Self> {
        let malformed = || der::Error::from(ErrorKind::Value { tag: Self::TAG });
        if usize::try_from(header.length())? > MAX_GEN_TIME_LEN {
            return Err(malformed());
        }
        let text = reader.read_vec(header.length())?;
        let (whole, rest) = text.split_at_checked(WHOLE_SECONDS).ok_or_else(malformed)?;
        let is_fraction = |digits: &[u8]| !digits.is_empty() && digits.iter().all(u8::is_ascii_digit);
        match rest {
            b"Z" => {}
            [b'.', digits @ .., b'Z'] if is_fraction(digits) => {}
            _ => return Err(malformed()),
        }
        let mut numbers = whole.chunks(2).map(|pair| match pair {
            [tens @ b'0'..=b'9', ones @ b'0'..=b'9'] => Ok((tens - b'0') * 10 + (ones - b'0')),
            _ => Err(malformed()),
        });
        let mut next = || numbers.next().ok_or_else(malformed)?;
        let year = u16::from(next()?) * 100 + u16::from(next()?);
        let time = DateTime::new(year, next()?, next()?, next()?, next()?, next()?)?;
        Ok(Self(UnixTime(time.unix_duration().as_secs())))
    }
}

impl GenTime {
    fn text(self) -> der::Result<String> {
        let time = DateTime::from_unix_duration(Duration::from_secs(self.0.0))?;
        let (year, month, day) = (time.year(), time.month(), time.day());
        Ok(format!("{year:04}{month:02}{day:02}{:02}{:02}{:02}Z", time.hour(), time.minutes(), time.seconds()))
    }
}

impl EncodeValue for GenTime {
    fn value_len(&self) -> der::Result<Length> {
        Length::try_from(self.text()?.len())
    }

    fn encode_value(&self, writer: &mut impl Writer) -> der::Result<()> {
        writer.write(self.text()?.as_bytes())
    }
}
