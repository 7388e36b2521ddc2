//! What of the package a signature protects, and what it does not: files can be smuggled into a zip file.

use std::collections::HashSet;

use super::Described;
use super::case::Case;
use super::references::{MOST_NAMED, Protected};
use crate::ofd::document::{ENTRY_FILE, Ofd};
use crate::ofd::{manifest, path};
use crate::report::{Changes, CheckVerdict, Coverage};
use crate::source::ReadAt;

const CLAUSE: &str = "GM/T 0099-2020";

/// The files that signatures are made of.
pub(super) struct Parts {
    lists: HashSet<String>,
    /// For each signature, in order.
    own: Vec<HashSet<String>>,
    /// Those of the manifest, whose own verdict they are part of.
    manifest: Vec<String>,
}

impl Parts {
    pub(super) fn of<S: ReadAt>(ofd: &Ofd<S>, signatures: &[Described]) -> Self {
        let lists = signatures.iter().map(|signature| signature.listed.list.clone()).collect();
        let own = signatures.iter().map(|signature| {
            let Some(base) = &signature.listed.description else { return HashSet::new() };
            let description = signature.description.as_ref().ok();
            let named = description.into_iter().flat_map(|found| [&found.value, &found.seal]).flatten();
            let find = |location: &String| path::find(base, location, |name| ofd.archive.contains(name)).ok().flatten();
            named.filter_map(find).chain([base.clone()]).collect()
        });
        Self { lists, own: own.collect(), manifest: manifest::parts(ofd) }
    }

    /// The number of a signature: that of its description.
    fn position(&self, description: &str) -> Option<usize> {
        self.own.iter().position(|own| own.contains(description))
    }
}

/// How much a signature protects.
pub(super) struct Extent {
    pub(super) coverage: Coverage,
    pub(super) changes: Changes,
}

impl<S: ReadAt> Case<'_, S> {
    pub(super) fn check_coverage(&mut self, base: &str, protected: &Protected, parts: &Parts) -> Extent {
        let files = self.ofd.archive.files().map(|entry| entry.name.as_str());
        let open: Vec<&str> = files.filter(|name| !protected.files.contains(*name)).collect();
        let position = parts.position(base);
        let (mut later, mut foreign, mut is_root_open) = (false, Vec::new(), false);
        for name in open {
            let owner = parts.own.iter().position(|own| own.contains(name));
            match owner {
                // Its own description and value cannot be among what it protects, and are what was verified.
                Some(_) if owner == position => {}
                Some(_) => later = true,
                None if parts.manifest.iter().any(|part| part == name) => later = true,
                None if parts.lists.contains(name) => {}
                None if name == ENTRY_FILE => is_root_open = true,
                None => foreign.push(name.to_owned()),
            }
        }
        let locked = parts.lists.iter().any(|list| protected.files.contains(list));
        let detail = if locked { "no signature may follow" } else { "other signatures may follow" };
        self.checks.add("ofd.protection", CLAUSE, CheckVerdict::Pass, detail);
        for name in foreign.iter().take(MOST_NAMED) {
            self.checks.add(
                "ofd.unprotected-file",
                CLAUSE,
                CheckVerdict::Fail,
                format!("{name}: no part of what was signed"),
            );
        }
        if foreign.len() > MOST_NAMED {
            let detail = format!("{} files in all are no part of what was signed", foreign.len());
            self.checks.add("ofd.unprotected-file", CLAUSE, CheckVerdict::Fail, detail);
        }
        if is_root_open {
            // Usual in invoices. Whatever it leads to is protected, or was found above.
            let detail = "OFD.xml is no part of what was signed: the description of the package may have changed";
            self.checks.add("ofd.unprotected-root", CLAUSE, CheckVerdict::Warn, detail);
        }
        let coverage = match (foreign.is_empty() && !is_root_open, later) {
            (false, _) => Coverage::Partial,
            (true, true) => Coverage::Revision,
            (true, false) => Coverage::Whole,
        };
        let changes = match (foreign.is_empty(), later) {
            (false, _) => Changes::Forbidden,
            (true, true) => Changes::Permitted,
            (true, false) => Changes::None,
        };
        Extent { coverage, changes }
    }
}
