//! Timestamps on seals and on what was sealed.

use eseal_crypto::cert::{Chain, Purpose, UnixTime};
use eseal_crypto::digest::{Digest, DigestAlgorithm};
use eseal_crypto::tsp::TimestampToken;

use crate::report::CheckVerdict;

use super::{Findings, SealJudge};

impl SealJudge<'_> {
    /// The time of a timestamp that is about this signature and by an authority that is believed.
    pub(super) fn check_timestamp(
        &self,
        code: &'static str,
        clause: &'static str,
        stamped: Option<(&[u8], impl Fn(DigestAlgorithm) -> Digest)>,
        findings: &mut Findings,
    ) -> Option<UnixTime> {
        let (der, imprint) = stamped?;
        let token = TimestampToken::from_der(der).and_then(|token| {
            token.verify(&imprint(token.digest_algorithm()))?;
            Ok(token)
        });
        let token = match token {
            Ok(token) => token,
            Err(error) => {
                findings.add(code, clause, CheckVerdict::Fail, error.to_string());
                return None;
            }
        };
        if self.timestamp_anchors.is_empty() {
            let detail = "no trust anchor for timestamps was given".to_owned();
            findings.add(code, clause, CheckVerdict::NotChecked, detail);
            return None;
        }
        let others = token.certificates().iter().chain(self.certificates);
        // The authority is judged when it gave its word.
        let found = Chain::find(token.authority(), others, self.timestamp_anchors, token.time(), Purpose::Timestamping);
        match found {
            Ok(_) => {
                findings.add(
                    code,
                    clause,
                    CheckVerdict::Pass,
                    "about this signature, by a trusted authority".to_owned(),
                );
                Some(token.time())
            }
            Err(error) => {
                findings.add(code, clause, CheckVerdict::Warn, error.to_string());
                None
            }
        }
    }
}
