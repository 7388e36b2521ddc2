//! What `eseal stamp` can be told.

use std::num::NonZeroU32;
use std::path::PathBuf;
use std::str::FromStr;

use clap::{Args, ValueEnum};
use eseal_document::ofd::Protection;
use eseal_document::pdf::{Certification, Corner, PageIndex, Placement, Profile, Side};

#[derive(Debug, Args)]
pub(crate) struct Stamp {
    /// The documents.
    #[arg(required = true)]
    pub(crate) documents: Vec<PathBuf>,
    /// The sealed file, or a folder for several. The document itself is appended to where it lies; a kill at any moment
    /// leaves the old file or the new one.
    #[arg(short, long)]
    pub(crate) output: PathBuf,
    /// PKCS#8 PEM of the key (P-256 or SM2; for seal data and OFD SM2).
    #[arg(long)]
    pub(crate) key: PathBuf,
    /// The certificate chain, PEM, leaf first.
    #[arg(long)]
    pub(crate) cert: PathBuf,
    #[command(flatten)]
    pub(crate) look: Look,
    /// How a signature without seal data is packed: compat is what older readers know, gbt-35275 national CMS of SM2.
    #[arg(long, value_enum, default_value_t = ProfileName::Pades)]
    pub(crate) profile: ProfileName,
    #[command(flatten)]
    pub(crate) dual: Dual,
    #[command(flatten)]
    pub(crate) trusted: Trusted,
    /// Fills this empty signature field instead of adding one.
    #[arg(long, value_name = "NAME")]
    pub(crate) field: Option<String>,
    /// Certifies the document: says what may be changed later.
    #[arg(long, value_enum)]
    pub(crate) certify: Option<CertifyName>,
    /// Of OFD documents: whether others may seal after this.
    #[arg(long, value_enum)]
    pub(crate) protection: Option<ProtectionName>,
    /// Of OFD documents: names all files in a signed integrity manifest (GM/T 0099-2020), so that files smuggled in later are
    /// found. Takes the place of the one that the document has; without, a document that has one is not sealed.
    #[arg(long)]
    pub(crate) manifest: bool,
    /// Why, in words.
    #[arg(long)]
    pub(crate) reason: Option<String>,
    /// Where, in words.
    #[arg(long)]
    pub(crate) location: Option<String>,
    #[command(flatten)]
    pub(crate) unlock: Unlock,
    /// One JSON document instead of nothing.
    #[arg(long)]
    pub(crate) json: bool,
}

/// What is seen of the seal, and where. Positions are millimetres from the page's top-left corner as seen.
#[derive(Debug, Args)]
pub(crate) struct Look {
    /// The seal's face: .svg as this program writes it, .png or .jpg. Without one nothing is seen of the seal.
    #[arg(long)]
    pub(crate) face: Option<PathBuf>,
    /// The seal's data (.esl, GB/T 38540-2020 or GM/T 0031-2025) to seal with. OFD documents show its face, and without it are
    /// signed with --profile gbt-35275 alone; a PDF shows
    /// --face, or that of the seal if it is PNG, JPEG or SVG.
    #[arg(long)]
    pub(crate) seal: Option<PathBuf>,
    /// PAGE:X,Y,W,H in mm; pages count from 1, -1 is the last. May be given several times.
    #[arg(long, allow_hyphen_values = true)]
    pub(crate) at: Vec<At>,
    /// On the middle of a text: TEXT or TEXT:N for its N-th occurrence, -1 the last, 0 each. May be given several times.
    #[arg(long, value_name = "TEXT[:N]")]
    pub(crate) keyword: Vec<KeywordAt>,
    /// PAGE:X,Y in mm: where nothing else is, as near to this point as there is room. Lines, text and pictures are kept clear.
    #[arg(long, value_name = "PAGE:X,Y", allow_hyphen_values = true)]
    pub(crate) free: Option<Near>,
    /// One seal cut across the edges of all pages (骑缝章).
    #[arg(long, value_enum, value_name = "SIDE")]
    pub(crate) cross_page: Option<SideName>,
    /// Over how many pages one cross-page seal is cut at most; more pages have several.
    #[arg(long, value_name = "N", requires = "cross_page")]
    pub(crate) pages_per_seal: Option<NonZeroU32>,
    /// W,H in mm of a seal at a keyword, in a free place or across pages; by default the face's own, a picture's at 300 dpi.
    #[arg(long, value_name = "W,H")]
    pub(crate) size: Option<Size>,
    /// A font (.ttf, .otf, .ttc) to show signer, time and reason in, beside the seal.
    #[arg(long, requires = "face")]
    pub(crate) font: Option<PathBuf>,
}

impl Look {
    /// Whether something is to be seen at a place.
    pub(crate) const fn is_seen(&self) -> bool {
        !self.at.is_empty() || !self.keyword.is_empty() || self.free.is_some() || self.cross_page.is_some()
    }
}

/// A second signature in the same sealing.
#[derive(Debug, Args)]
pub(crate) struct Dual {
    /// PKCS#8 PEM of a key of P-256 that signs a PDF once more, behind a --key of SM2: readers that do not know SM2 verify this
    /// signature, which covers the whole file and is the one that a --level above b is for.
    #[arg(long, value_name = "KEY", requires = "dual_cert")]
    pub(crate) dual_key: Option<PathBuf>,
    /// The certificate chain of --dual-key, PEM, leaf first.
    #[arg(long, value_name = "CERT", requires = "dual_key")]
    pub(crate) dual_cert: Option<PathBuf>,
}

/// What others say to the signature.
#[derive(Debug, Args)]
pub(crate) struct Trusted {
    /// A timestamp authority (RFC 3161) that answers over http.
    #[arg(long, value_name = "URL")]
    pub(crate) tsa: Option<String>,
    /// The baseline level: t has a timestamp, lt what is needed to verify it later, lta a timestamp over that; by default t
    /// with --tsa and b without.
    #[arg(long, value_enum)]
    pub(crate) level: Option<LevelName>,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum LevelName {
    B,
    T,
    Lt,
    Lta,
}

/// How an encrypted document is opened.
#[derive(Debug, Args)]
pub(crate) struct Unlock {
    /// The password of encrypted documents. Others on this machine can see it: prefer --password-file.
    #[arg(long, conflicts_with = "password_file")]
    pub(crate) password: Option<String>,
    /// A file that holds the password; a line end behind it does not count.
    #[arg(long)]
    pub(crate) password_file: Option<PathBuf>,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum ProfileName {
    Pades,
    Compat,
    #[value(name = "gbt-35275")]
    Gbt35275,
}

impl From<ProfileName> for Profile {
    fn from(name: ProfileName) -> Self {
        match name {
            ProfileName::Pades => Self::Pades,
            ProfileName::Compat => Self::Compat,
            ProfileName::Gbt35275 => Self::Gbt35275,
        }
    }
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum CertifyName {
    /// Nothing may be changed.
    NoChanges,
    /// Forms may be filled in and signed.
    FillIn,
    /// And annotations made.
    Annotate,
}

impl From<CertifyName> for Certification {
    fn from(name: CertifyName) -> Self {
        match name {
            CertifyName::NoChanges => Self::NoChanges,
            CertifyName::FillIn => Self::FillIn,
            CertifyName::Annotate => Self::FillInAndAnnotate,
        }
    }
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum ProtectionName {
    /// They may.
    Continue,
    /// The whole package is protected, and nobody may.
    Whole,
}

impl From<ProtectionName> for Protection {
    fn from(name: ProtectionName) -> Self {
        match name {
            ProtectionName::Continue => Self::Continue,
            ProtectionName::Whole => Self::Whole,
        }
    }
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum SideName {
    Right,
    Left,
    Top,
    Bottom,
}

impl From<SideName> for Side {
    fn from(name: SideName) -> Self {
        match name {
            SideName::Right => Self::Right,
            SideName::Left => Self::Left,
            SideName::Top => Self::Top,
            SideName::Bottom => Self::Bottom,
        }
    }
}

/// A place on a page.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct At {
    pub(crate) place: Placement,
    pub(crate) page: PageIndex,
    /// From the page's top-left corner, mm.
    pub(crate) corner: [f64; 2],
    pub(crate) size: [f64; 2],
}

impl FromStr for At {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let form = || format!("'{text}' is not PAGE:X,Y,W,H");
        let (page, rest) = text.split_once(':').ok_or_else(form)?;
        let page: i32 = page.parse().map_err(|_| form())?;
        let [x, y, width, height] = numbers(rest).ok_or_else(form)?;
        let (page, corner, size) = (PageIndex::new(page), [x, y], [width, height]);
        let place = Placement::new(page, Corner::TopLeft, corner, size).map_err(|error| error.to_string())?;
        Ok(Self { place, page, corner, size })
    }
}

/// A point on a page.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Near {
    pub(crate) page: PageIndex,
    /// From the top-left corner as seen.
    pub(crate) point_mm: [f64; 2],
}

impl FromStr for Near {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let form = || format!("'{text}' is not PAGE:X,Y");
        let (page, rest) = text.split_once(':').ok_or_else(form)?;
        let page = PageIndex::new(page.parse().map_err(|_| form())?);
        let point_mm = numbers(rest).filter(|point: &[f64; 2]| point.iter().all(|mm| mm.is_finite()));
        Ok(Self { page, point_mm: point_mm.ok_or_else(form)? })
    }
}

/// Width and height, mm.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Size(pub(crate) [f64; 2]);

impl FromStr for Size {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let size = numbers(text).filter(|size: &[f64; 2]| size.iter().all(|mm| mm.is_finite() && *mm > 0.0));
        size.map(Self).ok_or_else(|| format!("'{text}' is not W,H"))
    }
}

fn numbers<const N: usize>(text: &str) -> Option<[f64; N]> {
    let numbers: Vec<f64> = text.split(',').map(|part| part.trim().parse().ok()).collect::<Option<_>>()?;
    numbers.try_into().ok()
}

/// A text, and which of its occurrences.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct KeywordAt {
    pub(crate) text: String,
    /// From 1; -1 is the last, 0 is each.
    pub(crate) occurrence: i32,
}

impl FromStr for KeywordAt {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let counted = text.rsplit_once(':').and_then(|(text, number)| Some((text, number.parse().ok()?)));
        let (text, occurrence) = counted.unwrap_or((text, 1));
        if text.is_empty() || occurrence < -1 {
            return Err("neither TEXT nor TEXT:N with N from -1".to_owned());
        }
        Ok(Self { text: text.to_owned(), occurrence })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_read_and_others_refused() {
        assert!("4:112,128,45,22".parse::<At>().is_ok());
        assert!("-1:0,0,10.5,5".parse::<At>().is_ok());
        for bad in ["", "4", "4:1,2,3", "4:1,2,3,4,5", "x:1,2,3,4", "1:0,0,0,5", "1:0,0,NaN,5"] {
            assert!(bad.parse::<At>().is_err(), "{bad}");
        }
    }

    #[test]
    fn a_point_has_a_page_and_two_distances() {
        assert_eq!("-1:20,30.5".parse(), Ok(Near { page: PageIndex::LAST, point_mm: [20.0, 30.5] }));
        for bad in ["", "1", "1:2", "1:2,3,4", "x:1,2", "1:NaN,2", "1:inf,2"] {
            assert!(bad.parse::<Near>().is_err(), "{bad}");
        }
    }

    #[test]
    fn sizes_have_two_sides() {
        assert_eq!("42,42".parse(), Ok(Size([42.0, 42.0])));
        for bad in ["", "42", "42,0", "42,-1", "42,x", "1,2,3", "inf,1"] {
            assert!(bad.parse::<Size>().is_err(), "{bad}");
        }
    }

    #[test]
    fn a_keyword_may_hold_a_colon_and_a_number_counts_only_behind_the_last() {
        let keyword = |text: &str, occurrence| Ok(KeywordAt { text: text.to_owned(), occurrence });
        assert_eq!("甲方（盖章）".parse(), keyword("甲方（盖章）", 1));
        assert_eq!("甲方：".parse(), keyword("甲方：", 1));
        assert_eq!("Party A: seal".parse(), keyword("Party A: seal", 1));
        assert_eq!("Party A:2".parse(), keyword("Party A", 2));
        assert_eq!("Party A:-1".parse(), keyword("Party A", -1));
        assert_eq!("Party A:0".parse(), keyword("Party A", 0));
        for bad in ["", ":1", "x:-2"] {
            assert!(bad.parse::<KeywordAt>().is_err(), "{bad}");
        }
    }
}
