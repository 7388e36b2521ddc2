//! Verifying every signature of a PDF, and what became of the file after each.

mod byte_range;
mod changes;
mod region;

use eseal_crypto::cert::{ChainError, Purpose, TrustAnchors, UnixTime};
use eseal_crypto::cms::{CmsError, SignedData};
use eseal_crypto::digest::{Digest, Hasher};

use crate::report::{
    Changes, Check, CheckVerdict, Coverage, Format, Integrity, Level, Report, SignatureReport, SigningInstant,
    TimeSource, Trust, Verdict,
};
use crate::source::{Prefix, ReadAt};

use self::byte_range::Covered;
use self::changes::Later;
use crate::pdf::error::PdfError;
use crate::pdf::form::{self, Field};
use crate::pdf::limits::MAX_SIGNATURES;
use crate::pdf::read::blocks::read_range;
use crate::pdf::read::reader::Reader;
use crate::pdf::sign::SEAL_RECORD_KEY;
use crate::pdf::syntax::object::Value;
use crate::pdf::syntax::text::parse_date;
use crate::pdf::syntax::token::is_space;

const PADES: &str = "ETSI.CAdES.detached";
const CMS_DETACHED: &str = "adbe.pkcs7.detached";

const ISO_SIGNATURES: &str = "ISO 32000-2, 12.8.1";
const ISO_UPDATES: &str = "ISO 32000-2, 7.5.6";
const ISO_CHANGES: &str = "ISO 32000-2, 12.8.2.2";
const CMS_SIGNATURE: &str = "RFC 5652, 5.6";
const PADES_BASELINE: &str = "ETSI EN 319 142-1, 6.3";
const PATH_VALIDATION: &str = "RFC 5280, 6.1";
const REVOCATION: &str = "RFC 5280, 6.3";

/// Verifies every signature of a PDF. Certificates are judged against `anchors` at the time `at`; without anchors nothing
/// is trusted and no verdict is better than indeterminate.
///
/// # Errors
/// Why the file cannot be read, as [`Pdf::open`](super::Pdf::open): damaged or encrypted files have no report.
pub fn verify<S: ReadAt>(source: S, anchors: &TrustAnchors, at: UnixTime) -> Result<Report, PdfError> {
    let reader = Reader::open(source)?;
    let mut signatures = Vec::new();
    for field in form::fields(&reader)?.iter().filter(|field| field.is_signature) {
        let Some(value) = &field.value else { continue };
        let value = reader.resolve(value.clone())?;
        if value.is_null() {
            continue;
        }
        if signatures.len() >= MAX_SIGNATURES {
            return Err(PdfError::LimitExceeded { what: "signatures" });
        }
        let case = Case { reader: &reader, field, signature: value, checks: Vec::new() };
        signatures.push(case.judge(anchors, at)?);
    }
    Ok(Report::new(Format::Pdf, signatures))
}

/// One signature while it is judged.
struct Case<'a, S> {
    reader: &'a Reader<S>,
    field: &'a Field,
    signature: Value,
    checks: Vec<Check>,
}

/// What the signature value itself has to say.
struct Cryptography {
    integrity: Integrity,
    signed_data: Option<SignedData>,
    /// The signature names its certificate, as `PAdES` wants it.
    names_certificate: bool,
    /// Nothing is wrong, but the algorithm is not one that can be checked here.
    is_unsupported: bool,
}

impl Cryptography {
    fn broken(signed_data: Option<SignedData>) -> Self {
        Self { integrity: Integrity::Broken, signed_data, names_certificate: false, is_unsupported: false }
    }
}

impl<S: ReadAt> Case<'_, S> {
    fn judge(mut self, anchors: &TrustAnchors, at: UnixTime) -> Result<SignatureReport, PdfError> {
        let format = self.signature.get("SubFilter").and_then(|format| format.name());
        let format = String::from_utf8_lossy(&format.unwrap_or_default()).into_owned();
        let covered = match byte_range::read(&self.signature, self.reader.input.size) {
            Ok(covered) => {
                self.add("pdf.byte-range", ISO_SIGNATURES, CheckVerdict::Pass, "covers all but the signature value");
                Some(covered)
            }
            Err(what) => {
                self.add("pdf.byte-range", ISO_SIGNATURES, CheckVerdict::Fail, what);
                None
            }
        };
        let cryptography = self.check_cryptography(&format, covered.as_ref())?;
        let (coverage, changes) = self.check_file(covered.as_ref());
        let trust = self.check_trust(cryptography.signed_data.as_ref(), anchors, at);
        let time = self.check_time(cryptography.signed_data.as_ref());
        let level = self.level(&format, &cryptography, time);
        let verdict = self.verdict(&cryptography, coverage, changes, trust);
        let signer_certificate = cryptography.signed_data.as_ref().map(|signed| signed.signer().sha256());
        let signer = cryptography.signed_data.as_ref().map(|signed| {
            let signer = signed.signer();
            signer.subject_common_name().unwrap_or_else(|| signer.subject_rfc4514())
        });
        Ok(SignatureReport {
            field: self.field.name.clone(),
            signer,
            signer_certificate,
            format,
            level,
            time,
            integrity: cryptography.integrity,
            coverage,
            changes,
            trust,
            verdict,
            checks: self.checks,
            // Only a direct value is inside the signed bytes for certain.
            seal_record: self.signature.get(SEAL_RECORD_KEY).and_then(|record| record.string()),
        })
    }

    fn add(&mut self, code: &'static str, clause: &'static str, verdict: CheckVerdict, detail: impl Into<String>) {
        self.checks.push(Check { code, clause, verdict, detail: detail.into() });
    }

    fn check_cryptography(&mut self, format: &str, covered: Option<&Covered>) -> Result<Cryptography, PdfError> {
        if ![PADES, CMS_DETACHED].contains(&format) {
            self.add("pdf.sub-filter", ISO_SIGNATURES, CheckVerdict::NotChecked, "a format that is not read here");
            return Ok(Cryptography { is_unsupported: true, ..Cryptography::broken(None) });
        }
        self.add("pdf.sub-filter", ISO_SIGNATURES, CheckVerdict::Pass, format);
        let Some(contents) = byte_range::contents(&self.signature) else {
            self.add("cms.signature", CMS_SIGNATURE, CheckVerdict::Fail, "/Contents is not clean hexadecimal");
            return Ok(Cryptography::broken(None));
        };
        let signed_data = match SignedData::from_padded_der(&contents) {
            Ok(signed_data) => signed_data,
            Err(error) => {
                self.add("cms.signature", CMS_SIGNATURE, verdict_of(&error), error.to_string());
                let is_unsupported = verdict_of(&error) == CheckVerdict::NotChecked;
                return Ok(Cryptography { is_unsupported, ..Cryptography::broken(None) });
            }
        };
        let Some(covered) = covered else { return Ok(Cryptography::broken(Some(signed_data))) };
        let outcome = match signed_data.digest_algorithm() {
            Ok(algorithm) => {
                let digest = digest(self.reader, covered, Hasher::new(algorithm))?;
                signed_data.verify(&digest)
            }
            Err(error) => Err(error),
        };
        Ok(self.conclude(format, signed_data, outcome))
    }

    fn conclude(&mut self, format: &str, signed_data: SignedData, outcome: Result<(), CmsError>) -> Cryptography {
        const NAMED: (&str, &str) = ("cms.signing-certificate", "RFC 5035, 3");
        let intact = "the covered bytes are the signed ones";
        match outcome {
            Ok(()) => {
                self.add("cms.signature", CMS_SIGNATURE, CheckVerdict::Pass, intact);
                self.add(NAMED.0, NAMED.1, CheckVerdict::Pass, "the signature names its certificate");
                Cryptography {
                    integrity: Integrity::Intact,
                    signed_data: Some(signed_data),
                    names_certificate: true,
                    is_unsupported: false,
                }
            }
            // Said only when all else holds: not wrong outside of PAdES, only weaker.
            Err(error @ CmsError::SigningCertificateMissing) => {
                self.add("cms.signature", CMS_SIGNATURE, CheckVerdict::Pass, intact);
                let verdict = if format == PADES { CheckVerdict::Fail } else { CheckVerdict::Warn };
                self.add(NAMED.0, NAMED.1, verdict, error.to_string());
                Cryptography {
                    integrity: Integrity::Intact,
                    signed_data: Some(signed_data),
                    names_certificate: false,
                    is_unsupported: false,
                }
            }
            Err(error) => {
                let verdict = verdict_of(&error);
                self.add("cms.signature", CMS_SIGNATURE, verdict, error.to_string());
                let is_unsupported = verdict == CheckVerdict::NotChecked;
                Cryptography { is_unsupported, ..Cryptography::broken(Some(signed_data)) }
            }
        }
    }

    /// Coverage of the file, and what was done to it later.
    fn check_file(&mut self, covered: Option<&Covered>) -> (Coverage, Changes) {
        let unclear = (Coverage::Partial, Changes::Forbidden);
        let Some(covered) = covered else { return unclear };
        let size = self.reader.input.size;
        // The file as the signer saw it, read by itself: what came later has no say in it.
        let then = match Reader::open(Prefix::new(&self.reader.input.source, covered.end)) {
            Ok(then) => then,
            Err(error) => {
                let detail = format!("the covered bytes are no revision of the file: {error}");
                self.add("pdf.coverage", ISO_UPDATES, CheckVerdict::Fail, detail);
                return unclear;
            }
        };
        if let Err(what) = self.check_revision(&then) {
            self.add("pdf.coverage", ISO_UPDATES, CheckVerdict::Fail, what);
            return unclear;
        }
        let coverage = if covered.end == size { Coverage::Whole } else { Coverage::Revision };
        let detail = format!("{} of {size} bytes", covered.end);
        self.add("pdf.coverage", ISO_UPDATES, CheckVerdict::Pass, detail);
        let lock = then
            .lookup(&self.field.dictionary, "Lock")
            .unwrap_or_else(|_| crate::pdf::syntax::object::Object::null().root());
        let later = changes::judge(self.reader, &then, &self.signature, &lock);
        let changes = match later {
            Later::Nothing => {
                self.add("pdf.changes", ISO_CHANGES, CheckVerdict::Pass, "nothing was added later");
                Changes::None
            }
            Later::Permitted(seen) => {
                self.add("pdf.changes", ISO_CHANGES, CheckVerdict::Pass, seen.join("; "));
                Changes::Permitted
            }
            Later::Forbidden(what) => {
                self.add("pdf.changes", ISO_CHANGES, CheckVerdict::Fail, what);
                Changes::Forbidden
            }
        };
        (coverage, changes)
    }

    /// Whether the covered bytes are a whole revision, and this signature is one of that revision.
    fn check_revision<P: ReadAt>(&self, then: &Reader<P>) -> Result<(), &'static str> {
        let unreadable = |_| "the covered revision cannot be read";
        let length = usize::try_from(then.input.size - then.startxref_at).unwrap_or(usize::MAX);
        let tail = then.input.bytes(then.startxref_at, length).map_err(unreadable)?;
        if !ends_revision(&tail, then.xref.recorded) {
            return Err("the covered bytes do not end with a revision");
        }
        let place = self.signature.get("Contents").and_then(|contents| contents.file_span());
        for field in form::fields(then).map_err(unreadable)?.iter().filter(|field| field.name == self.field.name) {
            let Some(value) = &field.value else { continue };
            let signature = then.resolve(value.clone()).map_err(unreadable)?;
            if field.is_signature && signature.get("Contents").and_then(|contents| contents.file_span()) == place {
                return Ok(());
            }
        }
        Err("the covered revision does not have this signature")
    }

    fn check_trust(&mut self, signed_data: Option<&SignedData>, anchors: &TrustAnchors, at: UnixTime) -> Trust {
        let code = "cert.trust";
        let Some(signed_data) = signed_data else {
            self.add(code, PATH_VALIDATION, CheckVerdict::NotChecked, "there is no certificate to judge");
            return Trust::Unknown;
        };
        if anchors.is_empty() {
            self.add(code, PATH_VALIDATION, CheckVerdict::NotChecked, "no trust anchor was given");
            return Trust::Unknown;
        }
        self.add("cert.revocation", REVOCATION, CheckVerdict::NotChecked, "no revocation data was given");
        match signed_data.chain().verify(anchors, at, Purpose::DocumentSigning) {
            Ok(()) => {
                self.add(code, PATH_VALIDATION, CheckVerdict::Pass, "leads to a trust anchor");
                Trust::Trusted
            }
            Err(error) => {
                let (trust, verdict) = match error {
                    ChainError::Expired { .. } | ChainError::NotYetValid { .. } => (Trust::Expired, CheckVerdict::Fail),
                    ChainError::UnsupportedAlgorithm { .. } => (Trust::Unknown, CheckVerdict::NotChecked),
                    _ => (Trust::Untrusted, CheckVerdict::Fail),
                };
                self.add(code, PATH_VALIDATION, verdict, error.to_string());
                trust
            }
        }
    }

    fn check_time(&mut self, signed_data: Option<&SignedData>) -> Option<SigningInstant> {
        let stated = self.signature.get("M").and_then(|time| time.string()).and_then(|time| parse_date(&time));
        let attribute = signed_data.and_then(SignedData::signing_time);
        let at = stated.or(attribute);
        match at {
            Some(_) => self.add("pdf.signing-time", ISO_SIGNATURES, CheckVerdict::Warn, "stated by the signer alone"),
            None => self.add("pdf.signing-time", ISO_SIGNATURES, CheckVerdict::Warn, "no time is stated"),
        }
        Some(SigningInstant { at: at?, source: TimeSource::Claimed })
    }

    /// B-B: the format, a named certificate, the time in `/M` and not in the signature value.
    fn level(&mut self, format: &str, cryptography: &Cryptography, time: Option<SigningInstant>) -> Option<Level> {
        if format != PADES || cryptography.integrity == Integrity::Broken {
            return None;
        }
        let has_time = time.is_some() && self.signature.get("M").is_some();
        let has_attribute = cryptography.signed_data.as_ref().is_some_and(|signed| signed.signing_time().is_some());
        let is_baseline = cryptography.names_certificate && has_time && !has_attribute;
        let (verdict, detail) = if is_baseline {
            (CheckVerdict::Pass, "baseline B")
        } else {
            (CheckVerdict::Warn, "no signing certificate named, no /M, or a signing-time attribute")
        };
        self.add("pades.baseline", PADES_BASELINE, verdict, detail);
        is_baseline.then_some(Level::BaselineB)
    }

    /// ETSI EN 319 102-1, 5.3: what is broken or changed fails; what cannot be known is indeterminate.
    fn verdict(&self, cryptography: &Cryptography, coverage: Coverage, changes: Changes, trust: Trust) -> Verdict {
        let is_intact = cryptography.integrity == Integrity::Intact;
        if (!is_intact && !cryptography.is_unsupported)
            || coverage == Coverage::Partial
            || changes == Changes::Forbidden
        {
            return Verdict::Invalid;
        }
        let nothing_fails = self.checks.iter().all(|check| check.verdict != CheckVerdict::Fail);
        if is_intact && trust == Trust::Trusted && nothing_fails { Verdict::Valid } else { Verdict::Indeterminate }
    }
}

/// An algorithm that is not known says nothing about the signature.
fn verdict_of(error: &CmsError) -> CheckVerdict {
    match error {
        CmsError::UnsupportedAlgorithm { .. } => CheckVerdict::NotChecked,
        _ => CheckVerdict::Fail,
    }
}

fn digest<S: ReadAt>(reader: &Reader<S>, covered: &Covered, mut hasher: Hasher) -> Result<Digest, PdfError> {
    for range in [0..covered.gap.start, covered.gap.end..covered.end] {
        read_range(&reader.input.source, range, &mut |block| {
            hasher.update(block);
            Ok(())
        })?;
    }
    Ok(hasher.finish())
}

/// `startxref`, the number, `%%EOF`, and nothing but white space.
fn ends_revision(tail: &[u8], recorded: u64) -> bool {
    let trimmed = |bytes: &[u8]| bytes.iter().position(|byte| !is_space(*byte)).unwrap_or(bytes.len());
    let rest = tail.strip_prefix(b"startxref").unwrap_or_default();
    let rest = &rest[trimmed(rest)..];
    let digits = rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
    let is_recorded = crate::pdf::syntax::token::unsigned(&rest[..digits]) == Some(recorded);
    let rest = &rest[digits..];
    let rest = &rest[trimmed(rest)..];
    is_recorded && rest.strip_prefix(b"%%EOF").is_some_and(|rest| rest.iter().all(|byte| is_space(*byte)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_revision_ends_with_its_mark_and_nothing_else() {
        assert!(ends_revision(b"startxref\r\n12\r\n%%EOF\r\n", 12));
        assert!(ends_revision(b"startxref 12 %%EOF", 12));
        for tail in ["startxref\n12\n%%EOF\nx", "startxref\n12\n", "startxref\n13\n%%EOF", "startxref\n12\n%x\n%%EOF"] {
            assert!(!ends_revision(tail.as_bytes(), 12), "{tail}");
        }
    }
}
