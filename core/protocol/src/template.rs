//! What a person reads before consenting: versioned templates filled from typed fields only. The digest of the filled text is
//! part of what is signed, so a template is data that never changes: a new wording is a new version.

use serde::{Deserialize, Serialize};

use crate::ids::Sha256Hex;
use crate::intent::{Intent, Operation};
use crate::text::DisplayText;

/// The language of a consent's text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Locale {
    /// Simplified Chinese.
    #[serde(rename = "zh-CN")]
    ZhCn,
    /// English.
    #[serde(rename = "en")]
    En,
}

/// The part of a consent that says what the person read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Shown {
    /// The template's name: the operation's type.
    pub template: DisplayText,
    /// The template's version.
    pub version: u32,
    /// In which language.
    pub locale: Locale,
    /// SHA-256 of the filled text in UTF-8.
    pub digest: Sha256Hex,
}

/// A filled template.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ShownText {
    /// First line.
    pub title: String,
    /// The lines after it, in order.
    pub lines: Vec<String>,
    /// What is signed about it.
    pub shown: Shown,
}

/// A text that cannot be made.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TemplateError {
    /// No such template or version in this build.
    #[error("no such consent template")]
    Unknown,
    /// A template names a field that its operation does not have.
    #[error("the consent template names an unknown field")]
    UnknownField,
}

/// The newest version of every template.
const NEWEST: u32 = 1;

/// The text for an intent in its newest version. `rp` is the relying party's name as certified.
///
/// # Errors
/// [`TemplateError`] when this build lacks the template.
pub fn render(intent: &Intent, rp: &str, locale: Locale) -> Result<ShownText, TemplateError> {
    render_version(intent, rp, locale, NEWEST)
}

/// The text for an intent in a stated version: how a verifier repeats what was shown.
///
/// # Errors
/// As [`render`].
pub fn render_version(intent: &Intent, rp: &str, locale: Locale, version: u32) -> Result<ShownText, TemplateError> {
    let template = source(&intent.op, locale, version)?;
    let text = fill(template, |field| value(intent, rp, field))?;
    let name = DisplayText::new(intent.op.type_name()).map_err(|_| TemplateError::Unknown)?;
    let shown = Shown { template: name, version, locale, digest: Sha256Hex::of(text.as_bytes()) };
    let mut lines = text.lines().map(str::to_owned);
    let title = lines.next().unwrap_or_default();
    Ok(ShownText { title, lines: lines.collect(), shown })
}

const fn source(op: &Operation, locale: Locale, version: u32) -> Result<&'static str, TemplateError> {
    match (op, version, locale) {
        (Operation::ClaimHandwrittenSeal { .. }, 1, Locale::ZhCn) => {
            Ok(include_str!("../templates/claim-handwritten-seal.1.zh-CN.txt"))
        }
        (Operation::ClaimHandwrittenSeal { .. }, 1, Locale::En) => {
            Ok(include_str!("../templates/claim-handwritten-seal.1.en.txt"))
        }
        _ => Err(TemplateError::Unknown),
    }
}

fn value(intent: &Intent, rp: &str, field: &str) -> Option<String> {
    let Operation::ClaimHandwrittenSeal { seal_id, face } = &intent.op;
    Some(match field {
        "rp" => rp.to_owned(),
        "subject" => intent.subject.name.to_string(),
        "account" => intent.initiator.account.to_string(),
        "ip" => intent.browser.ip.to_string(),
        "browser" => intent.browser.user_agent.to_string(),
        "seal" => seal_id.to_string(),
        "width" => millimetres(face.width_um),
        "height" => millimetres(face.height_um),
        "face" => short_fingerprint(&face.sha256),
        _ => return None,
    })
}

/// One pass over the template: what a field is filled with is never looked at as template again.
fn fill(template: &str, value: impl Fn(&str) -> Option<String>) -> Result<String, TemplateError> {
    let mut out = String::with_capacity(template.len() * 2);
    let mut rest = template;
    while let Some((text, after)) = rest.split_once('{') {
        let (field, tail) = after.split_once('}').ok_or(TemplateError::UnknownField)?;
        out.push_str(text);
        out.push_str(&value(field).ok_or(TemplateError::UnknownField)?);
        rest = tail;
    }
    out.push_str(rest);
    Ok(out)
}

fn millimetres(um: u32) -> String {
    let tenths = um.saturating_add(50) / 100;
    format!("{}.{}", tenths / 10, tenths % 10)
}

fn short_fingerprint(digest: &Sha256Hex) -> String {
    let hex = digest.to_string();
    [0, 4, 8, 12].map(|at| hex.get(at..at + 4).unwrap_or_default()).join(" ")
}
