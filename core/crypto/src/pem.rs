//! Certificates in PEM (RFC 7468), read as leniently as the tools that write it: text between the blocks, any line width.

use std::fmt::Write as _;

use data_encoding::BASE64;

const BEGIN: &str = "-----BEGIN CERTIFICATE-----";
const END: &str = "-----END CERTIFICATE-----";
const LINE_WIDTH: usize = 64;

/// A block that has no end or is not base64.
pub(crate) struct PemError;

/// The contents of every certificate block, in order; blocks of other kinds are passed over.
pub(crate) fn certificates(text: &str) -> Result<Vec<Vec<u8>>, PemError> {
    let mut blocks = Vec::new();
    let mut rest = text;
    while let Some((_, after)) = rest.split_once(BEGIN) {
        let (body, following) = after.split_once(END).ok_or(PemError)?;
        let base64: Vec<u8> = body.bytes().filter(|byte| !byte.is_ascii_whitespace()).collect();
        blocks.push(BASE64.decode(&base64).map_err(|_| PemError)?);
        rest = following;
    }
    Ok(blocks)
}

/// One certificate block.
pub(crate) fn encode_certificate(der: &[u8]) -> String {
    let base64 = BASE64.encode(der);
    let mut text = format!("{BEGIN}\n");
    let mut rest = base64.as_str();
    while !rest.is_empty() {
        let (line, following) = rest.split_at(rest.len().min(LINE_WIDTH));
        // Writing to a String cannot fail.
        let _ = writeln!(text, "{line}");
        rest = following;
    }
    text + END + "\n"
}
