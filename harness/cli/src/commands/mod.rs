//! One command a module.

#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a command line tool talks on its streams")]

mod ink;
mod lint;
mod scan;
mod serve;
mod stamp;
mod verify;

use std::fs;
use std::path::Path;
use std::time::{SystemTime, UNIX_EPOCH};

use eseal_crypto::cert::UnixTime;
use eseal_document::pdf::{OpenOptions, Password};
use serde_json::Value;
use zeroize::Zeroizing;

use crate::args::{Arguments, Command, Ink, Unlock};
use crate::demo;
use crate::exit::Exit;

pub(crate) async fn run(arguments: Arguments) -> Exit {
    match arguments.command {
        Command::Demo(demo) if demo.serve => report(demo::serve(demo.portal, demo.phone).await),
        Command::Demo(demo) => report(Box::pin(demo::run(&demo.out, &|line| println!("{line}"))).await.map(|_| ())),
        Command::Serve(serve) => serve::run(serve).await,
        Command::Ink(Ink::Render(render)) => ink::render(&render),
        Command::Scan(scan) => scan::run(&scan),
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
    let mut file = tempfile::NamedTempFile::new_in(folder).map_err(failed)?;
    std::io::Write::write_all(&mut file, bytes).map_err(failed)?;
    file.as_file().sync_all().map_err(failed)?;
    file.persist(path).map_err(|error| failed(error.error))?;
    Ok(())
}

fn now() -> UnixTime {
    UnixTime(SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs()))
}

fn print_json(value: &Value) {
    println!("{value:#}");
}
