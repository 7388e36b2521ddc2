//! How wide the stroke is: slow and hard is wide, fast and light is thin, tips taper.

use crate::pen::{Nib, Tip};
use crate::stroke::curve::Node;
use crate::stroke::smooth::Knot;

/// How long the width takes to follow the hand, ms.
const RESPONSE_MS: f64 = 25.0;
/// The fastest the width may change along the stroke, mm per mm.
const MOST_SLOPE: f64 = 0.35;
/// The width is averaged this far to either side, mm, so that its slope has no steps.
const BLEND_MM: f64 = 0.35;
/// The fastest the radius may change within a tip, mm per mm: with 1, the end would be a wedge, not a disc.
const MOST_TIP_SLOPE: f64 = 0.5;
/// How far from its ends a stroke has its own width, mm, and the most of its length that this may be.
const CALM_MM: f64 = 1.2;
const CALM_SHARE: f64 = 0.3;
/// How much wider than that it may start.
const START_SWELL: f64 = 1.15;
/// Speed at lift-off below which the pen has stopped, and above which it leaves in full motion, mm/ms.
const LIFT_SPEED: (f64, f64) = (0.02, 0.10);
/// How long before the end the lift-off speed is measured, ms.
const LIFT_WINDOW_MS: f64 = 40.0;

/// The width the hand asks for at each knot, following speed and force with a short delay.
pub(crate) fn widths(knots: &[Knot], nib: &Nib) -> Vec<f64> {
    let mut widths: Vec<f64> = Vec::with_capacity(knots.len());
    let mut before: Option<(&Knot, f64)> = None;
    for knot in knots {
        let target = target(knot, nib);
        let width = before.map_or(target, |(last, width)| {
            width + (1.0 - (-(knot.t_ms - last.t_ms) / RESPONSE_MS).exp()) * (target - width)
        });
        widths.push(width);
        before = Some((knot, width));
    }
    widths
}

fn target(knot: &Knot, nib: &Nib) -> f64 {
    let by_speed = nib.thinnest + (nib.thickest - nib.thinnest) / (1.0 + (knot.speed / nib.half_speed).powf(1.5));
    by_speed * knot.force.map_or(1.0, |force| 0.6 + 0.8 * force)
}

/// Shapes the widths along the drawn curve: bounded slope, no steps, tips at both ends.
pub(crate) fn shape(nodes: &mut [Node], knots: &[Knot], nib: &Nib) {
    calm_ends(nodes);
    bound_slope(nodes);
    blend(nodes);
    blend(nodes);
    taper(nodes, nib, lift_speed(knots));
}

/// A pen slows down before it lifts and starts from rest; without this every stroke would end in a knob.
fn calm_ends(nodes: &mut [Node]) {
    let Some(length) = nodes.last().map(|node| node.along) else { return };
    let reach = CALM_MM.min(length * CALM_SHARE);
    let at = |along: f64| nodes.partition_point(|node| node.along < along).min(nodes.len() - 1);
    let (first, last) = (at(reach), at(length - reach));
    let (most_at_start, most_at_end) = (nodes[first].width * START_SWELL, nodes[last].width);
    for node in &mut nodes[..first] {
        node.width = node.width.min(most_at_start);
    }
    for node in &mut nodes[last..] {
        node.width = node.width.min(most_at_end);
    }
}

fn bound_slope(nodes: &mut [Node]) {
    for i in 1..nodes.len() {
        nodes[i].width = nodes[i].width.min(nodes[i - 1].width + MOST_SLOPE * (nodes[i].along - nodes[i - 1].along));
    }
    for i in (1..nodes.len()).rev() {
        nodes[i - 1].width =
            nodes[i - 1].width.min(nodes[i].width + MOST_SLOPE * (nodes[i].along - nodes[i - 1].along));
    }
}

/// Replaces each width by its mean over [`BLEND_MM`] to either side, less near the ends.
fn blend(nodes: &mut [Node]) {
    let Some(length) = nodes.last().map(|node| node.along) else { return };
    // The integral of the width up to each node.
    let mut integral = vec![0.0; nodes.len()];
    for i in 1..nodes.len() {
        let step = nodes[i].along - nodes[i - 1].along;
        integral[i] = integral[i - 1] + step * f64::midpoint(nodes[i].width, nodes[i - 1].width);
    }
    let up_to = |along: f64| {
        let next = nodes.partition_point(|node| node.along <= along);
        if next == 0 || next == nodes.len() {
            return integral[next.saturating_sub(1)];
        }
        let (from, to) = (&nodes[next - 1], &nodes[next]);
        let step = along - from.along;
        let width = from.width + (to.width - from.width) * step / (to.along - from.along);
        integral[next - 1] + step * f64::midpoint(from.width, width)
    };
    let blended: Vec<f64> = nodes
        .iter()
        .map(|node| {
            let reach = BLEND_MM.min(node.along).min(length - node.along);
            if reach < 1e-6 {
                return node.width;
            }
            (up_to(node.along + reach) - up_to(node.along - reach)) / (2.0 * reach)
        })
        .collect();
    for (node, width) in nodes.iter_mut().zip(blended) {
        node.width = width;
    }
}

fn taper(nodes: &mut [Node], nib: &Nib, lift_speed: f64) {
    let (Some(first), Some(last)) = (nodes.first().copied(), nodes.last().copied()) else { return };
    let motion = ((lift_speed - LIFT_SPEED.0) / (LIFT_SPEED.1 - LIFT_SPEED.0)).clamp(0.0, 1.0);
    let most = nib.tip_share * last.along;
    let start = Taper::new(nib.start, first.width, most);
    let end = Taper::new(nib.rest.mix(nib.flick, motion), last.width, most);
    for node in nodes {
        node.width *= start.at(node.along) * end.at(last.along - node.along);
    }
}

/// A tip as it is drawn: from `share` of the full width to all of it within `reach` mm.
struct Taper {
    share: f64,
    reach: f64,
}

impl Taper {
    /// A tip of a stroke that is `width` mm wide, over at most `most` mm; blunter where it would have to be too steep.
    fn new(tip: Tip, width: f64, most: f64) -> Self {
        let reach = (tip.widths * width).min(most);
        // The curve below is steepest at the very end, where the radius grows by (1 - share) · width / reach.
        Self { share: tip.share.max(1.0 - MOST_TIP_SLOPE * reach / width.max(1e-9)), reach }
    }

    fn at(&self, distance: f64) -> f64 {
        let part = if distance < self.reach { distance / self.reach } else { 1.0 };
        self.share + (1.0 - self.share) * part * (2.0 - part)
    }
}

/// The speed with which the pen left, mm/ms.
fn lift_speed(knots: &[Knot]) -> f64 {
    let Some(last) = knots.last() else { return 0.0 };
    let (mut path, mut since) = (0.0, last.t_ms);
    for pair in knots.windows(2).rev() {
        if last.t_ms - pair[0].t_ms > LIFT_WINDOW_MS && path > 0.0 {
            break;
        }
        path += pair[0].at.distance(pair[1].at);
        since = pair[0].t_ms;
    }
    path / (last.t_ms - since).max(1.0)
}
