//! The peers: other people's programs that judge signatures, each asked the way its users ask it.

mod jvm;
mod mutool;
mod ofdrw;
mod ofdrw_rs;
mod openssl;
mod pdfsig;
mod process;
mod pyhanko;
mod qpdf;

use std::path::{Path, PathBuf};
use std::process::Command;

use eseal_crypto::cert::{Certificate, UnixTime};

use crate::level::Level;

pub(crate) use jvm::{DSS, PDFBOX, VeraPdf, dss_signs, pdfbox_signs, verapdf};
pub(crate) use mutool::MUTOOL;
pub(crate) use ofdrw::{OFDRW, OFDRW_MANIFEST, Wish, ofdrw_closes, ofdrw_signs};
pub(crate) use ofdrw_rs::OFDRW_RS;
pub(crate) use openssl::OPENSSL;
pub(crate) use pdfsig::PDFSIG;
pub(crate) use pyhanko::{PYHANKO, lines as pyhanko_lines, signs as pyhanko_signs};
pub(crate) use qpdf::qpdf;

/// What a peer says of the signatures of a file.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Judgement {
    /// Unchanged, validly signed, at the level that it claims, trusted where the peer can be told whom to trust, and the
    /// whole file covered but for validation data and timestamps.
    Accepted,
    /// Not what was signed.
    Changed,
    /// Validly signed, by somebody that the trust anchor does not vouch for.
    Untrusted,
    /// Anything else; what it said.
    Unclear(String),
}

impl Judgement {
    /// The word for it in the table.
    pub(crate) const fn as_str(&self) -> &str {
        match self {
            Self::Accepted => "accepted",
            Self::Changed => "changed",
            Self::Untrusted => "untrusted",
            Self::Unclear(_) => "unclear",
        }
    }
}

/// What a peer is asked about.
pub(crate) struct Question<'a> {
    /// What the file is, for the table.
    pub(crate) name: &'a str,
    /// The sealed PDF.
    pub(crate) pdf: &'a Path,
    /// The trust anchor, PEM.
    pub(crate) anchor: &'a Path,
    /// The root's revocation list, DER, for those who ask for one and may not look into the file for it.
    pub(crate) crl: Option<&'a Path>,
    /// What the signature claims to be.
    pub(crate) level: Level,
    /// A folder for what the peer needs beside them.
    pub(crate) scratch: &'a Path,
}

/// A program that judges signatures.
pub(crate) struct Peer {
    /// Its name in the table.
    pub(crate) name: &'static str,
    /// Asks it. `Err` is why it cannot be asked on this machine.
    judge: fn(&Question<'_>) -> Result<Judgement, String>,
}

impl Peer {
    /// Asks, and notes the answer in the table.
    pub(crate) fn judge(&self, question: &Question<'_>) -> Result<Judgement, String> {
        let said = (self.judge)(question);
        let word = said.as_ref().map_or("not asked", Judgement::as_str);
        crate::table::note(question.name, self.name, word);
        said
    }
}

/// What a peer is asked about an OFD package.
pub(crate) struct OfdQuestion<'a> {
    /// What the file is, for the table.
    pub(crate) name: &'a str,
    /// The sealed package.
    pub(crate) ofd: &'a Path,
    /// The trust anchor.
    pub(crate) root: &'a Certificate,
    /// Now.
    pub(crate) at: UnixTime,
    /// A folder for what the peer needs beside them.
    pub(crate) scratch: &'a Path,
}

/// A program that judges OFD packages.
pub(crate) struct OfdPeer {
    /// Its name in the table.
    pub(crate) name: &'static str,
    judge: fn(&OfdQuestion<'_>) -> Result<Judgement, String>,
}

impl OfdPeer {
    /// Asks, and notes the answer in the table.
    pub(crate) fn judge(&self, question: &OfdQuestion<'_>) -> Result<Judgement, String> {
        let said = (self.judge)(question);
        let word = said.as_ref().map_or("not asked", Judgement::as_str);
        crate::table::note(question.name, self.name, word);
        said
    }
}

struct Said {
    success: bool,
    text: String,
}

fn ask(command: &mut Command) -> Result<Said, String> {
    let program = PathBuf::from(command.get_program());
    let name = program.file_name().unwrap().to_string_lossy().into_owned();
    // `pdfsig` and `openssl` translate what they say.
    match command.env("LC_ALL", "C").output() {
        Ok(output) => {
            let text = [output.stdout, output.stderr].concat();
            Ok(Said { success: output.status.success(), text: String::from_utf8_lossy(&text).into_owned() })
        }
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Err(format!("{name} is not installed")),
        Err(error) => panic!("{name}: {error}"),
    }
}
