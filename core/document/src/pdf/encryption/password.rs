//! What a person types to open a file.

use std::fmt;

use unicode_normalization::UnicodeNormalization as _;
use zeroize::Zeroizing;

/// A password to open an encrypted PDF with: the user's or the owner's. Wiped when it is dropped, never shown.
pub struct Password(Zeroizing<Vec<u8>>);

impl fmt::Debug for Password {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Password")
    }
}

impl Password {
    /// Takes the bytes over: text as UTF-8, or the bytes themselves where a file was encrypted with bytes that are no text.
    #[must_use]
    pub fn new(bytes: impl Into<Vec<u8>>) -> Self {
        Self(Zeroizing::new(bytes.into()))
    }

    /// The spellings to try with a handler of revision 2 to 4: `PDFDocEncoding` (ISO 32000-2, 7.6.4.3.2), of which the
    /// letters are those of Latin-1, and the bytes as they are, which is what many writers used.
    pub(crate) fn legacy_spellings(&self) -> Vec<Zeroizing<Vec<u8>>> {
        let text = std::str::from_utf8(&self.0).ok();
        let narrow = text.and_then(|text| text.chars().map(|c| u8::try_from(u32::from(c)).ok()).collect());
        self.spellings(narrow)
    }

    /// The spellings to try with a handler of revision 5 or 6: `SASLprep` (RFC 4013) as the standard asks for it (ISO
    /// 32000-2, 7.6.4.3.3), and the bytes as they are.
    pub(crate) fn unicode_spellings(&self) -> Vec<Zeroizing<Vec<u8>>> {
        let text = std::str::from_utf8(&self.0).ok();
        self.spellings(text.map(|text| prepare(text).into_bytes()))
    }

    fn spellings(&self, prepared: Option<Vec<u8>>) -> Vec<Zeroizing<Vec<u8>>> {
        let mut spellings: Vec<_> = prepared.map(Zeroizing::new).into_iter().collect();
        if spellings.first() != Some(&self.0) {
            spellings.push(self.0.clone());
        }
        spellings
    }
}

/// The mappings and the normalisation of RFC 4013. What it prohibits is not looked for: no writer accepts such a password,
/// so it opens nothing.
fn prepare(text: &str) -> String {
    let is_kept = |c: &char| {
        !matches!(c, '\u{ad}' | '\u{34f}' | '\u{1806}' | '\u{180b}'..='\u{180d}' | '\u{200b}'..='\u{200d}'
            | '\u{2060}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}')
    };
    let to_space = |c: char| match c {
        '\u{a0}' | '\u{1680}' | '\u{2000}'..='\u{200a}' | '\u{202f}' | '\u{205f}' | '\u{3000}' => ' ',
        other => other,
    };
    text.chars().filter(is_kept).map(to_space).nfkc().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spelt(spellings: &[Zeroizing<Vec<u8>>]) -> Vec<&[u8]> {
        spellings.iter().map(|spelling| spelling.as_slice()).collect()
    }

    #[test]
    fn plain_passwords_have_one_spelling() {
        let password = Password::new("user");
        assert_eq!(spelt(&password.legacy_spellings()), [b"user"]);
        assert_eq!(spelt(&password.unicode_spellings()), [b"user"]);
    }

    #[test]
    fn others_are_spelt_as_the_revisions_want_them() {
        let password = Password::new("h\u{f4}tel");
        assert_eq!(spelt(&password.legacy_spellings()), [&b"h\xf4tel"[..], "hôtel".as_bytes()]);
        // RFC 4013, section 3: examples 1, 2 and 4 to 5.
        for (given, prepared) in [("I\u{ad}X", "IX"), ("user", "user"), ("\u{aa}", "a"), ("\u{2168}", "IX")] {
            assert_eq!(Password::new(given).unicode_spellings()[0].as_slice(), prepared.as_bytes());
        }
        assert_eq!(Password::new("a\u{3000}b").unicode_spellings()[0].as_slice(), b"a b");
    }

    #[test]
    fn bytes_that_are_no_text_stay_as_they_are() {
        let password = Password::new(vec![0xff, 0xfe]);
        assert_eq!(spelt(&password.legacy_spellings()), [b"\xff\xfe"]);
        assert_eq!(spelt(&password.unicode_spellings()), [b"\xff\xfe"]);
    }

    #[test]
    fn it_is_not_shown() {
        assert_eq!(format!("{:?}", Password::new("secret")), "Password");
    }
}
