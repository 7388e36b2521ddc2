//! Whole numbers in few bits: exponential Golomb codes (as in ISO/IEC 14496-10, 9.1) whose order follows the numbers.

use crate::InkError;

/// The longest run of leading zeros a code may have: numbers stay below 2^61.
const MOST_ZEROS: u32 = 60;
/// A running mean forgets half of what it has seen after this many numbers.
const MEMORY: u64 = 32;

#[derive(Debug, Default)]
pub(crate) struct BitWriter {
    bytes: Vec<u8>,
    /// Bits already used in the last byte.
    used: u32,
}

impl BitWriter {
    pub(crate) fn with_header(header: &[u8]) -> Self {
        Self { bytes: header.to_vec(), used: 8 }
    }

    pub(crate) fn bit(&mut self, bit: bool) {
        if self.used == 8 || self.bytes.is_empty() {
            self.bytes.push(0);
            self.used = 0;
        }
        if let Some(last) = self.bytes.last_mut() {
            *last |= u8::from(bit) << (7 - self.used);
        }
        self.used += 1;
    }

    /// The lowest `count` bits of a number, highest first.
    pub(crate) fn bits(&mut self, value: u64, count: u32) {
        for place in (0..count).rev() {
            self.bit(value >> place & 1 == 1);
        }
    }

    /// A number below 2^60, short where it is not far beyond 2^`order`.
    pub(crate) fn golomb(&mut self, value: u64, order: u32) {
        let high = (value >> order) + 1;
        let length = u64::BITS - high.leading_zeros();
        self.bits(0, length - 1);
        self.bits(high, length);
        self.bits(value, order);
    }

    pub(crate) fn signed(&mut self, value: i64, order: u32) {
        self.golomb(zigzag(value), order);
    }

    /// The bytes, the last filled up with zeros.
    pub(crate) fn finish(self) -> Vec<u8> {
        self.bytes
    }
}

#[derive(Debug)]
pub(crate) struct BitReader<'a> {
    bytes: &'a [u8],
    /// In bits.
    at: usize,
}

impl<'a> BitReader<'a> {
    /// What follows the header.
    pub(crate) fn after_header(bytes: &'a [u8], header: &[u8]) -> Result<Self, InkError> {
        let reader = Self { bytes, at: header.len() * 8 };
        if bytes.starts_with(header) { Ok(reader) } else { Err(InkError::Bytes { offset: 0, expected: "the header" }) }
    }

    pub(crate) fn wrong(&self, expected: &'static str) -> InkError {
        InkError::Bytes { offset: self.at / 8, expected }
    }

    pub(crate) fn bit(&mut self) -> Result<bool, InkError> {
        let byte = self.bytes.get(self.at / 8).ok_or_else(|| self.wrong("more bytes"))?;
        let bit = byte >> (7 - self.at % 8) & 1 == 1;
        self.at += 1;
        Ok(bit)
    }

    pub(crate) fn bits(&mut self, count: u32) -> Result<u64, InkError> {
        let mut value = 0;
        for _ in 0..count {
            value = value << 1 | u64::from(self.bit()?);
        }
        Ok(value)
    }

    pub(crate) fn golomb(&mut self, order: u32) -> Result<u64, InkError> {
        let mut zeros = 0;
        while !self.bit()? {
            zeros += 1;
            if zeros + order > MOST_ZEROS {
                return Err(self.wrong("a smaller number"));
            }
        }
        let high = 1_u64 << zeros | self.bits(zeros)?;
        Ok((high - 1) << order | self.bits(order)?)
    }

    pub(crate) fn signed(&mut self, order: u32) -> Result<i64, InkError> {
        Ok(unzigzag(self.golomb(order)?))
    }

    /// A count from 0 to `most`.
    pub(crate) fn count(&mut self, order: u32, most: usize) -> Result<usize, InkError> {
        let count = self.golomb(order)?;
        usize::try_from(count).ok().filter(|count| *count <= most).ok_or_else(|| self.wrong("a smaller count"))
    }

    /// Nothing may follow but the zeros that fill the last byte.
    pub(crate) fn end(&mut self) -> Result<(), InkError> {
        while !self.at.is_multiple_of(8) {
            if self.bit()? {
                return Err(self.wrong("zeros to the end of the byte"));
            }
        }
        if self.at / 8 == self.bytes.len() { Ok(()) } else { Err(self.wrong("the end")) }
    }
}

/// Follows the size of numbers, so that writer and reader agree on the order of the next code without saying it.
#[derive(Debug)]
pub(crate) struct Order {
    sum: u64,
    count: u64,
}

impl Order {
    /// Starts where numbers of about this size are expected.
    pub(crate) const fn expecting(size: u64) -> Self {
        Self { sum: size, count: 1 }
    }

    pub(crate) fn get(&self) -> u32 {
        (self.sum / self.count).checked_ilog2().unwrap_or(0).min(MOST_ZEROS / 2)
    }

    /// `value` was written or read.
    pub(crate) fn learn(&mut self, value: i64) {
        self.sum = self.sum.saturating_add(zigzag(value));
        self.count += 1;
        if self.count > MEMORY {
            self.sum /= 2;
            self.count /= 2;
        }
    }
}

/// 0, −1, 1, −2, … as 0, 1, 2, 3, …
const fn zigzag(value: i64) -> u64 {
    (value.cast_unsigned() << 1) ^ (value >> 63).cast_unsigned()
}

const fn unzigzag(value: u64) -> i64 {
    (value >> 1).cast_signed() ^ -((value & 1).cast_signed())
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "test code")]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn numbers_come_back(values in prop::collection::vec((-(1_i64 << 55)..1 << 55, 0..4_u32), 0..50)) {
            let mut writer = BitWriter::with_header(b"");
            let values: Vec<i64> = values.iter().map(|(value, shrink)| value >> (shrink * 16)).collect();
            let mut order = Order::expecting(8);
            for value in &values {
                writer.signed(*value, order.get());
                order.learn(*value);
            }
            let bytes = writer.finish();
            let mut reader = BitReader::after_header(&bytes, b"").unwrap();
            let mut order = Order::expecting(8);
            for value in &values {
                prop_assert_eq!(reader.signed(order.get()).unwrap(), *value);
                order.learn(*value);
            }
            prop_assert_eq!(reader.end(), Ok(()));
        }
    }

    #[test]
    fn short_numbers_are_short() {
        let length = |value, order| {
            let mut writer = BitWriter::with_header(b"");
            writer.golomb(value, order);
            writer.finish().len()
        };
        assert_eq!((length(0, 0), length(127, 7), length(127, 6), length(1 << 50, 0)), (1, 1, 2, 13));
    }
}
