//! The reader: nothing that is asked about a file may panic, hang or eat memory.
#![no_main]

libfuzzer_sys::fuzz_target!(|file: &[u8]| eseal_fuzz::invariants::read(file));
