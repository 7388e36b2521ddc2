//! The generated halves of the Kotlin and Swift packages. They are never committed.

use std::fmt;
use std::fs;
use std::path::PathBuf;
use std::process::Command;

use crate::setup::step;
use crate::workspace::Workspace;

/// A language that bindings are generated for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Language {
    /// For `android/`.
    Kotlin,
    /// For `ios/`.
    Swift,
}

impl fmt::Display for Language {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Kotlin => "kotlin",
            Self::Swift => "swift",
        })
    }
}

/// What a foreign suite is compiled and run with.
pub(crate) struct Bindings {
    /// The folder with the library for this machine.
    pub(crate) native_folder: PathBuf,
    /// The folder with the generated sources.
    pub(crate) sources: PathBuf,
}

/// Builds the library for this machine and generates the sources from it.
pub(crate) fn generate(workspace: &Workspace, language: Language) -> Result<Bindings, String> {
    let native_folder = workspace.target().join("debug");
    let sources = workspace.target().join("bindings").join(language.to_string());
    let mut build = workspace.whole("build");
    build.args(["--lib", "--bin", "uniffi-bindgen"]);
    step(workspace, &format!("bindings {language} build"), &mut build)?;

    // Files of an earlier run must not stay beside those of this one.
    let _ = fs::remove_dir_all(&sources);
    let library = format!("{}eseal_bindings{}", std::env::consts::DLL_PREFIX, std::env::consts::DLL_SUFFIX);
    let mut generator = Command::new(native_folder.join(format!("uniffi-bindgen{}", std::env::consts::EXE_SUFFIX)));
    generator
        .current_dir(workspace.root())
        .arg("generate")
        .arg(native_folder.join(library))
        .args(["--language", &language.to_string(), "--no-format", "--out-dir"])
        .arg(&sources);
    step(workspace, &format!("bindings {language}"), &mut generator)?;
    Ok(Bindings { native_folder, sources })
}

/// `cargo xtask bindings kotlin|swift`: generates, and tells where.
pub(crate) fn run(workspace: &Workspace, arguments: &[String]) -> Result<(), String> {
    let languages = match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        [] => vec![Language::Kotlin, Language::Swift],
        ["kotlin"] => vec![Language::Kotlin],
        ["swift"] => vec![Language::Swift],
        _ => return Err("bindings: takes kotlin or swift, or nothing for both".to_owned()),
    };
    for language in languages {
        println!("{language}: {}", generate(workspace, language)?.sources.display());
    }
    Ok(())
}
