use std::fmt;

use super::{Seal, SealDraft, SealKind, SealNumber, SealPicture, SealSigners, SesError, SesVersion};
use crate::Suite;
use crate::cert::{Certificate, Purpose, UnixTime, Validity};
use crate::key::SigningKey;

/// Whose software makes it (`Vid`).
const VENDOR: &str = "eseal";
const DAY_S: u64 = 24 * 60 * 60;
const USUAL_DAYS: u32 = 365;

/// Why a seal is not made.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MakeError {
    /// The maker's certificate is for another key.
    #[error("the maker's certificate is for another key")]
    KeyMismatch,
    /// The maker's certificate may not make seals.
    #[error("the maker's certificate is not for making seals")]
    MakerUsage,
    /// The maker's certificate is not valid when the seal is made.
    #[error("the maker's certificate is not valid now")]
    MakerNotValid,
    /// The seal would last longer than its maker's certificate.
    #[error("the maker's certificate ends before the seal would, at {maker_ends}")]
    ValidityTooLong {
        /// When.
        maker_ends: UnixTime,
    },
    /// The seal data cannot be written.
    #[error(transparent)]
    Ses(#[from] SesError),
}

impl MakeError {
    /// The stable code of the error.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::KeyMismatch => "seal.key-mismatch",
            Self::MakerUsage => "seal.maker-usage",
            Self::MakerNotValid => "seal.maker-not-valid",
            Self::ValidityTooLong { .. } => "seal.validity-too-long",
            Self::Ses(error) => error.code(),
        }
    }
}

/// What is asked of a maker.
#[derive(Clone, Debug)]
pub struct SealOrder {
    /// [`SesVersion::V4`] or [`SesVersion::V5`].
    pub version: SesVersion,
    /// The seal's number.
    pub number: SealNumber,
    /// What it is for, and thereby whose it is.
    pub kind: SealKind,
    /// What it is called.
    pub name: String,
    /// Who may use it.
    pub signers: SealSigners,
    /// Its face.
    pub picture: SealPicture,
    /// For how many days it may be used. Who asks for longer than the maker's certificate lasts is refused, not cut short; where
    /// nothing is asked for, it is a year or until that certificate ends.
    pub days: Option<u32>,
}

/// Whoever makes seals: a key of SM2 and its certificate (GB/T 38540-2020 §6).
pub struct SealMaker {
    key: SigningKey,
    certificate: Certificate,
}

impl SealMaker {
    /// A maker who has both.
    ///
    /// # Errors
    /// [`MakeError::KeyMismatch`], [`MakeError::MakerUsage`], or [`SesError::UnsupportedAlgorithm`] for a key that is not of SM2.
    pub fn new(key: SigningKey, certificate: Certificate) -> Result<Self, MakeError> {
        if certificate.public_key() != Ok(key.public_key()) {
            return Err(MakeError::KeyMismatch);
        }
        if key.suite() != Suite::Sm2Sm3 {
            return Err(SesError::UnsupportedAlgorithm.into());
        }
        if !Purpose::SealMaking.is_of(&certificate) {
            return Err(MakeError::MakerUsage);
        }
        Ok(Self { key, certificate })
    }

    /// The maker's certificate.
    #[must_use]
    pub const fn certificate(&self) -> &Certificate {
        &self.certificate
    }

    /// Makes a seal that may be used from `now` on. Whether those who may use it are whom they should be is for the caller to see.
    ///
    /// # Errors
    /// [`MakeError::MakerNotValid`], [`MakeError::ValidityTooLong`], or those of [`SealDraft::prepare`].
    pub fn make(&self, order: SealOrder, now: UnixTime) -> Result<Seal, MakeError> {
        let validity = self.validity(order.days, now)?;
        let draft = SealDraft {
            version: order.version,
            vendor_id: VENDOR.to_owned(),
            id: order.number.to_string(),
            holder: order.kind.holder(),
            name: order.name,
            signers: order.signers,
            created_at: now,
            validity,
            picture: order.picture,
            extensions: order.kind.to_extension().into_iter().collect(),
        };
        let prepared = draft.prepare(&self.certificate)?;
        let signature = self.key.sign(prepared.to_be_signed());
        Ok(prepared.finish(&signature)?)
    }

    fn validity(&self, days: Option<u32>, now: UnixTime) -> Result<Validity, MakeError> {
        let makers = self.certificate.validity();
        if !makers.includes(now) {
            return Err(MakeError::MakerNotValid);
        }
        let lasting = |days: u32| Validity::lasting(now, u64::from(days) * DAY_S);
        match days.map(lasting) {
            Some(asked) if makers.contains(&asked) => Ok(asked),
            Some(_) => Err(MakeError::ValidityTooLong { maker_ends: makers.not_after }),
            None => Ok(Validity { not_before: now, not_after: lasting(USUAL_DAYS).not_after.min(makers.not_after) }),
        }
    }
}

/// The key stays out of sight.
impl fmt::Debug for SealMaker {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SealMaker").field("certificate", &self.certificate).finish_non_exhaustive()
    }
}
