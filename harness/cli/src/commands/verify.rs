//! `eseal verify`.

use std::fs::{self, File};
use std::io::Read;
use std::path::{Path, PathBuf};

use eseal_crypto::cert::TrustAnchors;
use eseal_document::VerifyOptions;
use eseal_document::pdf::{PdfError, extract_signed};
use eseal_document::report::{Change, Check, Level, SignatureReport, Verdict};
use eseal_protocol::evidence::{Evidence, EvidenceReport};
use eseal_sdk::{Verification, VerifiedSeal, verify_document};
use serde_json::{Value, json};
use tempfile::NamedTempFile;

use super::{Refusal, now, open_options, print_json, read, read_text};
use crate::args::Verify;
use crate::exit::Exit;

pub(super) fn run(arguments: &Verify) -> Exit {
    match judge(arguments) {
        Ok((answer, verdict)) => {
            if arguments.json {
                print_json(&answer);
            } else {
                say(&answer);
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
        Ok(evidence_answer(&evidence.verify(&anchors), anchors.is_empty()))
    } else {
        let options = VerifyOptions::new(anchors, now());
        let found = verify_document(&arguments.file, &open_options(&arguments.unlock)?, &options)
            .map_err(|error| Refusal::unreadable(error.code(), error.to_string()))?;
        let extracted = match &arguments.extract {
            Some(folder) => extract(arguments, folder, &found)?,
            None => Vec::new(),
        };
        Ok((document_answer(&found, &extracted), found.report.verdict))
    }
}

pub(super) fn anchors(files: &[impl AsRef<Path>]) -> Result<TrustAnchors, Refusal> {
    let pem: String = files.iter().map(|file| read_text(file.as_ref())).collect::<Result<_, _>>()?;
    TrustAnchors::from_pem(&pem).map_err(|error| Refusal::unreadable(error.code(), error))
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

fn document_answer(found: &Verification, extracted: &[Option<PathBuf>]) -> Value {
    let report = &found.report;
    let paths = extracted.iter().map(Option::as_deref).chain(std::iter::repeat(None));
    let signatures = report.signatures.iter().zip(&found.seals).zip(paths);
    json!({
        "format": report.format.as_str(),
        "verdict": report.verdict.as_str(),
        "signatures": signatures.map(|((found, seal), path)| signature(found, seal.as_ref(), path)).collect::<Vec<_>>(),
        "checks": report.checks.iter().map(check).collect::<Vec<_>>(),
    })
}

/// The seal that a signature names, and whether the seal maker's record of it holds.
fn seal(seal: Option<&VerifiedSeal>) -> Value {
    match seal {
        None => Value::Null,
        Some(VerifiedSeal::Genuine(record)) => {
            json!({ "genuine": true, "seal_id": record.seal_id, "owner": record.owner.name })
        }
        Some(VerifiedSeal::NotGenuine(reason)) => json!({ "genuine": false, "detail": reason.to_string() }),
    }
}

fn signature(found: &SignatureReport, named: Option<&VerifiedSeal>, extracted: Option<&Path>) -> Value {
    let mut answer = json!({
        "field": found.field,
        "signer": found.signer,
        "format": found.format,
        "level": found.level.map(Level::as_str),
        "time": found.time.map(|time| time.at.to_string()),
        "time_source": found.time.map(|time| time.source.as_str()),
        "integrity": found.integrity.as_str(),
        "coverage": found.coverage.as_str(),
        "changes": found.changes.as_str(),
        "changes_detail": found.changes_detail.iter().map(change).collect::<Vec<_>>(),
        "trust": found.trust.as_str(),
        "verdict": found.verdict.as_str(),
        "seal": seal(named),
        "checks": found.checks.iter().map(check).collect::<Vec<_>>(),
    });
    if let Some(path) = extracted {
        answer["extracted"] = path.to_string_lossy().into();
    }
    answer
}

/// One thing that a later revision did.
fn change(change: &Change) -> Value {
    json!({
        "revision": change.revision,
        "object": change.object,
        "kind": change.kind.as_str(),
        "verdict": change.verdict.as_str(),
        "detail": change.detail,
    })
}

pub(super) fn check(check: &Check) -> Value {
    json!({
        "code": check.code,
        "clause": check.clause,
        "verdict": check.verdict.as_str(),
        "detail": check.detail,
    })
}

/// A consent in the form of a document's answer: the person's signature over what was asked.
fn evidence_answer(report: &EvidenceReport, no_anchors: bool) -> (Value, Verdict) {
    let verdict = match (&report.proven, no_anchors) {
        (Some(_), _) => Verdict::Valid,
        (None, true) => Verdict::Indeterminate,
        (None, false) => Verdict::Invalid,
    };
    let checks: Vec<_> = report
        .checks
        .iter()
        .map(|check| {
            let (verdict, detail) = match &check.outcome {
                Ok(()) => ("pass", ""),
                Err(detail) => ("fail", detail.as_str()),
            };
            json!({ "code": check.code, "clause": "", "verdict": verdict, "detail": detail })
        })
        .collect();
    let signatures: Vec<_> = report
        .proven
        .iter()
        .map(|proven| {
            json!({
                "field": "consent",
                "signer": proven.intent.subject.name.as_str(),
                "format": "eseal-consent/1",
                "level": Value::Null,
                "time": eseal_crypto::cert::UnixTime(proven.receipt.recorded_at.0).to_string(),
                "time_source": "recorded",
                "integrity": "intact",
                "coverage": "whole",
                "changes": "none",
                "trust": "trusted",
                "verdict": verdict.as_str(),
                "checks": [],
            })
        })
        .collect();
    let answer =
        json!({ "format": "evidence", "verdict": verdict.as_str(), "signatures": signatures, "checks": checks });
    (answer, verdict)
}

fn say(answer: &Value) {
    let text = |value: &Value| value.as_str().unwrap_or("-").to_owned();
    println!("{}", text(&answer["verdict"]));
    for found in answer["signatures"].as_array().into_iter().flatten() {
        println!(
            "{}: {} by {} at {} ({}); integrity {}, coverage {}, changes {}, trust {}",
            text(&found["field"]),
            text(&found["verdict"]),
            text(&found["signer"]),
            text(&found["time"]),
            text(&found["time_source"]),
            text(&found["integrity"]),
            text(&found["coverage"]),
            text(&found["changes"]),
            text(&found["trust"]),
        );
    }
    let signatures = answer["signatures"].as_array().into_iter().flatten().map(|found| &found["checks"]);
    for check in signatures.chain([&answer["checks"]]).filter_map(Value::as_array).flatten() {
        if check["verdict"] != "pass" {
            println!("  {} {}: {}", text(&check["verdict"]), text(&check["code"]), text(&check["detail"]));
        }
    }
}
