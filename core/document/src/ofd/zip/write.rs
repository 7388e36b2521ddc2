//! A new archive from an old one: what stays is copied as it lies there, not packed anew.

use std::io::Write;

use flate2::Crc;
use flate2::write::DeflateEncoder;

use super::super::error::OfdError;
use super::super::limits::MAX_PACKAGE_LEN;
use super::directory::{FLAG_UTF_8, RECORD};
use super::{Archive, Entry};
use crate::source::ReadAt;

/// Some readers know no other name of the version that packs by deflating.
const VERSION: u16 = 20;
/// 1980-01-01, the first day of zip files: packages say elsewhere when they were sealed.
const DATE: [u8; 4] = [0, 0, 0x21, 0];
const PIECE: usize = 256 * 1024;

/// A file that is added, or replaces the one of its name.
#[derive(Debug, Clone)]
pub(crate) struct NewEntry {
    pub(crate) name: String,
    pub(crate) bytes: Vec<u8>,
}

/// An archive to be written.
pub(crate) struct Rewrite<'a, S> {
    old: &'a Archive<S>,
    new: &'a [NewEntry],
    gone: &'a [String],
}

impl<'a, S: ReadAt> Rewrite<'a, S> {
    /// That archive with these files, and without those.
    pub(crate) const fn new(old: &'a Archive<S>, new: &'a [NewEntry], gone: &'a [String]) -> Self {
        Self { old, new, gone }
    }

    /// Writes the archive.
    ///
    /// # Errors
    /// Reading and limits by [`OfdError`]; what the sink answered as [`OfdError::Write`].
    pub(crate) fn write_to(&self, sink: &mut impl Write) -> Result<(), OfdError> {
        let mut at = 0;
        let mut directory = Vec::new();
        let mut entries = 0_u64;
        let is_new = |entry: &&Entry| self.new.iter().any(|new| new.name == entry.name);
        let stays = |entry: &&Entry| !is_new(entry) && !self.gone.contains(&entry.name);
        for entry in self.old.entries.iter().filter(stays) {
            self.copy(entry, sink)?;
            list(&mut directory, &entry.record, at)?;
            at += entry.end - entry.start;
            entries += 1;
        }
        for entry in self.new {
            let (local, record) = pack(entry)?;
            sink.write_all(&local).map_err(OfdError::Write)?;
            list(&mut directory, &record, at)?;
            at += local.len() as u64;
            entries += 1;
        }
        sink.write_all(&directory).map_err(OfdError::Write)?;
        sink.write_all(&end(entries, directory.len() as u64, at)?).map_err(OfdError::Write)
    }

    fn copy(&self, entry: &Entry, sink: &mut impl Write) -> Result<(), OfdError> {
        let mut piece = vec![0; PIECE.min(usize::try_from(entry.end - entry.start).unwrap_or(PIECE))];
        let mut at = entry.start;
        while at < entry.end {
            let len = piece.len().min(usize::try_from(entry.end - at).unwrap_or(usize::MAX));
            self.old.source.read_exact_at(at, &mut piece[..len])?;
            sink.write_all(&piece[..len]).map_err(OfdError::Write)?;
            at += len as u64;
        }
        Ok(())
    }
}

const TOO_LONG: OfdError = OfdError::LimitExceeded { what: "length" };

/// A record of the directory, with the place where its entry is now.
fn list(directory: &mut Vec<u8>, record: &[u8], at: u64) -> Result<(), OfdError> {
    let at = u32::try_from(at).ok().filter(|at| u64::from(*at) < MAX_PACKAGE_LEN).ok_or(TOO_LONG)?;
    directory.extend_from_slice(&record[..42]);
    directory.extend_from_slice(&at.to_le_bytes());
    directory.extend_from_slice(&record[46..]);
    Ok(())
}

/// An entry with its header, and its record.
fn pack(entry: &NewEntry) -> Result<(Vec<u8>, Vec<u8>), OfdError> {
    let mut deflating = DeflateEncoder::new(Vec::new(), flate2::Compression::default());
    deflating.write_all(&entry.bytes).map_err(OfdError::Write)?;
    let packed = deflating.finish().map_err(OfdError::Write)?;
    let mut crc = Crc::new();
    crc.update(&entry.bytes);
    let length = |bytes: &[u8]| u32::try_from(bytes.len()).map_err(|_| TOO_LONG);
    let name_len = u16::try_from(entry.name.len()).map_err(|_| TOO_LONG)?;
    let mut common = Vec::new();
    for short in [VERSION, FLAG_UTF_8, 8] {
        common.extend_from_slice(&short.to_le_bytes());
    }
    common.extend_from_slice(&DATE);
    for long in [crc.sum(), length(&packed)?, length(&entry.bytes)?] {
        common.extend_from_slice(&long.to_le_bytes());
    }
    common.extend_from_slice(&name_len.to_le_bytes());
    common.extend_from_slice(&[0, 0]);
    let name = entry.name.as_bytes();
    let local = [b"PK\x03\x04", common.as_slice(), name, &packed].concat();
    let record = [RECORD, &VERSION.to_le_bytes()[..], &common, &[0; 14], name].concat();
    Ok((local, record))
}

/// The record at the end; one of 64 bits before it where there are more entries than it can count.
fn end(entries: u64, len: u64, at: u64) -> Result<Vec<u8>, OfdError> {
    let number = |long: u64| u32::try_from(long).map_err(|_| TOO_LONG);
    let mut end = Vec::new();
    let short = if let Ok(short) = u16::try_from(entries) {
        short
    } else {
        end.extend_from_slice(b"PK\x06\x06");
        end.extend_from_slice(&44_u64.to_le_bytes());
        end.extend_from_slice(&[45, 0, 45, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
        for long in [entries, entries, len, at] {
            end.extend_from_slice(&long.to_le_bytes());
        }
        end.extend_from_slice(b"PK\x06\x07\0\0\0\0");
        end.extend_from_slice(&(at + len).to_le_bytes());
        end.extend_from_slice(&1_u32.to_le_bytes());
        u16::MAX
    };
    end.extend_from_slice(b"PK\x05\x06\0\0\0\0");
    end.extend_from_slice(&[short.to_le_bytes(), short.to_le_bytes()].concat());
    end.extend_from_slice(&number(len)?.to_le_bytes());
    end.extend_from_slice(&number(at)?.to_le_bytes());
    end.extend_from_slice(&[0, 0]);
    Ok(end)
}
