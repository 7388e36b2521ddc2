use std::fmt;

/// Longest token, in bytes.
const MAX_LEN: usize = 64;

/// A text that is not a token.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not 1 to 64 of a-z, 0-9, '.', '-' that start with a letter or digit")]
pub struct TokenError;

impl TokenError {
    /// The stable code of the error.
    #[must_use]
    pub const fn code(self) -> &'static str {
        "token.malformed"
    }
}

/// A machine's word, never a person's: 1 to 64 of `a-z`, `0-9`, `.` and `-`, starting with a letter or digit. So it can be a
/// file name on any system, and no user text gets in by it.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Token(String);

impl Token {
    /// Takes a text that is a token.
    ///
    /// # Errors
    /// [`TokenError`] when it is none.
    pub fn new(text: impl Into<String>) -> Result<Self, TokenError> {
        let text = text.into();
        let allowed = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || matches!(byte, b'.' | b'-');
        let starts_well = text.bytes().next().is_some_and(|byte| byte.is_ascii_alphanumeric());
        if starts_well && text.len() <= MAX_LEN && text.bytes().all(allowed) { Ok(Self(text)) } else { Err(TokenError) }
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.0, f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn takes_machine_words_only() {
        for good in ["a", "0", "seal.claim", "receipt.7f-3", &"x".repeat(64)] {
            assert_eq!(Token::new(good).unwrap().as_str(), good);
        }
        let bad = ["", ".", "..", ".hidden", "-x", "A", "a b", "a/b", "a\\b", "a\0", "合同", "a_b", &"x".repeat(65)];
        for text in bad {
            assert_eq!(Token::new(text), Err(TokenError), "{text:?}");
        }
    }
}
