//! The baseline level a signature reaches (ETSI EN 319 142-1).

use eseal_crypto::cert::{Chain, UnixTime};
use eseal_crypto::tsp::TimestampToken;

use crate::report::{CheckVerdict, Integrity, Level};
use crate::source::ReadAt;
use crate::trust::{Judged, Knowledge, VerifyOptions};

use super::case::Case;
use super::cryptography::Cryptography;
use super::time::{DocumentTimestamp, Times};
use crate::pdf::sub_filter::SubFilter;

const BASELINE: &str = "ETSI EN 319 142-1, 6.3";
const TIMESTAMP: &str = "ETSI EN 319 142-1, 6.3, table 1 (B-T)";
const STORE: &str = "ETSI EN 319 142-1, 5.4.2 and 6.3, table 1 (B-LT)";
const ARCHIVE: &str = "ETSI EN 319 142-1, 5.4.3 and 6.3, table 1 (B-LTA)";

/// A document security store, and how much of the file is signed or stamped with it.
pub(super) struct Archive {
    /// The end of the document timestamp that covers the store.
    pub(super) end: u64,
    pub(super) store: Knowledge,
}

/// What the levels above B-B are read from.
pub(super) struct Evidence<'a> {
    /// The newest store.
    pub(super) store: &'a Knowledge,
    /// Stores as document timestamps that hold cover them.
    pub(super) archives: &'a [Archive],
    pub(super) timestamps: &'a [DocumentTimestamp],
    pub(super) options: &'a VerifyOptions,
    /// Signers' chains.
    pub(super) judged: &'a Judged,
}

impl<S: ReadAt> Case<'_, S> {
    /// The highest level of which everything is there. Whether it is believed is another question: of levels, the standard
    /// says what a signature has to hold.
    pub(super) fn level(
        &mut self,
        cryptography: &Cryptography,
        times: &Times,
        evidence: &Evidence<'_>,
    ) -> Option<Level> {
        let signed_data = cryptography.signed_data()?;
        if self.sub_filter != Some(SubFilter::Pades) || cryptography.integrity != Integrity::Intact {
            return None;
        }
        let has_time = self.signature.get("M").is_some() && times.instant.is_some();
        let is_baseline = cryptography.names_certificate && has_time && signed_data.signing_time().is_none();
        let detail = "no signing certificate named, no /M, or a signing-time attribute";
        if !self.reaches("pades.baseline", BASELINE, is_baseline, ["baseline B", detail]) {
            return None;
        }
        let end = self.covered.as_ref().map_or(u64::MAX, |covered| covered.end);
        let stamped = times.token.as_ref().map(TimestampToken::time);
        let stamped =
            stamped.or(evidence.timestamps.iter().filter(|stamp| stamp.end > end).map(|stamp| stamp.at).min());
        let Some(at) = stamped else { return Some(Level::BaselineB) };
        self.reaches("pades.timestamp", TIMESTAMP, true, ["there is a timestamp", ""]);
        let authority = times.token.as_ref().map(TimestampToken::chain);
        let suffices = |store: &Knowledge| {
            let options = evidence.options;
            let holds = |chain: &Chain, anchors, at: UnixTime| store.suffices(chain, anchors, at);
            holds(signed_data.chain(), &options.anchors, at)
                && authority.is_none_or(|chain| holds(chain, options.timestamp_anchors_or_all(), at))
        };
        let detail = ["the document holds all certificates and their revocation data", "some of that is missing"];
        if !self.reaches("pades.validation-data", STORE, suffices(evidence.store), detail) {
            return Some(Level::BaselineT);
        }
        let is_archived = evidence.archives.iter().any(|archive| archive.end > end && suffices(&archive.store));
        let detail = ["a document timestamp covers them", "no document timestamp covers them"];
        if self.reaches("pades.archive", ARCHIVE, is_archived, detail) {
            Some(Level::BaselineLta)
        } else {
            Some(Level::BaselineLt)
        }
    }

    fn reaches(&mut self, code: &'static str, clause: &'static str, holds: bool, [yes, no]: [&str; 2]) -> bool {
        let (verdict, detail) = if holds { (CheckVerdict::Pass, yes) } else { (CheckVerdict::Warn, no) };
        self.checks.add(code, clause, verdict, detail);
        holds
    }
}
