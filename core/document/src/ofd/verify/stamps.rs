//! Where a seal is seen.

use super::case::Case;
use super::references::MOST_NAMED;
use crate::ofd::signature::StampAnnot;
use crate::report::CheckVerdict;
use crate::source::ReadAt;

const CLAUSE: &str = "GB/T 33190-2016, 18.2.4";

impl<S: ReadAt> Case<'_, S> {
    pub(super) fn check_stamps(&mut self, stamps: &[StampAnnot]) {
        if stamps.is_empty() {
            return;
        }
        let pages = self.ofd.page_refs().ok();
        for stamp in stamps.iter().take(MOST_NAMED) {
            let number = pages.as_ref().and_then(|pages| pages.number_of(&stamp.page));
            let [x, y, width, height] = stamp.boundary;
            let clip = stamp.clip.map_or_else(String::new, |[x, y, width, height]| {
                format!(", of which {width}×{height} mm from {x}, {y} mm are seen")
            });
            let (verdict, place) = match number {
                Some(number) => (CheckVerdict::Pass, format!("page {number}")),
                None => (CheckVerdict::Warn, "a page that is not there".to_owned()),
            };
            self.checks.add("ofd.stamp", CLAUSE, verdict, format!("{place}: {width}×{height} mm at {x}, {y} mm{clip}"));
        }
        if stamps.len() > MOST_NAMED {
            self.checks.add("ofd.stamp", CLAUSE, CheckVerdict::Pass, format!("{} places in all", stamps.len()));
        }
    }
}
