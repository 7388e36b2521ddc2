//! The text of a page, letter by letter (GB/T 33190-2016, 11), as keywords are looked for in it.

use roxmltree::Node;

use super::document::{Ofd, Page, PageRef, PageRefs, locate};
use super::error::OfdError;
use super::limits::MAX_TEMPLATES;
use super::xml;
use crate::pdf::PdfError;
use crate::pdf::content::matrix::{Matrix, Rect};
use crate::pdf::content::text::PageText;
use crate::source::ReadAt;

/// Above and below the line that letters stand on, in their size.
const ASCENT: f64 = 0.88;
const DESCENT: f64 = 0.12;
/// How wide letters of half width are, in their size, where the document does not say.
const HALF: f64 = 0.5;
/// Upwards instead of downwards.
const FLIP: Matrix = Matrix([1.0, 0.0, 0.0, -1.0, 0.0, 0.0]);

impl<S: ReadAt> Ofd<S> {
    /// A page with its text, that of its templates first.
    pub(super) fn page_text(&self, pages: &PageRefs, page: &PageRef) -> Result<(Page, PageText), OfdError> {
        let bytes = self.read_xml(&page.name)?;
        let document = xml::parse(xml::text(&bytes)?)?;
        let root = document.root_element();
        let seen = pages.describe(page, root)?;
        let [width, height] = seen.size_mm;
        let mut text = PageText::new(Rect { left: 0.0, bottom: -height, right: width, top: 0.0 });
        for template in xml::children(root, "Template").take(MAX_TEMPLATES) {
            let named = template.attribute("TemplateID").and_then(|id| pages.templates.get(id));
            let Some(name) = named else { continue };
            let bytes = self.read_xml(&locate(&self.archive, pages.root(), name)?)?;
            let template = xml::parse(xml::text(&bytes)?)?;
            add_content(template.root_element(), &mut text)?;
        }
        add_content(root, &mut text)?;
        Ok((seen, text))
    }
}

fn add_content(page: Node<'_, '_>, text: &mut PageText) -> Result<(), OfdError> {
    let objects = xml::children(page, "Content").flat_map(|content| content.descendants());
    for object in objects.filter(|node| node.is_element() && node.tag_name().name() == "TextObject") {
        add_object(object, text)?;
    }
    Ok(())
}

/// A text object; one that lacks what the standard asks for shows nothing.
fn add_object(object: Node<'_, '_>, text: &mut PageText) -> Result<(), OfdError> {
    let number = |name: &str| object.attribute(name).and_then(|value| value.trim().parse::<f64>().ok());
    let (Some([left, top, ..]), Some(size)) =
        (object.attribute("Boundary").and_then(xml::numbers::<4>), number("Size"))
    else {
        return Ok(());
    };
    let own = object.attribute("CTM").and_then(xml::numbers::<6>).map_or(Matrix::IDENTITY, Matrix);
    let letters = Letters {
        to_page: own.then(&Matrix::translation(left, top)).then(&FLIP),
        size,
        stretch: number("HScale").unwrap_or(1.0),
        direction: match object.attribute("ReadDirection").map(str::trim) {
            Some("90") => [0.0, 1.0],
            Some("180") => [-1.0, 0.0],
            Some("270") => [0.0, -1.0],
            _ => [1.0, 0.0],
        },
    };
    let mut at = [0.0, 0.0];
    for code in xml::children(object, "TextCode") {
        let place = |name: &str| code.attribute(name).and_then(|value| value.trim().parse::<f64>().ok());
        at = [place("X").unwrap_or(at[0]), place("Y").unwrap_or(at[1])];
        let mut steps = [Steps::of(code.attribute("DeltaX")), Steps::of(code.attribute("DeltaY"))];
        let mut pen = at;
        for letter in code.text().unwrap_or_default().trim_matches(['\r', '\n', '\t']).chars() {
            let own = letters.advance(letter);
            letters.add(letter, pen, own, text)?;
            let stated = steps.each_mut().map(Iterator::next);
            // A distance that is stated for one axis alone leaves the other as it is.
            let step = match stated {
                [None, None] => own,
                [x, y] => [x.unwrap_or(0.0), y.unwrap_or(0.0)],
            };
            pen = [pen[0] + step[0], pen[1] + step[1]];
        }
    }
    Ok(())
}

/// How the letters of an object are drawn.
struct Letters {
    to_page: Matrix,
    size: f64,
    /// Across, as a share of the size.
    stretch: f64,
    /// Where the next letter is, one long.
    direction: [f64; 2],
}

impl Letters {
    /// The way to the next letter where the document does not state it.
    fn advance(&self, letter: char) -> [f64; 2] {
        let share = if letter.is_ascii() { HALF } else { 1.0 };
        self.direction.map(|axis| axis * share * self.size * self.stretch)
    }

    fn add(&self, letter: char, at: [f64; 2], advance: [f64; 2], text: &mut PageText) -> Result<(), OfdError> {
        let [x, y] = self.direction;
        let up = [y, -x];
        let end = [at[0] + advance[0], at[1] + advance[1]];
        let corner = |from: [f64; 2], share: f64| {
            let length = share * self.size;
            self.to_page.apply([from[0] + up[0] * length, from[1] + up[1] * length])
        };
        let mut bounds = Rect::EMPTY;
        for (from, share) in [(at, ASCENT), (at, -DESCENT), (end, ASCENT), (end, -DESCENT)] {
            bounds.add(corner(from, share));
        }
        let (start, end) = (self.to_page.apply(at), self.to_page.apply(end));
        let em = self.size.abs() * self.to_page.height();
        text.add(bounds, start, end, em, letter).map_err(|error| match error {
            PdfError::LimitExceeded { what } => OfdError::LimitExceeded { what },
            _ => OfdError::Malformed { what: "the text of a page" },
        })
    }
}

/// Distances between letters: numbers, of which `g 3 4.2` stands for three times 4.2 (GB/T 33190-2016, 11.3).
struct Steps<'a> {
    words: Option<std::str::SplitAsciiWhitespace<'a>>,
    repeated: (u32, f64),
}

impl<'a> Steps<'a> {
    fn of(text: Option<&'a str>) -> Self {
        Self { words: text.map(str::split_ascii_whitespace), repeated: (0, 0.0) }
    }
}

impl Iterator for Steps<'_> {
    type Item = f64;

    fn next(&mut self) -> Option<f64> {
        let words = self.words.as_mut()?;
        while self.repeated.0 == 0 {
            let word = words.next()?;
            self.repeated = if word == "g" {
                (words.next()?.parse().ok()?, words.next()?.parse().ok()?)
            } else {
                (1, word.parse().ok()?)
            };
        }
        self.repeated.0 -= 1;
        Some(self.repeated.1)
    }
}

#[cfg(test)]
mod tests {
    use super::Steps;

    #[test]
    fn distances_are_numbers_or_repeated() {
        let steps = |text| Steps::of(Some(text)).take(9).collect::<Vec<_>>();
        assert_eq!(steps("1 2.5 -3"), [1.0, 2.5, -3.0]);
        assert_eq!(steps("g 3 4.2 1"), [4.2, 4.2, 4.2, 1.0]);
        assert_eq!(steps("g 0 4 5"), [5.0]);
        assert_eq!(steps("g 4000000000 1").len(), 9);
        for bad in ["", "g", "g 2", "g -1 2", "x"] {
            assert_eq!(steps(bad), [0.0; 0], "{bad}");
        }
        assert_eq!(Steps::of(None).next(), None);
    }
}
