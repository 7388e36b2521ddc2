use const_oid::ObjectIdentifier;
use const_oid::db::rfc5911::{ID_DATA, ID_SIGNED_DATA};
use spki::AlgorithmIdentifierOwned;

use crate::Suite;
use crate::oid::{GBT_35275_DATA, GBT_35275_SIGNED_DATA, SM2_SIGN};

/// Which standard a signature is written by. They share their structure, and differ in names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Dialect {
    /// CMS (RFC 5652), of every suite.
    Rfc5652,
    /// GB/T 35275-2017, before that GM/T 0010-2012: PKCS #7 with national names, of SM2 alone.
    Gbt35275,
}

impl Dialect {
    const ALL: [Self; 2] = [Self::Rfc5652, Self::Gbt35275];

    /// By the type of a `ContentInfo` around a `SignedData`.
    pub(super) fn of_signed_data(content_type: ObjectIdentifier) -> Option<Self> {
        Self::ALL.into_iter().find(|dialect| dialect.signed_data() == content_type)
    }

    /// The type of a `SignedData`.
    pub(super) const fn signed_data(self) -> ObjectIdentifier {
        match self {
            Self::Rfc5652 => ID_SIGNED_DATA,
            Self::Gbt35275 => GBT_35275_SIGNED_DATA,
        }
    }

    /// The type of content that is nothing but bytes.
    pub(super) const fn data(self) -> ObjectIdentifier {
        match self {
            Self::Rfc5652 => ID_DATA,
            Self::Gbt35275 => GBT_35275_DATA,
        }
    }

    /// The signature algorithm of a `SignerInfo`.
    pub(super) const fn signature_algorithm(self, suite: Suite) -> AlgorithmIdentifierOwned {
        match self {
            Self::Rfc5652 => suite.signature_algorithm(),
            Self::Gbt35275 => AlgorithmIdentifierOwned { oid: SM2_SIGN, parameters: None },
        }
    }

    /// Whether two names of a content's type mean the same. In the field, signatures of GB/T 35275 name plain bytes by that
    /// standard in one place and by RFC 5652 in the other.
    pub(super) fn is_same_type(self, one: ObjectIdentifier, other: ObjectIdentifier) -> bool {
        let is_data = |oid| Self::ALL.iter().any(|dialect| dialect.data() == oid);
        one == other || (self == Self::Gbt35275 && is_data(one) && is_data(other))
    }
}
