//! By path: what else is in the folder, and what a file is besides its bytes.

use std::fs::{self, File, OpenOptions};
use std::path::Path;
use std::time::SystemTime;

use eseal_document::pdf::Pdf;
use eseal_document::report::Verdict;
use eseal_document::{FileJournal, ReadAt, Recovery, recover, recover_at};
use tempfile::TempDir;

use super::{bytes, sealed};
use crate::builder::{Builder, Xref};
use crate::party::{Party, somewhere};

fn names(folder: &Path) -> Vec<String> {
    let mut names: Vec<_> =
        fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

fn contract(name: &str) -> (TempDir, std::path::PathBuf, Vec<u8>) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(name);
    let old = Builder::simple(Xref::Table).build();
    fs::write(&path, &old).unwrap();
    (folder, path, old)
}

/// A file and how many bytes are written before the process dies.
struct DiesAt<'a>(&'a File, usize);

impl ReadAt for DiesAt<'_> {
    fn size(&self) -> std::io::Result<u64> {
        self.0.size()
    }

    fn read_exact_at(&self, offset: u64, buf: &mut [u8]) -> std::io::Result<()> {
        self.0.read_exact_at(offset, buf)
    }

    fn modified(&self) -> std::io::Result<Option<SystemTime>> {
        self.0.modified()
    }
}

impl eseal_document::WriteAt for DiesAt<'_> {
    fn write_all_at(&self, offset: u64, bytes: &[u8]) -> std::io::Result<()> {
        self.0.write_all_at(offset, &bytes[..self.1])?;
        Err(std::io::Error::other("dead"))
    }

    fn set_size(&self, _: u64) -> std::io::Result<()> {
        Err(std::io::Error::other("dead"))
    }

    fn sync(&self) -> std::io::Result<()> {
        Err(std::io::Error::other("dead"))
    }
}

/// What a process leaves that is killed when `part` of the revision is in the file.
fn cut_off(path: &Path, sealed: &eseal_document::pdf::Sealed<File>, part: usize) {
    let side = path.with_file_name(format!(".{}.eseal-journal", path.file_name().unwrap().to_str().unwrap()));
    let journal = OpenOptions::new().read(true).write(true).create_new(true).open(side).unwrap();
    let file = OpenOptions::new().read(true).write(true).open(path).unwrap();
    sealed.append_at(&DiesAt(&file, part), &mut FileJournal::new(&journal)).unwrap_err();
}

#[test]
fn a_file_is_sealed_where_it_lies_over_and_over() {
    let party = Party::new("Test", 1);
    let (folder, path, mut before) = contract("合同.pdf");
    fs::write(folder.path().join("other.pdf"), "other").unwrap();
    for count in 1..=3 {
        let sealed = sealed(&party, eseal_document::open(&path).unwrap());
        let expected = bytes(&sealed);
        sealed.append_to(&path).unwrap();
        let after = fs::read(&path).unwrap();
        assert!(after == expected && after.starts_with(&before));
        let report = party.verify(&after).unwrap();
        assert_eq!((report.verdict, report.signatures.len()), (Verdict::Valid, count));
        before = after;
    }
    assert_eq!(names(folder.path()), ["other.pdf", "合同.pdf"]);
    assert_eq!(fs::read(folder.path().join("other.pdf")).unwrap(), b"other");
}

#[cfg(unix)]
#[test]
fn permissions_inode_and_other_names_stay_and_a_link_stays_a_link() {
    use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _, symlink};
    let party = Party::new("Test", 1);
    let (folder, path, _) = contract("a.pdf");
    fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).unwrap();
    fs::hard_link(&path, folder.path().join("b.pdf")).unwrap();
    let link = folder.path().join("link.pdf");
    symlink("a.pdf", &link).unwrap();
    let inode = fs::metadata(&path).unwrap().ino();
    let sealed = sealed(&party, eseal_document::open(&link).unwrap());
    sealed.append_to(&link).unwrap();
    let metadata = fs::metadata(&path).unwrap();
    assert_eq!((metadata.ino(), metadata.permissions().mode() & 0o777), (inode, 0o640));
    assert_eq!(fs::read(folder.path().join("b.pdf")).unwrap(), bytes_of(&path));
    assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
    assert_eq!(party.verify(&bytes_of(&path)).unwrap().verdict, Verdict::Valid);
    assert_eq!(names(folder.path()), ["a.pdf", "b.pdf", "link.pdf"]);
}

fn bytes_of(path: &Path) -> Vec<u8> {
    fs::read(path).unwrap()
}

#[test]
fn opening_settles_what_was_left() {
    let party = Party::new("Test", 1);
    let (folder, path, old) = contract("合同.pdf");
    let sealed = sealed(&party, File::open(&path).unwrap());
    let all = sealed.revision().len();
    let modified = fs::metadata(&path).unwrap().modified().unwrap();
    for part in [0, 1, all / 2, all - 1, all] {
        cut_off(&path, &sealed, part);
        assert_eq!(names(folder.path()), [".合同.pdf.eseal-journal", "合同.pdf"], "{part}");
        assert_eq!(fs::metadata(&path).unwrap().len(), (old.len() + part) as u64);
        let report = eseal_document::verify(eseal_document::open(&path).unwrap(), &party.anchors(), crate::party::NOW);
        assert_eq!(report.unwrap().signatures.len(), usize::from(part == all), "{part}");
        assert_eq!(bytes_of(&path).len(), if part == all { old.len() + all } else { old.len() }, "{part}");
        assert_eq!(names(folder.path()), ["合同.pdf"], "{part}");
        let file = OpenOptions::new().write(true).open(&path).unwrap();
        file.set_len(old.len() as u64).unwrap();
        file.set_modified(modified).unwrap();
    }
    // Sealing anew settles too, and so does saying it.
    cut_off(&path, &sealed, 100);
    assert_eq!(recover(&path).unwrap(), Recovery::Trimmed);
    assert_eq!(recover(&path).unwrap(), Recovery::Clean);
    cut_off(&path, &sealed, 0);
    sealed.append_to(&path).unwrap();
    assert_eq!(party.verify(&bytes_of(&path)).unwrap().verdict, Verdict::Valid);
    assert_eq!(names(folder.path()), ["合同.pdf"]);
}

#[test]
fn a_journal_that_is_half_written_is_dropped() {
    let party = Party::new("Test", 1);
    let (folder, path, old) = contract("a.pdf");
    let journal = folder.path().join(".a.pdf.eseal-journal");
    for half in [b"".as_slice(), b"eSealAppend\r\n\x1a\n\x01\0\0", &[0; 4_096]] {
        fs::write(&journal, half).unwrap();
        assert_eq!(recover(&path).unwrap(), Recovery::Old);
        assert!(!journal.exists() && bytes_of(&path) == old);
    }
    fs::write(&journal, "half").unwrap();
    sealed(&party, File::open(&path).unwrap()).append_to(&path).unwrap();
    assert_eq!(names(folder.path()), ["a.pdf"]);
}

#[test]
fn a_file_that_another_process_appends_to_is_left_to_it() {
    let party = Party::new("Test", 1);
    let (folder, path, old) = contract("a.pdf");
    let sealed = sealed(&party, File::open(&path).unwrap());
    let other = File::open(&path).unwrap();
    other.lock().unwrap();
    assert_eq!(sealed.append_to(&path).unwrap_err().code(), "pdf.in-use");
    let journal = folder.path().join(".a.pdf.eseal-journal");
    fs::write(&journal, "being written").unwrap();
    assert_eq!(eseal_document::open(&path).unwrap_err().code(), "pdf.in-use");
    assert!(journal.exists() && bytes_of(&path) == old);
    drop(other);
    sealed.append_to(&path).unwrap();
    assert_eq!(names(folder.path()), ["a.pdf"]);
}

#[test]
fn what_cannot_be_appended_to_is_refused() {
    let party = Party::new("Test", 1);
    let (folder, path, old) = contract("a.pdf");
    let finished = sealed(&party, File::open(&path).unwrap());
    let missing = folder.path().join("b.pdf");
    assert_eq!(finished.append_to(&missing).unwrap_err().code(), "pdf.write-failed");
    assert_eq!(eseal_document::open(&missing).unwrap_err().code(), "pdf.read-failed");
    assert_eq!(finished.append_to(folder.path()).unwrap_err().code(), "pdf.write-failed");
    fs::write(&missing, &old[..old.len() - 1]).unwrap();
    assert_eq!(finished.append_to(&missing).unwrap_err().code(), "pdf.source-changed");
    // The same bytes under another name, at another time, are the same file.
    fs::write(&missing, &old).unwrap();
    finished.append_to(&missing).unwrap();
    assert_eq!(party.verify(&bytes_of(&missing)).unwrap().verdict, Verdict::Valid);
    assert_eq!(bytes_of(&path), old);
    // Twice is once too often.
    assert_eq!(finished.append_to(&missing).unwrap_err().code(), "pdf.source-changed");
    assert_eq!(names(folder.path()), ["a.pdf", "b.pdf"]);
}

#[test]
fn a_journal_that_is_no_file_is_not_followed() {
    let party = Party::new("Test", 1);
    let (folder, path, old) = contract("a.pdf");
    let sealed = sealed(&party, File::open(&path).unwrap());
    fs::create_dir(folder.path().join(".a.pdf.eseal-journal")).unwrap();
    assert_eq!(sealed.append_to(&path).unwrap_err().code(), "pdf.append-unfinished");
    assert_eq!(eseal_document::open(&path).unwrap_err().code(), "pdf.append-unfinished");
    assert_eq!(bytes_of(&path), old);
}

#[test]
fn the_longest_name_has_room_for_what_is_put_beside_it() {
    let party = Party::new("Test", 1);
    let name = format!("{}.pdf", "合".repeat(83));
    let (folder, path, _) = contract(&name);
    let first = sealed(&party, eseal_document::open(&path).unwrap());
    first.append_to(&path).unwrap();
    let second = sealed(&party, eseal_document::open(&path).unwrap());
    second.save_as(&path).unwrap();
    assert_eq!(party.verify(&bytes_of(&path)).unwrap().signatures.len(), 2);
    assert_eq!(names(folder.path()), [name]);
}

#[test]
fn descriptors_are_enough() {
    let party = Party::new("Test", 1);
    let old = Builder::simple(Xref::Hybrid).build();
    let (document, journal) = (tempfile::tempfile().unwrap(), tempfile::tempfile().unwrap());
    eseal_document::WriteAt::write_all_at(&document, 0, &old).unwrap();
    for count in 1..=2 {
        assert_eq!(recover_at(&document, &mut FileJournal::new(&journal)).unwrap(), Recovery::Clean);
        let sealed = sealed(&party, &document);
        sealed.append_at(&document, &mut FileJournal::new(&journal)).unwrap();
        let report = eseal_document::verify(&document, &party.anchors(), crate::party::NOW).unwrap();
        assert_eq!((report.verdict, report.signatures.len()), (Verdict::Valid, count));
    }
    assert_eq!(journal.metadata().unwrap().len(), 0);
}

#[test]
fn a_key_that_answers_wrongly_or_never_leaves_no_trace() {
    let (party, other) = (Party::new("Test", 1), Party::new("Other", 2));
    let (folder, path, old) = contract("a.pdf");
    let modified = fs::metadata(&path).unwrap().modified().unwrap();
    let prepare =
        || Pdf::open(eseal_document::open(&path).unwrap()).unwrap().prepare(&party.request(somewhere())).unwrap();
    // Never.
    drop(prepare());
    // With another key, and over something else.
    let prepared = prepare();
    let signature = other.key.sign(prepared.to_be_signed());
    assert_eq!(prepared.complete(&signature).unwrap_err().code(), "cms.bad-signature");
    let prepared = prepare();
    let signature = party.key.sign(b"something else");
    assert_eq!(prepared.complete(&signature).unwrap_err().code(), "cms.bad-signature");
    // Rightly, and then nobody saves.
    drop(sealed(&party, eseal_document::open(&path).unwrap()));
    assert!(bytes_of(&path) == old && fs::metadata(&path).unwrap().modified().unwrap() == modified);
    assert_eq!(names(folder.path()), ["a.pdf"]);
}

#[test]
fn a_key_that_answers_late_does_not_undo_what_came_in_between() {
    let (party, other) = (Party::new("Test", 1), Party::new("Other", 2));
    let (folder, path, _) = contract("a.pdf");
    let open = || eseal_document::open(&path).unwrap();
    let late = Pdf::open(open()).unwrap().prepare(&party.request(somewhere())).unwrap();
    let signature = party.key.sign(late.to_be_signed());
    let finished = sealed(&party, open());
    sealed(&other, open()).append_to(&path).unwrap();
    let with_other = bytes_of(&path);
    assert_eq!(late.complete(&signature).unwrap_err().code(), "pdf.source-changed");
    assert_eq!(finished.append_to(&path).unwrap_err().code(), "pdf.source-changed");
    assert_eq!(finished.save_as(&path).unwrap_err().code(), "pdf.source-changed");
    assert_eq!(bytes_of(&path), with_other);
    assert_eq!(names(folder.path()), ["a.pdf"]);
}
