//! What a plain signer on lopdf costs: load, add a field with a widget, write an incremental update, hash, sign.

use std::fs;
use std::path::Path;

use eseal_crypto::cert::Chain;
use eseal_crypto::cms::SignedAttributes;
use eseal_crypto::digest::{DigestAlgorithm, Hasher};
use eseal_crypto::key::SigningKey;
use lopdf::{Dictionary, Document, IncrementalDocument, Object, StringFormat, dictionary};

use super::super::Bench;
use super::super::inputs::Input;
use super::{Figures, Job, Peer, Time};
use crate::child;
use crate::error::BenchError;
use crate::measure::Turns;

const NAME: &str = "lopdf, plain signer";
/// The argument that makes this program sign one file with lopdf.
pub(crate) const SIGN: &str = "--lopdf-sign";
/// Bytes kept for the signature.
const RESERVED: usize = 6_000;
/// A number as wide as the offsets of any file here.
const WIDE: i64 = 1_000_000_000;

pub(super) fn lopdf() -> Peer {
    let measure = |bench: &Bench<'_>, input: &Input| {
        let (out, identity) = (bench.path("lopdf.pdf"), &bench.identity);
        let files = [&input.path, &out, &identity.key_file, &identity.chain_file]
            .map(|path| path.to_string_lossy().into_owned());
        let [file, to, key, chain] = &files;
        let turns = bench.effort.cold_turns(input.bytes);
        let cold = child::run(bench.place, turns, bench.place.program(), &[SIGN, file, to, key, chain], || Ok(()))?;
        let mut warm = Turns::default();
        for _ in 0..turns {
            warm.time(|| sign(&input.path, &out, &identity.key, &identity.chain))?;
        }
        let times = vec![
            Time { job: Job::SignCold, note: "", median_ms: cold.turns.wall().median },
            Time { job: Job::SignWarm, note: "", median_ms: warm.wall().median },
        ];
        Ok(Figures { times, peak_kib: Some(cold.peak_kib) })
    };
    Peer { name: NAME, measure: Box::new(measure) }
}

/// `IN OUT KEY.pem CHAIN.pem`
pub(crate) fn cold(arguments: &[String]) -> Result<(), BenchError> {
    let [file, out, key, chain] = arguments else {
        return Err(BenchError::Usage(format!("{SIGN} IN OUT KEY.pem CHAIN.pem")));
    };
    let key = SigningKey::from_pkcs8_pem(&fs::read_to_string(key)?)?;
    let chain = Chain::from_pem(&fs::read_to_string(chain)?)?;
    sign(Path::new(file), Path::new(out), &key, &chain)
}

fn sign(file: &Path, out: &Path, key: &SigningKey, chain: &Chain) -> Result<(), BenchError> {
    let bytes = fs::read(file)?;
    let document = Document::load_mem(&bytes)?;
    let page = document.get_pages().into_values().next().ok_or(BenchError::failed(NAME, "no page"))?;
    let root = document.trailer.get(b"Root")?.as_reference()?;
    let mut update = IncrementalDocument::create_from(bytes, document);
    add_field(&mut update, page, root)?;
    let mut signed = Vec::new();
    update.save_to(&mut signed)?;
    drop(update);
    fill(&mut signed, key, chain)?;
    Ok(fs::write(out, signed)?)
}

fn add_field(update: &mut IncrementalDocument, page: (u32, u16), root: (u32, u16)) -> Result<(), BenchError> {
    let range = [0, WIDE, WIDE, WIDE].map(Object::Integer).to_vec();
    let signature = update.new_document.add_object(dictionary! {
        "Type" => "Sig",
        "Filter" => "Adobe.PPKLite",
        "SubFilter" => "ETSI.CAdES.detached",
        "ByteRange" => range,
        "Contents" => Object::String(vec![0; RESERVED], StringFormat::Hexadecimal),
    });
    let rectangle = [50, 700, 160, 750].map(Object::Integer).to_vec();
    let widget = update.new_document.add_object(dictionary! {
        "Type" => "Annot",
        "Subtype" => "Widget",
        "FT" => "Sig",
        "T" => Object::string_literal("Bench"),
        "F" => 132,
        "P" => page,
        "Rect" => rectangle,
        "V" => signature,
    });
    for id in [page, root] {
        update.opt_clone_object_to_new_document(id)?;
    }
    let page = update.new_document.get_object_mut(page)?.as_dict_mut()?;
    page.set("Annots", vec![Object::Reference(widget)]);
    let form: Dictionary = dictionary! { "Fields" => vec![Object::Reference(widget)], "SigFlags" => 3 };
    update.new_document.get_object_mut(root)?.as_dict_mut()?.set("AcroForm", form);
    Ok(())
}

/// Writes the range and the signature over what was kept for them.
fn fill(file: &mut [u8], key: &SigningKey, chain: &Chain) -> Result<(), BenchError> {
    let find = |file: &[u8], text: &str| {
        let found = file.windows(text.len()).rposition(|window| window == text.as_bytes());
        found.ok_or(BenchError::failed(NAME, format!("{text} was not written")))
    };
    let zeros = "0".repeat(RESERVED * 2);
    let start = find(file, &zeros)? - 1;
    let end = start + RESERVED * 2 + 2;
    let written = format!("[0 {WIDE} {WIDE} {WIDE}]");
    let at = find(file, &written)?;
    let range = format!("[0 {start} {end} {}]", file.len() - end);
    file[at..at + written.len()].copy_from_slice(format!("{range:<0$}", written.len()).as_bytes());
    let mut hasher = Hasher::new(DigestAlgorithm::Sha256);
    hasher.update(&file[..start]);
    hasher.update(&file[end..]);
    let attributes = SignedAttributes::pades(&hasher.finish(), chain.leaf())?;
    let signature = key.sign(attributes.to_be_signed());
    let signed = attributes.finish(&signature, chain)?;
    for (at, byte) in signed.to_der().iter().enumerate() {
        file[start + 1 + at * 2..start + 3 + at * 2].copy_from_slice(format!("{byte:02x}").as_bytes());
    }
    Ok(())
}
