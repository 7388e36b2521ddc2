//! `eseal seal`.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};
use eseal_crypto::ses::{SealKind, SealNumber, SesVersion};

use super::face::BoxMm;

#[derive(Debug, Subcommand)]
pub(crate) enum Seal {
    /// Makes the data of a seal, signed by its maker with SM2.
    Make(Box<SealMake>),
    /// Says what the data of a seal hold, or the seals of a sealed document, and judges each check.
    Inspect(SealInspect),
}

#[derive(Debug, Args)]
pub(crate) struct SealMake {
    /// The face: .png, or .svg as this program writes it, which becomes a PNG of 600 dpi.
    #[arg(long)]
    pub(crate) face: PathBuf,
    /// What the seal is called.
    #[arg(long)]
    pub(crate) name: String,
    /// What it is for; 01 to 05 and 99 as well.
    #[arg(long, value_enum)]
    pub(crate) kind: KindName,
    /// PKCS#8 PEM of the maker's key (SM2).
    #[arg(long)]
    pub(crate) key: PathBuf,
    /// The maker's certificate, PEM; of a chain the first.
    #[arg(long)]
    pub(crate) cert: PathBuf,
    /// The certificate that may use the seal, PEM; of a chain the first. May be given several times.
    #[arg(long = "for", value_name = "SIGNER", required = true)]
    pub(crate) signers: Vec<PathBuf>,
    /// Lists the SM3 digests of those certificates instead of the certificates.
    #[arg(long)]
    pub(crate) digests: bool,
    /// 4: GB/T 38540-2020; 5: GM/T 0031-2025.
    #[arg(long, value_enum, default_value_t = VersionName::V4)]
    pub(crate) version: VersionName,
    /// The seal's number: six digits of an administrative division and eight more; by default drawn.
    #[arg(long)]
    pub(crate) id: Option<SealNumber>,
    /// For how many days it may be used; at most, and by default up to a year, as long as the maker's certificate lasts.
    #[arg(long, value_name = "DAYS", value_parser = clap::value_parser!(u32).range(1..))]
    pub(crate) valid_days: Option<u32>,
    /// How large it is, whole millimetres; by default as the face says: a PNG by its resolution, which it must then have.
    #[arg(long, value_name = "WxH")]
    pub(crate) size: Option<BoxMm>,
    /// The seal's data.
    #[arg(short, long)]
    pub(crate) output: PathBuf,
}

#[derive(Debug, Args)]
pub(crate) struct SealInspect {
    /// The data of a seal (.esl), of what was sealed with it (SignedValue.dat), or a sealed PDF or OFD document.
    pub(crate) file: PathBuf,
    /// Certificates to believe, PEM; may be given several times.
    #[arg(long)]
    pub(crate) trust: Vec<PathBuf>,
    /// Saves the picture of the seal, as it is, of several seals the first one's.
    #[arg(long, value_name = "OUT")]
    pub(crate) picture: Option<PathBuf>,
    /// One JSON document instead of lines.
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum KindName {
    /// 法定名称章
    #[value(alias = "01")]
    LegalName,
    /// 财务专用章
    #[value(alias = "02")]
    Finance,
    /// 发票专用章
    #[value(alias = "03")]
    Invoice,
    /// 合同专用章
    #[value(alias = "04")]
    Contract,
    /// 法定代表人名章
    #[value(alias = "05")]
    LegalRepresentative,
    /// 其他
    #[value(alias = "99")]
    Other,
    /// 个人手绘章、个人名章
    Personal,
}

impl KindName {
    /// As it is typed.
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::LegalName => "legal-name",
            Self::Finance => "finance",
            Self::Invoice => "invoice",
            Self::Contract => "contract",
            Self::LegalRepresentative => "legal-representative",
            Self::Other => "other",
            Self::Personal => "personal",
        }
    }
}

impl From<KindName> for SealKind {
    fn from(name: KindName) -> Self {
        match name {
            KindName::LegalName => Self::LegalName,
            KindName::Finance => Self::Finance,
            KindName::Invoice => Self::Invoice,
            KindName::Contract => Self::Contract,
            KindName::LegalRepresentative => Self::LegalRepresentative,
            KindName::Other => Self::Other,
            KindName::Personal => Self::Personal,
        }
    }
}

impl From<SealKind> for KindName {
    fn from(kind: SealKind) -> Self {
        match kind {
            SealKind::LegalName => Self::LegalName,
            SealKind::Finance => Self::Finance,
            SealKind::Invoice => Self::Invoice,
            SealKind::Contract => Self::Contract,
            SealKind::LegalRepresentative => Self::LegalRepresentative,
            SealKind::Other => Self::Other,
            SealKind::Personal => Self::Personal,
        }
    }
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum VersionName {
    #[value(name = "4")]
    V4,
    #[value(name = "5")]
    V5,
}

impl From<VersionName> for SesVersion {
    fn from(name: VersionName) -> Self {
        match name {
            VersionName::V4 => Self::V4,
            VersionName::V5 => Self::V5,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_kind_keeps_its_name() {
        for name in KindName::value_variants() {
            let typed = KindName::from(SealKind::from(*name)).to_possible_value().unwrap();
            assert_eq!(typed.get_name(), name.as_str());
            let number = SealKind::from(*name).number();
            assert!(number.is_none_or(|number| typed.matches(number, false)), "{number:?}");
        }
    }
}
