//! Signatures in CMS of both dialects, and timestamps.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| eseal_fuzz::der::cms(bytes));
