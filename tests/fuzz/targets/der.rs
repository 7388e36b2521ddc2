//! DER: certificates, CMS, timestamps, revocation data, keys and signatures.
#![no_main]

use eseal_fuzz::der;

libfuzzer_sys::fuzz_target!(
    // With ESEAL_FUZZ_SEEDS=FOLDER the files that the committed corpus consists of are written there.
    init: {
        if let Some(folder) = std::env::var_os("ESEAL_FUZZ_SEEDS") {
            for (name, file) in der::seeds() {
                std::fs::write(std::path::Path::new(&folder).join(name), file).expect("room for a small file");
            }
        }
    },
    |bytes: &[u8]| der::read(bytes)
);
