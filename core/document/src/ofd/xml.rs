//! XML as packages hold it: no DTD, no entities but the five, bounded before it is parsed.

use roxmltree::{Document, Node, ParsingOptions};

use super::error::OfdError;
use super::limits::{MAX_ATTRIBUTES, MAX_XML_DEPTH, MAX_XML_NODES};

/// The namespace of what is written.
pub(crate) const NAMESPACE: &str = "http://www.ofdspec.org/2016";

/// Most declarations of namespaces in a file: a parser carries them into every element below.
const MAX_NAMESPACES: usize = 4_096;

const BAD: OfdError = OfdError::Malformed { what: "a file that is not well-formed XML" };

/// The text of a file in XML, which is in UTF-8 (GB/T 33190-2016, 7.2).
pub(crate) fn text(bytes: &[u8]) -> Result<&str, OfdError> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    std::str::from_utf8(bytes).map_err(|_| BAD)
}

/// Parses a file.
pub(crate) fn parse(text: &str) -> Result<Document<'_>, OfdError> {
    check(text)?;
    let options = ParsingOptions { allow_dtd: false, nodes_limit: MAX_XML_NODES, ..ParsingOptions::default() };
    Document::parse_with_options(text, options).map_err(|error| match error {
        roxmltree::Error::NodesLimitReached => OfdError::LimitExceeded { what: "nodes in XML" },
        _ => BAD,
    })
}

/// What a parser's time depends on more than linearly: it is asked only when these are few.
fn check(text: &str) -> Result<(), OfdError> {
    if text.matches("xmlns").count() > MAX_NAMESPACES {
        return Err(OfdError::LimitExceeded { what: "namespaces in XML" });
    }
    let mut depth = 0_usize;
    let mut rest = text;
    while let Some(at) = rest.find('<') {
        rest = &rest[at..];
        let past = |end: &str| rest.find(end).map(|at| &rest[at + end.len()..]).ok_or(BAD);
        rest = if rest.starts_with("<!--") {
            past("-->")?
        } else if rest.starts_with("<![CDATA[") {
            past("]]>")?
        } else if rest.starts_with("<?") {
            past("?>")?
        } else if rest.starts_with("<!") {
            return Err(OfdError::Unsupported { what: "a document type declaration in XML" });
        } else {
            let tag = tag(rest)?;
            if tag.starts_with("</") {
                depth = depth.checked_sub(1).ok_or(BAD)?;
            } else if !tag.ends_with("/>") {
                depth += 1;
            }
            if depth > MAX_XML_DEPTH {
                return Err(OfdError::LimitExceeded { what: "depth of XML" });
            }
            &rest[tag.len()..]
        };
    }
    Ok(())
}

/// A tag from `<` to `>`.
fn tag(rest: &str) -> Result<&str, OfdError> {
    let mut quote = None;
    let mut values = 0;
    for (at, byte) in rest.bytes().enumerate() {
        match (quote, byte) {
            (None, b'>') => return Ok(&rest[..=at]),
            (None, b'"' | b'\'') => {
                quote = Some(byte);
                values += 1;
                if values > MAX_ATTRIBUTES {
                    return Err(OfdError::LimitExceeded { what: "attributes in XML" });
                }
            }
            (Some(open), _) if open == byte => quote = None,
            _ => {}
        }
    }
    Err(BAD)
}

/// Children of a name, whatever their namespace: it is not always the standard's.
pub(crate) fn children<'a, 'i>(node: Node<'a, 'i>, name: &'static str) -> impl Iterator<Item = Node<'a, 'i>> {
    node.children().filter(move |child| child.is_element() && child.tag_name().name() == name)
}

pub(crate) fn child<'a, 'i>(node: Node<'a, 'i>, name: &'static str) -> Option<Node<'a, 'i>> {
    children(node, name).next()
}

/// The text of a child, without what is around it.
pub(crate) fn child_text<'a>(node: Node<'a, '_>, name: &'static str) -> Option<&'a str> {
    child(node, name)?.text().map(str::trim).filter(|text| !text.is_empty())
}

/// Four numbers: left, top, width and height in mm (`ST_Box`).
pub(crate) fn box_mm(text: &str) -> Option<[f64; 4]> {
    numbers(text).filter(|[_, _, width, height]| *width > 0.0 && *height > 0.0)
}

/// So many numbers, and no more (`ST_Array`).
pub(crate) fn numbers<const N: usize>(text: &str) -> Option<[f64; N]> {
    let numbers = text.split_ascii_whitespace().map(|part| part.parse().ok().filter(|mm: &f64| mm.is_finite()));
    numbers.take(N + 1).collect::<Option<Vec<_>>>()?.try_into().ok()
}

/// Text as it may stand in an element or an attribute.
pub(crate) fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            _ => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(text: &str) -> &'static str {
        parse(text).map_or_else(|error| error.code(), |_| "")
    }

    #[test]
    fn what_is_well_formed_is_read() {
        for good in ["<a/>", "<?xml version='1.0'?><!-- < --><a b='>'><![CDATA[<x>]]><c/></a>", "<a>&lt;&#65;</a>"] {
            assert_eq!(code(good), "", "{good}");
        }
    }

    #[test]
    fn bombs_and_entities_are_refused() {
        let bomb = "<!DOCTYPE a [<!ENTITY x 'y'>]><a>&x;</a>";
        assert_eq!(code(bomb), "ofd.unsupported");
        assert_eq!(code("<!DOCTYPE a SYSTEM 'file:///etc/passwd'><a/>"), "ofd.unsupported");
        assert_eq!(code("<a>&x;</a>"), "ofd.malformed");
        let deep = "<a>".repeat(100_000);
        assert_eq!(code(&deep), "ofd.limit-exceeded");
        let wide = (0..100_000).map(|n| format!("a{n}=''")).collect::<Vec<_>>().join(" ");
        assert_eq!(code(&format!("<a {wide}/>")), "ofd.limit-exceeded");
        assert_eq!(code(&format!("<a>{}</a>", "<b/>".repeat(1_000_001))), "ofd.limit-exceeded");
        let spaces = "<b xmlns:c='d'/>".repeat(5_000);
        assert_eq!(code(&format!("<a>{spaces}</a>")), "ofd.limit-exceeded");
        for bad in ["", "<", "<a", "<a>", "</a>", "<a></b>", "<a b=1/>", "<!--", "<a b='1' b='2'/>", "<a/><b/>"] {
            assert_eq!(code(bad), "ofd.malformed", "{bad}");
        }
    }

    #[test]
    fn boxes_have_four_numbers_and_a_size() {
        assert_eq!(box_mm(" 0 0 210 297 "), Some([0.0, 0.0, 210.0, 297.0]));
        assert_eq!(box_mm("-1.5 2 .5 1e1"), Some([-1.5, 2.0, 0.5, 10.0]));
        for bad in ["", "0 0 210", "0 0 210 297 1", "0 0 0 5", "0 0 -1 5", "0 0 NaN 5", "0 0 inf 5", "a b c d"] {
            assert_eq!(box_mm(bad), None, "{bad}");
        }
    }
}
