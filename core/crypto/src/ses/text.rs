//! Texts and times, whose kinds in the field are not always those of the standards.

use der::asn1::{Ia5StringRef, PrintableStringRef, UtcTime, Utf8StringRef};
use der::{Any, Decode, Encode, Length, Reader, Tag, Tagged, Writer};

use super::SesError;
use crate::cert::UnixTime;
use crate::gen_time::GenTime;

/// A text of any usual kind.
#[derive(Clone)]
pub(super) struct Text {
    any: Any,
    value: String,
}

impl Text {
    /// `IA5String`, as the standards have it for identifiers.
    pub(super) fn ia5(value: &str) -> Result<Self, SesError> {
        let unfit = |_| SesError::CannotWrite { detail: "a text that is not ASCII" };
        Ok(Self { any: Any::encode_from(&Ia5StringRef::new(value).map_err(unfit)?)?, value: value.to_owned() })
    }

    /// `UTF8String`, as the standards have it for names.
    pub(super) fn utf8(value: &str) -> Result<Self, SesError> {
        Ok(Self { any: Any::encode_from(&Utf8StringRef::new(value)?)?, value: value.to_owned() })
    }

    /// `PrintableString`, as the standards have it for the names of digests.
    pub(super) fn printable(value: &str) -> Result<Self, SesError> {
        let unfit = |_| SesError::CannotWrite { detail: "a name of a digest" };
        Ok(Self { any: Any::encode_from(&PrintableStringRef::new(value).map_err(unfit)?)?, value: value.to_owned() })
    }

    pub(super) fn into_string(self) -> String {
        self.value
    }
}

impl<'a> Decode<'a> for Text {
    type Error = der::Error;

    fn decode<R: Reader<'a>>(reader: &mut R) -> der::Result<Self> {
        let any = Any::decode(reader)?;
        let tag = any.tag();
        match tag {
            Tag::Ia5String | Tag::Utf8String | Tag::PrintableString | Tag::VisibleString => {
                let value = String::from_utf8(any.value().to_vec()).map_err(|_| der::ErrorKind::Value { tag })?;
                Ok(Self { any, value })
            }
            _ => Err(der::ErrorKind::TagUnexpected { expected: None, actual: tag }.into()),
        }
    }
}

impl Encode for Text {
    fn encoded_len(&self) -> der::Result<Length> {
        self.any.encoded_len()
    }

    fn encode(&self, encoder: &mut impl Writer) -> der::Result<()> {
        self.any.encode(encoder)
    }
}

/// A `UTCTime` or a `GeneralizedTime`; written as the latter.
#[derive(Clone, Copy)]
pub(super) struct SesTime(pub(super) UnixTime);

impl<'a> Decode<'a> for SesTime {
    type Error = der::Error;

    fn decode<R: Reader<'a>>(reader: &mut R) -> der::Result<Self> {
        let any = Any::decode(reader)?;
        if any.tag() == Tag::UtcTime {
            let time = any.decode_as::<UtcTime>()?;
            return Ok(Self(UnixTime(time.to_unix_duration().as_secs())));
        }
        Ok(Self(any.decode_as::<GenTime>()?.0))
    }
}

impl Encode for SesTime {
    fn encoded_len(&self) -> der::Result<Length> {
        GenTime(self.0).encoded_len()
    }

    fn encode(&self, encoder: &mut impl Writer) -> der::Result<()> {
        GenTime(self.0).encode(encoder)
    }
}

const SECONDS_OF_DAY: u64 = 24 * 60 * 60;
/// China Standard Time is eight hours ahead.
const CHINA_AHEAD_S: u64 = 8 * 60 * 60;

/// `yyyy-MM-dd HH:mm:ss`, which stands for the time in some signatures of GM/T 0031-2014, as China's clocks show it.
pub(super) fn local_time(text: &str) -> Option<UnixTime> {
    let (date, time) = text.trim().split_once(' ')?;
    let numbers = |text: &str, by: char| -> Option<[u16; 3]> {
        let parts = text.split(by).map(|part| part.parse().ok()).collect::<Option<Vec<u16>>>()?;
        parts.try_into().ok()
    };
    let ([year, month, day], [hour, minute, second]) = (numbers(date, '-')?, numbers(time, ':')?);
    let byte = |number: u16| u8::try_from(number).ok();
    let (month, day) = (byte(month)?, byte(day)?);
    let time = der::DateTime::new(year, month, day, byte(hour)?, byte(minute)?, byte(second)?).ok()?;
    time.unix_duration().as_secs().checked_sub(CHINA_AHEAD_S).filter(|seconds| *seconds > SECONDS_OF_DAY).map(UnixTime)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_the_clocks_of_china() {
        assert_eq!(local_time("2020-10-23 19:45:37"), Some(UnixTime(1_603_453_537)));
        for bad in ["", "2020-10-23", "2020-10-23T19:45:37", "2020-13-23 19:45:37", "2020-10-23 19:45", "a-b-c d:e:f"] {
            assert_eq!(local_time(bad), None, "{bad}");
        }
    }
}
