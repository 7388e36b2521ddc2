//! `eseal stamp`: a key and a chain in files; the product's own keys are in phones.

mod level;
mod look;
mod ofd;

use std::fs;
use std::path::{Path, PathBuf};

use eseal_crypto::cert::Chain;
use eseal_crypto::key::SigningKey;
use eseal_document::pdf::{FieldChoice, Pdf, PdfError, SigningTime, StampRequest};
use serde_json::{Value, json};

use self::level::Vouched;
use self::look::Seal;
use super::{Refusal, now, open_options, print_json, read_text};
use crate::args::Stamp;
use crate::exit::Exit;

/// What every document is sealed with.
struct Means {
    key: SigningKey,
    chain: Chain,
    seal: Option<Seal>,
    level: Vouched,
    time: SigningTime,
    name: Option<String>,
}

pub(super) async fn run(arguments: &Stamp) -> Exit {
    let means = match means(arguments) {
        Ok(means) => means,
        Err((path, refusal)) => {
            refusal.say(path);
            return Exit::Unreadable;
        }
    };
    let mut worst = Exit::Done;
    let mut outcomes = Vec::new();
    for document in &arguments.documents {
        let output = output(arguments, document);
        let outcome = Box::pin(stamp_one(document, &output, arguments, &means)).await;
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

fn output(arguments: &Stamp, document: &Path) -> PathBuf {
    let is_folder = arguments.output.is_dir() || arguments.documents.len() > 1;
    if is_folder { arguments.output.join(document.file_name().unwrap_or_default()) } else { arguments.output.clone() }
}

fn means(arguments: &Stamp) -> Result<Means, (&Path, Refusal)> {
    let key = read_text(&arguments.key)
        .and_then(|pem| SigningKey::from_pkcs8_pem(&pem).map_err(|error| Refusal::unreadable(error.code(), error)));
    let chain = read_text(&arguments.cert)
        .and_then(|pem| Chain::from_pem(&pem).map_err(|error| Refusal::unreadable(error.code(), error)));
    let chain = chain.map_err(|refusal| (arguments.cert.as_path(), refusal))?;
    Ok(Means {
        key: key.map_err(|refusal| (arguments.key.as_path(), refusal))?,
        seal: Seal::read(&arguments.look)?,
        level: Vouched::new(&arguments.trusted).map_err(|refusal| (Path::new("--level"), refusal))?,
        time: SigningTime { at: now(), offset_minutes: 0 },
        name: chain.leaf().subject_common_name(),
        chain,
    })
}

async fn stamp_one(document: &Path, output: &Path, arguments: &Stamp, means: &Means) -> Result<String, Refusal> {
    let unreadable = |error: PdfError| match error {
        PdfError::Read(error) => Refusal::unreadable("file.unreadable", error),
        other => Refusal::unreadable(other.code(), other),
    };
    let refused = |error: PdfError| Refusal::no(error.code(), error);
    let file = eseal_document::open(document).map_err(unreadable)?;
    if eseal_document::format_of(&file).map_err(unreadable)? == eseal_document::report::Format::Ofd {
        return ofd::stamp(file, output, arguments, means);
    }
    let look = &arguments.look;
    if look.face.is_none() && (!look.at.is_empty() || look.cross_page.is_some()) {
        return Err(Refusal::unreadable("sdk.bad-argument", "what is seen on a PDF document needs --face"));
    }
    let pdf = Pdf::open_with(file, &open_options(&arguments.unlock)?).map_err(unreadable)?;
    let words = look::words(means.name.as_deref(), means.time, arguments.reason.as_deref());
    let text = means.seal.as_ref().and_then(|seal| seal.text(&words));
    let marks = match &means.seal {
        Some(seal) => seal.marks(&pdf, arguments, text.as_ref()).map_err(refused)?,
        None => Vec::new(),
    };
    let mut request = StampRequest::new(&means.chain, means.time).profile(arguments.profile.into()).marks(marks);
    if let Some(name) = &means.name {
        request = request.name(name);
    }
    if let Some(reason) = &arguments.reason {
        request = request.reason(reason);
    }
    if let Some(location) = &arguments.location {
        request = request.location(location);
    }
    if let Some(field) = &arguments.field {
        request = request.field(FieldChoice::Named(field));
    }
    if let Some(certify) = arguments.certify {
        request = request.certify(certify.into());
    }
    let prepared = pdf.prepare(&means.level.reserve(request)).map_err(refused)?;
    let field = prepared.field().to_owned();
    let sealed = Box::pin(means.level.seal(prepared, &means.key)).await?;
    let saved = if is_same(document, output) { sealed.append_to(document) } else { sealed.save_as(output) };
    saved.map_err(refused)?;
    Ok(field)
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
