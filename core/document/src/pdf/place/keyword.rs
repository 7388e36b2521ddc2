//! Placing a seal on a word of the document (关键字定位).

#[cfg(test)]
mod oracle;
mod order;
mod search;

use std::num::NonZeroU32;

use crate::source::ReadAt;

use crate::pdf::content::Interpreter;
use crate::pdf::content::matrix::Rect;
use crate::pdf::content::text::{PageText, comparable};
use crate::pdf::document::Pdf;
use crate::pdf::error::PdfError;
use crate::pdf::limits::{MAX_KEYWORD_CHARS, MAX_OCCURRENCES};
use crate::pdf::place::keyword::search::Searchable;
use crate::pdf::place::page::walk::{Order, Walk};
use crate::pdf::place::page::{Page, PageIndex};
use crate::pdf::place::{Corner, Geometry, Placement};

/// Which of the places where a keyword is.
///
/// They are counted page by page, on each page from top to bottom and from left to right *as seen*.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Occurrence {
    /// The first.
    #[default]
    First,
    /// The last.
    Last,
    /// One of them, counted from 1.
    Nth(NonZeroU32),
    /// Every one, at most [`MAX_OCCURRENCES`].
    All,
}

impl Occurrence {
    /// As platforms count them: 1, 2, 3 and so on, `0` for all, `-1` for the last. Nothing else is a number of an
    /// occurrence.
    #[must_use]
    pub fn from_number(number: i32) -> Option<Self> {
        match number {
            -1 => Some(Self::Last),
            0 => Some(Self::All),
            _ => NonZeroU32::new(u32::try_from(number).ok()?).map(Self::Nth),
        }
    }
}

/// Where the seal goes, seen from the keyword's box *as seen*.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Anchor {
    /// On it: both have the same middle.
    #[default]
    Center,
    /// To its left, touching it, middles on one line.
    Left,
    /// To its right.
    Right,
    /// Above it.
    Above,
    /// Below it.
    Below,
}

/// Whether a keyword may be broken over two lines.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Lines {
    /// Yes. The seal goes to the part with the most characters, the first of two that are equal.
    #[default]
    Across,
    /// No: it must stand on one line.
    Within,
}

/// A text to be looked for, and where the seal goes from there.
///
/// Compared is what is seen: white space does not count, full-width and half-width forms, ligatures and radicals are taken
/// for what they look like (NFKD), upper and lower case are different. The text may be split over several drawing operations,
/// kerned, drawn twice for a bold look, turned, or written downwards. It is looked for in the order in which the page draws it
/// and in the order in which it lies; what both find counts once. Gaps of more than three letters' size without white space
/// drawn in them separate texts. Invisible text counts: on scanned pages it is the recognised text.
/// What annotations and form fields show is looked at after the page's own content. Text that is only drawn as curves or
/// pictures is not found, and text that clipping hides is.
#[derive(Debug, Clone, PartialEq)]
pub struct Keyword {
    characters: Vec<char>,
    occurrence: Occurrence,
    anchor: Anchor,
    lines: Lines,
    offset_mm: [f64; 2],
}

impl Keyword {
    /// The first occurrence of a text, with the seal in the middle of it.
    ///
    /// # Errors
    /// `pdf.empty-keyword` if nothing of it counts, `pdf.too-long` above [`MAX_KEYWORD_CHARS`].
    pub fn new(text: &str) -> Result<Self, PdfError> {
        let characters: Vec<char> = comparable(text).take(MAX_KEYWORD_CHARS + 1).collect();
        match characters.len() {
            0 => Err(PdfError::EmptyKeyword),
            1..=MAX_KEYWORD_CHARS => Ok(Self {
                characters,
                occurrence: Occurrence::default(),
                anchor: Anchor::default(),
                lines: Lines::default(),
                offset_mm: [0.0; 2],
            }),
            _ => Err(PdfError::TooLong { what: "keyword" }),
        }
    }

    /// Which of the places where it is.
    #[must_use]
    pub fn occurrence(self, occurrence: Occurrence) -> Self {
        Self { occurrence, ..self }
    }

    /// Where the seal goes, seen from the keyword.
    #[must_use]
    pub fn anchor(self, anchor: Anchor) -> Self {
        Self { anchor, ..self }
    }

    /// Whether it may be broken over lines.
    #[must_use]
    pub fn lines(self, lines: Lines) -> Self {
        Self { lines, ..self }
    }

    /// Moves the seal right and down from there, millimetres.
    #[must_use]
    pub fn offset_mm(self, offset_mm: [f64; 2]) -> Self {
        Self { offset_mm, ..self }
    }

    /// The keyword's boxes in the text of a page, mm, top to bottom and left to right; `as_seen` tells where a box of the text's
    /// coordinates is seen.
    pub(crate) fn boxes(&self, text: &PageText, as_seen: impl Fn(&Rect) -> [f64; 4]) -> Vec<[f64; 4]> {
        let found = Searchable::new(text).find(&self.characters, self.lines);
        in_reading_order(found.iter().map(as_seen).collect())
    }

    /// Whether pages are better looked at from the end: `next` of [`Self::choose`] then begins with the last one.
    pub(crate) fn is_from_the_end(&self) -> bool {
        self.occurrence == Occurrence::Last
    }

    /// The places that are asked for, from the pages that `next` gives one after the other. None behind the one that answers is
    /// asked for.
    pub(crate) fn choose<E: From<KeywordError>>(
        &self,
        size_mm: [f64; 2],
        mut next: impl FnMut() -> Result<Option<SearchedPage>, E>,
    ) -> Result<Vec<Found>, E> {
        let mut found = Vec::new();
        let mut count = 0_usize;
        while let Some(page) = next()? {
            let place = |seen: &[f64; 4]| self.place(&page, *seen, size_mm);
            let answer = match self.occurrence {
                Occurrence::First => page.boxes.first(),
                Occurrence::Last => page.boxes.last(),
                Occurrence::Nth(number) => {
                    (number.get() as usize - 1).checked_sub(count).and_then(|wanted| page.boxes.get(wanted))
                }
                Occurrence::All => None,
            };
            if let Some(answer) = answer {
                return Ok(vec![place(answer)?]);
            }
            if self.occurrence == Occurrence::All {
                if found.len() + page.boxes.len() > MAX_OCCURRENCES {
                    return Err(KeywordError::TooMany.into());
                }
                for seen in &page.boxes {
                    found.push(place(seen)?);
                }
            }
            count += page.boxes.len();
        }
        if found.is_empty() { Err(KeywordError::NotFound { found: count }.into()) } else { Ok(found) }
    }

    /// The place of a seal for a keyword whose box as seen is given, kept on the page where it fits there.
    fn place(&self, page: &SearchedPage, seen: [f64; 4], size: [f64; 2]) -> Result<Found, KeywordError> {
        if !self.offset_mm.iter().all(|mm| mm.is_finite()) {
            return Err(KeywordError::NoPlace);
        }
        let [left, top, right, bottom] = seen;
        let [width, height] = size;
        let (middle_x, middle_y) =
            (f64::midpoint(left, right) - width / 2.0, f64::midpoint(top, bottom) - height / 2.0);
        let (x, y) = match self.anchor {
            Anchor::Center => (middle_x, middle_y),
            Anchor::Left => (left - width, middle_y),
            Anchor::Right => (right, middle_y),
            Anchor::Above => (middle_x, top - height),
            Anchor::Below => (middle_x, bottom),
        };
        let kept =
            |at: f64, side: f64, page_side: f64| if side <= page_side { at.clamp(0.0, page_side - side) } else { at };
        let corner =
            [kept(x + self.offset_mm[0], width, page.size_mm[0]), kept(y + self.offset_mm[1], height, page.size_mm[1])];
        Ok(Found { page: page.index, corner })
    }
}

/// A page that a keyword was looked for on.
pub(crate) struct SearchedPage {
    pub(crate) index: PageIndex,
    /// As seen.
    pub(crate) size_mm: [f64; 2],
    /// What [`Keyword::boxes`] found.
    pub(crate) boxes: Vec<[f64; 4]>,
}

/// Where a seal goes: the page, and its top-left corner there, mm.
pub(crate) struct Found {
    pub(crate) page: PageIndex,
    pub(crate) corner: [f64; 2],
}

/// Why a keyword gives no place, in every format.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum KeywordError {
    /// It is there as often, and that is not often enough.
    NotFound { found: usize },
    /// It is there too often.
    TooMany,
    /// The offset is none.
    NoPlace,
}

impl From<KeywordError> for PdfError {
    fn from(error: KeywordError) -> Self {
        match error {
            KeywordError::NotFound { found } => Self::KeywordNotFound { found },
            KeywordError::TooMany => Self::LimitExceeded { what: "occurrences of the keyword" },
            KeywordError::NoPlace => Self::EmptyPlacement,
        }
    }
}

/// Left, top, right, bottom in millimetres from the top-left corner as seen.
pub(super) fn seen_box(geometry: &Geometry, rect: &Rect) -> [f64; 4] {
    let [one_x, one_y] = geometry.to_seen_mm([rect.left, rect.bottom]);
    let [other_x, other_y] = geometry.to_seen_mm([rect.right, rect.top]);
    [one_x.min(other_x), one_y.min(other_y), one_x.max(other_x), one_y.max(other_y)]
}

impl<S: ReadAt> Pdf<S> {
    /// Where a seal of `size_mm` (width, height) goes so that it lies on a keyword. Pages are read one after the other, and
    /// none behind the one that answers; for [`Occurrence::Last`] from the end, and its page is counted from there. The seal is
    /// kept on the page, if it is not larger than the page.
    ///
    /// # Errors
    /// `pdf.keyword-not-found`, `pdf.empty-placement` for a size or an offset that is none, `pdf.limit-exceeded`, and as
    /// [`Self::open`].
    pub fn find_keyword(&self, keyword: &Keyword, size_mm: [f64; 2]) -> Result<Vec<Placement>, PdfError> {
        let order = if keyword.is_from_the_end() { Order::Backward } else { Order::Forward };
        let mut pages = Walk::new(self.reader(), order)?;
        let mut interpreter = Interpreter::new(self.reader());
        let found = keyword.choose(size_mm, || {
            let Some((index, page)) = pages.next()? else { return Ok(None) };
            let boxes = on_page(&mut interpreter, &page, keyword)?;
            Ok::<_, PdfError>(Some(SearchedPage { index, size_mm: page.geometry.seen_mm(), boxes }))
        })?;
        found.iter().map(|found| Placement::new(found.page, Corner::TopLeft, found.corner, size_mm)).collect()
    }
}

/// The keyword's boxes on a page.
fn on_page<S: ReadAt>(
    interpreter: &mut Interpreter<'_, S>,
    page: &Page,
    keyword: &Keyword,
) -> Result<Vec<[f64; 4]>, PdfError> {
    let [left, bottom, right, top] = page.geometry.visible();
    let mut text = PageText::new(Rect { left, bottom, right, top });
    interpreter.page(page, &mut text)?;
    Ok(keyword.boxes(&text, |rect| seen_box(&page.geometry, rect)))
}

/// Boxes sorted as seen, each place once.
fn in_reading_order(boxes: Vec<[f64; 4]>) -> Vec<[f64; 4]> {
    /// Of how many before it a box may be a copy.
    const NEIGHBOURS: usize = 8;
    let mut seen: Vec<([f64; 4], usize)> = boxes.into_iter().map(|place| (place, 0)).collect();
    let middle = |[_, top, _, bottom]: [f64; 4]| f64::midpoint(top, bottom);
    seen.sort_by(|(one, _), (other, _)| middle(*one).total_cmp(&middle(*other)));
    let mut line = 0;
    let mut first: Option<[f64; 4]> = None;
    for (place, number) in &mut seen {
        let half = |[_, top, _, bottom]: [f64; 4]| (bottom - top) / 2.0;
        let continues = first.is_some_and(|first| middle(*place) - middle(first) <= half(first).min(half(*place)));
        if !continues {
            line += 1;
            first = Some(*place);
        }
        *number = line;
    }
    seen.sort_by(|(one, line), (other, other_line)| line.cmp(other_line).then(one[0].total_cmp(&other[0])));
    let mut kept: Vec<[f64; 4]> = Vec::new();
    for (place, _) in seen {
        if !kept.iter().rev().take(NEIGHBOURS).any(|other| is_same_place(&place, other)) {
            kept.push(place);
        }
    }
    kept
}

/// Whether two boxes cover each other by more than half.
fn is_same_place(one: &[f64; 4], other: &[f64; 4]) -> bool {
    let area = |[left, top, right, bottom]: [f64; 4]| (right - left).max(0.0) * (bottom - top).max(0.0);
    let common = [one[0].max(other[0]), one[1].max(other[1]), one[2].min(other[2]), one[3].min(other[3])];
    let smaller = area(*one).min(area(*other));
    smaller > 0.0 && area(common) > smaller / 2.0
}
