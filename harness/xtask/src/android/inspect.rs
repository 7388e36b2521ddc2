//! What is in a linked library, and whether a phone would take it.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use super::Abi;
use super::link::{Linked, is_exported};
use crate::process::answer;
use crate::workspace::Workspace;

/// Phones with 16 KB pages refuse a library whose segments are aligned to less.
const PAGE: u64 = 16 * 1024;

/// Crates that the library's work needs. One that is missing was optimised away: nothing that is exported uses it.
const EXPECTED: [&str; 5] = ["eseal_qr", "p256", "reqwest", "ring", "rustls"];

/// Entries of the dynamic section that Android 7 does not understand or later versions refuse.
const REFUSED: [&str; 2] = ["(RELR)", "(TEXTREL)"];

/// How many crates are listed by size.
const LISTED: usize = 12;

/// Prints what the library is made of; answers what is wrong with it.
pub(crate) fn tell(workspace: &Workspace, abi: &Abi, linked: &Linked) -> Result<Vec<String>, String> {
    let library = linked.stripped.as_path();
    let bytes = fs::read(library).map_err(|error| error.to_string())?;
    let segments = readelf(library, "--program-headers")?;
    let dynamic = readelf(library, "--dynamic-table")?;
    let visible = names(library, "--defined-only")?;
    let outside = names(library, "--undefined-only")?;
    let crates = sizes_by_crate(&linked.whole)?;
    let unwinder = outside.iter().filter(|name| is_unwinder(name)).count();

    println!("{}: {}", abi.folder, library.display());
    println!("  {} bytes, {} gzipped", bytes.len(), gzipped(library)?);
    println!("  {} functions exported, all of them UniFFI's", visible.len());
    println!(
        "  {} symbols from outside: {} that Android has at API 24, {unwinder} of the unwinder that the NDK links in",
        outside.len(),
        outside.len() - unwinder
    );
    println!("  largest crates: {}", largest(&crates));

    let alignments = load_alignments(&segments);
    let smallest = alignments.iter().min().copied().unwrap_or_default();
    println!("  {} segments, aligned to {smallest} bytes", alignments.len());
    let mut complaints = Vec::new();
    let mut check = |held: bool, complaint: String| {
        if !held {
            complaints.push(format!("{}: {complaint}", abi.folder));
        }
    };
    check(smallest >= PAGE, format!("a segment is aligned to {smallest} bytes, not {PAGE}"));
    check(visible == linked.exports, "what is exported is not what UniFFI made".to_owned());
    check(visible.iter().all(|name| is_exported(name)), "something is exported that is not UniFFI's".to_owned());
    for entry in REFUSED {
        check(!dynamic.contains(entry), format!("the dynamic section has {entry}"));
    }
    for name in EXPECTED.iter().filter(|name| !crates.contains_key(**name)) {
        check(false, format!("nothing of {name} is in the library: no exported function uses it"));
    }
    let root = workspace.root().display().to_string();
    for folder in [Some(root), std::env::var("HOME").ok()].into_iter().flatten().filter(|folder| folder.len() > 1) {
        check(!contains(&bytes, folder.as_bytes()), format!("a folder of this machine is in the library: {folder}"));
    }
    Ok(complaints)
}

fn readelf(library: &Path, what: &str) -> Result<String, String> {
    answer(Command::new("llvm-readelf-22").args(["--wide", what]).arg(library))
        .ok_or_else(|| format!("llvm-readelf-22 {what} {} failed", library.display()))
}

/// The dynamic symbols of one kind, sorted.
fn names(library: &Path, kind: &str) -> Result<Vec<String>, String> {
    let said = answer(Command::new("llvm-nm-22").args(["--dynamic", "--just-symbol-name", kind]).arg(library))
        .ok_or_else(|| format!("llvm-nm-22 {kind} {} failed", library.display()))?;
    let mut names: Vec<String> = said.lines().map(str::to_owned).collect();
    names.sort();
    Ok(names)
}

/// The alignment of each loaded segment, from readelf's table, whose last column it is.
fn load_alignments(table: &str) -> Vec<u64> {
    let loads = table.lines().filter(|line| line.trim_start().starts_with("LOAD "));
    let last = loads.filter_map(|line| line.split_whitespace().last()?.strip_prefix("0x"));
    last.filter_map(|hex| u64::from_str_radix(hex, 16).ok()).collect()
}

fn is_unwinder(symbol: &str) -> bool {
    symbol.starts_with("_Unwind_") || symbol.starts_with("__aeabi_unwind_")
}

/// Bytes of code and constants by crate, from the symbol table: rough, because generic code counts where it was written.
fn sizes_by_crate(library: &Path) -> Result<BTreeMap<String, u64>, String> {
    let said = answer(Command::new("llvm-nm-22").args(["--print-size", "--demangle", "--defined-only"]).arg(library))
        .ok_or_else(|| format!("llvm-nm-22 {} failed", library.display()))?;
    let mut sizes = BTreeMap::new();
    for line in said.lines() {
        let mut columns = line.splitn(4, ' ');
        let (_, size, kind, name) = (columns.next(), columns.next(), columns.next(), columns.next());
        let size = size.and_then(|hex| u64::from_str_radix(hex, 16).ok());
        if let (Some(size), Some(name), false) = (size, name, matches!(kind, Some("b" | "B"))) {
            *sizes.entry(crate_of(name).to_owned()).or_default() += size;
        }
    }
    Ok(sizes)
}

/// The crate that a demangled symbol belongs to: the first path in it. C and assembly carry ring's prefix, or none.
fn crate_of(symbol: &str) -> &str {
    if symbol.starts_with("ring_core_") {
        return "ring";
    }
    let path = symbol.find("::").map(|end| &symbol[..end]);
    let name = path.and_then(|path| path.rsplit(|letter: char| !letter.is_alphanumeric() && letter != '_').next());
    name.filter(|name| !name.is_empty()).unwrap_or("other")
}

fn largest(crates: &BTreeMap<String, u64>) -> String {
    let mut sorted: Vec<_> = crates.iter().collect();
    sorted.sort_by_key(|(_, size)| std::cmp::Reverse(**size));
    let shown = sorted.iter().take(LISTED).map(|(name, size)| format!("{name} {} KB", **size / 1024));
    shown.collect::<Vec<_>>().join(", ")
}

/// How many bytes of it travel in a compressed package.
fn gzipped(library: &Path) -> Result<usize, String> {
    let mut gzip = Command::new("gzip");
    gzip.args(["-9", "-n", "-c"]).arg(library).stderr(Stdio::null());
    gzip.output().map(|output| output.stdout.len()).map_err(|error| format!("gzip: {error}"))
}

fn contains(bytes: &[u8], part: &[u8]) -> bool {
    bytes.windows(part.len()).any(|window| window == part)
}

#[cfg(test)]
mod tests {
    use super::{contains, crate_of, load_alignments};

    #[test]
    fn symbols_belong_to_the_crate_they_begin_with() {
        for (symbol, name) in [
            ("<encoding_rs::variant::VariantDecoder>::decode_to_utf8_raw", "encoding_rs"),
            ("core::ptr::drop_in_place::<hyper::body::Incoming>", "core"),
            ("<&mut rustls::conn::ConnectionCore as core::fmt::Debug>::fmt", "rustls"),
            ("<[p256::Scalar; 4] as core::clone::Clone>::clone", "p256"),
            ("ring_core_0_17_14__aes_nohw_encrypt", "ring"),
            ("ecp_nistz256_precomputed", "other"),
        ] {
            assert_eq!(crate_of(symbol), name, "{symbol}");
        }
    }

    #[test]
    fn alignment_is_read_from_loaded_segments_only() {
        let table = "
  Type           Offset   VirtAddr           PhysAddr           FileSiz  MemSiz   Flg Align
  PHDR           0x000040 0x0000000000000040 0x0000000000000040 0x000268 0x000268 R   0x8
  LOAD           0x000000 0x0000000000000000 0x0000000000000000 0x152be8 0x152be8 R   0x4000
  LOAD           0x152c00 0x0000000000156c00 0x0000000000156c00 0x16e9a0 0x16e9a0 R E 0x1000
  GNU_RELRO      0x2c15a0 0x00000000002c95a0 0x00000000002c95a0 0x016310 0x016a60 R   0x1
";
        assert_eq!(load_alignments(table), [0x4000, 0x1000]);
    }

    #[test]
    fn finds_a_folder_inside_bytes() {
        assert!(contains(b"\0/home/me/x.rs\0", b"/home/me"));
        assert!(!contains(b"crates/x.rs", b"/home/me"));
    }
}
