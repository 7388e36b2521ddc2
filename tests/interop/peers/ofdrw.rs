//! ofdrw, the Java library (`ofdrw/`, built by `cargo xtask test peers`).
//!
//! Its verifier holds files, description, seal and signature against each other. It judges no certificate, so that it trusts
//! everybody, and files that no signature names it does not see.

use std::path::Path;

use serde_json::{Value, json};

use super::process::Jvm;
use super::{Judgement, OfdPeer, OfdQuestion};

/// ofdrw, by `OFDValidator`.
pub(crate) const OFDRW: OfdPeer = OfdPeer { name: "ofdrw (Java)", judge };

/// ofdrw, by `OFDIntegrityVerifier`: the integrity manifest alone.
pub(crate) const OFDRW_MANIFEST: OfdPeer = OfdPeer { name: "ofdrw (Java), manifest", judge: judge_manifest };

static PROCESS: Jvm = Jvm::new("ofdrw", "cn.eseal.ofdrw.Ofdrw");

fn judge(question: &OfdQuestion<'_>) -> Result<Judgement, String> {
    ask("JUDGE", question)
}

fn judge_manifest(question: &OfdQuestion<'_>) -> Result<Judgement, String> {
    ask("JUDGE_MANIFEST", question)
}

fn ask(task: &str, question: &OfdQuestion<'_>) -> Result<Judgement, String> {
    let answer = PROCESS.ask(&json!({ "task": task, "file": question.ofd }))?;
    Ok(match answer["verdict"].as_str() {
        Some("ACCEPTED") => Judgement::Accepted,
        Some("CHANGED") => Judgement::Changed,
        _ => Judgement::Unclear(answer.to_string()),
    })
}

/// How ofdrw signs, in its program's words.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Wish {
    /// What the value of the signature is: `V1`, `V4`, `V5`, `CMS`, `CMS_ATTRIBUTES`, `BARE`.
    pub(crate) form: &'static str,
    /// Where the seal is seen: `NOWHERE`, `PAGE_1`, `RIGHT`, `LEFT`, `TOP`, `BOTTOM`.
    pub(crate) place: &'static str,
    /// Whether others may follow: `CONTINUE`, `WHOLE`.
    pub(crate) protection: &'static str,
}

/// ofdrw signs `document` under a root that is written to `root`, with a certificate that is written to `signer`, both PEM.
/// `Err` is why it cannot.
pub(crate) fn ofdrw_signs(document: &Path, wish: Wish, out: &Path, root: &Path, signer: &Path) -> Result<(), String> {
    let Wish { form, place, protection } = wish;
    let answer: Value = PROCESS.ask(&json!({
        "task": "SIGN", "file": document, "out": out, "trust": root, "signer": signer,
        "form": form, "place": place, "protection": protection,
    }))?;
    match answer["verdict"].as_str() {
        Some("ACCEPTED") => Ok(()),
        Some("UNKNOWN") => Err(answer["detail"].as_str().unwrap_or_default().to_owned()),
        _ => panic!("ofdrw does not sign: {answer}"),
    }
}

/// ofdrw adds an integrity manifest to `document`, signed under a root that is written to `root`, PEM. `Err` is why it cannot.
pub(crate) fn ofdrw_closes(document: &Path, out: &Path, root: &Path) -> Result<(), String> {
    let answer: Value = PROCESS.ask(&json!({ "task": "CLOSE", "file": document, "out": out, "trust": root }))?;
    assert_eq!(answer["verdict"], "ACCEPTED", "ofdrw does not close: {answer}");
    Ok(())
}
