//! Whose host is it, and does it want to be taken for ours?

/// The longest host name, characters (RFC 1035 §2.3.4).
const MOST_HOST: usize = 253;
/// Hosts that differ in no more characters than this are taken for each other.
const MOST_SLIPS: usize = 2;

/// The host that our codes name.
#[derive(Debug)]
pub(super) struct OurHost {
    lower: String,
    skeleton: Vec<char>,
}

impl OurHost {
    pub(super) fn new(host: &str) -> Self {
        let lower = host.to_ascii_lowercase();
        Self { skeleton: skeleton(&lower), lower }
    }

    /// Whether a person could take `other`, a host in any case, for ours.
    pub(super) fn is_mistaken_for(&self, other: &str) -> bool {
        let other = other.to_lowercase();
        // Hidden letters: nobody can tell what an encoded name looks like, and ours has none.
        if !other.is_ascii() || other.split('.').any(|label| label.starts_with("xn--")) {
            return true;
        }
        let theirs = skeleton(other.get(..MOST_HOST).unwrap_or(&other));
        slips(&self.skeleton, &theirs) <= MOST_SLIPS.min(self.skeleton.len() / 4)
    }

    /// Whether a text names our host, wherever in it.
    pub(super) fn is_named_in(&self, text: &str) -> bool {
        text.to_ascii_lowercase().contains(&self.lower)
    }
}

/// The host of what a person, or a careless view, would take for a link.
pub(super) fn host_of_link(text: &str) -> Option<&str> {
    let text = text.trim();
    let after_scheme = match text.split_once(':') {
        Some((scheme, rest)) if is_scheme(scheme) => {
            let slashed = rest.trim_start_matches(['/', '\\']);
            if slashed.len() == rest.len() && !is_active(scheme) {
                return bare_host(text);
            }
            slashed
        }
        _ => return bare_host(text),
    };
    let authority = after_scheme.split(['/', '\\', '?', '#']).next()?;
    let host = authority.rsplit('@').next()?;
    Some(host.split(':').next().unwrap_or(host))
}

/// A link without its scheme: `name.name/…`.
fn bare_host(text: &str) -> Option<&str> {
    let host = text.split(['/', '\\', '?', '#', ':']).next()?;
    let mut labels = host.split('.');
    let is_name = host.len() <= MOST_HOST
        && labels.clone().count() > 1
        && labels.all(|label| !label.is_empty() && label.chars().all(|c| c.is_alphanumeric() || c == '-'))
        && host.chars().any(char::is_alphabetic);
    is_name.then_some(host)
}

fn is_scheme(scheme: &str) -> bool {
    scheme.starts_with(|c: char| c.is_ascii_alphabetic())
        && scheme.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'-' | b'.'))
}

/// Schemes that act although no slashes follow.
fn is_active(scheme: &str) -> bool {
    ["javascript", "data", "intent", "tel", "sms", "mailto", "vbscript"]
        .iter()
        .any(|act| scheme.eq_ignore_ascii_case(act))
}

/// A host as the eye reads it: letters that look alike made one, separators dropped.
fn skeleton(host: &str) -> Vec<char> {
    let joined = host.replace("rn", "m").replace("vv", "w").replace("cl", "d");
    let alike = |c: char| match c {
        '0' => Some('o'),
        '1' | 'i' => Some('l'),
        '5' => Some('s'),
        '2' => Some('z'),
        '8' => Some('b'),
        '9' | 'q' => Some('g'),
        '.' | '-' => None,
        other => Some(other),
    };
    joined.chars().filter_map(alike).collect()
}

/// Edits from one to the other (Levenshtein's distance).
fn slips(one: &[char], other: &[char]) -> usize {
    let mut row: Vec<usize> = (0..=other.len()).collect();
    for (above, a) in one.iter().enumerate() {
        let mut diagonal = above;
        let mut left = above + 1;
        for (cell, b) in row.iter_mut().skip(1).zip(other) {
            let cost = (*cell + 1).min(left + 1).min(diagonal + usize::from(a != b));
            diagonal = *cell;
            *cell = cost;
            left = cost;
        }
        if let Some(first) = row.first_mut() {
            *first = above + 1;
        }
    }
    row.last().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_edits() {
        let slips = |a: &str, b: &str| slips(&a.chars().collect::<Vec<_>>(), &b.chars().collect::<Vec<_>>());
        assert_eq!(slips("seal", "seal"), 0);
        assert_eq!(slips("seal", "sea"), 1);
        assert_eq!(slips("kitten", "sitting"), 3);
        assert_eq!(slips("", "abc"), 3);
    }

    #[test]
    fn finds_the_host_of_a_link() {
        for (text, host) in [
            ("https://a.example:1/x@y", Some("a.example")),
            ("https://u@b.example", Some("b.example")),
            ("HTTPS:\\\\c.example\\", Some("c.example")),
            ("d.example/x", Some("d.example")),
            ("no link", None),
            ("3.14", None),
            ("a:b", None),
        ] {
            assert_eq!(host_of_link(text), host, "{text}");
        }
    }
}
