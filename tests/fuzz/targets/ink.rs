//! The point log: bytes, InkML and JSON of any kind are survived, and what is read can be written in every form and read
//! again as the same.
#![no_main]

use eseal_ink::{Expected, Ink, InkDigest, InkPad, Replay};

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let Some((&kind, rest)) = bytes.split_first() else { return };
    let ink = match kind % 4 {
        0 => Ink::from_bytes(&[b"INK\x01", rest].concat()).ok(),
        1 => std::str::from_utf8(rest).ok().and_then(|text| Ink::from_json(text).ok()),
        2 => std::str::from_utf8(rest).ok().and_then(|text| Ink::from_inkml(text).ok()),
        _ => pad(rest),
    };
    if let Some(ink) = ink {
        hold(&ink);
    }
});

/// A pad read back is the same pad, and goes on.
fn pad(bytes: &[u8]) -> Option<Ink> {
    let mut pad = InkPad::from_bytes(&[b"PAD\x01", bytes].concat()).ok()?;
    let again = InkPad::from_bytes(&pad.to_bytes()).expect("what was written is read");
    assert_eq!(again, pad);
    while pad.undo() {}
    while pad.redo() {}
    Some(pad.into_ink())
}

fn hold(ink: &Ink) {
    assert_eq!(&Ink::from_bytes(&ink.to_bytes()).expect("bytes"), ink);
    // Files leave out jumps that a digitiser makes; the binary form is only ever written from what was admitted.
    let json = Ink::from_json(&ink.to_json()).expect("JSON");
    assert_eq!(json, Ink::from_inkml(&ink.to_inkml()).expect("InkML"));
    assert_eq!(json, Ink::from_json(&json.to_json()).expect("JSON again"));
    let digest = ink.digest();
    let report = ink.judge(&Expected { earlier: &[digest.clone()], pad_mm: Some((80.0, 40.0)), ..Expected::default() });
    assert!(report.findings().iter().all(|finding| finding.value.is_finite()), "{report:?}");
    assert_eq!(InkDigest::from_bytes(&digest.to_bytes()), Ok(digest));
    assert!(Replay::of(ink).count() <= 3 * ink.sample_count());
}
