//! Tokens of a content stream and of a `CMap` (ISO 32000-2, 7.8.2 and 9.7.5.4): operands as they are spelt, and operators.
//!
//! Nothing here fails: what is no token is stepped over, as viewers do, because the page was shown to somebody.

use std::borrow::Cow;

use crate::pdf::syntax::object::{decode_hex, decode_literal, decode_name};
use crate::pdf::syntax::token::{Tail, is_delimiter, is_regular, is_space, literal_end, parse};

/// An operand, borrowed from the stream.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Operand<'a> {
    Number(f64),
    /// Without its solidus, escapes not decoded.
    Name(&'a [u8]),
    /// What stands between the parentheses.
    Literal(&'a [u8]),
    /// What stands between the angle brackets.
    Hex(&'a [u8]),
    ArrayBegin,
    ArrayEnd,
    /// With its brackets.
    Dictionary(&'a [u8]),
}

impl<'a> Operand<'a> {
    pub(crate) fn number(&self) -> Option<f64> {
        match self {
            Self::Number(number) => Some(*number),
            _ => None,
        }
    }

    pub(crate) fn name(&self) -> Option<Cow<'a, [u8]>> {
        match *self {
            Self::Name(raw) if raw.contains(&b'#') => Some(Cow::Owned(decode_name(raw))),
            Self::Name(raw) => Some(Cow::Borrowed(raw)),
            _ => None,
        }
    }

    /// The bytes a string stands for.
    pub(crate) fn string(&self) -> Option<Cow<'a, [u8]>> {
        match *self {
            Self::Literal(raw) if raw.iter().any(|byte| matches!(byte, b'\\' | b'\r')) => {
                Some(Cow::Owned(decode_literal(raw)))
            }
            Self::Literal(raw) => Some(Cow::Borrowed(raw)),
            Self::Hex(raw) => Some(Cow::Owned(decode_hex(raw))),
            _ => None,
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Token<'a> {
    Operand(Operand<'a>),
    Operator(&'a [u8]),
}

/// Walks over a stream's data.
#[derive(Debug)]
pub(crate) struct Lexer<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Lexer<'a> {
    pub(crate) fn new(bytes: &'a [u8]) -> Self {
        Self { bytes, at: 0 }
    }

    fn peek(&self, ahead: usize) -> Option<u8> {
        self.bytes.get(self.at + ahead).copied()
    }

    fn skip_space(&mut self) {
        while let Some(byte) = self.peek(0) {
            if byte == b'%' {
                let rest = &self.bytes[self.at..];
                self.at += rest.iter().position(|byte| matches!(byte, b'\r' | b'\n')).unwrap_or(rest.len());
            } else if is_space(byte) {
                self.at += 1;
            } else {
                break;
            }
        }
    }

    fn word(&mut self) -> &'a [u8] {
        let rest = self.bytes.get(self.at..).unwrap_or_default();
        let length = rest.iter().position(|byte| !is_regular(*byte)).unwrap_or(rest.len());
        self.at += length;
        &rest[..length]
    }

    /// The next token; `None` at the end.
    pub(crate) fn next(&mut self) -> Option<Token<'a>> {
        loop {
            self.skip_space();
            let first = self.peek(0)?;
            if !is_delimiter(first) {
                let word = self.word();
                return Some(
                    number(word).map_or(Token::Operator(word), |value| Token::Operand(Operand::Number(value))),
                );
            }
            if let Some(operand) = self.delimited(first) {
                return Some(Token::Operand(operand));
            }
        }
    }

    /// What a delimiter opens; `None` if that is nothing, and then it is stepped over.
    fn delimited(&mut self, first: u8) -> Option<Operand<'a>> {
        let start = self.at;
        self.at += 1;
        match first {
            b'/' => Some(Operand::Name(self.word())),
            b'[' => Some(Operand::ArrayBegin),
            b']' => Some(Operand::ArrayEnd),
            b'(' => {
                // A string that does not end takes the rest.
                self.at = literal_end(self.bytes, start).unwrap_or(self.bytes.len() + 1).min(self.bytes.len());
                let closed = usize::from(self.bytes.get(self.at - 1) == Some(&b')') && self.at > start + 1);
                self.bytes.get(start + 1..self.at - closed).map(Operand::Literal)
            }
            b'<' if self.peek(0) == Some(b'<') => self.dictionary(start),
            b'<' => {
                let rest = &self.bytes[self.at..];
                let length = rest.iter().position(|byte| *byte == b'>').unwrap_or(rest.len());
                self.at += (length + 1).min(rest.len());
                Some(Operand::Hex(&rest[..length]))
            }
            _ => None,
        }
    }

    fn dictionary(&mut self, start: usize) -> Option<Operand<'a>> {
        self.at = start + 2;
        let end = parse(self.bytes, start, Tail::End).ok()?.first()?.end as usize;
        self.at = end;
        self.bytes.get(start..end).map(Operand::Dictionary)
    }

    /// Steps over an inline image (ISO 32000-2, 8.9.7), whose `BI` was the last token.
    pub(crate) fn skip_inline_image(&mut self) {
        let mut image = Uncompressed::default();
        let mut key: &[u8] = b"";
        while let Some(token) = self.next() {
            match token {
                Token::Operator(b"ID") => break,
                Token::Operator(b"EI") => return,
                Token::Operand(Operand::Name(name)) if key.is_empty() => key = name,
                Token::Operand(value) => {
                    image.note(key, value);
                    key = b"";
                }
                Token::Operator(word) => {
                    image.note_word(key, word);
                    key = b"";
                }
            }
        }
        // One white-space character stands between `ID` and the data.
        let data = (self.at + 1).min(self.bytes.len());
        let known = image.length().and_then(|length| data.checked_add(length)).filter(|end| *end <= self.bytes.len());
        let from = known.unwrap_or(data);
        self.at = end_of_image(self.bytes, from).or_else(|| end_of_image(self.bytes, data)).unwrap_or(self.bytes.len());
    }
}

/// Behind the `EI` that ends an image whose data begin or end at `from`.
fn end_of_image(bytes: &[u8], from: usize) -> Option<usize> {
    /// How far behind `EI` the bytes must look like operators.
    const LOOK_AHEAD: usize = 12;
    let starts = from..bytes.len().saturating_sub(1);
    let is_end = |at: &usize| {
        let before = *at == from || is_space(bytes[at - 1]);
        let mut after = bytes[at + 2..].iter().take(LOOK_AHEAD);
        bytes[*at..].starts_with(b"EI")
            && before
            && bytes.get(at + 2).is_none_or(|byte| is_space(*byte))
            && after.all(|byte| matches!(byte, b' '..=b'~') || is_space(*byte) && *byte != 0)
    };
    starts.into_iter().find(is_end).map(|at| at + 2)
}

/// What says how long an inline image without a filter is.
#[derive(Debug)]
struct Uncompressed {
    width: usize,
    height: usize,
    bits: usize,
    components: Option<usize>,
    is_plain: bool,
}

impl Default for Uncompressed {
    fn default() -> Self {
        Self { width: 0, height: 0, bits: 8, components: None, is_plain: true }
    }
}

impl Uncompressed {
    fn note(&mut self, key: &[u8], value: Operand<'_>) {
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "in range, checked before")]
        let whole = |value: f64| if (0.0..1e6).contains(&value) { value as usize } else { 0 };
        match (key, value) {
            (b"F" | b"Filter", _) => self.is_plain = false,
            (b"W" | b"Width", Operand::Number(value)) => self.width = whole(value),
            (b"H" | b"Height", Operand::Number(value)) => self.height = whole(value),
            (b"BPC" | b"BitsPerComponent", Operand::Number(value)) => self.bits = whole(value),
            (b"CS" | b"ColorSpace", Operand::Name(name)) => {
                self.components = match name {
                    b"G" | b"DeviceGray" | b"I" | b"Indexed" => Some(1),
                    b"RGB" | b"DeviceRGB" => Some(3),
                    b"CMYK" | b"DeviceCMYK" => Some(4),
                    _ => None,
                }
            }
            // `[/Indexed …]`: one component.
            (b"CS" | b"ColorSpace", Operand::ArrayBegin) => self.components = Some(1),
            _ => {}
        }
    }

    fn note_word(&mut self, key: &[u8], word: &[u8]) {
        if matches!(key, b"IM" | b"ImageMask") && word == b"true" {
            (self.bits, self.components) = (1, Some(1));
        }
    }

    fn length(&self) -> Option<usize> {
        let row = self.width.checked_mul(self.bits)?.checked_mul(self.components.filter(|_| self.is_plain)?)?;
        row.div_ceil(8).checked_mul(self.height).filter(|length| *length > 0)
    }
}

/// A number as content streams spell it; digits behind a second sign or point are not read.
fn number(word: &[u8]) -> Option<f64> {
    let negative = word.first() == Some(&b'-');
    let digits = match word {
        [b'-', b'-', rest @ ..] | [b'+' | b'-', rest @ ..] | rest => rest,
    };
    let is_number = digits.first().is_some_and(u8::is_ascii_digit)
        || digits.first() == Some(&b'.') && digits.get(1).is_none_or(u8::is_ascii_digit);
    if !is_number {
        return None;
    }
    let (mut value, mut scale) = (0.0_f64, None);
    for byte in digits {
        match (byte, scale) {
            (b'0'..=b'9', None) => value = value * 10.0 + f64::from(byte - b'0'),
            (b'0'..=b'9', Some(unit)) => {
                value += f64::from(byte - b'0') * unit;
                scale = Some(unit / 10.0);
            }
            (b'.', None) => scale = Some(0.1),
            _ => break,
        }
    }
    Some(if negative { -value } else { value })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tokens(text: &[u8]) -> Vec<Token<'_>> {
        let mut lexer = Lexer::new(text);
        std::iter::from_fn(|| lexer.next()).collect()
    }

    fn operators(text: &[u8]) -> Vec<String> {
        let mut lexer = Lexer::new(text);
        let mut out = Vec::new();
        while let Some(token) = lexer.next() {
            match token {
                Token::Operator(b"BI") => lexer.skip_inline_image(),
                Token::Operator(word) => out.push(String::from_utf8_lossy(word).into_owned()),
                Token::Operand(_) => {}
            }
        }
        out
    }

    #[test]
    fn numbers_are_read_as_viewers_read_them() {
        let cases: [(&[u8], f64); 9] = [
            (b"12", 12.0),
            (b"-.5", -0.5),
            (b"+3.25", 3.25),
            (b"4.", 4.0),
            (b"--7", -7.0),
            (b".", 0.0),
            (b"1.5.3", 1.5),
            (b"12-3", 12.0),
            (b"0.002", 0.002),
        ];
        for (word, expected) in cases {
            assert!((number(word).unwrap() - expected).abs() < 1e-12, "{}", String::from_utf8_lossy(word));
        }
        for word in [&b"Tj"[..], b"-", b"+", b"", b"T*", b"'", b"-x", b".x"] {
            assert_eq!(number(word), None, "{}", String::from_utf8_lossy(word));
        }
    }

    #[test]
    fn operands_and_operators_are_told_apart() {
        let found = tokens(b"/F#31 12 Tf [(a\\)b)-20<4 1>]TJ % x (\n/Span<</A[1]>>BDC ) } (open");
        assert_eq!(found.len(), 13);
        let name = |token: &Token<'_>| match token {
            Token::Operand(operand) => operand.name().map(Cow::into_owned),
            Token::Operator(_) => None,
        };
        let string = |token: &Token<'_>| match token {
            Token::Operand(operand) => operand.string().map(Cow::into_owned),
            Token::Operator(_) => None,
        };
        assert_eq!(name(&found[0]).unwrap(), b"F1");
        assert_eq!(found[2], Token::Operator(b"Tf"));
        assert_eq!(string(&found[4]).unwrap(), b"a)b");
        assert_eq!(string(&found[6]).unwrap(), b"A");
        assert_eq!(found[9], Token::Operand(Operand::Name(b"Span")));
        assert_eq!(found[10], Token::Operand(Operand::Dictionary(b"<</A[1]>>")));
    }

    #[test]
    fn what_does_not_end_takes_the_rest_and_no_more() {
        for text in [&b"("[..], b"(a", b"<", b"<4", b"<<", b"<</A", b"/", b"[", b")", b">>", b"(a\\", b"BI", b"BI ID"] {
            assert!(tokens(text).len() <= 2, "{}", String::from_utf8_lossy(text));
            operators(text);
        }
        assert_eq!(tokens(b"(ab"), [Token::Operand(Operand::Literal(b"ab"))]);
    }

    #[test]
    fn inline_images_are_stepped_over() {
        assert_eq!(operators(b"q BI /W 2 /H 2 /BPC 8 /CS /G ID \nEI EI\nQ"), ["q", "Q"]);
        assert_eq!(operators(b"BI /W 4 /H 1 /F /Fl ID x EI\x00\x80 y\nEI Q"), ["Q"]);
        assert_eq!(operators(b"BI /IM true /W 8 /H 1 ID \xffEI q"), ["q"]);
        assert_eq!(operators(b"BI /W 9 /H 9 /CS [/Indexed /RGB 1 <00>] ID never ends"), Vec::<String>::new());
        // A wrong size does not lead past the end.
        assert_eq!(operators(b"BI /W 900 /H 900 /CS /RGB ID ab\nEI\nq"), ["q"]);
    }
}
