//! `eseal lint`: what a signer should see before sealing.

use std::path::Path;

use eseal_document::pdf::{Finding, Pdf, PdfError};
use serde_json::{Value, json};

use super::{Refusal, open_options, print_json};
use crate::args::Lint;
use crate::exit::Exit;

pub(super) fn run(arguments: &Lint) -> Exit {
    let mut worst = Exit::Done;
    let mut answers = Vec::new();
    for document in &arguments.documents {
        let found = look(document, arguments);
        worst = worst.max(match &found {
            Ok(findings) if findings.is_empty() => Exit::Done,
            Ok(_) => Exit::No,
            Err(refusal) => refusal.exit,
        });
        match &found {
            Err(refusal) => refusal.say(document),
            Ok(findings) if !arguments.json => say(document, findings),
            Ok(_) => {}
        }
        answers.push(as_json(document, &found));
    }
    if arguments.json {
        print_json(&Value::Array(answers));
    }
    worst
}

fn look(document: &Path, arguments: &Lint) -> Result<Vec<Finding>, Refusal> {
    let unreadable = |error: PdfError| Refusal::unreadable(error.code(), error);
    let file = eseal_document::open(document).map_err(unreadable)?;
    let pdf = Pdf::open_with(file, &open_options(&arguments.unlock)?).map_err(unreadable)?;
    pdf.lint().map_err(unreadable)
}

fn say(document: &Path, findings: &[Finding]) {
    for finding in findings {
        let page = finding.page.map(|page| format!(" page {page}:")).unwrap_or_default();
        let (severity, code, detail) = (finding.severity.as_str(), finding.code, &finding.detail);
        println!("{}: {severity} {code}:{page} {detail}", document.display());
    }
}

fn as_json(document: &Path, found: &Result<Vec<Finding>, Refusal>) -> Value {
    match found {
        Ok(findings) => json!({ "document": document, "findings": findings.iter().map(finding).collect::<Vec<_>>() }),
        Err(refusal) => json!({ "document": document, "error": refusal.to_json() }),
    }
}

fn finding(finding: &Finding) -> Value {
    json!({
        "severity": finding.severity.as_str(),
        "code": finding.code,
        "page": finding.page,
        "object": finding.object,
        "detail": finding.detail,
    })
}
