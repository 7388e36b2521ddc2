//! Documents put together from a script: read, sealed and verified.
#![no_main]

libfuzzer_sys::fuzz_target!(|script: &[u8]| {
    let file = eseal_fuzz::script::play(script);
    if let Some(folder) = std::env::var_os("ESEAL_FUZZ_KEEP") {
        let _ = std::fs::write(std::path::Path::new(&folder).join("played.pdf"), &file);
    }
    eseal_fuzz::invariants::read(&file);
    eseal_fuzz::invariants::write(&file);
});
