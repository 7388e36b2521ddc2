//! The list of signatures (`Signatures.xml`) and the description of one (`Signature.xml`): GB/T 33190-2016, 18.

use super::document::Ofd;
use super::error::OfdError;
use super::limits::MAX_SIGNATURES;
use super::{path, xml};
use crate::source::ReadAt;

/// What kind of value a signature has (`Type`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A seal (GB/T 38540-2020, GM/T 0031).
    Seal,
    /// A digital signature without a seal (GB/T 35275-2017).
    Sign,
}

impl Kind {
    /// As it is written in the list.
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Seal => "Seal",
            Self::Sign => "Sign",
        }
    }
}

/// A signature in the list.
#[derive(Debug, Clone)]
pub(crate) struct Listed {
    pub(crate) id: String,
    pub(crate) kind: Kind,
    /// The list that it is in.
    pub(crate) list: String,
    /// The name of its description, if that is there.
    pub(crate) description: Option<String>,
}

/// Every signature of every document, in the order of the lists.
pub(crate) fn listed<S: ReadAt>(ofd: &Ofd<S>) -> Result<Vec<Listed>, OfdError> {
    let mut found = Vec::new();
    let mut lists: Vec<&str> = ofd.bodies.iter().filter_map(|body| body.signatures.as_deref()).collect();
    lists.dedup();
    for list in lists.into_iter().filter(|list| ofd.archive.contains(list)) {
        let bytes = ofd.read_xml(list)?;
        let document = xml::parse(xml::text(&bytes)?)?;
        for signature in xml::children(document.root_element(), "Signature") {
            if found.len() == MAX_SIGNATURES {
                return Err(OfdError::LimitExceeded { what: "signatures" });
            }
            let kind = if signature.attribute("Type") == Some(Kind::Sign.as_str()) { Kind::Sign } else { Kind::Seal };
            let location = signature.attribute("BaseLoc").unwrap_or_default();
            let description = path::find(list, location, |name| ofd.archive.contains(name)).ok().flatten();
            let id = signature.attribute("ID").unwrap_or_default().to_owned();
            found.push(Listed { id, kind, list: list.to_owned(), description });
        }
    }
    Ok(found)
}

/// What a signature says about itself.
#[derive(Debug)]
pub(crate) struct Description {
    /// Its bytes: what was signed.
    pub(crate) bytes: Vec<u8>,
    pub(crate) check_method: String,
    pub(crate) references: Vec<Reference>,
    pub(crate) stamps: Vec<StampAnnot>,
    /// Where the seal lies that it shows, if it names one.
    pub(crate) seal: Option<String>,
    /// Where its value lies, as written.
    pub(crate) value: Option<String>,
}

/// A file that a signature protects.
#[derive(Debug)]
pub(crate) struct Reference {
    /// As written.
    pub(crate) file: String,
    /// As written, in base64.
    pub(crate) check_value: String,
}

/// Where a seal is seen (`StampAnnot`).
#[derive(Debug, Clone, PartialEq)]
pub struct StampAnnot {
    /// The identifier of the page.
    pub page: String,
    /// Left, top, width and height of the whole seal on the page, mm.
    pub boundary: [f64; 4],
    /// Left, top, width and height of what is seen of it, in it, mm; all of it without.
    pub clip: Option<[f64; 4]>,
}

impl Description {
    pub(crate) fn parse(bytes: Vec<u8>) -> Result<Self, OfdError> {
        const BAD: OfdError = OfdError::Malformed { what: "the description of a signature" };
        let document = xml::parse(xml::text(&bytes)?)?;
        let root = document.root_element();
        let info = xml::child(root, "SignedInfo").ok_or(BAD)?;
        let references = xml::child(info, "References").ok_or(BAD)?;
        // The default of the standard's schema; nobody writes it.
        let check_method = references.attribute("CheckMethod").unwrap_or("MD5").to_owned();
        let read = |node| {
            let file = roxmltree::Node::attribute(&node, "FileRef")?.to_owned();
            Some(Reference { file, check_value: xml::child_text(node, "CheckValue")?.to_owned() })
        };
        let references = xml::children(references, "Reference").map(read).collect::<Option<Vec<_>>>().ok_or(BAD)?;
        let stamp = |node: roxmltree::Node<'_, '_>| {
            let clip = match node.attribute("Clip") {
                Some(clip) => Some(xml::box_mm(clip)?),
                None => None,
            };
            let boundary = xml::box_mm(node.attribute("Boundary")?)?;
            Some(StampAnnot { page: node.attribute("PageRef")?.to_owned(), boundary, clip })
        };
        let stamps = xml::children(info, "StampAnnot").map(stamp).collect::<Option<Vec<_>>>().ok_or(BAD)?;
        let seal = xml::child(info, "Seal").and_then(|seal| xml::child_text(seal, "BaseLoc")).map(str::to_owned);
        let value = xml::child_text(root, "SignedValue").map(str::to_owned);
        drop(document);
        Ok(Self { bytes, check_method, references, stamps, seal, value })
    }
}
