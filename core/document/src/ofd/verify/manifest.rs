//! The integrity manifest: whose it is, and whether the package has the files that it names, and no others.

use std::collections::HashSet;

use super::case::Case;
use super::coverage::Extent;
use super::references::MOST_NAMED;
use super::value::Value;
use crate::ofd::document::locate;
use crate::ofd::error::OfdError;
use crate::ofd::limits::MAX_SIGNED_VALUE_LEN;
use crate::ofd::manifest::{MANIFEST_FILE, Manifest};
use crate::report::{Changes, CheckVerdict, Coverage, SignatureReport};
use crate::source::ReadAt;
use crate::trust::VerifyOptions;

const FORM: &str = "GM/T 0099-2020, D.1";
const CLAUSE: &str = "GM/T 0099-2020, 7.4.6";

impl<S: ReadAt> Case<'_, S> {
    /// What is found about the manifest; `None` where there is none.
    pub(super) fn judge_manifest(mut self, options: &VerifyOptions) -> Result<Option<SignatureReport>, OfdError> {
        let manifest = match Manifest::of(self.ofd) {
            Err(error @ OfdError::Read(_)) => return Err(error),
            Ok(None) => return Ok(None),
            Err(error) => {
                self.checks.add("ofd.manifest", FORM, CheckVerdict::Fail, error.to_string());
                return Ok(Some(self.report(Value::unread(), None, options)));
            }
            Ok(Some(manifest)) => manifest,
        };
        self.know(options);
        self.checks.add("ofd.manifest", FORM, CheckVerdict::Pass, "it can be read");
        let value = locate(&self.ofd.archive, MANIFEST_FILE, &manifest.value)
            .and_then(|name| self.ofd.read_part(&name, MAX_SIGNED_VALUE_LEN));
        let value = match value {
            Err(error @ OfdError::Read(_)) => return Err(error),
            Err(error) => {
                self.checks.add("ofd.signed-value", CLAUSE, CheckVerdict::Fail, error.to_string());
                Value::unread()
            }
            Ok(value) => self.check_sign(&manifest.bytes, &value, options),
        };
        let changes = if self.check_files(&manifest) { Changes::None } else { Changes::Forbidden };
        // Names are covered, and nothing that is in the files.
        let extent = Extent { coverage: Coverage::Partial, changes };
        Ok(Some(self.report(value, Some(extent), options)))
    }

    /// Whether the package has the files that the manifest names, and no others.
    fn check_files(&mut self, manifest: &Manifest) -> bool {
        let (mut named, mut missing) = (HashSet::from([MANIFEST_FILE.to_owned()]), Vec::new());
        named.extend(Manifest::find(self.ofd, &manifest.value));
        for file in &manifest.files {
            match Manifest::find(self.ofd, file) {
                Some(name) => drop(named.insert(name)),
                None => missing.push(file.as_str()),
            }
        }
        let files = self.ofd.archive.files().map(|entry| entry.name.as_str());
        let smuggled: Vec<&str> = files.filter(|name| !named.contains(*name)).collect();
        self.name_files("ofd.smuggled-file", &smuggled, "is not in the manifest");
        self.name_files("ofd.missing-file", &missing, "is in the manifest and not in the package");
        let is_same = smuggled.is_empty() && missing.is_empty();
        if is_same {
            let detail = format!("the package has the {} files of the manifest and no others", manifest.files.len());
            self.checks.add("ofd.manifest-files", CLAUSE, CheckVerdict::Pass, detail);
        }
        is_same
    }

    fn name_files(&mut self, code: &'static str, files: &[&str], what: &str) {
        for name in files.iter().take(MOST_NAMED) {
            self.checks.add(code, CLAUSE, CheckVerdict::Fail, format!("{name}: {what}"));
        }
        if files.len() > MOST_NAMED {
            self.checks.add(code, CLAUSE, CheckVerdict::Fail, format!("{} files in all: {what}", files.len()));
        }
    }
}
