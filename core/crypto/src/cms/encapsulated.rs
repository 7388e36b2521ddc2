use const_oid::ObjectIdentifier;

use super::CmsError;
use super::attributes::SignedAttributes;
use super::encode::Content;
use super::message::Message;
use crate::cert::{Certificate, Chain};
use crate::digest::{Digest, DigestAlgorithm};
use crate::key::SigningKey;

/// A signature that carries what it signs, of one expected type.
#[derive(Clone)]
pub(crate) struct SignedContent {
    message: Message,
    content: Vec<u8>,
}

impl SignedContent {
    /// Reads a DER `ContentInfo` that holds a `SignedData` with content of `content_type`.
    pub(crate) fn from_der(der: &[u8], content_type: ObjectIdentifier) -> Result<Self, CmsError> {
        Self::new(Message::from_der(der)?, content_type)
    }

    /// As [`Self::from_der`], with zero bytes allowed after the end.
    pub(crate) fn from_padded_der(der: &[u8], content_type: ObjectIdentifier) -> Result<Self, CmsError> {
        Self::new(Message::from_padded_der(der)?, content_type)
    }

    fn new(message: Message, content_type: ObjectIdentifier) -> Result<Self, CmsError> {
        if message.content_type() != content_type {
            return Err(CmsError::Malformed { detail: "content of another type" });
        }
        let content = message.content()?.ok_or(CmsError::Malformed { detail: "no content" })?;
        Ok(Self { message, content })
    }

    /// Signs content, and carries certificates along: the signer's chain or none.
    pub(crate) fn sign(
        content_type: ObjectIdentifier,
        content: &[u8],
        key: &SigningKey,
        chain: &Chain,
        certificates: &[&[u8]],
    ) -> Result<Vec<u8>, CmsError> {
        let digest = Digest::of(key.suite().digest_algorithm(), content);
        let attributes = SignedAttributes::new(content_type, &digest, chain.leaf(), Vec::new())?;
        let signature = key.sign(attributes.to_be_signed());
        attributes.write(&Content::Encapsulated(content_type, content), &signature, chain, certificates.iter())
    }

    pub(crate) fn to_der(&self) -> &[u8] {
        self.message.to_der()
    }

    pub(crate) fn content(&self) -> &[u8] {
        &self.content
    }

    pub(crate) const fn chain(&self) -> &Chain {
        self.message.chain()
    }

    pub(crate) fn certificates(&self) -> &[Certificate] {
        self.message.certificates()
    }

    pub(crate) fn digest_algorithm(&self) -> Result<DigestAlgorithm, CmsError> {
        self.message.digest_algorithm()
    }

    /// Whether the signer signed the content that is inside.
    pub(crate) fn verify(&self) -> Result<(), CmsError> {
        self.message.verify(&Digest::of(self.digest_algorithm()?, &self.content))
    }
}
