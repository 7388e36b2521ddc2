//! What is seen of a seal.

use std::fs::{self, File};

use eseal_document::pdf::{Corner, CrossPage, Font, Image, Mark, PageIndex, Pdf, Placement, Side, TextBlock};
use eseal_face::{Color, Contour, Dpi, Face, Layer, Path as Outline, Point, Segment, SizeMm};

/// The font of the text, as Debian's `fonts-noto-cjk` installs it.
const FONT: &str = "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc";

/// What is seen of a seal, and how it is drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Look {
    /// Vectors.
    Face,
    /// Pixels, with transparency.
    Image,
    /// Vectors, and Chinese text beside them.
    Text,
    /// Vectors in slices along the right edge of all pages: fields that share one signature.
    CrossPage,
}

impl Look {
    /// The looks that fit on one page.
    pub(crate) const ON_ONE_PAGE: [Self; 3] = [Self::Face, Self::Image, Self::Text];

    /// The name in tables.
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Face => "vectors",
            Self::Image => "image",
            Self::Text => "text",
            Self::CrossPage => "cross-page",
        }
    }

    /// Why it cannot be drawn on this machine, if so.
    pub(crate) fn missing(self) -> Option<String> {
        let needs_font = self == Self::Text && fs::metadata(FONT).is_err();
        needs_font.then(|| "there is no Chinese font: cargo xtask test --setup".to_owned())
    }
}

/// All that marks are drawn from.
pub(crate) struct Pictures {
    face: Face,
    image: Image,
    font: Option<Font>,
}

impl Pictures {
    pub(crate) fn new() -> Self {
        let face = face();
        let image = Image::from_bytes(&face.to_png(Dpi::new(150).unwrap()).unwrap()).unwrap();
        let font = fs::read(FONT).ok().map(|bytes| Font::from_bytes(bytes, 2).unwrap());
        Self { face, image, font }
    }

    /// Lines of text; to be drawn only where there is a font.
    pub(crate) fn text(&self) -> TextBlock<'_> {
        let text = TextBlock::new(["周子涵", "2026年11月22日", "Test"]);
        self.font.iter().fold(text, TextBlock::font)
    }

    /// The marks on a file; one mark has its top left corner where it is told, on the last page.
    pub(crate) fn marks<'a>(
        &'a self,
        look: Look,
        top_left_mm: [f64; 2],
        text: &'a TextBlock<'a>,
        pdf: &Pdf<File>,
    ) -> Vec<Mark<'a>> {
        let place = Placement::new(PageIndex::LAST, Corner::TopLeft, top_left_mm, [45.0, 22.0]).unwrap();
        match look {
            Look::Face => vec![Mark::new(&self.face, place)],
            Look::Image => vec![Mark::new(&self.image, place)],
            Look::Text => vec![Mark::new(&self.face, place).text(text)],
            Look::CrossPage => CrossPage::new(&self.face, Side::Right, [40.0, 20.0]).marks(pdf).unwrap(),
        }
    }
}

/// One swung stroke of a pen.
pub(crate) fn face() -> Face {
    let stroke = Contour {
        start: Point::new(2.0, 12.0),
        segments: vec![
            Segment::Cubic(Point::new(12.0, 1.0), Point::new(22.0, 20.0), Point::new(38.0, 5.0)),
            Segment::Line(Point::new(38.5, 6.0)),
            Segment::Cubic(Point::new(22.0, 22.5), Point::new(12.0, 3.0), Point::new(2.0, 12.8)),
        ],
    };
    let layer = Layer { color: Color::BLACK, paths: vec![Outline { contours: vec![stroke] }] };
    Face::new(SizeMm::new(40.0, 20.0).unwrap(), vec![layer]).unwrap()
}
