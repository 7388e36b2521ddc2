//! `eseal face`.

use std::path::PathBuf;
use std::str::FromStr;

use clap::{Args, Subcommand, ValueEnum};
use eseal_face::SizeMm;
use eseal_ink::InkColor;
use eseal_ink::photo::{PhotoColor, PixelPoint, PixelRect, Quad};

#[derive(Debug, Subcommand)]
pub(crate) enum Face {
    /// Photographs of signatures on paper to seal faces.
    Photo(FacePhoto),
}

#[derive(Debug, Args)]
pub(crate) struct FacePhoto {
    /// PNG or JPEG.
    #[arg(required = true)]
    pub(crate) pictures: Vec<PathBuf>,
    /// A picture (.png, .svg, .pdf), or a folder for PNGs.
    #[arg(short, long)]
    pub(crate) output: PathBuf,
    /// Straighten a sheet photographed at an angle first: by the corners that are found, or by these, pixels of the upright
    /// photograph: top left, top right, bottom right, bottom left.
    #[arg(long, value_name = "auto|X,Y,X,Y,X,Y,X,Y")]
    pub(crate) straighten: Option<Corners>,
    /// Where the signature is, pixels of the upright (and straightened) photograph; by default the only one is looked for.
    #[arg(long, value_name = "X,Y,W,H")]
    pub(crate) crop: Option<CropRect>,
    /// What the face is coloured with.
    #[arg(long, value_enum, default_value_t = ColorName::Own)]
    pub(crate) color: ColorName,
    /// The box that the face fits into, millimetres.
    #[arg(long, value_name = "WxH", default_value = "40x20")]
    pub(crate) size: BoxMm,
    /// Dots per inch of a PNG.
    #[arg(long, default_value_t = 600)]
    pub(crate) dpi: u32,
    /// One JSON document: where the signature was found, size and colour of each face.
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum ColorName {
    /// As on the paper.
    Own,
    Black,
    Blue,
    Red,
}

impl From<ColorName> for PhotoColor {
    fn from(name: ColorName) -> Self {
        match name {
            ColorName::Own => Self::Own,
            ColorName::Black => Self::Ink(InkColor::Black),
            ColorName::Blue => Self::Ink(InkColor::Blue),
            ColorName::Red => Self::Ink(InkColor::Red),
        }
    }
}

/// `X,Y,W,H` in pixels.
#[derive(Clone, Copy, Debug)]
pub(crate) struct CropRect(pub(crate) PixelRect);

impl FromStr for CropRect {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let numbers: Result<Vec<u32>, _> = text.split(',').map(|number| number.trim().parse()).collect();
        match numbers.as_deref() {
            Ok(&[left, top, width, height]) => Ok(Self(PixelRect { left, top, width, height })),
            _ => Err("four whole numbers of pixels: X,Y,W,H"),
        }
    }
}

/// The corners of a sheet.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Corners {
    /// To be found.
    Found,
    Given(Quad),
}

impl FromStr for Corners {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if text == "auto" {
            return Ok(Self::Found);
        }
        let numbers: Result<Vec<f64>, _> = text.split(',').map(|number| number.trim().parse()).collect();
        let numbers = numbers.unwrap_or_default();
        match numbers.as_chunks::<2>() {
            (&[a, b, c, d], []) => Ok(Self::Given(Quad([a, b, c, d].map(|[x, y]| PixelPoint { x, y })))),
            _ => Err("auto, or eight numbers of pixels: X,Y,X,Y,X,Y,X,Y"),
        }
    }
}

/// `WxH` in millimetres.
#[derive(Clone, Copy, Debug)]
pub(crate) struct BoxMm(pub(crate) SizeMm);

impl FromStr for BoxMm {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let text = text.trim().trim_end_matches("mm").trim_end();
        let sides =
            text.split_once(['x', '×']).and_then(|(w, h)| Some((w.trim().parse().ok()?, h.trim().parse().ok()?)));
        let (width, height) = sides.ok_or("two numbers of millimetres: WxH")?;
        SizeMm::new(width, height).map(Self).map_err(|error| error.to_string())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_and_rectangles_are_read() {
        let size = |text: &str| text.parse::<BoxMm>().ok().map(|size| (size.0.width(), size.0.height()));
        assert_eq!(size("40x16"), Some((40.0, 16.0)));
        assert_eq!(size("40.5 x 16 mm"), Some((40.5, 16.0)));
        for wrong in ["", "40", "40x", "x16", "40x16x2", "0x16", "40x201", "NaNx16"] {
            assert_eq!(size(wrong), None, "{wrong}");
        }
        assert_eq!("1, 2,30,40".parse::<CropRect>().unwrap().0, PixelRect { left: 1, top: 2, width: 30, height: 40 });
        for wrong in ["", "1,2,3", "1,2,3,4,5", "-1,2,3,4", "1.5,2,3,4"] {
            assert!(wrong.parse::<CropRect>().is_err(), "{wrong}");
        }
        assert!(matches!("auto".parse(), Ok(Corners::Found)));
        assert!(
            matches!("1,2,3,4.5,5,6,7,8".parse(), Ok(Corners::Given(Quad([_, one, ..]))) if one.y.to_bits() == 4.5_f64.to_bits())
        );
        for wrong in ["", "1,2,3,4,5,6,7", "1,2,3,4,5,6,7,8,9", "a,b,c,d,e,f,g,h"] {
            assert!(wrong.parse::<Corners>().is_err(), "{wrong}");
        }
    }
}
