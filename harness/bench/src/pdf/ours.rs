//! eseal itself: step by step in this process, and the command as a process.

use std::fs::{self, File, OpenOptions};
use std::path::{Path, PathBuf};

use eseal_crypto::digest::{DigestAlgorithm, Hasher};
use eseal_document::pdf::{Corner, Mark, PageIndex, Pdf, Placement, Sealed, SigningTime, StampRequest};
use eseal_document::report::{Integrity, Verdict};
use eseal_document::{ReadAt, open, verify};

use super::Bench;
use super::inputs::Input;
use crate::child::{self, Runs};
use crate::error::BenchError;
use crate::measure::Turns;
use crate::place::Place;

/// How much is read at once, as the library does.
const BLOCK: usize = 64 << 10;

/// The command, built.
pub(super) struct Ours {
    eseal: PathBuf,
}

/// The steps of one input's turns.
#[derive(Debug, Default)]
pub(super) struct InProcess {
    /// Hashing the file once, and nothing else.
    pub(super) hash: Turns,
    /// Opening, laying out the revision, hashing.
    pub(super) prepare: Turns,
    /// Taking the signature.
    pub(super) complete: Turns,
    /// Open, prepare, sign, complete: everything but writing.
    pub(super) seal: Turns,
    /// Writing in place, journal and synchronisation included.
    pub(super) append: Turns,
    /// Writing a new file.
    pub(super) save: Turns,
    /// From opening to the new file.
    pub(super) seal_to_new: Turns,
    /// Verifying the sealed file.
    pub(super) verify: Turns,
}

impl Ours {
    pub(super) fn build(place: &Place) -> Result<Self, BenchError> {
        Ok(Self { eseal: place.eseal()? })
    }

    /// Peak memory of the command when it does nothing, KiB.
    pub(super) fn base(&self, bench: &Bench<'_>) -> Result<i64, BenchError> {
        Ok(child::run(bench.place, 3, &self.eseal, &["help"], || Ok(()))?.peak_kib)
    }

    pub(super) fn save(&self, bench: &Bench<'_>, input: &Input) -> Result<Runs, BenchError> {
        let target = bench.path("ours-new.pdf");
        self.stamp(bench, input, [&input.path, &target], || Ok(()))
    }

    pub(super) fn append(&self, bench: &Bench<'_>, input: &Input) -> Result<Runs, BenchError> {
        let work = bench.copy(&input.path, "ours.pdf")?;
        self.stamp(bench, input, [&work, &work], || {
            Ok(OpenOptions::new().write(true).open(&work)?.set_len(input.bytes)?)
        })
    }

    fn stamp(
        &self,
        bench: &Bench<'_>,
        input: &Input,
        [from, to]: [&Path; 2],
        before: impl FnMut() -> Result<(), BenchError>,
    ) -> Result<Runs, BenchError> {
        let identity = &bench.identity;
        let files = [from, to, &identity.key_file, &identity.chain_file, &identity.face_file];
        let [from, to, key, chain, face] = files.map(|path| path.to_string_lossy());
        let arguments = ["stamp", &*from, "-o", &*to, "--key", &*key, "--cert", &*chain, "--face", &*face];
        let at = ["--at", "1:20,30,40,20"];
        child::run(
            bench.place,
            bench.effort.cold_turns(input.bytes),
            &self.eseal,
            &[arguments.as_slice(), &at].concat(),
            before,
        )
    }

    pub(super) fn verify(&self, bench: &Bench<'_>, input: &Input) -> Result<Runs, BenchError> {
        let (sealed, root) = (bench.path("ours-new.pdf"), &bench.identity.root_file);
        let arguments = ["verify", &sealed.to_string_lossy(), "--trust", &root.to_string_lossy()];
        child::run(bench.place, bench.effort.cold_turns(input.bytes), &self.eseal, &arguments, || Ok(()))
    }
}

/// The turns in this process.
pub(super) fn in_process(bench: &Bench<'_>, input: &Input) -> Result<InProcess, BenchError> {
    let work = bench.copy(&input.path, "ours.pdf")?;
    let (old, target) = (fs::metadata(&work)?, bench.path("ours-new.pdf"));
    let mut turns = InProcess::default();
    for _ in 0..bench.effort.turns(input.bytes) {
        turns.hash.time(|| hash(&work))?;
        turns.seal_to_new.time(|| Ok(seal(bench, &work)?.save_as(&target)?))?;
        turns.seal.time(|| seal(bench, &work))?;

        let prepared = turns.prepare.time(|| Ok(Pdf::open(open(&work)?)?.prepare(&request(bench)?)?))?;
        let signature = bench.identity.key.sign(prepared.to_be_signed());
        let sealed = turns.complete.time(|| Ok(prepared.complete(&signature)?))?;
        turns.save.time(|| Ok(sealed.save_as(&target)?))?;
        turns.append.time(|| Ok(sealed.append_to(&work)?))?;
        turns.verify.time(|| judge(bench, &work))?;
        let work = OpenOptions::new().write(true).open(&work)?;
        work.set_len(old.len())?;
        work.set_modified(old.modified()?)?;
    }
    Ok(turns)
}

fn request<'a>(bench: &'a Bench<'_>) -> Result<StampRequest<'a>, BenchError> {
    let place = Placement::new(PageIndex::new(1), Corner::TopLeft, [20.0, 30.0], [40.0, 20.0])?;
    let signing_time = SigningTime { at: bench.identity.now, offset_minutes: 0 };
    Ok(StampRequest::new(&bench.identity.chain, signing_time).mark(Mark::new(&bench.identity.face, place)))
}

fn seal(bench: &Bench<'_>, path: &Path) -> Result<Sealed<File>, BenchError> {
    let prepared = Pdf::open(open(path)?)?.prepare(&request(bench)?)?;
    let signature = bench.identity.key.sign(prepared.to_be_signed());
    Ok(prepared.complete(&signature)?)
}

/// Seals a file into another one.
pub(super) fn seal_to(bench: &Bench<'_>, from: &Path, to: &Path) -> Result<(), BenchError> {
    Ok(seal(bench, from)?.save_as(to)?)
}

fn hash(path: &Path) -> Result<(), BenchError> {
    let file = File::open(path)?;
    let size = file.size()?;
    let (mut hasher, mut block, mut at) = (Hasher::new(DigestAlgorithm::Sha256), vec![0; BLOCK], 0);
    while at < size {
        let length = usize::try_from(size - at).map_or(BLOCK, |left| left.min(BLOCK));
        file.read_exact_at(at, &mut block[..length])?;
        hasher.update(&block[..length]);
        at += length as u64;
    }
    std::hint::black_box(hasher.finish());
    Ok(())
}

fn judge(bench: &Bench<'_>, path: &Path) -> Result<(), BenchError> {
    let report = verify(open(path)?, &bench.identity.anchors, bench.identity.now)?;
    let intact = report.signatures.iter().all(|signature| signature.integrity == Integrity::Intact);
    let is_right = report.verdict == Verdict::Valid && intact && report.signatures.len() == 1;
    if is_right { Ok(()) } else { Err(BenchError::failed("verify", format!("{report:?}"))) }
}
