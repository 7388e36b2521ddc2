//! A JVM that does jobs until its input ends: a line of JSON in, a line of JSON out. One of them serves a whole test run,
//! because starting it costs more than most answers.

use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::{Mutex, OnceLock, PoisonError};
use std::time::SystemTime;

use eseal_tests::checkout;
use serde_json::Value;

/// A program that `cargo xtask test peers` builds.
pub(super) struct Jvm {
    /// The folder of its sources beside these, and of what is built of them in `target/interop`.
    folder: &'static str,
    main: &'static str,
    process: OnceLock<Result<Mutex<Process>, String>>,
}

struct Process {
    child: Child,
    jobs: ChildStdin,
    answers: BufReader<ChildStdout>,
}

impl Jvm {
    pub(super) const fn new(folder: &'static str, main: &'static str) -> Self {
        Self { folder, main, process: OnceLock::new() }
    }

    /// Does a job in the one process, which the first job starts. It ends with this test program, by the end of its input.
    /// `Err` is why it cannot be asked on this machine.
    pub(super) fn ask(&self, job: &Value) -> Result<Value, String> {
        let process = self.process.get_or_init(|| self.start().map(Mutex::new)).as_ref().map_err(Clone::clone)?;
        // A test that failed while asking has failed already; the process is as it was.
        let mut process = process.lock().unwrap_or_else(PoisonError::into_inner);
        writeln!(process.jobs, "{job}").unwrap();
        let mut answer = String::new();
        process.answers.read_line(&mut answer).unwrap();
        let log = self.built().join("peers.log");
        let gone = || panic!("{} ended: {:?}, at {job}", self.main, fs::read_to_string(log));
        let answer = if answer.is_empty() { gone() } else { serde_json::from_str(&answer).unwrap() };
        assert!(process.child.try_wait().unwrap().is_none());
        Ok(answer)
    }

    fn start(&self) -> Result<Process, String> {
        let folder = self.built();
        let built = modified(&folder.join("built"))
            .ok_or_else(|| format!("{} is not built: cargo xtask test peers", self.main))?;
        let own = checkout("tests/interop").join(self.folder);
        if sources(&own).iter().any(|source| modified(source).is_none_or(|at| at > built)) {
            return Err(format!("{} is older than its sources: cargo xtask test peers", self.main));
        }
        let mut java = Command::new("java");
        // What writes times of the clock on the wall means China's.
        java.current_dir(&folder).args([
            "-Xmx512m",
            "-Duser.timezone=Asia/Shanghai",
            "-cp",
            "classes:lib/*",
            self.main,
        ]);
        let log = fs::File::create(folder.join("peers.log")).unwrap();
        let mut child = java
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(log)
            .spawn()
            .map_err(|error| format!("java does not start: {error}"))?;
        let jobs = child.stdin.take().unwrap();
        let answers = BufReader::new(child.stdout.take().unwrap());
        Ok(Process { child, jobs, answers })
    }

    fn built(&self) -> PathBuf {
        checkout("target/interop").join(self.folder)
    }
}

fn modified(file: &Path) -> Option<SystemTime> {
    fs::metadata(file).and_then(|data| data.modified()).ok()
}

fn sources(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    entries.flat_map(|path| if path.is_dir() { sources(&path) } else { vec![path] }).collect()
}
