//! `eseal seal inspect`: one answer, printed as JSON or as lines.

use std::path::Path;

use eseal_crypto::cert::{Certificate, TrustAnchors};
use eseal_crypto::digest::{Digest, DigestAlgorithm};
use eseal_crypto::revocation::RevocationData;
use eseal_crypto::ses::{Seal, SealHolder, SealSignature, SealSigners, SesError, StatedTime};
use eseal_document::ofd::{self, Ofd};
use eseal_document::pdf::{self, OpenOptions};
use eseal_document::report::Format;
use eseal_document::ses::SealJudge;
use eseal_document::{DocumentError, format_of};
use serde_json::{Value, json};

use crate::args::{KindName, SealInspect};
use crate::commands::verify::{anchors, check};
use crate::commands::{Refusal, now, print_json, read, write_whole};
use crate::exit::Exit;

/// What DER of a seal begins with.
const SEQUENCE: u8 = 0x30;
/// What a PDF begins with, within so many bytes.
const PDF: &[u8] = b"%PDF-";
const START: usize = 1024;

/// A seal of the file, and the signature that it was used in.
struct Found {
    seal: Seal,
    used: Option<Used>,
}

struct Used {
    /// Its identifier in the document's list of signatures.
    field: Option<String>,
    signature: SealSignature,
}

pub(in crate::commands) fn run(arguments: &SealInspect) -> Exit {
    match inspect(arguments) {
        Ok(answer) => {
            if arguments.json {
                print_json(&answer);
            } else {
                answer["seals"].as_array().into_iter().flatten().for_each(say);
            }
            Exit::Done
        }
        Err(refusal) => {
            refusal.say(&arguments.file);
            refusal.exit
        }
    }
}

fn inspect(arguments: &SealInspect) -> Result<Value, Refusal> {
    let anchors = anchors(&arguments.trust)?;
    let found = seals(&arguments.file)?;
    let Some(first) = found.first() else { return Err(Refusal::no("seal.none", "nothing was sealed with a seal")) };
    if let Some(picture) = &arguments.picture {
        write_whole(picture, &first.seal.picture().data)?;
    }
    Ok(json!({ "seals": found.iter().map(|one| describe(one, &anchors)).collect::<Vec<_>>() }))
}

/// By content: a package, or DER of a seal or of what was sealed with one.
fn seals(path: &Path) -> Result<Vec<Found>, Refusal> {
    let der = read(path)?;
    let all = |seals: Vec<(String, SealSignature)>| {
        seals.into_iter().map(|(field, signature)| Found::used(Some(field), signature)).collect()
    };
    // The picture in a seal may be a package itself: what begins as DER is not looked into.
    if der.first() != Some(&SEQUENCE) {
        let unreadable = |error: DocumentError| Refusal::unreadable(error.code(), error);
        if format_of(der.as_slice()).is_ok_and(|format| format == Format::Ofd) {
            let seals = Ofd::open(der.as_slice()).and_then(|ofd| ofd::seals(&ofd));
            return seals.map(all).map_err(|error| unreadable(error.into()));
        }
        if der.windows(PDF.len()).take(START).any(|window| window == PDF) {
            let seals = pdf::seals(der.as_slice(), &OpenOptions::new());
            return seals.map(all).map_err(|error| unreadable(error.into()));
        }
    }
    let found = Seal::from_der(&der).map(|seal| Found { seal, used: None });
    // A seal's own complaint says more than that it is no signature either.
    found
        .or_else(|error: SesError| SealSignature::from_der(&der).map(|used| Found::used(None, used)).map_err(|_| error))
        .map(|found| vec![found])
        .map_err(|error| Refusal::unreadable(error.code(), error))
}

impl Found {
    fn used(field: Option<String>, signature: SealSignature) -> Self {
        Self { seal: signature.seal().clone(), used: Some(Used { field, signature }) }
    }
}

fn describe(found: &Found, anchors: &TrustAnchors) -> Value {
    let seal = &found.seal;
    let (picture, validity) = (seal.picture(), seal.validity());
    let (certificates, revocation) = ([], RevocationData::new());
    let judge = SealJudge {
        anchors,
        maker_anchors: anchors,
        timestamp_anchors: anchors,
        certificates: &certificates,
        revocation: &revocation,
        at: now(),
    };
    let report = judge.judge_seal(seal);
    json!({
        "standard": seal.version().standard(),
        "version": seal.version().number(),
        "vendor": seal.vendor_id(),
        "id": seal.id(),
        "name": seal.name(),
        "holder": holder(seal.holder()),
        "kind": seal.kind().map(|kind| KindName::from(kind).as_str()),
        "kind_number": seal.kind().and_then(eseal_crypto::ses::SealKind::number),
        "created_at": seal.created_at().to_string(),
        "not_before": validity.not_before.to_string(),
        "not_after": validity.not_after.to_string(),
        "picture": {
            "type": picture.kind,
            "bytes": picture.data.len(),
            "size_mm": [picture.width_mm, picture.height_mm],
        },
        "maker": certificate(seal.maker()),
        "signers": signers(seal.signers()),
        "timestamp": seal.timestamp().is_some(),
        "used": found.used.as_ref().map(used),
        "verdict": report.verdict.as_str(),
        "integrity": report.integrity.as_str(),
        "trust": report.trust.as_str(),
        "checks": report.checks.iter().map(check).collect::<Vec<Value>>(),
    })
}

fn holder(holder: SealHolder) -> Value {
    match holder {
        SealHolder::Unit => "unit".into(),
        SealHolder::Person => "person".into(),
        SealHolder::Other(number) => number.into(),
    }
}

fn certificate(certificate: &Certificate) -> Value {
    json!({
        "subject": certificate.subject_rfc4514(),
        "serial": hex(certificate.serial()),
        "sm3": Digest::of(DigestAlgorithm::Sm3, certificate.to_der()).to_string(),
    })
}

/// The list of those who may use it: what is no certificate, which there is in the field, has its digest only.
fn signers(signers: &SealSigners) -> Value {
    let of_der = |der: &Vec<u8>| {
        Certificate::from_der(der).map_or_else(
            |_| json!({ "subject": null, "serial": null, "sm3": Digest::of(DigestAlgorithm::Sm3, der).to_string() }),
            |listed| certificate(&listed),
        )
    };
    match signers {
        SealSigners::Certificates(ders) => ders.iter().map(of_der).collect(),
        SealSigners::Digests(digests) => digests
            .iter()
            .map(|(kind, value)| json!({ "subject": null, "serial": null, "digest_of": kind, "sm3": hex(value) }))
            .collect(),
    }
}

fn used(used: &Used) -> Value {
    let time = match used.signature.stated_time() {
        StatedTime::Claimed(at) => Some(at.to_string()),
        StatedTime::Token(_) | StatedTime::Unknown => None,
    };
    json!({
        "field": used.field,
        "signer": certificate(used.signature.signer()),
        "signer_is_listed": used.signature.verify_signer_is_listed().is_ok(),
        "stated_time": time,
    })
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |text, byte| format!("{text}{byte:02x}"))
}

fn say(seal: &Value) {
    let text = |value: &Value| match value {
        Value::String(text) => text.clone(),
        Value::Null => "-".to_owned(),
        other => other.to_string(),
    };
    let named = |value: &Value| {
        format!("{} serial {} SM3 {}", text(&value["subject"]), text(&value["serial"]), text(&value["sm3"]))
    };
    let picture = &seal["picture"];
    println!("{} {}: {}", text(&seal["id"]), text(&seal["name"]), text(&seal["verdict"]));
    println!("  standard {} (version {}), vendor {}", text(&seal["standard"]), seal["version"], text(&seal["vendor"]));
    println!("  kind {} {}, holder {}", text(&seal["kind_number"]), text(&seal["kind"]), text(&seal["holder"]));
    println!(
        "  made {}, valid {} to {}",
        text(&seal["created_at"]),
        text(&seal["not_before"]),
        text(&seal["not_after"])
    );
    let size = &picture["size_mm"];
    println!("  picture {}, {} bytes, {} × {} mm", text(&picture["type"]), picture["bytes"], size[0], size[1]);
    println!("  maker {}", named(&seal["maker"]));
    for signer in seal["signers"].as_array().into_iter().flatten() {
        println!("  for {}", named(signer));
    }
    if let used @ Value::Object(_) = &seal["used"] {
        println!("  used by {} at {}", named(&used["signer"]), text(&used["stated_time"]));
    }
    for check in seal["checks"].as_array().into_iter().flatten() {
        let [code, clause, verdict, detail] = ["code", "clause", "verdict", "detail"].map(|key| text(&check[key]));
        println!("  {verdict} {code} ({clause}): {detail}");
    }
}
