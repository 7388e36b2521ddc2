use std::path::Path;
use std::process::Command;

use super::ask;

/// `qpdf --check`: syntax and cross-references only. `Ok(Err(…))` is what it complains of.
pub(crate) fn qpdf(name: &str, pdf: &Path) -> Result<Result<(), String>, String> {
    let said = ask(Command::new("qpdf").arg("--check").arg(pdf))?;
    let clean = said.success && !said.text.contains("WARNING");
    crate::table::note(name, "qpdf", if clean { "no fault" } else { "faulty" });
    Ok(if clean { Ok(()) } else { Err(said.text) })
}
