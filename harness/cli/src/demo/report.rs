//! The report a person opens first: one page, with the pictures, readable without a network.

use std::fmt::Write as _;
use std::path::PathBuf;

use eseal_protocol::jws::Verified;
use eseal_protocol::seal::SealRecord;
use eseal_protocol::usage::UsageRecord;

/// One told step.
pub(crate) struct Step {
    /// Since the start, ms.
    pub(crate) ms: u128,
    /// What happened.
    pub(crate) text: String,
}

/// A sealed document.
pub(crate) struct Signed {
    /// Its file's stem.
    pub(crate) name: String,
    /// The sealed file.
    pub(crate) file: PathBuf,
    /// Its size, bytes.
    pub(crate) size: usize,
    /// What sealing added, bytes.
    pub(crate) growth: usize,
    /// The platform's record.
    pub(crate) usage: Verified<UsageRecord>,
    /// File names of the pages' pictures.
    pub(crate) pages: Vec<String>,
    /// File name of the picture around the seal.
    pub(crate) detail: String,
}

/// What the report tells.
pub(crate) struct Report<'a> {
    /// The steps, in order.
    pub(crate) steps: &'a [Step],
    /// The seal.
    pub(crate) seal: &'a SealRecord,
    /// The documents.
    pub(crate) signed: &'a [Signed],
}

const STYLE: &str = include_str!("report.css");

/// The page.
pub(crate) fn html(report: &Report<'_>) -> String {
    let mut page = String::new();
    let seal = report.seal;
    let _ = write!(
        page,
        "<!doctype html><html lang=\"zh-CN\"><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\">\
         <title>eseal demo</title><style>{STYLE}</style><main><h1>eseal demo</h1>\
         <p class=\"lead\">Draw, claim, consent, seal, verify: done on real documents against a platform that ran for this. \
         The hardware key was software; everything else is the real thing.</p>\
         <section class=\"seal\"><figure class=\"face\"><img src=\"face.svg\" alt=\"hand-drawn seal\"></figure><dl>\
         <dt>Seal</dt><dd>{}</dd><dt>Owner</dt><dd>{}</dd><dt>Size</dt><dd>{} × {} mm</dd><dt>Face (SHA-256)</dt>\
         <dd class=\"hex\">{}</dd><dt>Consent (SHA-256)</dt><dd class=\"hex\">{}</dd></dl></section>",
        escape(seal.seal_id.as_str()),
        escape(seal.owner.name.as_str()),
        millimetres(seal.face.width_um),
        millimetres(seal.face.height_um),
        seal.face.sha256,
        seal.consent_digest,
    );
    for document in report.signed {
        add_document(&mut page, document);
    }
    page.push_str("<section><h2>What happened</h2><ol class=\"steps\">");
    for step in report.steps {
        let _ = write!(page, "<li><span>{}.{:03} s</span> {}</li>", step.ms / 1000, step.ms % 1000, escape(&step.text));
    }
    page.push_str(
        "</ol></section><section><h2>Check it yourself</h2><pre>eseal verify contract-sealed.pdf --trust platform-root.pem\n\
         eseal verify consent-evidence.json --trust platform-root.pem\npdfsig -nocert contract-sealed.pdf\n\
         qpdf --check contract-sealed.pdf</pre></section></main></html>\n",
    );
    page
}

fn add_document(page: &mut String, document: &Signed) {
    let name = escape(&document.name);
    let _ = write!(
        page,
        "<section><h2>{name}-sealed.pdf</h2><p>{} bytes, of which sealing added {}. The old bytes are its beginning, unchanged. \
         Use recorded as {}.</p><figure><a href=\"{name}-sealed.pdf\"><img src=\"{}\" alt=\"the seal on the page\"></a></figure>\
         <div class=\"pages\">",
        document.size, document.growth, document.usage.usage_id, document.detail
    );
    for picture in &document.pages {
        let _ = write!(page, "<a href=\"{picture}\"><img src=\"{picture}\" alt=\"page\"></a>");
    }
    page.push_str("</div></section>");
}

fn millimetres(um: u32) -> String {
    format!("{:.1}", f64::from(um) / 1000.0)
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
