use std::process::Command;

use super::{HASHED, Signatures};
use crate::error::BenchError;
use crate::measure::Effort;

/// The version of the one on PATH.
pub(super) fn version() -> Option<String> {
    let output = Command::new("openssl").arg("version").output().ok().filter(|output| output.status.success())?;
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    Some(said.split(" (").next().unwrap_or_default().trim().to_owned())
}

/// `256 bits SM2 (CurveSM2)   0.0003s   0.0003s   2942.9   3264.3`: the last two are jobs a second.
pub(super) fn signatures(algorithm: &str, effort: Effort) -> Result<Signatures, BenchError> {
    let mut least = Signatures { sign_ms: f64::INFINITY, verify_ms: f64::INFINITY };
    for _ in 0..rounds(effort) {
        let said = speed(&[algorithm])?;
        let mut rates = said.split_whitespace().rev().map(|word| rate(word, &said));
        let (verify, sign) = (rates.next(), rates.next());
        let (Some(verify), Some(sign)) = (verify, sign) else { return Err(strange(&said)) };
        least.sign_ms = least.sign_ms.min(1e3 / sign?);
        least.verify_ms = least.verify_ms.min(1e3 / verify?);
    }
    Ok(least)
}

/// `sm3             387166.52k`: thousands of bytes a second.
pub(super) fn hashing(algorithm: &str, effort: Effort) -> Result<f64, BenchError> {
    let mut least = f64::INFINITY;
    for _ in 0..rounds(effort) {
        let said = speed(&["-bytes", &HASHED.to_string(), "-evp", algorithm])?;
        let figure = said.split_whitespace().next_back().and_then(|word| word.strip_suffix('k'));
        let thousands = rate(figure.ok_or_else(|| strange(&said))?, &said)?;
        // Bytes over thousands of bytes a second are milliseconds.
        let bytes = u32::try_from(HASHED).map_err(|_| strange(&said))?;
        least = least.min(f64::from(bytes) / thousands);
    }
    Ok(least)
}

fn rounds(effort: Effort) -> usize {
    match effort {
        Effort::Quick => 1,
        Effort::Full => 5,
    }
}

/// `openssl speed` takes the processor's time of its own process.
fn speed(arguments: &[&str]) -> Result<String, BenchError> {
    let output = Command::new("openssl").args(["speed", "-seconds", "1"]).args(arguments).output()?;
    if output.status.success() {
        Ok(String::from_utf8_lossy(&output.stdout).into_owned())
    } else {
        Err(strange(&String::from_utf8_lossy(&output.stderr)))
    }
}

fn rate(word: &str, said: &str) -> Result<f64, BenchError> {
    word.parse().map_err(|_| strange(said))
}

fn strange(said: &str) -> BenchError {
    BenchError::failed("openssl speed", said.trim())
}
