use std::hint::black_box;

use eseal_crypto::Suite;
use eseal_crypto::digest::{Digest, DigestAlgorithm};
use eseal_crypto::key::SigningKey;
use rand_core::UnwrapErr;

use super::{HASHED, Signatures};
use crate::error::BenchError;
use crate::measure::{Effort, Turns};

/// A suite, and what OpenSSL calls it.
#[derive(Clone, Copy)]
pub(super) struct Measured {
    suite: Suite,
    pub(super) name: &'static str,
    pub(super) signing: &'static str,
    pub(super) verifying: &'static str,
    pub(super) openssl: &'static str,
    pub(super) is_national: bool,
}

pub(super) const SUITES: [Measured; 2] = [
    Measured {
        suite: Suite::EcdsaP256Sha256,
        name: "P-256",
        signing: "ECDSA P-256, sign",
        verifying: "ECDSA P-256, verify",
        openssl: "ecdsap256",
        is_national: false,
    },
    Measured {
        suite: Suite::Sm2Sm3,
        name: "SM2",
        signing: "SM2, sign",
        verifying: "SM2, verify",
        openssl: "sm2",
        is_national: true,
    },
];

/// A digest, and what OpenSSL calls it.
#[derive(Clone, Copy)]
pub(super) struct Hash {
    algorithm: DigestAlgorithm,
    pub(super) name: &'static str,
    pub(super) openssl: &'static str,
}

pub(super) const HASHES: [Hash; 2] = [
    Hash { algorithm: DigestAlgorithm::Sha256, name: "SHA-256 of 1 MiB", openssl: "sha256" },
    Hash { algorithm: DigestAlgorithm::Sm3, name: "SM3 of 1 MiB", openssl: "sm3" },
];

/// Jobs in one turn: one job is too short for the clock.
const JOBS: u32 = 50;
/// As long as the message of `openssl speed`.
const MESSAGE: &[u8; 20] = b"twenty bytes to sign";

pub(super) fn signatures(measured: Measured, effort: Effort) -> Result<Signatures, BenchError> {
    let key = SigningKey::generate(measured.suite, &mut UnwrapErr(getrandom::SysRng))?;
    let signature = key.sign(MESSAGE);
    let sign_ms = least(JOBS, effort, || {
        black_box(key.sign(black_box(MESSAGE)));
        Ok(())
    })?;
    let verify_ms = least(JOBS, effort, || {
        let verified = key.public_key().verify(black_box(MESSAGE), black_box(&signature));
        verified.map_err(|error| BenchError::failed(measured.verifying, error))
    })?;
    Ok(Signatures { sign_ms, verify_ms })
}

pub(super) fn hashing(hash: Hash, effort: Effort) -> Result<f64, BenchError> {
    let data = vec![0x5a; HASHED];
    least(1, effort, || {
        black_box(Digest::of(hash.algorithm, black_box(&data)));
        Ok(())
    })
}

fn least(jobs: u32, effort: Effort, mut job: impl FnMut() -> Result<(), BenchError>) -> Result<f64, BenchError> {
    let mut turns = Turns::default();
    for _ in 0..effort.turns(0) {
        turns.time(|| (0..jobs).try_for_each(|_| job()))?;
    }
    Ok(turns.cpu().least / f64::from(jobs))
}
