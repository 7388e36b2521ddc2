//! The ways to look for finder patterns, cheap ones first.

use super::finder::Tolerance;
use super::threshold::{Blocks, Method, Threshold};

/// One way to look for finder patterns.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Stage {
    /// How many times the plane is halved first.
    pub(super) halvings: usize,
    neighbourhood: Neighbourhood,
    /// Which rows are searched.
    pub(super) every: usize,
    pub(super) tolerance: Tolerance,
    pub(super) third: Third,
}

/// What is done about a third finder pattern that two others lack.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Third {
    /// Nothing: this is the quick look.
    Left,
    /// It is looked for.
    Sought,
}

/// A threshold method, with its radius as a part of the frame's longer side.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Neighbourhood {
    Mean(usize),
    Middle(usize),
}

impl Stage {
    /// The same stage after so many halvings more.
    pub(super) const fn smaller(self, halvings: usize) -> Self {
        Self { halvings: self.halvings + halvings, ..self }
    }

    /// What counts as dark in this stage.
    pub(super) fn threshold(&self, blocks: &Blocks) -> Threshold {
        let radius = |part: usize| (blocks.longest() / part).max(1);
        blocks.threshold(match self.neighbourhood {
            Neighbourhood::Mean(part) => Method::Mean { radius: radius(part) },
            Neighbourhood::Middle(part) => Method::Middle { radius: radius(part) },
        })
    }
}

/// In the order of what they add for their cost.
pub(super) const STAGES: [Stage; 5] = [
    Stage {
        halvings: 1,
        neighbourhood: Neighbourhood::Mean(10),
        every: 1,
        tolerance: Tolerance(0.5),
        third: Third::Left,
    },
    Stage {
        halvings: 0,
        neighbourhood: Neighbourhood::Mean(10),
        every: 2,
        tolerance: Tolerance(0.5),
        third: Third::Sought,
    },
    Stage {
        halvings: 0,
        neighbourhood: Neighbourhood::Mean(32),
        every: 2,
        tolerance: Tolerance(0.6),
        third: Third::Sought,
    },
    Stage {
        halvings: 0,
        neighbourhood: Neighbourhood::Middle(24),
        every: 2,
        tolerance: Tolerance(0.6),
        third: Third::Sought,
    },
    Stage {
        halvings: 0,
        neighbourhood: Neighbourhood::Mean(64),
        every: 2,
        tolerance: Tolerance(0.7),
        third: Third::Sought,
    },
];

/// Stages that every frame of a moving picture gets: what they read, they read fast.
pub(super) const ALWAYS: usize = 2;
