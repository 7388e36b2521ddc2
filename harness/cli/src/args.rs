//! What can be typed.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::str::FromStr;

use clap::{Args, Parser, Subcommand, ValueEnum};
use eseal_document::pdf::{Corner, PageIndex, Placement};
use eseal_ink::Pen;

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
    /// Recorded strokes.
    #[command(subcommand)]
    Ink(Ink),
    /// Reads the codes of pictures: a line a picture, path TAB text.
    Scan(Scan),
    /// Seals PDF documents.
    Stamp(Stamp),
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
    /// PNG or JPEG.
    #[arg(required = true)]
    pub(crate) pictures: Vec<PathBuf>,
    /// One JSON document instead of lines.
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Stamp {
    /// The documents.
    #[arg(required = true)]
    pub(crate) documents: Vec<PathBuf>,
    /// The sealed file, or a folder for several.
    #[arg(short, long)]
    pub(crate) output: PathBuf,
    /// PKCS#8 PEM of the key (P-256).
    #[arg(long)]
    pub(crate) key: PathBuf,
    /// The certificate chain, PEM, leaf first.
    #[arg(long)]
    pub(crate) cert: PathBuf,
    /// The seal's face (.svg as this program writes it).
    #[arg(long)]
    pub(crate) face: PathBuf,
    /// PAGE:X,Y,W,H in mm from the page's top-left corner as seen; pages count from 1, -1 is the last.
    #[arg(long, allow_hyphen_values = true)]
    pub(crate) at: At,
    /// One JSON document instead of nothing.
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Verify {
    /// A sealed PDF or an evidence bundle.
    pub(crate) file: PathBuf,
    /// Certificates to believe, PEM; may be given several times.
    #[arg(long)]
    pub(crate) trust: Vec<PathBuf>,
    /// One JSON document instead of lines.
    #[arg(long)]
    pub(crate) json: bool,
}

/// A place on a page.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct At(pub(crate) Placement);

impl FromStr for At {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let form = || format!("'{text}' is not PAGE:X,Y,W,H");
        let (page, rest) = text.split_once(':').ok_or_else(form)?;
        let page: i32 = page.parse().map_err(|_| form())?;
        let numbers: Vec<f64> =
            rest.split(',').map(|part| part.trim().parse().map_err(|_| form())).collect::<Result<_, _>>()?;
        let [x, y, width, height] = numbers[..] else { return Err(form()) };
        let place = Placement::new(PageIndex::new(page), Corner::TopLeft, [x, y], [width, height]);
        place.map(Self).map_err(|error| error.to_string())
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn the_grammar_is_consistent() {
        Arguments::command().debug_assert();
    }

    #[test]
    fn places_are_read_and_others_refused() {
        assert!("4:112,128,45,22".parse::<At>().is_ok());
        assert!("-1:0,0,10.5,5".parse::<At>().is_ok());
        for bad in ["", "4", "4:1,2,3", "4:1,2,3,4,5", "x:1,2,3,4", "1:0,0,0,5", "1:0,0,NaN,5"] {
            assert!(bad.parse::<At>().is_err(), "{bad}");
        }
    }
}
