//! `eseal stamp`: a key and a chain in files; the product's own keys are in phones.

mod level;
mod look;
mod ofd;

use std::fs;
use std::path::{Path, PathBuf};

use eseal_crypto::cert::Chain;
use eseal_crypto::key::SigningKey;
use eseal_crypto::ses::Seal as SealData;
use eseal_document::pdf::{DualRequest, FieldChoice, Pdf, PdfError, Profile, SigningTime, StampRequest};
use serde_json::{Value, json};

use self::level::Vouched;
use self::look::Seal;
use super::{Refusal, now, open_options, print_json, read, read_text};
use crate::args::{ProfileName, Stamp};
use crate::exit::Exit;

/// What every document is sealed with.
struct Means {
    key: SigningKey,
    chain: Chain,
    /// What is seen.
    seal: Option<Seal>,
    /// What the seal is, by its maker's word.
    data: Option<SealData>,
    dual: Option<Signer>,
    level: Vouched,
    time: SigningTime,
    name: Option<String>,
}

/// A key and its certificate.
struct Signer {
    key: SigningKey,
    chain: Chain,
}

pub(super) async fn run(arguments: &Stamp) -> Exit {
    let means = match means(arguments) {
        Ok(means) => means,
        Err((path, refusal)) => {
            refusal.say(path);
            if arguments.json {
                let outcome = Err(refusal);
                let all = arguments.documents.iter();
                print_json(&all.map(|one| as_json(one, &output(arguments, one), &outcome)).collect());
            }
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
    let Signer { key, chain } = signer(&arguments.key, &arguments.cert)?;
    let data = match &arguments.look.seal {
        None => None,
        Some(path) => {
            let data = read(path)
                .and_then(|der| SealData::from_der(&der).map_err(|error| Refusal::unreadable(error.code(), error)));
            Some(data.map_err(|refusal| (path.as_path(), refusal))?)
        }
    };
    let dual = match (&arguments.dual.dual_key, &arguments.dual.dual_cert) {
        (Some(key), Some(cert)) => Some(signer(key, cert)?),
        _ => None,
    };
    Ok(Means {
        key,
        seal: Seal::read(&arguments.look, data.as_ref())?,
        data,
        dual,
        level: Vouched::new(&arguments.trusted).map_err(|refusal| (Path::new("--level"), refusal))?,
        time: SigningTime { at: now(), offset_minutes: 0 },
        name: chain.leaf().subject_common_name(),
        chain,
    })
}

fn signer<'a>(key: &'a Path, cert: &'a Path) -> Result<Signer, (&'a Path, Refusal)> {
    let pem = read_text(key)
        .and_then(|pem| SigningKey::from_pkcs8_pem(&pem).map_err(|error| Refusal::unreadable(error.code(), error)));
    let chain =
        read_text(cert).and_then(|pem| Chain::from_pem(&pem).map_err(|error| Refusal::unreadable(error.code(), error)));
    let chain = chain.map_err(|refusal| (cert, refusal))?;
    Ok(Signer { key: pem.map_err(|refusal| (key, refusal))?, chain })
}

/// What every signature of a sealing says.
fn stating<'a>(mut request: StampRequest<'a>, arguments: &'a Stamp, means: &'a Means) -> StampRequest<'a> {
    if let Some(name) = &means.name {
        request = request.name(name);
    }
    if let Some(reason) = &arguments.reason {
        request = request.reason(reason);
    }
    if let Some(location) = &arguments.location {
        request = request.location(location);
    }
    request
}

/// National CMS is for SM2 alone.
fn abroad(profile: ProfileName) -> Profile {
    match profile {
        ProfileName::Compat => Profile::Compat,
        ProfileName::Pades | ProfileName::Gbt35275 => Profile::Pades,
    }
}

async fn stamp_one(document: &Path, output: &Path, arguments: &Stamp, means: &Means) -> Result<String, Refusal> {
    let unreadable = |error: PdfError| match error {
        PdfError::Read(error) => Refusal::unreadable("file.unreadable", error),
        other => Refusal::unreadable(other.code(), other),
    };
    let refused = |error: PdfError| Refusal::no(error.code(), error);
    let file = eseal_document::open(document).map_err(unreadable)?;
    if eseal_document::format_of(&file).map_err(unreadable)? == eseal_document::report::Format::Ofd {
        return ofd::stamp(file, output, arguments, means).await;
    }
    if means.seal.is_none() && arguments.look.is_seen() {
        let detail = "what is seen on a PDF document needs --face, or a --seal whose picture is PNG, JPEG or SVG";
        return Err(Refusal::unreadable("sdk.bad-argument", detail));
    }
    if arguments.manifest {
        return Err(Refusal::unreadable("sdk.bad-argument", "--manifest is for OFD documents"));
    }
    if arguments.protection.is_some() {
        return Err(Refusal::unreadable("sdk.bad-argument", "--protection is for OFD documents: --certify"));
    }
    let pdf = Pdf::open_with(file, &open_options(&arguments.unlock)?).map_err(unreadable)?;
    let words = look::words(means.name.as_deref(), means.time, arguments.reason.as_deref());
    let text = means.seal.as_ref().and_then(|seal| seal.text(&words));
    let marks = match &means.seal {
        Some(seal) => seal.marks(&pdf, arguments, text.as_ref()).map_err(refused)?,
        None => Vec::new(),
    };
    let mut request = stating(StampRequest::new(&means.chain, means.time), arguments, means).marks(marks);
    request = match &means.data {
        Some(seal) => request.seal(seal),
        None => request.profile(arguments.profile.into()),
    };
    if let Some(field) = &arguments.field {
        request = request.field(FieldChoice::Named(field));
    }
    if let Some(certify) = arguments.certify {
        request = request.certify(certify.into());
    }
    let (prepared, key) = match &means.dual {
        None => (pdf.prepare(&means.level.reserve(request)).map_err(refused)?, &means.key),
        Some(dual) => {
            let behind = stating(StampRequest::new(&dual.chain, means.time), arguments, means);
            let behind = means.level.reserve(behind.profile(abroad(arguments.profile)));
            let request = DualRequest::new(request, behind).map_err(refused)?;
            let first = pdf.prepare_dual(&request).map_err(refused)?;
            let signature = means.key.sign(first.to_be_signed());
            (first.complete(&signature).map_err(refused)?, &dual.key)
        }
    };
    let field = prepared.field().to_owned();
    let sealed = Box::pin(means.level.seal(prepared, key)).await?;
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
