//! Reading by position.

use std::fs::File;
use std::io;
use std::time::SystemTime;

/// Bytes that can be read at any position: a file, a descriptor the host gave, or a slice.
///
/// Documents are read only through this trait, a piece at a time; nothing is mapped and nothing is loaded whole.
/// Offsets are 64-bit.
pub trait ReadAt {
    /// How many bytes there are now.
    ///
    /// # Errors
    /// What the system answered.
    fn size(&self) -> io::Result<u64>;

    /// Fills `buf` from `offset` on.
    ///
    /// # Errors
    /// [`io::ErrorKind::UnexpectedEof`] if fewer bytes are there, else what the system answered.
    fn read_exact_at(&self, offset: u64, buf: &mut [u8]) -> io::Result<()>;

    /// When the bytes last changed, where the source knows; used only to notice a change between two moments.
    ///
    /// # Errors
    /// What the system answered.
    fn modified(&self) -> io::Result<Option<SystemTime>> {
        Ok(None)
    }

    /// The file behind the source, if its positions are the file's: then the system can copy it without its bytes passing
    /// through here, or let the copy share them.
    fn as_file(&self) -> Option<&File> {
        None
    }
}

impl ReadAt for [u8] {
    fn size(&self) -> io::Result<u64> {
        u64::try_from(self.len()).map_err(|_| io::ErrorKind::FileTooLarge.into())
    }

    fn read_exact_at(&self, offset: u64, buf: &mut [u8]) -> io::Result<()> {
        let start = usize::try_from(offset).map_err(|_| io::ErrorKind::UnexpectedEof)?;
        let piece = start.checked_add(buf.len()).and_then(|end| self.get(start..end));
        buf.copy_from_slice(piece.ok_or(io::ErrorKind::UnexpectedEof)?);
        Ok(())
    }
}

impl ReadAt for Vec<u8> {
    fn size(&self) -> io::Result<u64> {
        self.as_slice().size()
    }

    fn read_exact_at(&self, offset: u64, buf: &mut [u8]) -> io::Result<()> {
        self.as_slice().read_exact_at(offset, buf)
    }
}

impl<T: ReadAt + ?Sized> ReadAt for &T {
    fn size(&self) -> io::Result<u64> {
        (**self).size()
    }

    fn read_exact_at(&self, offset: u64, buf: &mut [u8]) -> io::Result<()> {
        (**self).read_exact_at(offset, buf)
    }

    fn modified(&self) -> io::Result<Option<SystemTime>> {
        (**self).modified()
    }

    fn as_file(&self) -> Option<&File> {
        (**self).as_file()
    }
}

#[cfg(any(unix, windows))]
impl ReadAt for File {
    fn size(&self) -> io::Result<u64> {
        Ok(self.metadata()?.len())
    }

    #[cfg(unix)]
    fn read_exact_at(&self, offset: u64, buf: &mut [u8]) -> io::Result<()> {
        std::os::unix::fs::FileExt::read_exact_at(self, buf, offset)
    }

    #[cfg(windows)]
    fn read_exact_at(&self, mut offset: u64, mut buf: &mut [u8]) -> io::Result<()> {
        while !buf.is_empty() {
            match std::os::windows::fs::FileExt::seek_read(self, buf, offset) {
                Ok(0) => return Err(io::ErrorKind::UnexpectedEof.into()),
                Ok(read) => {
                    buf = &mut buf[read..];
                    offset += read as u64;
                }
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }

    fn modified(&self) -> io::Result<Option<SystemTime>> {
        match self.metadata()?.modified() {
            Ok(time) => Ok(Some(time)),
            Err(error) if error.kind() == io::ErrorKind::Unsupported => Ok(None),
            Err(error) => Err(error),
        }
    }

    fn as_file(&self) -> Option<&File> {
        Some(self)
    }
}

/// The first `size` bytes of a source: a file as it was at an earlier revision.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Prefix<S> {
    source: S,
    size: u64,
}

impl<S: ReadAt> Prefix<S> {
    pub(crate) fn new(source: S, size: u64) -> Self {
        Self { source, size }
    }
}

impl<S: ReadAt> ReadAt for Prefix<S> {
    fn size(&self) -> io::Result<u64> {
        Ok(self.size)
    }

    fn read_exact_at(&self, offset: u64, buf: &mut [u8]) -> io::Result<()> {
        let end = u64::try_from(buf.len()).ok().and_then(|len| offset.checked_add(len));
        if end.is_none_or(|end| end > self.size) {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        self.source.read_exact_at(offset, buf)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slice_gives_what_is_there_and_nothing_beyond() {
        let bytes = b"0123456789".as_slice();
        let mut three = [0; 3];
        bytes.read_exact_at(7, &mut three).unwrap();
        assert_eq!(&three, b"789");
        for offset in [8, 11, u64::MAX] {
            let refused = bytes.read_exact_at(offset, &mut three).unwrap_err();
            assert_eq!(refused.kind(), io::ErrorKind::UnexpectedEof, "{offset}");
        }
    }

    #[test]
    fn a_prefix_hides_the_rest() {
        let prefix = Prefix::new(b"0123456789".as_slice(), 5);
        let mut two = [0; 2];
        prefix.read_exact_at(3, &mut two).unwrap();
        assert_eq!((&two, prefix.size().unwrap()), (b"34", 5));
        assert!(prefix.read_exact_at(4, &mut two).is_err());
        assert!(prefix.read_exact_at(u64::MAX, &mut two).is_err());
    }

    #[test]
    fn a_file_is_read_at_a_position() {
        let mut path = std::env::temp_dir();
        path.push(format!("eseal-document-source-{}", std::process::id()));
        std::fs::write(&path, b"0123456789").unwrap();
        let file = File::open(&path).unwrap();
        let mut two = [0; 2];
        file.read_exact_at(4, &mut two).unwrap();
        assert_eq!((&two, file.size().unwrap()), (b"45", 10));
        assert!(file.modified().unwrap().is_some());
        assert_eq!(file.read_exact_at(9, &mut two).unwrap_err().kind(), io::ErrorKind::UnexpectedEof);
        std::fs::remove_file(&path).unwrap();
    }
}
