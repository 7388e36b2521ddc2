//! Seals: judged by their own room, and held against what lies beside them.

use eseal_crypto::cert::Chain;
use eseal_crypto::digest::{Digest, DigestAlgorithm};
use eseal_crypto::ses::SealSignature;

use super::case::Case;
use super::value::Value;
use crate::ofd::document::locate;
use crate::ofd::error::OfdError;
use crate::ofd::limits::MAX_SIGNED_VALUE_LEN;
use crate::ofd::path;
use crate::ofd::signature::Description;
use crate::report::{CheckVerdict, Verdict};
use crate::ses::SealJudge;
use crate::source::ReadAt;
use crate::trust::VerifyOptions;

const DATA: &str = "GB/T 38540-2020, 7.3 c";

impl<S: ReadAt> Case<'_, S> {
    pub(super) fn check_seal(
        &mut self,
        base: &str,
        description: &Description,
        signature: &SealSignature,
        options: &VerifyOptions,
    ) -> Value {
        // Of an algorithm that is not known the digest does not matter: the signature is not either.
        let algorithm = signature.digest_algorithm().unwrap_or(DigestAlgorithm::Sm3);
        let judge = SealJudge {
            anchors: &options.anchors,
            maker_anchors: options.maker_anchors_or_all(),
            timestamp_anchors: options.timestamp_anchors_or_all(),
            certificates: &options.certificates,
            revocation: &options.revocation,
            at: options.at,
        };
        let found = judge.judge(signature, &Digest::of(algorithm, &description.bytes));
        self.checks.add_weighed(found.checks, found.verdict);
        self.check_seal_file(base, description, signature);
        self.check_property(base, signature.property_info());
        Value {
            format: signature.version().standard().to_owned(),
            integrity: found.integrity,
            is_in_doubt: found.verdict == Verdict::Indeterminate,
            chain: Some(Chain::following(signature.signer(), &options.certificates)),
            time: found.time,
            seal: Some(Box::new(signature.seal().clone())),
            judged: Some(found.trust),
            ..Value::unread()
        }
    }

    /// The seal beside the signature is what some readers draw.
    fn check_seal_file(&mut self, base: &str, description: &Description, signature: &SealSignature) {
        let Some(location) = &description.seal else { return };
        let name = locate(&self.ofd.archive, base, location);
        let (verdict, detail) = match name.and_then(|name| self.ofd.read_part(&name, MAX_SIGNED_VALUE_LEN)) {
            Ok(bytes) if bytes == signature.seal().to_der() => (CheckVerdict::Pass, "it is the seal in the signature"),
            Ok(_) => (CheckVerdict::Fail, "it is another seal than the one in the signature"),
            Err(OfdError::MissingPart { .. }) => (CheckVerdict::Warn, "it is not there"),
            Err(_) => (CheckVerdict::Fail, "it cannot be read"),
        };
        self.checks.add("ofd.seal-file", "GB/T 33190-2016, 18.2.5", verdict, detail);
    }

    /// The signer's word for what was sealed: the path of the description.
    fn check_property(&mut self, base: &str, property: &str) {
        let is_named = path::resolve(base, property).is_ok_and(|name| name == base);
        let (verdict, detail) = if is_named {
            (CheckVerdict::Pass, "it names the description")
        } else {
            (CheckVerdict::Warn, "it names something else than the description")
        };
        self.checks.add("ses.property-info", DATA, verdict, detail);
    }
}
