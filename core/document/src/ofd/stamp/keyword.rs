//! Placing a seal on a word of the document (关键字定位): the same words as in PDF, over the text of OFD pages.

use super::mark::Mark;
use crate::ofd::document::Ofd;
use crate::ofd::error::OfdError;
use crate::pdf::content::matrix::Rect;
use crate::pdf::place::keyword::SearchedPage;
use crate::pdf::{Keyword, PageIndex};
use crate::source::ReadAt;

impl<S: ReadAt> Ofd<S> {
    /// Where a seal of `size_mm` (width, height) goes so that it lies on a keyword: in the text of pages and their templates. Pages
    /// are read one after the other, and none behind the one that answers; for [`Occurrence::Last`](crate::pdf::Occurrence::Last)
    /// from the end. The seal is kept on the page, if it is not larger than the page. Text without widths of its own is measured by
    /// the size of its letters, half of it for Latin ones; text of annotations is not looked at.
    ///
    /// # Errors
    /// `ofd.keyword-not-found`, `ofd.outside-page` for a size or an offset that is none, `ofd.limit-exceeded`, and as
    /// [`Self::pages`].
    pub fn find_keyword(&self, keyword: &Keyword, size_mm: [f64; 2]) -> Result<Vec<Mark>, OfdError> {
        let pages = self.page_refs()?;
        let mut numbers: Box<dyn Iterator<Item = usize>> = if keyword.is_from_the_end() {
            Box::new((0..pages.list.len()).rev())
        } else {
            Box::new(0..pages.list.len())
        };
        let found = keyword.choose(size_mm, || {
            let Some(number) = numbers.next() else { return Ok::<_, OfdError>(None) };
            let (page, text) = self.page_text(&pages, &pages.list[number])?;
            let index = PageIndex::new(i32::try_from(number + 1).unwrap_or(i32::MAX));
            let boxes = keyword.boxes(&text, as_seen);
            Ok(Some(SearchedPage { index, size_mm: page.size_mm, boxes }))
        })?;
        found.into_iter().map(|found| Mark::new(found.page, found.corner, size_mm)).collect()
    }
}

/// Texts are compared in coordinates that grow upwards; pages of OFD grow downwards.
fn as_seen(rect: &Rect) -> [f64; 4] {
    [rect.left, -rect.top, rect.right, -rect.bottom]
}
