//! A stranger's text, made safe to look at.

/// The longest shown text, characters.
pub const MOST_SHOWN_CHARS: usize = 256;
/// Combining marks over one letter; no language stacks more, and many stacked marks paint over other lines.
const MOST_MARKS: usize = 3;
/// Stands where a text was cut.
const CUT: char = '…';

/// A text from outside that can be shown: no control character, nothing that turns the direction of reading, nothing
/// that cannot be seen, one line, at most [`MOST_SHOWN_CHARS`]. What was taken out stands as `[U+202E]`.
///
/// Show it as plain text: a view that makes links of what looks like one must be told not to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ShownText(String);

impl ShownText {
    /// Makes this text safe to look at.
    #[must_use]
    pub fn of(text: &str) -> Self {
        let mut shown = String::new();
        let (mut length, mut marks) = (0, 0);
        for c in text.chars() {
            marks = if is_mark(c) { marks + 1 } else { 0 };
            let piece =
                if is_unseen(c) || marks > MOST_MARKS { format!("[U+{:04X}]", u32::from(c)) } else { c.to_string() };
            length += piece.chars().count();
            if length >= MOST_SHOWN_CHARS {
                shown.push(CUT);
                break;
            }
            shown.push_str(&piece);
        }
        Self(shown)
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Display for ShownText {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

/// Characters that have no picture of their own: controls, format characters (Unicode category Cf), line and paragraph
/// separators, private use, variation selectors, fillers, noncharacters.
pub(super) fn is_unseen(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{AD}' | '\u{34F}' | '\u{600}'..='\u{605}' | '\u{61C}' | '\u{6DD}' | '\u{70F}' | '\u{890}'..='\u{891}'
            | '\u{8E2}' | '\u{115F}'..='\u{1160}' | '\u{17B4}'..='\u{17B5}' | '\u{180B}'..='\u{180F}'
            | '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{2800}' | '\u{3164}'
            | '\u{E000}'..='\u{F8FF}' | '\u{FDD0}'..='\u{FDEF}' | '\u{FE00}'..='\u{FE0F}' | '\u{FEFF}' | '\u{FFA0}'
            | '\u{FFF0}'..='\u{FFFB}' | '\u{FFFE}'..='\u{FFFF}' | '\u{110BD}' | '\u{110CD}'
            | '\u{13430}'..='\u{1343F}' | '\u{1BCA0}'..='\u{1BCA3}' | '\u{1D173}'..='\u{1D17A}'
            | '\u{E0000}'..='\u{10FFFF}')
}

/// The blocks of combining diacritical marks (Unicode chapter 7.9).
const fn is_mark(c: char) -> bool {
    matches!(c,
        '\u{300}'..='\u{36F}' | '\u{483}'..='\u{489}' | '\u{1AB0}'..='\u{1AFF}' | '\u{1DC0}'..='\u{1DFF}'
        | '\u{20D0}'..='\u{20FF}' | '\u{FE20}'..='\u{FE2F}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_steers_or_hides_is_named_instead() {
        for (text, shown) in [
            ("江西省 A", "江西省 A"),
            ("a\u{202E}b", "a[U+202E]b"),
            ("a\nb\t\u{1b}[31m", "a[U+000A]b[U+0009][U+001B][31m"),
            ("\u{FEFF}x\u{200B}", "[U+FEFF]x[U+200B]"),
            ("e\u{301}", "e\u{301}"),
            ("e\u{301}\u{301}\u{301}\u{301}", "e\u{301}\u{301}\u{301}[U+0301]"),
            ("\u{E0041}", "[U+E0041]"),
        ] {
            assert_eq!(ShownText::of(text).as_str(), shown);
        }
    }

    #[test]
    fn a_long_text_is_cut_and_says_so() {
        let shown = ShownText::of(&"章".repeat(2 * MOST_SHOWN_CHARS));
        assert_eq!(shown.as_str().chars().count(), MOST_SHOWN_CHARS);
        assert!(shown.as_str().ends_with(CUT));
        assert!(!ShownText::of(&"章".repeat(MOST_SHOWN_CHARS - 1)).as_str().ends_with(CUT));
    }
}
