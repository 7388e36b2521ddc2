//! What is asked of a seal: by whom, what is seen of it and where, and what it says.

use eseal_crypto::cert::Chain;
use eseal_crypto::cms::estimated_size;
use eseal_crypto::ses::{Seal, estimated_seal_signature_size};
use eseal_crypto::tsp::TimestampToken;

use crate::pdf::sign::lock::{Certification, Lock};
use crate::pdf::sign::marks::Mark;
use crate::pdf::sub_filter::SubFilter;
use crate::pdf::syntax::text::SigningTime;

/// How a signature without a seal is packed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Profile {
    /// `PAdES` baseline (ETSI EN 319 142-1): `/SubFilter /ETSI.CAdES.detached`, no signing-time attribute.
    #[default]
    Pades,
    /// What older readers know (ISO 32000-1, 12.8.3.3): `/SubFilter /adbe.pkcs7.detached`. Digest and the
    /// signing-certificate-v2 attribute are as in [`Self::Pades`]; for Firefox, Foxit and WPS.
    Compat,
    /// National CMS (GB/T 35275-2017), by a key of SM2 alone, under the name of [`Self::Compat`].
    Gbt35275,
}

/// What becomes of a signature.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Packing<'a> {
    Cms(Profile),
    /// `SES_Signature`.
    Seal(&'a Seal),
}

impl Packing<'_> {
    pub(crate) const fn sub_filter(self) -> SubFilter {
        match self {
            Self::Cms(Profile::Pades) => SubFilter::Pades,
            Self::Cms(Profile::Compat | Profile::Gbt35275) => SubFilter::Detached,
            Self::Seal(_) => SubFilter::GmSeal,
        }
    }

    /// Room for the value, bytes.
    pub(crate) fn estimated_size(self, signer: &Chain, timestamp_len: usize) -> usize {
        match self {
            Self::Cms(_) => estimated_size(signer, timestamp_len),
            Self::Seal(seal) => estimated_seal_signature_size(seal, signer.leaf(), timestamp_len),
        }
    }

    /// Who has to be believed besides the signer: a seal's maker, and the authority that stamped the seal.
    pub(crate) fn others(self) -> Vec<Chain> {
        let Self::Seal(seal) = self else { return Vec::new() };
        let maker = Chain::following(seal.maker(), &[]);
        // One that cannot be read is for the verifier to refuse.
        let stamped = seal.timestamp().and_then(|der| TimestampToken::from_der(der).ok());
        std::iter::once(maker).chain(stamped.map(|token| token.chain().clone())).collect()
    }
}

/// Which signature field a signature goes into.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum FieldChoice<'a> {
    /// A new one, with a name that no other has.
    #[default]
    New,
    /// The empty one of this fully qualified name, prepared by somebody else
    /// ([`Pdf::empty_signature_fields`](crate::pdf::Pdf::empty_signature_fields)).
    Named(&'a str),
}

/// A signature to be made. What is not asked for is not there: without a [`mark`](Self::mark) nothing is seen of it.
#[derive(Debug, Clone)]
#[must_use]
pub struct StampRequest<'a> {
    pub(crate) signer: &'a Chain,
    pub(crate) signing_time: SigningTime,
    pub(crate) packing: Packing<'a>,
    pub(crate) field: FieldChoice<'a>,
    pub(crate) certification: Option<Certification>,
    pub(crate) lock: Option<Lock<'a>>,
    pub(crate) timestamp_reserve: usize,
    pub(crate) marks: Vec<Mark<'a>>,
    pub(crate) name: Option<&'a str>,
    pub(crate) reason: Option<&'a str>,
    pub(crate) location: Option<&'a str>,
    pub(crate) seal_record: Option<&'a [u8]>,
}

impl<'a> StampRequest<'a> {
    /// A signature by `signer` (its certificate and those above it) that claims to be made at `signing_time` (`/M`).
    pub const fn new(signer: &'a Chain, signing_time: SigningTime) -> Self {
        Self {
            signer,
            signing_time,
            packing: Packing::Cms(Profile::Pades),
            field: FieldChoice::New,
            certification: None,
            lock: None,
            timestamp_reserve: 0,
            marks: Vec::new(),
            name: None,
            reason: None,
            location: None,
            seal_record: None,
        }
    }

    /// How it is packed; [`Profile::Pades`] if nothing else is asked for.
    pub const fn profile(mut self, profile: Profile) -> Self {
        self.packing = Packing::Cms(profile);
        self
    }

    /// Seals with the data of an electronic seal, in place of a profile: the value is a `SES_Signature` (GB/T 38540-2020,
    /// GM/T 0031-2025) over SM3 of all but itself, under `/Filter /Gomain.GMPkiLite /SubFilter /GM.sm2seal`
    /// (docs/decisions/0009). The signer's key is of SM2, and the seal's list has the signer's certificate. What is seen of
    /// the seal are the [marks](Self::mark).
    pub const fn seal(mut self, seal: &'a Seal) -> Self {
        self.packing = Packing::Seal(seal);
        self
    }

    /// Which field it goes into; a new one if nothing else is asked for.
    pub const fn field(mut self, field: FieldChoice<'a>) -> Self {
        self.field = field;
        self
    }

    /// Certifies the document: says what may be changed after this signature, which must be the first (`DocMDP`).
    pub const fn certify(mut self, certification: Certification) -> Self {
        self.certification = Some(certification);
        self
    }

    /// Says which form fields may not be filled in or signed after this signature (`FieldMDP`).
    pub const fn lock(mut self, lock: Lock<'a>) -> Self {
        self.lock = Some(lock);
        self
    }

    /// Keeps `bytes` of room for a timestamp's token, so that [`Prepared::sign`](crate::pdf::Prepared::sign) can be
    /// followed by [`Signed::with_timestamp`](crate::pdf::Signed::with_timestamp). How long a token is depends on the
    /// authority, mostly on its chain: the length of an earlier one with some hundred bytes to spare does.
    pub const fn timestamp_reserve(mut self, bytes: usize) -> Self {
        self.timestamp_reserve = bytes;
        self
    }

    /// Shows a mark; may be asked for several times, on the same page or on others.
    pub fn mark(mut self, mark: Mark<'a>) -> Self {
        self.marks.push(mark);
        self
    }

    /// Shows marks: those of a [`CrossPage`](crate::pdf::CrossPage) seal, say.
    pub fn marks(mut self, marks: impl IntoIterator<Item = Mark<'a>>) -> Self {
        self.marks.extend(marks);
        self
    }

    /// Who signs, in words (`/Name`).
    pub const fn name(mut self, name: &'a str) -> Self {
        self.name = Some(name);
        self
    }

    /// Why (`/Reason`).
    pub const fn reason(mut self, reason: &'a str) -> Self {
        self.reason = Some(reason);
        self
    }

    /// Where (`/Location`).
    pub const fn location(mut self, location: &'a str) -> Self {
        self.location = Some(location);
        self
    }

    /// The seal's record, stored as it is under [`SEAL_RECORD_KEY`](crate::pdf::SEAL_RECORD_KEY).
    pub const fn seal_record(mut self, record: &'a [u8]) -> Self {
        self.seal_record = Some(record);
        self
    }
}
