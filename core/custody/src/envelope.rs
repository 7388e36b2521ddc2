//! The frame around everything that is stored. Layout, integers big-endian:
//!
//! | bytes | content |
//! |---|---|
//! | 8 | magic `ESEALENV` |
//! | 1 | version, 1 |
//! | 1 | length of the label, 1 to 64 |
//! | … | label: what the payload is, a [`Token`] |
//! | 4 | length of the payload |
//! | … | payload |
//!
//! It says what a value is and that it is whole; keeping it secret and unchanged is the host's store.

use zeroize::Zeroizing;

use crate::{MAX_VALUE_LEN, Token};

const MAGIC: &[u8; 8] = b"ESEALENV";
const VERSION: u8 = 1;
/// Magic, version, both lengths, and the longest label.
const MAX_OVERHEAD: usize = 8 + 1 + 1 + 64 + 4;

/// What a stored payload is; two kinds of payload never share a label. A change of the payload's own format takes a new one.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Label(Token);

impl From<Token> for Label {
    fn from(token: Token) -> Self {
        Self(token)
    }
}

/// Why stored bytes are not the asked payload.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EnvelopeError {
    /// Not an envelope.
    #[error("not an envelope of this program")]
    NotAnEnvelope,
    /// Written by a later version of this program.
    #[error("an envelope of version {version}, which is not known")]
    UnknownVersion {
        /// The version.
        version: u8,
    },
    /// An envelope around something else.
    #[error("an envelope around something else")]
    WrongLabel,
    /// Shorter or longer than it says.
    #[error("the envelope is not whole")]
    Truncated,
    /// The payload is longer than may be stored ([`MAX_VALUE_LEN`]).
    #[error("the payload is too long")]
    TooLong,
}

impl EnvelopeError {
    /// The stable code of the error.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::NotAnEnvelope => "envelope.not-an-envelope",
            Self::UnknownVersion { .. } => "envelope.unknown-version",
            Self::WrongLabel => "envelope.wrong-label",
            Self::Truncated => "envelope.truncated",
            Self::TooLong => "envelope.too-long",
        }
    }
}

pub(crate) fn wrap(label: &Label, payload: &[u8]) -> Result<Zeroizing<Vec<u8>>, EnvelopeError> {
    if payload.len() > MAX_VALUE_LEN - MAX_OVERHEAD {
        return Err(EnvelopeError::TooLong);
    }
    let label = label.0.as_str().as_bytes();
    let label_len = u8::try_from(label.len()).map_err(|_| EnvelopeError::TooLong)?;
    let payload_len = u32::try_from(payload.len()).map_err(|_| EnvelopeError::TooLong)?;
    // Room for all at once: a vector that grows leaves copies of secrets behind.
    let mut bytes = Zeroizing::new(Vec::with_capacity(MAX_OVERHEAD + payload.len()));
    bytes.extend_from_slice(MAGIC);
    bytes.extend_from_slice(&[VERSION, label_len]);
    bytes.extend_from_slice(label);
    bytes.extend_from_slice(&payload_len.to_be_bytes());
    bytes.extend_from_slice(payload);
    Ok(bytes)
}

pub(crate) fn unwrap<'a>(label: &Label, bytes: &'a [u8]) -> Result<&'a [u8], EnvelopeError> {
    let rest = bytes.strip_prefix(MAGIC).ok_or(EnvelopeError::NotAnEnvelope)?;
    let (version, rest) = rest.split_first().ok_or(EnvelopeError::Truncated)?;
    if *version != VERSION {
        return Err(EnvelopeError::UnknownVersion { version: *version });
    }
    let (label_len, rest) = rest.split_first().ok_or(EnvelopeError::Truncated)?;
    let (found, rest) = rest.split_at_checked(usize::from(*label_len)).ok_or(EnvelopeError::Truncated)?;
    if found != label.0.as_str().as_bytes() {
        return Err(EnvelopeError::WrongLabel);
    }
    let (payload_len, payload) = rest.split_first_chunk::<4>().ok_or(EnvelopeError::Truncated)?;
    let whole = u32::try_from(payload.len()).is_ok_and(|len| len == u32::from_be_bytes(*payload_len));
    if whole { Ok(payload) } else { Err(EnvelopeError::Truncated) }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn label(text: &str) -> Label {
        Token::new(text).unwrap().into()
    }

    #[test]
    fn the_bytes_of_version_1_never_change() {
        let frozen = b"ESEALENV\x01\x10pairing-secret.1\x00\x00\x00\x05\x00\x01\x02\xfe\xff";
        let label = label("pairing-secret.1");
        assert_eq!(wrap(&label, &[0, 1, 2, 254, 255]).unwrap().as_slice(), frozen);
        assert_eq!(unwrap(&label, frozen).unwrap(), [0, 1, 2, 254, 255]);
    }

    #[test]
    fn another_version_is_named() {
        let label = label("a");
        for version in [0, 2, 255] {
            let mut bytes = wrap(&label, b"payload").unwrap();
            bytes[8] = version;
            assert_eq!(unwrap(&label, &bytes), Err(EnvelopeError::UnknownVersion { version }));
        }
    }

    #[test]
    fn every_shorter_and_longer_form_is_refused() {
        let label = label("receipt");
        let bytes = wrap(&label, b"payload").unwrap();
        for end in 0..bytes.len() {
            let expected = if end < 8 { EnvelopeError::NotAnEnvelope } else { EnvelopeError::Truncated };
            assert_eq!(unwrap(&label, &bytes[..end]), Err(expected), "cut at {end}");
        }
        let mut longer = bytes.to_vec();
        longer.push(0);
        assert_eq!(unwrap(&label, &longer), Err(EnvelopeError::Truncated));
    }

    #[test]
    fn another_label_is_refused() {
        let bytes = wrap(&label("receipt"), b"payload").unwrap();
        for other in ["receip", "receipt2", "checkpoint"] {
            assert_eq!(unwrap(&label(other), &bytes), Err(EnvelopeError::WrongLabel));
        }
        assert_eq!(unwrap(&label("receipt"), b"{\"json\": true}"), Err(EnvelopeError::NotAnEnvelope));
    }

    #[test]
    fn the_longest_payload_fits_and_no_longer_one() {
        let label = label(&"x".repeat(64));
        let longest = vec![7; MAX_VALUE_LEN - MAX_OVERHEAD];
        let bytes = wrap(&label, &longest).unwrap();
        assert_eq!(bytes.len(), MAX_VALUE_LEN);
        assert_eq!(unwrap(&label, &bytes).unwrap(), longest);
        assert_eq!(wrap(&label, &[longest, vec![7]].concat()).err(), Some(EnvelopeError::TooLong));
    }

    proptest! {
        #[test]
        fn gives_back_what_it_was_given(text in "[a-z0-9][a-z0-9.-]{0,63}", payload in prop::collection::vec(any::<u8>(), 0..500)) {
            let label = label(&text);
            let bytes = wrap(&label, &payload).unwrap();
            prop_assert_eq!(unwrap(&label, &bytes).unwrap(), payload);
        }

        #[test]
        fn any_bytes_are_read_without_a_panic(bytes in prop::collection::vec(any::<u8>(), 0..100)) {
            let framed = [MAGIC.as_slice(), &[VERSION], &bytes].concat();
            let _ = unwrap(&label("a"), &bytes);
            let _ = unwrap(&label("a"), &framed);
        }
    }
}
