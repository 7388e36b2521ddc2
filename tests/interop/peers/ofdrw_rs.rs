//! The Rust crate `ofdrw` (`ofdrw-rs/`, built by `cargo xtask test --full ofdrw-rs`): knows GB/T 38540-2020 and GM/T 0031-2025, and checks the
//! certificates of the signers against one root.

use std::fs;
use std::process::Command;

use eseal_tests::checkout;

use super::{Judgement, OfdPeer, OfdQuestion, ask};

/// Its report on every signature.
pub(crate) const OFDRW_RS: OfdPeer = OfdPeer { name: "ofdrw (Rust)", judge };

fn judge(question: &OfdQuestion<'_>) -> Result<Judgement, String> {
    let program = checkout("target/interop/ofdrw-rs/debug/eseal-ofdrw-rs");
    if !program.exists() {
        return Err("the crate ofdrw is not built: cargo xtask test --full ofdrw-rs".to_owned());
    }
    let root = question.scratch.join("root.der");
    fs::write(&root, question.root.to_der()).unwrap();
    let mut command = Command::new(program);
    command.arg(question.ofd).arg(root).arg(question.at.0.to_string());
    let said = ask(&mut command)?;
    let says = |words: &str| said.text.contains(words);
    let are_valid = !said.text.is_empty() && said.text.lines().all(|line| line == "valid");
    Ok(if said.success && are_valid {
        Judgement::Accepted
    } else if says("references_valid: false") || says("valid: false, expected") || says("signature_value_valid: false")
    {
        Judgement::Changed
    } else if says("direct_trust_anchor_valid: false") {
        Judgement::Untrusted
    } else {
        Judgement::Unclear(said.text)
    })
}
