//! Finding a page, and what it looks like to whoever looks at it (ISO 32000-2, 7.7.3).

pub(crate) mod walk;

use std::collections::HashSet;

use crate::source::ReadAt;

use crate::pdf::error::PdfError;
use crate::pdf::limits::{MAX_PAGE_TREE_DEPTH, MAX_TREE_NODES};
use crate::pdf::place::{Geometry, Rotation};
use crate::pdf::read::reader::Reader;
use crate::pdf::syntax::object::{Object, Value};
use crate::pdf::syntax::token::ObjectId;

/// Which page: counted from 1, or `-1` for the last.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PageIndex(i32);

impl PageIndex {
    /// The last page.
    pub const LAST: Self = Self(-1);

    /// Page `number` counted from 1; `-1` is the last page, `-2` the one before, and so on. `0` is no page and is
    /// refused as such (`pdf.no-such-page`) when a file is at hand.
    #[must_use]
    pub const fn new(number: i32) -> Self {
        Self(number)
    }

    /// The number as given.
    #[must_use]
    pub const fn get(self) -> i32 {
        self.0
    }

    /// Counted from 0, in a file of `pages` pages.
    pub(super) fn position(self, pages: u32) -> Option<u32> {
        let position = if self.0 > 0 { i64::from(self.0) - 1 } else { i64::from(pages) + i64::from(self.0) };
        u32::try_from(position).ok().filter(|position| self.0 != 0 && *position < pages)
    }
}

/// A page and where its object is.
#[derive(Debug, Clone)]
pub(crate) struct Page {
    pub(crate) id: ObjectId,
    pub(crate) dictionary: Value,
    pub(crate) geometry: Geometry,
    /// Fonts, images and forms that its content names.
    pub(crate) resources: Value,
}

impl Page {
    /// Whether it says that it is a page.
    pub(crate) fn says_so(&self) -> bool {
        is_called_page(&self.dictionary)
    }
}

fn is_called_page(value: &Value) -> bool {
    value.get("Type").is_some_and(|kind| kind.is_name(b"Page"))
}

/// What pages take over from the nodes above them.
#[derive(Debug, Clone, Default)]
struct Inherited {
    media_box: Option<Value>,
    crop_box: Option<Value>,
    rotate: Option<Value>,
    resources: Option<Value>,
}

impl Inherited {
    fn take(&mut self, node: &Value) {
        let newer = |key: &str, kept: &mut Option<Value>| {
            if let Some(value) = node.get(key).filter(|value| !value.is_null()) {
                *kept = Some(value);
            }
        };
        newer("MediaBox", &mut self.media_box);
        newer("CropBox", &mut self.crop_box);
        newer("Rotate", &mut self.rotate);
        newer("Resources", &mut self.resources);
    }
}

/// A node of the page tree and what it takes over.
#[derive(Debug, Clone)]
struct Node {
    /// `None` for a node that is not an indirect object.
    id: Option<ObjectId>,
    dictionary: Value,
    /// Its own values included.
    inherited: Inherited,
}

/// How many pages there are.
pub(crate) fn count<S: ReadAt>(reader: &Reader<S>) -> Result<u32, PdfError> {
    let root = root(reader)?;
    match announced(reader, &root.dictionary)? {
        Some(count) => Ok(count),
        None => Ok(u32::try_from(leaves(reader, root)?.len()).unwrap_or(u32::MAX)),
    }
}

pub(crate) fn find<S: ReadAt>(reader: &Reader<S>, index: PageIndex) -> Result<Page, PdfError> {
    let root = root(reader)?;
    // `/Count` leads straight to the page. Where it is wrong, the whole tree is walked.
    let counted = match announced(reader, &root.dictionary)?.and_then(|pages| index.position(pages)) {
        Some(position) => descend(reader, root.clone(), position)?,
        None => None,
    };
    let node = if let Some(node) = counted { node } else { by_walking(reader, root, index)? };
    page(reader, node)
}

/// The page that an annotation is on: the one it names (`/P`), or else the one that lists it.
pub(crate) fn holding<S: ReadAt>(
    reader: &Reader<S>,
    id: ObjectId,
    annotation: &Value,
) -> Result<Option<Page>, PdfError> {
    if let Some(named) = annotation.get("P").and_then(|page| page.reference())
        && let Some(node) = climb(reader, named)?
    {
        return page(reader, node).map(Some);
    }
    for leaf in leaves(reader, root(reader)?)? {
        let annotations = reader.lookup(&leaf.dictionary, "Annots")?.elements();
        if annotations.iter().any(|listed| listed.reference() == Some(id)) {
            return page(reader, leaf).map(Some);
        }
    }
    Ok(None)
}

/// Whether an object is a page: it says so, or whatever it says, the page tree leads to it as to a page.
pub(crate) fn is_one<S: ReadAt>(reader: &Reader<S>, id: ObjectId, value: &Value) -> Result<bool, PdfError> {
    if is_called_page(value) {
        return Ok(true);
    }
    let root = reader.catalog()?.get("Pages").and_then(|pages| pages.reference());
    let (mut below, mut node) = (id, value.clone());
    if !is_page(&node) || node.object().stream.is_some() {
        return Ok(false);
    }
    for _ in 0..MAX_PAGE_TREE_DEPTH {
        if Some(below) == root {
            return Ok(true);
        }
        let (Some(above), parent) = reader.locate(node.get("Parent"))? else { return Ok(false) };
        if !reader.lookup(&parent, "Kids")?.references().any(|kid| kid == below) {
            return Ok(false);
        }
        (below, node) = (above, parent);
    }
    Ok(false)
}

/// A page by its object, with what it takes over from those above it.
fn climb<S: ReadAt>(reader: &Reader<S>, id: ObjectId) -> Result<Option<Node>, PdfError> {
    let dictionary = reader.get(id)?;
    if !is_page(&dictionary) || !reader.lookup(&dictionary, "Type")?.is_name(b"Page") {
        return Ok(None);
    }
    let mut line = vec![dictionary.clone()];
    let mut above = reader.lookup(&dictionary, "Parent")?;
    while above.is_dictionary() {
        if line.len() > MAX_PAGE_TREE_DEPTH {
            return Err(PdfError::LimitExceeded { what: "levels of the page tree" });
        }
        line.push(above.clone());
        above = reader.lookup(&above, "Parent")?;
    }
    let mut inherited = Inherited::default();
    line.iter().rev().for_each(|node| inherited.take(node));
    Ok(Some(Node { id: Some(id), dictionary, inherited }))
}

/// The number of a page, counted from 1.
pub(crate) fn number<S: ReadAt>(reader: &Reader<S>, page: &Page) -> Result<Option<PageIndex>, PdfError> {
    let position = leaves(reader, root(reader)?)?.iter().position(|leaf| leaf.id == Some(page.id));
    Ok(position.and_then(|position| i32::try_from(position + 1).ok()).map(PageIndex::new))
}

/// Every page, in order.
pub(crate) fn every<S: ReadAt>(reader: &Reader<S>) -> Result<Vec<Page>, PdfError> {
    leaves(reader, root(reader)?)?.into_iter().map(|leaf| page(reader, leaf)).collect()
}

/// Pages of which it is looked whether they share something.
const MAX_SHARING_PAGES: u32 = 1_000;

/// Which of these lists of annotations, and of the form's list of fields, are those of more than one page, or of a page and the
/// form; in a file with very many pages, all lists of annotations are taken to be.
pub(crate) fn shared_lists<S: ReadAt>(
    reader: &Reader<S>,
    lists: &HashSet<ObjectId>,
    of_form: Option<ObjectId>,
) -> HashSet<ObjectId> {
    if lists.is_empty() && of_form.is_none() {
        return HashSet::new();
    }
    let are_few = count(reader).is_ok_and(|pages| pages <= MAX_SHARING_PAGES);
    let every = are_few.then(|| root(reader).and_then(|root| leaves(reader, root)));
    let Some(Ok(every)) = every else { return lists.clone() };
    let mut seen: HashSet<ObjectId> = of_form.into_iter().collect();
    let mut pages = HashSet::new();
    let own = every.iter().filter(|page| page.id.is_none_or(|id| pages.insert(id)));
    let named = own.filter_map(|page| page.dictionary.get("Annots")?.reference());
    let named = named.filter(|list| lists.contains(list) || of_form == Some(*list));
    named.filter(|list| !seen.insert(*list)).collect()
}

/// So many pages are looked for one by one; for more, the tree is walked once.
const FEW_PAGES: usize = 4;

/// Pages looked up by their number.
pub(crate) struct Pages<'r, S> {
    reader: &'r Reader<S>,
    every: Option<Vec<Page>>,
}

impl<'r, S: ReadAt> Pages<'r, S> {
    /// To look up about `count` pages.
    pub(crate) fn of(reader: &'r Reader<S>, count: usize) -> Self {
        // A tree that cannot be walked to its end may still lead to the pages asked for.
        Self { reader, every: (count > FEW_PAGES).then(|| every(reader).ok()).flatten() }
    }

    pub(crate) fn find(&self, index: PageIndex) -> Result<Page, PdfError> {
        let Some(every) = &self.every else { return find(self.reader, index) };
        let pages = u32::try_from(every.len()).unwrap_or(u32::MAX);
        let page = index.position(pages).and_then(|position| every.get(position as usize)).cloned();
        page.ok_or(PdfError::NoSuchPage { page: index.get(), pages })
    }
}

fn page<S: ReadAt>(reader: &Reader<S>, node: Node) -> Result<Page, PdfError> {
    let damaged = |what| PdfError::DamagedObject { offset: node.dictionary.object().offset.unwrap_or_default(), what };
    let id = node.id.ok_or(damaged("a page that is no indirect object"))?;
    if id == reader.root_id()? {
        return Err(damaged("a page that is the catalog"));
    }
    if !node.dictionary.is_dictionary() || node.dictionary.object().stream.is_some() {
        return Err(damaged("a page that is no dictionary"));
    }
    let geometry = geometry(reader, &node)?;
    let resources = match node.inherited.resources {
        Some(resources) => reader.resolve(resources)?,
        None => Object::null().root(),
    };
    Ok(Page { id, dictionary: node.dictionary, geometry, resources })
}

fn by_walking<S: ReadAt>(reader: &Reader<S>, root: Node, index: PageIndex) -> Result<Node, PdfError> {
    let leaves = leaves(reader, root)?;
    let pages = u32::try_from(leaves.len()).unwrap_or(u32::MAX);
    let page = index.position(pages).and_then(|position| leaves.into_iter().nth(position as usize));
    page.ok_or(PdfError::NoSuchPage { page: index.get(), pages })
}

fn root<S: ReadAt>(reader: &Reader<S>) -> Result<Node, PdfError> {
    let catalog = reader.catalog()?;
    let id = catalog.get("Pages").and_then(|pages| pages.reference());
    let dictionary = reader.lookup(&catalog, "Pages")?;
    Ok(with_own_values(id, dictionary, &Inherited::default()))
}

fn with_own_values(id: Option<ObjectId>, dictionary: Value, above: &Inherited) -> Node {
    let mut inherited = above.clone();
    inherited.take(&dictionary);
    Node { id, dictionary, inherited }
}

fn announced<S: ReadAt>(reader: &Reader<S>, node: &Value) -> Result<Option<u32>, PdfError> {
    Ok(reader.lookup(node, "Count")?.unsigned::<u32>())
}

/// The references to what is below a node, or `None` at a page.
fn kids<S: ReadAt>(reader: &Reader<S>, node: &Value) -> Result<Option<Value>, PdfError> {
    Ok(Some(reader.lookup(node, "Kids")?).filter(Value::is_array))
}

fn child<S: ReadAt>(reader: &Reader<S>, parent: &Node, kid: Value) -> Result<Node, PdfError> {
    let id = kid.reference();
    Ok(with_own_values(id, reader.resolve(kid)?, &parent.inherited))
}

/// Down to page `position`, counted from 0, trusting `/Count`; `None` if that leads nowhere.
fn descend<S: ReadAt>(reader: &Reader<S>, root: Node, position: u32) -> Result<Option<Node>, PdfError> {
    let mut node = root;
    let mut remaining = position;
    for _ in 0..MAX_PAGE_TREE_DEPTH {
        let Some(kids) = kids(reader, &node.dictionary)? else {
            return Ok(Some(node).filter(|node| remaining == 0 && is_page(&node.dictionary)));
        };
        let kids = kids.elements();
        let all_pages = announced(reader, &node.dictionary)?.is_some_and(|count| count as usize == kids.len());
        let mut next = None;
        if let Some(kid) = kids.get(remaining as usize).filter(|_| all_pages) {
            let page = child(reader, &node, kid.clone())?;
            if is_page(&page.dictionary) {
                return Ok(Some(page));
            }
        }
        for kid in kids {
            let below = child(reader, &node, kid)?;
            let holds = match announced(reader, &below.dictionary)? {
                _ if is_page(&below.dictionary) => 1,
                Some(count) => count,
                None => return Ok(None),
            };
            if remaining < holds {
                next = Some(below);
                break;
            }
            remaining -= holds;
        }
        match next {
            Some(below) => node = below,
            None => return Ok(None),
        }
    }
    Err(PdfError::LimitExceeded { what: "levels of the page tree" })
}

fn is_page(node: &Value) -> bool {
    node.is_dictionary() && node.get("Kids").is_none()
}

/// Every page, in order, whatever `/Count` says.
fn leaves<S: ReadAt>(reader: &Reader<S>, root: Node) -> Result<Vec<Node>, PdfError> {
    let mut pages = Vec::new();
    let mut seen = HashSet::new();
    let mut visited = 0_usize;
    let mut open = vec![(root, 0_usize)];
    while let Some((node, depth)) = open.pop() {
        visited += 1;
        if visited > MAX_TREE_NODES {
            return Err(PdfError::LimitExceeded { what: "nodes of the page tree" });
        }
        let Some(kids) = kids(reader, &node.dictionary)? else {
            if is_page(&node.dictionary) {
                pages.push(node);
            }
            continue;
        };
        let is_new = node.id.is_none_or(|id| seen.insert(id));
        if depth >= MAX_PAGE_TREE_DEPTH || !is_new {
            return Err(PdfError::LimitExceeded { what: "levels of the page tree" });
        }
        for kid in kids.elements().into_iter().rev() {
            open.push((child(reader, &node, kid)?, depth + 1));
        }
    }
    Ok(pages)
}

fn geometry<S: ReadAt>(reader: &Reader<S>, page: &Node) -> Result<Geometry, PdfError> {
    let rectangle = |value: &Option<Value>| match value {
        Some(value) => read_box(reader, value.clone()),
        None => Ok(None),
    };
    let media_box = rectangle(&page.inherited.media_box)?;
    let crop_box = rectangle(&page.inherited.crop_box)?;
    let rotate = match &page.inherited.rotate {
        Some(value) => reader.resolve(value.clone())?.number().unwrap_or(0.0),
        None => 0.0,
    };
    // Not inherited (ISO 32000-2, table 31).
    let user_unit = reader.lookup(&page.dictionary, "UserUnit")?.number();
    Ok(Geometry::new(media_box, crop_box, Rotation::from_degrees(rotate), user_unit))
}

pub(crate) fn read_box<S: ReadAt>(reader: &Reader<S>, value: Value) -> Result<Option<[f64; 4]>, PdfError> {
    let mut corners = [0.0; 4];
    let elements = reader.resolve(value)?.elements();
    if elements.len() < 4 {
        return Ok(None);
    }
    for (corner, element) in corners.iter_mut().zip(elements) {
        let Some(number) = reader.resolve(element)?.number() else { return Ok(None) };
        *corner = number;
    }
    Ok(Some(corners))
}
