//! Dictionaries that act by themselves or lead out of the file (ISO 32000-2, 12.6 and 7.11).

use super::{Findings, Severity};
use crate::pdf::syntax::object::Value;

/// Nesting that is followed inside one object.
const MAX_DEPTH: usize = 32;

/// Looks at every dictionary in an object.
pub(super) fn look(object: Option<u32>, value: &Value, findings: &mut Findings) {
    let mut open = vec![(value.clone(), 0)];
    while let Some((value, depth)) = open.pop() {
        if value.is_dictionary() {
            look_at(object, &value, findings);
        }
        if depth < MAX_DEPTH {
            open.extend(
                value
                    .children()
                    .filter(|child| child.is_dictionary() || child.is_array())
                    .map(|child| (child, depth + 1)),
            );
        }
    }
}

fn look_at(object: Option<u32>, dictionary: &Value, findings: &mut Findings) {
    let place = (None, object);
    let is = |key: &str, name: &[u8]| dictionary.get(key).is_some_and(|value| value.is_name(name));
    let has = |key: &str| dictionary.get(key).is_some_and(|value| !value.is_null());
    let mut warn = |code, detail: &str| findings.add(Severity::Warning, code, place, detail.to_owned());
    if is("S", b"JavaScript") || (has("JS") && has("S")) {
        warn("lint.javascript", "a script");
    }
    if is("S", b"Launch") {
        warn("lint.launch", "an action that starts a program");
    }
    if is("S", b"SubmitForm") {
        warn("lint.submit-form", "an action that sends the form somewhere");
    }
    if is("S", b"ImportData") {
        warn("lint.import-data", "an action that fills the form from a file");
    }
    if is("S", b"GoToR") || is("S", b"GoToE") {
        warn("lint.external-reference", "an action that opens another document");
    }
    if is("Type", b"Catalog") {
        if has("OpenAction") && dictionary.get("OpenAction").is_some_and(|action| !action.is_array()) {
            findings.add(
                Severity::Notice,
                "lint.open-action",
                place,
                "something happens when the file is opened".to_owned(),
            );
        }
        if has("AA") {
            findings.add(Severity::Warning, "lint.additional-actions", place, "the document acts by itself".to_owned());
        }
    } else if has("AA") {
        findings.add(
            Severity::Notice,
            "lint.additional-actions",
            place,
            "a page, a field or an annotation acts by itself".to_owned(),
        );
    }
    if is("S", b"URI") {
        findings.add(Severity::Notice, "lint.link", place, "a link to an address".to_owned());
    }
    if has("EF") || is("Type", b"EmbeddedFile") {
        findings.add(Severity::Notice, "lint.embedded-file", place, "a file is embedded".to_owned());
    }
    let is_stream = dictionary.object().stream.is_some() && dictionary.span() == dictionary.object().root().span();
    if is_stream && has("F") {
        findings.add(
            Severity::Warning,
            "lint.external-stream",
            place,
            "the data of a stream are outside of the file".to_owned(),
        );
    }
    if is("Subtype", b"Form") && has("Ref") {
        findings.add(
            Severity::Warning,
            "lint.external-reference",
            place,
            "a picture that is a page of another document".to_owned(),
        );
    }
    if has("XFA") {
        findings.add(
            Severity::Warning,
            "lint.xfa",
            place,
            "an XFA form: what is seen depends on the reader".to_owned(),
        );
    }
    if has("Alternates") && is("Subtype", b"Image") {
        findings.add(
            Severity::Notice,
            "lint.alternate-image",
            place,
            "a picture with an alternate for printing".to_owned(),
        );
    }
}
