//! What the journal says: how the file ended, and what is to come behind it.

use std::io;

use eseal_crypto::digest::{Digest, DigestAlgorithm};

use super::{MAX_APPENDED_BYTES, Recovery};
use crate::source::ReadAt;

/// Names the format and its version. The line ends and the control character show a transfer that changed them.
const MAGIC: &[u8; 16] = b"eSealAppend\r\n\x1a\n\x01";
/// How much of the old file's end is recognised again.
const TAIL: u64 = 4 << 10;
const DIGEST: usize = 32;
const HEADER: usize = MAGIC.len() + 8 + DIGEST + 8;

/// Most bytes of an encoded record.
pub(super) const MAX_RECORD_BYTES: usize = HEADER + MAX_APPENDED_BYTES + DIGEST;

/// One append.
///
/// Encoded, numbers most significant byte first: magic and version (16 bytes), length of the old file (8), SHA-256 of its
/// last 4 KiB (32), length of the new bytes (8), the new bytes, SHA-256 of all of that (32).
///
/// The bytes themselves are in it, not only their digest: so a part of them can be told from what somebody else has put
/// behind the file since, which is never cut off.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Record<'a> {
    /// Length of the old file, bytes.
    pub(super) size: u64,
    tail: Digest,
    appended: &'a [u8],
}

impl<'a> Record<'a> {
    pub(super) fn of(file: &(impl ReadAt + ?Sized), size: u64, appended: &'a [u8]) -> io::Result<Self> {
        Ok(Self { size, tail: tail_digest(file, size)?, appended })
    }

    pub(super) fn encode(&self) -> Vec<u8> {
        let mut record = Vec::with_capacity(HEADER + self.appended.len() + DIGEST);
        record.extend_from_slice(MAGIC);
        record.extend_from_slice(&self.size.to_be_bytes());
        record.extend_from_slice(self.tail.as_bytes());
        record.extend_from_slice(&(self.appended.len() as u64).to_be_bytes());
        record.extend_from_slice(self.appended);
        let check = Digest::of(DigestAlgorithm::Sha256, &record);
        record.extend_from_slice(check.as_bytes());
        record
    }

    /// `None` for a record that is not all there.
    pub(super) fn decode(bytes: &'a [u8]) -> Option<Self> {
        let (said, check) = bytes.split_at_checked(bytes.len().checked_sub(DIGEST)?)?;
        if Digest::of(DigestAlgorithm::Sha256, said).as_bytes() != check {
            return None;
        }
        let rest = said.strip_prefix(MAGIC)?;
        let (size, rest) = rest.split_first_chunk::<8>()?;
        let (tail, rest) = rest.split_first_chunk::<DIGEST>()?;
        let (length, appended) = rest.split_first_chunk::<8>()?;
        if u64::from_be_bytes(*length) != appended.len() as u64 {
            return None;
        }
        let tail = Digest::from_bytes(DigestAlgorithm::Sha256, tail).ok()?;
        Some(Self { size: u64::from_be_bytes(*size), tail, appended })
    }

    /// How far the append came in this file.
    pub(super) fn compare(&self, file: &(impl ReadAt + ?Sized)) -> io::Result<Recovery> {
        let Some(more) = file.size()?.checked_sub(self.size) else { return Ok(Recovery::Foreign) };
        if tail_digest(file, self.size)? != self.tail {
            return Ok(Recovery::Foreign);
        }
        let Some(expected) = usize::try_from(more).ok().and_then(|more| self.appended.get(..more)) else {
            return Ok(Recovery::Foreign);
        };
        if expected.is_empty() {
            return Ok(Recovery::Old);
        }
        let mut there = vec![0; expected.len()];
        file.read_exact_at(self.size, &mut there)?;
        if there == self.appended {
            return Ok(Recovery::New);
        }
        // After a power cut a file can have its new length before its new bytes; what is missing reads as zeros.
        let is_ours = there.iter().zip(expected).all(|(there, expected)| there == expected || *there == 0);
        Ok(if is_ours { Recovery::Trimmed } else { Recovery::Foreign })
    }
}

fn tail_digest(file: &(impl ReadAt + ?Sized), size: u64) -> io::Result<Digest> {
    let length = size.min(TAIL);
    let mut tail = vec![0; usize::try_from(length).map_err(|_| io::ErrorKind::FileTooLarge)?];
    file.read_exact_at(size - length, &mut tail)?;
    Ok(Digest::of(DigestAlgorithm::Sha256, &tail))
}

#[cfg(test)]
mod tests {
    use super::*;

    const OLD: &[u8] = b"the old file";
    const NEW: &[u8] = b"\nand its new end\0\n";

    fn record() -> Record<'static> {
        Record::of(OLD, OLD.len() as u64, NEW).unwrap()
    }

    fn compared(more: &[u8]) -> Recovery {
        record().compare(&[OLD, more].concat()).unwrap()
    }

    #[test]
    fn the_stored_format_stays_as_it_is() {
        let mut hex = String::new();
        for byte in record().encode() {
            use std::fmt::Write as _;
            write!(hex, "{byte:02x}").unwrap();
        }
        assert_eq!(
            hex,
            "655365616c417070656e640d0a1a0a01000000000000000c\
             010281adf4f639300ec300e670484008e513b0baf8b55f1b189cca3baba0e6ff\
             0000000000000012\
             0a616e6420697473206e657720656e64000a\
             5d12c5684649af3e6277036806d949cb3d0b24f61396fd5836554edd86924c02"
        );
    }

    #[test]
    fn a_record_reads_back_and_no_part_of_it_does() {
        let bytes = record().encode();
        assert_eq!(Record::decode(&bytes), Some(record()));
        for length in 0..bytes.len() {
            assert_eq!(Record::decode(&bytes[..length]), None, "{length}");
        }
        for at in 0..bytes.len() {
            let mut changed = bytes.clone();
            changed[at] ^= 1;
            assert_eq!(Record::decode(&changed), None, "{at}");
        }
    }

    #[test]
    fn every_part_of_the_new_bytes_is_recognised() {
        assert_eq!(compared(b""), Recovery::Old);
        for length in 1..NEW.len() {
            assert_eq!(compared(&NEW[..length]), Recovery::Trimmed, "{length}");
            let zeros = vec![0; length];
            assert_eq!(compared(&zeros), Recovery::Trimmed, "{length}");
        }
        assert_eq!(compared(NEW), Recovery::New);
        assert_eq!(compared(&[&NEW[..4], &vec![0; NEW.len() - 4]].concat()), Recovery::Trimmed);
    }

    #[test]
    fn what_somebody_else_wrote_is_foreign() {
        assert_eq!(compared(b"\nanother end"), Recovery::Foreign);
        assert_eq!(compared(&[NEW, b"more"].concat()), Recovery::Foreign);
        assert_eq!(record().compare(b"the other file".as_slice()).unwrap(), Recovery::Foreign);
        assert_eq!(record().compare(b"short".as_slice()).unwrap(), Recovery::Foreign);
        assert_eq!(record().compare(b"".as_slice()).unwrap(), Recovery::Foreign);
    }
}
