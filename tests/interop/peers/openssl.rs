use std::fs;
use std::process::Command;

use super::{Judgement, Peer, Question, ask};
use crate::signed_parts::SignedParts;

/// `openssl cms -verify` over the bytes that `/ByteRange` names, as a detached signature for S/MIME signing.
pub(crate) const OPENSSL: Peer = Peer { name: "openssl cms", judge };

fn judge(question: &Question<'_>) -> Result<Judgement, String> {
    let SignedParts { covered, contents } = SignedParts::of(&fs::read(question.pdf).unwrap());
    let (content, signature) = (question.scratch.join("covered"), question.scratch.join("signature.der"));
    fs::write(&content, covered).unwrap();
    fs::write(&signature, contents).unwrap();

    let mut openssl = Command::new("openssl");
    openssl.args(["cms", "-verify", "-binary", "-inform", "DER", "-out"]).arg(question.scratch.join("verified"));
    openssl.arg("-in").arg(signature).arg("-content").arg(content).arg("-CAfile").arg(question.anchor);
    let said = ask(&mut openssl)?;
    let says = |words: &str| said.text.contains(words);
    Ok(if said.success && says("Verification successful") {
        Judgement::Accepted
    } else if says("certificate verify error") {
        Judgement::Untrusted
    } else if says("CMS_SignerInfo_verify_content:verification failure") {
        Judgement::Changed
    } else {
        Judgement::Unclear(said.text)
    })
}
