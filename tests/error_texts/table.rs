//! The apps' tables of texts, and the page for developers. Read strictly: what an app might read otherwise is refused.

use std::collections::BTreeMap;
use std::fs;

use eseal_tests::checkout;

/// Texts by key.
pub(crate) type Table = BTreeMap<String, String>;

/// All Java properties files of a folder for one language, `NAME_LANGUAGE.properties`: lines of `key=text`.
pub(crate) fn properties(folder: &str, language: &str) -> Table {
    tables(folder, |name| name.ends_with(&format!("_{language}.properties")), |line| line.split_once('='))
}

/// All Apple strings files of a folder for one language, `LANGUAGE.strings` or `LANGUAGE.NAME.strings`: lines of
/// `"key" = "text";`.
pub(crate) fn strings(folder: &str, language: &str) -> Table {
    let is_one = |name: &str| name.starts_with(&format!("{language}.")) && name.ends_with(".strings");
    tables(folder, is_one, |line| line.strip_prefix('"')?.strip_suffix("\";")?.split_once("\" = \""))
}

/// The rows that start with a key in all tables of a page, each with its other cells.
pub(crate) fn rows(page: &str) -> BTreeMap<String, Vec<String>> {
    let text = fs::read_to_string(checkout(page)).unwrap();
    let tables = text.split("\n\n").map(|paragraph| {
        let rows = paragraph.lines().filter(|line| line.starts_with("| `")).map(|line| {
            let mut cells = line.trim_matches('|').split('|').map(|cell| cell.trim().to_owned());
            (cells.next().unwrap_or_default().trim_matches('`').to_owned(), cells.collect::<Vec<_>>())
        });
        sorted(page, rows)
    });
    merged(page, tables)
}

/// The names in braces, in order.
pub(crate) fn placeholders(text: &str) -> Vec<&str> {
    text.split('{').skip(1).map(|rest| rest.split_once('}').expect("a brace that is not closed").0).collect()
}

fn tables(folder: &str, is_one: impl Fn(&str) -> bool, entry: impl Fn(&str) -> Option<(&str, &str)> + Copy) -> Table {
    let names = fs::read_dir(checkout(folder)).unwrap().map(|file| file.unwrap().file_name().into_string().unwrap());
    let paths = names.filter(|name| is_one(name)).map(|name| format!("{folder}/{name}"));
    merged(folder, paths.map(|path| table(&path, entry)))
}

fn table(path: &str, entry: impl Fn(&str) -> Option<(&str, &str)>) -> Table {
    let text = fs::read_to_string(checkout(path)).unwrap();
    let entries = text.lines().map(|line| {
        let (key, text) = entry(line).unwrap_or_else(|| panic!("{path}: not an entry: {line}"));
        let is_plain = !line.contains('\\') && !text.contains('"') && key.trim() == key && text.trim() == text;
        assert!(is_plain && !key.is_empty() && !text.is_empty(), "{path}: escapes, quotes, blanks or nothing: {line}");
        (key.to_owned(), text.to_owned())
    });
    sorted(path, entries)
}

/// Strictly ascending, so that nothing is there twice and two branches do not append at the same place.
fn sorted<T>(path: &str, entries: impl Iterator<Item = (String, T)>) -> BTreeMap<String, T> {
    let mut map = BTreeMap::new();
    for (key, value) in entries {
        let is_next = map.last_key_value().is_none_or(|(last, _)| *last < key);
        assert!(is_next, "{path}: {key} is not in its place");
        map.insert(key, value);
    }
    map
}

fn merged<T>(place: &str, parts: impl Iterator<Item = BTreeMap<String, T>>) -> BTreeMap<String, T> {
    let mut whole = BTreeMap::new();
    for (key, value) in parts.flatten() {
        assert!(!whole.contains_key(&key), "{place}: {key} is there twice");
        whole.insert(key, value);
    }
    whole
}
