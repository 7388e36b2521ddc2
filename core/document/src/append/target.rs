//! Writing by position.

use std::io;

use crate::source::ReadAt;

/// Bytes that can be written at any position: a file, or a descriptor the host gave.
pub trait WriteAt: ReadAt {
    /// Writes all of `bytes` from `offset` on, which may be the end.
    ///
    /// # Errors
    /// What the system answered; then some of the bytes may have been written.
    fn write_all_at(&self, offset: u64, bytes: &[u8]) -> io::Result<()>;

    /// Cuts everything from `size` on.
    ///
    /// # Errors
    /// What the system answered.
    fn set_size(&self, size: u64) -> io::Result<()>;

    /// Waits until bytes and length are where a power cut does not reach them.
    ///
    /// # Errors
    /// What the system answered.
    fn sync(&self) -> io::Result<()>;
}

impl<T: WriteAt + ?Sized> WriteAt for &T {
    fn write_all_at(&self, offset: u64, bytes: &[u8]) -> io::Result<()> {
        (**self).write_all_at(offset, bytes)
    }

    fn set_size(&self, size: u64) -> io::Result<()> {
        (**self).set_size(size)
    }

    fn sync(&self) -> io::Result<()> {
        (**self).sync()
    }
}

#[cfg(any(unix, windows))]
impl WriteAt for std::fs::File {
    #[cfg(unix)]
    fn write_all_at(&self, offset: u64, bytes: &[u8]) -> io::Result<()> {
        std::os::unix::fs::FileExt::write_all_at(self, bytes, offset)
    }

    #[cfg(windows)]
    fn write_all_at(&self, mut offset: u64, mut bytes: &[u8]) -> io::Result<()> {
        while !bytes.is_empty() {
            match std::os::windows::fs::FileExt::seek_write(self, bytes, offset) {
                Ok(0) => return Err(io::ErrorKind::WriteZero.into()),
                Ok(written) => {
                    bytes = &bytes[written..];
                    offset += written as u64;
                }
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }

    fn set_size(&self, size: u64) -> io::Result<()> {
        self.set_len(size)
    }

    fn sync(&self) -> io::Result<()> {
        self.sync_all()
    }
}
