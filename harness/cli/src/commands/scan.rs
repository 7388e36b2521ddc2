//! `eseal scan`.

use std::path::Path;

use eseal_qr::{QrError, decode_picture};
use serde_json::{Value, json};

use super::{Refusal, print_json, read};
use crate::args::Scan;
use crate::exit::Exit;

pub(super) fn run(arguments: &Scan) -> Exit {
    let read: Vec<_> = arguments.pictures.iter().map(|picture| (picture, texts(picture))).collect();
    if arguments.json {
        let pictures = read.iter().map(|(path, texts)| as_json(path, texts));
        print_json(&pictures.collect());
    } else {
        for (path, texts) in &read {
            match texts {
                Ok(texts) => println!("{}\t{}", path.display(), texts.join("\t")),
                Err(refusal) => refusal.say(path),
            }
        }
    }
    if read.iter().all(|(_, texts)| texts.is_ok()) { Exit::Done } else { Exit::No }
}

fn as_json(path: &Path, texts: &Result<Vec<String>, Refusal>) -> Value {
    match texts {
        Ok(texts) => json!({ "path": path, "texts": texts }),
        Err(refusal) => json!({ "path": path, "texts": [], "error": refusal.to_json() }),
    }
}

fn texts(picture: &Path) -> Result<Vec<String>, Refusal> {
    let refused = |error: QrError| Refusal::no(error.code(), error);
    let decoded = decode_picture(&read(picture)?).map_err(refused)?;
    Ok(decoded.into_iter().map(|code| one_line(&code.text)).collect())
}

/// A code can hold anything; what is printed stays one field of one line, and cannot steer a terminal.
fn one_line(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { char::REPLACEMENT_CHARACTER } else { c }).collect()
}
