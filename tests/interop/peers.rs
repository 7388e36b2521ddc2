//! The peers: other people's programs that judge PDF signatures, each asked the way its users ask it.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use eseal_tests::checkout;

/// What a peer says of the one signature of a file.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Judgement {
    /// Unchanged, validly signed over the whole file, and trusted.
    Accepted,
    /// Not what was signed.
    Changed,
    /// Validly signed, by somebody that the trust anchor does not vouch for.
    Untrusted,
    /// Anything else; what it said.
    Unclear(String),
}

/// What a peer is asked about.
pub(crate) struct Question<'a> {
    /// The sealed PDF.
    pub(crate) pdf: &'a Path,
    /// The trust anchor, PEM.
    pub(crate) anchor: &'a Path,
    /// A folder for what the peer needs beside them.
    pub(crate) scratch: &'a Path,
}

/// A program that judges signatures. `Err` is why it cannot be asked on this machine.
pub(crate) type Peer = fn(&Question<'_>) -> Result<Judgement, String>;

/// poppler's `pdfsig`. It judges trust by an NSS database, which is made for the question, by `certutil`.
pub(crate) fn pdfsig(question: &Question<'_>) -> Result<Judgement, String> {
    let folder = question.scratch.join("nss");
    fs::create_dir_all(&folder).unwrap();
    let database = format!("sql:{}", folder.display());
    ask(Command::new("certutil").args(["-N", "-d", &database, "--empty-password"]))?;
    let add = ["-A", "-d", &database, "-n", "anchor", "-t", "C,C,C", "-i"];
    ask(Command::new("certutil").args(add).arg(question.anchor))?;

    let said = ask(Command::new("pdfsig").args(["-nssdir", &database]).arg(question.pdf))?;
    let says = |words: &str| said.text.contains(words);
    let whole = says("Signature #1:") && !says("Signature #2:") && says("Total document signed");
    Ok(if says("Digest Mismatch") {
        Judgement::Changed
    } else if whole && says("Signature is Valid.") && says("Certificate is Trusted.") {
        Judgement::Accepted
    } else if whole && says("Signature is Valid.") && says("Certificate issuer is unknown.") {
        Judgement::Untrusted
    } else {
        Judgement::Unclear(said.text)
    })
}

/// pyHanko, in the environment that `cargo xtask test --setup` makes.
pub(crate) fn pyhanko(question: &Question<'_>) -> Result<Judgement, String> {
    let lines = pyhanko_lines(question)?;
    Ok(match lines.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        ["intact=True valid=True trusted=True coverage=ENTIRE_FILE bottom_line=True"] => Judgement::Accepted,
        ["intact=True valid=True trusted=False coverage=ENTIRE_FILE bottom_line=False"] => Judgement::Untrusted,
        [one] if one.starts_with("intact=False") => Judgement::Changed,
        _ => Judgement::Unclear(lines.join("\n")),
    })
}

/// What pyHanko says of each signature, first one first.
pub(crate) fn pyhanko_lines(question: &Question<'_>) -> Result<Vec<String>, String> {
    let python = checkout("target/tools/pyhanko/bin/python");
    if !python.exists() {
        return Err("pyHanko is not set up: cargo xtask test --setup".to_owned());
    }
    let script = checkout("tests/interop/pyhanko_judge.py");
    let said = ask(Command::new(python).arg(script).args([question.pdf, question.anchor]))?;
    // Why it does not trust a certificate goes to its standard error; a crash must not look like silence.
    let lines: Vec<_> = said.text.lines().filter(|line| line.starts_with("intact=")).map(str::to_owned).collect();
    Ok(if lines.is_empty() { vec![said.text] } else { lines })
}

/// `openssl cms -verify` over the bytes that `/ByteRange` names, as a detached signature for S/MIME signing.
pub(crate) fn openssl(question: &Question<'_>) -> Result<Judgement, String> {
    let SignedParts { covered, contents } = SignedParts::of(&fs::read(question.pdf).unwrap());
    let (content, signature) = (question.scratch.join("covered"), question.scratch.join("signature.der"));
    fs::write(&content, covered).unwrap();
    fs::write(&signature, contents).unwrap();

    let mut openssl = Command::new("openssl");
    openssl.args(["cms", "-verify", "-binary", "-inform", "DER", "-out"]).arg(question.scratch.join("verified"));
    openssl.arg("-in").arg(signature).arg("-content").arg(content).arg("-CAfile").arg(question.anchor);
    let said = ask(&mut openssl)?;
    let says = |words: &str| said.text.contains(words);
    Ok(if said.success && says("Verification successful") {
        Judgement::Accepted
    } else if says("certificate verify error") {
        Judgement::Untrusted
    } else if says("CMS_SignerInfo_verify_content:verification failure") {
        Judgement::Changed
    } else {
        Judgement::Unclear(said.text)
    })
}

/// `qpdf --check`: syntax and cross-references only. `Ok(Err(…))` is what it complains of.
pub(crate) fn qpdf(pdf: &Path) -> Result<Result<(), String>, String> {
    let said = ask(Command::new("qpdf").arg("--check").arg(pdf))?;
    Ok(if said.success && !said.text.contains("WARNING") { Ok(()) } else { Err(said.text) })
}

/// The last signature of a PDF, found by its bytes alone: no PDF library has a say in what a peer is given.
pub(crate) struct SignedParts {
    /// The bytes that `/ByteRange` covers.
    pub(crate) covered: Vec<u8>,
    /// `/Contents`, without its hexadecimal spelling.
    pub(crate) contents: Vec<u8>,
}

impl SignedParts {
    fn of(pdf: &[u8]) -> Self {
        let [start, length, resume, rest] = byte_range(pdf);
        let hex = pdf.get(start + length + 1..resume - 1).unwrap();
        let digits = |pair: &[u8]| u8::from_str_radix(std::str::from_utf8(pair).unwrap(), 16).unwrap();
        Self {
            covered: [&pdf[start..start + length], &pdf[resume..resume + rest]].concat(),
            contents: hex.chunks(2).map(digits).collect(),
        }
    }
}

/// The four numbers of the last `/ByteRange`.
pub(crate) fn byte_range(pdf: &[u8]) -> [usize; 4] {
    const KEY: &[u8] = b"/ByteRange";
    let at = pdf.windows(KEY.len()).rposition(|window| window == KEY).expect("a signature");
    let text = String::from_utf8_lossy(&pdf[at..at + 120]).into_owned();
    let array = text.split_once('[').unwrap().1.split_once(']').unwrap().0;
    let numbers: Vec<_> = array.split_whitespace().map(|number| number.parse().unwrap()).collect();
    numbers.try_into().expect("four numbers")
}

struct Said {
    success: bool,
    text: String,
}

fn ask(command: &mut Command) -> Result<Said, String> {
    let program = PathBuf::from(command.get_program());
    let name = program.file_name().unwrap().to_string_lossy().into_owned();
    // `pdfsig` and `openssl` translate what they say.
    match command.env("LC_ALL", "C").output() {
        Ok(output) => {
            let text = [output.stdout, output.stderr].concat();
            Ok(Said { success: output.status.success(), text: String::from_utf8_lossy(&text).into_owned() })
        }
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Err(format!("{name} is not installed")),
        Err(error) => panic!("{name}: {error}"),
    }
}
