//! Real processes: killed at any moment, out of room, two at once.

use std::fs::{self, OpenOptions};
use std::io::{self, BufRead as _};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use eseal_document::pdf::Pdf;
use eseal_document::report::Verdict;

use super::{bytes, sealed};
use crate::builder::{Builder, Xref};
use crate::party::{NOW, Party, somewhere};

const TARGET: &str = "ESEAL_DOCUMENT_TEST_APPEND";
const JOB: &str = "ESEAL_DOCUMENT_TEST_APPEND_JOB";
/// Makes a revision of two megabytes: a kill meets it halfway now and then.
const RECORD: usize = 1 << 20;
/// What a file in memory grows by.
const PAGE: usize = 4 << 10;

/// Not a test of its own: what the other processes do.
#[test]
fn works_for_the_others() {
    let (Some(target), Some(job)) = (std::env::var_os(TARGET), std::env::var_os(JOB)) else { return };
    let target = Path::new(&target);
    match job.to_str().unwrap() {
        "over and over" => over_and_over(target),
        "once" => println!("outcome {}", once(target).map_or_else(|code| code, |()| "sealed")),
        "five times" => (0..5).for_each(|_| five_times(target)),
        other => panic!("{other}"),
    }
}

/// Appends, and brings the old file back, which one call does: until it is killed.
fn over_and_over(target: &Path) {
    let party = Party::new("Test", 1);
    let record = vec![b'r'; RECORD];
    let old = OpenOptions::new().read(true).write(true).open(target).unwrap();
    let metadata = old.metadata().unwrap();
    let prepared = Pdf::open(&old).unwrap().prepare(&party.request(somewhere()).seal_record(&record)).unwrap();
    let signature = party.key.sign(prepared.to_be_signed());
    let sealed = prepared.complete(&signature).unwrap();
    println!("ready");
    loop {
        sealed.append_to(target).unwrap();
        old.set_len(metadata.len()).unwrap();
        old.set_modified(metadata.modified().unwrap()).unwrap();
    }
}

fn once(target: &Path) -> Result<(), &'static str> {
    let party = Party::new("Test", 1);
    let record = vec![b'r'; RECORD];
    let file = eseal_document::open(target).unwrap();
    let prepared = Pdf::open(file).unwrap().prepare(&party.request(somewhere()).seal_record(&record)).unwrap();
    let signature = party.key.sign(prepared.to_be_signed());
    prepared.complete(&signature).unwrap().append_to(target).map_err(|error| error.code())
}

/// Tries until it is through.
fn five_times(target: &Path) {
    let party = Party::new("Test", 1);
    loop {
        let attempt = eseal_document::open(target).and_then(|file| {
            let prepared = Pdf::open(file)?.prepare(&party.request(somewhere()))?;
            let signature = party.key.sign(prepared.to_be_signed());
            prepared.complete(&signature)?.append_to(target)
        });
        match attempt.map_err(|error| error.code()) {
            Ok(()) => return,
            // In the middle of the other's append the end of the file is not there yet.
            Err("pdf.in-use" | "pdf.source-changed" | "pdf.truncated") => std::thread::sleep(Duration::from_millis(1)),
            Err(other) => panic!("{other}"),
        }
    }
}

fn command(program: &mut Command, target: &Path, job: &str) -> Child {
    program
        .args(["--exact", "append::processes::works_for_the_others", "--nocapture"])
        .env(TARGET, target)
        .env(JOB, job)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap()
}

fn child(target: &Path, job: &str) -> Child {
    command(&mut Command::new(std::env::current_exe().unwrap()), target, job)
}

fn names(folder: &Path) -> Vec<String> {
    let mut names: Vec<_> =
        fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

#[test]
fn a_kill_at_any_moment_leaves_the_old_file_or_the_new_one_after_opening() {
    let party = Party::new("Test", 1);
    let folder = tempfile::tempdir().unwrap();
    let target = folder.path().join("合同.pdf");
    let old = Builder::simple(Xref::Stream).build();
    let record = vec![b'r'; RECORD];
    let prepared = Pdf::open(old.as_slice()).unwrap().prepare(&party.request(somewhere()).seal_record(&record));
    let new = prepared.unwrap();
    let signature = party.key.sign(new.to_be_signed());
    let new = bytes(&new.complete(&signature).unwrap());
    // Old, new, cut off; and how often a journal was there.
    let (mut found, mut journals) = ([0_u32; 3], 0);
    for round in 0..200_u64 {
        fs::write(&target, &old).unwrap();
        let mut child = child(&target, "over and over");
        let mut said = io::BufReader::new(child.stdout.take().unwrap());
        let mut line = String::new();
        while !line.contains("ready") {
            line.clear();
            assert_ne!(said.read_line(&mut line).unwrap(), 0, "the child ended");
        }
        std::thread::sleep(Duration::from_micros(round * 7_919 % 20_011));
        child.kill().unwrap();
        child.wait().unwrap();
        let left = fs::metadata(&target).unwrap().len();
        found[if left == old.len() as u64 {
            0
        } else if left == new.len() as u64 {
            1
        } else {
            2
        }] += 1;
        journals += u32::from(names(folder.path()).len() > 1);
        drop(eseal_document::open(&target).unwrap());
        let now = fs::read(&target).unwrap();
        assert!(now == old || now == new, "round {round}: {} bytes, {left} before opening", now.len());
        assert_eq!(names(folder.path()), ["合同.pdf"], "round {round}");
    }
    println!("killed 200 times: old {}, new {}, cut off {}; with a journal {journals}", found[0], found[1], found[2]);
    assert_eq!(party.verify(&new).unwrap().verdict, Verdict::Valid);
}

#[cfg(unix)]
#[test]
fn a_limit_of_the_system_keeps_the_old_file() {
    let folder = tempfile::tempdir().unwrap();
    let target = folder.path().join("a.pdf");
    let old = Builder::simple(Xref::Table).stream(6, "", &vec![b'x'; 60 << 10]).build();
    fs::write(&target, &old).unwrap();
    // Blocks of 512 bytes: room for nothing, for half a journal, for the journal and half of what is appended.
    let needed = u64::try_from(2 * RECORD + (16 << 10)).unwrap() / 512;
    let mut outcomes = Vec::new();
    for blocks in [0, needed / 2, needed + 40, 10 * needed] {
        let script = format!("trap '' XFSZ; ulimit -f {blocks}; exec \"$0\" \"$@\"");
        let mut shell = Command::new("sh");
        shell.args(["-c", &script]).arg(std::env::current_exe().unwrap());
        let output = command(&mut shell, &target, "once").wait_with_output().unwrap();
        let said = String::from_utf8_lossy(&output.stdout).into_owned();
        let outcome = said.lines().find_map(|line| line.split_once("outcome ")).map(|(_, outcome)| outcome.to_owned());
        outcomes.push(outcome.unwrap_or(said));
        assert_eq!(names(folder.path()), ["a.pdf"], "{blocks}");
        if blocks < 10 * needed {
            assert_eq!(fs::read(&target).unwrap(), old, "{blocks}");
        }
    }
    assert_eq!(outcomes, ["pdf.write-failed", "pdf.write-failed", "pdf.write-failed", "sealed"]);
    let party = Party::new("Test", 1);
    let report = eseal_document::verify(eseal_document::open(&target).unwrap(), &party.anchors(), NOW).unwrap();
    assert_eq!(report.verdict, Verdict::Valid);
}

#[test]
fn a_tiny_disk_keeps_the_old_file() {
    let folder = tempfile::tempdir().unwrap();
    let mounted = Command::new("mount")
        .args(["-t", "tmpfs", "-o", "size=64k", "eseal-test"])
        .arg(folder.path())
        .output()
        .is_ok_and(|output| output.status.success());
    if !mounted {
        println!("SKIPPED append::processes::a_tiny_disk_keeps_the_old_file: no tmpfs can be mounted here");
        return;
    }
    let party = Party::new("Test", 1);
    let target = folder.path().join("a.pdf");
    // A file whose last page is full, and room for one page more: the journal fits, what is appended does not.
    let with = |filling: usize| Builder::simple(Xref::Table).stream(6, "", &vec![b'x'; filling]).build();
    let old = with(PAGE + 3 * PAGE - with(PAGE).len() % PAGE - 8);
    fs::write(&target, &old).unwrap();
    let mut other = fs::File::create(folder.path().join("other")).unwrap();
    while io::Write::write_all(&mut other, &[0; PAGE]).is_ok() {}
    let pages = other.metadata().unwrap().len() / PAGE as u64;
    other.set_len((pages - 1) * PAGE as u64).unwrap();
    let sealed = sealed(&party, eseal_document::open(&target).unwrap());
    let outcome = sealed.append_to(&target).map_err(|error| error.code());
    let left = (fs::read(&target), names(folder.path()));
    drop((sealed, other));
    Command::new("umount").arg(folder.path()).status().unwrap();
    assert_eq!(outcome, Err("pdf.disk-full"));
    assert!(left.0.unwrap() == old);
    assert_eq!(left.1, ["a.pdf", "other"]);
}

#[test]
fn two_processes_at_once_lose_no_seal() {
    let folder = tempfile::tempdir().unwrap();
    let target = folder.path().join("a.pdf");
    fs::write(&target, Builder::simple(Xref::Table).build()).unwrap();
    let children = [child(&target, "five times"), child(&target, "five times")];
    for child in children {
        let output = child.wait_with_output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    }
    let party = Party::new("Test", 1);
    let report = eseal_document::verify(eseal_document::open(&target).unwrap(), &party.anchors(), NOW).unwrap();
    assert_eq!((report.verdict, report.signatures.len()), (Verdict::Valid, 10));
    assert_eq!(names(folder.path()), ["a.pdf"]);
}
