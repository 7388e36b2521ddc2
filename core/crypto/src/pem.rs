//! PEM (RFC 7468), read as leniently as the tools that write it: text between the blocks, blocks of other kinds, any line
//! width.

use std::fmt::Write as _;

use data_encoding::BASE64;
use zeroize::Zeroizing;

pub(crate) const CERTIFICATE: &str = "CERTIFICATE";
pub(crate) const CERTIFICATE_REQUEST: &str = "CERTIFICATE REQUEST";
pub(crate) const NEW_CERTIFICATE_REQUEST: &str = "NEW CERTIFICATE REQUEST";
pub(crate) const PRIVATE_KEY: &str = "PRIVATE KEY";
pub(crate) const ENCRYPTED_PRIVATE_KEY: &str = "ENCRYPTED PRIVATE KEY";
const LINE_WIDTH: usize = 64;

/// A block that has no end or is not base64.
pub(crate) struct PemError;

/// The contents of every block of that label, in order.
pub(crate) fn blocks(text: &str, label: &str) -> Result<Vec<Zeroizing<Vec<u8>>>, PemError> {
    let (begin, end) = (begin(label), end(label));
    let mut blocks = Vec::new();
    let mut rest = text;
    while let Some((_, after)) = rest.split_once(&begin) {
        let (body, following) = after.split_once(&end).ok_or(PemError)?;
        let mut base64 = Zeroizing::new(Vec::with_capacity(body.len()));
        base64.extend(body.bytes().filter(|byte| !byte.is_ascii_whitespace()));
        blocks.push(Zeroizing::new(BASE64.decode(&base64).map_err(|_| PemError)?));
        rest = following;
    }
    Ok(blocks)
}

/// Whether there is a block of that label.
pub(crate) fn has_block(text: &str, label: &str) -> bool {
    text.contains(&begin(label))
}

/// One certificate block.
pub(crate) fn encode_certificate(der: &[u8]) -> String {
    encode(CERTIFICATE, der)
}

/// One block of that label, of nothing secret.
pub(crate) fn encode(label: &str, der: &[u8]) -> String {
    let base64 = BASE64.encode(der);
    let mut text = begin(label) + "\n";
    let mut rest = base64.as_str();
    while !rest.is_empty() {
        let (line, following) = rest.split_at(rest.len().min(LINE_WIDTH));
        // Writing to a String cannot fail.
        let _ = writeln!(text, "{line}");
        rest = following;
    }
    text + &end(label) + "\n"
}

fn begin(label: &str) -> String {
    format!("-----BEGIN {label}-----")
}

fn end(label: &str) -> String {
    format!("-----END {label}-----")
}
