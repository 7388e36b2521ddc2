//! Connected areas of a mask (8 neighbours), found in one pass over its runs.

use super::grid::{Grid, exact};

/// A stretch of a row.
#[derive(Debug, Clone, Copy)]
pub(super) struct Run {
    pub(super) y: usize,
    pub(super) from: usize,
    /// One behind the last.
    pub(super) to: usize,
    blob: usize,
}

/// One connected area.
#[derive(Debug, Clone, Copy)]
pub(super) struct Blob {
    pub(super) left: usize,
    pub(super) top: usize,
    /// One behind the last column.
    pub(super) right: usize,
    /// One behind the last row.
    pub(super) bottom: usize,
    /// Pixels.
    pub(super) area: usize,
    /// Pixels over the strong threshold.
    pub(super) strong: usize,
    /// Sum of the values.
    pub(super) sum: f32,
    /// The greatest value.
    pub(super) peak: f32,
    /// Borders between a pixel inside and one outside, across and down.
    borders: usize,
}

impl Blob {
    /// Mean width if the area is drawn by a pen: twice the area over the outline, pixels.
    pub(super) fn stroke_width(&self) -> f64 {
        // Borders on a grid overrate a slanted line by 4/π on average.
        let outline = exact(self.borders) * std::f64::consts::FRAC_PI_4;
        if outline > 0.0 { 2.0 * exact(self.area) / outline } else { 0.0 }
    }

    pub(super) const fn width(&self) -> usize {
        self.right - self.left
    }

    pub(super) const fn height(&self) -> usize {
        self.bottom - self.top
    }

    fn absorb(&mut self, other: &Self) {
        self.left = self.left.min(other.left);
        self.top = self.top.min(other.top);
        self.right = self.right.max(other.right);
        self.bottom = self.bottom.max(other.bottom);
        self.area += other.area;
        self.strong += other.strong;
        self.sum += other.sum;
        self.peak = self.peak.max(other.peak);
        self.borders += other.borders;
    }
}

/// All connected areas of a mask.
#[derive(Debug, Default)]
pub(super) struct Blobs {
    runs: Vec<Run>,
    areas: Vec<Blob>,
    /// Of each provisional area, the final one.
    names: Vec<usize>,
}

impl Blobs {
    /// The areas where values exceed `weak`.
    pub(super) fn above(grid: &Grid<f32>, weak: f32, strong: f32) -> Self {
        let mut found = Self::default();
        let mut previous = 0..0;
        for (y, row) in grid.rows().enumerate() {
            let start = found.runs.len();
            let mut x = 0;
            while let Some(from) = row[x..].iter().position(|&value| value > weak).map(|skip| x + skip) {
                let to = row[from..].iter().position(|&value| value <= weak).map_or(row.len(), |skip| from + skip);
                found.push(y, from, &row[from..to], strong);
                x = to;
            }
            found.link(previous, start);
            previous = start..found.runs.len();
        }
        found.settle();
        found
    }

    fn push(&mut self, y: usize, from: usize, values: &[f32], strong: f32) {
        let to = from + values.len();
        self.runs.push(Run { y, from, to, blob: self.areas.len() });
        self.names.push(self.areas.len());
        self.areas.push(Blob {
            left: from,
            top: y,
            right: to,
            bottom: y + 1,
            area: values.len(),
            strong: values.iter().filter(|&&value| value > strong).count(),
            sum: values.iter().sum(),
            peak: values.iter().copied().fold(0.0, f32::max),
            borders: 2 + 2 * values.len(),
        });
    }

    /// Joins the runs of this row to the touching ones of the row above.
    fn link(&mut self, above: std::ops::Range<usize>, start: usize) {
        let mut upper = above.start;
        for lower in start..self.runs.len() {
            let run = self.runs[lower];
            while upper < above.end && self.runs[upper].to < run.from {
                upper += 1;
            }
            let mut next = upper;
            while next < above.end && self.runs[next].from <= run.to {
                let other = self.runs[next];
                let shared = other.to.min(run.to).saturating_sub(other.from.max(run.from));
                let (one, two) = (self.root(other.blob), self.root(run.blob));
                if one != two {
                    let gone = self.areas[two];
                    self.areas[one].absorb(&gone);
                    self.names[two] = one;
                }
                self.areas[one].borders = self.areas[one].borders.saturating_sub(2 * shared);
                next += 1;
            }
        }
    }

    fn root(&mut self, mut name: usize) -> usize {
        while self.names[name] != name {
            self.names[name] = self.names[self.names[name]];
            name = self.names[name];
        }
        name
    }

    fn settle(&mut self) {
        for index in 0..self.runs.len() {
            let root = self.root(self.runs[index].blob);
            self.runs[index].blob = root;
        }
        // Only roots stay, numbered without gaps.
        let mut numbers = vec![usize::MAX; self.areas.len()];
        let mut kept = Vec::new();
        for (name, blob) in self.areas.iter().enumerate() {
            if self.names[name] == name {
                numbers[name] = kept.len();
                kept.push(*blob);
            }
        }
        for run in &mut self.runs {
            run.blob = numbers[run.blob];
        }
        self.areas = kept;
        self.names.clear();
    }

    pub(super) fn blobs(&self) -> &[Blob] {
        &self.areas
    }

    /// The runs of the areas that are wanted, from the top.
    pub(super) fn runs(&self, wanted: impl Fn(&Blob) -> bool) -> impl Iterator<Item = Run> {
        let wanted: Vec<bool> = self.areas.iter().map(wanted).collect();
        self.runs.iter().copied().filter(move |run| wanted[run.blob])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn grid(rows: &[&str]) -> Grid<f32> {
        let mut grid = Grid::filled(rows[0].len(), rows.len(), 0.0);
        for (line, row) in grid.rows_mut().zip(rows) {
            for (value, c) in line.iter_mut().zip(row.chars()) {
                *value = if c == '#' { 1.0 } else { 0.0 };
            }
        }
        grid
    }

    #[test]
    fn areas_are_joined_across_corners_and_from_below() {
        let found = Blobs::above(&grid(&["#..#..#", "#..#...", ".##...#", "......#"]), 0.5, 0.5);
        let mut areas: Vec<usize> = found.blobs().iter().map(|blob| blob.area).collect();
        areas.sort_unstable();
        assert_eq!(areas, [1, 2, 6]);
        assert_eq!(found.runs(|blob| blob.area == 6).count(), 5);
    }

    #[test]
    fn a_straight_stroke_has_its_width() {
        let rows = vec!["...........####...........".to_owned(); 60];
        let rows: Vec<&str> = rows.iter().map(String::as_str).collect();
        let found = Blobs::above(&grid(&rows), 0.5, 0.5);
        let width = found.blobs()[0].stroke_width();
        assert!((width - 4.0 * 4.0 / std::f64::consts::PI).abs() < 0.5, "{width}");
    }
}
