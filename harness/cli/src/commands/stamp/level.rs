//! The level that is asked for, and who vouches for it.

use std::fs::File;

use eseal_crypto::key::SigningKey;
use eseal_document::ofd::{self, OfdError};
use eseal_document::pdf::{Prepared, Sealed, StampRequest};
use eseal_document::report::Level;
use eseal_sdk::client::Reach;
use eseal_sdk::{Cancel, Error, SystemEntropy, Vouchers};

use crate::args::{LevelName, Trusted};
use crate::commands::{Refusal, now};

/// What a signature gets besides itself.
pub(super) enum Vouched {
    /// Nothing.
    Alone,
    By(Level, Vouchers),
}

impl Vouched {
    /// # Errors
    /// A level above B without a timestamp authority.
    pub(super) fn new(trusted: &Trusted) -> Result<Self, Refusal> {
        let Some(authority) = &trusted.tsa else {
            return match trusted.level {
                None | Some(LevelName::B) => Ok(Self::Alone),
                Some(_) => Err(Refusal::unreadable("sdk.bad-argument", "this level needs --tsa")),
            };
        };
        let level = match trusted.level.unwrap_or(LevelName::T) {
            LevelName::B => return Ok(Self::Alone),
            LevelName::T => Level::BaselineT,
            LevelName::Lt => Level::BaselineLt,
            LevelName::Lta => Level::BaselineLta,
        };
        Ok(Self::By(level, Vouchers::new(authority, Reach::Any).map_err(refused)?))
    }

    /// Keeps the room that a timestamp needs.
    pub(super) fn reserve<'a>(&self, request: StampRequest<'a>) -> StampRequest<'a> {
        match self {
            Self::Alone => request,
            Self::By(level, _) => eseal_sdk::reserve(request, *level),
        }
    }

    /// Signs, and asks for what the level needs.
    pub(super) async fn seal(&self, prepared: Prepared<File>, key: &SigningKey) -> Result<Sealed<File>, Refusal> {
        let signature = key.sign(prepared.to_be_signed());
        let sealed = match self {
            Self::Alone => prepared.complete(&signature).map_err(Error::from),
            Self::By(level, vouchers) => {
                let means = (&SystemEntropy as _, &Cancel::new());
                vouchers.complete(prepared, &signature, *level, now(), means).await
            }
        };
        sealed.map_err(refused)
    }

    /// Signs an OFD package, and asks for a timestamp if there is to be one.
    pub(super) async fn seal_ofd(
        &self,
        prepared: ofd::Prepared<File>,
        key: &SigningKey,
    ) -> Result<ofd::Sealed<File>, Refusal> {
        let package = |error: OfdError| Refusal::no(error.code(), error);
        let signature = key.sign(prepared.to_be_signed());
        let signed = prepared.sign(&signature).map_err(package)?;
        let Self::By(_, vouchers) = self else { return Ok(signed.without_timestamp()) };
        let token =
            vouchers.timestamp(signed.signature_digest(), &SystemEntropy, &Cancel::new()).await.map_err(refused)?;
        signed.with_timestamp(&token).map_err(package)
    }

    /// Whether validation data are asked for, which OFD has no place for.
    pub(super) const fn is_archival(&self) -> bool {
        matches!(self, Self::By(Level::BaselineLt | Level::BaselineLta, _))
    }
}

#[expect(clippy::needless_pass_by_value, reason = "the shape that map_err takes")]
fn refused(error: Error) -> Refusal {
    Refusal::no(error.code(), error.to_string())
}
