//! Where seals go, said without a seal at hand: which picture it is, is known when the job runs.

use std::fs::File;

use eseal_document::pdf::{CrossPage, Keyword, Mark, PageChoice, Pdf, PdfError, Placement, Side};
use eseal_face::Face;

/// Where a seal goes. Sizes are those of the box which the whole face is fitted in, width and height in mm.
#[derive(Clone, Debug)]
pub enum SealPlace {
    /// On a page.
    At(Placement),
    /// On a text of the document (关键字定位).
    OnText {
        /// Which text, and which of its occurrences.
        keyword: Keyword,
        /// The size.
        size_mm: [f64; 2],
    },
    /// Cut across the edges of the pages (骑缝章).
    AcrossPages {
        /// Which edge, as seen.
        side: Side,
        /// The size of the whole seal.
        size_mm: [f64; 2],
        /// Which pages.
        pages: PageChoice,
    },
}

impl SealPlace {
    /// The marks of a face at these places of a file.
    pub(crate) fn marks<'a>(places: &[Self], pdf: &Pdf<File>, face: &'a Face) -> Result<Vec<Mark<'a>>, PdfError> {
        let mut marks = Vec::new();
        for place in places {
            match place {
                Self::At(place) => marks.push(Mark::new(face, *place)),
                Self::OnText { keyword, size_mm } => {
                    let found = pdf.find_keyword(keyword, *size_mm)?;
                    marks.extend(found.into_iter().map(|place| Mark::new(face, place)));
                }
                Self::AcrossPages { side, size_mm, pages } => {
                    marks.extend(CrossPage::new(face, *side, *size_mm).pages(pages.clone()).marks(pdf)?);
                }
            }
        }
        Ok(marks)
    }
}
