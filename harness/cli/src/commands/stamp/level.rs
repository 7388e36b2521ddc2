//! From a signature to the level that is asked for: timestamp, validation data, document timestamp.

use std::fs::File;

use eseal_crypto::cert::{Certificate, TrustAnchors};
use eseal_crypto::cms::USUAL_TIMESTAMP_LEN;
use eseal_crypto::key::SigningKey;
use eseal_crypto::revocation::{RevocationData, RevocationStatus};
use eseal_crypto::tsp::TimestampToken;
use eseal_document::pdf::{Evidence, PdfError, Prepared, Sealed, StampRequest, ValidationData};
use eseal_sdk::client::{Reach, TrustServices};
use eseal_sdk::{Cancel, Error, SystemEntropy};

use crate::args::{LevelName, Trusted};
use crate::commands::{Refusal, now};

/// Longest path that is followed up to a root.
const MAX_PATH: usize = 8;

/// What a signature gets besides itself.
pub(super) struct Level {
    level: LevelName,
    authority: Option<Authority>,
}

struct Authority {
    services: TrustServices,
    url: String,
}

impl Level {
    /// # Errors
    /// A level above B without a timestamp authority.
    pub(super) fn new(trusted: &Trusted) -> Result<Self, Refusal> {
        let authority = match &trusted.tsa {
            None => None,
            Some(url) => {
                let services = TrustServices::new(&TrustAnchors::default(), Reach::Any).map_err(refused)?;
                Some(Authority { services, url: url.clone() })
            }
        };
        let level = trusted.level.unwrap_or(if authority.is_some() { LevelName::T } else { LevelName::B });
        if level > LevelName::B && authority.is_none() {
            return Err(Refusal::unreadable("sdk.bad-argument", "this level needs --tsa"));
        }
        Ok(Self { level, authority })
    }

    /// Keeps the room that a timestamp needs.
    pub(super) fn reserve<'a>(&self, request: StampRequest<'a>) -> StampRequest<'a> {
        if self.level > LevelName::B { request.timestamp_reserve(USUAL_TIMESTAMP_LEN) } else { request }
    }

    /// Signs, and asks for what the level needs.
    pub(super) async fn seal(&self, prepared: Prepared<File>, key: &SigningKey) -> Result<Sealed<File>, Refusal> {
        let signature = key.sign(prepared.to_be_signed());
        let Some(authority) = self.authority.as_ref().filter(|_| self.level > LevelName::B) else {
            return prepared.complete(&signature).map_err(document);
        };
        let field = prepared.field().to_owned();
        let chain = prepared.signer().clone();
        let signed = prepared.sign(&signature).map_err(document)?;
        let token = authority.timestamp(signed.signature_digest()).await?;
        let sealed = signed.with_timestamp(&token).map_err(document)?;
        if self.level < LevelName::Lt {
            return Ok(sealed);
        }
        let mut evidence = Evidence::default();
        for path in [chain.certificates().collect::<Vec<_>>(), token.chain().certificates().collect()] {
            authority.vouch(path.into_iter().cloned().collect(), &mut evidence).await?;
        }
        let data = ValidationData::new().signature(&field, evidence);
        let sealed = sealed.reopen().and_then(|pdf| pdf.append_validation_data(&data)).map_err(document)?;
        if self.level < LevelName::Lta {
            return Ok(sealed);
        }
        let open = sealed.reopen().and_then(|pdf| pdf.prepare_document_timestamp(USUAL_TIMESTAMP_LEN));
        let open = open.map_err(document)?;
        let token = authority.timestamp(*open.digest()).await?;
        open.complete(&token).map_err(document)
    }
}

impl Authority {
    async fn timestamp(&self, imprint: eseal_crypto::digest::Digest) -> Result<TimestampToken, Refusal> {
        self.services.timestamp(&self.url, imprint, &SystemEntropy, &Cancel::new()).await.map_err(refused)
    }

    /// Follows a path to its root, and has its revocation services say what they know.
    async fn vouch(&self, mut path: Vec<Certificate>, evidence: &mut Evidence) -> Result<(), Refusal> {
        let cancel = Cancel::new();
        while let Some(last) = path.last().filter(|last| !last.is_issued_by(last)) {
            let url = last.services().issuers.first().filter(|_| path.len() < MAX_PATH);
            let Some(url) = url else {
                return Err(unreached(format!("nobody says who issued {}", last.subject_rfc4514())));
            };
            path.push(self.services.certificate(url, &cancel).await.map_err(refused)?);
        }
        let data: &mut RevocationData = &mut evidence.revocation;
        let links: Vec<&Certificate> = path.iter().collect();
        self.services.revocation(&links, now(), data, &cancel).await.map_err(refused)?;
        let unknown = links.iter().zip(links.iter().skip(1)).find(|(certificate, issuer)| {
            data.status_at(certificate, issuer, now()).status == RevocationStatus::Unknown
        });
        if let Some((certificate, _)) = unknown {
            return Err(unreached(format!("nobody says whether {} is revoked", certificate.subject_rfc4514())));
        }
        evidence.certificates.extend(path);
        Ok(())
    }
}

#[expect(clippy::needless_pass_by_value, reason = "the shape that map_err takes")]
fn refused(error: Error) -> Refusal {
    Refusal::no(error.code(), error.to_string())
}

/// A level is not lowered in silence.
fn unreached(detail: String) -> Refusal {
    Refusal::no("stamp.level-not-reached", detail)
}

fn document(error: PdfError) -> Refusal {
    Refusal::no(error.code(), error)
}
