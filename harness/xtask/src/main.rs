//! Project tasks: `cargo xtask <task>`.
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a command-line tool speaks on its streams")]

mod android;
mod bench;
mod bindings;
mod cross;
mod demo;
mod ios;
mod kotlin;
mod libtest;
mod process;
mod report;
mod setup;
mod suites;
mod swift;
mod test;
mod workspace;

use std::env;
use std::process::ExitCode;

use workspace::Workspace;

const USAGE: &str = "\
usage: cargo xtask <task>

  demo [--serve] [--out DIR]   the whole main job on a real contract; results in DIR (default: out)
  bench [--quick] [DOMAIN...]  everything, or the domains named (crypto, pdf, qr), against peers; the table is left in target/bench
  test [--setup] [--full] [SUITE...]
                               every suite, or those named; --setup installs what is missing (as root or by sudo),
                               --full adds what takes many minutes
  android [--setup] [--abi arm64|arm|x86_64]...
                               the library for Android, link-checked against API 24; all three when none is named
  ios [--setup]                the library for iPhones and their simulator, compiled into an XCFramework
  bindings [kotlin|swift]      generates the sources that android/ and ios/ stand on, under target/bindings
";

fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let outcome = match arguments.split_first() {
        Some((task, rest)) => run(task, rest),
        None => Err(USAGE.to_owned()),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(complaint) => {
            if !complaint.is_empty() {
                eprintln!("{complaint}");
            }
            ExitCode::FAILURE
        }
    }
}

fn run(task: &str, arguments: &[String]) -> Result<(), String> {
    let workspace = Workspace::find()?;
    match task {
        "android" => android::run(&workspace, arguments),
        "bench" => bench::run(&workspace, arguments),
        "bindings" => bindings::run(&workspace, arguments),
        "demo" => demo::run(&workspace, arguments),
        "ios" => ios::run(&workspace, arguments),
        "test" => test::run(&workspace, arguments),
        "help" | "--help" | "-h" => {
            println!("{USAGE}");
            Ok(())
        }
        other => Err(format!("unknown task {other}\n\n{USAGE}")),
    }
}
