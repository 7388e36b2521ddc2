//! The one envelope for everything signed: JWS compact serialization (RFC 7515 §7.1), ES256 (RFC 7518 §3.4), a `typ` of its
//! own for every kind of statement (RFC 8725 §3.11), and the signer's chain in `x5c`.
//!
//! A statement is read strictly: header and payload must be exactly what this crate would write, so that no unknown,
//! repeated or differently spelt field passes. What is verified, digested and kept is the text that arrived.

use std::fmt;
use std::marker::PhantomData;
use std::ops::Deref;

use data_encoding::{BASE64, BASE64URL_NOPAD};
use eseal_crypto::Suite;
use eseal_crypto::cert::{Certificate, Chain, ChainError, Purpose, TrustAnchors};
use eseal_crypto::key::{PublicKey, Signature};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::ids::Sha256Hex;
use crate::time::Timestamp;

/// Longest statement that is read, in bytes.
pub const JWS_MAX: usize = 256 * 1024;
/// Most certificates in a statement's chain.
pub const CHAIN_MAX: usize = 4;

/// What a JWS of this crate may state; `TYP` separates its signatures from those of every other kind.
pub trait Statement: Serialize + DeserializeOwned {
    /// The `typ` header.
    const TYP: &'static str;
    /// Which certified use the signer's key must have.
    const PURPOSE: Purpose;
}

/// Why a received statement is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum JwsError {
    /// Longer than [`JWS_MAX`].
    #[error("the statement is too long")]
    TooLong,
    /// Not three base64url parts, or a header or payload that this crate would not have written: an unknown, missing,
    /// repeated or differently spelt field.
    #[error("the statement is not well-formed: {detail}")]
    Malformed {
        /// What was found, for developers.
        detail: String,
    },
    /// A statement of another kind.
    #[error("the statement is of another kind")]
    WrongType,
    /// The signature is not the signer's over these bytes.
    #[error("the signature does not fit")]
    BadSignature,
    /// No certificate chain where one is needed.
    #[error("the statement carries no certificate chain")]
    NoChain,
    /// The signer is not one whom this reader trusts for this kind of statement.
    #[error("the signer is not trusted: {0}")]
    Untrusted(#[from] ChainError),
}

impl JwsError {
    /// The stable code of the error.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::TooLong => "statement.too-long",
            Self::Malformed { .. } => "statement.malformed",
            Self::WrongType => "statement.wrong-type",
            Self::BadSignature => "statement.bad-signature",
            Self::NoChain => "statement.no-chain",
            Self::Untrusted(_) => "statement.untrusted",
        }
    }
}

#[derive(Serialize, Deserialize, PartialEq)]
#[serde(deny_unknown_fields)]
struct Header {
    alg: String,
    typ: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    x5c: Option<Vec<String>>,
}

const ALG: &str = "ES256";

/// A statement about to be signed: the bytes to sign are fixed, the signature is still missing.
pub struct ToSign<T> {
    payload: T,
    chain: Option<Chain>,
    signing_input: String,
}

impl<T: Statement> ToSign<T> {
    /// Fixes the bytes of a statement whose signer is known by its chain.
    ///
    /// # Errors
    /// [`JwsError::Malformed`] when the payload cannot be written as JSON.
    pub fn with_chain(payload: T, chain: Chain) -> Result<Self, JwsError> {
        Self::new(payload, Some(chain))
    }

    /// Fixes the bytes of a statement whose signer has no certificate yet.
    ///
    /// # Errors
    /// As [`Self::with_chain`].
    pub fn without_chain(payload: T) -> Result<Self, JwsError> {
        Self::new(payload, None)
    }

    fn new(payload: T, chain: Option<Chain>) -> Result<Self, JwsError> {
        let x5c = chain.as_ref().map(|chain| chain.ders().map(|der| BASE64.encode(der)).collect());
        let header = to_json(&Header { alg: ALG.to_owned(), typ: T::TYP.to_owned(), x5c })?;
        let signing_input =
            format!("{}.{}", BASE64URL_NOPAD.encode(&header), BASE64URL_NOPAD.encode(&to_json(&payload)?));
        Ok(Self { payload, chain, signing_input })
    }

    /// The statement itself.
    #[must_use]
    pub const fn payload(&self) -> &T {
        &self.payload
    }

    /// The bytes that the key signs (RFC 7515 §5.1): `base64url(header) "." base64url(payload)`, in ASCII.
    #[must_use]
    pub const fn signing_input(&self) -> &[u8] {
        self.signing_input.as_bytes()
    }

    /// Adds the signature, which is checked against the chain's leaf or, without a chain, against `key`.
    ///
    /// # Errors
    /// [`JwsError::BadSignature`] when the signature is not that key's.
    pub fn finish(self, signature: &Signature, key: &PublicKey) -> Result<Verified<T>, JwsError> {
        let Self { payload, chain, signing_input } = self;
        let signer = match &chain {
            Some(chain) => chain.leaf().public_key().map_err(|_| JwsError::BadSignature)?,
            None => key,
        };
        signer.verify(signing_input.as_bytes(), signature).map_err(|_| JwsError::BadSignature)?;
        let compact = format!("{signing_input}.{}", BASE64URL_NOPAD.encode(&signature.to_fixed()));
        Ok(Verified { compact, payload, chain })
    }
}

/// A statement that was read but not yet believed. Its payload can be seen only by [`Unverified::peek`], to find out which
/// key has to be asked for.
pub struct Unverified<T> {
    compact: String,
    signed: usize,
    signature: Signature,
    payload: T,
    chain: Option<Chain>,
}

impl<T: Statement> Unverified<T> {
    /// Reads a compact JWS.
    ///
    /// # Errors
    /// [`JwsError::TooLong`], [`JwsError::Malformed`] or [`JwsError::WrongType`].
    pub fn parse(compact: &str) -> Result<Self, JwsError> {
        if compact.len() > JWS_MAX {
            return Err(JwsError::TooLong);
        }
        let mut parts = compact.split('.');
        let (Some(header), Some(payload), Some(signature), None) =
            (parts.next(), parts.next(), parts.next(), parts.next())
        else {
            return Err(malformed("not three parts"));
        };
        let signed = header.len() + 1 + payload.len();
        let header: Header = from_canonical_json(header, "header")?;
        if header.alg != ALG {
            return Err(malformed("not ES256"));
        }
        if header.typ != T::TYP {
            return Err(JwsError::WrongType);
        }
        let chain = header.x5c.as_deref().map(read_chain).transpose()?;
        let payload = from_canonical_json(payload, "payload")?;
        let fixed: [u8; 64] =
            base64url(signature, "signature")?.try_into().map_err(|_| malformed("signature length"))?;
        let signature =
            Signature::from_fixed(Suite::EcdsaP256Sha256, &fixed).map_err(|_| malformed("signature value"))?;
        if signature.to_fixed() != fixed {
            return Err(malformed("signature not in its one form (low s)"));
        }
        Ok(Self { compact: compact.to_owned(), signed, signature, payload, chain })
    }

    /// What is claimed, before it is believed.
    #[must_use]
    pub const fn peek(&self) -> &T {
        &self.payload
    }

    /// Believes the statement if the key of a chain to `anchors`, certified for this kind of statement and valid at `at`,
    /// signed it.
    ///
    /// # Errors
    /// [`JwsError::NoChain`], [`JwsError::Untrusted`] or [`JwsError::BadSignature`].
    pub fn verify(self, anchors: &TrustAnchors, at: Timestamp) -> Result<Verified<T>, JwsError> {
        let chain = self.chain.as_ref().ok_or(JwsError::NoChain)?;
        chain.verify(anchors, at.into(), T::PURPOSE)?;
        let key = chain.leaf().public_key().map_err(|_| JwsError::BadSignature)?.clone();
        self.verify_with_key(&key)
    }

    /// Believes the statement if `key` signed it: for a signer who has no certificate yet.
    ///
    /// # Errors
    /// [`JwsError::BadSignature`].
    pub fn verify_with_key(self, key: &PublicKey) -> Result<Verified<T>, JwsError> {
        let signed = self.compact.as_bytes().get(..self.signed).ok_or(JwsError::BadSignature)?;
        key.verify(signed, &self.signature).map_err(|_| JwsError::BadSignature)?;
        Ok(Verified { compact: self.compact, payload: self.payload, chain: self.chain })
    }
}

/// A statement whose signature fits; dereferences to its payload.
#[derive(Clone)]
pub struct Verified<T> {
    compact: String,
    payload: T,
    chain: Option<Chain>,
}

impl<T> Verified<T> {
    /// The exact text that was signed and verified.
    #[must_use]
    pub fn compact(&self) -> &str {
        &self.compact
    }

    /// SHA-256 over the exact text: how one statement names another.
    #[must_use]
    pub fn digest(&self) -> Sha256Hex {
        Sha256Hex::of(self.compact.as_bytes())
    }

    /// The signer's certificate, where the statement carries a chain.
    #[must_use]
    pub fn signer(&self) -> Option<&Certificate> {
        self.chain.as_ref().map(Chain::leaf)
    }

    /// The statement itself, by value.
    #[must_use]
    pub fn into_payload(self) -> T {
        self.payload
    }
}

impl<T> Deref for Verified<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.payload
    }
}

impl<T> fmt::Debug for Verified<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Verified").field("digest", &self.digest()).finish_non_exhaustive()
    }
}

/// A statement in transit: text that is parsed only by whoever is ready to verify it.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Compact<T> {
    text: String,
    #[serde(skip)]
    kind: PhantomData<fn() -> T>,
}

impl<T: Statement> Compact<T> {
    /// Reads the statement for verification.
    ///
    /// # Errors
    /// As [`Unverified::parse`].
    pub fn parse(&self) -> Result<Unverified<T>, JwsError> {
        Unverified::parse(&self.text)
    }
}

impl<T> Compact<T> {
    /// Wraps a text that claims to be such a statement.
    #[must_use]
    pub const fn from_text(text: String) -> Self {
        Self { text, kind: PhantomData }
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// SHA-256 over the text.
    #[must_use]
    pub fn digest(&self) -> Sha256Hex {
        Sha256Hex::of(self.text.as_bytes())
    }
}

impl<T> From<&Verified<T>> for Compact<T> {
    fn from(verified: &Verified<T>) -> Self {
        Self::from_text(verified.compact.clone())
    }
}

impl<T> fmt::Debug for Compact<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Compact({})", self.digest())
    }
}

/// JSON as this crate writes it: fields in declaration order, no white space.
pub(crate) fn to_json<T: Serialize>(value: &T) -> Result<Vec<u8>, JwsError> {
    serde_json::to_vec(value).map_err(|error| malformed(&error.to_string()))
}

fn from_canonical_json<T: Serialize + DeserializeOwned>(part: &str, what: &str) -> Result<T, JwsError> {
    let bytes = base64url(part, what)?;
    let value: T = serde_json::from_slice(&bytes).map_err(|error| malformed(&format!("{what}: {error}")))?;
    if to_json(&value)? == bytes { Ok(value) } else { Err(malformed(&format!("{what}: not in its one spelling"))) }
}

fn base64url(part: &str, what: &str) -> Result<Vec<u8>, JwsError> {
    BASE64URL_NOPAD.decode(part.as_bytes()).map_err(|_| malformed(&format!("{what}: not base64url")))
}

fn read_chain(x5c: &[String]) -> Result<Chain, JwsError> {
    if x5c.is_empty() || x5c.len() > CHAIN_MAX {
        return Err(malformed("chain length"));
    }
    let ders = x5c
        .iter()
        .map(|text| BASE64.decode(text.as_bytes()).map_err(|_| malformed("x5c: not base64")))
        .collect::<Result<Vec<_>, _>>()?;
    Chain::from_ders(ders).map_err(|_| malformed("x5c: not certificates"))
}

fn malformed(detail: &str) -> JwsError {
    JwsError::Malformed { detail: detail.to_owned() }
}
