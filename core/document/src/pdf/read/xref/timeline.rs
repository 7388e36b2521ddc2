//! Which sections of a file with very many say something about an object, so that not each has to be asked.

use std::collections::HashMap;
use std::sync::Arc;

use super::{Entry, Section};

/// From how many sections on it is worth its memory.
const MANY_SECTIONS: usize = 16;

/// For each object what the sections say of it, newest first.
#[derive(Debug)]
pub(super) struct Timeline(HashMap<u32, Vec<(usize, Entry)>>);

impl Timeline {
    /// Of all sections of a file, newest first; `None` for a file with few.
    pub(super) fn of(sections: &[Arc<Section>]) -> Option<Arc<Self>> {
        if sections.len() < MANY_SECTIONS {
            return None;
        }
        let mut said: HashMap<u32, Vec<(usize, Entry)>> = HashMap::new();
        for (at, section) in sections.iter().enumerate() {
            for number in section.numbers() {
                let known = said.entry(number).or_default();
                if let Some(entry) = section.get(number).filter(|_| known.last().is_none_or(|(last, _)| *last != at)) {
                    known.push((at, entry));
                }
            }
        }
        Some(Arc::new(Self(said)))
    }

    /// What counts for an object when the section `at` is the newest, and which section says it.
    pub(super) fn entry(&self, number: u32, at: usize) -> Option<(usize, Entry)> {
        let said = self.0.get(&number)?;
        said.get(said.partition_point(|(section, _)| *section < at)).copied()
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Entries, SectionKind};
    use super::*;
    use crate::pdf::syntax::object::Object;

    #[test]
    fn an_object_is_what_the_newest_of_the_sections_says_that_are_there() {
        let entry = |offset| Entry::InFile { offset, generation: 0 };
        let section = |numbers: &[u32], offset| {
            let entries = Entries::new(numbers.iter().map(|number| (*number, entry(offset))).collect());
            let trailer = Object::null().root();
            Arc::new(Section { kind: SectionKind::Table, offset, end: 0, own: None, entries, hidden: None, trailer })
        };
        let sections: Vec<_> = (0..20).map(|at| section(if at % 3 == 0 { &[1, 2] } else { &[1] }, at)).collect();
        let timeline = Timeline::of(&sections).unwrap();
        for at in 0..20 {
            let position = at as u64;
            assert_eq!(timeline.entry(1, at), Some((at, entry(position))));
            let third = at.div_ceil(3) * 3;
            let expected = (third < 20).then(|| (third, entry(third as u64)));
            assert_eq!(timeline.entry(2, at), expected, "{at}");
        }
        assert_eq!(timeline.entry(3, 0), None);
        assert!(Timeline::of(&sections[..3]).is_none());
    }
}
