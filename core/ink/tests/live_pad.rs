//! A surface that does what a live pad says shows what is on the pad, whatever happened.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs, reason = "test code")]

mod common;

use common::{fixture, paint, points, sample};
use eseal_face::{Dpi, Path};
use eseal_ink::{Ahead, AreaMm, Contact, InkPad, LayerChange, LivePad, Pen, PointerId, Repaint, Sample, Tool, outline};
use proptest::prelude::*;

const ONE: PointerId = PointerId(1);
const TWO: PointerId = PointerId(2);
/// What the surface shows of the pad: 300 × 225 whole pixels.
const SCREEN: AreaMm = AreaMm { left: -5.0, top: -5.0, right: 45.8, bottom: 33.1 };
const DPI: u32 = 150;

/// What a host keeps.
#[derive(Default)]
struct Surface {
    layer: Vec<Path>,
    over: Vec<Path>,
}

impl Surface {
    fn show(&mut self, repaint: &Repaint) {
        if repaint.layer == LayerChange::StartedOver {
            self.layer.clear();
        }
        self.layer.extend(repaint.stable.iter().cloned());
        self.over =
            [&repaint.tail, &repaint.predicted].into_iter().filter(|p| !p.contours.is_empty()).cloned().collect();
    }

    fn pixels(&self) -> Vec<u8> {
        let shown = [self.layer.clone(), self.over.clone()].concat();
        if shown.is_empty() { Vec::new() } else { paint(shown, SCREEN, Dpi::new(DPI).unwrap()) }
    }
}

/// Pixels that differ by over a half.
fn wrong(one: &[u8], other: &[u8]) -> usize {
    let at = |pixels: &[u8], n: usize| pixels.get(n).copied().unwrap_or(0);
    (0..one.len().max(other.len())).filter(|&n| at(one, n).abs_diff(at(other, n)) > 128).count()
}

/// Pixels that differ at all and lie outside an area.
fn stray(one: &[u8], other: &[u8], dirty: Option<AreaMm>) -> usize {
    let at = |pixels: &[u8], n: usize| pixels.get(n).copied().unwrap_or(0);
    let px_mm = 25.4 / f64::from(DPI);
    let width = ((SCREEN.right - SCREEN.left) / px_mm).round();
    let inside = |n: usize| {
        let n = f64::from(u32::try_from(n).unwrap());
        let (x, y) = ((n % width + 0.5) * px_mm + SCREEN.left, ((n / width).floor() + 0.5) * px_mm + SCREEN.top);
        dirty.is_some_and(|area| {
            let slack = px_mm * 1.5;
            (area.left - slack..area.right + slack).contains(&x) && (area.top - slack..area.bottom + slack).contains(&y)
        })
    };
    (0..one.len().max(other.len())).filter(|&n| at(one, n).abs_diff(at(other, n)) > 16 && !inside(n)).count()
}

#[derive(Debug, Clone)]
enum Event {
    Down(PointerId, Tool),
    Add(PointerId, Vec<(f64, f64)>),
    Palm(PointerId),
    Up(PointerId),
    Cancel(PointerId),
    Undo,
    Redo,
    Clear,
    Use(Pen),
    Restore,
}

fn any_event() -> impl Strategy<Value = Event> {
    let pointer = || prop_oneof![4 => Just(ONE), 1 => Just(TWO)];
    let tool = prop_oneof![3 => Just(Tool::Finger), 1 => Just(Tool::Pen)];
    let step = (-1.5..1.5_f64, -1.5..1.5_f64);
    prop_oneof![
        6 => (pointer(), tool).prop_map(|(pointer, tool)| Event::Down(pointer, tool)),
        12 => (pointer(), prop::collection::vec(step, 1..20)).prop_map(|(pointer, steps)| Event::Add(pointer, steps)),
        1 => pointer().prop_map(Event::Palm),
        4 => pointer().prop_map(Event::Up),
        1 => pointer().prop_map(Event::Cancel),
        2 => Just(Event::Undo),
        1 => Just(Event::Redo),
        1 => Just(Event::Clear),
        1 => prop_oneof![Just(Pen::Brush), Just(Pen::Marker)].prop_map(Event::Use),
        1 => Just(Event::Restore),
    ]
}

/// A hand that goes on where it was.
struct Hand {
    x: f64,
    y: f64,
    t_ms: f64,
}

impl Hand {
    fn moved(&mut self, steps: &[(f64, f64)]) -> Vec<Sample> {
        let step = |(dx, dy): &(f64, f64)| {
            (self.x, self.y) = ((self.x + dx).clamp(0.0, 40.0), (self.y + dy).clamp(0.0, 30.0));
            self.t_ms += 8.0;
            sample(self.x, self.y, self.t_ms)
        };
        steps.iter().map(step).collect()
    }
}

fn happen(pad: &mut LivePad, hand: &mut Hand, event: &Event) -> Repaint {
    match event {
        Event::Down(pointer, tool) => pad.down(Contact { pointer: *pointer, tool: *tool, ..Contact::default() }),
        Event::Add(pointer, steps) => pad.add(*pointer, &hand.moved(steps), Ahead::Fitted),
        Event::Palm(pointer) => pad.contact_changed(*pointer, 30.0),
        Event::Up(pointer) => pad.up(*pointer),
        Event::Cancel(pointer) => pad.cancel(*pointer),
        Event::Undo => pad.undo(),
        Event::Redo => pad.redo(),
        Event::Clear => pad.clear(),
        Event::Use(pen) => pad.use_pen(*pen),
        Event::Restore => {
            let bytes = pad.pad().to_bytes();
            *pad = LivePad::new(InkPad::from_bytes(&bytes).unwrap(), pad.pen());
            pad.repaint()
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn whatever_happens_the_surface_shows_the_pad(events in prop::collection::vec(any_event(), 1..24)) {
        let (mut pad, mut surface) = (LivePad::new(InkPad::new(), Pen::Fountain), Surface::default());
        let mut hand = Hand { x: 20.0, y: 15.0, t_ms: 0.0 };
        let mut before = surface.pixels();
        for event in &events {
            let repaint = happen(&mut pad, &mut hand, event);
            surface.show(&repaint);
            let after = surface.pixels();
            // A restored pad has a new surface.
            if !matches!(event, Event::Restore) {
                prop_assert_eq!(stray(&before, &after, repaint.dirty), 0, "outside {:?} at {:?}", repaint.dirty, event);
            }
            before = after;
        }
        for pointer in [ONE, TWO] {
            surface.show(&pad.up(pointer));
        }
        let last = LivePad::new(pad.pad().clone(), pad.pen()).repaint();
        let (shown, whole) = (surface.pixels(), Surface { layer: last.stable, over: Vec::new() }.pixels());
        prop_assert!(wrong(&shown, &whole) <= 3, "{} pixels", wrong(&shown, &whole));
    }
}

#[test]
fn what_is_refused_is_said_and_changes_nothing() {
    let mut pad = LivePad::default();
    let codes = |repaint: &Repaint| repaint.refused.iter().map(|one| (one.index, one.why.code())).collect::<Vec<_>>();
    let finger = |pointer| Contact { pointer, ..Contact::default() };
    assert_eq!(codes(&pad.down(finger(ONE))), []);
    let drawn =
        pad.add(ONE, &[sample(1.0, 1.0, 0.0), sample(f64::NAN, 1.0, 4.0), sample(2.0, 1.0, 8.0)], Ahead::Nothing);
    assert_eq!(codes(&drawn), [(1, "ink.out-of-range")]);
    let second = pad.down(finger(TWO));
    assert_eq!((codes(&second), second.layer), (vec![(0, "ink.second-pointer")], LayerChange::Extended));
    assert_eq!(codes(&pad.add(TWO, &[sample(9.0, 9.0, 9.0)], Ahead::Nothing)), [(0, "ink.second-pointer")]);
    let palm = pad.contact_changed(ONE, 25.0);
    assert_eq!((codes(&palm), palm.layer), (vec![(0, "ink.palm")], LayerChange::StartedOver));
    assert!(palm.stable.is_empty() && palm.dirty.is_some(), "what the palm drew is wiped");
    assert_eq!(pad.up(ONE), Repaint::default());
}

#[test]
fn a_pen_takes_over_from_a_finger_on_the_screen_too() {
    let mut pad = LivePad::default();
    pad.down(Contact { pointer: ONE, ..Contact::default() });
    pad.add(ONE, &[sample(1.0, 1.0, 0.0), sample(5.0, 5.0, 40.0)], Ahead::Nothing);
    let taken = pad.down(Contact { pointer: TWO, tool: Tool::Pen, ..Contact::default() });
    assert_eq!(taken.layer, LayerChange::StartedOver);
    let dirty = taken.dirty.unwrap();
    assert!(dirty.left < 1.0 && dirty.bottom > 5.0, "{dirty:?}");
}

#[test]
fn a_finished_replay_shows_the_pad() {
    let mut live = LivePad::new(InkPad::with_ink(fixture()), Pen::Brush);
    let whole = live.repaint();
    let mut replay = live.replay();
    let mut surface = Surface::default();
    let duration_ms = replay.duration_ms();
    let mut at = 0.0;
    while let Some(next_ms) = replay.next_ms() {
        at = next_ms.max(at + 16.0);
        surface.show(&replay.up_to(at));
    }
    assert!((duration_ms..duration_ms + 17.0).contains(&at));
    let (shown, last) = (surface.pixels(), Surface { layer: whole.stable, over: Vec::new() }.pixels());
    assert!(wrong(&shown, &last) <= 4, "{}", wrong(&shown, &last));
    assert_eq!(replay.up_to(f64::INFINITY), Repaint::default());
}

#[test]
fn a_stroke_costs_one_answer_a_batch_and_its_whole_is_its_outline() {
    let mut pad = LivePad::default();
    pad.down(Contact::default());
    let samples: Vec<Sample> = (0..40).map(|n| sample(f64::from(n), 10.0, f64::from(n) * 8.0)).collect();
    for batch in samples.chunks(4) {
        let repaint = pad.add(PointerId::default(), batch, Ahead::Fitted);
        assert!(
            repaint.stable.len() <= 1 && !repaint.tail.contours.is_empty() && !repaint.predicted.contours.is_empty()
        );
        let dirty = repaint.dirty.unwrap();
        assert!(points(&repaint.predicted).iter().all(|at| at.x <= dirty.right && at.y <= dirty.bottom));
    }
    assert!(pad.up(PointerId::default()).tail.contours.is_empty());
    assert_eq!(pad.repaint().stable, [outline(&pad.pad().ink().strokes()[0], Pen::Fountain)]);
}
