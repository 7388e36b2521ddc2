//! Data of electronic seals judged: each check in the order of the standards, reported by itself with its clause.
//!
//! GB/T 38540-2020 §7.3 verifies a seal signature so: its format, its signature, the data, the seal, the signer in the seal's
//! list, the signer's certificate (path and usage, then expiry and revocation at the time of signing), the timestamp, the
//! seal's validity. GM/T 0031-2014 and GM/T 0031-2025 do alike.

mod certificate;
mod clause;
mod timestamp;

use eseal_crypto::cert::{Certificate, TrustAnchors, UnixTime, Validity};
use eseal_crypto::digest::Digest;
use eseal_crypto::revocation::RevocationData;
use eseal_crypto::ses::{Seal, SealSignature, SesError, StatedTime};

use crate::report::{Check, CheckVerdict, Integrity, SigningInstant, TimeSource, Trust, Verdict};
use crate::trust::Checks;

use self::certificate::Role;
use self::clause::Clauses;

/// By how much a stated time may be later than now or than the proven one, seconds: clocks differ.
const TOLERANCE_S: u64 = 300;

/// What seals are judged by. Nothing of it but the anchors is believed by itself.
#[derive(Debug, Clone, Copy)]
pub struct SealJudge<'a> {
    /// Who is believed about signers.
    pub anchors: &'a TrustAnchors,
    /// Who is believed about makers of seals.
    pub maker_anchors: &'a TrustAnchors,
    /// Who is believed about times.
    pub timestamp_anchors: &'a TrustAnchors,
    /// Certificates to build chains from.
    pub certificates: &'a [Certificate],
    /// Word on revocation.
    pub revocation: &'a RevocationData,
    /// Now.
    pub at: UnixTime,
}

/// How a seal signature, or a seal, was judged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SealReport {
    /// When it was put on the data; of a seal alone, when it was made.
    pub time: Option<SigningInstant>,
    /// Whether signatures and digests are right.
    pub integrity: Integrity,
    /// Where the signer's certificate leads; of a seal alone, the maker's.
    pub trust: Trust,
    /// All of it together.
    pub verdict: Verdict,
    /// Each single check, in the standard's order.
    pub checks: Vec<Check>,
}

impl SealJudge<'_> {
    /// Judges a seal signature over data of this digest ([`SealSignature::digest_algorithm`]).
    #[must_use]
    pub fn judge(&self, sealed: &SealSignature, data: &Digest) -> SealReport {
        let clauses = Clauses::of(sealed.version());
        let mut findings = Findings::new();
        let format = format!("a seal signature of {}", sealed.version().standard());
        findings.add("ses.format", clauses.verifying, CheckVerdict::Pass, format);
        let by_signer = format!("made by the certificate's key ({})", sealed.algorithm());
        findings.integrity("ses.signature", clauses.verifying, sealed.verify_signature(), &by_signer);
        findings.integrity("ses.data-hash", clauses.verifying, sealed.verify_data(data), &format!("it is {data}"));
        self.check_seal(sealed.seal(), clauses, &mut findings);
        let listed = "the signer's certificate is in the seal's list";
        findings.integrity("ses.signer-listed", clauses.verifying, sealed.verify_signer_is_listed(), listed);
        let proven = self.proven_time(sealed, clauses, &mut findings);
        let time = self.signing_time(sealed, proven, clauses, &mut findings);
        let at = time.map_or(self.at, |time| time.at);
        let trust = self.check_certificate(sealed.signer(), Role::Signer, at, clauses, &mut findings);
        findings.seal_validity(sealed.seal(), clauses.verifying, at);
        findings.report(time, trust)
    }

    /// Judges a seal by itself: that it was well made, and may be used now.
    #[must_use]
    pub fn judge_seal(&self, seal: &Seal) -> SealReport {
        let clauses = Clauses::of(seal.version());
        let mut findings = Findings::new();
        let format = format!("a seal of {}", seal.version().standard());
        findings.add("ses.format", clauses.seal, CheckVerdict::Pass, format);
        let trust = self.check_seal(seal, clauses, &mut findings);
        findings.seal_validity(seal, clauses.seal, self.at);
        let time = SigningInstant { at: seal.created_at(), source: TimeSource::Claimed };
        findings.report(Some(time), trust)
    }

    /// The seal in itself: its maker is judged when it was made, so that one who ran out since does no harm.
    fn check_seal(&self, seal: &Seal, clauses: Clauses, findings: &mut Findings) -> Trust {
        let by_maker = "made by the maker's key over the seal";
        findings.integrity("ses.seal-signature", clauses.seal, seal.verify_signature(), by_maker);
        let made_at = seal.created_at();
        let trust = self.check_certificate(seal.maker(), Role::Maker, made_at, clauses, findings);
        let stamped = seal.timestamp().map(|der| (der, |algorithm| seal.signature_digest(algorithm)));
        if let Some(stamped_at) = self.check_timestamp("ses.seal-timestamp", clauses.seal, stamped, findings) {
            let is_before = made_at.0 <= stamped_at.0 + TOLERANCE_S;
            findings.judged(
                "ses.seal-made-before-timestamp",
                clauses.seal,
                is_before,
                "the seal's date and its timestamp",
            );
        }
        trust
    }

    fn proven_time(&self, sealed: &SealSignature, clauses: Clauses, findings: &mut Findings) -> Option<UnixTime> {
        let stamped = sealed.timestamp().map(|der| (der, |algorithm| sealed.signature_digest(algorithm)));
        self.check_timestamp("ses.timestamp", clauses.verifying, stamped, findings)
    }

    /// The instant by which certificates are judged: proven by a timestamp, or else stated.
    fn signing_time(
        &self,
        sealed: &SealSignature,
        proven: Option<UnixTime>,
        clauses: Clauses,
        findings: &mut Findings,
    ) -> Option<SigningInstant> {
        let claimed = match sealed.stated_time() {
            StatedTime::Claimed(at) => Some(*at),
            StatedTime::Token(_) | StatedTime::Unknown => None,
        };
        let latest = proven.unwrap_or(self.at);
        let (verdict, detail) = match (claimed, proven) {
            (Some(claimed), _) if claimed.0 > latest.0.saturating_add(TOLERANCE_S) => {
                (CheckVerdict::Fail, "the stated time is later than it can be")
            }
            (_, Some(_)) => (CheckVerdict::Pass, "proven by a timestamp"),
            (Some(_), None) => (CheckVerdict::Warn, "stated by the signer alone"),
            (None, None) => (CheckVerdict::Warn, "no time is stated that could be read"),
        };
        findings.add("ses.signing-time", clauses.verifying, verdict, detail.to_owned());
        let instant = |source| move |at| SigningInstant { at, source };
        proven.map(instant(TimeSource::Timestamp)).or_else(|| claimed.map(instant(TimeSource::Claimed)))
    }
}

/// The checks so far.
struct Findings {
    checks: Checks,
    integrity: Integrity,
}

impl Findings {
    fn new() -> Self {
        Self { checks: Checks::default(), integrity: Integrity::Intact }
    }

    fn add(&mut self, code: &'static str, clause: &'static str, verdict: CheckVerdict, detail: impl Into<String>) {
        self.checks.add(code, clause, verdict, detail);
    }

    fn judged(&mut self, code: &'static str, clause: &'static str, holds: bool, what: &str) {
        let (verdict, how) = if holds { (CheckVerdict::Pass, "holds") } else { (CheckVerdict::Fail, "does not hold") };
        self.add(code, clause, verdict, format!("{what}: {how}"));
    }

    fn seal_validity(&mut self, seal: &Seal, clause: &'static str, at: UnixTime) {
        let Validity { not_before, not_after } = seal.validity();
        let what = format!("{at}, of {not_before} to {not_after}");
        self.judged("ses.seal-validity", clause, seal.validity().includes(at), &what);
    }

    /// A check on bytes. Of what cannot be checked nothing is said to be wrong, and nothing right.
    fn integrity(&mut self, code: &'static str, clause: &'static str, outcome: Result<(), SesError>, seen: &str) {
        let (verdict, detail) = match outcome {
            Ok(()) => (CheckVerdict::Pass, seen.to_owned()),
            Err(error @ SesError::UnsupportedAlgorithm) => (CheckVerdict::NotChecked, error.to_string()),
            Err(error) => (CheckVerdict::Fail, error.to_string()),
        };
        self.integrity = self.integrity.max(Integrity::of(verdict));
        self.add(code, clause, verdict, detail);
    }

    fn report(self, time: Option<SigningInstant>, trust: Trust) -> SealReport {
        // That nothing is known of revocation is said and no more, as for PDF.
        let is_unsure = trust != Trust::Trusted || self.checks.is_in_doubt();
        let verdict = match (self.checks.is_refuted(), is_unsure || self.integrity != Integrity::Intact) {
            (true, _) => Verdict::Invalid,
            (false, true) => Verdict::Indeterminate,
            (false, false) => Verdict::Valid,
        };
        SealReport { time, integrity: self.integrity, trust, verdict, checks: self.checks.into_list() }
    }
}
