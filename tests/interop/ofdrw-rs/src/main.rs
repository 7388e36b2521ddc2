//! `eseal-ofdrw-rs PACKAGE ROOT.der SECONDS`: what the crate `ofdrw` says of each seal of a package, a line each: `valid`, or what does
//! not hold.

use std::process::ExitCode;

use ofdrw::OfdDocument;

fn main() -> ExitCode {
    match run(&std::env::args().skip(1).collect::<Vec<_>>()) {
        Ok(lines) => {
            lines.iter().for_each(|line| println!("{line}"));
            ExitCode::SUCCESS
        }
        Err(why) => {
            eprintln!("{why}");
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: &[String]) -> Result<Vec<String>, Box<dyn std::error::Error>> {
    let [file, root, at] = arguments else { return Err("PACKAGE ROOT.der SECONDS".into()) };
    let package = OfdDocument::open(file)?;
    let (root, at) = (std::fs::read(root)?, at.parse()?);
    let judge = |index| {
        // A seal has its signer's certificate in it.
        match package.verify_signature_with_direct_trust_anchor(index, &[], &root, at, "1234567812345678") {
            Ok(report) if report.all_valid => "valid".to_owned(),
            Ok(report) => format!("{report:?}"),
            Err(error) => error.to_string(),
        }
    };
    Ok((0..package.signatures()?.len()).map(judge).collect())
}
