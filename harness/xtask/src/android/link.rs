//! Static library to `.so`, against stubs of what Android offers at API 24.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::{Abi, output_folder};
use crate::process::answer;
use crate::workspace::Workspace;

/// The system's libraries whose symbols are listed, and the unwinder, which the NDK links into each library.
const STUBS: [&str; 5] = ["libunwind", "libc", "libdl", "libm", "liblog"];

/// What the outside may see: the functions that the generated Kotlin calls through JNA.
pub(crate) const EXPORTED: [&str; 2] = ["ffi_eseal_", "uniffi_eseal_"];

/// A linked library.
pub(crate) struct Linked {
    /// As it would ship.
    pub(crate) stripped: PathBuf,
    /// With its symbol table: for reading crash reports, and for telling what takes the room.
    pub(crate) whole: PathBuf,
    /// The functions that must be visible.
    pub(crate) exports: Vec<String>,
}

/// Links. A symbol that API 24 does not have is an error here, so a link that succeeds proves that `minSdk` 24 is enough.
pub(crate) fn link(workspace: &Workspace, abi: &Abi, archive: &Path) -> Result<Linked, String> {
    let folder = output_folder(workspace, abi);
    let stubs = folder.join("stubs");
    write_stubs(&workspace.root().join("android/api24-symbols").join(abi.name), &stubs)?;
    let exports = exported_functions(archive)?;
    let script = folder.join("exports.map");
    let patterns = EXPORTED.map(|prefix| format!("{prefix}*; ")).concat();
    fs::write(&script, format!("{{ global: {patterns}local: *; }};\n")).map_err(|error| error.to_string())?;

    let whole = folder.join("libeseal_bindings.unstripped.so");
    let mut linker = Command::new("ld.lld-22");
    linker
        .args(["-shared", "-soname", "libeseal_bindings.so", "--no-undefined", "--gc-sections", "--icf=all", "-O2"])
        .args(["-z", "max-page-size=16384", "-z", "now", "-z", "relro", "--build-id", "--hash-style=gnu"])
        // Not `android+relr`: the loader reads RELR from API 28 on, and leaves those relocations undone before.
        .args(["--pack-dyn-relocs=android", "--eh-frame-hdr"])
        .arg(format!("--version-script={}", script.display()))
        .args(exports.iter().flat_map(|name| ["-u", name]))
        .arg(archive)
        .arg(format!("-L{}", stubs.display()))
        .args(STUBS.map(|library| library.replacen("lib", "-l", 1)))
        .arg("-o")
        .arg(&whole);
    run(&mut linker)?;

    let stripped = folder.join("libeseal_bindings.so");
    run(Command::new("llvm-strip-22").args(["--strip-all", "-o"]).args([&stripped, &whole]))?;
    Ok(Linked { stripped, whole, exports })
}

/// Makes a `.so` without code from each list of symbols.
fn write_stubs(lists: &Path, stubs: &Path) -> Result<(), String> {
    fs::create_dir_all(stubs).map_err(|error| error.to_string())?;
    for library in STUBS {
        let list = lists.join(format!("{library}.ifs"));
        let stub = stubs.join(format!("{library}.so"));
        run(Command::new("llvm-ifs-22")
            .arg("--input-format=IFS")
            .arg(format!("--output-elf={}", stub.display()))
            .arg(list))?;
    }
    Ok(())
}

/// The functions in the static library that UniFFI made.
fn exported_functions(archive: &Path) -> Result<Vec<String>, String> {
    let mut nm = Command::new("llvm-nm-22");
    nm.args(["--defined-only", "--extern-only", "--just-symbol-name"]).arg(archive);
    let symbols = answer(&mut nm).ok_or_else(|| format!("{} cannot be read", archive.display()))?;
    let mut names: Vec<String> = symbols.lines().filter(|name| is_exported(name)).map(str::to_owned).collect();
    names.sort();
    names.dedup();
    if names.is_empty() { Err("the library exports nothing".to_owned()) } else { Ok(names) }
}

/// Whether the name is one that the outside may see.
pub(crate) fn is_exported(name: &str) -> bool {
    EXPORTED.iter().any(|prefix| name.starts_with(prefix))
}

fn run(command: &mut Command) -> Result<(), String> {
    let program = command.get_program().to_string_lossy().into_owned();
    let output = command.output().map_err(|error| format!("{program}: {error}"))?;
    if output.status.success() {
        Ok(())
    } else {
        Err(format!("{program}:\n{}", String::from_utf8_lossy(&output.stderr)))
    }
}
