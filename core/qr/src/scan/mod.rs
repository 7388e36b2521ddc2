//! Frame to texts.

mod align;
mod attempt;
mod bits;
mod budget;
mod charset;
mod codewords;
mod cross;
mod equalize;
mod eye;
mod finder;
mod galois;
mod geometry;
mod grid;
mod information;
mod ladder;
mod locate;
mod model1;
mod place;
mod read;
mod reed_solomon;
mod refine;
mod regular;
mod resolve;
mod runs;
mod scanner;
mod segments;
mod soft;
mod stage;
mod symbol;
mod third;
mod threshold;
mod track;

pub use budget::Budget;
pub(crate) use geometry::Point;
pub use scanner::{Corner, Decoded, Scan, Scanner, Sighting, decode, decode_within};
pub use segments::Part;
