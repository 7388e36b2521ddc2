//! What a file claims to be, and what that asks of what is added to it: PDF/A (ISO 19005) and PDF/UA (ISO 14289).

use crate::pdf::appearance::color::{Colors, Rendering, Transparency};
use crate::pdf::read::reader::Reader;
use crate::source::ReadAt;

/// Metadata longer than this is not searched for claims, bytes.
const MAX_METADATA_BYTES: usize = 4 << 20;

/// A part of ISO 19005.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Archival {
    /// PDF/A-1: no transparency.
    First,
    /// PDF/A-2 and later.
    Later,
}

/// What a file claims to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Conformance {
    pub(crate) archival: Option<Archival>,
    /// PDF/UA, or level A of PDF/A: what is seen stands in the structure tree.
    pub(crate) is_tagged: bool,
    pub(crate) rendering: Rendering,
}

impl Conformance {
    /// Reads the claims. What cannot be read claims nothing: it is no reason not to seal.
    pub(crate) fn of<S: ReadAt>(reader: &Reader<S>) -> Self {
        let claims = metadata(reader).map(|metadata| Claims::find(&metadata)).unwrap_or_default();
        let archival = claims.part.map(|part| if part == b'1' { Archival::First } else { Archival::Later });
        let intent = archival.and_then(|_| output_intent(reader));
        let colors = if archival.is_some() && intent != Some(3) { Colors::Calibrated } else { Colors::Device };
        // Without an output intent it would not be said in which space colours are mixed.
        let is_mixable = match archival {
            None => true,
            Some(Archival::First) => false,
            Some(Archival::Later) => intent.is_some(),
        };
        let transparency = if is_mixable { Transparency::Allowed } else { Transparency::Forbidden };
        let is_tagged = claims.is_accessible || matches!(claims.level, Some(b'A' | b'a'));
        Self { archival, is_tagged, rendering: Rendering::new(colors, transparency) }
    }
}

/// What the metadata say.
#[derive(Debug, Default, PartialEq, Eq)]
struct Claims {
    /// First characters of `pdfaid:part` and `pdfaid:conformance`.
    part: Option<u8>,
    level: Option<u8>,
    /// `pdfuaid:part` is there.
    is_accessible: bool,
}

impl Claims {
    fn find(metadata: &[u8]) -> Self {
        // UTF-16 has a zero beside each of the characters looked for.
        let text: Vec<u8> = metadata.iter().copied().filter(|byte| *byte != 0).collect();
        Self {
            part: property(&text, b"pdfaid:part"),
            level: property(&text, b"pdfaid:conformance"),
            is_accessible: property(&text, b"pdfuaid:part").is_some(),
        }
    }
}

/// The first character of a property's value, whether it is an element or an attribute.
fn property(text: &[u8], name: &[u8]) -> Option<u8> {
    let mut rest = text;
    while let Some(at) = rest.windows(name.len()).position(|window| window == name) {
        rest = &rest[at + name.len()..];
        let value = rest.trim_ascii_start();
        let value = match value.first() {
            Some(b'>') => &value[1..],
            Some(b'=') => match value[1..].trim_ascii_start() {
                [b'"' | b'\'', value @ ..] => value,
                _ => continue,
            },
            _ => continue,
        };
        if let Some(first) = value.trim_ascii_start().first().filter(|first| first.is_ascii_alphanumeric()) {
            return Some(*first);
        }
    }
    None
}

fn metadata<S: ReadAt>(reader: &Reader<S>) -> Option<Vec<u8>> {
    let stream = reader.lookup(&reader.catalog().ok()?, "Metadata").ok()?;
    reader.stream_data(&stream).ok().filter(|data| data.len() <= MAX_METADATA_BYTES)
}

/// How many components the colours of the PDF/A output intent have.
fn output_intent<S: ReadAt>(reader: &Reader<S>) -> Option<i64> {
    let intents = reader.lookup(&reader.catalog().ok()?, "OutputIntents").ok()?.elements();
    let mut archival = intents.into_iter().filter_map(|intent| {
        let intent = reader.resolve(intent).ok()?;
        let is_archival = reader.lookup(&intent, "S").ok()?.is_name(b"GTS_PDFA1");
        let profile = reader.lookup(&intent, "DestOutputProfile").ok().filter(|_| is_archival)?;
        reader.lookup(&profile, "N").ok()?.integer()
    });
    archival.next()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn claims_are_found_however_they_are_spelt() {
        let cases: [(&str, Claims); 6] = [
            (
                "<pdfaid:part>1</pdfaid:part><pdfaid:conformance>B</pdfaid:conformance>",
                Claims { part: Some(b'1'), level: Some(b'B'), is_accessible: false },
            ),
            (
                "<rdf:Description pdfaid:part = \"2\"\n pdfaid:conformance='A'/>",
                Claims { part: Some(b'2'), level: Some(b'A'), is_accessible: false },
            ),
            ("<pdfuaid:part>\n1\n</pdfuaid:part>", Claims { is_accessible: true, ..Claims::default() }),
            ("<pdfaProperty:name>part</pdfaProperty:name> pdfaid:part pdfaid:partition=\"3\"", Claims::default()),
            ("<pdfaid:part></pdfaid:part>", Claims::default()),
            ("", Claims::default()),
        ];
        for (text, expected) in cases {
            assert_eq!(Claims::find(text.as_bytes()), expected, "{text}");
            let wide: Vec<u8> = text.encode_utf16().flat_map(u16::to_be_bytes).collect();
            assert_eq!(Claims::find(&wide), expected, "UTF-16: {text}");
        }
    }
}
