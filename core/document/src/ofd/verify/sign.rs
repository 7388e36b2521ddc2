//! Values without a seal: GB/T 35275-2017, or a bare signature of SM2.

use eseal_crypto::Suite;
use eseal_crypto::cert::{Certificate, Chain, Purpose};
use eseal_crypto::cms::{CmsError, Dialect, SignedData};
use eseal_crypto::digest::Digest;
use eseal_crypto::key::Signature;
use eseal_crypto::ses::SealSignature;

use super::case::Case;
use super::value::{Value, instant};
use crate::ofd::document::locate;
use crate::ofd::error::OfdError;
use crate::ofd::limits::MAX_SIGNED_VALUE_LEN;
use crate::ofd::signature::{Description, Kind};
use crate::report::{Check, CheckVerdict, Integrity, Trust};
use crate::source::ReadAt;
use crate::trust::{VerifyOptions, judge};

const CLAUSE: &str = "GB/T 35275-2017, 8";
const TIMESTAMP: &str = "GB/T 20520-2006";

impl<S: ReadAt> Case<'_, S> {
    pub(super) fn read_value(&self, base: &str, description: &Description) -> Result<Vec<u8>, OfdError> {
        let location = description.value.as_deref().ok_or(OfdError::Malformed { what: "a signature without value" })?;
        self.ofd.read_part(&locate(&self.ofd.archive, base, location)?, MAX_SIGNED_VALUE_LEN)
    }

    /// A value by what it is: what the list says it is need not be true, and is said.
    pub(super) fn check_value_bytes(
        &mut self,
        listed: Kind,
        base: &str,
        description: &Description,
        bytes: &[u8],
        options: &VerifyOptions,
    ) -> Value {
        let signed = &description.bytes;
        let (kind, value) = match SealSignature::from_der(bytes) {
            Ok(seal) => (Kind::Seal, self.check_seal(base, description, &seal, options)),
            Err(error) if listed == Kind::Seal => {
                self.checks.add("ses.format", "GB/T 38540-2020, 7.3 a", CheckVerdict::Fail, error.to_string());
                (Kind::Seal, Value::unread())
            }
            Err(_) => (Kind::Sign, self.check_sign(signed, bytes, options)),
        };
        if kind != listed {
            let detail = "the list calls it something else than it is";
            self.checks.add("ofd.signature-type", "GB/T 33190-2016, 18.1", CheckVerdict::Warn, detail);
        }
        value
    }

    pub(super) fn check_sign(&mut self, signed: &[u8], bytes: &[u8], options: &VerifyOptions) -> Value {
        match SignedData::from_der(bytes) {
            Ok(signed_data) => self.check_cms(signed, &signed_data, options),
            Err(error) => {
                if let Ok(signature) = Signature::from_either(Suite::Sm2Sm3, bytes) {
                    return self.check_bare(signed, &signature, options);
                }
                self.checks.add("cms.signature", CLAUSE, CheckVerdict::Fail, error.to_string());
                Value::unread()
            }
        }
    }

    fn check_cms(&mut self, signed: &[u8], signed_data: &SignedData, options: &VerifyOptions) -> Value {
        self.knowledge.add_signature(signed_data);
        let outcome = signed_data.digest_algorithm().and_then(|by| signed_data.verify(&Digest::of(by, signed)));
        let (verdict, detail) = match &outcome {
            // GB/T 35275 has no attribute that names the certificate.
            Ok(()) | Err(CmsError::SigningCertificateMissing) => {
                (CheckVerdict::Pass, "it is what was signed".to_owned())
            }
            Err(error @ CmsError::UnsupportedAlgorithm { .. }) => (CheckVerdict::NotChecked, error.to_string()),
            Err(error) => (CheckVerdict::Fail, error.to_string()),
        };
        self.checks.add("cms.signature", CLAUSE, verdict, detail);
        let proven = match signed_data.signature_timestamp() {
            Ok(None) => None,
            Ok(Some(token)) => {
                self.checks.add("timestamp.signature", TIMESTAMP, CheckVerdict::Pass, "it is about this signature");
                self.judge_authority(token.chain(), options).then(|| token.time())
            }
            Err(error) => {
                self.checks.add("timestamp.signature", TIMESTAMP, CheckVerdict::Fail, error.to_string());
                None
            }
        };
        Value {
            format: match signed_data.dialect() {
                Dialect::Gbt35275 => "GB/T 35275-2017".to_owned(),
                Dialect::Rfc5652 => "RFC 5652".to_owned(),
            },
            integrity: Integrity::of(verdict),
            chain: Some(signed_data.chain().clone()),
            time: instant(proven, signed_data.signing_time()),
            judged_at: proven,
            ..Value::unread()
        }
    }

    /// Whether an authority is believed. One that is not proves nothing; the signature is none the worse for it.
    fn judge_authority(&mut self, chain: &Chain, options: &VerifyOptions) -> bool {
        let anchors = options.timestamp_anchors_or_all();
        let judgement = judge(chain, Purpose::Timestamping, anchors, options.at, &self.knowledge);
        self.checks.extend(judgement.checks.into_iter().map(Check::softened));
        judgement.trust == Trust::Trusted
    }

    /// A signature and nothing else: whose it is can only be tried.
    fn check_bare(&mut self, signed: &[u8], signature: &Signature, options: &VerifyOptions) -> Value {
        let mut candidates = options.certificates.iter().chain(options.anchors.iter());
        let is_by = |certificate: &&Certificate| {
            let key = certificate.public_key().ok().filter(|key| key.suite() == Suite::Sm2Sm3);
            key.is_some_and(|key| key.verify(signed, signature).is_ok())
        };
        let found = candidates.find(is_by).cloned();
        let chain = found.map(|leaf| Chain::following(&leaf, &options.certificates));
        let (verdict, detail) = match &chain {
            Some(_) => (CheckVerdict::Pass, "it is what was signed"),
            None => (CheckVerdict::NotChecked, "a bare signature: none of the certificates at hand is its signer's"),
        };
        self.checks.add("sm2.signature", "GB/T 32918.2-2016", verdict, detail);
        Value { format: "SM2".to_owned(), integrity: Integrity::of(verdict), chain, ..Value::unread() }
    }
}
