//! Print told from handwriting: many marks of one height that stand in rows.

use super::blobs::Blob;
use super::grid::exact;

/// Marks of one row differ in height by less than this share,
const SAME_HEIGHT: f64 = 0.3;
/// stand on one line within this share of their height,
const SAME_LINE: f64 = 0.25;
/// and follow each other within so many heights.
const SPACING: f64 = 2.0;
/// A row has at least this many marks that have neighbours on both sides.
const LEAST_ROW: usize = 6;

/// How many of the marks stand in rows as print does.
pub(super) fn marks_in_rows(blobs: &[&Blob]) -> usize {
    let is_next = |one: &Blob, other: &Blob| {
        let height = exact(one.height());
        (exact(other.height()) - height).abs() < SAME_HEIGHT * height
            && exact(one.bottom.abs_diff(other.bottom)) < SAME_LINE * height
            && other.left > one.left
            && exact(other.left.saturating_sub(one.right)) < SPACING * height
            // A stroke that is much longer than high is no letter.
            && exact(one.width()) < 3.0 * height
    };
    let mut marks: Vec<&Blob> = blobs.to_vec();
    marks.sort_by_key(|blob| blob.left);
    // For each mark, how long a row ends with it.
    let mut rows: Vec<usize> = Vec::with_capacity(marks.len());
    for (at, mark) in marks.iter().enumerate() {
        let before = (0..at).rev().take(64).filter(|&other| is_next(marks[other], mark)).map(|other| rows[other]).max();
        rows.push(before.unwrap_or(0) + 1);
    }
    let longest = rows.iter().copied().max().unwrap_or(0);
    if longest < LEAST_ROW { 0 } else { rows.iter().filter(|&&row| row >= LEAST_ROW).count() + LEAST_ROW - 1 }
}
