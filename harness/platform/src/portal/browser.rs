//! What the relying party says about the browser that started a request.

use std::net::IpAddr;

use eseal_protocol::ids::Sha256Hex;
use eseal_protocol::intent::BrowserContext;
use eseal_protocol::text::DisplayText;

use crate::http::refusal::Refusal;

/// Browsers by the mark in their user agent; those that imitate others come first.
const BROWSERS: [(&str, &str); 5] =
    [("Edg/", "Edge"), ("OPR/", "Opera"), ("Firefox/", "Firefox"), ("Chrome/", "Chrome"), ("Version/", "Safari")];
/// Systems by their mark; Android says Linux too.
const SYSTEMS: [(&str, &str); 6] = [
    ("Windows", "Windows"),
    ("Android", "Android"),
    ("iPhone", "iOS"),
    ("iPad", "iPadOS"),
    ("Mac OS X", "macOS"),
    ("Linux", "Linux"),
];

pub(super) fn context(ip: IpAddr, user_agent: &str, session: Sha256Hex) -> Result<BrowserContext, Refusal> {
    let text = |text: String| DisplayText::new(text).map_err(Refusal::internal);
    Ok(BrowserContext { ip: text(ip.to_canonical().to_string())?, user_agent: text(shortened(user_agent))?, session })
}

/// Browser, main version and system, as a person knows them. Nothing else of the text is passed on.
fn shortened(user_agent: &str) -> String {
    let browser = BROWSERS.iter().find_map(|(mark, name)| {
        let (_, rest) = user_agent.split_once(mark)?;
        let version: String = rest.chars().take_while(char::is_ascii_digit).take(4).collect();
        Some(format!("{name} {version}").trim_end().to_owned())
    });
    let system = SYSTEMS.iter().find(|(mark, _)| user_agent.contains(mark)).map(|(_, name)| (*name).to_owned());
    let known: Vec<String> = browser.into_iter().chain(system).collect();
    if known.is_empty() { "?".to_owned() } else { known.join(", ") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_user_agent_is_shortened_to_what_a_person_knows() {
        for (user_agent, expected) in [
            (
                "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Safari/537.36",
                "Chrome 156, Linux",
            ),
            (
                "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/140.0 Safari/537.36 Edg/140.0",
                "Edge 140, Windows",
            ),
            ("Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) Version/19.0 Safari/604.1", "Safari 19, iOS"),
            ("curl/8.1", "?"),
            ("\u{202E}<script>", "?"),
            ("", "?"),
        ] {
            assert_eq!(shortened(user_agent), expected);
        }
    }
}
