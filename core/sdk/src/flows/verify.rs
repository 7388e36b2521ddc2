//! Verify (验章): who sealed a document, with which seal, when, whether anything changed since, and why that is believed. Needs
//! neither an account nor the network.

use std::path::Path;
use std::sync::Arc;

use eseal_crypto::cert::TrustAnchors;
use eseal_document::VerifyOptions;
use eseal_document::pdf::{OpenOptions, Password};
use eseal_document::report::{Report, SignatureReport};
use eseal_protocol::ids::Sha256Hex;
use eseal_protocol::jws::{JwsError, Unverified, Verified};
use eseal_protocol::seal::SealRecord;

use crate::app::Client;
use crate::blocking::blocking;
use crate::error::Error;
use crate::progress::{Progress, Step};

/// What was found.
#[derive(Debug)]
pub struct Verification {
    /// The document's signatures.
    pub report: Report,
    /// For each signature, in the same order, the seal that it names.
    pub seals: Vec<Option<VerifiedSeal>>,
}

/// The seal that a signature names.
#[derive(Debug)]
pub enum VerifiedSeal {
    /// The seal maker's record holds, and names the certificate that signed.
    Genuine(Box<Verified<SealRecord>>),
    /// There is a record, and it does not hold or is not for this signature.
    NotGenuine(NotGenuine),
}

/// Why a seal's record proves nothing.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NotGenuine {
    /// The record itself does not hold.
    #[error("the seal's record does not hold: {0}")]
    Record(#[from] JwsError),
    /// The record names another certificate than the one that signed.
    #[error("the seal's record names another certificate")]
    OtherSigner,
}

/// How a document is opened.
pub(super) fn opening(password: Option<&Arc<Password>>) -> OpenOptions {
    let options = OpenOptions::new();
    match password {
        Some(password) => options.with_password(Arc::clone(password)),
        None => options,
    }
}

impl Client {
    /// Verifies a document against the roots pinned in this client; `at` is now by the phone's clock.
    ///
    /// # Errors
    /// The document's own when it cannot be read. A signature that does not hold is no error but a finding.
    pub async fn verify(&self, file: &Path, progress: &dyn Progress) -> Result<Verification, Error> {
        self.verify_with(file, None, progress).await
    }

    /// The same, with what opens the document if it is encrypted and the empty password does not.
    ///
    /// # Errors
    /// As [`Self::verify`].
    pub async fn verify_with(
        &self,
        file: &Path,
        password: Option<&Arc<Password>>,
        progress: &dyn Progress,
    ) -> Result<Verification, Error> {
        progress.step(Step::CheckingSignatures);
        let (anchors, at) = (self.trust.anchors.clone(), self.clock.unix_time());
        let (file, open) = (file.to_owned(), opening(password));
        let found = blocking(move || verify_document(&file, &open, &VerifyOptions::new(anchors, at))).await?;
        progress.step(Step::Done);
        Ok(found)
    }
}

/// Verifies a document, opened as `open` says, as `options` say. Blocks.
///
/// # Errors
/// As [`Client::verify`].
pub fn verify_document(file: &Path, open: &OpenOptions, options: &VerifyOptions) -> Result<Verification, Error> {
    let report = eseal_document::verify_with(eseal_document::open(file)?, open, options)?;
    let seals = report.signatures.iter().map(|signature| seal_of(signature, options.anchors())).collect();
    Ok(Verification { report, seals })
}

fn seal_of(signature: &SignatureReport, anchors: &TrustAnchors) -> Option<VerifiedSeal> {
    let record = signature.seal_record.as_deref()?;
    Some(match believe(record, signature, anchors) {
        Ok(record) => VerifiedSeal::Genuine(Box::new(record)),
        Err(reason) => VerifiedSeal::NotGenuine(reason),
    })
}

fn believe(
    record: &[u8],
    signature: &SignatureReport,
    anchors: &TrustAnchors,
) -> Result<Verified<SealRecord>, NotGenuine> {
    let text = std::str::from_utf8(record).map_err(|_| JwsError::Malformed { detail: "not text".to_owned() })?;
    let record = Unverified::<SealRecord>::parse(text)?;
    let made_at = record.peek().made_at;
    let record = record.verify(anchors, made_at)?;
    let signer = signature.signer_certificate.as_ref().and_then(|digest| Sha256Hex::try_from(digest).ok());
    if signer == Some(record.sealing_certificate) { Ok(record) } else { Err(NotGenuine::OtherSigner) }
}
