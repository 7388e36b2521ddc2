//! `eseal stamp`, judged by `eseal verify`; before it `eseal lint`.

use crate::desk::{Desk, Served};

const FACE: [&str; 2] = ["--face", "face.svg"];
const SOMEWHERE: [&str; 2] = ["--at", "4:112,128,45,22"];

#[test]
fn a_face_at_a_place_is_one_valid_signature() {
    let desk = Desk::new();
    let ended = desk.stamp(&[&["contract.pdf", "-o", "out.pdf"], &FACE[..], &SOMEWHERE].concat());
    assert_eq!((ended.status, &ended.json()[0]["sealed"]), (0, &true.into()), "{}", ended.stderr);
    let found = desk.assert_valid("out.pdf");
    let signature = &found["signatures"][0];
    assert_eq!(signature["signer"], "周子涵");
    assert_eq!((&signature["format"], &signature["level"]), (&"ETSI.CAdES.detached".into(), &"B-B".into()));
    assert!(desk.read("out.pdf").starts_with(&desk.read("contract.pdf")));
}

#[test]
fn several_places_a_picture_and_both_profiles() {
    let desk = Desk::new();
    for (profile, format) in [("pades", "ETSI.CAdES.detached"), ("compat", "adbe.pkcs7.detached")] {
        let places = ["--at", "1:20,20,40,20", "--at", "-1:20,20,40,20", "--face", "face.png", "--profile", profile];
        assert_eq!(desk.stamp(&[&["contract.pdf", "-o", "out.pdf"], &places[..]].concat()).status, 0);
        let found = desk.assert_valid("out.pdf");
        assert_eq!(found["signatures"].as_array().map(Vec::len), Some(1), "{found:#}");
        assert_eq!(found["signatures"][0]["format"], format);
    }
}

#[test]
fn without_a_face_nothing_is_seen_and_all_is_signed() {
    let desk = Desk::new();
    assert_eq!(desk.stamp(&["contract.pdf", "-o", "out.pdf"]).status, 0);
    desk.assert_valid("out.pdf");
}

#[test]
fn a_seal_across_the_pages_and_on_a_keyword() {
    let desk = Desk::new();
    for side in ["right", "left", "top", "bottom"] {
        let across = [&["contract.pdf", "-o", "out.pdf", "--cross-page", side], &FACE[..]].concat();
        assert_eq!(desk.stamp(&across).status, 0, "{side}");
        desk.assert_valid("out.pdf");
    }
    let on =
        |keyword: &str| desk.stamp(&[&["contract.pdf", "-o", "out.pdf", "--keyword", keyword], &FACE[..]].concat());
    assert_eq!(on("乙方:-1").status, 0);
    desk.assert_valid("out.pdf");
    let missing = on("没有这句话");
    assert_eq!((missing.status, &missing.json()[0]["error"]["code"]), (1, &"pdf.keyword-not-found".into()));
}

/// Asked twice for the same point, the second seal goes beside the first.
#[test]
fn a_free_place_is_one_where_nothing_is() {
    let desk = Desk::new();
    let free = |from: &str, to: &str, near: &str| {
        desk.stamp(&[&[from, "-o", to, "--free", near, "--size", "30,15"], &FACE[..]].concat())
    };
    assert_eq!(free("contract.pdf", "one.pdf", "-1:100,200").status, 0);
    assert_eq!(free("one.pdf", "two.pdf", "-1:100,200").status, 0);
    desk.assert_valid("two.pdf");
    let bytes = desk.read("two.pdf");
    let text = String::from_utf8_lossy(&bytes[desk.read("contract.pdf").len()..]).into_owned();
    let rectangles: Vec<Vec<f64>> = text
        .match_indices("/Rect [")
        .map(|(at, mark)| {
            let rest = &text[at + mark.len()..];
            rest[..rest.find(']').unwrap()].split(' ').map(|number| number.parse().unwrap()).collect()
        })
        .collect();
    let [one, two] = rectangles.as_slice() else { panic!("{rectangles:?}") };
    assert!(one[2] <= two[0] || two[2] <= one[0] || one[3] <= two[1] || two[3] <= one[1], "{rectangles:?}");
    let nowhere = desk
        .stamp(&[&["contract.pdf", "-o", "out.pdf", "--free", "1:100,100", "--size", "200,290"], &FACE[..]].concat());
    assert_eq!((nowhere.status, &nowhere.json()[0]["error"]["code"]), (1, &"pdf.no-free-space".into()));
}

#[test]
fn what_each_signer_saw_is_given_out() {
    let desk = Desk::new();
    assert_eq!(desk.stamp(&["contract.pdf", "-o", "one.pdf"]).status, 0);
    assert_eq!(desk.stamp(&["one.pdf", "-o", "two.pdf"]).status, 0);
    let ended = desk.run(&["verify", "--json", "--trust", "root.pem", "--extract", "seen", "two.pdf"]);
    assert_eq!(ended.status, 0, "{}", ended.stderr);
    let told = ended.json();
    for (index, file) in ["one.pdf", "two.pdf"].into_iter().enumerate() {
        let path = format!("seen/{}-ESeal{}.pdf", index + 1, index + 1);
        assert_eq!(told["signatures"][index]["extracted"], path);
        assert!(desk.read(&path) == desk.read(file), "{path}");
    }
    let unwritable = desk.run(&["verify", "--extract", "one.pdf", "two.pdf"]);
    assert_eq!(unwritable.status, 1, "{}", unwritable.stderr);
    assert!(unwritable.stderr.contains("file.unwritable"), "{}", unwritable.stderr);
}

#[test]
fn in_place_the_old_bytes_stay_where_they_are() {
    let desk = Desk::new();
    let old = desk.read("contract.pdf");
    let in_place = [&["contract.pdf", "-o", "contract.pdf"], &FACE[..], &SOMEWHERE].concat();
    for count in 1..=2 {
        assert_eq!(desk.stamp(&in_place).status, 0);
        let found = desk.assert_valid("contract.pdf");
        assert_eq!(found["signatures"].as_array().map(Vec::len), Some(count));
    }
    assert!(desk.read("contract.pdf").starts_with(&old));
    let names: Vec<_> = std::fs::read_dir(desk.folder()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert!(names.iter().all(|name| !name.to_string_lossy().starts_with('.')), "{names:?}");
}

#[test]
fn many_files_each_have_their_own_outcome() {
    let desk = Desk::new();
    desk.write("text.pdf", "no PDF");
    std::fs::create_dir(desk.path("out")).unwrap();
    let ended =
        desk.stamp(&[&["contract.pdf", "text.pdf", "missing.pdf", "-o", "out"], &FACE[..], &SOMEWHERE].concat());
    assert_eq!(ended.status, 2);
    let told = ended.json();
    assert_eq!(told[0]["sealed"], true);
    assert_eq!(told[1]["error"]["code"], "pdf.not-a-pdf");
    assert_eq!(told[2]["error"]["code"], "file.unreadable");
    assert!(ended.stderr.contains("text.pdf: pdf.not-a-pdf"), "{}", ended.stderr);
    desk.assert_valid("out/contract.pdf");
    assert!(!desk.path("out/text.pdf").exists());
}

#[test]
fn certifying_says_what_may_come_later() {
    let desk = Desk::new();
    assert_eq!(desk.stamp(&["contract.pdf", "-o", "one.pdf", "--certify", "no-changes"]).status, 0);
    desk.assert_valid("one.pdf");
    let again = desk.stamp(&["one.pdf", "-o", "two.pdf"]);
    assert_eq!((again.status, &again.json()[0]["error"]["code"]), (1, &"pdf.certified-no-changes".into()));
    assert!(!desk.path("two.pdf").exists());
}

#[test]
fn what_cannot_be_used_is_said_by_name() {
    let desk = Desk::new();
    let face = desk.stamp(&[&["contract.pdf", "-o", "out.pdf", "--face", "chain.pem"], &SOMEWHERE[..]].concat());
    assert_eq!(face.status, 2);
    assert!(face.stderr.contains("chain.pem"), "{}", face.stderr);
    let place_without_face = desk.stamp(&[&["contract.pdf", "-o", "out.pdf"], &SOMEWHERE[..]].concat());
    assert_eq!(place_without_face.status, 2);
    assert!(!desk.path("out.pdf").exists());
}

/// The platform that `eseal serve` is: its timestamp authority, and a person's certificate that says where to ask.
#[test]
fn a_level_is_reached_with_a_timestamp_authority() {
    let desk = Desk::new();
    let refused = desk.stamp(&["contract.pdf", "-o", "out.pdf", "--level", "t"]);
    assert_eq!(refused.status, 2, "{}", refused.stderr);
    let nobody = desk.stamp(&["contract.pdf", "-o", "out.pdf", "--tsa", "http://127.0.0.1:9/tsa"]);
    assert_eq!((nobody.status, &nobody.json()[0]["error"]["code"]), (1, &"network.offline".into()));
    assert!(!desk.path("out.pdf").exists());
    let served = Served::start();
    let at_level = |level| {
        let arguments = ["contract.pdf", "-o", "out.pdf", "--tsa", &served.tsa, "--level", level];
        desk.stamp(&[&arguments, &FACE[..], &SOMEWHERE].concat())
    };
    let ended = at_level("t");
    assert_eq!(ended.status, 0, "{}", ended.stderr);
    let found = desk.verify("out.pdf").json();
    let signature = &found["signatures"][0];
    assert_eq!((&signature["level"], &signature["integrity"]), (&"B-T".into(), &"intact".into()), "{found:#}");
    // The desk's own root says nowhere what it revoked, and a level is not lowered in silence.
    let unreached = at_level("lt");
    assert_eq!((unreached.status, &unreached.json()[0]["error"]["code"]), (1, &"stamp.level-not-reached".into()));
    assert!(!unreached.stdout.contains("周子涵"), "details are logged: {}", unreached.stdout);
}

#[test]
fn what_acts_by_itself_is_said_before_sealing() {
    let desk = Desk::new();
    let lint = |document: &str| desk.run(&["lint", "--json", document]);
    let clean = lint("contract.pdf");
    assert_eq!((clean.status, &clean.json()[0]["findings"]), (0, &serde_json::json!([])), "{}", clean.stdout);
    desk.write("active.pdf", ACTIVE);
    let found = lint("active.pdf");
    assert_eq!(found.status, 1);
    let codes = found.json()[0]["findings"].to_string();
    assert!(codes.contains("lint."), "{codes}");
    assert_eq!(lint("key.pem").status, 2);
}

/// Opens with a script.
const ACTIVE: &str = "%PDF-1.7
1 0 obj
<</Type /Catalog /Pages 2 0 R /OpenAction <</S /JavaScript /JS (app.alert\\(1\\))>>>>
endobj
2 0 obj
<</Type /Pages /Kids [3 0 R] /Count 1>>
endobj
3 0 obj
<</Type /Page /Parent 2 0 R /MediaBox [0 0 200 200] /Resources <<>>>>
endobj
trailer
<</Root 1 0 R /Size 4>>
startxref
0
%%EOF
";
