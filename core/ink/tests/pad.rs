//! The pad: who may draw, what is left out, what is taken back, and that nothing is lost.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs, reason = "test code")]

mod common;

use common::{code, sample, signature};
use eseal_ink::{
    Batch, Contact, Ink, InkError, InkPad, MAX_SAMPLES, MAX_STROKES, PointerId, Replay, ReplayEvent, Sample, Tool,
    Touched,
};
use proptest::prelude::*;

const ONE: PointerId = PointerId(1);
const TWO: PointerId = PointerId(2);

fn finger(pointer: PointerId) -> Contact {
    Contact { pointer, ..Contact::default() }
}

fn pen(pointer: PointerId) -> Contact {
    Contact { pointer, tool: Tool::Pen, ..Contact::default() }
}

/// A pad that this pointer touches.
fn touched(contact: Contact) -> InkPad {
    let mut pad = InkPad::new();
    pad.down(contact).unwrap();
    pad
}

/// The codes of what was refused of one batch, with their places.
fn refused(batch: &Batch) -> Vec<(usize, &'static str)> {
    batch.refused.iter().map(|refused| (refused.index, refused.why.code())).collect()
}

fn draw(pad: &mut InkPad, samples: &[Sample]) {
    pad.down(finger(ONE)).unwrap();
    assert_eq!(refused(&pad.add(ONE, samples)), []);
    pad.up(ONE);
}

#[test]
fn a_batch_says_which_samples_were_left_out_and_why() {
    let mut pad = touched(pen(ONE));
    let force = |force| Sample { force: Some(force), ..sample(1.0, 1.0, 110.0) };
    let tilt = |altitude_deg, azimuth_deg| Sample {
        tilt: Some(eseal_ink::Tilt { altitude_deg, azimuth_deg }),
        ..sample(1.0, 1.0, 110.0)
    };
    let batch = pad.add(
        ONE,
        &[
            sample(1.0, 1.0, 100.0),
            sample(f64::NAN, 1.0, 110.0),
            sample(1.0, f64::INFINITY, 110.0),
            sample(1.0, 1.0, f64::NAN),
            sample(1001.0, 1.0, 130.0),
            sample(1.0, 1.0, 99.0),
            sample(1.0, 1.0, 1e15),
            force(1.5),
            force(f32::NAN),
            tilt(91.0, 0.0),
            tilt(45.0, -1.0),
            sample(90.0, 1.0, 110.0),
            sample(2.0, 1.0, 112.0),
            sample(90.0, 1.0, 133.0),
        ],
    );
    let wrong = "ink.out-of-range";
    let expected = [wrong, wrong, wrong, wrong, "ink.time-back", wrong, wrong, wrong, wrong, wrong, "ink.glitch"];
    assert_eq!(refused(&batch), expected.into_iter().enumerate().map(|(at, code)| (at + 1, code)).collect::<Vec<_>>());
    assert_eq!((batch.taken, pad.ink().sample_count()), (3, 3));
    let InkError::Glitch { jump_mm, gap_ms } = batch.refused[10].why else { panic!("{batch:?}") };
    assert_eq!((jump_mm, gap_ms), (89.0, 10.0));
}

#[test]
fn one_pointer_draws_at_a_time() {
    let mut pad = touched(finger(ONE));
    assert_eq!(pad.add(ONE, &[sample(1.0, 1.0, 0.0)]).taken, 1);
    assert_eq!(code(pad.down(finger(TWO))), "ink.second-pointer");
    assert_eq!(refused(&pad.add(TWO, &[sample(50.0, 50.0, 8.0)])), [(0, "ink.second-pointer")]);
    pad.up(TWO);
    assert!(pad.is_drawing(), "another's leaving changes nothing");
    pad.up(ONE);
    assert_eq!(
        refused(&pad.add(TWO, &[sample(50.0, 50.0, 16.0)])),
        [(0, "ink.not-touching")],
        "until it touches again"
    );
    assert_eq!(pad.ink().sample_count(), 1);
}

#[test]
fn palms_leave_no_ink() {
    let palm = |pointer, contact_mm| Contact { contact_mm: Some(contact_mm), ..finger(pointer) };
    let mut pad = InkPad::new();
    assert_eq!(code(pad.down(palm(ONE, 25.0))), "ink.palm");
    assert_eq!(refused(&pad.add(ONE, &[sample(1.0, 1.0, 0.0)])), [(0, "ink.not-touching")]);
    pad.down(palm(ONE, 9.0)).unwrap();
    pad.add(ONE, &[sample(1.0, 1.0, 0.0)]);
    pad.contact_changed(ONE, 12.0).unwrap();
    assert_eq!(code(pad.contact_changed(ONE, 30.0)), "ink.palm", "a finger that rolls into a palm");
    assert_eq!(pad.ink(), &Ink::default());
    // A pen takes over from the palm that came before it; fingers do not take over from a pen.
    pad.down(palm(ONE, 15.0)).unwrap();
    pad.add(ONE, &[sample(1.0, 1.0, 100.0)]);
    assert_eq!(pad.down(pen(TWO)), Ok(Touched::TookOver));
    assert_eq!(pad.ink(), &Ink::default());
    pad.add(TWO, &[sample(5.0, 5.0, 110.0)]);
    assert_eq!(code(pad.down(finger(PointerId(3)))), "ink.second-pointer");
    pad.up(TWO);
    assert_eq!(code(pad.down(Contact { t_ms: Some(300.0), ..finger(ONE) })), "ink.palm", "the hand that holds the pen");
    assert_eq!(pad.down(Contact { t_ms: Some(620.0), ..finger(ONE) }), Ok(Touched::Started));
}

#[test]
fn what_the_system_cancels_is_gone_and_a_lost_up_does_no_harm() {
    let mut pad = touched(finger(ONE));
    pad.add(ONE, &[sample(1.0, 1.0, 0.0)]);
    pad.cancel(ONE);
    assert_eq!((pad.ink(), pad.can_undo()), (&Ink::default(), false));
    draw(&mut pad, &[sample(1.0, 1.0, 10.0)]);
    pad.down(finger(ONE)).unwrap();
    pad.add(ONE, &[sample(2.0, 2.0, 20.0)]);
    pad.down(finger(ONE)).unwrap();
    pad.add(ONE, &[sample(3.0, 3.0, 30.0)]);
    assert_eq!(pad.ink().strokes().len(), 3);
}

#[test]
fn a_clock_that_was_started_again_does_not_lock_the_pad() {
    let mut pad = InkPad::new();
    draw(&mut pad, &[sample(1.0, 1.0, 9e6), sample(2.0, 1.0, 9e6 + 8.0)]);
    pad.down(finger(ONE)).unwrap();
    assert_eq!(
        refused(&pad.add(ONE, &[sample(1.0, 1.0, 9e6)])),
        [(0, "ink.time-back")],
        "a late event is no new clock"
    );
    assert_eq!(pad.add(ONE, &[sample(1.0, 1.0, 40.0), sample(2.0, 1.0, 48.0)]).refused, []);
    let times: Vec<f64> = pad.ink().strokes()[1].samples().iter().map(|sample| sample.t_ms).collect();
    assert_eq!(times, [9e6 + 1008.0, 9e6 + 1016.0]);
    let mut pad = InkPad::from_bytes(&pad.to_bytes()).unwrap();
    assert_eq!(pad.add(ONE, &[sample(3.0, 1.0, 56.0)]).refused, []);
}

#[test]
fn too_much_is_refused() {
    let mut pad = touched(finger(ONE));
    let many: Vec<Sample> =
        (0..u32::try_from(MAX_SAMPLES).unwrap()).map(|nth| sample(f64::from(nth % 10), 1.0, f64::from(nth))).collect();
    assert_eq!(pad.add(ONE, &many).taken, MAX_SAMPLES);
    assert_eq!(refused(&pad.add(ONE, &[sample(1.0, 1.0, 1e6)])), [(0, "ink.too-many-points")]);
    pad.clear();
    for _ in 0..MAX_STROKES {
        draw(&mut pad, &[sample(1.0, 1.0, 1.0)]);
    }
    pad.down(finger(ONE)).unwrap();
    assert_eq!(refused(&pad.add(ONE, &[sample(1.0, 1.0, 1.0)])), [(0, "ink.too-many-strokes")]);
    let back = InkPad::from_bytes(&pad.to_bytes()).unwrap();
    assert_eq!(back, pad);
}

#[test]
fn strokes_and_clears_are_taken_back_and_done_again() {
    let whole = signature();
    let mut pad = InkPad::with_ink(whole.clone());
    assert!(!pad.redo());
    pad.down(finger(ONE)).unwrap();
    pad.add(ONE, &[sample(1.0, 1.0, 1e6)]);
    assert!(pad.undo(), "also the stroke that is being drawn");
    assert_eq!(refused(&pad.add(ONE, &[sample(1.0, 1.0, 1e6 + 8.0)])), [(0, "ink.not-touching")]);
    assert_eq!(pad.ink(), &whole);
    assert!(pad.redo());
    assert_eq!(pad.ink().strokes().len(), 3);
    assert!(pad.undo() && pad.undo());
    assert_eq!(pad.ink().strokes(), &whole.strokes()[..1]);
    pad.clear();
    assert!(!pad.can_redo() && pad.can_undo());
    assert_eq!(code(pad.ink().check()), "ink.empty");
    assert!(pad.undo());
    assert_eq!(pad.ink().strokes(), &whole.strokes()[..1]);
    assert!(pad.redo() && !pad.redo());
    assert_eq!(pad.ink(), &Ink::default());
    assert!(pad.undo() && pad.undo() && !pad.undo());
}

#[test]
fn a_replay_keeps_the_recorded_time() {
    let mut pad = InkPad::new();
    draw(&mut pad, &[sample(0.0, 0.0, 1000.0), sample(1.0, 0.0, 1010.0), sample(2.0, 0.0, 1020.0)]);
    draw(&mut pad, &[sample(5.0, 5.0, 1500.0)]);
    let ink = pad.ink();
    let mut replay = Replay::of(ink);
    assert_eq!(replay.up_to(-1.0).count(), 0);
    assert_eq!(
        replay.up_to(12.0).collect::<Vec<_>>(),
        [ReplayEvent::Down(Tool::Finger, sample(0.0, 0.0, 1000.0)), ReplayEvent::Move(sample(1.0, 0.0, 1010.0)),]
    );
    assert_eq!(replay.next_ms(), Some(20.0));
    assert_eq!(replay.up_to(499.0).collect::<Vec<_>>(), [ReplayEvent::Move(sample(2.0, 0.0, 1020.0)), ReplayEvent::Up]);
    assert_eq!(replay.up_to(replay.duration_ms()).count(), 2);
    assert_eq!((replay.next_ms(), Replay::of(ink).count()), (None, 6));
    assert_eq!(Replay::of(&Ink::default()).next_ms(), None);
}

/// What a person and a platform do, one after the other.
#[derive(Debug, Clone)]
enum Act {
    Down(bool, u64),
    Add(u64, Vec<(f64, f64)>),
    Up(u64),
    Cancel(u64),
    Undo,
    Redo,
    Clear,
}

fn any_act() -> impl Strategy<Value = Act> {
    let pointer = || 1..4_u64;
    prop_oneof![
        4 => (any::<bool>(), pointer()).prop_map(|(is_pen, pointer)| Act::Down(is_pen, pointer)),
        8 => (pointer(), prop::collection::vec((0.0..90.0, 0.0..40.0), 1..6)).prop_map(|(pointer, at)| Act::Add(pointer, at)),
        4 => pointer().prop_map(Act::Up),
        1 => pointer().prop_map(Act::Cancel),
        2 => Just(Act::Undo),
        2 => Just(Act::Redo),
        1 => Just(Act::Clear),
    ]
}

fn act(pad: &mut InkPad, act: &Act, t_ms: &mut f64) {
    match act {
        Act::Down(is_pen, pointer) => {
            let contact = if *is_pen { pen(PointerId(*pointer)) } else { finger(PointerId(*pointer)) };
            let _ = pad.down(Contact { t_ms: Some(*t_ms), ..contact });
        }
        Act::Add(pointer, places) => {
            let samples: Vec<Sample> = places
                .iter()
                .map(|&(x, y)| {
                    *t_ms += 8.3;
                    Sample { force: (x > 45.0).then_some(0.3), ..sample(x, y, *t_ms) }
                })
                .collect();
            pad.add(PointerId(*pointer), &samples);
        }
        Act::Up(pointer) => pad.up(PointerId(*pointer)),
        Act::Cancel(pointer) => pad.cancel(PointerId(*pointer)),
        Act::Undo => assert_eq!(pad.can_undo(), pad.undo()),
        Act::Redo => assert_eq!(pad.can_redo(), pad.redo()),
        Act::Clear => pad.clear(),
    }
}

proptest! {
    #[test]
    fn killed_and_restored_at_any_moment_the_pad_goes_on_as_if_it_had_not_been(
        acts in prop::collection::vec(any_act(), 0..60),
        kill in 0..60_usize,
    ) {
        let (mut pad, mut other, mut t_ms, mut other_ms) = (InkPad::new(), InkPad::new(), 0.0, 0.0);
        for (nth, one) in acts.iter().enumerate() {
            act(&mut pad, one, &mut t_ms);
            act(&mut other, one, &mut other_ms);
            if nth >= kill {
                other = InkPad::from_bytes(&other.to_bytes()).unwrap();
            }
            prop_assert_eq!(&other, &pad);
        }
    }

    #[test]
    fn undoing_all_and_redoing_all_gives_the_same(acts in prop::collection::vec(any_act(), 0..60)) {
        let (mut pad, mut t_ms) = (InkPad::new(), 0.0);
        for one in &acts {
            act(&mut pad, one, &mut t_ms);
        }
        while pad.redo() {}
        let ink = pad.ink().clone();
        let mut count = 0;
        while pad.undo() {
            count += 1;
        }
        prop_assert_eq!(pad.ink(), &Ink::default());
        for _ in 0..count {
            prop_assert!(pad.redo());
        }
        prop_assert!(!pad.redo());
        prop_assert_eq!(pad.ink(), &ink);
    }

    #[test]
    fn no_bytes_make_a_pad_panic(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        let _ = InkPad::from_bytes(&[b"PAD\x01", bytes.as_slice()].concat());
    }
}
