//! Little-endian numbers.

use super::super::error::OfdError;

/// Bytes that are read from the front.
pub(super) struct Fields<'a>(pub(super) &'a [u8]);

const SHORT: OfdError = OfdError::Malformed { what: "a record that ends too early" };

impl<'a> Fields<'a> {
    pub(super) fn bytes(&mut self, len: usize) -> Result<&'a [u8], OfdError> {
        let (taken, rest) = self.0.split_at_checked(len).ok_or(SHORT)?;
        self.0 = rest;
        Ok(taken)
    }

    fn array<const N: usize>(&mut self) -> Result<[u8; N], OfdError> {
        self.bytes(N)?.try_into().map_err(|_| SHORT)
    }

    pub(super) fn u16(&mut self) -> Result<u16, OfdError> {
        Ok(u16::from_le_bytes(self.array()?))
    }

    pub(super) fn u32(&mut self) -> Result<u32, OfdError> {
        Ok(u32::from_le_bytes(self.array()?))
    }

    pub(super) fn u64(&mut self) -> Result<u64, OfdError> {
        Ok(u64::from_le_bytes(self.array()?))
    }
}
