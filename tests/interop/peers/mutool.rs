use std::process::Command;

use super::{Judgement, Peer, Question, ask};

/// `mutool sign -v`. It believes the roots that it was built with and cannot be given others, so that its word on trust is
/// not listened to.
pub(crate) const MUTOOL: Peer = Peer { name: "mutool", judge };

fn judge(question: &Question<'_>) -> Result<Judgement, String> {
    let said = ask(Command::new("mutool").args(["sign", "-v"]).arg(question.pdf))?;
    let count = |words: &str| said.text.matches(words).count();
    // It lists document timestamps, which it cannot validate.
    let signatures = count("Verifying signature ") - count("Signature is not signed.");
    let whole = count("The document is unchanged since signing.");
    let earlier = count("The signature is valid but there have been edits since signing.");
    let grown = question.level.has_validation_data();
    Ok(if count("Signature invalidated by change to document.") > 0 {
        Judgement::Changed
    } else if (whole > 0 || grown) && signatures > 0 && whole + earlier == signatures {
        Judgement::Accepted
    } else {
        Judgement::Unclear(said.text)
    })
}
