//! Whether the files that a signature names are the ones that were signed (GB/T 33190-2016, 18.2.3).

use std::collections::HashSet;

use data_encoding::BASE64;
use eseal_crypto::digest::DigestAlgorithm;

use super::case::Case;
use super::digests::Digests;
use crate::ofd::error::OfdError;
use crate::ofd::path;
use crate::ofd::signature::{Description, Reference};
use crate::report::{CheckVerdict, Integrity};
use crate::source::ReadAt;

const CLAUSE: &str = "GB/T 33190-2016, 18.2.3";
/// Most files that are named one by one.
pub(super) const MOST_NAMED: usize = 16;

/// How files are digested.
enum Method {
    Known(DigestAlgorithm),
    /// Others can make files of the same digest.
    Weak,
    Unknown,
}

impl Method {
    fn of(name: &str) -> Self {
        match name.trim().to_ascii_uppercase().as_str() {
            // The sub-forms of SM3 (GM/T 0006) are in the field, where nothing is keyed.
            "SM3" | "1.2.156.10197.1.401" | "1.2.156.10197.1.401.1" | "1.2.156.10197.1.401.2" => {
                Self::Known(DigestAlgorithm::Sm3)
            }
            "SHA256" | "SHA-256" | "2.16.840.1.101.3.4.2.1" => Self::Known(DigestAlgorithm::Sha256),
            "MD5" | "1.2.840.113549.2.5" | "SHA1" | "SHA-1" | "1.3.14.3.2.26" => Self::Weak,
            _ => Self::Unknown,
        }
    }
}

/// What a signature protects.
pub(super) struct Protected {
    /// The files that are named, whatever became of them.
    pub(super) files: HashSet<String>,
    /// Whether every file that is named is what it was.
    pub(super) integrity: Integrity,
}

impl<S: ReadAt> Case<'_, S> {
    pub(super) fn check_references(
        &mut self,
        base: &str,
        description: &Description,
        digests: &Digests,
    ) -> Result<Protected, OfdError> {
        let mut protected = Protected { files: HashSet::new(), integrity: Integrity::Broken };
        let method = &description.check_method;
        let algorithm = match Method::of(method) {
            Method::Known(algorithm) => algorithm,
            Method::Weak => {
                let detail = "the files are digested by a broken algorithm";
                self.checks.add("ofd.check-method", CLAUSE, CheckVerdict::Fail, detail);
                return Ok(protected);
            }
            Method::Unknown => {
                let detail = "the files are digested by an algorithm that is not known";
                self.checks.add("ofd.check-method", CLAUSE, CheckVerdict::NotChecked, detail);
                protected.integrity = Integrity::Unknown;
                return Ok(protected);
            }
        };
        self.checks.add("ofd.check-method", CLAUSE, CheckVerdict::Pass, method.clone());
        let mut wrong = 0;
        for reference in &description.references {
            match self.check_reference(base, reference, algorithm, &mut protected, digests)? {
                Ok(()) => {}
                Err(what) => {
                    wrong += 1;
                    if wrong <= MOST_NAMED {
                        let detail = format!("{}: {what}", reference.file);
                        self.checks.add("ofd.reference", CLAUSE, CheckVerdict::Fail, detail);
                    }
                }
            }
        }
        let all = description.references.len();
        let (verdict, detail) = match (all, wrong) {
            (0, _) => (CheckVerdict::Fail, "no file is protected".to_owned()),
            (_, 0) => (CheckVerdict::Pass, format!("{all} files are what was signed")),
            _ => (CheckVerdict::Fail, format!("{wrong} of {all} files are not what was signed")),
        };
        self.checks.add("ofd.references", CLAUSE, verdict, detail);
        protected.integrity = Integrity::of(verdict);
        Ok(protected)
    }

    /// What is wrong with a file, if anything is.
    fn check_reference(
        &self,
        base: &str,
        reference: &Reference,
        algorithm: DigestAlgorithm,
        protected: &mut Protected,
        digests: &Digests,
    ) -> Result<Result<(), &'static str>, OfdError> {
        let archive = &self.ofd.archive;
        let Ok(found) = path::find(base, &reference.file, |name| archive.contains(name)) else {
            return Ok(Err("leads out of the package"));
        };
        let Some(name) = found else { return Ok(Err("is not there")) };
        let Some(digest) = digests.of(archive, &name, algorithm)? else { return Ok(Err("cannot be unpacked")) };
        let text: String = reference.check_value.split_ascii_whitespace().collect();
        let is_same = BASE64.decode(text.as_bytes()).is_ok_and(|stated| stated == digest.as_bytes());
        protected.files.insert(name);
        Ok(if is_same { Ok(()) } else { Err("is not what was signed") })
    }
}
