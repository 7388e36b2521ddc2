//! What can be typed.

mod face;
mod ink;
mod seal;
mod stamp;

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};

pub(crate) use self::face::{BoxMm, Corners, Face, FacePhoto};
pub(crate) use self::ink::{Ink, InkCheck, InkConvert, InkRender};
pub(crate) use self::seal::{KindName, Seal, SealInspect, SealMake};
pub(crate) use self::stamp::{KeywordAt, LevelName, Look, ProfileName, Stamp, Trusted, Unlock};

/// Seals of a provincial electronic-seal system: draw, claim, stamp, verify.
#[derive(Debug, Parser)]
#[command(name = "eseal", version)]
pub struct Arguments {
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// The main job on real documents against a platform of its own.
    Demo(Demo),
    /// A platform to try out, until interrupted.
    Serve(Serve),
    /// Pictures of seals.
    #[command(subcommand)]
    Face(Face),
    /// Recorded strokes.
    #[command(subcommand)]
    Ink(Ink),
    /// Reads the codes of pictures: a line a picture, path TAB text.
    Scan(Scan),
    /// Seal data: `SESeal` of GB/T 38540-2020 and its relatives.
    #[command(subcommand)]
    Seal(Seal),
    /// Says what a signer should see before sealing: hidden, overlaid, active or foreign content.
    Lint(Lint),
    /// Seals PDF and OFD documents.
    Stamp(Box<Stamp>),
    /// Judges a sealed document or an evidence bundle.
    Verify(Verify),
}

#[derive(Debug, Args)]
pub(crate) struct Demo {
    /// Where the results go.
    #[arg(long, default_value = "out")]
    pub(crate) out: PathBuf,
    /// Instead: serve portal and phone page for a person to try, until interrupted.
    #[arg(long)]
    pub(crate) serve: bool,
    /// With `--serve`: where the phone page is.
    #[arg(long, default_value = "127.0.0.1:8643", requires = "serve")]
    pub(crate) phone: SocketAddr,
    /// With `--serve`: where the portal is.
    #[arg(long, default_value = "127.0.0.1:8642", requires = "serve")]
    pub(crate) portal: SocketAddr,
}

#[derive(Debug, Args)]
pub(crate) struct Serve {
    /// Where the platform keeps its database and keys; by default a folder that goes with the process.
    #[arg(long)]
    pub(crate) data: Option<PathBuf>,
    /// Where `/v1` is served, over TLS.
    #[arg(long, default_value = "127.0.0.1:0")]
    pub(crate) listen: SocketAddr,
    /// Where the portal is served to a browser on this machine, without TLS.
    #[arg(long, default_value = "127.0.0.1:0")]
    pub(crate) browser: SocketAddr,
    /// Prints one line of JSON with addresses and roots when ready, and ends when standard input ends.
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Scan {
    /// PNG, JPEG or WebP.
    #[arg(required = true)]
    pub(crate) pictures: Vec<PathBuf>,
    /// Says of each code whether it is a consent code of this host, and shows what is not only as it is safe to look at.
    #[arg(long, value_name = "HOST")]
    pub(crate) host: Option<String>,
    /// One JSON document, an entry for each picture.
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Lint {
    /// The documents.
    #[arg(required = true)]
    pub(crate) documents: Vec<PathBuf>,
    #[command(flatten)]
    pub(crate) unlock: Unlock,
    /// One JSON document instead of lines.
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Verify {
    /// A sealed PDF or OFD, or an evidence bundle.
    pub(crate) file: PathBuf,
    #[command(flatten)]
    pub(crate) unlock: Unlock,
    /// Certificates to believe, PEM; may be given several times.
    #[arg(long)]
    pub(crate) trust: Vec<PathBuf>,
    /// Certificates to believe about who makes seals, PEM, in place of those of `--trust`; may be given several times.
    #[arg(long, value_name = "TRUST")]
    pub(crate) trust_makers: Vec<PathBuf>,
    /// Word on revocation beside what the document has: a CRL or an OCSP response, DER; may be given several times.
    #[arg(long, value_name = "FILE")]
    pub(crate) revocation: Vec<PathBuf>,
    /// A folder for what was signed: for each signature of a PDF the file as its signer saw it, `NUMBER-FIELD.pdf`.
    #[arg(long, value_name = "FOLDER")]
    pub(crate) extract: Option<PathBuf>,
    /// A page for people: what was found, check by check, with the pictures of the seals. One file that needs no other.
    #[arg(long, value_name = "FILE")]
    pub(crate) html: Option<PathBuf>,
    /// One JSON document instead of lines.
    #[arg(long)]
    pub(crate) json: bool,
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn the_grammar_is_consistent() {
        Arguments::command().debug_assert();
    }
}
