//! `eseal ink` and `eseal scan`.

use crate::desk::Desk;

#[test]
fn every_form_of_the_strokes_draws_the_same_face() {
    let desk = Desk::new();
    for form in ["log.ink", "log.inkml", "log.json"] {
        assert_eq!(desk.run(&["ink", "convert", "strokes.json", "-o", form]).status, 0);
        assert_eq!(desk.run(&["ink", "render", form, "-o", "again.svg", "--color", "black"]).status, 0);
        assert_eq!(desk.read("again.svg"), desk.read("face.svg"), "{form}");
    }
    assert!(desk.read("log.ink").len() < desk.read("log.json").len() / 3);
    let unknown = desk.run(&["ink", "convert", "strokes.json", "-o", "log.txt"]);
    assert_eq!(unknown.status, 2);
    assert!(unknown.stderr.contains("output.unknown-kind"), "{}", unknown.stderr);
}

#[test]
fn characters_become_a_name_and_one_that_is_damaged_spoils_it() {
    let desk = Desk::new();
    let name = ["ink", "render", "strokes.json", "strokes.json", "-o", "name.svg", "--compose", "column"];
    assert_eq!(desk.run(&name).status, 0);
    let height = |svg: Vec<u8>| {
        let text = String::from_utf8(svg).unwrap();
        let box_at = text.split("viewBox=\"0 0 ").nth(1).unwrap().split('"').next().unwrap().to_owned();
        box_at.split(' ').nth(1).unwrap().parse::<f64>().unwrap()
    };
    assert!(height(desk.read("name.svg")) > 1.8 * height(desk.read("face.svg")));
    desk.write("torn.json", "{\"unit\":");
    let torn = desk.run(&["ink", "render", "strokes.json", "torn.json", "-o", "torn.svg", "--compose", "row"]);
    assert_eq!(torn.status, 2);
    assert!(!desk.path("torn.svg").exists());
}

#[test]
fn a_check_names_every_rule_and_a_replay() {
    let desk = Desk::new();
    let check = desk.run(&["ink", "check", "strokes.json", "--characters", "3", "--json"]);
    assert_eq!(check.status, 0, "{}", check.stderr);
    let report: serde_json::Value = serde_json::from_str(&check.stdout).unwrap();
    assert_eq!(report[0]["verdict"], "pass");
    assert!(report[0]["checks"].as_array().unwrap().iter().any(|check| check["code"] == "ink.too-short"));

    let replay = desk.run(&["ink", "check", "strokes.json", "--earlier", "strokes.json"]);
    assert_eq!(replay.status, 0);
    assert!(replay.stdout.contains("warn") && replay.stdout.contains("ink.replayed"), "{}", replay.stdout);

    desk.write("dot.json", r#"{"unit": "mm,ms", "fields": ["x", "y", "t"], "strokes": [[[0, 0, 0], [1, 0, 10]]]}"#);
    let dot = desk.run(&["ink", "check", "dot.json", "strokes.json"]);
    assert_eq!(dot.status, 1);
    assert!(dot.stdout.contains("ink.only-dots") && dot.stdout.contains("strokes.json\tpass"), "{}", dot.stdout);
}

#[test]
fn scanning_says_which_pictures_were_read() {
    let desk = Desk::new();
    let code = eseal_qr::encode("HTTPS://SEAL.EXAMPLE/C/1/A", eseal_qr::Level::M).unwrap();
    desk.write("code.png", code.to_png(eseal_qr::ModulePx::MIN));
    let one = desk.run(&["scan", "code.png"]);
    assert_eq!((one.status, one.stdout.as_str()), (0, "code.png\tHTTPS://SEAL.EXAMPLE/C/1/A\n"));
    let both = desk.run(&["scan", "code.png", "face.png", "--json"]);
    assert_eq!(both.status, 1);
    let read: serde_json::Value = serde_json::from_str(&both.stdout).unwrap();
    assert_eq!(read[0]["texts"][0], "HTTPS://SEAL.EXAMPLE/C/1/A");
    assert_eq!(read[0]["codes"][0]["corners"].as_array().unwrap().len(), 4);
    assert_eq!(read[1]["error"]["code"], "qr.not-found");
}

#[test]
fn a_scan_says_whose_code_it_is() {
    let desk = Desk::new();
    let host = "SEAL.EXAMPLE.GOV.CN";
    let codes = [
        ("ours.png", format!("HTTPS://{host}/C/1/{}.7.{}", "A".repeat(26), "A".repeat(26))),
        ("like.png", "https://sea1.example.gov.cn/C/1/A".to_owned()),
        ("text.png", "x\u{202E}y".to_owned()),
    ];
    for (name, text) in &codes {
        let code = eseal_qr::encode(text, eseal_qr::Level::M).unwrap();
        desk.write(name, code.to_png(eseal_qr::ModulePx::MIN));
    }
    let said = desk.run(&["scan", "ours.png", "like.png", "text.png", "--host", host]);
    let fields: Vec<&str> = said.stdout.lines().filter_map(|line| line.split('\t').nth(1)).collect();
    assert_eq!(said.status, 0);
    assert!(fields[0].starts_with("ours: "), "{fields:?}");
    assert_eq!(
        fields[1..],
        ["not ours (look-alike): https://sea1.example.gov.cn/C/1/A", "not ours (text): x[U+202E]y"]
    );
    let json = desk.run(&["scan", "ours.png", "like.png", "--host", host, "--json"]);
    let read: serde_json::Value = serde_json::from_str(&json.stdout).unwrap();
    assert_eq!(read[0]["codes"][0]["payload"]["ours"], true);
    assert_eq!(read[1]["codes"][0]["payload"]["kind"], "look-alike");
}

/// A temporary file is its maker's alone; what is written for the user is like every file that the user makes.
#[cfg(unix)]
#[test]
fn what_is_written_can_be_read_by_whoever_reads_the_users_files() {
    use std::os::unix::fs::PermissionsExt as _;
    let desk = Desk::new();
    let mode = |path: std::path::PathBuf| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(desk.path("face.svg")), mode(desk.write("usual", "")));
}
