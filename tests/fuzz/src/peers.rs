//! Other programs look at some of the sealed files: what qpdf finds clean stays clean, and then pdfsig finds it valid.

use std::cell::Cell;
use std::fs;
use std::path::Path;
use std::process::Command;

/// One file of so many is looked at: two processes take as long as hundreds of files.
const EVERY: u32 = 400;

thread_local! {
    static COUNT: Cell<u32> = const { Cell::new(0) };
}

pub(crate) fn judge(file: &[u8], sealed: &[u8]) {
    let count = COUNT.get();
    COUNT.set(count + 1);
    if count % EVERY != 0 {
        return;
    }
    let folder = std::env::temp_dir().join(format!("eseal-fuzz-{}", std::process::id()));
    fs::create_dir_all(&folder).expect("a folder for temporary files");
    let (before, after) = (folder.join("before.pdf"), folder.join("after.pdf"));
    fs::write(&before, file).expect("room for a small file");
    fs::write(&after, sealed).expect("room for a small file");
    if qpdf(&before) == Some(0) {
        assert_eq!(qpdf(&after), Some(0), "qpdf finds fault with the sealed file, {}", after.display());
        let said = Command::new("pdfsig").arg("-nocert").arg(&after).output().expect("pdfsig is installed");
        let said = String::from_utf8_lossy(&said.stdout).into_owned();
        let newest = said.split("Signature #").find(|one| one.contains("Total document signed"));
        let is_valid = newest.is_some_and(|one| one.contains("Signature is Valid."));
        assert!(is_valid, "pdfsig does not find it valid, {}: {said}", after.display());
    }
}

/// What `qpdf --check` ends with: 0 clean, 3 with warnings, 2 with errors.
fn qpdf(file: &Path) -> Option<i32> {
    Command::new("qpdf").arg("--check").arg(file).output().expect("qpdf is installed").status.code()
}
