//! `eseal ink`.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};
use eseal_ink::{Direction, InkColor, Pen};

use super::face::BoxMm;

#[derive(Debug, Subcommand)]
pub(crate) enum Ink {
    /// Strokes to a seal face.
    Render(InkRender),
    /// Strokes to another form of the same strokes.
    Convert(InkConvert),
    /// Judges strokes: is it a signature, and one that was not given before.
    Check(InkCheck),
}

#[derive(Debug, Args)]
pub(crate) struct InkRender {
    /// Recorded strokes: JSON, `InkML` or the compact form, told apart by what is in them.
    #[arg(required = true)]
    pub(crate) strokes: Vec<PathBuf>,
    /// A picture (.png, .svg, .pdf), or a folder for PNGs.
    #[arg(short, long)]
    pub(crate) output: PathBuf,
    /// Dots per inch of a PNG.
    #[arg(long, default_value_t = 600)]
    pub(crate) dpi: u32,
    /// The pen.
    #[arg(long, value_enum, default_value_t = PenName::Fountain)]
    pub(crate) pen: PenName,
    /// The ink's colour.
    #[arg(long, value_enum, default_value_t = InkColorName::Black)]
    pub(crate) color: InkColorName,
    /// The box that the face fits into, millimetres; by default it is as large as it was drawn.
    #[arg(long, value_name = "WxH")]
    pub(crate) size: Option<BoxMm>,
    /// Each input is one character of a name: they become one face, in a row or a column.
    #[arg(long, value_enum, value_name = "WAY")]
    pub(crate) compose: Option<Way>,
}

#[derive(Debug, Args)]
pub(crate) struct InkConvert {
    /// Recorded strokes: JSON, `InkML` or the compact form.
    #[arg(required = true)]
    pub(crate) strokes: Vec<PathBuf>,
    /// A file (.json, .inkml, .ink for the compact form), or a folder for compact ones.
    #[arg(short, long)]
    pub(crate) output: PathBuf,
}

#[derive(Debug, Args)]
pub(crate) struct InkCheck {
    /// Recorded strokes: JSON, `InkML` or the compact form.
    #[arg(required = true)]
    pub(crate) strokes: Vec<PathBuf>,
    /// How many characters the name has.
    #[arg(long, value_name = "N")]
    pub(crate) characters: Option<usize>,
    /// Which way the name runs.
    #[arg(long, value_enum, value_name = "WAY", default_value_t = Way::Row)]
    pub(crate) way: Way,
    /// Strokes that were given before, of which these must be no replay.
    #[arg(long, value_name = "STROKES")]
    pub(crate) earlier: Vec<PathBuf>,
    /// One JSON document: every rule with value, limit and verdict.
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum PenName {
    Fountain,
    Brush,
    Marker,
}

impl From<PenName> for Pen {
    fn from(name: PenName) -> Self {
        match name {
            PenName::Fountain => Self::Fountain,
            PenName::Brush => Self::Brush,
            PenName::Marker => Self::Marker,
        }
    }
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum InkColorName {
    Black,
    Blue,
    Red,
}

impl From<InkColorName> for InkColor {
    fn from(name: InkColorName) -> Self {
        match name {
            InkColorName::Black => Self::Black,
            InkColorName::Blue => Self::Blue,
            InkColorName::Red => Self::Red,
        }
    }
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum Way {
    Row,
    Column,
}

impl From<Way> for Direction {
    fn from(way: Way) -> Self {
        match way {
            Way::Row => Self::Row,
            Way::Column => Self::Column,
        }
    }
}
