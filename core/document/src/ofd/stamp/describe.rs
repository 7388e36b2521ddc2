//! The files that a signature adds, and what it changes in others: as texts, so that everything else in them stays as it is.

use eseal_crypto::cert::UnixTime;

use crate::ofd::error::OfdError;
use crate::ofd::signature::{Kind, StampAnnot};
use crate::ofd::xml;

const HEAD: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";
/// Signatures of SM2 with SM3.
const SIGNATURE_METHOD: &str = "1.2.156.10197.1.501";
/// As most readers know it, one of which knows nothing else.
const CHECK_METHOD: &str = "SM3";

/// What goes into `Signature.xml`.
pub(super) struct Facts<'a> {
    /// The first identifier of the places where the seal is seen.
    pub(super) first_id: u64,
    pub(super) time: UnixTime,
    /// Names of files and their digests in base64.
    pub(super) references: &'a [(String, String)],
    pub(super) stamps: &'a [StampAnnot],
    /// The name of the seal, if there is one.
    pub(super) seal: Option<&'a str>,
    pub(super) value: &'a str,
}

impl Facts<'_> {
    pub(super) fn to_xml(&self) -> String {
        let version = env!("CARGO_PKG_VERSION");
        let time: String = self.time.to_string().chars().filter(|c| !matches!(c, '-' | ':' | 'T')).collect();
        let references = self.references.iter().map(|(name, value)| {
            let name = xml::escape(name);
            format!("<ofd:Reference FileRef=\"/{name}\"><ofd:CheckValue>{value}</ofd:CheckValue></ofd:Reference>")
        });
        let stamps = (self.first_id..).zip(self.stamps).map(|(id, stamp)| {
            let clip = stamp.clip.map_or_else(String::new, |clip| format!(" Clip=\"{}\"", numbers(clip)));
            let (page, boundary) = (xml::escape(&stamp.page), numbers(stamp.boundary));
            format!("<ofd:StampAnnot ID=\"{id}\" PageRef=\"{page}\" Boundary=\"{boundary}\"{clip}/>")
        });
        let head = format!(
            "{HEAD}<ofd:Signature xmlns:ofd=\"{}\"><ofd:SignedInfo>\
             <ofd:Provider ProviderName=\"eseal\" Version=\"{version}\" Company=\"eseal\"/>\
             <ofd:SignatureMethod>{SIGNATURE_METHOD}</ofd:SignatureMethod>\
             <ofd:SignatureDateTime>{time}</ofd:SignatureDateTime><ofd:References CheckMethod=\"{CHECK_METHOD}\">",
            xml::NAMESPACE
        );
        let seal = self.seal.map_or_else(String::new, |seal| {
            format!("<ofd:Seal><ofd:BaseLoc>/{}</ofd:BaseLoc></ofd:Seal>", xml::escape(seal))
        });
        let value = xml::escape(self.value);
        let tail = format!("{seal}</ofd:SignedInfo><ofd:SignedValue>/{value}</ofd:SignedValue></ofd:Signature>");
        let references = references.chain(["</ofd:References>".to_owned()]);
        [head].into_iter().chain(references).chain(stamps).chain([tail]).collect()
    }
}

/// Millimetres, to a tenth of a micrometre.
fn numbers(numbers: [f64; 4]) -> String {
    let short = |mm: f64| {
        let text = format!("{mm:.4}");
        let text = text.trim_end_matches('0').trim_end_matches('.').to_owned();
        if text == "-0" { "0".to_owned() } else { text }
    };
    numbers.map(short).join(" ")
}

/// A list of signatures, and its largest identifier.
pub(super) struct List {
    text: String,
    largest: u64,
}

impl List {
    /// The one that is there, or a new one.
    pub(super) fn read(bytes: Option<&[u8]>) -> Result<Self, OfdError> {
        let Some(bytes) = bytes else {
            let text = format!(
                "{HEAD}<ofd:Signatures xmlns:ofd=\"{}\"><ofd:MaxSignId>0</ofd:MaxSignId></ofd:Signatures>",
                xml::NAMESPACE
            );
            return Ok(Self { text, largest: 0 });
        };
        let text = xml::text(bytes)?.to_owned();
        let document = xml::parse(&text)?;
        let root = document.root_element();
        let ids = xml::children(root, "Signature").filter_map(|signature| signature.attribute("ID"));
        let largest = ids.chain(xml::child_text(root, "MaxSignId")).map(number).max().unwrap_or(0);
        drop(document);
        Ok(Self { text, largest })
    }

    /// The identifier that comes next.
    pub(super) const fn next_id(&self) -> u64 {
        self.largest + 1
    }

    /// With one more signature; identifiers up to `last` are taken.
    pub(super) fn with(&self, kind: Kind, description: &str, last: u64) -> Result<String, OfdError> {
        let id = self.next_id();
        let location = xml::escape(description);
        let kind = kind.as_str();
        let added = |prefix: &str| format!("<{prefix}Signature ID=\"{id}\" Type=\"{kind}\" BaseLoc=\"/{location}\"/>");
        let document = xml::parse(&self.text)?;
        let root = document.root_element();
        let appended = append(&self.text, root.range(), added)?;
        // What stands before the end of the list stays where it is.
        let largest = xml::child(root, "MaxSignId").and_then(|node| node.first_child()).map(|text| text.range());
        Ok(match largest {
            Some(range) => [&appended[..range.start], &last.to_string(), &appended[range.end..]].concat(),
            None => appended,
        })
    }
}

/// The number in an identifier: `7`, `s007`.
fn number(id: &str) -> u64 {
    let digits = id.trim_start_matches(|c: char| !c.is_ascii_digit());
    // Room for what is counted on from it.
    digits.parse().unwrap_or(0).min(u64::from(u32::MAX))
}

/// `OFD.xml` with the place of the list in its first document.
pub(super) fn with_list(text: &str, list: &str) -> Result<String, OfdError> {
    let document = xml::parse(text)?;
    let body = xml::child(document.root_element(), "DocBody").ok_or(OfdError::Malformed { what: "no document" })?;
    let location = xml::escape(list);
    append(text, body.range(), |prefix| format!("<{prefix}Signatures>/{location}</{prefix}Signatures>"))
}

/// A text with something more at the end of the element at `range`; what, with the prefix of that element.
fn append(text: &str, range: std::ops::Range<usize>, more: impl Fn(&str) -> String) -> Result<String, OfdError> {
    const BAD: OfdError = OfdError::Malformed { what: "an element without end" };
    let element = text.get(range.clone()).ok_or(BAD)?;
    let name = element[1..].split(|c: char| c.is_ascii_whitespace() || matches!(c, '>' | '/')).next().ok_or(BAD)?;
    let prefix = name.split_once(':').map_or_else(String::new, |(prefix, _)| format!("{prefix}:"));
    let more = more(&prefix);
    let element = if let Some(empty) = element.strip_suffix("/>") {
        format!("{empty}>{more}</{name}>")
    } else {
        let end = element.rfind("</").ok_or(BAD)?;
        [&element[..end], &more, &element[end..]].concat()
    };
    Ok([&text[..range.start], &element, &text[range.end..]].concat())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_grow_and_keep_what_they_hold() {
        let new = List::read(None).unwrap();
        assert_eq!(new.next_id(), 1);
        let one = new.with(Kind::Seal, "Doc_0/Signs/Sign_0/Signature.xml", 3).unwrap();
        let list = List::read(Some(one.as_bytes())).unwrap();
        assert_eq!(list.next_id(), 4);
        let two = list.with(Kind::Sign, "Doc_0/Signs/Sign_1/Signature.xml", 4).unwrap();
        assert!(two.starts_with(&one[..80]) && two.contains("<ofd:MaxSignId>4</ofd:MaxSignId>"), "{two}");
        assert_eq!(two.matches("<ofd:Signature ").count(), 2);
    }

    #[test]
    fn lists_of_others_grow_in_their_own_prefix() {
        let list = List::read(Some(b"<?xml version='1.0'?><x:Signatures xmlns:x='y'/>")).unwrap();
        let grown = list.with(Kind::Seal, "a", 1).unwrap();
        assert!(grown.ends_with(
            "<x:Signatures xmlns:x='y'><x:Signature ID=\"1\" Type=\"Seal\" BaseLoc=\"/a\"/></x:Signatures>"
        ));
        let list = List::read(Some(b"<Signatures><Signature ID='s007'/> </Signatures>")).unwrap();
        assert_eq!(list.next_id(), 8);
        assert!(
            list.with(Kind::Seal, "a", 8)
                .unwrap()
                .starts_with("<Signatures><Signature ID='s007'/> <Signature ID=\"8\"")
        );
    }

    #[test]
    fn millimetres_are_short() {
        assert_eq!(numbers([202.0, 40.000_000_01, -0.000_000_1, 8.25]), "202 40 0 8.25");
    }
}
