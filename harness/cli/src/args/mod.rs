//! What can be typed.

mod face;
mod stamp;

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};
use eseal_ink::Pen;

pub(crate) use self::face::{Face, FacePhoto};
pub(crate) use self::stamp::{KeywordAt, LevelName, Look, Stamp, Trusted, Unlock};

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

#[derive(Debug, Subcommand)]
pub(crate) enum Ink {
    /// Strokes to a seal face.
    Render(InkRender),
}

#[derive(Debug, Args)]
pub(crate) struct InkRender {
    /// Recorded strokes.
    #[arg(required = true)]
    pub(crate) strokes: Vec<PathBuf>,
    /// A picture (.png, .svg, .pdf), or a folder for PNGs.
    #[arg(short, long)]
    pub(crate) output: PathBuf,
    /// Dots per inch of a PNG.
    #[arg(long, default_value_t = 600)]
    pub(crate) dpi: u32,
    /// The pen.
    #[arg(long, value_enum, default_value_t = PenName::Fountain)]
    pub(crate) pen: PenName,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum PenName {
    Fountain,
    Brush,
    Marker,
}

impl From<PenName> for Pen {
    fn from(name: PenName) -> Self {
        match name {
            PenName::Fountain => Self::Fountain,
            PenName::Brush => Self::Brush,
            PenName::Marker => Self::Marker,
        }
    }
}

#[derive(Debug, Args)]
pub(crate) struct Scan {
    /// PNG, JPEG or WebP.
    #[arg(required = true)]
    pub(crate) pictures: Vec<PathBuf>,
    /// A JSON object a line, one for each picture.
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
    /// A folder for what was signed: for each signature of a PDF the file as its signer saw it, `NUMBER-FIELD.pdf`.
    #[arg(long, value_name = "FOLDER")]
    pub(crate) extract: Option<PathBuf>,
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
