//! Looks for stable codes in Rust sources, by tokens and not by text: comments and unit tests are not in the way.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use eseal_tests::checkout;
use proc_macro2::{Delimiter, Group, Spacing, TokenStream, TokenTree};

/// The tokens of one or several files, without unit tests.
#[derive(Default)]
pub(crate) struct Source {
    /// The tokens of each file and of each pair of brackets.
    sequences: Vec<Vec<TokenTree>>,
}

impl Source {
    /// Reads a text.
    pub(crate) fn parse(text: &str) -> Self {
        let mut source = Self::default();
        source.add(text.parse().unwrap());
        source
    }

    /// Reads every file below a folder of the checkout.
    pub(crate) fn below(folder: &str) -> Self {
        let mut source = Self::default();
        source.add_folder(&checkout(folder));
        source
    }

    /// Every code, wherever it stands.
    pub(crate) fn codes(&self) -> BTreeSet<String> {
        let tokens = self.sequences.iter().flatten();
        let literals = tokens.filter_map(|token| match token {
            TokenTree::Literal(literal) => text(&literal.to_string()),
            _ => None,
        });
        literals.filter(|text| is_code(text)).collect()
    }

    /// The codes in the bodies of the functions of that name: written there, in a constant named there, or handed to a
    /// macro that writes such a function.
    pub(crate) fn codes_of_functions(&self, name: &str) -> BTreeSet<String> {
        let functions = self.bodies(&["fn", name]).into_iter().flat_map(|body| self.texts_in(body.stream()));
        let macros = self.macros_with_function(name).into_iter().flat_map(|name| self.codes_of_macro(&name));
        functions.chain(macros).filter(|text| is_code(text)).collect()
    }

    /// The codes handed to a macro.
    pub(crate) fn codes_of_macro(&self, name: &str) -> BTreeSet<String> {
        let calls = self.after(&[name, "!"]).into_iter().filter_map(|rest| group(rest.first()?));
        calls.flat_map(|call| self.texts_in(call.stream())).filter(|text| is_code(text)).collect()
    }

    /// The codes that a field is set to.
    pub(crate) fn codes_of_field(&self, name: &str) -> BTreeSet<String> {
        let values = self.after(&[name, ":"]).into_iter();
        let values = values.map(|rest| rest.iter().take_while(|token| !is_punct(token, ',')).cloned().collect());
        values.flat_map(|value| self.texts_in(value)).filter(|text| is_code(text)).collect()
    }

    /// The text that each function of that name answers, codes or not.
    pub(crate) fn texts_of_functions(&self, name: &str) -> BTreeSet<String> {
        self.bodies(&["fn", name]).into_iter().flat_map(|body| self.texts_in(body.stream())).collect()
    }

    /// The names of all fields of structs and enums.
    pub(crate) fn fields(&self) -> BTreeSet<String> {
        let types = ["struct", "enum"].into_iter().flat_map(|keyword| self.bodies(&[keyword]));
        types.flat_map(|body| fields_in(body.stream())).collect()
    }

    fn add_folder(&mut self, folder: &Path) {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                self.add_folder(&path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                self.add(fs::read_to_string(&path).unwrap().parse().unwrap());
            }
        }
    }

    fn add(&mut self, tokens: TokenStream) {
        let mut sequence = Vec::new();
        let mut tokens = tokens.into_iter();
        while let Some(token) = tokens.next() {
            if let Some(group) = group(&token) {
                let is_test = group.delimiter() == Delimiter::Bracket && compact(group) == "cfg(test)";
                if is_test {
                    tokens.find(|token| is_punct(token, ';') || is_block(token));
                } else {
                    self.add(group.stream());
                }
            }
            sequence.push(token);
        }
        self.sequences.push(sequence);
    }

    /// What follows each place where these words stand, to the end of its brackets.
    fn after(&self, words: &[&str]) -> Vec<&[TokenTree]> {
        let places = self.sequences.iter().flat_map(|sequence| (0..sequence.len()).map(|at| &sequence[at..]));
        let rests = places.filter_map(|place| {
            let (head, tail) = place.split_at_checked(words.len())?;
            head.iter().zip(words).all(|(token, word)| is_word(token, word)).then_some(tail)
        });
        rests.collect()
    }

    /// The braces that follow each place where these words stand, if they come before the end of the item.
    fn bodies(&self, words: &[&str]) -> Vec<&Group> {
        let rests = self.after(words).into_iter();
        rests
            .filter_map(|rest| rest.iter().find(|token| is_punct(token, ';') || is_block(token)).and_then(group))
            .collect()
    }

    /// The macros of this source that write a function of that name.
    fn macros_with_function(&self, name: &str) -> Vec<String> {
        let definitions = self.after(&["macro_rules", "!"]).into_iter();
        let definitions = definitions.filter_map(|rest| Some((rest.first()?, group(rest.get(1)?)?)));
        definitions
            .filter(|(_, body)| {
                let mut inside = Self::default();
                inside.add(body.stream());
                !inside.after(&["fn", name]).is_empty()
            })
            .map(|(name, _)| name.to_string())
            .collect()
    }

    /// The strings among these tokens, and those of the constants named among them.
    fn texts_in(&self, tokens: TokenStream) -> Vec<String> {
        let mut texts = Vec::new();
        for token in tokens {
            match token {
                TokenTree::Literal(literal) => texts.extend(text(&literal.to_string())),
                TokenTree::Group(group) => texts.extend(self.texts_in(group.stream())),
                TokenTree::Ident(name) => texts.extend(self.constant_texts(&name.to_string())),
                TokenTree::Punct(_) => {}
            }
        }
        texts
    }

    fn constant_texts(&self, name: &str) -> Vec<String> {
        if name.contains(|letter: char| letter.is_ascii_lowercase()) {
            return Vec::new();
        }
        let values = self.after(&["const", name]).into_iter();
        let values = values.flat_map(|rest| rest.iter().take_while(|token| !is_punct(token, ';')));
        values.filter_map(|token| text(&token.to_string())).collect()
    }
}

/// The names before a single colon, here and in the braces of an enum's variants.
fn fields_in(tokens: TokenStream) -> Vec<String> {
    let tokens: Vec<_> = tokens.into_iter().collect();
    let named = tokens.windows(2).filter_map(|pair| match pair {
        [TokenTree::Ident(name), TokenTree::Punct(colon)] if is_field_colon(colon) => Some(name.to_string()),
        _ => None,
    });
    let variants = tokens.iter().filter(|token| is_block(token)).filter_map(group);
    named.chain(variants.flat_map(|variant| fields_in(variant.stream()))).collect()
}

fn is_field_colon(punct: &proc_macro2::Punct) -> bool {
    punct.as_char() == ':' && punct.spacing() == Spacing::Alone
}

const fn group(token: &TokenTree) -> Option<&Group> {
    match token {
        TokenTree::Group(group) => Some(group),
        _ => None,
    }
}

fn is_block(token: &TokenTree) -> bool {
    group(token).is_some_and(|group| group.delimiter() == Delimiter::Brace)
}

fn is_punct(token: &TokenTree, letter: char) -> bool {
    matches!(token, TokenTree::Punct(punct) if punct.as_char() == letter)
}

fn is_word(token: &TokenTree, word: &str) -> bool {
    match token {
        TokenTree::Ident(name) => name == word,
        TokenTree::Punct(punct) => word.chars().eq([punct.as_char()]),
        TokenTree::Group(_) | TokenTree::Literal(_) => false,
    }
}

fn compact(group: &Group) -> String {
    group.stream().to_string().replace(' ', "")
}

/// The text of a plain string literal. A code needs no escapes.
fn text(literal: &str) -> Option<String> {
    literal.strip_prefix('"')?.strip_suffix('"').map(str::to_owned)
}

/// `area.reason`: words of small letters, digits and hyphens, joined by dots.
fn is_code(text: &str) -> bool {
    let is_word = |word: &str| {
        word.starts_with(|first: char| first.is_ascii_lowercase())
            && !word.ends_with('-')
            && word.chars().all(|letter| letter.is_ascii_lowercase() || letter.is_ascii_digit() || letter == '-')
    };
    text.contains('.') && text.split('.').all(is_word)
}

#[cfg(test)]
mod tests {
    use super::{Source, is_code};

    const MADE_UP: &str = r#"
        //! fn code() { "in.a-comment" }
        const MOVED: &str = "pdf.moved";
        const ELSEWHERE: &str = "not.asked-for";
        impl PdfError {
            /// Says "in.documentation".
            pub const fn code(&self) -> &'static str {
                match self {
                    Self::Encrypted { .. } => "pdf.encrypted", // "in.a-remark"
                    Self::Inner(inner) => match inner { Inner::A => "pdf.inner", Inner::B => inner.code() },
                    Self::Moved => MOVED,
                }
            }
            fn detail(&self) -> &'static str { "of.another-function" }
        }
        trait Coded { fn code(&self) -> &'static str; }
        fn after_a_declaration() { "of.nobody" }
        macro_rules! coded { ($($name:ident = $code:literal;)*) => {
            impl Coded for E { fn code(&self) -> &'static str { match self { $(Self::$name => $code,)* } } }
        } }
        coded! { A = "macro.a"; B = "macro.b"; }
        other! { C = "macro.other"; }
        #[cfg(test)]
        mod tests { fn code() -> &'static str { "of.a-test" } }
    "#;

    #[test]
    fn finds_codes_in_functions_constants_and_macros_and_nowhere_else() {
        let codes = Source::parse(MADE_UP).codes_of_functions("code");
        let expected = ["macro.a", "macro.b", "pdf.encrypted", "pdf.inner", "pdf.moved"];
        assert!(codes.iter().eq(expected), "{codes:?}");
    }

    #[test]
    fn finds_all_codes_but_those_of_comments_and_tests() {
        let codes = Source::parse(MADE_UP).codes();
        assert!(codes.contains("not.asked-for") && codes.contains("of.another-function"), "{codes:?}");
        assert!(!codes.iter().any(|code| code.starts_with("in.") || code == "of.a-test"), "{codes:?}");
    }

    #[test]
    fn finds_codes_handed_to_a_macro() {
        let codes = Source::parse(MADE_UP).codes_of_macro("other");
        assert!(codes.iter().eq(["macro.other"]), "{codes:?}");
    }

    #[test]
    fn finds_codes_that_a_field_is_set_to() {
        let source = r#"
            const SPELT: &str = "sdk.spelt";
            fn a() { Failed { code: "sdk.bad-argument".to_owned(), detail: "not.this" } }
            fn b() { Failed { code: SPELT.to_owned(), detail: String::new() } }
            fn c(error: &Error) { Failed { code: error.code() } }
        "#;
        let codes = Source::parse(source).codes_of_field("code");
        assert!(codes.iter().eq(["sdk.bad-argument", "sdk.spelt"]), "{codes:?}");
    }

    #[test]
    fn finds_fields_of_structs_and_enums_alone() {
        let source = r"
            pub struct A { pub message: String, #[serde(default)] of: std::vec::Vec<u8> }
            pub enum B { C, D { cause: Box<dyn std::error::Error> }, E(u8) }
            pub struct F(u8);
            fn f(argument: u8) { let local: u8 = argument; }
        ";
        let fields = Source::parse(source).fields();
        assert!(fields.iter().eq(["cause", "message", "of"]), "{fields:?}");
    }

    #[test]
    fn a_code_is_words_and_dots() {
        assert!(is_code("consent.not-for-you") && is_code("pdf.page2"));
        for text in ["consent", "1.2.840", "a..b", "A.b", "a.b c", "a.b-", ""] {
            assert!(!is_code(text), "{text}");
        }
    }
}
