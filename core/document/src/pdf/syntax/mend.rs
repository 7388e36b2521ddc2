//! Making sense of what is not well-formed, as other readers do: for objects that are about to be sealed, never for what is
//! verified.

use crate::pdf::syntax::token::{Fault, Kind, Manner, Node, Tail, parse_in};

/// A value in well-formed spelling.
pub(crate) struct Mended {
    pub(crate) bytes: Vec<u8>,
    /// Behind its last byte where it stood.
    pub(crate) end: usize,
}

/// The value at `at`, without what makes no sense in it: what is no key where a key must be, keys without a value, brackets
/// that close nothing. What is not closed ends with the object.
pub(crate) fn mend(bytes: &[u8], at: usize, tail: Tail) -> Result<Mended, Fault> {
    let nodes = parse_in(Manner::Lenient, bytes, at, tail)?;
    let mut out = Vec::with_capacity(bytes.len() - at);
    spell(&nodes, bytes, 0, &mut out);
    Ok(Mended { bytes: out, end: nodes[0].end as usize })
}

/// Nesting is limited by the parser.
fn spell(nodes: &[Node], bytes: &[u8], index: usize, out: &mut Vec<u8>) {
    let node = &nodes[index];
    match node.kind {
        Kind::Dictionary => {
            out.extend_from_slice(b"<<");
            let mut key = None;
            for child in children(nodes, index) {
                match (key.take(), nodes[child].kind) {
                    (None, Kind::Name) => key = Some(child),
                    (None, _) | (Some(_), Kind::Keyword) => {}
                    (Some(key), _) => {
                        spell(nodes, bytes, key, out);
                        spell(nodes, bytes, child, out);
                    }
                }
            }
            out.extend_from_slice(b">>");
        }
        Kind::Array => {
            out.push(b'[');
            children(nodes, index)
                .filter(|child| nodes[*child].kind != Kind::Keyword)
                .for_each(|child| spell(nodes, bytes, child, out));
            out.push(b']');
        }
        Kind::Hex => {
            let spelt = bytes.get(node.start as usize..node.end as usize).unwrap_or_default();
            out.push(b'<');
            out.extend(spelt.iter().filter(|sign| sign.is_ascii_hexdigit()));
            out.push(b'>');
        }
        // The reference may be one that is impossible.
        Kind::Null => out.extend_from_slice(b"null"),
        _ => out.extend_from_slice(bytes.get(node.start as usize..node.end as usize).unwrap_or_default()),
    }
    out.push(b' ');
}

fn children(nodes: &[Node], index: usize) -> impl Iterator<Item = usize> {
    let after = nodes[index].after as usize;
    let mut next = index + 1;
    std::iter::from_fn(move || {
        (next < after).then(|| {
            let child = next;
            next = nodes[child].after as usize;
            child
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pdf::syntax::token::parse;

    fn mended(text: &str) -> String {
        let mended = mend(text.as_bytes(), 0, Tail::End).unwrap();
        assert!(parse(&mended.bytes, 0, Tail::End).is_ok(), "{text}");
        String::from_utf8(mended.bytes).unwrap()
    }

    #[test]
    fn what_makes_no_sense_is_left_out() {
        for (text, expected) in [
            ("<</X 1 0 R 0 R /Pages 2 0 R>>", "<</X 1 0 R /Pages 2 0 R >> "),
            ("<</A 1 ] /B [2 >> 3]/C 4>>", "<</A 1 /B [2 3 ] /C 4 >> "),
            ("<</A (a)) /B }>>", "<</A (a) >> "),
            ("<</A>>", "<<>> "),
            ("<</A [1 99999 R] /B % no\n<0a>>>", "<</A [null ] /B <0a> >> "),
            ("<</A<FE,FF \u{1}4>/B]>>", "<</A <FEFF4> >> "),
            ("[1 [2 <</A 3 endobj", "[1 [2 <</A 3 >> ] ] "),
            ("<</Length 5 stream", "<</Length 5 >> "),
        ] {
            assert_eq!(mended(text), expected, "{text}");
        }
    }

    #[test]
    fn what_is_well_formed_says_the_same() {
        assert_eq!(
            mended("<</A[1 -2.50(x\\))/N#20]/B<</C true>>>>"),
            "<</A [1 -2.50 (x\\)) /N#20 ] /B <</C true >> >> "
        );
    }

    #[test]
    fn what_never_ends_is_not_mended() {
        for text in ["<</A 1", "(abc", "]", ""] {
            assert!(mend(text.as_bytes(), 0, Tail::End).is_err(), "{text}");
        }
    }
}
