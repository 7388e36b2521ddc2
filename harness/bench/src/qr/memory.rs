//! How much memory the scanner takes beside the frame: a process that does nothing else.

use std::fs;
use std::io::Write as _;

use eseal_qr::{LumaFrame, decode};
use nix::sys::resource::{UsageWho, getrusage};

use crate::error::BenchError;

/// The argument that makes this program walk over frames and tell its peak.
pub(crate) const WALK: &str = "--qr-walk";

/// Reads every frame of a folder; says by how many KiB the peak grew after the largest frame had been in memory.
pub(crate) fn walk(arguments: &[String]) -> Result<(), BenchError> {
    let [folder] = arguments else { return Err(BenchError::Usage("which folder?".to_owned())) };
    let mut paths: Vec<_> =
        fs::read_dir(folder)?.map(|entry| entry.map(|entry| entry.path())).collect::<Result<_, _>>()?;
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "pgm"));
    paths.sort();
    let mut buffer = Vec::with_capacity(1 << 20);
    for path in &paths {
        load(path, &mut buffer)?;
    }
    let before = getrusage(UsageWho::RUSAGE_SELF)?.max_rss();
    for path in &paths {
        load(path, &mut buffer)?;
        let Some((width, height, luma)) = parse(&buffer) else { continue };
        let frame = LumaFrame::new(width, height, width, luma).map_err(|error| BenchError::failed("frame", error))?;
        // Whether it is read does not matter here.
        drop(decode(&frame));
    }
    let after = getrusage(UsageWho::RUSAGE_SELF)?.max_rss();
    writeln!(std::io::stdout(), "{}", after - before)?;
    Ok(())
}

fn load(path: &std::path::Path, buffer: &mut Vec<u8>) -> Result<(), BenchError> {
    buffer.clear();
    std::io::Read::read_to_end(&mut fs::File::open(path)?, buffer)?;
    Ok(())
}

/// A PGM file as `frames` writes it.
fn parse(file: &[u8]) -> Option<(u32, u32, &[u8])> {
    let end = file.iter().position(|&byte| byte == b'\n')?;
    let header = str::from_utf8(&file[..end]).ok()?;
    let mut words = header.split(' ').skip(1);
    let (width, height) = (words.next()?.parse().ok()?, words.next()?.parse().ok()?);
    Some((width, height, &file[end + 1..]))
}
