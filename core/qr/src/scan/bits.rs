//! Bits of the data codewords, highest first.

/// A position in a sequence of bits.
#[derive(Debug, Clone)]
pub(crate) struct Bits<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Bits<'a> {
    pub(crate) const fn new(bytes: &'a [u8]) -> Self {
        Self { bytes, at: 0 }
    }

    pub(crate) const fn left(&self) -> usize {
        self.bytes.len() * 8 - self.at
    }

    /// The next `count` bits, at most 32; `None` when there are not so many.
    pub(crate) fn take(&mut self, count: usize) -> Option<u32> {
        if count > self.left() {
            return None;
        }
        let value = (self.at..self.at + count)
            .fold(0, |value, at| value << 1 | u32::from(self.bytes[at / 8] >> (7 - at % 8) & 1));
        self.at += count;
        Some(value)
    }

    /// The next byte.
    pub(crate) fn take_byte(&mut self) -> Option<u8> {
        self.take(8).and_then(|value| u8::try_from(value).ok())
    }
}
