//! Pens and ink colours.

use eseal_face::Color;

/// What the signature looks written with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Pen {
    /// A fountain pen (钢笔): 0.35 to 0.9 mm, a soft start, a drawn-out end where the pen leaves in motion.
    #[default]
    Fountain,
    /// A writing brush (毛笔): 0.3 to 1.8 mm, long tips (出锋).
    Brush,
    /// A felt pen: nearly one width, round ends.
    Marker,
}

/// What the signature is coloured with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum InkColor {
    /// Black.
    #[default]
    Black,
    /// The blue of document-proof ink.
    Blue,
    /// The red of seal paste (印泥).
    Red,
}

impl InkColor {
    /// The colour on screen and paper.
    #[must_use]
    pub const fn color(self) -> Color {
        match self {
            Self::Black => Color::BLACK,
            Self::Blue => Color::rgb(0x14, 0x2d, 0x8c),
            Self::Red => Color::rgb(0xc8, 0x14, 0x1e),
        }
    }
}

/// How a pen answers to the hand. Lengths in mm of the finished face at natural size.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Nib {
    /// Width at high speed.
    pub(crate) thinnest: f64,
    /// Width at rest.
    pub(crate) thickest: f64,
    /// Speed at which the width is half-way, mm/ms of the hand.
    pub(crate) half_speed: f64,
    /// Diameter of a dot.
    pub(crate) dot: f64,
    /// How the stroke begins.
    pub(crate) start: Tip,
    /// How it ends when the pen stops before it leaves.
    pub(crate) rest: Tip,
    /// How it ends when the pen leaves in full motion.
    pub(crate) flick: Tip,
    /// The most of a stroke that one tip may take.
    pub(crate) tip_share: f64,
}

/// A tip of a stroke: from `share` of the width at the very end to the full width over `widths` times the width.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Tip {
    pub(crate) share: f64,
    pub(crate) widths: f64,
}

impl Tip {
    const BLUNT: Self = Self { share: 1.0, widths: 1.0 };

    /// Between two tips.
    pub(crate) fn mix(self, other: Self, share: f64) -> Self {
        Self {
            share: self.share + (other.share - self.share) * share,
            widths: self.widths + (other.widths - self.widths) * share,
        }
    }
}

impl Pen {
    pub(crate) const fn nib(self) -> Nib {
        match self {
            Self::Fountain => Nib {
                thinnest: 0.35,
                thickest: 0.9,
                half_speed: 0.08,
                dot: 0.99,
                start: Tip { share: 0.55, widths: 0.8 },
                rest: Tip { share: 0.7, widths: 1.0 },
                flick: Tip { share: 0.2, widths: 3.0 },
                tip_share: 0.2,
            },
            Self::Brush => Nib {
                thinnest: 0.3,
                thickest: 1.8,
                half_speed: 0.07,
                dot: 1.6,
                start: Tip { share: 0.4, widths: 0.8 },
                rest: Tip { share: 0.6, widths: 1.0 },
                flick: Tip { share: 0.08, widths: 4.0 },
                tip_share: 0.35,
            },
            Self::Marker => Nib {
                thinnest: 0.95,
                thickest: 1.1,
                half_speed: 0.1,
                dot: 1.2,
                start: Tip::BLUNT,
                rest: Tip::BLUNT,
                flick: Tip::BLUNT,
                tip_share: 0.2,
            },
        }
    }
}

impl Nib {
    /// The nib with all its lengths multiplied.
    pub(crate) fn scaled(mut self, factor: f64) -> Self {
        self.thinnest *= factor;
        self.thickest *= factor;
        self.dot *= factor;
        self
    }
}
