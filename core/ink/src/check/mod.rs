//! Is it a signature, and is it a good one? Every rule with what it found, what it wants, and a code.

mod digest;
mod measure;

pub use digest::{InkDigest, LEAST_REPLAY_LIKENESS};

use self::measure::Measures;
use crate::{Ink, InkError};

/// Ink no longer than this, mm, is dots.
pub const MOST_DOT_PATH_MM: f64 = 3.0;
/// The least length of all strokes together, mm.
pub const LEAST_PATH_MM: f64 = 15.0;
/// The least longer side of the box around the ink, mm; either way round, for names are also written downwards.
pub const LEAST_LONG_SIDE_MM: f64 = 8.0;
/// The least shorter side of the box around the ink, mm.
pub const LEAST_SHORT_SIDE_MM: f64 = 3.0;
/// The least time from first to last sample, ms.
pub const LEAST_DURATION_MS: f64 = 300.0;
/// A single stroke's length over the diagonal of its box must be at least this, or it is a straight line.
pub const LEAST_WANDER: f64 = 1.08;
/// Names of several characters have at least so many strokes.
pub const LEAST_NAME_STROKES: f64 = 2.0;
/// Ink nearer to the edge of the pad than this, mm, may have been cut.
pub const LEAST_EDGE_MM: f64 = 0.5;
/// A pad covered with more than this share of ink is scribbled over.
pub const MOST_FILLED: f64 = 0.25;
/// Width over height of the box around a name in a row, least and most; in a column, height over width.
pub const RATIO: (f64, f64) = (0.8, 8.0);
/// A larger median time between samples, ms: the device was too busy to follow the hand.
pub const MOST_MEDIAN_GAP_MS: f64 = 25.0;
/// A longer pause, ms, is no part of signing.
pub const MOST_PAUSE_MS: f64 = 20_000.0;

/// Which way a name runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Direction {
    /// To the right.
    #[default]
    Row,
    /// Downwards.
    Column,
}

/// What is known about a signature beside its ink. What is not known is not judged.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Expected<'a> {
    /// How many characters the name has.
    pub characters: Option<usize>,
    /// Width and height of the pad, mm, whose top-left corner is the ink's origin.
    pub pad_mm: Option<(f64, f64)>,
    /// Which way the name runs.
    pub direction: Direction,
    /// The digests of signatures given before, of which this must be no replay.
    pub earlier: &'a [InkDigest],
}

/// What is looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Rule {
    /// Number of strokes; rejected below 1.
    Empty,
    /// Length of all strokes, mm; rejected below [`MOST_DOT_PATH_MM`].
    OnlyDots,
    /// Length of all strokes, mm; rejected below [`LEAST_PATH_MM`].
    TooShort,
    /// Length of the single stroke over its diagonal; rejected below [`LEAST_WANDER`].
    StraightLine,
    /// Longer side of the box around the ink, mm; rejected below [`LEAST_LONG_SIDE_MM`].
    LongSide,
    /// Shorter side, mm; rejected below [`LEAST_SHORT_SIDE_MM`].
    ShortSide,
    /// From first to last sample, ms; rejected below [`LEAST_DURATION_MS`].
    TooQuick,
    /// Number of strokes of a name of several characters; a warning below [`LEAST_NAME_STROKES`].
    FewStrokes,
    /// From the ink to the nearest edge of the pad, mm; a warning below [`LEAST_EDGE_MM`].
    TouchesEdge,
    /// Share of the pad that is inked; a warning over [`MOST_FILLED`].
    Scribble,
    /// Length over breadth along the direction of the name; a warning outside [`RATIO`].
    OddRatio,
    /// Median time between samples of a stroke, ms; a warning over [`MOST_MEDIAN_GAP_MS`].
    SparseSamples,
    /// Longest time between samples, ms; a warning over [`MOST_PAUSE_MS`].
    LongPause,
    /// Likeness to the most alike earlier log, 0 to 1; a warning from [`LEAST_REPLAY_LIKENESS`] on.
    Replayed,
}

impl Rule {
    /// A stable, dotted code for ink that breaks this rule.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Empty => "ink.empty",
            Self::OnlyDots => "ink.only-dots",
            Self::TooShort => "ink.too-short",
            Self::StraightLine => "ink.straight-line",
            Self::LongSide | Self::ShortSide => "ink.too-small",
            Self::TooQuick => "ink.too-quick",
            Self::FewStrokes => "ink.few-strokes",
            Self::TouchesEdge => "ink.touches-edge",
            Self::Scribble => "ink.scribble",
            Self::OddRatio => "ink.odd-ratio",
            Self::SparseSamples => "ink.sparse-samples",
            Self::LongPause => "ink.long-pause",
            Self::Replayed => "ink.replayed",
        }
    }

    /// What ink that breaks the rule is.
    const fn severity(self) -> Verdict {
        match self {
            Self::Empty
            | Self::OnlyDots
            | Self::TooShort
            | Self::StraightLine
            | Self::LongSide
            | Self::ShortSide
            | Self::TooQuick => Verdict::Reject,
            Self::FewStrokes
            | Self::TouchesEdge
            | Self::Scribble
            | Self::OddRatio
            | Self::SparseSamples
            | Self::LongPause
            | Self::Replayed => Verdict::Warn,
        }
    }
}

/// What a rule wants.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Limit {
    /// This or more.
    AtLeast(f64),
    /// This or less.
    AtMost(f64),
    /// Less than this.
    Below(f64),
    /// From the first to the second.
    Between(f64, f64),
}

impl Limit {
    fn holds(self, value: f64) -> bool {
        match self {
            Self::AtLeast(least) => value >= least,
            Self::AtMost(most) => value <= most,
            Self::Below(most) => value < most,
            Self::Between(least, most) => (least..=most).contains(&value),
        }
    }
}

/// How a rule, or all of them, came out: the worst counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verdict {
    /// As it should be.
    Pass,
    /// A person should look, or sign again; it can be used.
    Warn,
    /// No signature.
    Reject,
}

/// One rule and what it found.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Finding {
    /// The rule.
    pub rule: Rule,
    /// The value found, in the rule's unit.
    pub value: f64,
    /// What is wanted.
    pub limit: Limit,
    /// How it came out.
    pub verdict: Verdict,
}

/// Every rule that could be judged, with its value, whether it holds or not.
#[derive(Debug, Clone, PartialEq)]
pub struct CheckReport {
    findings: Vec<Finding>,
}

impl CheckReport {
    /// All findings, rejections' rules first.
    #[must_use]
    pub fn findings(&self) -> &[Finding] {
        &self.findings
    }

    /// What was found wrong this way.
    pub fn with(&self, verdict: Verdict) -> impl Iterator<Item = &Finding> {
        self.findings.iter().filter(move |finding| finding.verdict == verdict)
    }

    /// The worst of all.
    #[must_use]
    pub fn verdict(&self) -> Verdict {
        self.findings.iter().map(|finding| finding.verdict).max().unwrap_or(Verdict::Pass)
    }
}

impl Ink {
    /// Judges the ink by every rule that what is known allows.
    #[must_use]
    pub fn judge(&self, expected: &Expected<'_>) -> CheckReport {
        let measures = Measures::of(self);
        let mut findings = Vec::new();
        let mut judge = |rule: Rule, value: f64, limit: Limit| {
            let verdict = if limit.holds(value) { Verdict::Pass } else { rule.severity() };
            findings.push(Finding { rule, value, limit, verdict });
        };
        judge(Rule::Empty, measures.strokes, Limit::AtLeast(1.0));
        if self.strokes().is_empty() {
            return CheckReport { findings };
        }
        judge(Rule::OnlyDots, measures.path_mm, Limit::AtLeast(MOST_DOT_PATH_MM));
        judge(Rule::TooShort, measures.path_mm, Limit::AtLeast(LEAST_PATH_MM));
        if let [_] = self.strokes() {
            judge(Rule::StraightLine, measures.wander(), Limit::AtLeast(LEAST_WANDER));
        }
        judge(Rule::LongSide, measures.long_mm(), Limit::AtLeast(LEAST_LONG_SIDE_MM));
        judge(Rule::ShortSide, measures.short_mm(), Limit::AtLeast(LEAST_SHORT_SIDE_MM));
        judge(Rule::TooQuick, measures.duration_ms, Limit::AtLeast(LEAST_DURATION_MS));
        if expected.characters.is_some_and(|characters| characters >= 2) {
            judge(Rule::FewStrokes, measures.strokes, Limit::AtLeast(LEAST_NAME_STROKES));
        }
        if let Some(pad) = expected.pad_mm {
            judge(Rule::TouchesEdge, measures.edge_mm(pad), Limit::AtLeast(LEAST_EDGE_MM));
            judge(Rule::Scribble, measure::filled(self, pad), Limit::AtMost(MOST_FILLED));
        }
        judge(Rule::OddRatio, measures.ratio(expected.direction), Limit::Between(RATIO.0, RATIO.1));
        if let Some(gap_ms) = measure::median_gap_ms(self) {
            judge(Rule::SparseSamples, gap_ms, Limit::AtMost(MOST_MEDIAN_GAP_MS));
        }
        judge(Rule::LongPause, measures.longest_gap_ms, Limit::AtMost(MOST_PAUSE_MS));
        if !expected.earlier.is_empty() {
            let digest = self.digest();
            let likeness = expected.earlier.iter().map(|earlier| digest.likeness(earlier)).fold(0.0, f64::max);
            judge(Rule::Replayed, likeness, Limit::Below(LEAST_REPLAY_LIKENESS));
        }
        CheckReport { findings }
    }

    /// Refuses ink that is no signature: nothing, dots, too short, too small, too quick, one straight line.
    ///
    /// # Errors
    /// [`InkError::Empty`], [`InkError::OnlyDots`], [`InkError::TooShort`], [`InkError::StraightLine`],
    /// [`InkError::TooSmall`], [`InkError::TooQuick`]: the first of these that holds.
    pub fn check(&self) -> Result<(), InkError> {
        let report = self.judge(&Expected::default());
        let Some(first) = report.with(Verdict::Reject).next() else { return Ok(()) };
        let measures = Measures::of(self);
        Err(match first.rule {
            Rule::OnlyDots => InkError::OnlyDots { path_mm: first.value },
            Rule::TooShort => InkError::TooShort { path_mm: first.value },
            Rule::StraightLine => InkError::StraightLine { wander: first.value },
            Rule::LongSide | Rule::ShortSide => {
                InkError::TooSmall { long_mm: measures.long_mm(), short_mm: measures.short_mm() }
            }
            Rule::TooQuick => InkError::TooQuick { duration_ms: first.value },
            _ => InkError::Empty,
        })
    }
}
