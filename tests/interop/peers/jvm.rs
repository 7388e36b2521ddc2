//! PDFBox, EU DSS and veraPDF: one process (`jvm/`, built by `cargo xtask test peers`) answers for all of them, because
//! starting it costs more than most answers.

use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::{Mutex, OnceLock, PoisonError};
use std::time::SystemTime;

use eseal_tests::checkout;
use serde_json::{Value, json};

use super::{Judgement, Peer, Question};
use crate::level::Level;

/// Apache PDFBox, with Bouncy Castle for the CMS.
pub(crate) const PDFBOX: Peer = Peer { name: "PDFBox", judge: pdfbox };

/// EU DSS.
pub(crate) const DSS: Peer = Peer { name: "EU DSS", judge: dss };

fn pdfbox(question: &Question<'_>) -> Result<Judgement, String> {
    let answer = ask(&json!({ "task": "JUDGE_PDFBOX", "file": question.pdf, "trust": question.anchor }))?;
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
    let answer = ask(&job)?;
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
    let answer = ask(&json!({ "task": "JUDGE_VERAPDF", "file": pdf, "level": flavour }))?;
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
    let answer = ask(&json!({ "task": task, "file": document, "level": level, "out": signed, "trust": anchor }))?;
    assert_eq!(answer["verdict"], "ACCEPTED", "{answer}");
    Ok(())
}

struct Process {
    child: Child,
    jobs: ChildStdin,
    answers: BufReader<ChildStdout>,
}

/// Does a job in the one process, which the first job starts. It ends with this test program, by the end of its input.
fn ask(job: &Value) -> Result<Value, String> {
    static PROCESS: OnceLock<Result<Mutex<Process>, String>> = OnceLock::new();
    let process = PROCESS.get_or_init(|| start().map(Mutex::new)).as_ref().map_err(Clone::clone)?;
    // A test that failed while asking has failed already; the process is as it was.
    let mut process = process.lock().unwrap_or_else(PoisonError::into_inner);
    writeln!(process.jobs, "{job}").unwrap();
    let mut answer = String::new();
    process.answers.read_line(&mut answer).unwrap();
    let gone = || panic!("the JVM peers ended: {:?}, at {job}", fs::read_to_string(folder().join("peers.log")));
    let answer = if answer.is_empty() { gone() } else { serde_json::from_str(&answer).unwrap() };
    assert!(process.child.try_wait().unwrap().is_none());
    Ok(answer)
}

fn start() -> Result<Process, String> {
    let folder = folder();
    let built = modified(&folder.join("built")).ok_or("the JVM peers are not built: cargo xtask test peers")?;
    if sources(&checkout("tests/interop/jvm")).iter().any(|source| modified(source).is_none_or(|at| at > built)) {
        return Err("the JVM peers are older than their sources: cargo xtask test peers".to_owned());
    }
    let mut java = Command::new("java");
    java.current_dir(&folder).args(["-Xmx512m", "-cp", "classes:lib/*", "cn.eseal.peers.Peers"]);
    let log = fs::File::create(folder.join("peers.log")).unwrap();
    let mut child = java
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(log)
        .spawn()
        .map_err(|error| format!("java does not start: {error}"))?;
    let jobs = child.stdin.take().unwrap();
    let answers = BufReader::new(child.stdout.take().unwrap());
    Ok(Process { child, jobs, answers })
}

/// What `cargo xtask test peers` builds.
fn folder() -> PathBuf {
    checkout("target/interop/jvm")
}

fn modified(file: &Path) -> Option<SystemTime> {
    fs::metadata(file).and_then(|data| data.modified()).ok()
}

fn sources(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    entries.flat_map(|path| if path.is_dir() { sources(&path) } else { vec![path] }).collect()
}
