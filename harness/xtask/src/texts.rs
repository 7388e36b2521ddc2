//! Every error code that the core can raise has a text in every language of both apps, and no text is without its code.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use crate::report::Tally;
use crate::workspace::Workspace;

/// What stands before the braces that hold codes: an error's `code` function, and the platform's problems.
const PLACES: [&str; 2] = ["fn code(", "problem_codes! {"];

/// A family of codes that no app sees: only the platform issues certificates.
const NOT_SEEN: &str = "issue.";

/// The key of the text for a code that a newer platform has; it is no code itself.
const FALLBACK: &str = "unknown";

/// The tables of texts, and how an entry is written there.
const TABLES: [(&str, Syntax); 4] = [
    ("android/sdk/src/main/resources/cn/eseal/sdk/errors_en.properties", Syntax::Properties),
    ("android/sdk/src/main/resources/cn/eseal/sdk/errors_zh_CN.properties", Syntax::Properties),
    ("ios/Sources/ESeal/Texts/en.strings", Syntax::Strings),
    ("ios/Sources/ESeal/Texts/zh-Hans.strings", Syntax::Strings),
];

/// How a table is written.
#[derive(Clone, Copy)]
enum Syntax {
    /// `key=text`
    Properties,
    /// `"key" = "text";`
    Strings,
}

impl Syntax {
    fn entry(self, line: &str) -> Option<(&str, &str)> {
        match self {
            Self::Properties => line.split_once('='),
            Self::Strings => line.strip_prefix('"')?.strip_suffix("\";")?.split_once("\" = \""),
        }
    }
}

/// One check a table: the codes it has are the codes there are, each with a text, and both apps say the same.
pub(crate) fn for_every_code(workspace: &Workspace) -> Tally {
    let mut tally = Tally::default();
    let codes = codes(&workspace.root().join("core"));
    tally.check(codes.len() > 50, || format!("only {} codes found in core: is the search still right?", codes.len()));
    let tables = TABLES.map(|(path, syntax)| (path, read(&workspace.root().join(path), syntax)));
    for (path, table) in &tables {
        let texts: BTreeSet<&str> = table.keys().map(String::as_str).filter(|key| *key != FALLBACK).collect();
        let known: BTreeSet<&str> = codes.iter().map(String::as_str).collect();
        let missing: Vec<_> = known.difference(&texts).copied().collect();
        let stale: Vec<_> = texts.difference(&known).copied().collect();
        let empty: Vec<_> =
            table.iter().filter(|(_, text)| text.trim().is_empty()).map(|(key, _)| key.as_str()).collect();
        tally.check(missing.is_empty(), || format!("{path}: no text for {}", missing.join(", ")));
        tally.check(stale.is_empty(), || format!("{path}: no such code: {}", stale.join(", ")));
        tally.check(empty.is_empty() && table.contains_key(FALLBACK), || {
            format!("{path}: empty or without a text for the unknown: {}", empty.join(", "))
        });
    }
    let [android_en, android_zh, ios_en, ios_zh] = &tables;
    for (left, right) in [(android_en, ios_en), (android_zh, ios_zh)] {
        let differing: Vec<_> =
            left.1.iter().filter(|(key, text)| right.1.get(*key) != Some(text)).map(|(key, _)| key).collect();
        tally.check(differing.is_empty(), || format!("{} and {} differ in {differing:?}", left.0, right.0));
    }
    tally
}

fn read(table: &Path, syntax: Syntax) -> BTreeMap<String, String> {
    let text = fs::read_to_string(table).unwrap_or_default();
    let entries = text.lines().filter_map(|line| syntax.entry(line.trim()));
    entries.map(|(key, text)| (key.trim().to_owned(), text.to_owned())).collect()
}

/// Every code in the sources of the core.
fn codes(core: &Path) -> BTreeSet<String> {
    let sources = rust_files(core).into_iter().filter(|file| file.iter().any(|part| part == "src"));
    sources.flat_map(|file| codes_in(&fs::read_to_string(file).unwrap_or_default())).collect()
}

fn rust_files(folder: &Path) -> Vec<PathBuf> {
    let Ok(entries) = fs::read_dir(folder) else { return Vec::new() };
    let paths = entries.flatten().map(|entry| entry.path());
    paths.flat_map(|path| if path.is_dir() { rust_files(&path) } else { vec![path] }).collect()
}

fn codes_in(source: &str) -> Vec<String> {
    let bodies =
        PLACES.iter().flat_map(|place| source.match_indices(place)).filter_map(|(at, _)| braced(&source[at..]));
    bodies
        .flat_map(|body| body.split('"').skip(1).step_by(2))
        .filter(|text| is_code(text) && !text.starts_with(NOT_SEEN))
        .map(str::to_owned)
        .collect()
}

/// From the first opening brace to the one that closes it.
fn braced(source: &str) -> Option<&str> {
    let start = source.find('{')?;
    let mut depth = 0_usize;
    for (at, letter) in source[start..].char_indices() {
        match letter {
            '{' => depth += 1,
            '}' => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return source.get(start..=start + at);
        }
    }
    None
}

/// Words of small letters, digits and hyphens, joined by dots.
fn is_code(text: &str) -> bool {
    let is_word = |word: &str| {
        word.starts_with(|first: char| first.is_ascii_lowercase())
            && word.chars().all(|letter| letter.is_ascii_lowercase() || letter.is_ascii_digit() || letter == '-')
    };
    text.contains('.') && text.split('.').all(is_word)
}

#[cfg(test)]
mod tests {
    use super::{Syntax, codes_in, is_code};

    #[test]
    fn finds_codes_where_errors_name_them_and_nowhere_else() {
        let source = r#"
            const NAME: &str = "not.this";
            pub const fn code(&self) -> &'static str {
                match self { Self::A { .. } => "pdf.encrypted", Self::B => "ink.empty", Self::D => "issue.encoding", Self::C(c) => c.code() }
            }
            fn other() -> &'static str { "nor.this" }
            problem_codes! { /// Over.
                Over = "consent.over", 409; }
        "#;
        assert_eq!(codes_in(source), ["pdf.encrypted", "ink.empty", "consent.over"]);
    }

    #[test]
    fn a_code_is_words_and_dots() {
        assert!(is_code("consent.not-for-you") && is_code("pdf.page2"));
        for text in ["consent", "1.2.840", "a..b", "A.b", "a.b c", ""] {
            assert!(!is_code(text), "{text}");
        }
    }

    #[test]
    fn reads_both_kinds_of_table() {
        assert_eq!(Syntax::Properties.entry("qr.x=a = b"), Some(("qr.x", "a = b")));
        assert_eq!(Syntax::Strings.entry("\"qr.x\" = \"a = b\";"), Some(("qr.x", "a = b")));
        assert_eq!(Syntax::Strings.entry("qr.x=a"), None);
    }
}
