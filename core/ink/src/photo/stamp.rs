//! A red seal over the signature, told apart from it.

use super::grid::{Grid, number};

/// Seal paste takes less than this share of the red light that it takes of the green.
const REDDISH: f32 = 0.5;
/// Ink takes more than this share.
const NOT_RED: f32 = 0.65;
/// Both must make up at least this share of what is dark, or one of them is stray.
const LEAST_SHARE: f32 = 0.05;

/// Ink parted from the seal over it.
pub(super) struct Parted {
    /// Darkness of full ink in each channel.
    pub(super) ink: Vec<f32>,
    /// What each channel counts for, so that full ink comes out as 1 and seal paste as 0.
    pub(super) weights: Vec<f32>,
}

/// If both red paste and another ink are among the pixels over the threshold, how to see the ink alone.
pub(super) fn ink_under(planes: &[Grid<f32>], mixed: &Grid<f32>, strong: f32) -> Option<Parted> {
    let [red, green, blue] = planes else { return None };
    let (mut paste, mut ink) = (Mean::default(), Mean::default());
    for (at, _) in mixed.values().iter().enumerate().filter(|(_, value)| **value > strong) {
        let dark = [red.values()[at], green.values()[at], blue.values()[at]];
        if dark[0] < REDDISH * dark[1] {
            paste.add(dark);
        } else if dark[0] > NOT_RED * dark[1] {
            ink.add(dark);
        }
    }
    let least = LEAST_SHARE * number(paste.count + ink.count);
    if number(paste.count) < least || number(ink.count) < least {
        return None;
    }
    let (paste, ink) = (paste.value(), ink.value());
    // The part of the ink that is at right angles to the paste.
    let along = dot(ink, paste) / dot(paste, paste);
    let across: [f32; 3] = std::array::from_fn(|c| ink[c] - along * paste[c]);
    let length = dot(across, ink);
    (length > 1e-3).then(|| Parted { ink: ink.to_vec(), weights: across.map(|part| part / length).to_vec() })
}

fn dot(one: [f32; 3], other: [f32; 3]) -> f32 {
    one.iter().zip(other).map(|(a, b)| a * b).sum()
}

#[derive(Default)]
struct Mean {
    sum: [f32; 3],
    count: usize,
}

impl Mean {
    fn add(&mut self, value: [f32; 3]) {
        self.count += 1;
        self.sum.iter_mut().zip(value).for_each(|(sum, value)| *sum += value);
    }

    fn value(&self) -> [f32; 3] {
        self.sum.map(|sum| sum / number(self.count.max(1)))
    }
}
