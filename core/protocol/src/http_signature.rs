//! Requests signed by an enrolled phone: HTTP Message Signatures (RFC 9421) with `ecdsa-p256-sha256`, a content digest
//! (RFC 9530) and a nonce of the platform (as RFC 9449 §8 does), so that neither side has to trust the other's clock.
//!
//! One fixed set of components is signed and nothing else is accepted: `("@method" "@path" "@query" "content-digest"
//! "idempotency-key")`, the tag `eseal-request/1`, and the parameters in one order.

use data_encoding::BASE64;
use eseal_crypto::Suite;
use eseal_crypto::key::{PublicKey, Signature};

use crate::ids::{DeviceId, Sha256Hex};

/// Header with the platform's nonce for the next request.
pub const NONCE_HEADER: &str = "eseal-nonce";
/// Header with the idempotency key (draft-ietf-httpapi-idempotency-key-header).
pub const IDEMPOTENCY_HEADER: &str = "idempotency-key";
/// Header with the covered components and parameters.
pub const SIGNATURE_INPUT_HEADER: &str = "signature-input";
/// Header with the signature.
pub const SIGNATURE_HEADER: &str = "signature";
/// Header with the body's digest.
pub const DIGEST_HEADER: &str = "content-digest";
/// Longest nonce, in characters.
pub const NONCE_MAX: usize = 128;
/// Longest idempotency key, in characters.
pub const IDEMPOTENCY_KEY_MAX: usize = 128;

const COMPONENTS: &str = r#"("@method" "@path" "@query" "content-digest" "idempotency-key")"#;
const LABEL: &str = "eseal";
const TAG: &str = "eseal-request/1";

/// A signed request that does not hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum RequestSignatureError {
    /// A header is missing or not in the one accepted form.
    #[error("the request's signature headers are missing or not in the accepted form")]
    Malformed,
    /// The body is not the one signed.
    #[error("the body is not the one that was signed")]
    BodyChanged,
    /// The signature is not the phone's.
    #[error("the request's signature does not fit")]
    BadSignature,
}

/// What of a request is signed.
#[derive(Clone, Copy, Debug)]
pub struct RequestParts<'a> {
    /// `GET`, `POST`, `PUT` or `DELETE`.
    pub method: &'a str,
    /// Absolute path.
    pub path: &'a str,
    /// Query without the question mark; empty when there is none.
    pub query: &'a str,
    /// Body; empty when there is none.
    pub body: &'a [u8],
    /// Idempotency key; empty when there is none.
    pub idempotency_key: &'a str,
}

/// A request about to be signed by the phone's request key.
pub struct RequestToSign {
    base: String,
    input: String,
    digest: String,
}

/// The headers that make a request signed: name and value.
pub type SignedHeaders = [(&'static str, String); 3];

impl RequestToSign {
    /// Fixes what is signed. `nonce` is the newest that the platform gave.
    ///
    /// # Errors
    /// [`RequestSignatureError::Malformed`] when a part cannot stand in a header.
    pub fn new(parts: &RequestParts<'_>, device: &DeviceId, nonce: &str) -> Result<Self, RequestSignatureError> {
        if !is_plain(nonce, NONCE_MAX) || nonce.is_empty() || !is_plain(parts.idempotency_key, IDEMPOTENCY_KEY_MAX) {
            return Err(RequestSignatureError::Malformed);
        }
        let parameters =
            format!(r#"{COMPONENTS};nonce="{nonce}";keyid="{device}";alg="ecdsa-p256-sha256";tag="{TAG}""#);
        let digest = content_digest(parts.body);
        Ok(Self { base: base(parts, &digest, &parameters), input: format!("{LABEL}={parameters}"), digest })
    }

    /// The bytes that the key signs: the signature base (RFC 9421 §2.5).
    #[must_use]
    pub const fn signing_input(&self) -> &[u8] {
        self.base.as_bytes()
    }

    /// The headers to send.
    #[must_use]
    pub fn finish(self, signature: &Signature) -> SignedHeaders {
        let value = format!("{LABEL}=:{}:", BASE64.encode(&signature.to_fixed()));
        [(DIGEST_HEADER, self.digest), (SIGNATURE_INPUT_HEADER, self.input), (SIGNATURE_HEADER, value)]
    }
}

/// A signed request as received, before it is believed.
pub struct ReceivedRequest {
    base: String,
    signature: Signature,
    device: DeviceId,
    nonce: String,
}

impl ReceivedRequest {
    /// Reads the three headers of a received request and checks the body against its digest.
    ///
    /// # Errors
    /// [`RequestSignatureError::Malformed`] or [`RequestSignatureError::BodyChanged`].
    pub fn read(
        parts: &RequestParts<'_>,
        digest: &str,
        input: &str,
        signature: &str,
    ) -> Result<Self, RequestSignatureError> {
        let malformed = RequestSignatureError::Malformed;
        let parameters = input.strip_prefix(LABEL).and_then(|rest| rest.strip_prefix('=')).ok_or(malformed)?;
        let nonce = quoted(parameters, "nonce").filter(|text| is_plain(text, NONCE_MAX)).ok_or(malformed)?;
        let device: DeviceId = quoted(parameters, "keyid").and_then(|text| text.parse().ok()).ok_or(malformed)?;
        let expected = RequestToSign::new(parts, &device, nonce)?;
        if expected.input != input {
            return Err(malformed);
        }
        if expected.digest != digest {
            return Err(RequestSignatureError::BodyChanged);
        }
        let value = signature.strip_prefix("eseal=:").and_then(|rest| rest.strip_suffix(':')).ok_or(malformed)?;
        let fixed = BASE64.decode(value.as_bytes()).map_err(|_| malformed)?;
        let fixed: [u8; 64] = fixed.try_into().map_err(|_| malformed)?;
        let signature = Signature::from_fixed(Suite::EcdsaP256Sha256, &fixed).map_err(|_| malformed)?;
        Ok(Self { base: expected.base, signature, device, nonce: nonce.to_owned() })
    }

    /// Which phone claims to have sent it: its request key has to be looked up.
    #[must_use]
    pub const fn device(&self) -> &DeviceId {
        &self.device
    }

    /// The platform's nonce in it.
    #[must_use]
    pub fn nonce(&self) -> &str {
        &self.nonce
    }

    /// Names this one signed request; seen twice, it is a replay.
    #[must_use]
    pub fn fingerprint(&self) -> Sha256Hex {
        Sha256Hex::of(self.base.as_bytes())
    }

    /// Believes the request if `key` signed it.
    ///
    /// # Errors
    /// [`RequestSignatureError::BadSignature`].
    pub fn verify(&self, key: &PublicKey) -> Result<(), RequestSignatureError> {
        key.verify(self.base.as_bytes(), &self.signature).map_err(|_| RequestSignatureError::BadSignature)
    }
}

fn base(parts: &RequestParts<'_>, digest: &str, parameters: &str) -> String {
    let RequestParts { method, path, query, idempotency_key, .. } = parts;
    format!(
        "\"@method\": {method}\n\"@path\": {path}\n\"@query\": ?{query}\n\"content-digest\": {digest}\n\
         \"idempotency-key\": {idempotency_key}\n\"@signature-params\": {parameters}"
    )
}

fn content_digest(body: &[u8]) -> String {
    format!("sha-256=:{}:", BASE64.encode(Sha256Hex::of(body).as_bytes()))
}

fn quoted<'a>(parameters: &'a str, name: &str) -> Option<&'a str> {
    let (_, rest) = parameters.split_once(&format!(";{name}=\""))?;
    rest.split_once('"').map(|(value, _)| value)
}

/// Characters that need no quoting anywhere and cannot start a new line of the signature base.
fn is_plain(text: &str, max: usize) -> bool {
    text.len() <= max && text.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_.:".contains(&b))
}

#[cfg(test)]
mod tests {
    use super::*;
    use eseal_crypto::key::SigningKey;

    const PARTS: RequestParts<'_> =
        RequestParts { method: "POST", path: "/v1/usages", query: "", body: b"{}", idempotency_key: "k-1" };

    fn signed() -> (PublicKey, SignedHeaders) {
        let key = SigningKey::generate(Suite::EcdsaP256Sha256, &mut rand_core::UnwrapErr(getrandom::SysRng)).unwrap();
        let device = "dev-a".parse().unwrap();
        let to_sign = RequestToSign::new(&PARTS, &device, "n-1").unwrap();
        let signature = key.sign(to_sign.signing_input());
        (key.public_key().clone(), to_sign.finish(&signature))
    }

    fn read(parts: &RequestParts<'_>, headers: &SignedHeaders) -> Result<ReceivedRequest, RequestSignatureError> {
        ReceivedRequest::read(parts, &headers[0].1, &headers[1].1, &headers[2].1)
    }

    #[test]
    fn a_signed_request_is_believed() {
        let (key, headers) = signed();
        let request = read(&PARTS, &headers).unwrap();
        request.verify(&key).unwrap();
        assert_eq!((request.device().as_str(), request.nonce()), ("dev-a", "n-1"));
    }

    #[test]
    fn every_covered_part_is_bound() {
        let (key, headers) = signed();
        for parts in [
            RequestParts { method: "PUT", ..PARTS },
            RequestParts { path: "/v1/seals", ..PARTS },
            RequestParts { query: "a=b", ..PARTS },
            RequestParts { idempotency_key: "k-2", ..PARTS },
        ] {
            let outcome = read(&parts, &headers).unwrap().verify(&key);
            assert_eq!(outcome, Err(RequestSignatureError::BadSignature), "{parts:?}");
        }
        let changed = RequestParts { body: b"[]", ..PARTS };
        assert_eq!(read(&changed, &headers).err(), Some(RequestSignatureError::BodyChanged));
        let mut other = headers.clone();
        other[1].1 = other[1].1.replace("n-1", "n-2");
        assert_eq!(read(&PARTS, &other).unwrap().verify(&key), Err(RequestSignatureError::BadSignature));
    }

    #[test]
    fn other_components_or_parameters_are_not_accepted() {
        let (_, headers) = signed();
        for (from, to) in
            [(" \"@query\"", ""), (";tag=", ";taf="), ("ecdsa-p256-sha256", "hmac-sha256"), ("eseal=", "other=")]
        {
            let mut other = headers.clone();
            other[1].1 = other[1].1.replace(from, to);
            assert_eq!(read(&PARTS, &other).err(), Some(RequestSignatureError::Malformed), "{from}");
        }
    }
}
