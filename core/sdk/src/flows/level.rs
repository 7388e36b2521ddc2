//! From a signature to the level that is asked for: timestamp, validation data, document timestamp (ETSI EN 319 142-1, clause 6).

use eseal_crypto::cert::{Certificate, Chain, TrustAnchors, UnixTime};
use eseal_crypto::cms::USUAL_TIMESTAMP_LEN;
use eseal_crypto::digest::Digest;
use eseal_crypto::key::Signature;
use eseal_crypto::revocation::RevocationStatus;
use eseal_crypto::tsp::TimestampToken;
use eseal_document::ReadAt;
use eseal_document::pdf::{Evidence, Prepared, Sealed, StampRequest, ValidationData};
use eseal_document::report::Level;

use crate::cancel::Cancel;
use crate::client::{Reach, TrustServices};
use crate::error::Error;
use crate::random::Entropy;

/// Longest path that is followed up to a root.
const MAX_PATH: usize = 8;

/// Those who vouch for a signature: a timestamp authority, and the revocation services that certificates name.
pub struct Vouchers {
    services: TrustServices,
    authority: String,
}

/// Keeps the room that a level's timestamp needs.
pub fn reserve(request: StampRequest<'_>, level: Level) -> StampRequest<'_> {
    if level == Level::BaselineB { request } else { request.timestamp_reserve(USUAL_TIMESTAMP_LEN) }
}

impl Vouchers {
    /// The authority answers RFC 3161 over `http` or `https` at `authority`.
    ///
    /// # Errors
    /// `sdk.misconfigured`.
    pub fn new(authority: impl Into<String>, reach: Reach) -> Result<Self, Error> {
        Ok(Self { services: TrustServices::new(&TrustAnchors::default(), reach)?, authority: authority.into() })
    }

    /// Completes what was [reserved](reserve) for `level`; `now` is when revocation is asked about. A level is not lowered in
    /// silence: nothing comes of it if a service gives no word.
    ///
    /// # Errors
    /// The document's own, `stamp.level-not-reached`, and those of [`TrustServices`].
    pub async fn complete<S: ReadAt>(
        &self,
        prepared: Prepared<S>,
        signature: &Signature,
        level: Level,
        now: UnixTime,
        (entropy, cancel): (&dyn Entropy, &Cancel),
    ) -> Result<Sealed<S>, Error> {
        if level == Level::BaselineB {
            return Ok(prepared.complete(signature)?);
        }
        let field = prepared.field().to_owned();
        let mut chains: Vec<Chain> = prepared.chains().cloned().collect();
        let signed = prepared.sign(signature)?;
        let token = self.timestamp(signed.signature_digest(), entropy, cancel).await?;
        let sealed = signed.with_timestamp(&token)?;
        if level == Level::BaselineT {
            return Ok(sealed);
        }
        let mut evidence = Evidence::default();
        chains.push(token.chain().clone());
        for chain in &chains {
            self.vouch(chain.certificates().cloned().collect(), &mut evidence, now, cancel).await?;
        }
        let data = ValidationData::new().signature(&field, evidence);
        let sealed = sealed.reopen()?.append_validation_data(&data)?;
        if level == Level::BaselineLt {
            return Ok(sealed);
        }
        let open = sealed.reopen()?.prepare_document_timestamp(USUAL_TIMESTAMP_LEN)?;
        let token = self.timestamp(*open.digest(), entropy, cancel).await?;
        Ok(open.complete(&token)?)
    }

    /// A timestamp on what any format's signature says is to be stamped.
    ///
    /// # Errors
    /// Those of [`TrustServices`].
    pub async fn timestamp(
        &self,
        imprint: Digest,
        entropy: &dyn Entropy,
        cancel: &Cancel,
    ) -> Result<TimestampToken, Error> {
        self.services.timestamp(&self.authority, imprint, entropy, cancel).await
    }

    /// Follows a path to its root, and has its revocation services say what they know.
    async fn vouch(
        &self,
        mut path: Vec<Certificate>,
        evidence: &mut Evidence,
        now: UnixTime,
        cancel: &Cancel,
    ) -> Result<(), Error> {
        while let Some(last) = path.last().filter(|last| !last.is_issued_by(last)) {
            let url = last.services().issuers.first().filter(|_| path.len() < MAX_PATH);
            let Some(url) = url else {
                return Err(unreached("who issued", path.len()));
            };
            path.push(self.services.certificate(url, cancel).await?);
        }
        let data = &mut evidence.revocation;
        let links: Vec<&Certificate> = path.iter().collect();
        self.services.revocation(&links, now, data, cancel).await?;
        let unknown = links.iter().zip(links.iter().skip(1)).position(|(certificate, issuer)| {
            data.status_at(certificate, issuer, now).status == RevocationStatus::Unknown
        });
        if let Some(at) = unknown {
            return Err(unreached("the state of", at + 1));
        }
        evidence.certificates.extend(path);
        Ok(())
    }
}

/// Certificates are told by their place in the path, the signer's first: their names are of persons, and details are logged.
fn unreached(what: &str, place: usize) -> Error {
    Error::LevelNotReached { detail: format!("nobody says {what} certificate {place} of a path") }
}
