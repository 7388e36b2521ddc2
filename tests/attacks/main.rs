//! Attacks on sealed PDFs, and what may lawfully be done to them: each made from a file that we sealed and from one that
//! pyHanko did, then judged by us, with pdfsig's and pyHanko's verdicts beside ours in `target/attacks.md`.
//!
//! No attack may be called valid and unchanged, and no lawful change be refused. Names of the classes: universal signature
//! forgery, incremental saving, signature wrapping (Mladenov et al., CCS 2019), shadow attacks (Mainka et al., NDSS 2021),
//! evil annotation and sneaky signature attacks on certified documents (Rohlmann et al., S&P 2021).
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs, reason = "test code")]

mod attack;
mod author;
mod file;
mod legal;
mod peers;
mod table;

use eseal_document::report::{Changes, Report, Verdict};
use eseal_tests::skipped;

use crate::author::{Author, Sealed};
use crate::table::{Row, Table};

/// What became of a sealed file, and what it is called.
#[derive(Clone)]
pub(crate) struct Variant {
    pub(crate) class: &'static str,
    pub(crate) name: String,
    pub(crate) bytes: Vec<u8>,
}

fn variant(class: &'static str, name: impl Into<String>, bytes: Vec<u8>) -> Variant {
    Variant { class, name: name.into(), bytes }
}

/// An attack got through if the file counts as valid and unchanged.
fn is_fooled(report: &Result<Report, String>) -> bool {
    report.as_ref().is_ok_and(|report| {
        report.verdict == Verdict::Valid
            && report.signatures.iter().any(|one| one.changes == Changes::None)
            && report.signatures.iter().all(|one| one.changes != Changes::Permitted)
    })
}

/// What is forbidden outright must not be valid in any way.
fn is_believed(report: &Result<Report, String>) -> bool {
    report.as_ref().is_ok_and(|report| report.verdict == Verdict::Valid)
}

fn is_refused(report: &Result<Report, String>) -> bool {
    match report {
        Ok(report) => {
            report.signatures.iter().any(|one| one.changes == Changes::Forbidden || one.verdict == Verdict::Invalid)
        }
        Err(_) => true,
    }
}

#[test]
fn no_attack_is_called_unchanged_and_no_lawful_change_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let mut authors = vec![Author::ours(folder.path())];
    match Author::pyhanko(folder.path()) {
        Ok(author) => authors.push(author),
        Err(why) => skipped("attacks::no_attack_is_called_unchanged_and_no_lawful_change_is_refused (pyHanko)", &why),
    }
    let mut table = Table::default();
    let mut wrong = Vec::new();
    for author in &authors {
        for sealed in &author.sealed {
            let clean = author.verify(&sealed.bytes);
            assert!(
                clean.as_ref().is_ok_and(|report| report.verdict == Verdict::Valid),
                "{} {}: {clean:#?}",
                author.name,
                sealed.name
            );
            for attacked in attack::all(sealed) {
                let report = author.verify(&attacked.bytes);
                let got_through = is_fooled(&report) || (attacked.class != "EAA" && is_believed(&report));
                // With P 3 annotations are allowed: never silently.
                let is_silent = attacked.class == "EAA"
                    && report.as_ref().is_ok_and(|report| {
                        report.verdict == Verdict::Valid
                            && !report
                                .signatures
                                .iter()
                                .any(|one| one.checks.iter().any(|check| check.code == "pdf.overlay"))
                    });
                if got_through || is_silent {
                    wrong.push(format!(
                        "{} {}: {} ({}) got through: {report:#?}",
                        author.name, sealed.name, attacked.name, attacked.class
                    ));
                }
                table.add(Row::new(author, sealed, attacked, &report));
            }
            for lawful in legal::all(author, sealed) {
                let report = author.verify(&lawful.bytes);
                if is_refused(&report) {
                    wrong.push(format!("{} {}: {} was refused: {report:#?}", author.name, sealed.name, lawful.name));
                }
                table.add(Row::new(author, sealed, lawful, &report));
            }
        }
        for (name, bytes) in &author.extended {
            let report = author.verify(bytes);
            if is_refused(&report) {
                wrong.push(format!("{}: {name} was refused: {report:#?}", author.name));
            }
            let sealed = Sealed { name: name.clone(), level: None, bytes: bytes.clone() };
            table.add(Row::new(author, &sealed, variant("legal", name.clone(), bytes.clone()), &report));
        }
    }
    table.ask_peers(&authors, folder.path());
    table.write();
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n"));
}

/// A shadow file is valid until it is changed, so it is the lint's to warn of it before it is sealed.
#[test]
fn shadow_files_are_warned_of_before_they_are_sealed() {
    for (name, bytes, code) in file::shadows() {
        let findings = eseal_document::pdf::Pdf::open(bytes.as_slice()).unwrap().lint().unwrap();
        let warned = findings
            .iter()
            .any(|finding| finding.code == code && finding.severity == eseal_document::pdf::Severity::Warning);
        assert!(warned, "{name}: {findings:#?}");
    }
    let clean = eseal_document::pdf::Pdf::open(file::plain().as_slice()).unwrap().lint().unwrap();
    assert!(clean.iter().all(|finding| finding.severity == eseal_document::pdf::Severity::Notice), "{clean:#?}");
}
