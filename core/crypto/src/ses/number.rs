use std::fmt;
use std::str::FromStr;

/// The number of a seal (`esID`) as it is in the field: fourteen digits, an administrative division's six (GB/T 2260) and eight more.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct SealNumber(String);

/// A text that is not fourteen digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a seal's number is fourteen digits")]
pub struct NotASealNumber;

impl SealNumber {
    const LEN: usize = 14;
    /// Jiangxi's division, for numbers that nobody chose.
    const PROVINCE: &str = "360000";

    /// A number for a seal that has none, from eight random bytes. Nobody but a register can keep two from being the same.
    #[must_use]
    pub fn drawn(random: [u8; 8]) -> Self {
        Self(format!("{}{:08}", Self::PROVINCE, u64::from_le_bytes(random) % 100_000_000))
    }

    /// The digits.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for SealNumber {
    type Err = NotASealNumber;

    fn from_str(text: &str) -> Result<Self, NotASealNumber> {
        let is_number = text.len() == Self::LEN && text.bytes().all(|byte| byte.is_ascii_digit());
        if is_number { Ok(Self(text.to_owned())) } else { Err(NotASealNumber) }
    }
}

impl fmt::Display for SealNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_fourteen_digits() {
        assert_eq!("36010000000001".parse::<SealNumber>().unwrap().as_str(), "36010000000001");
        for wrong in ["", "3601000000000", "360100000000011", "3601000000000a", "３６０１００００"] {
            assert!(wrong.parse::<SealNumber>().is_err(), "{wrong}");
        }
        for random in [[0; 8], [255; 8], [1, 2, 3, 4, 5, 6, 7, 8]] {
            let drawn = SealNumber::drawn(random);
            assert_eq!(drawn.as_str().parse(), Ok(drawn.clone()));
        }
    }
}
