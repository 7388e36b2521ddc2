//! One command a module.

#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a command line tool talks on its streams")]

mod face;
mod ink;
mod lint;
mod scan;
mod seal;
mod serve;
mod stamp;
mod verify;

use std::fs;
use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

use eseal_crypto::cert::UnixTime;
use eseal_document::pdf::{OpenOptions, Password};
use eseal_face::{Dpi, Face};
use indicatif::{ProgressBar, ProgressIterator as _, ProgressStyle};
use serde_json::Value;
use zeroize::Zeroizing;

use crate::args::{Arguments, Command, Face as FaceCommand, Ink, Seal, Unlock};
use crate::demo;
use crate::exit::Exit;

pub(crate) async fn run(arguments: Arguments) -> Exit {
    match arguments.command {
        Command::Demo(demo) if demo.serve => report(demo::serve(demo.portal, demo.phone).await),
        Command::Demo(demo) => report(Box::pin(demo::run(&demo.out, &|line| println!("{line}"))).await.map(|_| ())),
        Command::Serve(serve) => serve::run(serve).await,
        Command::Face(FaceCommand::Photo(photo)) => face::photo(&photo),
        Command::Ink(Ink::Render(render)) => ink::render(&render),
        Command::Ink(Ink::Convert(convert)) => ink::convert(&convert),
        Command::Ink(Ink::Check(check)) => ink::check(&check),
        Command::Scan(scan) => scan::run(&scan),
        Command::Seal(Seal::Make(make)) => seal::make(&make),
        Command::Seal(Seal::Inspect(inspect)) => seal::inspect(&inspect),
        Command::Lint(lint) => lint::run(&lint),
        Command::Stamp(stamp) => stamp::run(&stamp).await,
        Command::Verify(verify) => verify::run(&verify),
    }
}

fn report(result: Result<(), demo::DemoError>) -> Exit {
    match result {
        Ok(()) => Exit::Done,
        Err(error) => {
            eprintln!("eseal: {error}");
            Exit::No
        }
    }
}

/// A refusal, as a person and a script read it.
struct Refusal {
    exit: Exit,
    code: String,
    detail: String,
}

#[expect(clippy::needless_pass_by_value, reason = "an error is handed over by the closure that got it")]
impl Refusal {
    fn no(code: &str, detail: impl ToString) -> Self {
        Self { exit: Exit::No, code: code.to_owned(), detail: detail.to_string() }
    }

    fn unreadable(code: &str, detail: impl ToString) -> Self {
        Self { exit: Exit::Unreadable, code: code.to_owned(), detail: detail.to_string() }
    }

    fn say(&self, path: &Path) {
        eprintln!("eseal: {}: {}: {}", path.display(), self.code, self.detail);
    }

    fn to_json(&self) -> Value {
        serde_json::json!({ "code": self.code, "detail": self.detail })
    }
}

/// How documents are opened: with the password that was given, if one was.
fn open_options(unlock: &Unlock) -> Result<OpenOptions, Refusal> {
    let password = match (&unlock.password, &unlock.password_file) {
        (Some(password), _) => Some(Password::new(password.as_bytes())),
        (None, Some(file)) => {
            let mut bytes = Zeroizing::new(read(file)?);
            while matches!(bytes.last(), Some(b'\n' | b'\r')) {
                bytes.pop();
            }
            Some(Password::new(bytes.as_slice()))
        }
        (None, None) => None,
    };
    Ok(password.map_or_else(OpenOptions::new, |password| OpenOptions::new().with_password(password)))
}

/// A small file, whole.
fn read(path: &Path) -> Result<Vec<u8>, Refusal> {
    const LARGEST: u64 = 64 * 1024 * 1024;
    let size = fs::metadata(path).map_err(|error| Refusal::unreadable("file.unreadable", error))?.len();
    if size > LARGEST {
        return Err(Refusal::unreadable("file.too-large", format!("{size} bytes")));
    }
    fs::read(path).map_err(|error| Refusal::unreadable("file.unreadable", error))
}

fn read_text(path: &Path) -> Result<String, Refusal> {
    String::from_utf8(read(path)?).map_err(|_| Refusal::unreadable("file.not-text", "not UTF-8"))
}

/// Old file or whole new file, never half of one.
fn write_whole(path: &Path, bytes: &[u8]) -> Result<(), Refusal> {
    let failed = |error: std::io::Error| Refusal::no("file.unwritable", error);
    let folder = path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let mut file = temporary().tempfile_in(folder).map_err(failed)?;
    std::io::Write::write_all(&mut file, bytes).map_err(failed)?;
    file.as_file().sync_all().map_err(failed)?;
    file.persist(path).map_err(|error| failed(error.error))?;
    Ok(())
}

/// A temporary file with the permissions of a file that is kept: `tempfile`'s own is for its maker's eyes only.
fn temporary() -> tempfile::Builder<'static, 'static> {
    let mut builder = tempfile::Builder::new();
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    builder
}

/// Where what is made of one of several inputs goes: into the folder under this extension, or to the output itself.
fn output_of(input: &Path, output: &Path, inputs: usize, extension: &str) -> PathBuf {
    if output.is_dir() || inputs > 1 {
        output.join(input.with_extension(extension).file_name().unwrap_or_default())
    } else {
        output.to_owned()
    }
}

fn extension_of(path: &Path) -> String {
    path.extension().and_then(|text| text.to_str()).unwrap_or_default().to_ascii_lowercase()
}

/// A face in the form that the output's name asks for.
fn encode(face: &Face, output: &Path, dpi: u32) -> Result<Vec<u8>, Refusal> {
    match extension_of(output).as_str() {
        "png" => {
            let dpi = Dpi::new(dpi).map_err(|error| Refusal::unreadable(error.code(), error))?;
            face.to_png(dpi).map_err(|error| Refusal::no(error.code(), error))
        }
        "svg" => Ok(face.to_svg().into_bytes()),
        "pdf" => Ok(face.to_pdf_file()),
        _ => Err(Refusal::unreadable("output.unknown-kind", "the output must end in .png, .svg or .pdf")),
    }
}

/// The inputs one by one, with a bar on standard error if there are several and a person is looking.
fn progress(inputs: &[PathBuf]) -> impl Iterator<Item = &PathBuf> {
    let bar = if inputs.len() > 1 { ProgressBar::new(0) } else { ProgressBar::hidden() };
    let style =
        ProgressStyle::with_template("{bar:40} {pos}/{len} {eta}").unwrap_or_else(|_| ProgressStyle::default_bar());
    inputs.iter().progress_with(bar.with_style(style).with_finish(indicatif::ProgressFinish::AndClear))
}

fn now() -> UnixTime {
    UnixTime(SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs()))
}

fn print_json(value: &Value) {
    println!("{value:#}");
}
