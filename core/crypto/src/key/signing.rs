use der::Decode;
use p256::ecdsa;
use p256::ecdsa::signature::Signer;
use p256::ecdsa::signature::hazmat::PrehashSigner;
use p256::elliptic_curve::Generate;
use p256::pkcs8::{EncodePrivateKey, LineEnding, PrivateKeyInfoRef};
use rand_core::CryptoRng;
use zeroize::Zeroizing;

use super::{KeyError, PublicKey, Signature, SignatureError, suite_of};
use crate::Suite;
use crate::digest::Digest;
use crate::pem;

/// A private key in memory: for the platform, the command line and tests. On a phone the private keys are in hardware.
///
/// It is wiped when dropped, cannot be cloned and has no `Debug`.
pub struct SigningKey {
    key: ecdsa::SigningKey,
    public: PublicKey,
}

impl SigningKey {
    /// Draws a new P-256 key.
    ///
    /// # Errors
    /// [`KeyError::Malformed`] when the public half cannot be encoded, which no random source brings about.
    pub fn generate(rng: &mut impl CryptoRng) -> Result<Self, KeyError> {
        Self::from_p256(ecdsa::SigningKey::generate_from_rng(rng))
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
        match suite_of(&info.algorithm)? {
            Suite::P256Sha256 => Self::from_p256(ecdsa::SigningKey::try_from(info).map_err(|_| KeyError::Malformed)?),
        }
    }

    fn from_p256(key: ecdsa::SigningKey) -> Result<Self, KeyError> {
        let public = PublicKey::from_p256(*key.verifying_key()).ok_or(KeyError::Malformed)?;
        Ok(Self { key, public })
    }

    /// The key as unencrypted PKCS#8 PEM.
    ///
    /// # Errors
    /// [`KeyError::Malformed`] when it cannot be encoded, which no key that could be made brings about.
    pub fn to_pkcs8_pem(&self) -> Result<Zeroizing<String>, KeyError> {
        self.key.to_pkcs8_pem(LineEnding::LF).map_err(|_| KeyError::Malformed)
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

    /// Signs a message, digested as the suite says, with the nonce of RFC 6979.
    #[must_use]
    pub fn sign(&self, message: &[u8]) -> Signature {
        let signature: ecdsa::Signature = self.key.sign(message);
        Signature::from_p256(&signature)
    }

    /// Signs a message of which only the digest is at hand.
    ///
    /// # Errors
    /// [`SignatureError::WrongDigest`] when the digest is not of the suite's algorithm.
    pub fn sign_digest(&self, digest: &Digest) -> Result<Signature, SignatureError> {
        if digest.algorithm() != self.suite().digest_algorithm() {
            return Err(SignatureError::WrongDigest);
        }
        let signature: ecdsa::Signature =
            self.key.sign_prehash(digest.as_bytes()).map_err(|_| SignatureError::WrongDigest)?;
        Ok(Signature::from_p256(&signature))
    }
}
