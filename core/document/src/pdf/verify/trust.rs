//! Whether the signer's certificate leads to an anchor (RFC 5280, 6).

use eseal_crypto::cert::{ChainError, Purpose, TrustAnchors, UnixTime};
use eseal_crypto::cms::SignedData;

use crate::report::{CheckVerdict, Trust};
use crate::source::ReadAt;

use super::case::Case;

const PATH_VALIDATION: &str = "RFC 5280, 6.1";
const REVOCATION: &str = "RFC 5280, 6.3";

impl<S: ReadAt> Case<'_, S> {
    pub(super) fn check_trust(
        &mut self,
        signed_data: Option<&SignedData>,
        anchors: &TrustAnchors,
        at: UnixTime,
    ) -> Trust {
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
}
