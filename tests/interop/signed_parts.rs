//! The last signature of a PDF, found by its bytes alone: no PDF library has a say in what a peer is given.

/// The content type of timestamps (RFC 3161: `id-ct-TSTInfo`), DER.
const TIMESTAMP: &[u8] = b"\x06\x0b\x2a\x86\x48\x86\xf7\x0d\x01\x09\x10\x01\x04";
/// A CMS names its content type within that many of its first bytes.
const HEAD: usize = 64;

/// The last signature of a PDF that is no document timestamp.
pub(crate) struct SignedParts {
    /// The bytes that `/ByteRange` covers.
    pub(crate) covered: Vec<u8>,
    /// `/Contents`, without its hexadecimal spelling.
    pub(crate) contents: Vec<u8>,
}

impl SignedParts {
    pub(crate) fn of(pdf: &[u8]) -> Self {
        let signature = Self::at(pdf, byte_range(pdf));
        let head = &signature.contents[..HEAD];
        if head.windows(TIMESTAMP.len()).any(|window| window == TIMESTAMP) {
            // What stands before the document timestamp's revision ends with the revision before.
            let before = pdf[..byte_range(pdf)[1]].windows(5).rposition(|window| window == b"%%EOF").unwrap();
            return Self::of(&pdf[..before]);
        }
        signature
    }

    fn at(pdf: &[u8], [start, length, resume, rest]: [usize; 4]) -> Self {
        let hex = pdf.get(start + length + 1..resume - 1).unwrap();
        let digits = |pair: &[u8]| u8::from_str_radix(std::str::from_utf8(pair).unwrap(), 16).unwrap();
        Self {
            covered: [&pdf[start..start + length], &pdf[resume..resume + rest]].concat(),
            contents: hex.chunks(2).map(digits).collect(),
        }
    }
}

/// The four numbers of the last `/ByteRange`.
pub(crate) fn byte_range(pdf: &[u8]) -> [usize; 4] {
    const KEY: &[u8] = b"/ByteRange";
    let at = pdf.windows(KEY.len()).rposition(|window| window == KEY).expect("a signature");
    let text = String::from_utf8_lossy(&pdf[at..at + 120]).into_owned();
    let array = text.split_once('[').unwrap().1.split_once(']').unwrap().0;
    let numbers: Vec<_> = array.split_whitespace().map(|number| number.parse().unwrap()).collect();
    numbers.try_into().expect("four numbers")
}
