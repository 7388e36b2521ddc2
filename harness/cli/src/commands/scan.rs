//! `eseal scan`.

use std::path::Path;

use eseal_qr::{Decoded, QrError, decode_picture};
use serde_json::{Value, json};

use super::{Refusal, print_json, progress, read};
use crate::args::Scan;
use crate::exit::Exit;

pub(super) fn run(arguments: &Scan) -> Exit {
    let read: Vec<_> = progress(&arguments.pictures).map(|picture| (picture, codes(picture))).collect();
    if arguments.json {
        print_json(&read.iter().map(|(path, codes)| as_json(path, codes)).collect());
        return exit_of(&read);
    }
    for (path, codes) in &read {
        match codes {
            Ok(codes) => {
                let texts: Vec<String> = codes.iter().map(|code| one_line(&code.text)).collect();
                println!("{}\t{}", path.display(), texts.join("\t"));
            }
            Err(refusal) => refusal.say(path),
        }
    }
    exit_of(&read)
}

fn exit_of<T>(read: &[(T, Result<Vec<Decoded>, Refusal>)]) -> Exit {
    if read.iter().all(|(_, codes)| codes.is_ok()) { Exit::Done } else { Exit::No }
}

/// `texts` are as they are printed without JSON; `codes` have them whole, with their corners in pixels of the picture.
fn as_json(path: &Path, codes: &Result<Vec<Decoded>, Refusal>) -> Value {
    match codes {
        Ok(codes) => {
            let texts: Vec<String> = codes.iter().map(|code| one_line(&code.text)).collect();
            json!({ "path": path, "texts": texts, "codes": codes.iter().map(code_as_json).collect::<Vec<_>>() })
        }
        Err(refusal) => json!({ "path": path, "texts": [], "codes": [], "error": refusal.to_json() }),
    }
}

fn code_as_json(code: &Decoded) -> Value {
    let part = code.part.map(|part| json!({ "index": part.index, "total": part.total, "parity": part.parity }));
    json!({ "text": code.text, "corners": code.corners.map(|corner| [corner.x, corner.y]), "part": part })
}

fn codes(picture: &Path) -> Result<Vec<Decoded>, Refusal> {
    let refused = |error: QrError| Refusal::no(error.code(), error);
    decode_picture(&read(picture)?).map_err(refused)
}

/// A code can hold anything; what is printed stays one field of one line, and cannot steer a terminal.
fn one_line(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { char::REPLACEMENT_CHARACTER } else { c }).collect()
}
