//! Finding room for a seal on a page.

use crate::source::ReadAt;

use crate::pdf::content::font::Text;
use crate::pdf::content::matrix::Rect;
use crate::pdf::content::{Canvas, GlyphShape, Interpreter, Rendering};
use crate::pdf::document::Pdf;
use crate::pdf::error::PdfError;
use crate::pdf::place::keyword::seen_box;
use crate::pdf::place::page::{self, PageIndex};
use crate::pdf::place::{Corner, Geometry, Placement};

/// What is asked for: room for a seal, as near as possible to a point.
///
/// Taken are the boxes of visible glyphs, of images, of filled subpaths and of each line or curve drawn, all as far as
/// rectangular clipping leaves them and unless their colour is white, and the rectangles of annotations that are shown.
/// A picture or a tint behind the whole page takes all of it: then nothing is free. Curves and slanted lines take the box
/// around them; clipping by other shapes takes the box around the shape; what is hidden by layers, by transparency or
/// by something white above it still takes its room.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct FreeSpace {
    page: PageIndex,
    near_mm: [f64; 2],
    size_mm: [f64; 2],
    clearance_mm: f64,
}

impl FreeSpace {
    /// Room of `size_mm` (width, height) whose middle is as near as possible to `near_mm`, right and down from the page's
    /// top-left corner *as seen*, with a clearance of 1 mm to what is there.
    ///
    /// # Errors
    /// `pdf.empty-placement` if a side is not greater than zero or any number is not finite.
    pub fn new(page: PageIndex, near_mm: [f64; 2], size_mm: [f64; 2]) -> Result<Self, PdfError> {
        Placement::new(page, Corner::TopLeft, near_mm, size_mm)?;
        Ok(Self { page, near_mm, size_mm, clearance_mm: 1.0 })
    }

    /// How far from what is there the seal must stay, millimetres; nothing below zero. It is kept to the page's edges too.
    #[must_use]
    pub fn clearance_mm(self, clearance_mm: f64) -> Self {
        Self { clearance_mm: if clearance_mm.is_finite() { clearance_mm.max(0.0) } else { self.clearance_mm }, ..self }
    }
}

impl<S: ReadAt> Pdf<S> {
    /// The free place that is nearest to a point. Of places equally near, the uppermost and then the leftmost: the same
    /// question has the same answer. Places are tried in steps of half a millimetre, coarser on pages larger than about
    /// half a metre square.
    ///
    /// # Errors
    /// `pdf.no-free-space`, `pdf.no-such-page`, `pdf.limit-exceeded`, and as [`Self::open`].
    pub fn free_place(&self, wanted: &FreeSpace) -> Result<Placement, PdfError> {
        let page = page::find(self.reader(), wanted.page)?;
        let mut taken = Taken::new(page.geometry);
        Interpreter::new(self.reader()).page(&page, &mut taken)?;
        let at = taken.finish().nearest(wanted).ok_or(PdfError::NoFreeSpace)?;
        Placement::new(wanted.page, Corner::TopLeft, at, wanted.size_mm)
    }
}

const CELL_MM: f64 = 0.5;
/// Cells, or square millimetres, that are nothing: for want of digits nothing touches the next cell, and no place is nearer
/// than another.
const SLACK: f64 = 1e-3;
/// Cells of the largest grid.
const MAX_CELLS: f64 = 1_048_576.0;

/// The page as a grid of cells, with the areas painted on it.
struct Taken {
    geometry: Geometry,
    cell_mm: f64,
    columns: usize,
    rows: usize,
    /// One more column and row than cells: what an area adds at its corners, so that its size costs nothing.
    corners: Vec<i64>,
}

impl Taken {
    fn new(geometry: Geometry) -> Self {
        let [width, height] = geometry.seen_mm();
        let cell_mm = CELL_MM.max((width * height / MAX_CELLS).sqrt()).max(width.max(height) / MAX_CELLS);
        let count = |side: f64| whole((side / cell_mm).ceil()).max(1);
        let (columns, rows) = (count(width), count(height));
        Self { geometry, cell_mm, columns, rows, corners: vec![0; (columns + 1) * (rows + 1)] }
    }

    /// How often each cell is covered, summed from the top-left corner on.
    fn finish(self) -> Grid {
        let stride = self.columns + 1;
        let mut covered = self.corners;
        integrate(&mut covered, stride);
        for cell in &mut covered {
            *cell = i64::from(*cell > 0);
        }
        // Sums of the cells above and to the left of each corner.
        let mut sums = vec![0; covered.len()];
        for row in 0..self.rows {
            for column in 0..self.columns {
                sums[(row + 1) * stride + column + 1] = covered[row * stride + column];
            }
        }
        integrate(&mut sums, stride);
        Grid { size_mm: self.geometry.seen_mm(), cell_mm: self.cell_mm, columns: self.columns, rows: self.rows, sums }
    }
}

/// Makes each value the sum of all above and to the left of it, itself included.
fn integrate(values: &mut [i64], stride: usize) {
    for at in 1..values.len() {
        if at % stride != 0 {
            values[at] += values[at - 1];
        }
    }
    for at in stride..values.len() {
        values[at] += values[at - stride];
    }
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "saturates, and cells are few")]
fn whole(number: f64) -> usize {
    number as usize
}

#[expect(clippy::cast_precision_loss, reason = "cells are few")]
fn real(number: usize) -> f64 {
    number as f64
}

impl Canvas for Taken {
    const WANTS_AREAS: bool = true;

    fn glyph(&mut self, shape: &GlyphShape, _text: Text<'_>) -> Result<(), PdfError> {
        if shape.rendering == Rendering::Visible {
            self.area(shape.bounds);
        }
        Ok(())
    }

    fn area(&mut self, area: Rect) {
        let [left, top, right, bottom] = seen_box(&self.geometry, &area);
        let is_on_page =
            right >= 0.0 && bottom >= 0.0 && left <= self.geometry.seen_mm()[0] && top <= self.geometry.seen_mm()[1];
        if !is_on_page {
            return;
        }
        let from = |side: f64, cells: usize| whole((side / self.cell_mm + SLACK).floor().max(0.0)).min(cells - 1);
        let to = |side: f64, cells: usize| whole((side / self.cell_mm - SLACK).ceil().max(0.0)).clamp(1, cells);
        let (first_column, first_row) = (from(left, self.columns), from(top, self.rows));
        let (column, row) = (to(right, self.columns).max(first_column + 1), to(bottom, self.rows).max(first_row + 1));
        let stride = self.columns + 1;
        self.corners[first_row * stride + first_column] += 1;
        self.corners[first_row * stride + column] -= 1;
        self.corners[row * stride + first_column] -= 1;
        self.corners[row * stride + column] += 1;
    }
}

/// How many cells are taken above and to the left of each corner.
struct Grid {
    size_mm: [f64; 2],
    cell_mm: f64,
    columns: usize,
    rows: usize,
    sums: Vec<i64>,
}

impl Grid {
    /// The top-left corner of the nearest free place, millimetres.
    fn nearest(&self, wanted: &FreeSpace) -> Option<[f64; 2]> {
        let [width, height] = wanted.size_mm;
        let clearance = wanted.clearance_mm;
        let (last_x, last_y) = (self.size_mm[0] - width - clearance, self.size_mm[1] - height - clearance);
        if last_x < clearance || last_y < clearance {
            return None;
        }
        let exact = [
            (wanted.near_mm[0] - width / 2.0).clamp(clearance, last_x),
            (wanted.near_mm[1] - height / 2.0).clamp(clearance, last_y),
        ];
        if self.is_free(exact, wanted) {
            return Some(exact);
        }
        let mut best: Option<(f64, [f64; 2])> = None;
        for row in 0..self.rows {
            let y = real(row) * self.cell_mm;
            let down = y + height / 2.0 - wanted.near_mm[1];
            let is_too_far = best.is_some_and(|(distance, _)| down * down >= distance - SLACK);
            if y < clearance || y > last_y || is_too_far {
                continue;
            }
            for column in 0..self.columns {
                let x = real(column) * self.cell_mm;
                let right = x + width / 2.0 - wanted.near_mm[0];
                let distance = right * right + down * down;
                let is_nearer = best.is_none_or(|(nearest, _)| distance < nearest - SLACK);
                if is_nearer && (clearance..=last_x).contains(&x) && self.is_free([x, y], wanted) {
                    best = Some((distance, [x, y]));
                }
            }
        }
        best.map(|(_, at)| at)
    }

    /// Whether no cell is taken that a place and its clearance touch.
    fn is_free(&self, [x, y]: [f64; 2], wanted: &FreeSpace) -> bool {
        let clearance = wanted.clearance_mm;
        let from = |at: f64| whole(((at - clearance) / self.cell_mm + SLACK).floor().max(0.0));
        let to = |at: f64, cells: usize| whole(((at + clearance) / self.cell_mm - SLACK).ceil().max(0.0)).min(cells);
        let (left, top) = (from(x), from(y));
        let (right, bottom) = (to(x + wanted.size_mm[0], self.columns), to(y + wanted.size_mm[1], self.rows));
        let sum = |row: usize, column: usize| self.sums[row * (self.columns + 1) + column];
        let taken = sum(bottom, right) - sum(top, right) - sum(bottom, left) + sum(top, left);
        taken == 0
    }
}
