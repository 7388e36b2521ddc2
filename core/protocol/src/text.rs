//! Texts from outside that a person will read before consenting.

use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize};
use unicode_normalization::is_nfc;

/// Longest [`DisplayText`], in characters.
pub const DISPLAY_TEXT_MAX: usize = 100;

/// Why a text may not be shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TextError {
    /// Nothing to show.
    #[error("the text is empty")]
    Empty,
    /// More than [`DISPLAY_TEXT_MAX`] characters.
    #[error("the text is longer than {DISPLAY_TEXT_MAX} characters")]
    TooLong,
    /// A control, a direction override, an invisible or a private-use character: what is read would not be what is there.
    #[error("the text has a character that is not shown as itself")]
    Deceptive,
    /// Not in Unicode normalization form C, so that equal-looking texts could differ.
    #[error("the text is not in normalization form C")]
    NotNormalized,
}

/// A short text that is shown exactly as it is signed: NFC, without controls, direction overrides or invisible characters.
///
/// A text that would have to be cleaned is refused and not cleaned: what is shown must be what was signed.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(transparent)]
pub struct DisplayText(String);

impl DisplayText {
    /// Checks a text.
    ///
    /// # Errors
    /// [`TextError`] says what is wrong with it.
    pub fn new(text: impl Into<String>) -> Result<Self, TextError> {
        let text = text.into();
        if text.trim().is_empty() {
            return Err(TextError::Empty);
        }
        if text.chars().count() > DISPLAY_TEXT_MAX {
            return Err(TextError::TooLong);
        }
        if text.chars().any(is_deceptive) {
            return Err(TextError::Deceptive);
        }
        if !is_nfc(&text) {
            return Err(TextError::NotNormalized);
        }
        Ok(Self(text))
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Display for DisplayText {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for DisplayText {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::new(String::deserialize(deserializer)?).map_err(D::Error::custom)
    }
}

fn is_deceptive(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{00AD}' | '\u{034F}' | '\u{061C}' | '\u{115F}'..='\u{1160}' | '\u{17B4}'..='\u{17B5}' | '\u{180B}'..='\u{180F}'
            | '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{3164}' | '\u{FE00}'..='\u{FE0F}'
            | '\u{FEFF}' | '\u{FFA0}' | '\u{FFF0}'..='\u{FFFF}' | '\u{E000}'..='\u{F8FF}' | '\u{E0000}'..='\u{10FFFF}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ordinary_names_pass() {
        for name in ["江小满", "赣江示范科技有限公司", "Ada Lovelace", "买买提·吐尔逊", "合同（第2版）.pdf"]
        {
            assert_eq!(DisplayText::new(name).unwrap().as_str(), name);
        }
    }

    #[test]
    fn deceptive_texts_are_refused_and_not_repaired() {
        for (text, error) in [
            ("", TextError::Empty),
            ("  ", TextError::Empty),
            ("fdp.\u{202E}exe", TextError::Deceptive),
            ("张\u{200B}三", TextError::Deceptive),
            ("line\nbreak", TextError::Deceptive),
            ("e\u{0301}", TextError::NotNormalized),
            (&"长".repeat(101), TextError::TooLong),
        ] {
            assert_eq!(DisplayText::new(text).unwrap_err(), error, "{text:?}");
        }
    }
}
