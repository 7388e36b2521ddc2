//! Samples half a module apart: what is beside one place is the middle of another, so that each is taken once.

use super::geometry::Point;

/// Samples along a module.
const STEPS: u8 = 2;

/// Modules to the right and down.
pub(super) type Module = (i8, i8);

/// Luminance around a guess.
pub(super) struct Lattice {
    /// Samples from the guess to the last place on either side, and from there to the edge.
    steps: u8,
    margin: u8,
    luma: Vec<f32>,
}

impl Lattice {
    /// Modules between neighbours.
    pub(super) const STEP: f32 = 1.0 / STEPS as f32;

    /// For places up to `radius` modules from the guess, and what is up to `reach` modules from them. `luma` is told how
    /// many modules off the guess.
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a few dozen steps")]
    pub(super) fn new(luma: impl Fn(Point) -> f32, radius: f32, reach: u8) -> Self {
        let (steps, margin) = ((radius * f32::from(STEPS)) as u8, reach * STEPS);
        let far = f32::from(steps + margin);
        let off = |node: u8| (f32::from(node) - far) * Self::STEP;
        let nodes = || 0..=2 * (steps + margin);
        let places = nodes().flat_map(|row| nodes().map(move |column| (column, row)));
        Self { steps, margin, luma: places.map(|(column, row)| luma(Point::new(off(column), off(row)))).collect() }
    }

    fn side(&self) -> usize {
        2 * usize::from(self.steps + self.margin) + 1
    }

    /// The places, by how many modules they are off the guess, with the node of each.
    pub(super) fn places(&self) -> impl Iterator<Item = (Point, usize)> {
        let (side, steps, margin) = (self.side(), self.steps, usize::from(self.margin));
        let off = move |node: u8| (f32::from(node) - f32::from(steps)) * Self::STEP;
        (0..=2 * steps).flat_map(move |row| {
            let start = (usize::from(row) + margin) * side + margin;
            (0..=2 * steps).map(move |column| (Point::new(off(column), off(row)), start + usize::from(column)))
        })
    }

    /// Luminance so many modules from a node.
    pub(super) fn beside(&self, node: usize, (right, down): Module) -> f32 {
        let step = |modules: i8| isize::from(modules) * isize::from(STEPS);
        self.luma[node.wrapping_add_signed(step(down) * self.side().cast_signed() + step(right))]
    }
}
