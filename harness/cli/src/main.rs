//! The `eseal` binary.

use std::process::ExitCode;

use clap::Parser;
use eseal_cli::{Arguments, run};

#[tokio::main]
async fn main() -> ExitCode {
    run(Arguments::parse()).await.into()
}
