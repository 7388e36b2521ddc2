//! What a scanned text may do: pass where it is ours, else be shown, and never be opened.

mod host;
mod shown;

use host::OurHost;
pub use shown::{MOST_SHOWN_CHARS, ShownText};

/// The longest text that is looked at, bytes. A QR code holds at most 7,089 characters; no consent code has 200.
pub const MOST_PAYLOAD_BYTES: usize = 2_048;

/// What a scanned text is. There is no third case: what the grammar does not pass is not ours.
#[derive(Debug, Clone, PartialEq)]
pub enum Payload<T> {
    /// What the grammar read.
    Ours(T),
    /// Somebody else's, or damaged: to be shown as plain text, never opened, never linked.
    NotOurs(Foreign),
}

/// A text that is not ours.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Foreign {
    /// What it pretends to be.
    pub kind: ForeignKind,
    /// The text, made safe to look at.
    pub shown: ShownText,
}

/// What a text that is not ours pretends to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ForeignKind {
    /// A link made to be taken for ours: warn.
    LookAlike,
    /// A link to somewhere else.
    Link,
    /// Anything else: a payment code, a network's password, a note.
    Text,
}

/// Judges a scanned text: `grammar` reads what is ours and nothing else; `host` is the host that ours name, and what others
/// are compared with to tell a look-alike.
///
/// ```
/// use eseal_qr::{ForeignKind, Payload, judge};
///
/// let host = "seal.example.gov.cn";
/// let grammar = |text: &str| text.strip_prefix("HTTPS://SEAL.EXAMPLE.GOV.CN/C/1/").map(str::to_owned);
/// assert_eq!(judge("HTTPS://SEAL.EXAMPLE.GOV.CN/C/1/A.1.B", host, grammar), Payload::Ours("A.1.B".to_owned()));
///
/// let Payload::NotOurs(foreign) = judge("https://sea1.example.gov.cn/C/1/A.1.B", host, grammar) else { Err("ours?")? };
/// assert_eq!(foreign.kind, ForeignKind::LookAlike);
/// # Ok::<(), &str>(())
/// ```
pub fn judge<T>(text: &str, host: &str, grammar: impl FnOnce(&str) -> Option<T>) -> Payload<T> {
    if text.len() <= MOST_PAYLOAD_BYTES
        && let Some(ours) = grammar(text)
    {
        return Payload::Ours(ours);
    }
    let host = OurHost::new(host);
    let kind = match host::host_of_link(text) {
        Some(other) if host.is_mistaken_for(other) || host.is_named_in(text) => ForeignKind::LookAlike,
        Some(_) => ForeignKind::Link,
        None => ForeignKind::Text,
    };
    Payload::NotOurs(Foreign { kind, shown: ShownText::of(text) })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const OURS: &str = "HTTPS://SEAL.EXAMPLE.GOV.CN/C/1/";

    fn judged(text: &str) -> Payload<String> {
        judge(text, "seal.example.gov.cn", |text| text.strip_prefix(OURS).map(str::to_owned))
    }

    fn kind(text: &str) -> ForeignKind {
        match judged(text) {
            Payload::NotOurs(foreign) => foreign.kind,
            Payload::Ours(_) => panic!("{text} passed"),
        }
    }

    #[test]
    fn only_the_grammar_lets_through() {
        assert_eq!(judged("HTTPS://SEAL.EXAMPLE.GOV.CN/C/1/X"), Payload::Ours("X".to_owned()));
        // Ours by host, but not by grammar: whoever made it wanted it to be taken for ours.
        for text in ["https://seal.example.gov.cn/c/1/x", "HTTPS://SEAL.EXAMPLE.GOV.CN/D", "http://seal.example.gov.cn"]
        {
            assert_eq!(kind(text), ForeignKind::LookAlike, "{text}");
        }
        let long = format!("{OURS}{}", "A".repeat(MOST_PAYLOAD_BYTES));
        assert_eq!(kind(&long), ForeignKind::LookAlike);
    }

    #[test]
    fn links_that_want_to_be_taken_for_ours_are_told_apart() {
        for text in [
            "https://seal.example.gov.cn.evil.example/C/1/A",
            "https://seal.example.gov.cn@evil.example/C/1/A",
            "https://user:seal.example.gov.cn@evil.example/",
            "https://sea1.example.gov.cn/",
            "https://seal.exarnple.gov.cn/",
            "https://seal-example.gov.cn/",
            "https://sealexample.gov.cn/",
            "https://seal.example.gov.com/",
            "https://s\u{435}al.example.gov.cn/",
            "https://xn--sal-8cd.example.gov.cn/",
            "https://SEAL.EXAMPLE.GOV.CN:8443/C/1/A",
            "https://evil.example/?to=https://seal.example.gov.cn/C/1/A",
            "https:\\\\seal.example.gov.cn\\C",
            "seal.example.gov.cn/C/1/A",
        ] {
            assert_eq!(kind(text), ForeignKind::LookAlike, "{text}");
        }
        for text in
            ["https://other.example/", "HTTP://OTHER.EXAMPLE", "javascript:alert(1)", "weixin://dl/scan", "www.a.cn"]
        {
            assert_eq!(kind(text), ForeignKind::Link, "{text}");
        }
        for text in ["WIFI:S:x;P:y;;", "江西", "", "12:30", "a b://c"] {
            assert_eq!(kind(text), ForeignKind::Text, "{text}");
        }
    }

    proptest! {
        #[test]
        fn nothing_but_the_grammar_passes_and_nothing_steers_the_screen(text in ".{0,300}") {
            match judged(&text) {
                Payload::Ours(rest) => prop_assert_eq!(text, format!("{OURS}{rest}")),
                Payload::NotOurs(foreign) => {
                    let shown = foreign.shown.as_str();
                    prop_assert!(shown.chars().count() <= MOST_SHOWN_CHARS);
                    prop_assert!(!shown.chars().any(shown::is_unseen));
                }
            }
        }
    }
}
