//! Every code that the core can raise has a text in every language of both apps, and a row in `docs/errors.md`; every check of a
//! verification report has its name there. What the
//! codes are is read out of the sources, so that a new one without its texts does not pass.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs, unreachable_pub, reason = "test code")]

mod source;
mod table;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use eseal_custody::{Prompt, Token};
use eseal_document::report::Topic;
use eseal_protocol::problem::ProblemCode;
use eseal_tests::checkout;
use source::Source;
use table::{Table, placeholders};

/// The key of the text for a code that a newer platform has.
const FALLBACK: &str = "unknown";
const PAGE: &str = "docs/errors.md";

/// One language's tables, which must be equal.
struct Language {
    android: Table,
    ios: Table,
}

impl Language {
    fn read(android: &str, ios: &str) -> Self {
        Self {
            android: table::properties("android/sdk/src/main/resources/cn/eseal/sdk", android),
            ios: table::strings("ios/Sources/ESeal/Texts", ios),
        }
    }

    fn chinese() -> Self {
        Self::read("zh_CN", "zh-Hans")
    }

    fn english() -> Self {
        Self::read("en", "en")
    }

    fn tables(&self) -> [(&str, &Table); 2] {
        [("Android", &self.android), ("iOS", &self.ios)]
    }
}

/// The codes of one crate of the core.
fn codes_of_crate(name: &str) -> BTreeSet<String> {
    let source = Source::below(&format!("core/{name}/src"));
    let mut codes = source.codes_of_functions("code");
    codes.extend(source.codes_of_macro("problem_codes"));
    codes
}

fn crates_of_the_core() -> Vec<String> {
    let entries = fs::read_dir(checkout("core")).unwrap().map(Result::unwrap);
    entries.map(|entry| entry.file_name().into_string().unwrap()).collect()
}

/// What `bindings` raises itself.
fn codes_of_bindings() -> BTreeSet<String> {
    Source::below("bindings/src").codes_of_field("code")
}

/// The key of each operation's name.
fn operations() -> BTreeSet<String> {
    let types = Source::below("core/protocol/src").texts_of_functions("type_name");
    types.iter().map(|name| format!("operation.{name}")).collect()
}

/// The prompts' keys, each with the values that are filled in.
fn prompts() -> BTreeMap<String, BTreeSet<&'static str>> {
    let operation = Token::new("any").unwrap();
    let one_of_each = [
        Prompt::Request,
        Prompt::ProvePossession,
        Prompt::Approve { operation: operation.clone(), documents: 1 },
        Prompt::Decline { operation },
        Prompt::Seal { documents: 1 },
    ];
    let values = |prompt: &Prompt| prompt.params().iter().map(|param| param.name).collect();
    one_of_each.iter().map(|prompt| (prompt.key().to_owned(), values(prompt))).collect()
}

/// Every key that must have a text.
fn keys() -> BTreeSet<String> {
    let mut keys: BTreeSet<_> = crates_of_the_core().iter().flat_map(|name| codes_of_crate(name)).collect();
    keys.extend(codes_of_bindings());
    keys.extend(operations());
    keys.extend(Prompt::KEYS.iter().map(ToString::to_string));
    keys.insert(FALLBACK.to_owned());
    keys
}

/// What looks like the code of a check and is none.
const NO_CHECKS: [&str; 2] = ["adbe.pkcs7.detached", "signedvalue.dat"];

/// The checks of a verification report, and what they are about. Whatever looks like a code in `core/document` is one, if it
/// is not an error's or a finding of the lint, which is no part of the report.
fn report_keys() -> BTreeSet<String> {
    let errors: BTreeSet<_> = crates_of_the_core().iter().flat_map(|name| codes_of_crate(name)).collect();
    let codes = Source::below("core/document/src").codes().into_iter();
    let is_check =
        |code: &String| !errors.contains(code) && !code.starts_with("lint.") && !NO_CHECKS.contains(&code.as_str());
    codes.filter(is_check).chain(Topic::ALL.map(|topic| format!("topic.{topic}"))).collect()
}

/// Every key that the apps must have a text for.
fn shown_keys() -> BTreeSet<String> {
    keys().into_iter().chain(report_keys()).collect()
}

fn assert_same_keys<'a>(place: &str, keys: &BTreeSet<String>, there: impl Iterator<Item = &'a String>) {
    let there = there.cloned().collect::<BTreeSet<_>>();
    let missing: Vec<_> = keys.difference(&there).collect();
    let stale: Vec<_> = there.difference(keys).collect();
    assert!(missing.is_empty() && stale.is_empty(), "{place}: missing {missing:?}, nobody raises {stale:?}");
}

#[test]
fn every_code_has_a_chinese_text_on_both_platforms() {
    for (platform, table) in Language::chinese().tables() {
        assert_same_keys(platform, &shown_keys(), table.keys());
    }
}

#[test]
fn every_code_has_an_english_text_on_both_platforms() {
    for (platform, table) in Language::english().tables() {
        assert_same_keys(platform, &shown_keys(), table.keys());
    }
}

#[test]
fn both_platforms_say_the_same() {
    for Language { android, ios } in [Language::chinese(), Language::english()] {
        let differing: Vec<_> = android.iter().filter(|(key, text)| ios.get(*key) != Some(text)).collect();
        assert!(differing.is_empty(), "iOS says otherwise than {differing:?}");
    }
}

#[test]
fn every_code_has_a_row_for_developers() {
    let rows = table::rows(PAGE);
    assert_same_keys(PAGE, &keys(), rows.keys());
    for (key, cells) in rows {
        assert!(cells.len() > 1 && cells.iter().all(|cell| !cell.is_empty()), "{PAGE}: {key} has empty cells");
    }
}

#[test]
fn texts_name_the_values_that_are_filled_in_and_no_others() {
    let mut filled = prompts();
    assert!(Prompt::KEYS.iter().all(|key| filled.contains_key(*key)), "a prompt has no example here");
    filled.insert(FALLBACK.to_owned(), BTreeSet::from(["code"]));
    for Language { android, .. } in [Language::chinese(), Language::english()] {
        for (key, text) in android {
            let named: BTreeSet<_> = placeholders(&text).into_iter().collect();
            assert_eq!(named, filled.get(&key).cloned().unwrap_or_default(), "{key}: {text}");
        }
    }
}

#[test]
fn each_language_is_written_as_it_is_written() {
    let is_han = |letter: char| ('\u{4E00}'..='\u{9FFF}').contains(&letter);
    for (key, text) in Language::chinese().android {
        assert!(text.contains(is_han), "{key}: {text}");
        assert!(!text.contains([',', '.', ';', ':', '!', '?', '(', ')']), "half-width in {key}: {text}");
    }
    for (key, text) in Language::english().android {
        assert!(text.is_ascii(), "{key}: {text}");
    }
}

#[test]
fn bindings_have_no_field_that_kotlin_or_swift_errors_have_already() {
    let fields = Source::below("bindings/src").fields();
    assert!(fields.contains("detail"), "the search finds no fields at all");
    for name in ["message", "cause"] {
        assert!(!fields.contains(name), "bindings export a field called {name}");
    }
}

#[test]
fn the_search_finds_what_is_known_to_be_there() {
    for name in crates_of_the_core() {
        assert!(!codes_of_crate(&name).is_empty(), "no code in core/{name}");
    }
    let problems: BTreeSet<_> = ProblemCode::KNOWN.iter().map(|code| code.as_str().to_owned()).collect();
    assert!(problems.is_subset(&codes_of_crate("protocol")));
    assert!(codes_of_bindings().contains("sdk.bad-argument"));
    assert!(operations().contains("operation.claim-handwritten-seal"));
}
