//! `eseal stamp`: a key and a chain in files; the product's own keys are in phones.

use std::fs;
use std::path::{Path, PathBuf};

use eseal_crypto::cert::Chain;
use eseal_crypto::key::SigningKey;
use eseal_document::pdf::{Mark, Pdf, PdfError, SigningTime, StampRequest};
use eseal_face::Face;
use serde_json::{Value, json};

use super::{Refusal, now, print_json, read_text};
use crate::args::Stamp;
use crate::exit::Exit;

struct Means {
    key: SigningKey,
    chain: Chain,
    face: Face,
}

pub(super) fn run(arguments: &Stamp) -> Exit {
    let means = match means(arguments) {
        Ok(means) => means,
        Err((path, refusal)) => {
            refusal.say(path);
            return Exit::Unreadable;
        }
    };
    let is_folder = arguments.output.is_dir() || arguments.documents.len() > 1;
    let mut worst = Exit::Done;
    let mut outcomes = Vec::new();
    for document in &arguments.documents {
        let output = if is_folder { in_folder(&arguments.output, document) } else { arguments.output.clone() };
        let outcome = stamp_one(document, &output, arguments, &means);
        if let Err(refusal) = &outcome {
            refusal.say(document);
            worst = worst.max(refusal.exit);
        }
        outcomes.push(as_json(document, &output, &outcome));
    }
    if arguments.json {
        print_json(&Value::Array(outcomes));
    }
    worst
}

fn in_folder(folder: &Path, document: &Path) -> PathBuf {
    folder.join(document.file_name().unwrap_or_default())
}

fn means(arguments: &Stamp) -> Result<Means, (&Path, Refusal)> {
    let key = read_text(&arguments.key)
        .and_then(|pem| SigningKey::from_pkcs8_pem(&pem).map_err(|error| Refusal::unreadable(error.code(), error)));
    let chain = read_text(&arguments.cert)
        .and_then(|pem| Chain::from_pem(&pem).map_err(|error| Refusal::unreadable(error.code(), error)));
    let face = read_text(&arguments.face)
        .and_then(|svg| Face::from_svg(&svg).map_err(|error| Refusal::unreadable(error.code(), error)));
    Ok(Means {
        key: key.map_err(|refusal| (arguments.key.as_path(), refusal))?,
        chain: chain.map_err(|refusal| (arguments.cert.as_path(), refusal))?,
        face: face.map_err(|refusal| (arguments.face.as_path(), refusal))?,
    })
}

fn stamp_one(document: &Path, output: &Path, arguments: &Stamp, means: &Means) -> Result<String, Refusal> {
    let unreadable = |error: PdfError| match error {
        PdfError::Read(error) => Refusal::unreadable("file.unreadable", error),
        other => Refusal::unreadable(other.code(), other),
    };
    let file = eseal_document::open(document).map_err(unreadable)?;
    let refused = |error: PdfError| Refusal::no(error.code(), error);
    let name = means.chain.leaf().subject_common_name();
    let time = SigningTime { at: now(), offset_minutes: 0 };
    let mut request = StampRequest::new(&means.chain, time).mark(Mark::new(&means.face, arguments.at.0));
    if let Some(name) = &name {
        request = request.name(name);
    }
    let prepared = Pdf::open(file).map_err(unreadable)?.prepare(&request).map_err(refused)?;
    let signature = means.key.sign(prepared.to_be_signed());
    let sealed = prepared.complete(&signature).map_err(refused)?;
    let saved = if is_same(document, output) { sealed.append_to(document) } else { sealed.save_as(output) };
    saved.map_err(refused)?;
    Ok(sealed.field().to_owned())
}

/// Whether both names lead to one file, which is then sealed where it lies.
fn is_same(document: &Path, output: &Path) -> bool {
    let target = |path| fs::canonicalize(path).ok();
    target(document).is_some_and(|document| target(output) == Some(document))
}

fn as_json(document: &Path, output: &Path, outcome: &Result<String, Refusal>) -> Value {
    match outcome {
        Ok(field) => json!({ "document": document, "output": output, "sealed": true, "field": field }),
        Err(refusal) => json!({ "document": document, "sealed": false, "error": refusal.to_json() }),
    }
}
