//! Is it a signature, and a good one?

use eseal_sdk::Error;
use eseal_sdk::ink::{CheckReport, Direction, Expected, Finding, Ink, InkDigest, Limit, Verdict};

use crate::error::SdkError;

/// Which way a name runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, uniffi::Enum)]
pub enum NameDirection {
    /// To the right.
    Row,
    /// Downwards.
    Column,
}

impl From<NameDirection> for Direction {
    fn from(direction: NameDirection) -> Self {
        match direction {
            NameDirection::Row => Self::Row,
            NameDirection::Column => Self::Column,
        }
    }
}

/// What is known about a signature beside its ink. What is not known is not judged.
#[derive(Clone, Debug, uniffi::Record)]
pub struct SignatureContext {
    /// How many characters the name has.
    pub characters: Option<u32>,
    /// Width of the pad, mm; judged where both sides are known.
    pub pad_width_mm: Option<f64>,
    /// Its height, mm.
    pub pad_height_mm: Option<f64>,
    /// Which way the name runs.
    pub direction: NameDirection,
    /// The digests of signatures given before, of which this must be no replay.
    pub earlier: Vec<Vec<u8>>,
}

impl SignatureContext {
    pub(super) fn judge(&self, ink: &Ink) -> Result<InkReport, SdkError> {
        let earlier: Result<Vec<_>, _> = self.earlier.iter().map(|bytes| InkDigest::from_bytes(bytes)).collect();
        let earlier = earlier.map_err(Error::from)?;
        let expected = Expected {
            characters: self.characters.map(|count| usize::try_from(count).unwrap_or(usize::MAX)),
            pad_mm: self.pad_width_mm.zip(self.pad_height_mm),
            direction: self.direction.into(),
            earlier: &earlier,
        };
        Ok(ink.judge(&expected).into())
    }
}

/// How a rule, or all of them, came out: the worst counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, uniffi::Enum)]
pub enum InkVerdict {
    /// As it should be.
    Pass,
    /// A person should look, or sign again; it can be used.
    Warn,
    /// No signature.
    Reject,
}

impl From<Verdict> for InkVerdict {
    fn from(verdict: Verdict) -> Self {
        match verdict {
            Verdict::Pass => Self::Pass,
            Verdict::Warn => Self::Warn,
            Verdict::Reject => Self::Reject,
        }
    }
}

/// One rule and what it found.
#[derive(Clone, Debug, PartialEq, uniffi::Record)]
pub struct InkFinding {
    /// The code of ink that breaks the rule, with a text in the tables of errors.
    pub code: String,
    /// The value found: mm, ms, a number or a share, as the rule goes.
    pub value: f64,
    /// The least that is wanted.
    pub least: Option<f64>,
    /// The most that is wanted; `ink.replayed` must stay below it.
    pub most: Option<f64>,
    /// How it came out.
    pub verdict: InkVerdict,
}

impl From<&Finding> for InkFinding {
    fn from(finding: &Finding) -> Self {
        let (least, most) = match finding.limit {
            Limit::AtLeast(least) => (Some(least), None),
            Limit::AtMost(most) | Limit::Below(most) => (None, Some(most)),
            Limit::Between(least, most) => (Some(least), Some(most)),
        };
        let code = finding.rule.code().to_owned();
        Self { code, value: finding.value, least, most, verdict: finding.verdict.into() }
    }
}

/// Every rule that could be judged, whether it holds or not.
#[derive(Clone, Debug, PartialEq, uniffi::Record)]
pub struct InkReport {
    /// The worst of all.
    pub verdict: InkVerdict,
    /// Rejections' rules first.
    pub findings: Vec<InkFinding>,
}

impl From<CheckReport> for InkReport {
    fn from(report: CheckReport) -> Self {
        Self { verdict: report.verdict().into(), findings: report.findings().iter().map(InkFinding::from).collect() }
    }
}
