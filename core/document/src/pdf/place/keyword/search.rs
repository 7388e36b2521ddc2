//! Finding a text among a page's glyphs.

use crate::pdf::content::matrix::Rect;
use crate::pdf::content::text::PageText;
use crate::pdf::place::keyword::Lines;
use crate::pdf::place::keyword::order::{Join, Step, by_content, by_position};

/// A page's text in both orders, ready to be searched.
pub(super) struct Searchable<'a> {
    sequences: [Sequence<'a>; 2],
}

impl<'a> Searchable<'a> {
    pub(super) fn new(text: &'a PageText) -> Self {
        Self { sequences: [by_content(text), by_position(text)].map(|steps| Sequence::new(text, steps)) }
    }

    /// The boxes of every place where the text is, in no order; some may be there twice.
    pub(super) fn find(&self, keyword: &[char], lines: Lines) -> Vec<Rect> {
        let loosest = match lines {
            Lines::Within => Join::Near,
            Lines::Across => Join::NextLine,
        };
        let mut found = Vec::new();
        for sequence in &self.sequences {
            let mut at = 0;
            while at < sequence.characters.len() {
                match sequence.match_at(at, keyword, loosest) {
                    Some(end) => {
                        found.push(sequence.bounds(at, end));
                        at = end;
                    }
                    None => at += 1,
                }
            }
        }
        found
    }
}

/// The characters of a page in an order.
struct Sequence<'a> {
    text: &'a PageText,
    steps: Vec<Step>,
    /// Each with the step it belongs to.
    characters: Vec<(char, usize)>,
}

impl<'a> Sequence<'a> {
    fn new(text: &'a PageText, steps: Vec<Step>) -> Self {
        let of_step = |(index, step): (usize, &Step)| {
            let glyph = &text.glyphs[step.glyph];
            text.of(glyph).chars().map(move |character| (character, index))
        };
        let characters = steps.iter().enumerate().flat_map(of_step).collect();
        Self { text, steps, characters }
    }

    /// Behind the last character of a match that begins at `start`.
    fn match_at(&self, start: usize, keyword: &[char], loosest: Join) -> Option<usize> {
        let candidates = self.characters.get(start..start.checked_add(keyword.len())?)?;
        let mut before = candidates.first()?.1;
        for ((character, step), wanted) in candidates.iter().zip(keyword) {
            let joined = *step == before || self.steps[*step].join <= loosest;
            if character != wanted || !joined {
                return None;
            }
            before = *step;
        }
        Some(start + keyword.len())
    }

    /// The box around a match; of one that is broken over lines, around its longest part, unless it goes down letter by letter.
    fn bounds(&self, start: usize, end: usize) -> Rect {
        let mut parts: Vec<(Rect, usize)> = Vec::new();
        let mut before = None;
        for (_, step) in &self.characters[start..end] {
            if before == Some(*step) {
                continue;
            }
            let bounds = self.text.glyphs[self.steps[*step].glyph].bounds();
            match parts.last_mut() {
                Some((part, count)) if self.steps[*step].join == Join::Near => {
                    (*part, *count) = (part.union(&bounds), *count + 1);
                }
                _ => parts.push((bounds, 1)),
            }
            before = Some(*step);
        }
        if parts.iter().all(|(_, count)| *count == 1) {
            return parts.iter().fold(Rect::EMPTY, |all, (part, _)| all.union(part));
        }
        let longest = parts.iter().rev().max_by_key(|(_, count)| *count);
        longest.map_or(Rect::EMPTY, |(part, _)| *part)
    }
}
