//! Why ink is refused.

use eseal_face::FaceError;

use crate::{check, log};

/// Why a sample, a file of strokes, or a whole drawing is refused. Each says the value found and the limit it broke.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum InkError {
    /// Nothing was drawn.
    #[error("no stroke was drawn")]
    Empty,
    /// All that was drawn is dots.
    #[error("only dots: {path_mm:.1} mm drawn, a signature has over {} mm", check::MOST_DOT_PATH_MM)]
    OnlyDots {
        /// Length of all strokes together, mm.
        path_mm: f64,
    },
    /// Too little was drawn.
    #[error("{path_mm:.1} mm drawn, at least {} mm are needed", check::LEAST_PATH_MM)]
    TooShort {
        /// Length of all strokes together, mm.
        path_mm: f64,
    },
    /// What was drawn is too small to be told apart later.
    #[error(
        "the drawing is {long_mm:.1} × {short_mm:.1} mm, at least {} × {} mm are needed",
        check::LEAST_LONG_SIDE_MM,
        check::LEAST_SHORT_SIDE_MM
    )]
    TooSmall {
        /// Longer side of the box around the ink, mm.
        long_mm: f64,
        /// Shorter side of the box around the ink, mm.
        short_mm: f64,
    },
    /// Drawn faster than a hand signs.
    #[error("drawn in {duration_ms:.0} ms, at least {} ms are needed", check::LEAST_DURATION_MS)]
    TooQuick {
        /// From first to last sample, ms.
        duration_ms: f64,
    },
    /// One straight line.
    #[error("one straight line: {wander:.3} times as long as its diagonal, at least {} is needed", check::LEAST_WANDER)]
    StraightLine {
        /// Length of the stroke over the diagonal of its box.
        wander: f64,
    },
    /// A coordinate, time, force or angle that is not a number or beyond its limit.
    #[error("{field} is {value}, must be from {least} to {most}")]
    OutOfRange {
        /// Which field: `x`, `y`, `t`, `force`, `altitude` or `azimuth`.
        field: &'static str,
        /// The value found.
        value: f64,
        /// The least allowed here.
        least: f64,
        /// The most allowed.
        most: f64,
    },
    /// A time before that of the sample before.
    #[error("the time goes back from {last_ms} to {t_ms} ms")]
    TimeBack {
        /// The time found, ms.
        t_ms: f64,
        /// The time of the sample before, ms.
        last_ms: f64,
    },
    /// The pointer does not touch the pad, or what it draws was refused or ended.
    #[error("the pointer does not draw")]
    NotTouching,
    /// Another pointer draws already.
    #[error("another pointer draws")]
    SecondPointer,
    /// A palm, or a finger just after a pen: the hand that holds it.
    #[error("a palm, or the hand that holds the pen")]
    Palm {
        /// How large the contact is, mm across, where the platform told.
        contact_mm: Option<f64>,
    },
    /// A jump no hand makes: the digitiser's fault. The sample was left out.
    #[error(
        "a jump of {jump_mm:.0} mm in {gap_ms:.0} ms; over {} mm in under {} ms is a fault of the digitiser",
        log::GLITCH_JUMP_MM,
        log::GLITCH_GAP_MS
    )]
    Glitch {
        /// Distance from the sample before, mm.
        jump_mm: f64,
        /// Time since the sample before, ms.
        gap_ms: f64,
    },
    /// More samples than [`crate::MAX_SAMPLES`].
    #[error("over {} samples", log::MAX_SAMPLES)]
    TooManyPoints,
    /// More strokes than [`crate::MAX_STROKES`].
    #[error("over {} strokes", log::MAX_STROKES)]
    TooManyStrokes,
    /// The text is no file of strokes.
    #[error("not a file of strokes: {detail}")]
    Json {
        /// What is wrong, and where.
        detail: String,
    },
    /// The text is no InkML that can be read.
    #[error("not InkML that can be read: {detail}")]
    InkMl {
        /// What is wrong, and where.
        detail: String,
    },
    /// The bytes are no saved ink or pad, or of a version not known.
    #[error("not a saved ink: at byte {offset}, expected {expected}")]
    Bytes {
        /// Where reading stopped, in bytes from the start.
        offset: usize,
        /// What would have been allowed there.
        expected: &'static str,
    },
    /// A margin that is not a number, negative, or leaves no room for ink.
    #[error("a margin of {margin_mm} mm leaves no room")]
    Margin {
        /// The margin asked for, mm.
        margin_mm: f64,
    },
    /// The picture cannot be a face.
    #[error(transparent)]
    Face(#[from] FaceError),
}

impl InkError {
    /// A stable, dotted code for this error.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Empty => "ink.empty",
            Self::OnlyDots { .. } => "ink.only-dots",
            Self::TooShort { .. } => "ink.too-short",
            Self::TooSmall { .. } => "ink.too-small",
            Self::TooQuick { .. } => "ink.too-quick",
            Self::StraightLine { .. } => "ink.straight-line",
            Self::OutOfRange { .. } => "ink.out-of-range",
            Self::TimeBack { .. } => "ink.time-back",
            Self::NotTouching => "ink.not-touching",
            Self::SecondPointer => "ink.second-pointer",
            Self::Palm { .. } => "ink.palm",
            Self::Glitch { .. } => "ink.glitch",
            Self::TooManyPoints => "ink.too-many-points",
            Self::TooManyStrokes => "ink.too-many-strokes",
            Self::Json { .. } => "ink.json",
            Self::InkMl { .. } => "ink.inkml",
            Self::Bytes { .. } => "ink.bytes",
            Self::Margin { .. } => "ink.margin",
            Self::Face(error) => error.code(),
        }
    }
}
