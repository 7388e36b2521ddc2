//! `--setup`: installs what the suites need and this machine does not have. Nothing else in the project installs anything.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::cross;
use crate::process::{answer, on_path, run_logged};
use crate::report::Tally;
use crate::swift;
use crate::workspace::Workspace;

/// How it shows that a package is there.
pub(crate) enum Sign {
    /// A program on `PATH`.
    Program(&'static str),
    /// A file.
    File(&'static str),
    /// A module that `python3` can load.
    PythonModule(&'static str),
}

/// A Debian package, and how it shows that it is there (perhaps from elsewhere).
pub(crate) type Package = (&'static str, Sign);

/// What the suites run on.
const PACKAGES: &[Package] = &[
    ("chromium", Sign::Program("chromium")),
    ("chromium-driver", Sign::Program("chromedriver")),
    ("debootstrap", Sign::Program("debootstrap")),
    ("default-jdk-headless", Sign::Program("javac")),
    ("fonts-noto-cjk", Sign::File("/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc")),
    ("libnss3-tools", Sign::Program("certutil")),
    ("maven", Sign::Program("mvn")),
    ("mupdf-tools", Sign::Program("mutool")),
    ("openssl", Sign::Program("openssl")),
    ("poppler-utils", Sign::Program("pdfsig")),
    ("python3-venv", Sign::PythonModule("ensurepip")),
    ("qpdf", Sign::Program("qpdf")),
];

/// What the pyHanko suite runs on, pinned.
const REQUIREMENTS: &str = "tests/interop/requirements.txt";

/// For which suites to install.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Scope {
    /// Those of every run.
    Everyday,
    /// Also those that take many minutes.
    Full,
}

/// Installs all that is missing.
pub(crate) fn run(workspace: &Workspace, scope: Scope) -> Tally {
    let mut results = vec![install(workspace, PACKAGES), pyhanko(workspace), swift::setup(workspace)];
    if scope == Scope::Full {
        results.extend([install(workspace, cross::PACKAGES), cargo_deny(workspace)]);
    }
    let failures: Vec<_> = results.into_iter().filter_map(Result::err).collect();
    if failures.is_empty() { Tally::default() } else { Tally::failed(failures.join("\n")) }
}

/// The packages that are not there.
pub(crate) fn missing(packages: &[Package]) -> Vec<&'static str> {
    packages.iter().filter(|(_, sign)| !shown(sign)).map(|(name, _)| *name).collect()
}

/// Installs those of the packages that are not there.
pub(crate) fn install(workspace: &Workspace, packages: &[Package]) -> Result<(), String> {
    let missing = missing(packages);
    if missing.is_empty() {
        return Ok(());
    }
    if on_path("apt-get").is_none() {
        return Err(format!("there is no apt-get here; install by hand: {}", missing.join(" ")));
    }
    println!("installing {}", missing.join(" "));
    step(workspace, "setup apt update", as_root("apt-get").args(["update", "-q"]))?;
    let mut install = as_root("apt-get");
    install.args(["install", "-q", "-y", "--no-install-recommends"]).args(missing);
    step(workspace, "setup apt install", &mut install)
}

/// The Python that has pyHanko; the interop tests look for it at the same place.
fn pyhanko_folder(workspace: &Workspace) -> PathBuf {
    workspace.tools().join("pyhanko")
}

fn pyhanko(workspace: &Workspace) -> Result<(), String> {
    let folder = pyhanko_folder(workspace);
    let wanted = fs::read_to_string(workspace.root().join(REQUIREMENTS)).map_err(|error| error.to_string())?;
    let stamp = folder.join("installed.txt");
    if fs::read_to_string(&stamp).is_ok_and(|installed| installed == wanted) {
        return Ok(());
    }
    println!("installing pyHanko");
    step(workspace, "setup venv", Command::new("python3").args(["-m", "venv", "--clear"]).arg(&folder))?;
    let mut pip = Command::new(folder.join("bin/python"));
    pip.current_dir(workspace.root()).args(["-m", "pip", "install", "--quiet", "--requirement", REQUIREMENTS]);
    step(workspace, "setup pyhanko", &mut pip)?;
    fs::write(stamp, wanted).map_err(|error| error.to_string())
}

/// The `cargo-deny` to call, if there is one.
pub(crate) fn cargo_deny_program(workspace: &Workspace) -> Option<PathBuf> {
    let own = workspace.tools().join("bin/cargo-deny");
    if own.is_file() { Some(own) } else { on_path("cargo-deny") }
}

fn cargo_deny(workspace: &Workspace) -> Result<(), String> {
    if cargo_deny_program(workspace).is_some() {
        return Ok(());
    }
    println!("installing cargo-deny, which takes some minutes");
    let mut cargo = workspace.cargo();
    cargo.args(["install", "--quiet", "--locked", "cargo-deny", "--root"]).arg(workspace.tools());
    step(workspace, "setup cargo-deny", &mut cargo)
}

fn shown(sign: &Sign) -> bool {
    match sign {
        Sign::Program(program) => on_path(program).is_some(),
        Sign::File(path) => Path::new(path).exists(),
        Sign::PythonModule(module) => {
            answer(Command::new("python3").args(["-c", &format!("import {module}")])).is_some()
        }
    }
}

/// Whether this is root, who may install packages and mount folders.
pub(crate) fn is_root() -> bool {
    answer(Command::new("id").arg("-u")).is_some_and(|id| id.trim() == "0")
}

/// A package manager's command, through `sudo` where the person is not root.
fn as_root(program: &str) -> Command {
    let root = is_root();
    let mut command = if root { Command::new(program) } else { Command::new("sudo") };
    if !root {
        command.args(["--non-interactive", "--preserve-env=DEBIAN_FRONTEND", program]);
    }
    command.env("DEBIAN_FRONTEND", "noninteractive");
    command
}

/// Runs a step with its log under that name; an error shows all that it said.
pub(crate) fn step(workspace: &Workspace, name: &str, command: &mut Command) -> Result<(), String> {
    match run_logged(command, &workspace.log(name)) {
        Ok(finished) if finished.success => Ok(()),
        Ok(finished) => Err(format!("{name} failed:\n{}", finished.output)),
        Err(error) => Err(format!("{name}: {error}")),
    }
}
