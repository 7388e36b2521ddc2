//! The text of a page: characters as they are compared, and where each is.

use unicode_normalization::UnicodeNormalization as _;

use crate::pdf::content::font::Text;
use crate::pdf::content::interpreter::{Canvas, GlyphShape};
use crate::pdf::content::matrix::Rect;
use crate::pdf::error::PdfError;
use crate::pdf::limits::MAX_PAGE_GLYPHS;

/// A text as it is compared: without white space and what is not seen, compatibility forms (full-width, half-width,
/// ligatures, radicals) taken apart (NFKD), quotation marks and hyphens of all kinds alike.
pub(crate) fn comparable(text: &str) -> impl Iterator<Item = char> + '_ {
    text.chars().map(as_ideograph).nfkd().filter(|character| is_compared(*character)).map(|character| match character {
        '\u{2018}' | '\u{2019}' | '\u{201b}' => '\'',
        '\u{201c}' | '\u{201d}' | '\u{201f}' => '"',
        '\u{2010}'..='\u{2015}' | '\u{2212}' => '-',
        '\u{b7}' | '\u{2022}' | '\u{30fb}' => '\u{b7}',
        other => other,
    })
}

fn is_compared(character: char) -> bool {
    let is_hidden = matches!(
        character,
        '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{2064}' | '\u{feff}'
            | '\u{fe00}'..='\u{fe0f}'
    );
    !is_hidden && !character.is_whitespace() && !character.is_control()
}

/// Some writers map ideographs to the radicals that look the same, which NFKD leaves alone (Unicode,
/// `EquivalentUnifiedIdeograph`): those that are words of modern Chinese.
fn as_ideograph(character: char) -> char {
    const RADICALS: &str = "⺒巳⺓幺⺟母⺠民⺡氵⺣灬⺬礻⻁虎⻄西⻅见⻆角⻉贝⻋车⻓长⻔门⻘青⻙韦⻚页⻛风⻜飞⻝食⻢马⻣骨⻤鬼⻥鱼⻦鸟⻧卤⻨麦⻩黄⻬齐⻮齿⻰龙⻳龟";
    if !('\u{2e80}'..='\u{2eff}').contains(&character) {
        return character;
    }
    let mut pairs = RADICALS.chars();
    while let (Some(radical), Some(ideograph)) = (pairs.next(), pairs.next()) {
        if radical == character {
            return ideograph;
        }
    }
    character
}

/// A glyph that shows text.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Glyph {
    pub(crate) bounds: [f32; 4],
    pub(crate) start: [f32; 2],
    pub(crate) end: [f32; 2],
    pub(crate) em: f32,
    /// Where its text begins in the page's, bytes.
    text: u32,
    length: u32,
}

impl Glyph {
    pub(crate) fn bounds(&self) -> Rect {
        let [left, bottom, right, top] = self.bounds.map(f64::from);
        Rect { left, bottom, right, top }
    }
}

/// The glyphs of a page in the order of its content.
#[derive(Debug, Default)]
pub(crate) struct PageText {
    pub(crate) glyphs: Vec<Glyph>,
    text: String,
    /// What is seen of the page; glyphs outside are left out.
    visible: Option<Rect>,
    /// Where the glyphs of open replacements begin, and whether one of them has no text of its own.
    replaced: Vec<(usize, Own)>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Own {
    Told,
    Missing,
}

impl PageText {
    pub(crate) fn new(visible: Rect) -> Self {
        Self { visible: Some(visible), ..Self::default() }
    }

    /// The text of a glyph, as it is compared; may be empty.
    pub(crate) fn of(&self, glyph: &Glyph) -> &str {
        let start = glyph.text as usize;
        self.text.get(start..start + glyph.length as usize).unwrap_or_default()
    }

    /// A letter of a page that is no PDF's: the box around it, the pen before and behind it, and the size of its letters.
    pub(crate) fn add(
        &mut self,
        bounds: Rect,
        start: [f64; 2],
        end: [f64; 2],
        em: f64,
        letter: char,
    ) -> Result<(), PdfError> {
        if self.has_room_for(&bounds)? {
            let text = self.push(comparable(letter.encode_utf8(&mut [0; 4])));
            self.place(&bounds, [start, end], em, text);
        }
        Ok(())
    }

    /// Whether a glyph there is seen.
    fn has_room_for(&self, bounds: &Rect) -> Result<bool, PdfError> {
        let Rect { left, bottom, right, top } = *bounds;
        let is_seen = self.visible.is_none_or(|visible| !visible.intersection(bounds).is_empty());
        if !is_seen || !short([left, bottom, right, top]).iter().all(|side| side.is_finite()) {
            return Ok(false);
        }
        if self.glyphs.len() >= MAX_PAGE_GLYPHS {
            return Err(PdfError::LimitExceeded { what: "glyphs of a page" });
        }
        Ok(true)
    }

    fn place(&mut self, bounds: &Rect, [start, end]: [[f64; 2]; 2], em: f64, (text, length): (u32, u32)) {
        let Rect { left, bottom, right, top } = *bounds;
        let [em] = short([em]);
        let bounds = short([left, bottom, right, top]);
        self.glyphs.push(Glyph { bounds, start: short(start), end: short(end), em, text, length });
    }

    fn push(&mut self, text: impl Iterator<Item = char>) -> (u32, u32) {
        let start = self.text.len();
        self.text.extend(text);
        let position = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
        (position(start), position(self.text.len() - start))
    }
}

#[expect(clippy::cast_possible_truncation, reason = "a thousandth of a point is enough")]
fn short<const N: usize>(values: [f64; N]) -> [f32; N] {
    values.map(|value| value as f32)
}

impl Canvas for PageText {
    const WANTS_AREAS: bool = false;

    fn glyph(&mut self, shape: &GlyphShape, text: Text<'_>) -> Result<(), PdfError> {
        if !self.has_room_for(&shape.bounds)? {
            return Ok(());
        }
        let (text, length) = match text {
            Text::Char(character) => self.push(comparable(character.encode_utf8(&mut [0; 4]))),
            Text::Several(several) => self.push(comparable(several)),
            Text::Missing => {
                if let Some((_, own)) = self.replaced.last_mut() {
                    *own = Own::Missing;
                }
                self.push(std::iter::empty())
            }
        };
        self.place(&shape.bounds, [shape.start, shape.end], shape.em, (text, length));
        Ok(())
    }

    fn begin_replacement(&mut self) {
        self.replaced.push((self.glyphs.len(), Own::Told));
    }

    /// Used only where a glyph has no text of its own: what is replaced elsewhere is hyphenation and the like, and whoever
    /// looks at the page does not see the replacement.
    fn end_replacement(&mut self, text: &str) {
        let Some((from, own)) = self.replaced.pop() else { return };
        if own == Own::Told || from >= self.glyphs.len() {
            return;
        }
        let characters: Vec<char> = comparable(text).collect();
        let glyphs = self.glyphs.len() - from;
        for index in 0..glyphs {
            // One each if the numbers fit, else the whole with the first.
            let share = match (characters.len() == glyphs, index) {
                (true, _) => &characters[index..=index],
                (false, 0) => characters.as_slice(),
                (false, _) => &[],
            };
            let (text, length) = self.push(share.iter().copied());
            let glyph = &mut self.glyphs[from + index];
            (glyph.text, glyph.length) = (text, length);
        }
        if characters.len() != glyphs {
            let all = self.glyphs[from..].iter().fold(Rect::EMPTY, |all, glyph| all.union(&glyph.bounds()));
            let end = self.glyphs.last().map(|glyph| glyph.end);
            let first = &mut self.glyphs[from];
            first.bounds = short([all.left, all.bottom, all.right, all.top]);
            first.end = end.unwrap_or(first.end);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn compared(text: &str) -> String {
        comparable(text).collect()
    }

    #[test]
    fn texts_are_compared_by_what_is_seen() {
        for (one, other) in [
            ("甲方（盖章）：", "甲方(盖章):"),
            ("ＡＢＣ１２３", "ABC123"),
            ("甲　方 盖\u{a0}章", "甲方盖章"),
            ("\u{fb01}nal", "final"),
            ("é", "e\u{301}"),
            ("⻚⻓⼈⺠", "页长人民"),
            ("“合同”", "\"合同\""),
            ("soft\u{ad}hyphen\u{200b}", "softhyphen"),
            ("2020–2021", "2020-2021"),
            ("ｱ", "ア"),
        ] {
            assert_eq!(compared(one), compared(other));
        }
        assert_ne!(compared("A"), compared("a"));
        assert_ne!(compared("甲"), compared("乙"));
    }
}
