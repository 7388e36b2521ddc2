use std::collections::HashMap;
use std::num::NonZeroUsize;

use super::error::OfdError;
use super::limits::{MAX_DOCUMENTS, MAX_PAGES, MAX_XML_LEN};
use super::zip::Archive;
use super::{path, xml};
use crate::source::ReadAt;

/// The file that every package begins with (GB/T 33190-2016, 7.4).
pub(crate) const ENTRY_FILE: &str = "OFD.xml";

/// An OFD package (GB/T 33190-2016), open for sealing and verifying.
///
/// It is read by position: opening it reads the directory of the zip file and `OFD.xml`.
#[derive(Debug)]
pub struct Ofd<S> {
    pub(crate) archive: Archive<S>,
    pub(crate) bodies: Vec<Body>,
}

/// A document of the package (`DocBody`).
#[derive(Debug)]
pub(crate) struct Body {
    /// The name of its `Document.xml`.
    pub(crate) root: String,
    /// The name of its list of signatures, if it names one; it need not be there.
    pub(crate) signatures: Option<String>,
}

/// A page.
#[derive(Debug, Clone, PartialEq)]
pub struct Page {
    pub(crate) id: String,
    /// Width and height as seen, mm (`PhysicalBox`).
    pub size_mm: [f64; 2],
}

impl<S: ReadAt> Ofd<S> {
    /// Opens a package.
    ///
    /// # Errors
    /// `ofd.not-ofd`, `ofd.malformed`, `ofd.limit-exceeded`, `ofd.unsafe-name`, `ofd.encrypted`, `ofd.unsupported`,
    /// `ofd.missing-part`, `ofd.read-failed`.
    pub fn open(source: S) -> Result<Self, OfdError> {
        let archive = Archive::open(source)?;
        let Some(entry) = archive.find(ENTRY_FILE) else { return Err(OfdError::NotOfd) };
        let bytes = archive.read(entry, MAX_XML_LEN)?;
        let document = xml::parse(xml::text(&bytes)?)?;
        let mut bodies = Vec::new();
        for body in xml::children(document.root_element(), "DocBody") {
            if bodies.len() == MAX_DOCUMENTS {
                return Err(OfdError::LimitExceeded { what: "documents" });
            }
            let root =
                xml::child_text(body, "DocRoot").ok_or(OfdError::Malformed { what: "a document without root" })?;
            let signatures = xml::child_text(body, "Signatures");
            let list = |location: &str| match locate(&archive, ENTRY_FILE, location) {
                Err(OfdError::MissingPart { .. }) => path::resolve(ENTRY_FILE, location),
                found => found,
            };
            let root = locate(&archive, ENTRY_FILE, root)?;
            bodies.push(Body { root, signatures: signatures.map(list).transpose()? });
        }
        if bodies.is_empty() {
            return Err(OfdError::Malformed { what: "no document" });
        }
        Ok(Self { archive, bodies })
    }

    /// The pages of the first document, in their order.
    ///
    /// # Errors
    /// As [`Self::open`].
    pub fn pages(&self) -> Result<Vec<Page>, OfdError> {
        let refs = self.page_refs()?;
        refs.list.iter().map(|page| self.page(&refs, page)).collect()
    }

    pub(crate) fn page_refs(&self) -> Result<PageRefs, OfdError> {
        let Some(body) = self.bodies.first() else { return Err(OfdError::NotOfd) };
        let bytes = self.read_xml(&body.root)?;
        let document = xml::parse(xml::text(&bytes)?)?;
        let root = document.root_element();
        let common = xml::child(root, "CommonData").and_then(|common| xml::child(common, "PageArea"));
        let default_box = common.and_then(|area| xml::child_text(area, "PhysicalBox")).and_then(xml::box_mm);
        let templates =
            xml::child(root, "CommonData").into_iter().flat_map(|common| xml::children(common, "TemplatePage"));
        let named = |template: roxmltree::Node<'_, '_>| {
            Some((template.attribute("ID")?.to_owned(), template.attribute("BaseLoc")?.to_owned()))
        };
        let templates = templates.filter_map(named).collect();
        let mut list = Vec::new();
        for page in xml::child(root, "Pages").into_iter().flat_map(|pages| xml::children(pages, "Page")) {
            if list.len() == MAX_PAGES {
                return Err(OfdError::LimitExceeded { what: "pages" });
            }
            let (Some(id), Some(location)) = (page.attribute("ID"), page.attribute("BaseLoc")) else {
                return Err(OfdError::Malformed { what: "a page without name or place" });
            };
            list.push(PageRef { id: id.to_owned(), name: locate(&self.archive, &body.root, location)? });
        }
        Ok(PageRefs { list, default_box, templates, root: body.root.clone() })
    }

    pub(crate) fn page(&self, refs: &PageRefs, page: &PageRef) -> Result<Page, OfdError> {
        let bytes = self.read_xml(&page.name)?;
        let document = xml::parse(xml::text(&bytes)?)?;
        refs.describe(page, document.root_element())
    }

    pub(crate) fn read_xml(&self, name: &str) -> Result<Vec<u8>, OfdError> {
        self.read_part(name, MAX_XML_LEN)
    }

    pub(crate) fn read_part(&self, name: &str, most: u64) -> Result<Vec<u8>, OfdError> {
        let entry = self.archive.find(name).ok_or_else(|| OfdError::MissingPart { name: name.to_owned() })?;
        self.archive.read(entry, most)
    }
}

/// The pages of a document, their sizes not yet known.
pub(crate) struct PageRefs {
    pub(crate) list: Vec<PageRef>,
    default_box: Option<[f64; 4]>,
    /// Places of templates as written, by their identifiers.
    pub(crate) templates: HashMap<String, String>,
    root: String,
}

impl PageRefs {
    /// The name of `Document.xml`, which they are named in.
    pub(crate) fn root(&self) -> &str {
        &self.root
    }

    /// A page whose content begins at `root`.
    pub(crate) fn describe(&self, page: &PageRef, root: roxmltree::Node<'_, '_>) -> Result<Page, OfdError> {
        let area = xml::child(root, "Area");
        let own = area.and_then(|area| xml::child_text(area, "PhysicalBox")).and_then(xml::box_mm);
        let [_, _, width, height] =
            own.or(self.default_box).ok_or(OfdError::Malformed { what: "a page without size" })?;
        Ok(Page { id: page.id.clone(), size_mm: [width, height] })
    }

    /// The number of a page, from 1.
    pub(crate) fn number_of(&self, id: &str) -> Option<usize> {
        self.list.iter().position(|page| page.id == id).map(|position| position + 1)
    }

    /// The page of a number that counts from 1, or back from -1.
    pub(crate) fn get(&self, number: i32) -> Result<&PageRef, OfdError> {
        let from_one = NonZeroUsize::new(number.unsigned_abs() as usize);
        let position = from_one.and_then(|from_one| match number {
            1.. => Some(from_one.get() - 1),
            _ => self.list.len().checked_sub(from_one.get()),
        });
        let page = position.and_then(|position| self.list.get(position));
        page.ok_or(OfdError::NoSuchPage { page: number, pages: self.list.len() })
    }
}

pub(crate) struct PageRef {
    id: String,
    pub(crate) name: String,
}

/// The name of what a file names, which has to be there.
pub(crate) fn locate<S: ReadAt>(archive: &Archive<S>, base: &str, location: &str) -> Result<String, OfdError> {
    let found = path::find(base, location, |name| archive.contains(name))?;
    found.ok_or_else(|| OfdError::MissingPart { name: location.to_owned() })
}
