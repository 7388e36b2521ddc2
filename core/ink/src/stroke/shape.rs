//! The widths along the drawn curve: bounded slope, no steps, tips at both ends.

use crate::pen::{Nib, Tip};
use crate::stroke::End;
use crate::stroke::curve::Node;
use crate::stroke::width::FORCE_FACTOR;

/// The fastest the width may change along the stroke, mm per mm.
const MOST_SLOPE: f64 = 0.35;
/// The width is averaged this far to either side, mm, so that its slope has no steps.
const BLEND_MM: f64 = 0.5;
/// The fastest the radius may change within a tip, mm per mm: with 1, the end would be a wedge, not a disc.
const MOST_TIP_SLOPE: f64 = 0.5;
/// The longest tip at the end of a stroke, mm.
const MOST_TIP_MM: f64 = 4.0;
/// How far from its ends a stroke has its own width, mm, and the most of its length that this may be.
const CALM_MM: f64 = 2.2;
const CALM_SHARE: f64 = 0.4;
/// How much wider than that it may start.
const START_SWELL: f64 = 1.15;
/// Speed at lift-off below which the pen has stopped, and above which it leaves in full motion, mm/ms.
const LIFT_SPEED: (f64, f64) = (0.02, 0.10);

/// Shapes the widths of nodes as they come. What lies farther behind the last of them than [`Shaper::reach`] does not
/// change any more, whatever comes.
#[derive(Debug, Clone)]
pub(crate) struct Shaper {
    nib: Nib,
    /// As long as the stroke has not gone far enough to settle its start: as they came. Then, with bounded growth.
    nodes: Vec<Node>,
    start_is_calm: bool,
    start: Option<Taper>,
}

impl Shaper {
    pub(crate) fn new(nib: Nib) -> Self {
        Self { nib, nodes: Vec::new(), start_is_calm: false, start: None }
    }

    pub(crate) fn take_over(&mut self, other: &Self) {
        self.nodes.clone_from(&other.nodes);
        (self.nib, self.start_is_calm, self.start) = (other.nib, other.start_is_calm, other.start);
    }

    /// How far from the last node others still change, mm: by a tip, or because the stroke must grow thin in time.
    pub(crate) fn reach(&self) -> f64 {
        let (least, most) = (self.nib.thinnest * FORCE_FACTOR.0, self.nib.thickest * FORCE_FACTOR.1);
        MOST_TIP_MM.max((most - least) / MOST_SLOPE + BLEND_MM)
    }

    pub(crate) fn push(&mut self, node: Node) {
        self.nodes.push(node);
        if self.start_is_calm {
            let last = self.nodes.len().saturating_sub(2);
            bound_growth(&mut self.nodes[last..]);
        } else if node.along >= CALM_MM / CALM_SHARE {
            self.calm_start();
        }
    }

    /// Along the stroke, mm.
    pub(crate) fn length(&self) -> f64 {
        self.nodes.last().map_or(0.0, |last| last.along)
    }

    /// The nodes that do not change any more if they end here; shapes the start as soon as it is settled.
    pub(crate) fn settled(&mut self) -> usize {
        let Some(last) = self.nodes.last() else { return 0 };
        let settled = last.along - self.reach();
        if self.start.is_none() && self.start_is_calm && settled > 0.0 {
            let (width, most) = (self.nodes[0].width, self.nib.tip_share * last.along);
            // Wider than here it does not become.
            if self.nib.start.widths * width <= most {
                let mut start = self.nodes.clone();
                bound_fall(&mut start);
                self.start = start.first().map(|first| Taper::new(self.nib.start, first.width, most));
            }
        }
        if self.start.is_none() { 0 } else { self.nodes.partition_point(|node| node.along < settled) }
    }

    /// Drops nodes that nothing depends on but the first `index`, and says how many.
    pub(crate) fn drop_before(&mut self, index: usize) -> usize {
        let Some(node) = self.nodes.get(index) else { return 0 };
        let needed = self.nodes.partition_point(|other| node.along - other.along > 2.0 * BLEND_MM);
        super::slide(&mut self.nodes, needed)
    }

    /// The nodes with their final widths, as if the stroke ended here.
    pub(crate) fn shaped(&mut self, end: End, lift_speed: f64) -> &[Node] {
        if !self.start_is_calm {
            self.calm_start();
        }
        if end == End::Lifted {
            calm_end(&mut self.nodes);
        }
        bound_fall(&mut self.nodes);
        blend(&mut self.nodes);
        let (Some(first), Some(last)) = (self.nodes.first().copied(), self.nodes.last().copied()) else { return &[] };
        let most = self.nib.tip_share * last.along;
        let start = self.start.unwrap_or(Taper::new(self.nib.start, first.width, most));
        let end = match end {
            End::Open => Taper::NONE,
            End::Lifted => {
                let motion = ((lift_speed - LIFT_SPEED.0) / (LIFT_SPEED.1 - LIFT_SPEED.0)).clamp(0.0, 1.0);
                Taper::new(self.nib.rest.mix(self.nib.flick, motion), last.width, most)
            }
        };
        for node in &mut self.nodes {
            node.width *= start.at(node.along) * end.at(last.along - node.along);
        }
        &self.nodes
    }

    /// A pen starts from rest; without this every stroke would begin in a knob.
    fn calm_start(&mut self) {
        let Some(length) = self.nodes.last().map(|node| node.along) else { return };
        let reach = CALM_MM.min(length * CALM_SHARE);
        let first = self.nodes.partition_point(|node| node.along < reach).min(self.nodes.len() - 1);
        let most = self.nodes[first].width * START_SWELL;
        for node in &mut self.nodes[..first] {
            node.width = node.width.min(most);
        }
        bound_growth(&mut self.nodes);
        self.start_is_calm = true;
    }
}

/// A pen slows down before it lifts; without this every stroke would end in a knob.
fn calm_end(nodes: &mut [Node]) {
    let Some(length) = nodes.last().map(|node| node.along) else { return };
    let reach = CALM_MM.min(length * CALM_SHARE);
    let last = nodes.partition_point(|node| node.along < length - reach).min(nodes.len() - 1);
    let most = nodes[last].width;
    for node in &mut nodes[last..] {
        node.width = node.width.min(most);
    }
}

fn bound_growth(nodes: &mut [Node]) {
    for i in 1..nodes.len() {
        nodes[i].width = nodes[i].width.min(nodes[i - 1].width + MOST_SLOPE * (nodes[i].along - nodes[i - 1].along));
    }
}

fn bound_fall(nodes: &mut [Node]) {
    for i in (1..nodes.len()).rev() {
        nodes[i - 1].width =
            nodes[i - 1].width.min(nodes[i].width + MOST_SLOPE * (nodes[i].along - nodes[i - 1].along));
    }
}

/// Replaces each width by its mean over [`BLEND_MM`] to either side, less near the ends.
fn blend(nodes: &mut [Node]) {
    let Some(length) = nodes.last().map(|node| node.along) else { return };
    // The integral of the width up to each node.
    let mut integral = Vec::with_capacity(nodes.len());
    integral.push(0.0);
    for (i, pair) in nodes.windows(2).enumerate() {
        let step = pair[1].along - pair[0].along;
        integral.push(integral[i] + step * f64::midpoint(pair[0].width, pair[1].width));
    }
    let before: Vec<(f64, f64)> = nodes.iter().map(|node| (node.along, node.width)).collect();
    // Both places only ever go forward.
    let up_to = |along: f64, next: &mut usize| {
        while *next + 1 < before.len() && before[*next].0 <= along {
            *next += 1;
        }
        let at = (*next).max(1).min(before.len() - 1);
        let ((from, width), (to, next_width)) = (before[at.saturating_sub(1)], before[at]);
        let step = (along - from).min(to - from);
        let share = if to > from { step / (to - from) } else { 0.0 };
        integral[at.saturating_sub(1)] + step * (width + (next_width - width) * share / 2.0)
    };
    let (mut low, mut high) = (0, 0);
    for node in nodes {
        let reach = BLEND_MM.min(node.along).min(length - node.along);
        if reach > 1e-6 {
            node.width = (up_to(node.along + reach, &mut high) - up_to(node.along - reach, &mut low)) / (2.0 * reach);
        }
    }
}

/// A tip as it is drawn: from `share` of the full width to all of it within `reach` mm.
#[derive(Debug, Clone, Copy)]
struct Taper {
    share: f64,
    reach: f64,
}

impl Taper {
    const NONE: Self = Self { share: 1.0, reach: 0.0 };

    /// A tip of a stroke that is `width` mm wide, over at most `most` mm; blunter where it would have to be too steep.
    fn new(tip: Tip, width: f64, most: f64) -> Self {
        let reach = (tip.widths * width).min(most).min(MOST_TIP_MM);
        // The curve below is steepest at the very end, where the radius grows by (1 - share) · width / reach.
        Self { share: tip.share.max(1.0 - MOST_TIP_SLOPE * reach / width.max(1e-9)), reach }
    }

    fn at(&self, distance: f64) -> f64 {
        let part = if distance < self.reach { distance / self.reach } else { 1.0 };
        self.share + (1.0 - self.share) * part * (2.0 - part)
    }
}
