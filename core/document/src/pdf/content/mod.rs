//! What a page shows (ISO 32000-2, clauses 8 and 9), as far as placing a seal needs it: text with positions, and which areas
//! are painted. Nothing is drawn.

mod areas;
pub(crate) mod font;
mod frame;
mod interpreter;
pub(crate) mod lexer;
pub(crate) mod matrix;
mod painting;
mod state;
mod stream;
pub(crate) mod text;

pub(crate) use interpreter::{Canvas, GlyphShape, Interpreter};
pub(crate) use state::Rendering;
