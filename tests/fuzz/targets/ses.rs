//! Seal data and seal signatures: GM/T 0031-2014, GB/T 38540-2020, GM/T 0031-2025.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| eseal_fuzz::der::ses(bytes));
