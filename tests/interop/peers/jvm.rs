//! PDFBox, EU DSS and veraPDF: one process (`jvm/`, built by `cargo xtask test peers`) answers for all of them, because
//! starting it costs more than most answers.

use std::path::Path;

use serde_json::{Value, json};

use super::process::Jvm;
use super::{Judgement, Peer, Question};
use crate::level::Level;

static PEERS: Jvm = Jvm::new("jvm", "cn.eseal.peers.Peers");

/// Apache PDFBox, with Bouncy Castle for the CMS.
pub(crate) const PDFBOX: Peer = Peer { name: "PDFBox", judge: pdfbox };

/// EU DSS.
pub(crate) const DSS: Peer = Peer { name: "EU DSS", judge: dss };

fn pdfbox(question: &Question<'_>) -> Result<Judgement, String> {
    let answer = PEERS.ask(&json!({ "task": "JUDGE_PDFBOX", "file": question.pdf, "trust": question.anchor }))?;
    // It does not know that validation data may follow.
    let grown = question.level.has_validation_data() && answer["verdict"] == "PARTIAL";
    Ok(if grown { Judgement::Accepted } else { judgement(&answer) })
}

/// Accepts only what has the level that it claims. What claims to hold its revocation data gets no other.
fn dss(question: &Question<'_>) -> Result<Judgement, String> {
    let claimed = question.level.dss_name();
    let crl = question.crl.filter(|_| !question.level.has_validation_data());
    let job = json!({
        "task": "JUDGE_DSS", "file": question.pdf, "trust": question.anchor, "crl": crl, "level": claimed
    });
    let answer = PEERS.ask(&job)?;
    let levels: Vec<_> = answer["level"].as_str().unwrap_or_default().split(',').collect();
    Ok(match judgement(&answer) {
        Judgement::Accepted if levels.last() != Some(&claimed.as_str()) => Judgement::Unclear(answer.to_string()),
        other => other,
    })
}

fn judgement(answer: &Value) -> Judgement {
    match answer["verdict"].as_str() {
        Some("ACCEPTED") => Judgement::Accepted,
        Some("CHANGED") => Judgement::Changed,
        Some("UNTRUSTED") => Judgement::Untrusted,
        _ => Judgement::Unclear(answer.to_string()),
    }
}

/// What veraPDF says of a file that claims a flavour of PDF/A or PDF/UA.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum VeraPdf {
    /// It is one.
    Conforms,
    /// It is none; the rules that it breaks.
    Breaks(String),
}

/// Asks veraPDF whether a file is of a flavour: `1b`, `2b`, `ua1`…
pub(crate) fn verapdf(name: &str, pdf: &Path, flavour: &str) -> Result<VeraPdf, String> {
    let answer = PEERS.ask(&json!({ "task": "JUDGE_VERAPDF", "file": pdf, "level": flavour }))?;
    let conforms = answer["verdict"] == "ACCEPTED" && answer["level"] == flavour;
    crate::table::note(name, "veraPDF", if conforms { "conforms" } else { "breaks rules" });
    Ok(if conforms {
        VeraPdf::Conforms
    } else {
        VeraPdf::Breaks(answer["detail"].as_str().unwrap_or_default().to_owned())
    })
}

/// PDFBox signs `document`, at level B or compatibly, under a root that is written to `anchor`.
pub(crate) fn pdfbox_signs(document: &Path, level: Level, signed: &Path, anchor: &Path) -> Result<(), String> {
    let sub_filter = if level == Level::Compat { "adbe.pkcs7.detached" } else { "ETSI.CAdES.detached" };
    sign("SIGN_PDFBOX", document, sub_filter, signed, anchor)
}

/// DSS signs `document` at a level of `PAdES`, under a root that is written to `anchor`.
pub(crate) fn dss_signs(document: &Path, level: Level, signed: &Path, anchor: &Path) -> Result<(), String> {
    sign("SIGN_DSS", document, level.as_str(), signed, anchor)
}

fn sign(task: &str, document: &Path, level: &str, signed: &Path, anchor: &Path) -> Result<(), String> {
    let answer =
        PEERS.ask(&json!({ "task": task, "file": document, "level": level, "out": signed, "trust": anchor }))?;
    assert_eq!(answer["verdict"], "ACCEPTED", "{answer}");
    Ok(())
}
