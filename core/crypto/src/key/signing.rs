use der::Decode;
use p256::ecdsa;
use p256::ecdsa::signature::Signer;
use p256::ecdsa::signature::hazmat::PrehashSigner;
use p256::elliptic_curve::Generate;
use p256::pkcs8::{EncodePrivateKey, LineEnding, PrivateKeyInfoRef};
use rand_core::CryptoRng;
use zeroize::Zeroizing;

use super::{KeyError, Prehash, PublicKey, Signature, SignatureError, sm2};
use crate::Suite;
use crate::pem;

/// A private key in memory: for the platform, the command line and tests. On a phone the private keys are in hardware, or
/// split.
///
/// It is wiped when dropped, cannot be cloned and has no `Debug`.
pub struct SigningKey {
    secret: Secret,
    public: PublicKey,
}

enum Secret {
    P256(ecdsa::SigningKey),
    Sm2(sm2::Signer),
}

impl SigningKey {
    /// Draws a new key.
    ///
    /// # Errors
    /// [`KeyError::Malformed`] when the public half cannot be encoded, which no random source brings about.
    pub fn generate(suite: Suite, rng: &mut impl CryptoRng) -> Result<Self, KeyError> {
        match suite {
            Suite::EcdsaP256Sha256 => Self::from_p256(ecdsa::SigningKey::generate_from_rng(rng)),
            Suite::Sm2Sm3 => Self::from_sm2(::sm2::SecretKey::generate_from_rng(rng)),
        }
    }

    /// Reads the one unencrypted PKCS#8 private key (RFC 5958) of a PEM text; blocks of other kinds are passed over.
    ///
    /// # Errors
    /// [`KeyError::Encrypted`], [`KeyError::UnsupportedAlgorithm`], or [`KeyError::Malformed`] for anything else.
    pub fn from_pkcs8_pem(text: &str) -> Result<Self, KeyError> {
        if pem::has_block(text, pem::ENCRYPTED_PRIVATE_KEY) {
            return Err(KeyError::Encrypted);
        }
        match pem::blocks(text, pem::PRIVATE_KEY).map_err(|_| KeyError::Malformed)?.as_slice() {
            [der] => Self::from_pkcs8_der(der),
            _ => Err(KeyError::Malformed),
        }
    }

    fn from_pkcs8_der(der: &[u8]) -> Result<Self, KeyError> {
        let info = PrivateKeyInfoRef::from_der(der).map_err(|_| KeyError::Malformed)?;
        match Suite::of_key(&info.algorithm)? {
            Suite::EcdsaP256Sha256 => {
                Self::from_p256(ecdsa::SigningKey::try_from(info).map_err(|_| KeyError::Malformed)?)
            }
            Suite::Sm2Sm3 => Self::from_sm2(::sm2::SecretKey::try_from(info).map_err(|_| KeyError::Malformed)?),
        }
    }

    fn from_p256(key: ecdsa::SigningKey) -> Result<Self, KeyError> {
        let public = PublicKey::from_p256(*key.verifying_key()).ok_or(KeyError::Malformed)?;
        Ok(Self { secret: Secret::P256(key), public })
    }

    fn from_sm2(key: ::sm2::SecretKey) -> Result<Self, KeyError> {
        let public = PublicKey::from_sm2(key.public_key()).ok_or(KeyError::Malformed)?;
        Ok(Self { secret: Secret::Sm2(sm2::Signer::new(key).ok_or(KeyError::Malformed)?), public })
    }

    /// The key as unencrypted PKCS#8 PEM.
    ///
    /// # Errors
    /// [`KeyError::Malformed`] when it cannot be encoded, which no key that could be made brings about.
    pub fn to_pkcs8_pem(&self) -> Result<Zeroizing<String>, KeyError> {
        let pem = match &self.secret {
            Secret::P256(key) => key.to_pkcs8_pem(LineEnding::LF),
            Secret::Sm2(signer) => signer.secret().to_pkcs8_pem(LineEnding::LF),
        };
        pem.map_err(|_| KeyError::Malformed)
    }

    /// The public half.
    #[must_use]
    pub const fn public_key(&self) -> &PublicKey {
        &self.public
    }

    /// The suite that the key belongs to.
    #[must_use]
    pub const fn suite(&self) -> Suite {
        self.public.suite()
    }

    /// Signs a message, with the nonce of RFC 6979.
    #[must_use]
    pub fn sign(&self, message: &[u8]) -> Signature {
        match &self.secret {
            Secret::P256(key) => {
                let signature: ecdsa::Signature = key.sign(message);
                Signature::from_p256(&signature)
            }
            Secret::Sm2(signer) => Signature::from_sm2(signer.sign(self.public.prehash(message).as_bytes())),
        }
    }

    /// Signs a message of which only [`PublicKey::prehash`] is at hand.
    ///
    /// # Errors
    /// [`SignatureError::WrongDigest`] when it is of another suite.
    pub fn sign_prehash(&self, prehash: &Prehash) -> Result<Signature, SignatureError> {
        if prehash.suite() != self.suite() {
            return Err(SignatureError::WrongDigest);
        }
        match &self.secret {
            Secret::P256(key) => {
                let signature: ecdsa::Signature =
                    key.sign_prehash(prehash.as_bytes()).map_err(|_| SignatureError::WrongDigest)?;
                Ok(Signature::from_p256(&signature))
            }
            Secret::Sm2(signer) => Ok(Signature::from_sm2(signer.sign(prehash.as_bytes()))),
        }
    }
}
