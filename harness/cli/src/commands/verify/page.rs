//! The answer as one page of HTML that needs nothing else: no scripts, no network. All that is from the document is escaped, and
//! isolated so that it cannot turn the direction of the text around it.

use std::fmt::Write as _;

use data_encoding::BASE64;
use eseal_crypto::cert::UnixTime;
use eseal_crypto::ses::{Seal, SealPicture};
use eseal_document::report::{Branch, ChangeVerdict, Check, CheckVerdict, SignatureReport};
use eseal_sdk::{Verification, VerifiedSeal};

use super::words::{self, Words};

const STYLE: &str = include_str!("page.css");
/// Nothing is loaded, and nothing runs, whatever a document smuggles in.
const POLICY: &str = "default-src 'none'; img-src data:; style-src 'unsafe-inline'";
/// A seal is shown as large as it is, up to this, mm.
const LARGEST_MM: u32 = 60;
/// Changes listed one by one.
const MOST_CHANGES: usize = 50;

/// What was found in the file of that name, judged at `at`.
pub(super) fn html(name: &str, found: &Verification, at: UnixTime) -> String {
    let report = &found.report;
    let mut page = format!(
        "<!doctype html><html lang=\"zh-CN\"><head><meta charset=\"utf-8\"><meta http-equiv=\"Content-Security-Policy\" \
         content=\"{POLICY}\"><meta name=\"viewport\" content=\"width=device-width\"><title>eseal verify</title>\
         <style>{STYLE}</style></head><body><main><header class=\"{class}\"><p class=\"what\">验章报告 · Verification report</p>\
         <h1>{name}</h1><p class=\"verdict\">{verdict}</p><p class=\"quiet\">{format} · {count} · {at}</p></header>",
        class = report.verdict.as_str(),
        name = escape(name),
        verdict = both(words::verdict(report.verdict)),
        format = report.format.as_str().to_uppercase(),
        count = both_of(
            &format!("{} 个签名", report.signatures.len()),
            &format!("{} signature(s)", report.signatures.len())
        ),
        at = clock(at),
    );
    for (number, (signature, named)) in (1_usize..).zip(report.signatures.iter().zip(&found.seals)) {
        add_signature(&mut page, &format!("<span>{number}</span>"), signature, named.as_ref());
    }
    if let Some(manifest) = &report.manifest {
        add_signature(&mut page, "完整性清单 · Integrity manifest:", manifest, None);
    }
    if !report.checks.is_empty() {
        page.push_str("<section><h2>文件 · The file</h2>");
        add_checks(&mut page, report.checks.iter());
        page.push_str("</section>");
    }
    page.push_str("</main></body></html>\n");
    page
}

fn add_signature(page: &mut String, before: &str, signature: &SignatureReport, named: Option<&VerifiedSeal>) {
    let _ = write!(
        page,
        "<section class=\"{class}\"><h2>{before} {signer}</h2><p class=\"verdict\">{verdict}</p>",
        class = signature.verdict.as_str(),
        signer = escape(signature.signer.as_deref().unwrap_or("—")),
        verdict = both(words::verdict(signature.verdict)),
    );
    if let Some(reason) = signature.reason() {
        let _ = write!(page, "<p class=\"reason\">{} <code>{reason}</code></p>", called(reason));
    }
    page.push_str("<div class=\"facts\">");
    if let Some(seal) = signature.seal.as_deref() {
        add_picture(page, seal.picture());
    }
    page.push_str("<dl>");
    add_facts(page, signature);
    if let Some(seal) = signature.seal.as_deref() {
        add_seal(page, seal);
    }
    match named {
        Some(VerifiedSeal::Genuine(record)) => {
            fact(page, ["印章记录", "Seal record"], &escape(record.seal_id.as_str()));
            fact(page, ["所有者", "Owner"], &escape(record.owner.name.as_str()));
        }
        Some(VerifiedSeal::NotGenuine(reason)) => {
            fact(page, ["印章记录", "Seal record"], &escape(&reason.to_string()));
        }
        None => {}
    }
    page.push_str("</dl></div>");
    let reason = signature.reason();
    for branch in signature.tree() {
        let is_decisive = branch.verdict == CheckVerdict::Fail || (reason.is_some() && branch.reason == reason);
        add_branch(page, &branch, if is_decisive { " open" } else { "" });
    }
    add_changes(page, signature);
    page.push_str("</section>");
}

fn add_facts(page: &mut String, signature: &SignatureReport) {
    fact(page, ["完整性", "Integrity"], &both(words::integrity(signature.integrity)));
    fact(page, ["信任", "Trust"], &both(words::trust(signature.trust)));
    if let Some(time) = signature.time {
        let source = both(words::time_source(time.source));
        fact(page, ["时间", "Time"], &format!("{}<br><small>{source}</small>", clock(time.at)));
    }
    fact(page, ["覆盖范围", "Coverage"], &both(words::coverage(signature.coverage)));
    fact(page, ["之后的更改", "Later changes"], &both(words::changes(signature.changes)));
    fact(page, ["格式", "Format"], &escape(&signature.format));
    if let Some(level) = signature.level {
        fact(page, ["等级", "Level"], level.as_str());
    }
    fact(page, ["签名域", "Field"], &escape(&signature.field));
}

fn add_seal(page: &mut String, seal: &Seal) {
    fact(page, ["印章", "Seal"], &format!("{}<br><small>{}</small>", escape(seal.name()), escape(seal.id())));
    let maker = seal.maker().subject_common_name().unwrap_or_else(|| seal.maker().subject_rfc4514());
    fact(page, ["制章者", "Seal maker"], &escape(&maker));
    let validity = seal.validity();
    let validity = format!("{} – {}", day(validity.not_before), day(validity.not_after));
    fact(page, ["印章有效期", "Valid"], &validity);
    fact(page, ["标准", "Standard"], seal.version().standard());
}

fn add_picture(page: &mut String, picture: &SealPicture) {
    let [width, height] = [picture.width_mm, picture.height_mm].map(|mm| mm.clamp(1, LARGEST_MM));
    let label = format!("{} × {} mm", picture.width_mm, picture.height_mm);
    let Some(kind) = kind_of(&picture.data) else {
        let kind = escape(&picture.kind);
        let _ = write!(page, "<figure class=\"none\">印模无法显示<br>no picture that can be shown ({kind})</figure>");
        return;
    };
    let data = BASE64.encode(&picture.data);
    let _ = write!(
        page,
        "<figure><img style=\"width:{width}mm;height:{height}mm\" src=\"data:{kind};base64,{data}\" alt=\"印模 seal\">\
         <figcaption>印章数据中的印模<br>the picture in the seal's data<br>{label}</figcaption></figure>"
    );
}

/// What a picture is by its first bytes: what it is called need not be true.
fn kind_of(picture: &[u8]) -> Option<&'static str> {
    const KINDS: [(&[u8], &str); 5] = [
        (b"\x89PNG\r\n\x1a\n", "image/png"),
        (b"\xff\xd8\xff", "image/jpeg"),
        (b"GIF8", "image/gif"),
        (b"BM", "image/bmp"),
        // As a picture, and not as a part of the page: no script in it runs, and nothing is fetched for it.
        (b"<svg", "image/svg+xml"),
    ];
    KINDS.into_iter().find(|(start, _)| picture.starts_with(start)).map(|(_, kind)| kind)
}

fn add_branch(page: &mut String, branch: &Branch<'_>, open: &str) {
    let passed = branch.checks.iter().filter(|check| check.verdict == CheckVerdict::Pass).count();
    let _ = write!(
        page,
        "<details{open}><summary class=\"{}\">{}<em>{passed}/{} · {}</em></summary>",
        branch.verdict.as_str(),
        words::topic(branch.topic).map_or_else(|| escape(branch.topic.as_str()), both),
        branch.checks.len(),
        both(words::check_verdict(branch.verdict)),
    );
    add_checks(page, branch.checks.iter().copied());
    page.push_str("</details>");
}

fn add_checks<'a>(page: &mut String, checks: impl Iterator<Item = &'a Check>) {
    page.push_str("<ul class=\"checks\">");
    for check in checks {
        let _ = write!(
            page,
            "<li class=\"{}\"><b>{}</b> <em>{}</em><p>{}</p><small><code>{}</code> {}</small></li>",
            check.verdict.as_str(),
            called(check.code),
            both(words::check_verdict(check.verdict)),
            escape(&check.detail),
            check.code,
            check.clause,
        );
    }
    page.push_str("</ul>");
}

fn add_changes(page: &mut String, signature: &SignatureReport) {
    let all = &signature.changes_detail;
    if all.is_empty() {
        return;
    }
    let _ = write!(
        page,
        "<details><summary>签署后的更改 · Later changes<em>{}</em></summary><ul class=\"checks\">",
        all.len()
    );
    for change in all.iter().take(MOST_CHANGES) {
        let class = match change.verdict {
            ChangeVerdict::Permitted => "pass",
            ChangeVerdict::Forbidden => "fail",
        };
        let _ = write!(
            page,
            "<li class=\"{class}\"><p>{}</p><small><code>{}</code> {}</small></li>",
            escape(&change.detail),
            change.kind.as_str(),
            change.verdict.as_str(),
        );
    }
    page.push_str("</ul></details>");
}

fn fact(page: &mut String, name: Words, value: &str) {
    let _ = write!(page, "<dt>{}</dt><dd>{value}</dd>", both(name));
}

/// An instant as people read it.
fn clock(at: UnixTime) -> String {
    at.to_string().replace('T', " ").replace('Z', " UTC")
}

fn day(at: UnixTime) -> String {
    at.to_string().split('T').next().unwrap_or_default().to_owned()
}

/// The name of a check, or its code.
fn called(code: &str) -> String {
    words::check(code).map_or_else(|| escape(code), both)
}

fn both([chinese, english]: Words) -> String {
    both_of(chinese, english)
}

fn both_of(chinese: &str, english: &str) -> String {
    format!("{chinese} <span lang=\"en\">{english}</span>")
}

fn escape(text: &str) -> String {
    let mut escaped = String::from("<bdi>");
    for letter in text.chars() {
        match letter {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            letter if letter.is_control() => escaped.push('\u{fffd}'),
            letter => escaped.push(letter),
        }
    }
    escaped.push_str("</bdi>");
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_of_a_document_becomes_a_part_of_the_page() {
        let shown = escape("</bdi><script>alert('1')</script>\"&\u{0}\n");
        assert!(shown[5..shown.len() - 6].chars().all(|letter| !"<>\"'".contains(letter)), "{shown}");
        assert_eq!(
            shown,
            "<bdi>&lt;/bdi&gt;&lt;script&gt;alert(&#39;1&#39;)&lt;/script&gt;&quot;&amp;\u{fffd}\u{fffd}</bdi>"
        );
    }

    #[test]
    fn pictures_are_told_by_what_they_are() {
        assert_eq!(kind_of(b"\x89PNG\r\n\x1a\n..."), Some("image/png"));
        assert_eq!(kind_of(b"<svg xmlns="), Some("image/svg+xml"));
        for other in [&b"PK\x03\x04"[..], b"<html><svg>", b"", b"\x89PN"] {
            assert_eq!(kind_of(other), None);
        }
    }
}
