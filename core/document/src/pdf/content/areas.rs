//! Which areas a path covers (ISO 32000-2, 8.5).

use crate::pdf::content::matrix::{Matrix, Rect};
use crate::pdf::error::PdfError;
use crate::pdf::limits::MAX_PATH_SEGMENTS;

/// A path under construction, as boxes in the page's coordinates: one around each subpath and one around each segment.
#[derive(Debug, Default)]
pub(crate) struct Path {
    subpaths: Vec<Rect>,
    segments: Vec<Rect>,
    start: [f64; 2],
    current: [f64; 2],
}

impl Path {
    pub(crate) fn clear(&mut self) {
        self.subpaths.clear();
        self.segments.clear();
    }

    pub(crate) fn move_to(&mut self, matrix: &Matrix, point: [f64; 2]) -> Result<(), PdfError> {
        self.check()?;
        let point = matrix.apply(point);
        let mut rect = Rect::EMPTY;
        rect.add(point);
        self.subpaths.push(rect);
        (self.start, self.current) = (point, point);
        Ok(())
    }

    /// To the last of `points`; the others steer a curve, which stays inside the box around all of them.
    pub(crate) fn extend(&mut self, matrix: &Matrix, points: &[[f64; 2]]) -> Result<(), PdfError> {
        self.check()?;
        let mut segment = Rect::EMPTY;
        segment.add(self.current);
        for point in points {
            self.current = matrix.apply(*point);
            segment.add(self.current);
        }
        self.push(segment);
        Ok(())
    }

    pub(crate) fn close(&mut self) -> Result<(), PdfError> {
        self.check()?;
        let mut segment = Rect::EMPTY;
        segment.add(self.current);
        segment.add(self.start);
        self.current = self.start;
        self.push(segment);
        Ok(())
    }

    pub(crate) fn rectangle(&mut self, matrix: &Matrix, [x, y, width, height]: [f64; 4]) -> Result<(), PdfError> {
        self.move_to(matrix, [x, y])?;
        for point in [[x + width, y], [x + width, y + height], [x, y + height]] {
            self.extend(matrix, &[point])?;
        }
        self.close()
    }

    fn push(&mut self, segment: Rect) {
        match self.subpaths.last_mut() {
            Some(subpath) => *subpath = subpath.union(&segment),
            None => self.subpaths.push(segment),
        }
        self.segments.push(segment);
    }

    fn check(&self) -> Result<(), PdfError> {
        if self.segments.len().max(self.subpaths.len()) >= MAX_PATH_SEGMENTS {
            return Err(PdfError::LimitExceeded { what: "segments of a path" });
        }
        Ok(())
    }

    /// What filling covers.
    pub(crate) fn filled(&self) -> impl Iterator<Item = Rect> + '_ {
        self.subpaths.iter().copied()
    }

    /// What a line along the path covers, `width` wide in the page's coordinates.
    pub(crate) fn stroked(&self, width: f64) -> impl Iterator<Item = Rect> + '_ {
        self.segments.iter().map(move |segment| segment.grown(width / 2.0))
    }

    /// The box around the whole path.
    pub(crate) fn bounds(&self) -> Rect {
        self.subpaths.iter().fold(Rect::EMPTY, |all, subpath| all.union(subpath))
    }
}
