//! Every page, one after the other, without keeping those before.

use std::collections::HashSet;
use std::rc::Rc;

use crate::source::ReadAt;

use crate::pdf::error::PdfError;
use crate::pdf::limits::MAX_TREE_NODES;
use crate::pdf::place::page::{Inherited, Page, PageIndex, is_page, kids, page, root, with_own_values};
use crate::pdf::read::reader::Reader;
use crate::pdf::syntax::object::Value;
use crate::pdf::syntax::token::ObjectId;

/// From which end pages are walked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Order {
    /// Counted 1, 2, 3.
    Forward,
    /// Counted -1, -2, -3.
    Backward,
}

/// Walks over the pages of a file.
#[derive(Debug)]
pub(crate) struct Walk<'r, S> {
    reader: &'r Reader<S>,
    order: Order,
    open: Vec<Open>,
    seen: HashSet<ObjectId>,
    visited: usize,
    pages: i32,
}

/// A node not looked at yet.
#[derive(Debug)]
struct Open {
    kid: Value,
    above: Rc<Inherited>,
}

impl<'r, S: ReadAt> Walk<'r, S> {
    pub(crate) fn new(reader: &'r Reader<S>, order: Order) -> Result<Self, PdfError> {
        let root = root(reader)?;
        let first = Open { kid: root.dictionary, above: Rc::default() };
        Ok(Self { reader, order, open: vec![first], seen: HashSet::new(), visited: 0, pages: 0 })
    }

    /// The next page and how it is counted; `None` behind the last.
    pub(crate) fn next(&mut self) -> Result<Option<(PageIndex, Page)>, PdfError> {
        while let Some(Open { kid, above }) = self.open.pop() {
            self.visited += 1;
            if self.visited > MAX_TREE_NODES {
                return Err(PdfError::LimitExceeded { what: "nodes of the page tree" });
            }
            let id = kid.reference();
            let node = with_own_values(id, self.reader.resolve(kid)?, &above);
            let Some(kids) = kids(self.reader, &node.dictionary)? else {
                if !is_page(&node.dictionary) {
                    continue;
                }
                self.pages += 1;
                let number = if self.order == Order::Forward { self.pages } else { -self.pages };
                return Ok(Some((PageIndex::new(number), page(self.reader, node)?)));
            };
            // A node inside itself holds nothing new. Depth costs no stack.
            if id.is_some_and(|id| !self.seen.insert(id)) {
                continue;
            }
            let above = Rc::new(node.inherited);
            let from = self.open.len();
            self.open.extend(kids.children().map(|kid| Open { kid, above: Rc::clone(&above) }));
            // The last of the list is looked at first.
            if self.order == Order::Forward {
                self.open[from..].reverse();
            }
        }
        Ok(None)
    }
}
