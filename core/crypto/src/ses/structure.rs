//! The ASN.1 of seal data (GM/T 0031-2014, GB/T 38540-2020, GM/T 0031-2025). What is signed stays the bytes that arrived.

use const_oid::ObjectIdentifier;
use der::asn1::{BitString, OctetString};
use der::{Any, Sequence};

use super::text::{SesTime, Text};
use super::{SesError, SesExtension};

/// `SES_Header`.
#[derive(Clone, Sequence)]
pub(super) struct HeaderStructure {
    pub(super) id: Text,
    pub(super) version: u32,
    pub(super) vid: Text,
}

/// `SES_ESPictureInfo`.
#[derive(Clone, Sequence)]
pub(super) struct PictureStructure {
    pub(super) kind: Text,
    pub(super) data: OctetString,
    pub(super) width: u32,
    pub(super) height: u32,
}

/// `ExtData`.
#[derive(Clone, Sequence)]
pub(super) struct ExtensionStructure {
    extn_id: ObjectIdentifier,
    #[asn1(default = "Default::default")]
    critical: bool,
    extn_value: OctetString,
}

/// `SES_SealInfo`; what `property` holds hangs on the version.
#[derive(Clone, Sequence)]
pub(super) struct SealInfoStructure {
    pub(super) header: HeaderStructure,
    pub(super) es_id: Text,
    pub(super) property: Any,
    pub(super) picture: PictureStructure,
    #[asn1(optional = "true")]
    pub(super) ext_datas: Option<Vec<ExtensionStructure>>,
}

/// `SES_ESPropertyInfo` of GM/T 0031-2014.
#[derive(Clone, Sequence)]
pub(super) struct PropertyV1 {
    pub(super) kind: u32,
    pub(super) name: Text,
    pub(super) cert_list: Vec<Any>,
    pub(super) create_date: SesTime,
    pub(super) valid_start: SesTime,
    pub(super) valid_end: SesTime,
}

/// `SES_ESPropertyInfo` of GB/T 38540-2020 and GM/T 0031-2025; what `cert_list` holds is told by `cert_list_type`.
#[derive(Clone, Sequence)]
pub(super) struct PropertyV4 {
    pub(super) kind: u32,
    pub(super) name: Text,
    pub(super) cert_list_type: u8,
    pub(super) cert_list: Any,
    pub(super) create_date: SesTime,
    pub(super) valid_start: SesTime,
    pub(super) valid_end: SesTime,
}

/// `certListType`.
pub(super) const LIST_OF_CERTIFICATES: u8 = 1;
pub(super) const LIST_OF_DIGESTS: u8 = 2;

/// `CertDigestObj`.
#[derive(Clone, Sequence)]
pub(super) struct CertDigestStructure {
    pub(super) kind: Text,
    pub(super) value: OctetString,
}

/// `SES_SignInfo` of GM/T 0031-2014.
#[derive(Clone, Sequence)]
pub(super) struct SignInfoV1 {
    pub(super) cert: OctetString,
    pub(super) signature_algorithm: ObjectIdentifier,
    pub(super) sign_data: BitString,
}

/// `TBS_Sign` of GM/T 0031-2014.
#[derive(Clone, Sequence)]
pub(super) struct TbsSignV1 {
    pub(super) version: u32,
    pub(super) eseal: Any,
    pub(super) time_info: BitString,
    pub(super) data_hash: BitString,
    pub(super) property_info: Text,
    pub(super) cert: OctetString,
    pub(super) signature_algorithm: ObjectIdentifier,
}

/// `TBS_Sign` of GB/T 38540-2020 and GM/T 0031-2025.
#[derive(Clone, Sequence)]
pub(super) struct TbsSignV4 {
    pub(super) version: u32,
    pub(super) eseal: Any,
    pub(super) time_info: SesTime,
    pub(super) data_hash: BitString,
    pub(super) property_info: Text,
    #[asn1(context_specific = "0", tag_mode = "EXPLICIT", optional = "true")]
    pub(super) ext_datas: Option<Vec<ExtensionStructure>>,
}

/// `SESeal` and `SES_Signature` of GB/T 38540-2020 and GM/T 0031-2025: something, who signed it, how, and when.
#[derive(Clone, Sequence)]
pub(super) struct SignedV4 {
    pub(super) to_sign: Any,
    pub(super) cert: OctetString,
    pub(super) algorithm: ObjectIdentifier,
    pub(super) signature: BitString,
    #[asn1(context_specific = "0", tag_mode = "EXPLICIT", optional = "true")]
    pub(super) time_stamp: Option<BitString>,
}

pub(super) fn read_extensions(structures: Option<Vec<ExtensionStructure>>) -> Vec<SesExtension> {
    let read = |one: ExtensionStructure| SesExtension {
        id: one.extn_id,
        critical: one.critical,
        value: one.extn_value.as_bytes().to_vec(),
    };
    structures.into_iter().flatten().map(read).collect()
}

pub(super) fn write_extensions(extensions: &[SesExtension]) -> Result<Option<Vec<ExtensionStructure>>, SesError> {
    if extensions.is_empty() {
        return Ok(None);
    }
    let write = |one: &SesExtension| {
        let extn_value = OctetString::new(one.value.as_slice())?;
        Ok(ExtensionStructure { extn_id: one.id, critical: one.critical, extn_value })
    };
    extensions.iter().map(write).collect::<Result<Vec<_>, SesError>>().map(Some)
}

/// The whole bytes of a bit string.
pub(super) fn whole_bytes(bits: &BitString) -> Result<&[u8], SesError> {
    bits.as_bytes().ok_or(SesError::Malformed { detail: "bits that are not whole bytes" })
}
