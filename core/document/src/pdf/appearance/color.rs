//! How colour and transparency may be written into a file.

/// A device-independent stand-in for sRGB: its primaries, white and, nearly, its curve (ISO 32000-2, 8.6.5.3).
const CAL_RGB: &str = "[/CalRGB <</WhitePoint [0.9505 1 1.089] /Gamma [2.2 2.2 2.2] \
                       /Matrix [0.4124 0.2126 0.0193 0.3576 0.7152 0.1192 0.1805 0.0722 0.9505]>>]";
/// The same for grey (ISO 32000-2, 8.6.5.2).
const CAL_GRAY: &str = "[/CalGray <</WhitePoint [0.9505 1 1.089] /Gamma 2.2>>]";

/// In which colour spaces is drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Colors {
    /// Those of the device.
    Device,
    /// Defined ones, because nothing in the file says what those of the device are.
    Calibrated,
}

/// Whether what is below may show through.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Transparency {
    Allowed,
    Forbidden,
}

/// What a file wants of what is drawn in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Rendering {
    colors: Colors,
    transparency: Transparency,
}

impl Rendering {
    /// A file that wants nothing.
    #[cfg(test)]
    pub(crate) const PLAIN: Self = Self::new(Colors::Device, Transparency::Allowed);

    pub(crate) const fn new(colors: Colors, transparency: Transparency) -> Self {
        Self { colors, transparency }
    }

    pub(crate) const fn transparency(self) -> Transparency {
        self.transparency
    }

    /// The colour space of an image with three channels.
    pub(super) const fn rgb(self) -> &'static str {
        match self.colors {
            Colors::Device => "/DeviceRGB",
            Colors::Calibrated => CAL_RGB,
        }
    }

    /// The colour space of an image with one channel.
    pub(super) const fn gray(self) -> &'static str {
        match self.colors {
            Colors::Device => "/DeviceGray",
            Colors::Calibrated => CAL_GRAY,
        }
    }

    /// An entry for the resources of content that draws in `DeviceRGB` (ISO 32000-2, 8.6.5.6).
    pub(super) fn default_space(self) -> String {
        match self.colors {
            Colors::Device => String::new(),
            Colors::Calibrated => format!("/ColorSpace <</DefaultRGB {CAL_RGB}>>"),
        }
    }
}
