//! Full disks, killed processes, files that change meanwhile.

use std::cell::RefCell;
use std::fs::{self, File};
use std::io::{self, Write};
use std::path::Path;
use std::process::Command;
use std::time::{Duration, SystemTime};

use eseal_document::ReadAt;
use eseal_document::pdf::{Pdf, Sealed};
use eseal_document::report::Verdict;

use crate::builder::{Builder, Xref};
use crate::party::{Party, somewhere};

fn sealed<S: ReadAt>(party: &Party, source: S) -> Sealed<S> {
    let prepared = Pdf::open(source).unwrap().prepare(&party.request(somewhere())).unwrap();
    let signature = party.key.sign(prepared.to_be_signed());
    prepared.complete(&signature).unwrap()
}

fn names(folder: &Path) -> Vec<String> {
    let mut names: Vec<_> =
        fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

/// Takes so many bytes and then says that the disk is full.
struct Full {
    room: usize,
}

impl Write for Full {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let taken = bytes.len().min(self.room);
        self.room -= taken;
        if taken == 0 { Err(io::ErrorKind::StorageFull.into()) } else { Ok(taken) }
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[test]
fn a_full_disk_is_an_error_at_every_byte() {
    let party = Party::new("Test", 1);
    let file = Builder::simple(Xref::Stream).build();
    let sealed = sealed(&party, file.as_slice());
    let size = usize::try_from(sealed.size()).unwrap();
    for room in 0..size {
        assert_eq!(sealed.write_to(&mut Full { room }).unwrap_err().code(), "pdf.disk-full", "{room}");
    }
    sealed.write_to(&mut Full { room: size }).unwrap();
}

#[test]
fn a_file_is_sealed_over_itself() {
    let party = Party::new("Test", 1);
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("合同.pdf");
    fs::write(&path, Builder::simple(Xref::Table).build()).unwrap();
    for count in 1..=3 {
        sealed(&party, File::open(&path).unwrap()).save_as(&path).unwrap();
        let report = eseal_document::verify(File::open(&path).unwrap(), &party.anchors(), crate::party::NOW).unwrap();
        assert_eq!((report.verdict, report.signatures.len()), (Verdict::Valid, count));
    }
    assert_eq!(names(folder.path()), ["合同.pdf"]);
}

#[test]
fn a_target_that_cannot_be_written_is_an_error_and_saving_can_be_tried_again() {
    let party = Party::new("Test", 1);
    let folder = tempfile::tempdir().unwrap();
    let file = Builder::simple(Xref::Table).build();
    let sealed = sealed(&party, file.as_slice());
    let missing = folder.path().join("no such folder/a.pdf");
    assert_eq!(sealed.save_as(&missing).unwrap_err().code(), "pdf.write-failed");
    sealed.save_as(&folder.path().join("a.pdf")).unwrap();
    assert_eq!(names(folder.path()), ["a.pdf"]);
}

#[test]
fn a_tiny_disk_keeps_the_old_file() {
    let folder = tempfile::tempdir().unwrap();
    let mounted = Command::new("mount")
        .args(["-t", "tmpfs", "-o", "size=16k", "eseal-test"])
        .arg(folder.path())
        .output()
        .is_ok_and(|output| output.status.success());
    if !mounted {
        println!("SKIPPED saving::a_tiny_disk_keeps_the_old_file: no tmpfs can be mounted here");
        return;
    }
    let party = Party::new("Test", 1);
    let target = folder.path().join("a.pdf");
    let old = fs::write(&target, "old").map(|()| fs::read(&target).unwrap());
    let big = Builder::simple(Xref::Table).stream(6, "", &vec![b'x'; 60 << 10]).build();
    let outcome = sealed(&party, big.as_slice()).save_as(&target).map_err(|error| error.code());
    let left = (fs::read(&target), names(folder.path()));
    Command::new("umount").arg(folder.path()).status().unwrap();
    assert_eq!(outcome, Err("pdf.disk-full"));
    assert_eq!(left.0.unwrap(), old.unwrap());
    assert_eq!(left.1, ["a.pdf"]);
}

const KILLED: &str = "ESEAL_DOCUMENT_TEST_TARGET";

/// Not a test of its own: what the killed process does.
#[test]
fn seals_over_and_over_until_it_is_killed() {
    let Some(target) = std::env::var_os(KILLED) else { return };
    let party = Party::new("Test", 1);
    let file = Builder::simple(Xref::Table).stream(6, "", &vec![b'x'; 2 << 20]).build();
    let sealed = sealed(&party, file.as_slice());
    println!("ready");
    loop {
        sealed.save_as(Path::new(&target)).unwrap();
    }
}

#[test]
fn a_kill_at_any_moment_leaves_the_old_file_or_the_new_one() {
    let party = Party::new("Test", 1);
    let folder = tempfile::tempdir().unwrap();
    let target = folder.path().join("a.pdf");
    let old = Builder::simple(Xref::Stream).build();
    let mut outcomes = [0, 0];
    for round in 0..24_u64 {
        fs::write(&target, &old).unwrap();
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "saving::seals_over_and_over_until_it_is_killed", "--nocapture"])
            .env(KILLED, &target)
            .stdout(std::process::Stdio::piped())
            .spawn()
            .unwrap();
        let mut said = io::BufReader::new(child.stdout.take().unwrap());
        let mut line = String::new();
        while !line.contains("ready") {
            line.clear();
            assert_ne!(io::BufRead::read_line(&mut said, &mut line).unwrap(), 0, "the child ended");
        }
        std::thread::sleep(Duration::from_micros(round * 613));
        child.kill().unwrap();
        child.wait().unwrap();
        let now = fs::read(&target).unwrap();
        if now == old {
            outcomes[0] += 1;
        } else {
            assert_eq!(party.verify(&now).unwrap().verdict, Verdict::Valid, "round {round}");
            outcomes[1] += 1;
        }
    }
    println!("old file {} times, new file {} times", outcomes[0], outcomes[1]);
    sealed(&party, old.as_slice()).save_as(&target).unwrap();
    assert_eq!(names(folder.path()), ["a.pdf"], "the next save removes what was left");
}

/// A source that can be changed between two reads.
struct Changing {
    bytes: RefCell<Vec<u8>>,
    modified: RefCell<SystemTime>,
}

impl Changing {
    fn new() -> Self {
        let bytes = Builder::simple(Xref::Table).stream(6, "", &vec![b'x'; 200_000]).build();
        Self { bytes: RefCell::new(bytes), modified: RefCell::new(SystemTime::UNIX_EPOCH) }
    }
}

impl ReadAt for Changing {
    fn size(&self) -> io::Result<u64> {
        self.bytes.borrow().size()
    }

    fn read_exact_at(&self, offset: u64, buf: &mut [u8]) -> io::Result<()> {
        self.bytes.borrow().read_exact_at(offset, buf)
    }

    fn modified(&self) -> io::Result<Option<SystemTime>> {
        Ok(Some(*self.modified.borrow()))
    }
}

#[test]
fn a_file_that_changes_meanwhile_is_not_sealed() {
    let party = Party::new("Test", 1);
    let changes: [fn(&Changing); 4] = [
        |source| source.bytes.borrow_mut().push(b'\n'),
        |source| source.bytes.borrow_mut().truncate(1_000),
        |source| {
            let mut bytes = source.bytes.borrow_mut();
            let last = bytes.len() - 2;
            bytes[last] ^= 1;
        },
        |source| *source.modified.borrow_mut() += Duration::from_secs(1),
    ];
    for change in changes {
        let source = Changing::new();
        let pdf = Pdf::open(&source).unwrap();
        change(&source);
        assert_eq!(pdf.prepare(&party.request(somewhere())).unwrap_err().code(), "pdf.source-changed");

        let source = Changing::new();
        let prepared = Pdf::open(&source).unwrap().prepare(&party.request(somewhere())).unwrap();
        let signature = party.key.sign(prepared.to_be_signed());
        change(&source);
        assert_eq!(prepared.complete(&signature).unwrap_err().code(), "pdf.source-changed");

        let source = Changing::new();
        let finished = sealed(&party, &source);
        change(&source);
        assert_eq!(finished.write_to(&mut Vec::new()).unwrap_err().code(), "pdf.source-changed");
    }
}
