//! Seal data of an invented unit.

use eseal_crypto::cert::{Chain, UnixTime, Validity};
use eseal_crypto::key::SigningKey;
use eseal_crypto::ses::{Seal, SealDraft, SealHolder, SealPicture, SealSigners, SesVersion};

use crate::DAY;

/// A seal that `signer` may use, made a day before `now` and valid for a hundred more.
#[must_use]
pub fn draft(version: SesVersion, signer: &Chain, now: UnixTime) -> SealDraft {
    let made = UnixTime(now.0 - DAY);
    SealDraft {
        version,
        vendor_id: "eseal".to_owned(),
        id: "36010000000001".to_owned(),
        holder: SealHolder::Unit,
        name: "测试单位".to_owned(),
        signers: SealSigners::Certificates(vec![signer.leaf().to_der().to_vec()]),
        created_at: made,
        validity: Validity { not_before: made, not_after: now.plus(100 * DAY) },
        picture: SealPicture { kind: "PNG".to_owned(), data: vec![1, 2, 3], width_mm: 40, height_mm: 40 },
        extensions: Vec::new(),
    }
}

/// The seal, signed by its maker.
#[must_use]
pub fn make(draft: &SealDraft, key: &SigningKey, maker: &Chain) -> Seal {
    let prepared = draft.prepare(maker.leaf()).expect("a sound draft");
    let signature = key.sign(prepared.to_be_signed());
    prepared.finish(&signature).expect("the maker's signature")
}
