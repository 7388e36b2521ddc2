//! `cargo xtask android`: the library for Android, compiled, linked against what Android 7 (API 24) offers, and looked at.

mod inspect;
mod link;

use std::path::PathBuf;

use crate::cross::{self, Target};
use crate::setup;
use crate::workspace::Workspace;

/// A processor that Android runs on.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Abi {
    /// As typed after `--abi`, and the folder of its symbol lists.
    name: &'static str,
    /// Its folder inside an AAR or APK.
    folder: &'static str,
    /// Rust's name.
    triple: &'static str,
    /// clang's name, with the API level.
    clang: &'static str,
    /// What clang needs beside that.
    c_flags: &'static str,
}

const ABIS: [Abi; 3] = [
    Abi {
        name: "arm64",
        folder: "arm64-v8a",
        triple: "aarch64-linux-android",
        clang: "aarch64-linux-android24",
        c_flags: "",
    },
    Abi {
        name: "arm",
        folder: "armeabi-v7a",
        triple: "armv7-linux-androideabi",
        clang: "armv7a-linux-androideabi24",
        c_flags: "",
    },
    Abi {
        name: "x86_64",
        folder: "x86_64",
        triple: "x86_64-linux-android",
        clang: "x86_64-linux-android24",
        // ring's x86 code includes <immintrin.h>, which asks for a C library unless there is said to be none.
        c_flags: " -ffreestanding",
    },
];

/// What the person asked for.
#[derive(Debug, Default, PartialEq, Eq)]
struct Options {
    setup: bool,
    abis: Vec<&'static Abi>,
}

impl Options {
    fn parse(arguments: &[String]) -> Result<Self, String> {
        let mut options = Self::default();
        let mut words = arguments.iter().map(String::as_str);
        while let Some(word) = words.next() {
            match word {
                "--setup" => options.setup = true,
                "--abi" => options.abis.push(abi(words.next().unwrap_or_default())?),
                other => return Err(format!("android: no option is called {other}")),
            }
        }
        if options.abis.is_empty() {
            options.abis.extend(&ABIS);
        }
        Ok(options)
    }
}

fn abi(name: &str) -> Result<&'static Abi, String> {
    let known = ABIS.iter().map(|abi| abi.name).collect::<Vec<_>>().join(", ");
    ABIS.iter().find(|abi| abi.name == name).ok_or_else(|| format!("android: --abi takes one of {known}"))
}

/// Builds and checks the library for the processors asked for, all three when none is named.
pub(crate) fn run(workspace: &Workspace, arguments: &[String]) -> Result<(), String> {
    let options = Options::parse(arguments)?;
    if options.setup {
        setup::install(workspace, cross::PACKAGES)?;
    }
    let missing = setup::missing(cross::PACKAGES);
    if !missing.is_empty() {
        println!("SKIPPED: android: not installed: {} (--setup installs them)", missing.join(" "));
        return Ok(());
    }
    let mut complaints = Vec::new();
    for abi in options.abis {
        complaints.extend(build(workspace, abi)?);
    }
    println!(
        "\nThese libraries were linked against the lists of symbols in android/api24-symbols and never run: no Android system \
         was there.\nWhat ships is built with Android's NDK."
    );
    if complaints.is_empty() { Ok(()) } else { Err(complaints.join("\n")) }
}

/// Builds for one processor, tells what came out, and answers what is wrong with it.
fn build(workspace: &Workspace, abi: &Abi) -> Result<Vec<String>, String> {
    let log = workspace.log(&format!("android {}", abi.name));
    println!("{}: compiling, which takes some minutes; watch {}", abi.folder, log.display());
    let target = Target {
        triple: abi.triple,
        c_flags: format!("--target={} -nostdlibinc -DRING_CORE_NOSTDLIBINC=1{}", abi.clang, abi.c_flags),
        variables: Vec::new(),
    };
    let archive = cross::static_library(workspace, &target, &log)?;
    let linked = link::link(workspace, abi, &archive)?;
    inspect::tell(workspace, abi, &linked)
}

/// Where the libraries of one processor go.
fn output_folder(workspace: &Workspace, abi: &Abi) -> PathBuf {
    workspace.target().join("android").join(abi.folder)
}

#[cfg(test)]
mod tests {
    use super::{ABIS, Options};

    fn parse(words: &[&str]) -> Result<Options, String> {
        Options::parse(&words.iter().map(ToString::to_string).collect::<Vec<_>>())
    }

    #[test]
    fn all_processors_unless_named() {
        assert_eq!(parse(&[]).unwrap().abis.len(), ABIS.len());
        let options = parse(&["--abi", "arm", "--setup", "--abi", "x86_64"]).unwrap();
        assert!(options.setup);
        assert_eq!(options.abis.iter().map(|abi| abi.folder).collect::<Vec<_>>(), ["armeabi-v7a", "x86_64"]);
    }

    #[test]
    fn unknown_words_are_refused() {
        assert!(parse(&["--abi"]).is_err());
        assert!(parse(&["--abi", "mips"]).is_err());
        assert!(parse(&["--api", "24"]).is_err());
    }
}
