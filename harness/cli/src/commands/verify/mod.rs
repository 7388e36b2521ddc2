//! `eseal verify`.

mod answer;
mod believed;
mod page;
mod text;
mod words;

use std::fs::{self, File};
use std::io::Read;
use std::path::{Path, PathBuf};

use eseal_document::pdf::{PdfError, extract_signed};
use eseal_document::report::{Format, Verdict};
use eseal_protocol::evidence::Evidence;
use eseal_sdk::{Verification, verify_document};
use serde_json::Value;
use tempfile::NamedTempFile;

pub(super) use self::answer::check;
use self::answer::{document_answer, evidence_answer};
pub(super) use self::believed::anchors;
use super::{Refusal, now, open_options, print_json, read, write_whole};
use crate::args::Verify;
use crate::exit::Exit;

pub(super) fn run(arguments: &Verify) -> Exit {
    match judge(arguments) {
        Ok((answer, verdict)) => {
            if arguments.json {
                print_json(&answer);
            } else {
                text::say(&answer);
            }
            if verdict == Verdict::Valid { Exit::Done } else { Exit::No }
        }
        Err(refusal) => {
            refusal.say(&arguments.file);
            refusal.exit
        }
    }
}

fn judge(arguments: &Verify) -> Result<(Value, Verdict), Refusal> {
    let anchors = anchors(&arguments.trust)?;
    let file = File::open(&arguments.file).map_err(|error| Refusal::unreadable("file.unreadable", error))?;
    if looks_like_json(&file).map_err(|error| Refusal::unreadable("file.unreadable", error))? {
        let evidence = Evidence::from_json(&read(&arguments.file)?)
            .map_err(|error| Refusal::unreadable("evidence.malformed", error))?;
        if arguments.html.is_some() {
            return Err(Refusal::unreadable("sdk.bad-argument", "--html is for documents"));
        }
        Ok(evidence_answer(&evidence, &anchors))
    } else {
        let options = believed::options(arguments, anchors)?;
        let found = verify_document(&arguments.file, &open_options(&arguments.unlock)?, &options)
            .map_err(|error| Refusal::unreadable(error.code(), error.to_string()))?;
        let extracted = match &arguments.extract {
            Some(_) if found.report.format != Format::Pdf => {
                return Err(Refusal::unreadable("sdk.bad-argument", "--extract is for PDF documents"));
            }
            Some(folder) => extract(arguments, folder, &found)?,
            None => Vec::new(),
        };
        if let Some(path) = &arguments.html {
            let name = arguments.file.file_name().unwrap_or_default().to_string_lossy();
            write_whole(path, page::html(&name, &found, now()).as_bytes())?;
        }
        Ok((document_answer(&found, &extracted), found.report.verdict))
    }
}

fn looks_like_json(file: &File) -> std::io::Result<bool> {
    let mut start = Vec::new();
    file.take(64).read_to_end(&mut start)?;
    Ok(start.iter().find(|byte| !byte.is_ascii_whitespace()) == Some(&b'{'))
}

/// Writes what each signature signed; answers where that is, `None` for one that covers no part of the file.
fn extract(arguments: &Verify, folder: &Path, found: &Verification) -> Result<Vec<Option<PathBuf>>, Refusal> {
    let unwritable = |error: std::io::Error| Refusal::no("file.unwritable", error);
    fs::create_dir_all(folder).map_err(unwritable)?;
    let mut written = Vec::new();
    for (number, signature) in (1..).zip(&found.report.signatures) {
        let document = File::open(&arguments.file).map_err(|error| Refusal::unreadable("file.unreadable", error))?;
        let mut file = NamedTempFile::new_in(folder).map_err(unwritable)?;
        match extract_signed(document, &open_options(&arguments.unlock)?, &signature.field, &mut file) {
            Ok(_) => {
                let path = folder.join(format!("{number}-{}.pdf", as_file_name(&signature.field)));
                file.as_file().sync_all().map_err(unwritable)?;
                file.persist(&path).map_err(|error| unwritable(error.error))?;
                written.push(Some(path));
            }
            Err(PdfError::NoSuchSignature) => written.push(None),
            Err(error) => return Err(Refusal::no(error.code(), error)),
        }
    }
    Ok(written)
}

/// A field's name without what a path could be made of.
fn as_file_name(field: &str) -> String {
    const LONGEST: usize = 40;
    let kept = |letter: char| if letter.is_alphanumeric() || letter == '-' { letter } else { '_' };
    field.chars().take(LONGEST).map(kept).collect()
}
