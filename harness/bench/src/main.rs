//! Benchmarks against peers, on the same inputs and in the same run: `cargo run --release -p eseal-bench [-- DOMAIN…]`.
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a command-line tool speaks on its streams")]

mod child;
mod crypto;
mod error;
mod ink;
mod measure;
mod noise;
mod ofd;
mod pdf;
mod photo;
mod place;
mod qr;
mod table;

use std::env;
use std::fs;
use std::process::ExitCode;

use error::BenchError;
use measure::Effort;
use place::Place;
use table::Table;

type Domain = (&'static str, fn(&Place, Effort) -> Result<Vec<Table>, BenchError>);

/// What can be measured: a folder here for each.
const DOMAINS: [Domain; 6] = [
    ("crypto", crypto::run),
    ("ink", ink::run),
    ("ofd", ofd::run),
    ("pdf", pdf::run),
    ("photo", photo::run),
    ("qr", qr::run),
];

fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let outcome = match arguments.split_first() {
        Some((first, command)) if first == child::WATCH => child::watch(command),
        Some((first, command)) if first == pdf::peers::lopdf::SIGN => pdf::peers::lopdf::cold(command),
        Some((first, command)) if first == qr::WALK => qr::walk(command),
        _ => run(&arguments),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: &[String]) -> Result<(), BenchError> {
    let effort = if arguments.iter().any(|argument| argument == "--quick") { Effort::Quick } else { Effort::Full };
    let named: Vec<&str> =
        arguments.iter().map(String::as_str).filter(|argument| !argument.starts_with("--")).collect();
    if let Some(unknown) = named.iter().find(|name| !DOMAINS.iter().any(|(domain, _)| domain == *name)) {
        return Err(BenchError::Usage(format!("there is no domain {unknown}")));
    }
    let place = Place::find()?;
    let mut tables = Vec::new();
    for (name, run) in DOMAINS {
        if named.is_empty() || named.contains(&name) {
            tables.extend(run(&place, effort)?);
        }
    }
    let markdown: String = tables.iter().map(Table::to_markdown).collect();
    fs::write(place.bench().join("bench.md"), &markdown)?;
    fs::write(place.bench().join("bench.json"), serde_json::to_string_pretty(&tables)?)?;
    println!("{markdown}");
    Ok(())
}
