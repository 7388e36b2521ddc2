//! Tables for people (Markdown) and for machines (JSON).

use std::fmt::Write as _;

use serde::Serialize;

/// One table.
#[derive(Debug, Serialize)]
pub(crate) struct Table {
    title: String,
    /// What the figures are.
    about: String,
    columns: Vec<String>,
    rows: Vec<Vec<Cell>>,
}

/// One field of a table.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Cell {
    /// Words.
    Text(String),
    /// Milliseconds.
    Ms(f64),
    /// Bytes in millions.
    Mb(f64),
    /// How many times as much.
    Ratio(f64),
    /// Whether a bar is met, and the figure.
    Bar {
        /// It is.
        is_met: bool,
        /// The figure with its unit.
        figure: String,
    },
    /// Not measured.
    None,
}

impl Cell {
    pub(crate) fn text(text: impl Into<String>) -> Self {
        Self::Text(text.into())
    }
}

impl Table {
    pub(crate) fn new<const N: usize>(title: &str, about: &str, columns: [&str; N]) -> Self {
        let columns = columns.map(str::to_owned).to_vec();
        Self { title: title.to_owned(), about: about.to_owned(), columns, rows: Vec::new() }
    }

    pub(crate) fn row(&mut self, cells: Vec<Cell>) {
        self.rows.push(cells);
    }

    pub(crate) fn to_markdown(&self) -> String {
        let mut out = format!("## {}\n\n{}\n\n", self.title, self.about);
        let line = |out: &mut String, cells: &mut dyn Iterator<Item = String>| {
            let _ = writeln!(out, "| {} |", cells.collect::<Vec<_>>().join(" | "));
        };
        line(&mut out, &mut self.columns.iter().cloned());
        line(&mut out, &mut self.columns.iter().map(|_| "---".to_owned()));
        for row in &self.rows {
            line(&mut out, &mut row.iter().map(Cell::to_markdown));
        }
        out.push('\n');
        out
    }
}

impl Cell {
    fn to_markdown(&self) -> String {
        match self {
            Self::Text(text) => text.clone(),
            Self::Ms(ms) => format!("{} ms", figure(*ms)),
            Self::Mb(mb) => format!("{mb:.1} MB"),
            Self::Ratio(ratio) => format!("{}×", figure(*ratio)),
            Self::Bar { is_met: true, figure } => format!("{figure}, met"),
            Self::Bar { is_met: false, figure } => format!("**{figure}, missed**"),
            Self::None => "–".to_owned(),
        }
    }
}

/// Three digits or so.
fn figure(value: f64) -> String {
    let digits = match value {
        100.0.. => 0,
        10.0.. => 1,
        1.0.. => 2,
        _ => 3,
    };
    format!("{value:.digits$}")
}
