use std::fs;
use std::process::Command;

use super::{Judgement, Peer, Question, ask};
use crate::level::Level;

/// poppler's `pdfsig`. It judges trust by an NSS database, which is made for the question, by `certutil`.
pub(crate) const PDFSIG: Peer = Peer { name: "pdfsig", judge };

fn judge(question: &Question<'_>) -> Result<Judgement, String> {
    let folder = question.scratch.join("nss");
    // Another question may have left one here, with another anchor.
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).unwrap();
    let database = format!("sql:{}", folder.display());
    ask(Command::new("certutil").args(["-N", "-d", &database, "--empty-password"]))?;
    let add = ["-A", "-d", &database, "-n", "anchor", "-t", "C,C,C", "-i"];
    ask(Command::new("certutil").args(add).arg(question.anchor))?;

    // It asks the responder that a certificate names, and has an unknown issue with the certificate when that is gone, as a
    // demo's platform is: of such a file it is asked about the signature alone.
    let trust: &[&str] = if question.crl.is_some() { &["-nssdir", &database] } else { &["-nocert"] };
    let said = ask(Command::new("pdfsig").args(trust).arg(question.pdf))?;
    let count = |words: &str| said.text.matches(words).count();
    // It lists document timestamps, and does not know what they are.
    let signatures = count("Signature Field Name:") - count("Signature Type: unknown");
    // The last one must cover everything, in each field that shows it; poppler calls an earlier one's coverage not total, which is
    // no fault.
    let whole = count("Total document signed") > 0 || question.level == Level::Lt;
    let valid = signatures > 0 && whole && count("Signature is Valid.") == signatures;
    Ok(if count("Digest Mismatch") > 0 {
        Judgement::Changed
    } else if valid && (question.crl.is_none() || count("Certificate is Trusted.") == signatures) {
        Judgement::Accepted
    } else if valid && count("Certificate issuer is unknown.") > 0 {
        Judgement::Untrusted
    } else {
        Judgement::Unclear(said.text)
    })
}
