//! Which bytes a signature covers, and whether that can be believed (ISO 32000-2, 12.8.1).

use std::fmt;
use std::ops::Range;

use crate::pdf::syntax::object::{Value, decode_hex_strictly};
use crate::pdf::syntax::token::Kind;

/// Keys of a signature dictionary that decide what is verified: twice there, readers would disagree on them.
const DECISIVE_KEYS: [&str; 4] = ["Contents", "ByteRange", "SubFilter", "Filter"];

/// The bytes a signature covers: everything up to `end` but the gap.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct Covered {
    /// Where the value of `/Contents` stands, angle brackets included.
    pub(crate) gap: Range<u64>,
    pub(crate) end: u64,
}

/// As `/ByteRange` is written.
impl fmt::Display for Covered {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { gap, end } = self;
        write!(f, "[0 {} {} {}]", gap.start, gap.end, end - gap.end)
    }
}

/// Reads and checks `/ByteRange` against where `/Contents` stands in a file of `size` bytes.
pub(crate) fn read(signature: &Value, size: u64) -> Result<Covered, &'static str> {
    if let Some(key) = DECISIVE_KEYS.iter().find(|key| signature.count(key) > 1) {
        return Err(match *key {
            "Contents" => "/Contents is there more than once",
            "ByteRange" => "/ByteRange is there more than once",
            _ => "/Filter or /SubFilter is there more than once",
        });
    }
    let ranges = signature.get("ByteRange").ok_or("there is no /ByteRange")?;
    let numbers: Option<Vec<u64>> = ranges.elements().iter().map(Value::unsigned).collect();
    let Some([start, before, resume, after]) = numbers.as_deref().and_then(|numbers| numbers.first_chunk()) else {
        return Err("/ByteRange is not four numbers");
    };
    if ranges.elements().len() != 4 {
        return Err("/ByteRange is not four numbers");
    }
    if *start != 0 {
        return Err("/ByteRange does not start at the first byte");
    }
    let contents = signature.get("Contents").ok_or("there is no /Contents")?;
    if contents.kind() != Kind::Hex {
        return Err("/Contents is no hexadecimal string");
    }
    let gap = contents.file_span().ok_or("the signature is inside an object stream")?;
    if gap != (*before..*resume) {
        return Err("the gap in /ByteRange is not exactly /Contents");
    }
    let end = resume.checked_add(*after).filter(|end| *end <= size && *after > 0);
    Ok(Covered { gap, end: end.ok_or("/ByteRange ends outside the file")? })
}

/// The signature value, if `/Contents` is spelt without anything that does not belong there.
pub(crate) fn contents(signature: &Value) -> Option<Vec<u8>> {
    let value = signature.get("Contents")?;
    let raw = value.raw();
    decode_hex_strictly(raw.get(1..raw.len().checked_sub(1)?)?)
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::pdf::syntax::object::Object;
    use crate::pdf::syntax::token::{Tail, parse};

    /// A signature dictionary at byte 100 of the file.
    fn signature(text: &str) -> Value {
        let nodes = parse(text.as_bytes(), 0, Tail::End).unwrap();
        Arc::new(Object::new(Some(100), text.as_bytes().to_vec(), nodes)).root()
    }

    fn refused(text: &str) -> &'static str {
        read(&signature(text), 1_000).unwrap_err()
    }

    #[test]
    fn the_gap_is_the_contents_and_nothing_else() {
        // `<00>` starts at 100 + 12.
        let good = read(&signature("<</Contents <00> /ByteRange [0 112 116 884]>>"), 1_000).unwrap();
        assert_eq!(good, Covered { gap: 112..116, end: 1_000 });
        for range in ["0 111 116 884", "0 112 117 883", "0 113 115 885", "0 116 112 888", "0 0 0 1000"] {
            let why = refused(&format!("<</Contents <00> /ByteRange [{range}]>>"));
            assert_eq!(why, "the gap in /ByteRange is not exactly /Contents", "{range}");
        }
    }

    #[test]
    fn what_readers_could_take_two_ways_is_refused() {
        let range = "/ByteRange [0 112 116 884]";
        assert_eq!(refused("<</Contents <00>>>"), "there is no /ByteRange");
        assert_eq!(refused(&format!("<<{range}>>")), "there is no /Contents");
        assert_eq!(refused(&format!("<</Contents <00> {range}{range}>>")), "/ByteRange is there more than once");
        assert_eq!(
            refused(&format!("<</Contents <00> {range} /#43ontents <01>>>")),
            "/Contents is there more than once"
        );
        assert_eq!(refused(&format!("<</Contents (ab) {range}>>")), "/Contents is no hexadecimal string");
        for wrong in ["[0 112 116]", "[0 112 116 884 0 1]", "[0 112 116 -1]", "[0 112 116 8 0 R]", "7", "[]"] {
            let why = refused(&format!("<</Contents <00> /ByteRange {wrong}>>"));
            assert_eq!(why, "/ByteRange is not four numbers", "{wrong}");
        }
        let start = "/ByteRange [1 111 116 884]";
        assert_eq!(refused(&format!("<</Contents <00> {start}>>")), "/ByteRange does not start at the first byte");
        for end in ["885", "0", "9223372036854775807"] {
            let why = refused(&format!("<</Contents <00> /ByteRange [0 112 116 {end}]>>"));
            assert_eq!(why, "/ByteRange ends outside the file", "{end}");
        }
    }

    #[test]
    fn contents_must_be_clean() {
        assert_eq!(contents(&signature("<</Contents <0aFF>>>")), Some(vec![0x0a, 0xff]));
        assert_eq!(contents(&signature("<</Contents <0aFx>>>")), None);
    }
}
