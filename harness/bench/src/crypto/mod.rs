//! Signing, verifying and hashing, against OpenSSL.

mod openssl;
mod ours;

use crate::error::BenchError;
use crate::measure::Effort;
use crate::place::Place;
use crate::table::{Cell, Table};

/// Times of OpenSSL 3.0 that SM2 may take at most.
const SM2_BAR: f64 = 2.0;
/// How much is hashed at once, in bytes.
const HASHED: usize = 1 << 20;

/// One line of the table: a job, by us and by the peer.
struct Line {
    job: &'static str,
    ours_ms: f64,
    /// `None` where there is no peer.
    peer_ms: Option<f64>,
    bar: Option<f64>,
}

pub(crate) fn run(_place: &Place, effort: Effort) -> Result<Vec<Table>, BenchError> {
    let peer = openssl::version();
    let mut lines = Vec::new();
    for suite in ours::SUITES {
        eprintln!("crypto: {} …", suite.name);
        let theirs = peer.as_ref().map(|_| openssl::signatures(suite.openssl, effort)).transpose()?;
        let ours = ours::signatures(suite, effort)?;
        let bar = suite.is_national.then_some(SM2_BAR);
        lines.push(Line {
            job: suite.signing,
            ours_ms: ours.sign_ms,
            peer_ms: theirs.map(|theirs| theirs.sign_ms),
            bar,
        });
        let verify_ms = theirs.map(|theirs| theirs.verify_ms);
        lines.push(Line { job: suite.verifying, ours_ms: ours.verify_ms, peer_ms: verify_ms, bar });
    }
    for hash in ours::HASHES {
        let peer_ms = peer.as_ref().map(|_| openssl::hashing(hash.openssl, effort)).transpose()?;
        lines.push(Line { job: hash.name, ours_ms: ours::hashing(hash, effort)?, peer_ms, bar: None });
    }
    Ok(vec![table(&lines, peer.as_deref())])
}

fn table(lines: &[Line], peer: Option<&str>) -> Table {
    let peer = peer.unwrap_or("SKIPPED, as there is no `openssl` on PATH");
    let about = format!(
        "The least of several rounds of the processor's time, one job. The peer is {peer} (`openssl speed`). SM2 of both \
         digests a short message with ZA; P-256 here digests the message, which OpenSSL does not. The bar is for SM2."
    );
    let mut table = Table::new("Cryptography", &about, ["job", "eseal", "OpenSSL", "eseal ÷ OpenSSL"]);
    for line in lines {
        let ratio = line.peer_ms.map(|peer| line.ours_ms / peer);
        let judged = match (ratio, line.bar) {
            (None, _) => Cell::None,
            (Some(ratio), None) => Cell::Ratio(ratio),
            (Some(ratio), Some(bar)) => Cell::Bar { is_met: ratio <= bar, figure: format!("{ratio:.2} of {bar}") },
        };
        table.row(vec![
            Cell::text(line.job),
            Cell::Ms(line.ours_ms),
            line.peer_ms.map_or(Cell::None, Cell::Ms),
            judged,
        ]);
    }
    table
}

/// What one signature takes.
#[derive(Clone, Copy)]
struct Signatures {
    sign_ms: f64,
    verify_ms: f64,
}
