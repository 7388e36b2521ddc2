//! Names of things: one type each, so that none can stand for another.

use std::fmt;
use std::str::FromStr;

use data_encoding::{BASE32_NOPAD, BASE64URL_NOPAD};
use eseal_crypto::digest::Digest;
use rand_core::CryptoRng;
use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A text that is not a well-formed identifier of the asked kind.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not a well-formed {kind}")]
pub struct IdError {
    kind: &'static str,
}

macro_rules! random_bytes {
    ($(#[$doc:meta])* $name:ident, $len:literal) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, Hash)]
        pub struct $name([u8; $len]);

        impl $name {
            /// Draws a fresh value.
            pub fn random<R: CryptoRng + ?Sized>(rng: &mut R) -> Self {
                let mut bytes = [0; $len];
                rng.fill_bytes(&mut bytes);
                Self(bytes)
            }

            /// The value from its bytes.
            #[must_use]
            pub const fn from_bytes(bytes: [u8; $len]) -> Self {
                Self(bytes)
            }

            /// The value's bytes.
            #[must_use]
            pub const fn as_bytes(&self) -> &[u8; $len] {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&BASE64URL_NOPAD.encode(&self.0))
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!(stringify!($name), "({})"), self)
            }
        }

        impl FromStr for $name {
            type Err = IdError;

            fn from_str(text: &str) -> Result<Self, IdError> {
                let error = IdError { kind: stringify!($name) };
                let bytes = BASE64URL_NOPAD.decode(text.as_bytes()).map_err(|_| error.clone())?;
                bytes.try_into().map(Self).map_err(|_| error)
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                String::deserialize(deserializer)?.parse().map_err(D::Error::custom)
            }
        }
    };
}

random_bytes! {
    /// One request for consent: 128 random bits, base64url on the wire and base32 in the QR code.
    IntentId, 16
}
random_bytes! {
    /// A value used once: 256 random bits, base64url.
    Nonce, 32
}

impl IntentId {
    /// Upper-case base32 without padding (RFC 4648 §6), the form in a QR code's alphanumeric mode.
    #[must_use]
    pub fn to_base32(&self) -> String {
        BASE32_NOPAD.encode(&self.0)
    }

    /// Reads [`Self::to_base32`]'s form.
    ///
    /// # Errors
    /// [`IdError`] for any other text.
    pub fn from_base32(text: &str) -> Result<Self, IdError> {
        let error = IdError { kind: "IntentId" };
        let bytes = BASE32_NOPAD.decode(text.as_bytes()).map_err(|_| error.clone())?;
        bytes.try_into().map(Self).map_err(|_| error)
    }
}

/// Longest identifier of the kinds below, in characters.
pub const TOKEN_MAX: usize = 64;

macro_rules! token {
    ($(#[$doc:meta])* $name:ident, $prefix:literal) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
        #[serde(transparent)]
        pub struct $name(String);

        impl $name {
            /// Draws a fresh value: the kind's prefix and 128 random bits in lower-case base32.
            pub fn random<R: CryptoRng + ?Sized>(rng: &mut R) -> Self {
                let mut bytes = [0; 16];
                rng.fill_bytes(&mut bytes);
                Self(format!(concat!($prefix, "{}"), BASE32_NOPAD.encode(&bytes).to_ascii_lowercase()))
            }

            /// The value as text.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl FromStr for $name {
            type Err = IdError;

            fn from_str(text: &str) -> Result<Self, IdError> {
                let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
                let known = text.strip_prefix($prefix).is_some_and(|rest| !rest.is_empty());
                if known && text.len() <= TOKEN_MAX && text.chars().all(plain) {
                    Ok(Self(text.to_owned()))
                } else {
                    Err(IdError { kind: stringify!($name) })
                }
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                String::deserialize(deserializer)?.parse().map_err(D::Error::custom)
            }
        }
    };
}

token! {
    /// A person known to the platform.
    PersonId, "per-"
}
token! {
    /// An enrolled phone of a person.
    DeviceId, "dev-"
}
token! {
    /// A seal.
    SealId, "seal-"
}
token! {
    /// A relying party: whoever asks for consents.
    RelyingPartyId, "rp-"
}
token! {
    /// A seal claim in progress.
    ClaimId, "claim-"
}
token! {
    /// One enrolment in progress.
    EnrolmentId, "enrol-"
}
token! {
    /// One recorded use of a seal.
    UsageId, "use-"
}

/// A SHA-256 digest as 64 lower-case hexadecimal digits on the wire.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Sha256Hex([u8; 32]);

impl Sha256Hex {
    /// Digests `bytes`.
    #[must_use]
    pub fn of(bytes: &[u8]) -> Self {
        use sha2::Digest as _;
        Self(sha2::Sha256::digest(bytes).into())
    }

    /// A digest computed elsewhere.
    #[must_use]
    pub const fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// The digest's bytes.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

impl TryFrom<&Digest> for Sha256Hex {
    type Error = IdError;

    fn try_from(digest: &Digest) -> Result<Self, IdError> {
        digest.as_bytes().try_into().map(Self).map_err(|_| IdError { kind: "SHA-256 digest" })
    }
}

impl fmt::Display for Sha256Hex {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&data_encoding::HEXLOWER.encode(&self.0))
    }
}

impl fmt::Debug for Sha256Hex {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Sha256Hex({self})")
    }
}

impl FromStr for Sha256Hex {
    type Err = IdError;

    fn from_str(text: &str) -> Result<Self, IdError> {
        let error = IdError { kind: "SHA-256 digest" };
        let bytes = data_encoding::HEXLOWER.decode(text.as_bytes()).map_err(|_| error.clone())?;
        bytes.try_into().map(Self).map_err(|_| error)
    }
}

impl Serialize for Sha256Hex {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Sha256Hex {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(D::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_of_one_kind_is_not_one_of_another() {
        assert!("per-zhang".parse::<PersonId>().is_ok());
        for bad in ["dev-zhang", "per-", "per-Zhang", "per-张", "per-a b", &format!("per-{}", "a".repeat(64))] {
            assert!(bad.parse::<PersonId>().is_err(), "{bad}");
        }
    }

    #[test]
    fn intent_ids_survive_both_spellings() {
        let id = IntentId::from_bytes(std::array::from_fn(|i| u8::try_from(i * 17 % 256).unwrap()));
        assert_eq!(IntentId::from_base32(&id.to_base32()).unwrap(), id);
        assert_eq!(id.to_string().parse::<IntentId>().unwrap(), id);
        assert_eq!(id.to_base32().len(), 26);
        assert!(IntentId::from_base32(&id.to_base32().to_ascii_lowercase()).is_err());
    }
}
