//! The bytes of an entry.

use std::io::{self, Read};

use flate2::Crc;
use flate2::read::DeflateDecoder;

use super::super::error::OfdError;
use super::{Entry, Method};
use crate::source::ReadAt;

/// How much is read and inflated at a time.
const PIECE: usize = 64 * 1024;

/// The packed bytes of an entry, front to back.
struct Packed<'a, S> {
    source: &'a S,
    at: u64,
    end: u64,
}

impl<S: ReadAt> Read for Packed<'_, S> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        let left = usize::try_from(self.end - self.at).unwrap_or(usize::MAX);
        let len = buf.len().min(left);
        self.source.read_exact_at(self.at, &mut buf[..len])?;
        self.at += len as u64;
        Ok(len)
    }
}

pub(super) fn pour<S: ReadAt>(source: &S, entry: &Entry, sink: &mut dyn FnMut(&[u8])) -> Result<(), OfdError> {
    let packed = Packed { source, at: entry.data, end: entry.data + entry.packed };
    match entry.method {
        Method::Stored => drain(packed, entry, sink),
        Method::Deflated => {
            let piece = PIECE.min(usize::try_from(entry.packed).unwrap_or(PIECE)).max(1);
            let mut inflating = DeflateDecoder::new(io::BufReader::with_capacity(piece, packed));
            drain(&mut inflating, entry, sink)?;
            if inflating.total_in() == entry.packed { Ok(()) } else { Err(NOT_AS_SAID) }
        }
    }
}

const NOT_AS_SAID: OfdError = OfdError::Malformed { what: "an entry of other length or checksum than said" };

fn drain(mut from: impl Read, entry: &Entry, sink: &mut dyn FnMut(&[u8])) -> Result<(), OfdError> {
    let mut piece = vec![0; PIECE.min(usize::try_from(entry.size).unwrap_or(PIECE)) + 1];
    let (mut crc, mut left) = (Crc::new(), entry.size);
    loop {
        let read = match from.read(&mut piece) {
            Ok(0) => break,
            Ok(read) => read,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) if matches!(error.kind(), io::ErrorKind::InvalidInput | io::ErrorKind::InvalidData) => {
                return Err(OfdError::Malformed { what: "an entry that cannot be inflated" });
            }
            Err(error) => return Err(error.into()),
        };
        // Never more than was promised: the promises were added up before.
        left = left.checked_sub(read as u64).ok_or(NOT_AS_SAID)?;
        crc.update(&piece[..read]);
        sink(&piece[..read]);
    }
    if left == 0 && crc.sum() == entry.crc { Ok(()) } else { Err(NOT_AS_SAID) }
}
