//! The table of verdicts.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use eseal_document::report::Report;
use eseal_tests::{checkout, skipped};

use crate::Variant;
use crate::author::{Author, Sealed};
use crate::peers;

pub(crate) struct Row {
    author: &'static str,
    sealed: String,
    variant: Variant,
    ours: String,
    pdfsig: String,
    pyhanko: String,
}

impl Row {
    pub(crate) fn new(author: &Author, sealed: &Sealed, variant: Variant, report: &Result<Report, String>) -> Self {
        let ours = match report {
            Err(code) => format!("not read: {code}"),
            Ok(report) => match report.signatures.first() {
                None => report.verdict.to_string(),
                Some(first) => format!("{}, changes {}", report.verdict, first.changes),
            },
        };
        let (pdfsig, pyhanko) = ("-".to_owned(), "-".to_owned());
        Self { author: author.name, sealed: sealed.name.clone(), variant, ours, pdfsig, pyhanko }
    }
}

#[derive(Default)]
pub(crate) struct Table {
    rows: Vec<Row>,
}

impl Table {
    pub(crate) fn add(&mut self, row: Row) {
        self.rows.push(row);
    }

    pub(crate) fn ask_peers(&mut self, authors: &[Author], folder: &Path) {
        let mut missing = Vec::new();
        for author in authors {
            let rows: Vec<&mut Row> = self.rows.iter_mut().filter(|row| row.author == author.name).collect();
            let paths: Vec<_> = (0..rows.len()).map(|at| folder.join(format!("{}-{at}.pdf", author.name))).collect();
            for (row, path) in rows.iter().zip(&paths) {
                fs::write(path, &row.variant.bytes).unwrap();
            }
            let pyhanko = peers::pyhanko(&author.anchor, &paths);
            if pyhanko.is_none() {
                missing.push("pyHanko");
            }
            for (at, row) in rows.into_iter().enumerate() {
                match peers::pdfsig(&paths[at]) {
                    Some(said) => row.pdfsig = said,
                    None => missing.push("pdfsig"),
                }
                if let Some(said) = pyhanko.as_ref() {
                    row.pyhanko.clone_from(&said[at]);
                }
            }
        }
        missing.sort_unstable();
        missing.dedup();
        for peer in missing {
            skipped(
                &format!("attacks::no_attack_is_called_unchanged_and_no_lawful_change_is_refused ({peer} beside ours)"),
                "it is not installed",
            );
        }
    }

    /// Leaves the table in the build folder.
    pub(crate) fn write(&self) {
        let mut text = String::from(
            "| sealed by | what | class | what was done | eseal | pdfsig | pyHanko |\n|---|---|---|---|---|---|---|\n",
        );
        for row in &self.rows {
            let Variant { class, name, .. } = &row.variant;
            writeln!(
                text,
                "| {} | {} | {class} | {name} | {} | {} | {} |",
                row.author, row.sealed, row.ours, row.pdfsig, row.pyhanko
            )
            .unwrap();
        }
        fs::write(checkout("target/attacks.md"), text).unwrap();
    }
}
