//! The graphics state, as far as it says where text and painted areas are (ISO 32000-2, 8.4 and 9.3).

use std::rc::Rc;

use crate::pdf::content::font::Font;
use crate::pdf::content::matrix::{Matrix, Rect};

/// What `q` keeps and `Q` brings back.
#[derive(Debug, Clone)]
pub(crate) struct State {
    /// From the coordinates in use to the page's.
    pub(crate) ctm: Matrix,
    /// The box around what clipping leaves, in the page's coordinates.
    pub(crate) clip: Rect,
    pub(crate) line_width: f64,
    pub(crate) fill: Paint,
    pub(crate) stroke: Paint,
    pub(crate) text: TextState,
}

impl State {
    pub(crate) fn new() -> Self {
        let everywhere = Rect { left: f64::MIN, bottom: f64::MIN, right: f64::MAX, top: f64::MAX };
        Self {
            ctm: Matrix::IDENTITY,
            clip: everywhere,
            line_width: 1.0,
            fill: Paint::default(),
            stroke: Paint::default(),
            text: TextState::default(),
        }
    }
}

/// A colour, as far as it can be told from the paper's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Paint {
    pub(crate) space: Space,
    pub(crate) tone: Tone,
}

/// How the numbers of a colour are to be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Space {
    /// Full numbers are white: gray and RGB, by device or calibrated.
    #[default]
    Light,
    /// Zeros are white: CMYK.
    Ink,
    /// Not told here: spot colours, patterns, indexed.
    Other,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Tone {
    /// Leaves the paper as it is.
    White,
    #[default]
    Visible,
}

impl Paint {
    pub(crate) fn of(space: Space, components: &[f64]) -> Self {
        let white = match space {
            Space::Light => components.iter().all(|value| *value >= 1.0),
            Space::Ink => components.iter().all(|value| *value <= 0.0),
            Space::Other => false,
        };
        let tone = if white && !components.is_empty() { Tone::White } else { Tone::Visible };
        Self { space, tone }
    }
}

/// The text state (ISO 32000-2, table 102).
#[derive(Debug, Clone)]
pub(crate) struct TextState {
    pub(crate) char_spacing: f64,
    pub(crate) word_spacing: f64,
    /// `Tz` divided by 100.
    pub(crate) stretch: f64,
    pub(crate) leading: f64,
    pub(crate) rise: f64,
    pub(crate) size: f64,
    pub(crate) font: Option<Rc<Font>>,
    pub(crate) rendering: Rendering,
}

impl Default for TextState {
    fn default() -> Self {
        Self {
            char_spacing: 0.0,
            word_spacing: 0.0,
            stretch: 1.0,
            leading: 0.0,
            rise: 0.0,
            size: 0.0,
            font: None,
            rendering: Rendering::Visible,
        }
    }
}

/// Whether text leaves a trace (ISO 32000-2, table 104).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Rendering {
    Visible,
    /// Modes 3 and 7: scanned pages carry recognised text like that.
    Invisible,
}
