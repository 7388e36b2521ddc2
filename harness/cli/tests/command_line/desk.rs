//! Somebody with a key, a certificate, a face and a document in a folder.

use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::time::{SystemTime, UNIX_EPOCH};

use eseal_crypto::Suite;
use eseal_crypto::cert::{CertificateProfile, UnixTime, Validity};
use eseal_testkit::Authority;
pub(crate) use eseal_testkit::DAY;
use serde_json::Value;
use tempfile::TempDir;

const CONTRACT: &[u8] = include_bytes!("../../../../tests/fixtures/contract/contract.pdf");
const STROKES: &str = include_str!("../../../../tests/fixtures/ink/zhou-zihan.json");

pub(crate) struct Desk {
    folder: TempDir,
}

/// How a command ended.
pub(crate) struct Ended {
    pub(crate) status: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

/// `eseal serve`, which ends when its standard input does.
pub(crate) struct Served {
    process: Child,
    pub(crate) tsa: String,
}

pub(crate) fn now() -> UnixTime {
    UnixTime(SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs())
}

impl Served {
    /// A platform of its own, until it is dropped.
    pub(crate) fn start() -> Self {
        let mut program = Command::new(env!("CARGO_BIN_EXE_eseal"));
        let program = program.args(["serve", "--json"]).stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut process = program.spawn().unwrap();
        let mut line = String::new();
        BufReader::new(process.stdout.as_mut().unwrap()).read_line(&mut line).unwrap();
        let told: Value = serde_json::from_str(&line).unwrap();
        let tsa = format!("{}/tsa", told["pki_url"].as_str().unwrap());
        Self { process, tsa }
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        drop(self.process.stdin.take());
        let _ = self.process.wait();
    }
}

impl Ended {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.stdout).unwrap_or_else(|_| panic!("no JSON: {} {}", self.stdout, self.stderr))
    }
}

impl From<Output> for Ended {
    fn from(output: Output) -> Self {
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
        Self { status: output.status.code().unwrap(), stdout: text(output.stdout), stderr: text(output.stderr) }
    }
}

impl Desk {
    /// `root.pem`, `chain.pem`, `key.pem`, `face.svg`, `face.png` and `contract.pdf`.
    pub(crate) fn new() -> Self {
        let desk = Self { folder: tempfile::tempdir().unwrap() };
        let validity = Validity { not_before: UnixTime(now().0 - DAY), not_after: now().plus(30 * DAY) };
        let mut authority = Authority::new(Suite::EcdsaP256Sha256, "Desk Root", validity, 1);
        let signer = authority.issue(&CertificateProfile::DocumentSigning, "周子涵", validity);
        desk.write("root.pem", authority.root.certificate().to_pem());
        desk.write("chain.pem", signer.chain.to_pem());
        desk.write("key.pem", signer.key.to_pkcs8_pem().unwrap().as_str());
        desk.write("contract.pdf", CONTRACT);
        desk.write("strokes.json", STROKES);
        for face in ["face.svg", "face.png"] {
            assert_eq!(desk.run(&["ink", "render", "strokes.json", "-o", face]).status, 0);
        }
        desk
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub(crate) fn write(&self, name: &str, bytes: impl AsRef<[u8]>) -> PathBuf {
        let path = self.path(name);
        std::fs::write(&path, bytes).unwrap();
        path
    }

    pub(crate) fn read(&self, name: &str) -> Vec<u8> {
        std::fs::read(self.path(name)).unwrap()
    }

    pub(crate) fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// `eseal` with these arguments, in the folder.
    pub(crate) fn run(&self, arguments: &[&str]) -> Ended {
        let program = env!("CARGO_BIN_EXE_eseal");
        Command::new(program).args(arguments).current_dir(self.folder()).output().unwrap().into()
    }

    /// `eseal stamp` with key, chain and JSON.
    pub(crate) fn stamp(&self, arguments: &[&str]) -> Ended {
        let means = ["stamp", "--key", "key.pem", "--cert", "chain.pem", "--json"];
        self.run(&[&means, arguments].concat())
    }

    /// `eseal verify --json` against the root.
    pub(crate) fn verify(&self, document: &str) -> Ended {
        self.run(&["verify", document, "--trust", "root.pem", "--json"])
    }

    /// The document is sealed, and nothing came later.
    pub(crate) fn assert_valid(&self, document: &str) -> Value {
        let ended = self.verify(document);
        let found = ended.json();
        assert_eq!((ended.status, found["verdict"].as_str()), (0, Some("valid")), "{found:#}");
        found
    }
}
