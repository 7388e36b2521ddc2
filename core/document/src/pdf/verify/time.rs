//! When a signature was made, and who says so.

use eseal_crypto::cert::{Purpose, UnixTime};
use eseal_crypto::cms::SignedData;
use eseal_crypto::tsp::{TimestampError, TimestampToken};

use crate::report::{Check, CheckVerdict, SigningInstant, TimeSource, Trust};
use crate::source::ReadAt;
use crate::trust::{self, Knowledge, VerifyOptions};

use super::case::{Case, ISO_SIGNATURES};
use crate::pdf::syntax::text::parse_date;

const SIGNATURE_TIMESTAMP: &str = "ETSI EN 319 122-1, 5.3";

/// By how much a stated time may be later than the proven one, seconds: clocks differ.
pub(super) const TOLERANCE: u64 = 300;

/// A timestamp over a document that holds.
pub(super) struct DocumentTimestamp {
    /// It covers the file up to here.
    pub(super) end: u64,
    pub(super) at: UnixTime,
    pub(super) trust: Trust,
    /// Checks on its authority.
    pub(super) checks: Vec<Check>,
}

/// The document timestamps of a file that hold, newest first, each authority judged at the time that the next newer
/// trusted one proves.
pub(super) fn document_timestamps<'t>(
    tokens: impl Iterator<Item = (u64, &'t TimestampToken)>,
    knowledge: &Knowledge,
    options: &VerifyOptions,
) -> Vec<DocumentTimestamp> {
    let mut tokens: Vec<_> = tokens.collect();
    tokens.sort_by_key(|(end, _)| std::cmp::Reverse(*end));
    let mut judged: Vec<DocumentTimestamp> = Vec::new();
    for (end, token) in tokens {
        let at = proven(&judged, end).unwrap_or(options.at);
        let judgement =
            trust::judge(token.chain(), Purpose::Timestamping, options.timestamp_anchors_or_all(), at, knowledge);
        judged.push(DocumentTimestamp { end, at: token.time(), trust: judgement.trust, checks: judgement.checks });
    }
    judged
}

/// The earliest time at which trusted document timestamps prove what ends at byte `end` to have been there.
pub(super) fn proven(timestamps: &[DocumentTimestamp], end: u64) -> Option<UnixTime> {
    let covering = timestamps.iter().filter(|stamp| stamp.end > end && stamp.trust == Trust::Trusted);
    covering.map(|stamp| stamp.at).min()
}

/// The times of one signature.
pub(super) struct Times {
    /// For the report: proven, or else stated.
    pub(super) instant: Option<SigningInstant>,
    /// Proven by somebody who is trusted.
    pub(super) proven: Option<UnixTime>,
    /// A timestamp on the signature that holds, whoever made it.
    pub(super) token: Option<TimestampToken>,
}

impl<S: ReadAt> Case<'_, S> {
    /// `later` are the document's timestamps.
    pub(super) fn check_time(
        &mut self,
        signed_data: Option<&SignedData>,
        later: &[DocumentTimestamp],
        knowledge: &Knowledge,
        options: &VerifyOptions,
    ) -> Times {
        let stated = self.signature.get("M").and_then(|time| time.string()).and_then(|time| parse_date(&time));
        let claimed = stated.or(signed_data.and_then(SignedData::signing_time));
        let end = self.covered.as_ref().map_or(u64::MAX, |covered| covered.end);
        let by_document = proven(later, end);
        let token = signed_data.and_then(|signed_data| self.check_signature_timestamp(signed_data));
        let by_token = token.as_ref().and_then(|token| self.check_authority(token, by_document, knowledge, options));
        let instant = match (by_token, by_document) {
            (Some(at), later) if later.is_none_or(|later| at <= later) => {
                Some(SigningInstant { at, source: TimeSource::Timestamp })
            }
            (_, Some(at)) => Some(SigningInstant { at, source: TimeSource::DocumentTimestamp }),
            _ => claimed.map(|at| SigningInstant { at, source: TimeSource::Claimed }),
        };
        let proven = instant.filter(|instant| instant.source != TimeSource::Claimed).map(|instant| instant.at);
        let (verdict, detail) = match (claimed, proven) {
            (Some(claimed), Some(proven)) if claimed.0 > proven.0 + TOLERANCE => {
                (CheckVerdict::Warn, "the stated time is later than the proven one")
            }
            (_, Some(_)) => (CheckVerdict::Pass, "proven by a timestamp"),
            (Some(_), None) => (CheckVerdict::Warn, "stated by the signer alone"),
            (None, None) => (CheckVerdict::Warn, "no time is stated"),
        };
        self.checks.add("pdf.signing-time", ISO_SIGNATURES, verdict, detail);
        Times { instant, proven, token }
    }

    /// The timestamp on the signature's value, if there is one that holds.
    fn check_signature_timestamp(&mut self, signed_data: &SignedData) -> Option<TimestampToken> {
        let code = "timestamp.signature";
        match signed_data.signature_timestamp() {
            Ok(token) => {
                if token.is_some() {
                    let detail = "the timestamp is about this signature and holds";
                    self.checks.add(code, SIGNATURE_TIMESTAMP, CheckVerdict::Pass, detail);
                }
                token
            }
            Err(error) => {
                self.checks.add(code, SIGNATURE_TIMESTAMP, verdict_of(&error), error.to_string());
                None
            }
        }
    }

    /// The time of a timestamp whose authority is trusted. It is judged when the document's later timestamps prove that its
    /// word was there, or now.
    fn check_authority(
        &mut self,
        token: &TimestampToken,
        later: Option<UnixTime>,
        knowledge: &Knowledge,
        options: &VerifyOptions,
    ) -> Option<UnixTime> {
        let (anchors, at) = (options.timestamp_anchors_or_all(), later.unwrap_or(options.at));
        let judgement = trust::judge(token.chain(), Purpose::Timestamping, anchors, at, knowledge);
        // An authority that is not believed proves nothing; the signature is none the worse for it.
        self.checks.extend(judgement.checks.into_iter().map(Check::softened));
        (judgement.trust == Trust::Trusted).then(|| token.time())
    }
}

/// An algorithm that is not known says nothing about the timestamp.
pub(super) fn verdict_of(error: &TimestampError) -> CheckVerdict {
    match error {
        TimestampError::Cms(error) => super::cryptography::verdict_of(error),
        _ => CheckVerdict::Fail,
    }
}
