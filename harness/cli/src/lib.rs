//! The `eseal` command: quiet by default, `--json` for machines, an exit status that scripts can use.

mod args;
mod commands;
pub mod demo;
mod exit;

pub use args::Arguments;
pub use exit::Exit;

/// Runs one command.
pub async fn run(arguments: Arguments) -> Exit {
    commands::run(arguments).await
}
