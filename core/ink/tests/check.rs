//! The checks: every rule with its value, all at once.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs, reason = "test code")]

mod common;

use common::{code, corpus, ink, polyline, sample, signature};
use eseal_ink::{
    Contact, Direction, Expected, Ink, InkDigest, InkError, InkPad, Limit, PointerId, RenderOptions, Rule, Sample,
    Verdict, render,
};

#[test]
fn what_is_no_signature_is_refused_with_its_reason() {
    let check = |strokes: &[Vec<Sample>]| code(ink(strokes).check());
    let dot = vec![sample(5.0, 5.0, 0.0)];
    assert_eq!(check(&[]), "ink.empty");
    assert_eq!(check(std::slice::from_ref(&dot)), "ink.only-dots");
    assert_eq!(check(&[dot, polyline(&[(9.0, 5.0), (10.0, 5.0)], 0.05, 50.0)]), "ink.only-dots");
    assert_eq!(check(&[polyline(&[(0.0, 0.0), (5.0, 5.0), (9.0, 0.0)], 0.05, 0.0)]), "ink.too-short");
    assert_eq!(check(&[polyline(&[(0.0, 0.0), (30.0, 12.0)], 0.05, 0.0)]), "ink.straight-line");
    let scribble = [(0.0, 0.0), (7.0, 1.0), (0.0, 2.0), (7.0, 2.5)];
    assert_eq!(check(&[polyline(&scribble, 0.05, 0.0)]), "ink.too-small");
    assert_eq!(check(&[polyline(&[(0.0, 0.0), (10.0, 10.0), (20.0, 0.0)], 0.2, 0.0)]), "ink.too-quick");
    assert_eq!(signature().check(), Ok(()));
    assert_eq!(code(render(&ink(&[]), &RenderOptions::default())), "ink.empty");
}

#[test]
fn a_refusal_says_what_it_found_and_what_it_wants() {
    let short = ink(&[polyline(&[(0.0, 0.0), (5.0, 0.0), (5.0, 5.0)], 0.05, 0.0)]);
    let error = short.check().unwrap_err();
    assert!(matches!(error, InkError::TooShort { path_mm } if (path_mm - 10.0).abs() < 1e-9));
    assert_eq!(error.to_string(), "10.0 mm drawn, at least 15 mm are needed");
}

/// Value, limit and verdict of one rule.
fn finding(ink: &Ink, expected: &Expected<'_>, rule: Rule) -> Option<(f64, Limit, Verdict)> {
    let report = ink.judge(expected);
    let finding = report.findings().iter().find(|finding| finding.rule == rule)?;
    Some((finding.value, finding.limit, finding.verdict))
}

fn verdict(ink: &Ink, expected: &Expected<'_>, rule: Rule) -> Option<Verdict> {
    finding(ink, expected, rule).map(|(_, _, verdict)| verdict)
}

#[test]
fn everything_wrong_is_reported_together() {
    let tiny = ink(&[polyline(&[(0.2, 0.2), (2.0, 0.2)], 0.05, 0.0)]);
    let expected = Expected { characters: Some(2), pad_mm: Some((60.0, 30.0)), ..Expected::default() };
    let report = tiny.judge(&expected);
    let codes = |verdict| report.with(verdict).map(|finding| finding.rule.code()).collect::<Vec<_>>();
    assert_eq!(
        codes(Verdict::Reject),
        ["ink.only-dots", "ink.too-short", "ink.straight-line", "ink.too-small", "ink.too-small", "ink.too-quick"]
    );
    assert_eq!(codes(Verdict::Warn), ["ink.few-strokes", "ink.touches-edge", "ink.odd-ratio"]);
    assert_eq!(report.verdict(), Verdict::Reject);
    assert_eq!(ink(&[]).judge(&expected).findings().len(), 1);
    assert_eq!(signature().judge(&Expected::default()).verdict(), Verdict::Pass);
}

#[test]
fn each_warning_has_its_value_and_its_limit() {
    let none = Expected::default();
    let good = signature();
    let pad = |width, height| Expected { pad_mm: Some((width, height)), ..none };
    assert_eq!(verdict(&good, &none, Rule::TouchesEdge), None, "what is not known is not judged");
    assert_eq!(finding(&good, &pad(40.0, 8.25), Rule::TouchesEdge), Some((0.0, Limit::AtLeast(0.5), Verdict::Warn)));
    let moved = ink(&[polyline(&[(5.0, 5.0), (15.0, 9.0), (25.0, 5.0)], 0.05, 0.0)]);
    assert_eq!(finding(&moved, &pad(26.0, 40.0), Rule::TouchesEdge), Some((1.0, Limit::AtLeast(0.5), Verdict::Pass)));
    assert_eq!(verdict(&good, &pad(100.0, 50.0), Rule::Scribble), Some(Verdict::Pass));
    assert_eq!(verdict(&good, &pad(16.0, 8.0), Rule::Scribble), Some(Verdict::Warn));
    let (filled, ..) = finding(&good, &pad(100.0, 50.0), Rule::Scribble).unwrap();
    assert!((0.005..0.02).contains(&filled), "54 mm of line, 0.6 mm wide, are 0.6 % of it: {filled}");
    let column = Expected { direction: Direction::Column, ..none };
    assert_eq!(finding(&good, &none, Rule::OddRatio), Some((2.5, Limit::Between(0.8, 8.0), Verdict::Pass)));
    assert_eq!(finding(&good, &column, Rule::OddRatio), Some((0.4, Limit::Between(0.8, 8.0), Verdict::Warn)));
    let two = Expected { characters: Some(2), ..none };
    assert_eq!(finding(&moved, &two, Rule::FewStrokes), Some((1.0, Limit::AtLeast(2.0), Verdict::Warn)));
    assert_eq!(verdict(&good, &two, Rule::FewStrokes), Some(Verdict::Pass));
    assert_eq!(finding(&good, &none, Rule::SparseSamples), Some((8.0, Limit::AtMost(25.0), Verdict::Pass)));
    let slow: Vec<Sample> =
        (0..12).map(|nth| sample(f64::from(nth), f64::from(nth % 3), 40.0 * f64::from(nth))).collect();
    assert_eq!(verdict(&ink(&[slow]), &none, Rule::SparseSamples), Some(Verdict::Warn));
    let late = polyline(&[(0.0, 0.0), (5.0, 5.0)], 0.05, 30_000.0);
    let paused = ink(&[vec![sample(0.0, 0.0, 0.0)], late]);
    assert_eq!(finding(&paused, &none, Rule::LongPause), Some((30_000.0, Limit::AtMost(20_000.0), Verdict::Warn)));
}

/// The strokes of a record as the digitiser would say them somewhere else on the pad and at another time.
fn played(record: &str, x_mm: f64, y_mm: f64, t_ms: f64) -> Ink {
    let record: serde_json::Value = serde_json::from_str(record).unwrap();
    let mm = if record["unit"] == "mm,ms" { 1.0 } else { 25.4 / 160.0 };
    let place = |row: &serde_json::Value| {
        let value = |nth: usize| row[nth].as_f64().unwrap();
        sample(value(0) * mm + x_mm, value(1) * mm + y_mm, value(2) + t_ms)
    };
    let mut pad = InkPad::new();
    for stroke in record["strokes"].as_array().unwrap() {
        pad.down(Contact::default()).unwrap();
        pad.add(PointerId::default(), &stroke.as_array().unwrap().iter().map(place).collect::<Vec<_>>());
    }
    pad.into_ink()
}

#[test]
fn a_log_played_again_is_known_wherever_and_whenever() {
    let files = ["synthetic_hanzi_signatures.jsonl", "unipen_words.jsonl"].map(corpus);
    let [Some(names), Some(words)] = files else {
        eprintln!("SKIPPED: the ink corpus is not here");
        return;
    };
    let records: Vec<&str> = names.lines().chain(words.lines()).collect();
    let inks: Vec<Ink> = records.iter().map(|record| Ink::from_json(record).unwrap()).collect();
    let digests: Vec<InkDigest> = inks.iter().map(Ink::digest).collect();
    let mut least_same: f64 = 1.0;
    for (nth, (record, digest)) in (0_u32..).zip(records.iter().zip(&digests)) {
        let nth = f64::from(nth);
        for part in [0.0011, 0.0377, 0.501] {
            let again = played(record, part * (nth + 1.0), -0.7 * part * nth, 1e6 * part + nth * 0.013);
            least_same = least_same.min(again.digest().likeness(digest));
        }
    }
    let mut most_other: f64 = 0.0;
    for (nth, one) in digests.iter().enumerate() {
        for (other, _) in digests.iter().zip(&inks).take(nth).filter(|(_, ink)| **ink != inks[nth]) {
            most_other = most_other.max(one.likeness(other));
        }
    }
    eprintln!("the same log moved: likeness at least {least_same:.3}; another log: at most {most_other:.3}");
    assert!(least_same >= 0.55 && most_other <= 0.25, "{least_same} {most_other}");

    let again = played(records[0], 1.234, 5.678, 99_999.9);
    let expected = |earlier| Expected { earlier, ..Expected::default() };
    assert_eq!(verdict(&again, &expected(&digests), Rule::Replayed), Some(Verdict::Warn));
    assert_eq!(verdict(&again, &expected(&digests[1..]), Rule::Replayed), Some(Verdict::Pass));
    assert_eq!(verdict(&again, &expected(&[]), Rule::Replayed), None);
}

#[test]
fn digests_are_kept_as_bytes() {
    let digest = signature().digest();
    let bytes = digest.to_bytes();
    assert_eq!(bytes.len(), 129);
    assert_eq!(InkDigest::from_bytes(&bytes), Ok(digest));
    for bad in [&bytes[1..], &[&[9], &bytes[1..]].concat(), &[]] {
        assert_eq!(code(InkDigest::from_bytes(bad)), "ink.bytes");
    }
}
