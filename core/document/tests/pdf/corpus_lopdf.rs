//! The same corpus signed with lopdf, as plainly as its interface invites to, for comparison.

use std::fmt::Write as _;
use std::fs;
use std::path::PathBuf;

use eseal_crypto::cms::{SignedAttributes, estimated_size};
use eseal_crypto::digest::{Digest, DigestAlgorithm};
use lopdf::{Dictionary, Document, IncrementalDocument, LoadOptions, Object, ObjectId, StringFormat, dictionary};

use crate::corpus::files;
use crate::party::Party;

/// What is put where `/ByteRange` will be.
const RANGE: &str = "[0 1111111111 2222222222 3333333333]";

fn sign(party: &Party, file: &[u8], password: &str) -> Result<Vec<u8>, String> {
    let said = |error: lopdf::Error| error.to_string();
    let document = Document::load_mem_with_options(file, LoadOptions::with_password(password)).map_err(said)?;
    let page = *document.get_pages().get(&1).ok_or("no page")?;
    let mut update = IncrementalDocument::create_from(file.to_vec(), document);
    let reserved = estimated_size(&party.chain, 0);
    let signature = update.new_document.add_object(dictionary! {
        "Type" => "Sig",
        "Filter" => "Adobe.PPKLite",
        "SubFilter" => "ETSI.CAdES.detached",
        "ByteRange" => Object::Array([0_i64, 1_111_111_111, 2_222_222_222, 3_333_333_333].map(Object::Integer).to_vec()),
        "Contents" => Object::String(vec![0; reserved], StringFormat::Hexadecimal),
    });
    let field = update.new_document.add_object(dictionary! {
        "Type" => "Annot",
        "Subtype" => "Widget",
        "FT" => "Sig",
        "T" => Object::string_literal("LopdfPeer"),
        "F" => 132,
        "V" => Object::Reference(signature),
        "P" => Object::Reference(page),
        "Rect" => Object::Array(vec![0.into(), 0.into(), 113.into(), 57.into()]),
    });
    push(&mut update, page, "Annots", field).map_err(said)?;
    add_to_form(&mut update, field).map_err(said)?;
    let mut out = Vec::new();
    update.save_to(&mut out).map_err(|error| error.to_string())?;
    finish(party, out, file.len())
}

/// Puts a reference into an array of an object, which may be an object of its own.
fn push(update: &mut IncrementalDocument, holder: ObjectId, key: &str, element: ObjectId) -> lopdf::Result<()> {
    update.opt_clone_object_to_new_document(holder)?;
    let dictionary = update.new_document.get_object(holder)?.as_dict()?.clone();
    if let Ok(list) = dictionary.get(key.as_bytes()).and_then(Object::as_reference) {
        update.opt_clone_object_to_new_document(list)?;
        update.new_document.get_object_mut(list)?.as_array_mut()?.push(Object::Reference(element));
        return Ok(());
    }
    let dictionary = update.new_document.get_object_mut(holder)?.as_dict_mut()?;
    let mut list = dictionary.get(key.as_bytes()).and_then(Object::as_array).cloned().unwrap_or_default();
    list.push(Object::Reference(element));
    dictionary.set(key, list);
    Ok(())
}

fn add_to_form(update: &mut IncrementalDocument, field: ObjectId) -> lopdf::Result<()> {
    let root = update.get_prev_documents().trailer.get(b"Root")?.as_reference()?;
    let catalog = update.get_prev_documents().get_object(root)?.as_dict()?.clone();
    if let Ok(form) = catalog.get(b"AcroForm").and_then(Object::as_reference) {
        push(update, form, "Fields", field)?;
        update.new_document.get_object_mut(form)?.as_dict_mut()?.set("SigFlags", 3);
        return Ok(());
    }
    let mut form = catalog.get(b"AcroForm").and_then(Object::as_dict).cloned().unwrap_or_else(|_| Dictionary::new());
    let mut fields = form.get(b"Fields").and_then(Object::as_array).cloned().unwrap_or_default();
    fields.push(Object::Reference(field));
    form.set("Fields", fields);
    form.set("SigFlags", 3);
    update.opt_clone_object_to_new_document(root)?;
    update.new_document.get_object_mut(root)?.as_dict_mut()?.set("AcroForm", form);
    Ok(())
}

/// Fills in what is known only when all is written.
fn finish(party: &Party, mut file: Vec<u8>, old: usize) -> Result<Vec<u8>, String> {
    let find = |file: &[u8], what: &[u8]| {
        file[old..].windows(what.len()).position(|window| window == what).map(|at| at + old).ok_or("no placeholder")
    };
    let range = find(&file, RANGE.as_bytes())?;
    let start = find(&file, b"/Contents<0000")? + 9;
    let end = start + file[start..].iter().position(|byte| *byte == b'>').ok_or("no end")? + 1;
    let text = format!("[0 {start} {end} {}]", file.len() - end);
    file[range..range + RANGE.len()].copy_from_slice(format!("{text:<width$}", width = RANGE.len()).as_bytes());
    let digest = Digest::of(DigestAlgorithm::Sha256, &[&file[..start], &file[end..]].concat());
    let attributes = SignedAttributes::pades(&digest, party.chain.leaf()).map_err(|error| error.to_string())?;
    let signature = party.key.sign(attributes.to_be_signed());
    let cms = attributes.finish(&signature, &party.chain).map_err(|error| error.to_string())?;
    let mut digits = String::new();
    for byte in cms.to_der() {
        write!(digits, "{byte:02x}").map_err(|error| error.to_string())?;
    }
    file.get_mut(start + 1..start + 1 + digits.len()).ok_or("too long")?.copy_from_slice(digits.as_bytes());
    Ok(file)
}

/// Slow. Leaves the signed files and `outcomes.tsv` in the folder that `ESEAL_CORPUS_LOPDF_OUT` names, for
/// `tests/interop/corpus_judge.py`; `ESEAL_CORPUS_OUT` names our own, from which the passwords are taken.
#[test]
#[ignore = "a peer for comparison"]
fn the_corpus_signed_by_lopdf() {
    let Some(folder) = std::env::var_os("ESEAL_CORPUS_LOPDF_OUT").map(PathBuf::from) else {
        println!("SKIPPED corpus_lopdf::the_corpus_signed_by_lopdf: ESEAL_CORPUS_LOPDF_OUT names no folder");
        return;
    };
    let ours = std::env::var_os("ESEAL_CORPUS_OUT").map(|ours| PathBuf::from(ours).join("outcomes.tsv"));
    let ours = ours.and_then(|ours| fs::read_to_string(ours).ok()).unwrap_or_default();
    let party = Party::new("Test", 1);
    let mut outcomes = String::new();
    for path in files() {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let password = ours.lines().find(|line| line.starts_with(&name)).and_then(|line| line.rsplit('\t').next());
        let password = password.unwrap_or_default();
        let file = fs::read(&path).unwrap();
        let begin = std::time::Instant::now();
        let outcome = sign(&party, &file, password);
        let milliseconds = begin.elapsed().as_secs_f64() * 1e3;
        let said = outcome.as_ref().err().map_or("sealed".to_owned(), |error| error.replace(['\t', '\n'], " "));
        writeln!(outcomes, "{name}\t{said}\t{milliseconds:.2}\t{password}").unwrap();
        if let Ok(signed) = outcome {
            fs::write(folder.join(&name), signed).unwrap();
        }
    }
    fs::write(folder.join("outcomes.tsv"), outcomes).unwrap();
}
