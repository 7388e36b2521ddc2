//! From glyph names to characters, by the Adobe Glyph List and its rules for names that are made up.

use std::sync::LazyLock;

use crate::pdf::content::font::Owned;

/// Adobe's list for new fonts and some older names that are still met: `name code`, in order of the names.
static LIST: &str = include_str!("data/glyph-names.txt");

static NAMES: LazyLock<Vec<(&'static str, char)>> = LazyLock::new(|| {
    let entry = |line: &'static str| {
        let (name, code) = line.split_once(' ')?;
        Some((name, char::from_u32(u32::from_str_radix(code, 16).ok()?)?))
    };
    LIST.lines().filter_map(entry).collect()
});

/// What a glyph of that name shows.
pub(crate) fn text(name: &[u8]) -> Option<Owned> {
    let name = std::str::from_utf8(name).ok()?;
    // What follows a full stop says which shape, not which character.
    let stem = name.split('.').next().filter(|stem| !stem.is_empty())?;
    let text: Option<String> = stem.split('_').map(component).collect();
    Owned::new(&text?)
}

fn component(name: &str) -> Option<char> {
    listed(name).or_else(|| hexadecimal(name))
}

fn listed(name: &str) -> Option<char> {
    NAMES.binary_search_by_key(&name, |(name, _)| name).ok().map(|at| NAMES[at].1)
}

/// `uni4E2D`, `u4E2D` to `u10FFFF`.
fn hexadecimal(name: &str) -> Option<char> {
    let digits = match name.strip_prefix("uni") {
        Some(digits) => Some(digits).filter(|digits| digits.len() == 4)?,
        None => name.strip_prefix('u').filter(|digits| (4..=6).contains(&digits.len()))?,
    };
    let is_hexadecimal = digits.bytes().all(|byte| byte.is_ascii_digit() || (b'A'..=b'F').contains(&byte));
    char::from_u32(u32::from_str_radix(digits, 16).ok().filter(|_| is_hexadecimal)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_is_in_order_and_whole() {
        assert!(NAMES.is_sorted());
        assert_eq!(NAMES.len(), LIST.lines().count());
    }

    #[test]
    fn names_are_read_by_the_rules() {
        let cases = [
            ("A", "A"),
            ("Aacute", "Á"),
            ("fi", "\u{fb01}"),
            ("f_f_i", "ffi"),
            ("A.sc", "A"),
            ("uni5408", "合"),
            ("u20BB7", "𠮷"),
            ("bullet", "•"),
        ];
        for (name, expected) in cases {
            assert_eq!(text(name.as_bytes()), Owned::new(expected), "{name}");
        }
        for name in ["", ".notdef", "g12", "uni54", "uni540x", "uD800", "a_", "union5", "uniD800"] {
            assert_eq!(text(name.as_bytes()), None, "{name}");
        }
    }
}
