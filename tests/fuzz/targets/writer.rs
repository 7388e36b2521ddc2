//! The splice writer: what is sealed keeps its old bytes, and its signature holds.
#![no_main]

use eseal_fuzz::{invariants, seeds};

libfuzzer_sys::fuzz_target!(
    // With ESEAL_FUZZ_SEEDS=FOLDER the files that the committed corpus consists of are written there.
    init: {
        if let Some(folder) = std::env::var_os("ESEAL_FUZZ_SEEDS") {
            for (name, file) in seeds::all() {
                std::fs::write(std::path::Path::new(&folder).join(name), file).expect("room for a small file");
            }
        }
    },
    |file: &[u8]| invariants::write(file)
);
