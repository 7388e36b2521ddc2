//! The log: what goes in comes out of every stored form, and what is no log is refused.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs, reason = "test code")]

mod common;

use common::{code, corpus, ink, sample, signature};
use eseal_ink::{Contact, Ink, InkPad, MAX_SAMPLES, MAX_STROKES, PointerId, Sample, Tilt, Tool};
use proptest::prelude::*;

#[test]
fn files_of_strokes_are_read_in_both_units_and_with_force() {
    let read = |unit: &str, fields: &str, strokes: &str| {
        Ink::from_json(&format!(r#"{{"id": 1, "unit": "{unit}", "fields": [{fields}], "strokes": {strokes}}}"#))
    };
    let ink = read("dp(1/160in),ms", r#""x","y","t""#, "[[[160, 320, 5]], []]").unwrap();
    assert_eq!(ink.strokes().len(), 1);
    assert_eq!(ink.strokes()[0].samples(), [sample(25.398_437_5, 50.800_781_25, 5.0)]);
    let ink = read("mm,ms", r#""x","y","t","p_raw""#, "[[[1, 2, 3, 50], [1, 2, 4, 200]]]").unwrap();
    assert_eq!(ink.strokes()[0].samples()[0].force, Some(0.25));
    let ink = read("mm,ms", r#""x","y","t","p""#, "[[[1, 2, 3, 0.5]]]").unwrap();
    assert_eq!(ink.strokes()[0].samples()[0].force, Some(0.5));
    let ink = read("mm,ms", r#""x","y","t""#, "[[[1, 2, 3], [99, 2, 8], [1.5, 2, 13]]]").unwrap();
    assert_eq!(ink.sample_count(), 2, "a glitch is left out");
}

#[test]
fn files_that_are_no_strokes_are_refused() {
    let good = r#"{"unit": "mm,ms", "fields": ["x", "y", "t"], "strokes": [[[1, 2, 3], [1, 2, 4]]]}"#;
    assert!(Ink::from_json(good).is_ok());
    for (from, to, expected) in [
        ("mm,ms", "px,ms", "ink.json"),
        ("\"t\"", "\"t\", \"q\"", "ink.json"),
        ("\"x\", \"y\"", "\"y\", \"x\"", "ink.json"),
        (", \"t\"", "", "ink.json"),
        ("[1, 2, 3]", "[1, 2]", "ink.json"),
        ("[1, 2, 3]", "[1, 2, 3, 4]", "ink.json"),
        ("[1, 2, 3]", "[1, 2, null]", "ink.json"),
        ("[1, 2, 3]", "[1, 2, 1e999]", "ink.json"),
        ("[1, 2, 3]", "7", "ink.json"),
        ("strokes", "stroke", "ink.json"),
        ("}", "", "ink.json"),
        ("[1, 2, 3]", "[1, 2, 5]", "ink.time-back"),
        ("[1, 2, 3]", "[1, 2e9, 3]", "ink.out-of-range"),
    ] {
        assert_eq!(code(Ink::from_json(&good.replacen(from, to, 1))), expected, "{to}");
    }
    assert_eq!(code(Ink::from_json("")), "ink.json");
    assert_eq!(code(Ink::from_json(&"[".repeat(100_000))), "ink.json");
    assert_eq!(code(Ink::from_json(&" ".repeat(5 << 20))), "ink.json");
}

#[test]
fn debug_shows_no_biometrics() {
    let ink = ink(&[vec![sample(1.25, 2.5, 3.0); 4]]);
    assert_eq!(format!("{ink:?}"), "Ink { strokes: 1, samples: 4 }");
    assert_eq!(format!("{:?}", ink.strokes()), "[Stroke { tool: Finger, samples: 4 }]");
}

#[test]
fn logs_beyond_their_limits_are_refused() {
    let strokes = "[[0,0,0]],".repeat(MAX_STROKES);
    let json = format!(r#"{{"unit":"mm,ms","fields":["x","y","t"],"strokes":[{strokes}[[0,0,0]]]}}"#);
    assert_eq!(code(Ink::from_json(&json)), "ink.too-many-strokes");
    let samples = "[0,0,0],".repeat(MAX_SAMPLES);
    let json = format!(r#"{{"unit":"mm,ms","fields":["x","y","t"],"strokes":[[{samples}[0,0,0]]]}}"#);
    assert_eq!(code(Ink::from_json(&json)), "ink.too-many-points");
    let traces = |point: &str, count: usize, traces: usize| {
        let trace = format!("<trace>{}</trace>", format!("{point},").repeat(count));
        format!("{HEAD}{}</ink>", trace.repeat(traces))
    };
    assert!(Ink::from_inkml(&traces("0 0 0", 1, MAX_STROKES)).is_ok());
    assert_eq!(code(Ink::from_inkml(&traces("0 0 0", 1, MAX_STROKES + 1))), "ink.too-many-strokes");
    assert_eq!(code(Ink::from_inkml(&traces("0 0 0", MAX_SAMPLES + 1, 1))), "ink.too-many-points");
    assert_eq!(code(Ink::from_inkml(&traces("", 0, 30_000))), "ink.inkml");
    assert_eq!(code(Ink::from_inkml(&" ".repeat(5 << 20))), "ink.inkml");
    assert_eq!(code(Ink::from_bytes(&[b"INK\x01".as_slice(), &vec![0x55; 2 << 20]].concat())), "ink.bytes");
}

/// Where X, Y and T come in millimetres and milliseconds.
const HEAD: &str = r#"<ink xmlns="http://www.w3.org/2003/InkML"><traceFormat><channel name="X" units="mm"/>
    <channel name="Y" units="mm"/><channel name="T" units="ms"/></traceFormat>"#;

/// Two strokes with all that a sample can have.
fn everything() -> Ink {
    let mut pad = InkPad::new();
    let tilt = Some(Tilt { altitude_deg: 60.5, azimuth_deg: 315.0 });
    pad.down(Contact { tool: Tool::Pen, ..Contact::default() }).unwrap();
    let samples = [
        Sample { force: Some(0.25), tilt, ..sample(10.0, 20.0, 1000.0) },
        Sample { force: Some(0.5), ..sample(10.5, 20.25, 1004.1875) },
        Sample { tilt, ..sample(11.25, 20.5, 1008.375) },
        sample(12.25, 20.5, 1012.5),
    ];
    assert_eq!(pad.add(PointerId::default(), &samples).taken, 4);
    pad.down(Contact { tool: Tool::Mouse, ..Contact::default() }).unwrap();
    pad.add(PointerId::default(), &[sample(-3.0, 5.0, 2000.0)]);
    pad.into_ink()
}

fn hex(bytes: &[u8]) -> String {
    bytes
        .iter()
        .flat_map(|byte| [byte >> 4, byte & 15])
        .filter_map(|digit| char::from_digit(digit.into(), 16))
        .collect()
}

#[test]
fn the_bytes_are_frozen() {
    assert_eq!(
        hex(&everything().to_bytes()),
        "494e4b018a377002110401003000090604008500896810d010108140600bca03d92652e4b764009e0b764dd8c104cfe26ff041b800"
    );
    assert_eq!(
        everything().to_json(),
        concat!(
            r#"{"unit":"mm,ms","fields":["x","y","t","p","altitude","azimuth"],"tools":["pen","mouse"],"strokes":[["#,
            "[10.0,20.0,1000.0,0.25,60.5,315.0],[10.5,20.25,1004.19,0.5,null,null],",
            "[11.25,20.5,1008.38,null,60.5,315.0],[12.25,20.5,1012.5,null,null,null]],[[-3.0,5.0,2000.0,null,null,null]]]}"
        )
    );
    let mut pad = InkPad::with_ink(everything());
    pad.undo();
    pad.down(Contact { pointer: PointerId(7), ..Contact::default() }).unwrap();
    assert_eq!(
        hex(&pad.to_bytes()),
        "504144014000000000000001c0000000000000000431bb80108820080180004830200428044b40868080840a03005e501ec9329725bb2004f05bb26ec6b0c11bfe4800081000"
    );
}

#[test]
fn every_form_gives_the_same_ink_back() {
    for ink in [everything(), signature(), Ink::default()] {
        assert_eq!(Ink::from_bytes(&ink.to_bytes()).unwrap(), ink);
        assert_eq!(Ink::from_json(&ink.to_json()).unwrap(), ink);
        assert_eq!(Ink::from_inkml(&ink.to_inkml()).unwrap(), ink);
    }
}

#[test]
fn samples_are_kept_to_the_grid() {
    let ink = ink(&[vec![sample(1.0019, 2.001_96, 3.03), sample(-1.001_95, 2.0, 3.04)]]);
    assert_eq!(ink.strokes()[0].samples(), [sample(1.0, 2.003_906_25, 3.0), sample(-1.0, 2.0, 3.0625)]);
}

#[test]
fn bytes_that_are_no_ink_are_refused() {
    let good = everything().to_bytes();
    for end in 0..good.len() {
        assert_eq!(code(Ink::from_bytes(&good[..end])), "ink.bytes", "cut at {end}");
    }
    assert_eq!(code(Ink::from_bytes(&[good.as_slice(), &[0]].concat())), "ink.bytes");
    assert_eq!(code(Ink::from_bytes(b"INK\x02\x00")), "ink.bytes");
    assert_eq!(code(InkPad::from_bytes(&good)), "ink.bytes");
}

#[test]
fn inkml_of_others_is_read() {
    // As Word writes it: its own prefix, a resolution, force in its own units.
    let word = r##"<inkml:ink xmlns:inkml="http://www.w3.org/2003/InkML"><inkml:definitions>
        <inkml:context xml:id="ctx0"><inkml:inkSource xml:id="inkSrc0"><inkml:traceFormat>
        <inkml:channel name="X" type="integer" max="1920" units="cm"/><inkml:channel name="Y" type="integer" units="cm"/>
        <inkml:channel name="F" type="integer" max="32767" units="dev"/><inkml:channel name="T" type="integer" units="dev"/>
        </inkml:traceFormat><inkml:channelProperties>
        <inkml:channelProperty channel="X" name="resolution" value="1000" units="1/cm"/>
        <inkml:channelProperty channel="Y" name="resolution" value="1000" units="1/cm"/>
        <inkml:channelProperty channel="T" name="resolution" value="1" units="1/ms"/>
        </inkml:channelProperties></inkml:inkSource></inkml:context></inkml:definitions>
        <inkml:trace contextRef="#ctx0" brushRef="#br0">1000 200 16384 0, 1100 200 32767 10</inkml:trace></inkml:ink>"##;
    let ink = Ink::from_inkml(word).unwrap();
    let force = |force| Some(force);
    assert_eq!(ink.strokes()[0].tool(), Tool::Pen);
    assert_eq!(
        ink.strokes()[0].samples(),
        [
            Sample { force: force(0.5), ..sample(10.0, 2.0, 0.0) },
            Sample { force: force(1.0), ..sample(11.0, 2.0, 10.0) },
        ]
    );
    // Differences and differences of differences, as in the Recommendation's own example, and what is not known.
    let short =
        format!("{HEAD}<trace>1125 18 450,'2'3'5,\"7\"-8\"3,3 -5 1,* * *</trace></ink>").replace("mm\"", "himetric\"");
    let places: Vec<(f64, f64, f64)> = Ink::from_inkml(&short).unwrap().strokes()[0]
        .samples()
        .iter()
        .map(|sample| ((sample.x_mm * 100.0).round(), (sample.y_mm * 100.0).round(), sample.t_ms))
        .collect();
    let expected = [
        (1125.0, 18.0, 450.0),
        (1127.0, 21.0, 455.0),
        (1136.0, 16.0, 463.0),
        (1148.0, 6.0, 472.0),
        (1160.0, -4.0, 481.0),
    ];
    assert_eq!(places, expected);
    let leaning = HEAD.replace(
        "</traceFormat>",
        r#"<channel name="OTx" units="deg"/><channel name="OTy" units="deg"/></traceFormat>"#,
    );
    let ink =
        Ink::from_inkml(&format!("{leaning}<trace timeOffset=\"500\">1 2 3 0 30, 1 2 4 ? ?</trace></ink>")).unwrap();
    let tilt = Tilt { altitude_deg: 60.0, azimuth_deg: 90.0 };
    assert_eq!(
        ink.strokes()[0].samples(),
        [Sample { tilt: Some(tilt), ..sample(1.0, 2.0, 503.0) }, sample(1.0, 2.0, 504.0)]
    );
}

#[test]
fn inkml_that_cannot_be_read_is_refused() {
    let good = format!("{HEAD}<trace>1 2 3, 2 3 4</trace></ink>");
    assert!(Ink::from_inkml(&good).is_ok());
    for (from, to, expected) in [
        ("<ink ", "<svg ", "ink.inkml"),
        ("InkML", "Other", "ink.inkml"),
        ("name=\"T\"", "name=\"F\"", "ink.inkml"),
        ("units=\"mm\"", "units=\"dev\"", "ink.inkml"),
        ("units=\"mm\"", "", "ink.inkml"),
        ("units=\"ms\"", "units=\"furlong\"", "ink.inkml"),
        ("<ink ", "<!DOCTYPE ink [<!ENTITY a \"1\">]><ink ", "ink.inkml"),
        ("1 2 3", "1 2", "ink.inkml"),
        ("1 2 3", "1 2 3 4", "ink.inkml"),
        ("1 2 3", "1 2 x", "ink.inkml"),
        ("1 2 3", "1 ? 3", "ink.inkml"),
        ("1 2 3", "1 2 5", "ink.time-back"),
        ("1 2 3", "1 99999 3", "ink.out-of-range"),
        ("<trace>", "<trace timeOffset=\"soon\">", "ink.inkml"),
        ("</ink>", "", "ink.inkml"),
    ] {
        let bad = good.replacen(from, to, 1);
        assert_ne!(bad, good);
        assert_eq!(code(Ink::from_inkml(&bad)), expected, "{to}");
    }
}

#[test]
fn the_corpus_is_kept_in_few_bytes() {
    let files = ["synthetic_hanzi_signatures.jsonl", "unipen_words.jsonl"].map(corpus);
    let [Some(names), Some(words)] = files else {
        eprintln!("SKIPPED: the ink corpus is not here");
        return;
    };
    let mut sizes: Vec<(usize, usize)> = Vec::new();
    for record in names.lines().chain(words.lines()) {
        let ink = Ink::from_json(record).unwrap();
        let bytes = ink.to_bytes();
        assert_eq!(Ink::from_bytes(&bytes).unwrap(), ink);
        assert_eq!(Ink::from_inkml(&ink.to_inkml()).unwrap(), ink);
        assert_eq!(Ink::from_json(&ink.to_json()).unwrap(), ink);
        sizes.push((bytes.len(), ink.sample_count()));
    }
    sizes.sort_unstable();
    let samples: usize = sizes.iter().map(|size| size.1).sum();
    let bytes: usize = sizes.iter().map(|size| size.0).sum();
    let (median, most) = (sizes[sizes.len() / 2].0, sizes[sizes.len() - 1].0);
    eprintln!("{} inks, {samples} samples, {bytes} bytes; median {median}, most {most}", sizes.len());
    assert!(median < 1_500 && most < 10_000, "median {median}, most {most}");
}

proptest! {
    #[test]
    fn any_ink_survives(
        strokes in prop::collection::vec(prop::collection::vec(
            (-1e3..1e3_f64, -1e3..1e3_f64, 0.0..1e9_f64, prop::option::of(0.0..=1.0_f32), prop::option::of((0.0..=90.0_f32, 0.0..=360.0_f32))),
            1..20,
        ), 0..6),
    ) {
        let mut pad = InkPad::new();
        let mut t_ms = -1e13;
        for stroke in &strokes {
            pad.down(Contact::default()).unwrap();
            for &(x, y, gap, force, tilt) in stroke {
                t_ms += gap;
                let tilt = tilt.map(|(altitude_deg, azimuth_deg)| Tilt { altitude_deg, azimuth_deg });
                pad.add(PointerId::default(), &[Sample { force, tilt, ..sample(x, y, t_ms) }]);
            }
        }
        let ink = pad.into_ink();
        prop_assert_eq!(&Ink::from_bytes(&ink.to_bytes()).unwrap(), &ink);
        prop_assert_eq!(&Ink::from_json(&ink.to_json()).unwrap(), &ink);
        prop_assert_eq!(&Ink::from_inkml(&ink.to_inkml()).unwrap(), &ink);
    }

    #[test]
    fn no_text_makes_the_reader_panic(text in r#"\{"unit":"mm,ms","fields":\["x","y","t"\],"strokes":\[\[\[[0-9.,e\[\]-]{0,40}\]\]\}"#) {
        let _ = Ink::from_json(&text);
    }

    #[test]
    fn no_bytes_make_the_reader_panic(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        let _ = Ink::from_bytes(&[b"INK\x01", bytes.as_slice()].concat());
    }

    #[test]
    fn no_inkml_makes_the_reader_panic(trace in r#"[0-9 ,.'"*?!#TF-]{0,60}"#) {
        let _ = Ink::from_inkml(&format!("{HEAD}<trace>{trace}</trace></ink>"));
    }
}
