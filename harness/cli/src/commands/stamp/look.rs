//! What is seen of the seal, and where.

use std::path::Path;

use eseal_crypto::ses::Seal as SealData;
use eseal_document::ReadAt;
use eseal_document::pdf::{
    CrossPage, Font, FreeSpace, Image, Keyword, Mark, Occurrence, Pdf, PdfError, Picture, SigningTime, TextBlock,
};
use eseal_face::Face;

use crate::args::{KeywordAt, Look, Stamp};
use crate::commands::{Refusal, read};

/// What a picture's pixels are taken for where nobody says how large it is.
const PICTURE_DPI: f64 = 300.0;
const MM_PER_INCH: f64 = 25.4;

/// A face, its size where none is given, and the font of the text beside it.
pub(super) struct Seal {
    source: Source,
    size_mm: [f64; 2],
    font: Option<Font>,
}

enum Source {
    Vector(Box<Face>),
    Pixels(Box<Image>),
}

impl Seal {
    /// The seal, if one is asked for: the face that is given, or that of the seal's data if a PDF can show it.
    pub(super) fn read<'a>(look: &'a Look, data: Option<&SealData>) -> Result<Option<Self>, (&'a Path, Refusal)> {
        let found = match (&look.face, data) {
            (Some(path), _) => {
                Some(read(path).and_then(|bytes| face(&bytes)).map_err(|refusal| (path.as_path(), refusal))?)
            }
            (None, Some(data)) => face_of(data),
            (None, None) => None,
        };
        let Some((source, own_size)) = found else { return Ok(None) };
        let font = match &look.font {
            Some(path) => Some(font(path).map_err(|refusal| (path.as_path(), refusal))?),
            None => None,
        };
        Ok(Some(Self { source, size_mm: look.size.map_or(own_size, |size| size.0), font }))
    }

    fn picture(&self) -> Picture<'_> {
        match &self.source {
            Source::Vector(face) => Picture::Vector(face),
            Source::Pixels(image) => Picture::Image(image),
        }
    }

    /// The text beside the seal, if there is a font for it.
    pub(super) fn text<'a>(&'a self, words: &[String]) -> Option<TextBlock<'a>> {
        self.font.as_ref().map(|font| TextBlock::new(words).font(font))
    }

    /// Every mark that is asked for, in this file.
    pub(super) fn marks<'a, S: ReadAt>(
        &'a self,
        pdf: &Pdf<S>,
        arguments: &Stamp,
        text: Option<&'a TextBlock<'a>>,
    ) -> Result<Vec<Mark<'a>>, PdfError> {
        let look = &arguments.look;
        let mut marks: Vec<_> = look.at.iter().map(|at| Mark::new(self.picture(), at.place)).collect();
        for keyword in &look.keyword {
            let places = pdf.find_keyword(&as_keyword(keyword)?, self.size_mm)?;
            marks.extend(places.into_iter().map(|place| Mark::new(self.picture(), place)));
        }
        if let Some(near) = look.free {
            let place = pdf.free_place(&FreeSpace::new(near.page, near.point_mm, self.size_mm)?)?;
            marks.push(Mark::new(self.picture(), place));
        }
        if marks.is_empty() && look.cross_page.is_none() && arguments.field.is_some() {
            marks.push(Mark::in_field(self.picture()));
        }
        if let Some(text) = text {
            marks = marks.into_iter().map(|mark| mark.text(text)).collect();
        }
        if let Some(side) = look.cross_page {
            let mut cross = CrossPage::new(self.picture(), side.into(), self.size_mm);
            if let Some(pages) = look.pages_per_seal {
                cross = cross.pages_per_seal(pages);
            }
            marks.extend(cross.marks(pdf)?);
        }
        Ok(marks)
    }
}

pub(super) fn as_keyword(at: &KeywordAt) -> Result<Keyword, PdfError> {
    let occurrence = Occurrence::from_number(at.occurrence).unwrap_or_default();
    Ok(Keyword::new(&at.text)?.occurrence(occurrence))
}

/// Vector or pixels by content, and the face's own size, mm.
fn face(bytes: &[u8]) -> Result<(Source, [f64; 2]), Refusal> {
    if bytes.starts_with(b"\x89PNG") || bytes.starts_with(b"\xff\xd8") {
        let image = Image::from_bytes(bytes).map_err(|error| Refusal::unreadable(error.code(), error))?;
        let size = image.size().map(|px| f64::from(px) / PICTURE_DPI * MM_PER_INCH);
        return Ok((Source::Pixels(Box::new(image)), size));
    }
    let svg =
        std::str::from_utf8(bytes).map_err(|_| Refusal::unreadable("file.not-text", "neither PNG, JPEG nor SVG"))?;
    let face = Face::from_svg(svg).map_err(|error| Refusal::unreadable(error.code(), error))?;
    let size = [face.size().width(), face.size().height()];
    Ok((Source::Vector(Box::new(face)), size))
}

/// The face in a seal's data, as large as they say; `None` for kinds that a PDF cannot show.
fn face_of(data: &SealData) -> Option<(Source, [f64; 2])> {
    let picture = data.picture();
    let (source, _) = face(&picture.data).ok()?;
    Some((source, [picture.width_mm, picture.height_mm].map(f64::from)))
}

fn font(path: &Path) -> Result<Font, Refusal> {
    Font::from_bytes(read(path)?, 0).map_err(|error| Refusal::unreadable(error.code(), error))
}

/// Signer, time and reason, a line each.
pub(super) fn words(name: Option<&str>, time: SigningTime, reason: Option<&str>) -> Vec<String> {
    let time = time.at.to_string();
    [name, Some(&time), reason].into_iter().flatten().map(str::to_owned).collect()
}
