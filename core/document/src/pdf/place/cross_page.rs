//! The cross-page seal (骑缝章): one seal cut across the edges of many pages, so that none can be exchanged unseen.

use std::collections::HashSet;
use std::num::NonZeroU32;

use crate::pdf::appearance::picture::{Part, Picture};
use crate::pdf::document::Pdf;
use crate::pdf::error::PdfError;
use crate::pdf::limits::MAX_MARKS;
use crate::pdf::place::page::{Page, PageIndex};
use crate::pdf::place::{Corner, Placement};
use crate::pdf::sign::marks::Mark;
use crate::source::ReadAt;

/// Slices are not made thinner than this, mm: about what can still be held against the next page's.
const THINNEST_SLICE_MM: f64 = 2.0;

/// The edge of the pages as seen.
///
/// The slices follow each other as on a fanned stack whose first page lies on top: from left to right on the right edge, from
/// top to bottom on the bottom edge, and the other way round on the left and top edges.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// The left edge.
    Left,
    /// The right edge.
    Right,
    /// The top edge.
    Top,
    /// The bottom edge.
    Bottom,
}

impl Side {
    const fn is_upright(self) -> bool {
        matches!(self, Self::Left | Self::Right)
    }
}

/// Which page of a bound document is alone on its side.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Opening {
    /// Page 1 is a cover: 2 and 3 face each other, then 4 and 5.
    Cover,
    /// There is no cover: 1 and 2 face each other, then 3 and 4.
    Spread,
}

/// Which pages take part.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum PageChoice {
    /// Every page.
    #[default]
    All,
    /// Pages 1, 3, 5: the fronts of sheets printed on both sides.
    Odd,
    /// Pages 2, 4, 6: the backs.
    Even,
    /// These, in the order of the file; one named twice counts once.
    These(Vec<PageIndex>),
}

/// Where on the edge the middle of the seal is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Along {
    /// This far from the top (of left and right edges) or from the left (of top and bottom edges), mm.
    Millimetres(f64),
    /// This share of the edge, 0 to 1; of the shortest edge where pages differ in size, so that the slices of a stack meet.
    Fraction(f64),
}

/// Whether blank margins of the picture are part of the seal that is cut.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Margins {
    /// Cut off first, so that the first and the last page have a slice with something on it.
    #[default]
    Trimmed,
    /// Cut like the rest.
    Kept,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Layout {
    /// One slice for each page, on the same side of all.
    Fanned(Side),
    /// Two halves for each pair of pages that face each other, left and right of the fold.
    Facing(Opening),
}

/// A seal to be cut, and how. The size is that of the box which the whole picture fits in.
#[derive(Debug, Clone)]
#[must_use]
pub struct CrossPage<'a> {
    picture: Picture<'a>,
    size_mm: [f64; 2],
    layout: Layout,
    pages: PageChoice,
    along: Along,
    inset_mm: f64,
    thinnest_mm: f64,
    most_pages: Option<NonZeroU32>,
    margins: Margins,
}

impl<'a> CrossPage<'a> {
    /// A seal of `size_mm` (width, height) in slices along one side of all pages, its middle at the middle of the edge.
    pub fn new(picture: impl Into<Picture<'a>>, side: Side, size_mm: [f64; 2]) -> Self {
        Self::with(picture.into(), Layout::Fanned(side), size_mm)
    }

    /// A whole seal of `size_mm` across the fold of each pair of pages that face each other, half on either page.
    pub fn facing(picture: impl Into<Picture<'a>>, opening: Opening, size_mm: [f64; 2]) -> Self {
        Self::with(picture.into(), Layout::Facing(opening), size_mm)
    }

    const fn with(picture: Picture<'a>, layout: Layout, size_mm: [f64; 2]) -> Self {
        Self {
            picture,
            size_mm,
            layout,
            pages: PageChoice::All,
            along: Along::Fraction(0.5),
            inset_mm: 0.0,
            thinnest_mm: THINNEST_SLICE_MM,
            most_pages: None,
            margins: Margins::Trimmed,
        }
    }

    /// Only on these pages. Of facing pages both must be named, or neither has a half.
    pub fn pages(mut self, pages: PageChoice) -> Self {
        self.pages = pages;
        self
    }

    /// Where on the edge.
    pub const fn along(mut self, along: Along) -> Self {
        self.along = along;
        self
    }

    /// Away from the edge by this much, mm: for printers that leave a white margin.
    pub const fn inset_mm(mut self, inset_mm: f64) -> Self {
        self.inset_mm = inset_mm;
        self
    }

    /// No slice thinner than this, mm (2 unless told): over more pages the seal is repeated, each time over as many pages.
    pub const fn thinnest_slice_mm(mut self, thinnest_mm: f64) -> Self {
        self.thinnest_mm = thinnest_mm;
        self
    }

    /// No seal cut over more pages than this; one page left over joins the last seal.
    pub const fn pages_per_seal(mut self, most_pages: NonZeroU32) -> Self {
        self.most_pages = Some(most_pages);
        self
    }

    /// What becomes of blank margins of the picture.
    pub const fn margins(mut self, margins: Margins) -> Self {
        self.margins = margins;
        self
    }

    /// The slices for a file, in the order of its pages: all in one request
    /// ([`StampRequest::marks`](crate::pdf::StampRequest::marks)) for one signature, which is what later signers should do
    /// too; or each in its own for one signature a page.
    ///
    /// # Errors
    /// `pdf.too-few-pages` if there are fewer than two pages to cut a seal over, `pdf.no-such-page`, `pdf.empty-placement` for a
    /// size or distance that makes no sense, `pdf.outside-page` if the seal is longer than an edge or sticks out at its end,
    /// `pdf.limit-exceeded` over [`MAX_MARKS`] slices, and as [`Pdf::open`].
    pub fn marks<S: ReadAt>(&self, pdf: &Pdf<S>) -> Result<Vec<Mark<'a>>, PdfError> {
        let pages = pdf.pages()?;
        let groups = match self.layout {
            Layout::Fanned(side) => self.fans(&self.chosen(&pages)?, side)?,
            Layout::Facing(opening) => pairs(&self.chosen(&pages)?, opening),
        };
        let slices: usize = groups.iter().map(Vec::len).sum();
        if slices == 0 {
            return Err(PdfError::TooFewPages);
        }
        if slices > MAX_MARKS {
            return Err(PdfError::LimitExceeded { what: "slices of a cross-page seal" });
        }
        let mut marks = Vec::with_capacity(slices);
        for group in groups {
            self.cut(&group, &mut marks)?;
        }
        Ok(marks)
    }

    /// The pages that take part, each once, in the order of the file.
    fn chosen<'p>(&self, pages: &'p [Page]) -> Result<Vec<Leaf<'p>>, PdfError> {
        let count = u32::try_from(pages.len()).unwrap_or(u32::MAX);
        let named = match &self.pages {
            PageChoice::These(named) => {
                let position = |page: &PageIndex| {
                    page.position(count).ok_or(PdfError::NoSuchPage { page: page.get(), pages: count })
                };
                Some(named.iter().map(position).collect::<Result<HashSet<u32>, _>>()?)
            }
            _ => None,
        };
        // A page that is in the tree twice is one page to write on.
        let mut seen = HashSet::new();
        let leaves = (1_i32..).zip(pages).filter(|(number, page)| {
            let is_chosen = match &self.pages {
                PageChoice::All => true,
                PageChoice::Odd => number % 2 == 1,
                PageChoice::Even => number % 2 == 0,
                PageChoice::These(_) => named
                    .as_ref()
                    .is_some_and(|named| u32::try_from(number - 1).is_ok_and(|position| named.contains(&position))),
            };
            is_chosen && seen.insert(page.id)
        });
        Ok(leaves.map(|(number, page)| Leaf { number, page }).collect())
    }

    /// What is cut, and how large it is, mm.
    fn cutting(&self) -> Result<(Part, [f64; 2]), PdfError> {
        let is_usable = self.size_mm.iter().all(|mm| mm.is_finite() && *mm > 0.0)
            && self.inset_mm.is_finite()
            && self.inset_mm >= 0.0
            && self.thinnest_mm.is_finite();
        if !is_usable {
            return Err(PdfError::EmptyPlacement);
        }
        let part = match self.margins {
            Margins::Trimmed => self.picture.inked(),
            Margins::Kept => Part::WHOLE,
        };
        let [width, height] = self.picture.size();
        let scale = (self.size_mm[0] / width).min(self.size_mm[1] / height);
        Ok((part, [width * scale * part.width(), height * scale * part.height()]))
    }

    /// As few seals as thickness and count allow, over as equal numbers of pages as there can be.
    fn fans<'p>(&self, leaves: &[Leaf<'p>], side: Side) -> Result<Vec<Vec<Slice<'p>>>, PdfError> {
        if leaves.len() < 2 {
            return Ok(Vec::new());
        }
        let (_, [width, height]) = self.cutting()?;
        let thickness = if side.is_upright() { width } else { height };
        let mut most = whole(thickness / self.thinnest_mm.max(f64::MIN_POSITIVE)).max(2);
        if let Some(asked) = self.most_pages {
            most = most.min(asked.get() as usize).max(2);
        }
        // Never a seal for a page alone.
        let seals = leaves.len().div_ceil(most).min(leaves.len() / 2);
        let mut groups = Vec::with_capacity(seals);
        for seal in 0..seals {
            let group = &leaves[leaves.len() * seal / seals..leaves.len() * (seal + 1) / seals];
            groups.push(group.iter().map(|leaf| Slice { leaf: *leaf, side }).collect());
        }
        Ok(groups)
    }

    /// One seal over the pages of a group.
    fn cut(&self, group: &[Slice<'_>], marks: &mut Vec<Mark<'a>>) -> Result<(), PdfError> {
        let (part, [width, height]) = self.cutting()?;
        let count = u32::try_from(group.len()).unwrap_or(u32::MAX);
        for (index, Slice { leaf, side }) in (0..).zip(group) {
            let reversed = matches!(self.layout, Layout::Fanned(Side::Left | Side::Top));
            let nth = if reversed { count - 1 - index } else { index };
            let (part, size) = if side.is_upright() {
                (part.column(nth, count), [width / f64::from(count), height])
            } else {
                (part.row(nth, count), [width, height / f64::from(count)])
            };
            let offsets = self.offsets(group, *side, size)?;
            let corner = match side {
                Side::Left | Side::Top => Corner::TopLeft,
                Side::Right => Corner::TopRight,
                Side::Bottom => Corner::BottomLeft,
            };
            let place = Placement::new(PageIndex::new(leaf.number), corner, offsets, size)?;
            marks.push(Mark::of_part(self.picture, part, place));
        }
        Ok(())
    }

    /// How far a slice is from the corner, on pages that all have room for it.
    fn offsets(&self, group: &[Slice<'_>], side: Side, size_mm: [f64; 2]) -> Result<[f64; 2], PdfError> {
        let (along, across) = if side.is_upright() { (1, 0) } else { (0, 1) };
        let shortest = |axis: usize| {
            group.iter().map(|slice| slice.leaf.page.geometry.seen_mm()[axis]).fold(f64::INFINITY, f64::min)
        };
        let middle = match self.along {
            Along::Millimetres(mm) => mm,
            Along::Fraction(share) => share * shortest(along),
        };
        if !middle.is_finite() {
            return Err(PdfError::EmptyPlacement);
        }
        let start = middle - size_mm[along] / 2.0;
        // The last bit of a float is no overhang.
        let fits = start >= -1e-6
            && start + size_mm[along] <= shortest(along) + 1e-6
            && self.inset_mm + size_mm[across] <= shortest(across) + 1e-6;
        if !fits {
            return Err(PdfError::OutsidePage);
        }
        Ok(if side.is_upright() { [self.inset_mm, start] } else { [start, self.inset_mm] })
    }
}

/// A page that takes part.
#[derive(Debug, Clone, Copy)]
struct Leaf<'p> {
    /// Counted from 1.
    number: i32,
    page: &'p Page,
}

/// A page, and which of its edges a slice goes to.
#[derive(Debug, Clone, Copy)]
struct Slice<'p> {
    leaf: Leaf<'p>,
    side: Side,
}

fn pairs<'p>(leaves: &[Leaf<'p>], opening: Opening) -> Vec<Vec<Slice<'p>>> {
    let is_left = |leaf: &Leaf<'_>| (leaf.number % 2 == 0) == (opening == Opening::Cover);
    let facing = leaves.windows(2).filter(|pair| is_left(&pair[0]) && pair[0].number + 1 == pair[1].number);
    let halves =
        |pair: &[Leaf<'p>]| vec![Slice { leaf: pair[0], side: Side::Right }, Slice { leaf: pair[1], side: Side::Left }];
    facing.map(halves).collect()
}

/// A quotient without its fraction, at most the limit.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped to 0..=MAX_MARKS first")]
fn whole(quotient: f64) -> usize {
    // A seal of 42 mm has 21 slices of 2 mm, whatever the last bit of the division.
    (quotient + 1e-9).clamp(0.0, 10_000.0) as usize
}
