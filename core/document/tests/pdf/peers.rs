//! Other programs, where they are installed.

use std::path::Path;
use std::process::Command;

#[derive(Debug, Clone, Copy)]
pub(crate) enum Tool {
    Qpdf,
    Pdfsig,
}

pub(crate) struct Said {
    pub(crate) status: i32,
    pub(crate) text: String,
}

/// What a program says of a file; `None` if it is not on this machine.
pub(crate) fn tool(tool: Tool, arguments: &[&str], file: &Path) -> Option<Said> {
    let name = match tool {
        Tool::Qpdf => "qpdf",
        Tool::Pdfsig => "pdfsig",
    };
    let output = Command::new(name).args(arguments).arg(file).env("LC_ALL", "C").output().ok()?;
    let text = String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).into_owned();
    Some(Said { status: output.status.code().unwrap_or(99), text })
}

#[test]
fn peers_accept_every_kind_of_file_with_three_seals() {
    use crate::builder::{Builder, KINDS};
    use crate::party::Party;

    let folder = tempfile::tempdir().unwrap();
    for kind in KINDS {
        for before in [b"".as_slice(), b"junk\n"] {
            let mut file = Builder::simple(kind).before_header(before).build();
            for seed in 1..=3 {
                file = Party::new("Test", seed).seal(&file).unwrap();
            }
            let path = folder.path().join("sealed.pdf");
            std::fs::write(&path, &file).unwrap();
            let Some(qpdf) = tool(Tool::Qpdf, &["--check"], &path) else {
                println!("SKIPPED peers::peers_accept_every_kind_of_file_with_three_seals: qpdf is not installed");
                return;
            };
            // qpdf also reads what stands before the header, and says so.
            assert!(qpdf.status == 0 || !before.is_empty(), "{kind:?}: {}", qpdf.text);
            let Some(pdfsig) = tool(Tool::Pdfsig, &["-nocert"], &path) else {
                println!("SKIPPED peers::peers_accept_every_kind_of_file_with_three_seals: pdfsig is not installed");
                return;
            };
            let valid = pdfsig.text.matches("Signature is Valid").count();
            let total = pdfsig.text.matches("Total document signed").count();
            assert_eq!((valid, total), (3, 1), "{kind:?}: {}", pdfsig.text);
        }
    }
}
