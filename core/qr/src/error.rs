//! What can go wrong, with stable codes.

/// Why a code could not be read or written.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum QrError {
    /// The frame or picture holds no QR code that could be read. The ordinary answer while a camera is being aimed.
    #[error("no readable QR code in the frame")]
    NotFound,
    /// Width, height, stride and length of a frame do not fit together.
    #[error("frame of {width}x{height} px with stride {stride} does not fit into {length} bytes")]
    FrameLayout {
        /// Pixels in a row.
        width: u32,
        /// Rows.
        height: u32,
        /// Bytes from one row to the next.
        stride: u32,
        /// Bytes handed in.
        length: usize,
    },
    /// A side of the frame or picture is longer than [`crate::MAX_FRAME_SIDE`].
    #[error("picture of {width}x{height} px is larger than {} px a side", crate::MAX_FRAME_SIDE)]
    TooLarge {
        /// Pixels in a row.
        width: u32,
        /// Rows.
        height: u32,
    },
    /// The bytes are not a PNG or JPEG picture that can be read within the limits.
    #[error("unreadable picture: {detail}")]
    PictureUnreadable {
        /// What the picture decoder said.
        detail: String,
    },
    /// There is nothing to encode.
    #[error("no text to encode")]
    TextEmpty,
    /// The text does not fit into the largest QR code (version 40) at the level asked for.
    #[error("text of {length} bytes does not fit into a QR code")]
    TextTooLong {
        /// Bytes of the text as UTF-8.
        length: usize,
    },
    /// A module size outside of [`crate::ModulePx`]'s range.
    #[error("{px} px a module is outside of {}..={}", crate::MIN_MODULE_PX, crate::ModulePx::MAX_PX)]
    ModuleSize {
        /// Pixels asked for.
        px: u32,
    },
    /// A screen or a distance that is no length.
    #[error("a screen of {side_mm} mm at {distance_mm} mm is none")]
    Screen {
        /// Side of the square, mm.
        side_mm: f64,
        /// From screen to camera, mm.
        distance_mm: f64,
    },
    /// The code would be too fine for a camera at that distance.
    #[error(
        "a module would take {camera_px:.1} camera pixels, at least {} are needed",
        crate::LEAST_CAMERA_PX_PER_MODULE
    )]
    TooDense {
        /// Camera pixels a module at the lowest level.
        camera_px: f64,
    },
}

impl QrError {
    /// Stable dotted code, the key of the text that a user sees.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::NotFound => "qr.not-found",
            Self::FrameLayout { .. } => "qr.frame-layout",
            Self::TooLarge { .. } => "qr.too-large",
            Self::PictureUnreadable { .. } => "qr.picture-unreadable",
            Self::TextEmpty => "qr.text-empty",
            Self::TextTooLong { .. } => "qr.text-too-long",
            Self::ModuleSize { .. } => "qr.module-size",
            Self::Screen { .. } => "qr.screen",
            Self::TooDense { .. } => "qr.too-dense",
        }
    }
}
