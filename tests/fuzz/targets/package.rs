//! OFD packages put together from a script: opened, searched, verified, and sealed and verified again.
#![no_main]

use eseal_fuzz::{ofd, package};

libfuzzer_sys::fuzz_target!(|script: &[u8]| {
    let (file, signed) = package::play(script);
    if let Some(folder) = std::env::var_os("ESEAL_FUZZ_KEEP") {
        let _ = std::fs::write(std::path::Path::new(&folder).join("played.ofd"), &file);
    }
    ofd::judge(&file, &signed);
});
