//! Verifying every signature of a package, and what of the package each protects.

mod case;
mod coverage;
mod digests;
mod manifest;
mod references;
mod seal;
mod sign;
mod stamps;
mod value;

use eseal_crypto::cert::{TrustAnchors, UnixTime};
use eseal_crypto::ses::SealSignature;

pub(crate) use self::digests::Digests;

use self::case::Case;
use self::coverage::Parts;
use super::document::Ofd;
use super::error::OfdError;
use super::manifest::MANIFEST_FILE;
use super::signature::{self, Description, Listed};
use crate::report::{Check, CheckVerdict, Format, Report};
use crate::source::ReadAt;
use crate::trust::VerifyOptions;

/// Verifies every signature of a package, and its integrity manifest (GM/T 0099-2020) if it has one. Certificates are judged against `anchors`: where a seal says when it was put, or a
/// timestamp proves it, then (GB/T 38540-2020, 7.3), else at the time `at`. Without anchors nothing is trusted and no verdict
/// is better than indeterminate.
///
/// # Errors
/// Why the package cannot be read, as [`Ofd::open`].
pub fn verify<S: ReadAt>(source: S, anchors: &TrustAnchors, at: UnixTime) -> Result<Report, OfdError> {
    verify_with(source, &VerifyOptions::new(anchors.clone(), at))
}

/// As [`verify`], with all that a verifier may know beforehand.
///
/// # Errors
/// As [`verify`].
pub fn verify_with<S: ReadAt>(source: S, options: &VerifyOptions) -> Result<Report, OfdError> {
    verify_open(&Ofd::open(source)?, &Digests::default(), options)
}

/// What seals sealed a package, unjudged, each with the identifier of its signature in the list. Signatures that cannot be read,
/// or have no seal, are left out: [`verify`] says what is wrong with them.
///
/// # Errors
/// `ofd.read-failed`, or why the list of signatures cannot be read.
pub fn seals<S: ReadAt>(ofd: &Ofd<S>) -> Result<Vec<(String, SealSignature)>, OfdError> {
    let mut seals = Vec::new();
    for signature in described(ofd)? {
        let (Some(base), Ok(description)) = (&signature.listed.description, &signature.description) else { continue };
        match Case::new(ofd, &signature.listed.id).read_value(base, description) {
            Err(error @ OfdError::Read(_)) => return Err(error),
            value => {
                let seal = value.ok().and_then(|value| SealSignature::from_der(&value).ok());
                seals.extend(seal.map(|seal| (signature.listed.id.clone(), seal)));
            }
        }
    }
    Ok(seals)
}

pub(crate) fn verify_open<S: ReadAt>(
    ofd: &Ofd<S>,
    digests: &Digests,
    options: &VerifyOptions,
) -> Result<Report, OfdError> {
    let signatures = described(ofd)?;
    let parts = Parts::of(ofd, &signatures);
    let judge = |signature: &Described| Case::new(ofd, &signature.listed.id).judge(signature, &parts, digests, options);
    let reports = signatures.iter().map(judge).collect::<Result<Vec<_>, _>>()?;
    let manifest = Case::new(ofd, MANIFEST_FILE).judge_manifest(options)?;
    let mut report = Report::new(Format::Ofd, reports).with_manifest(manifest);
    let lists = ofd.bodies.iter().filter_map(|body| body.signatures.as_deref());
    if lists.into_iter().any(|list| !ofd.archive.contains(list)) {
        let detail = "the list of signatures that OFD.xml names is not there".to_owned();
        let clause = "GB/T 33190-2016, 18.1";
        report.checks.push(Check { code: "ofd.signature-list", clause, verdict: CheckVerdict::Warn, detail });
    }
    Ok(report)
}

/// A signature in the list, and what it says about itself if that can be read.
pub(crate) struct Described {
    pub(crate) listed: Listed,
    pub(crate) description: Result<Description, OfdError>,
}

pub(crate) fn described<S: ReadAt>(ofd: &Ofd<S>) -> Result<Vec<Described>, OfdError> {
    let describe = |listed: Listed| {
        let missing = || OfdError::MissingPart { name: "Signature.xml".to_owned() };
        let bytes = listed.description.as_deref().ok_or_else(missing).and_then(|name| ofd.read_xml(name));
        match bytes.and_then(Description::parse) {
            Err(error @ OfdError::Read(_)) => Err(error),
            description => Ok(Described { listed, description }),
        }
    };
    signature::listed(ofd)?.into_iter().map(describe).collect()
}
