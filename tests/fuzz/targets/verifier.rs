//! The verifier: nothing that was not signed is called signed.
#![no_main]

libfuzzer_sys::fuzz_target!(|file: &[u8]| eseal_fuzz::invariants::judge(file));
