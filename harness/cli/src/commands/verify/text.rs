//! The answer in a few lines.

#![expect(clippy::print_stdout, reason = "a command line tool talks on its streams")]

use serde_json::Value;

/// The verdict, a line for each signature and the manifest, and below it what speaks against it.
pub(super) fn say(answer: &Value) {
    let text = |value: &Value| value.as_str().unwrap_or("-").to_owned();
    println!("{}", text(&answer["verdict"]));
    for found in answer["signatures"].as_array().into_iter().flatten().chain(answer.get("manifest")) {
        println!(
            "{}: {} by {} at {} ({}); integrity {}, coverage {}, changes {}, trust {}",
            text(&found["field"]),
            text(&found["verdict"]),
            text(&found["signer"]),
            text(&found["time"]),
            text(&found["time_source"]),
            text(&found["integrity"]),
            text(&found["coverage"]),
            text(&found["changes"]),
            text(&found["trust"]),
        );
        if let Some(seal) = found["electronic_seal"].as_object() {
            println!("  seal {} {} by {}", text(&seal["id"]), text(&seal["name"]), text(&seal["maker"]));
        }
        say_checks(&found["checks"]);
    }
    say_checks(&answer["checks"]);
}

fn say_checks(checks: &Value) {
    let text = |value: &Value| value.as_str().unwrap_or("-").to_owned();
    for check in checks.as_array().into_iter().flatten().filter(|check| check["verdict"] != "pass") {
        println!("  {} {}: {}", text(&check["verdict"]), text(&check["code"]), text(&check["detail"]));
    }
}
