//! `GeneralizedTime` with the fraction of a second that RFC 3161 and X.690 allow and RFC 5280 does not.

use std::time::Duration;

use der::{DateTime, DecodeValue, EncodeValue, ErrorKind, FixedTag, Header, Length, Reader, Tag, Writer};

use crate::cert::UnixTime;

/// A time that is always a `GeneralizedTime`; a fraction of a second is dropped.
#[derive(Clone, Copy)]
pub(crate) struct GenTime(pub(crate) UnixTime);

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
