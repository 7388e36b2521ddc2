//! Cross-references made anew where the file's own lead nowhere: from what they do lead to, or else from the objects that are
//! there, the last of each number.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::source::ReadAt;

use crate::pdf::error::PdfError;
use crate::pdf::limits::{MAX_FOUND_OBJECTS, MAX_RENEWED_BYTES};
use crate::pdf::read::input::Input;
use crate::pdf::read::protection::Encryption;
use crate::pdf::read::reader::Reader;
use crate::pdf::read::relist::relist;
use crate::pdf::read::scan::{Landmarks, scan};
use crate::pdf::read::xref::{Condition, Entry, SectionKind, Xref};
use crate::pdf::syntax::mend::mend;
use crate::pdf::syntax::object::{Object, Value};
use crate::pdf::syntax::token::ObjectId;

type Unlock<'a, S> = dyn Fn(&Reader<S>) -> Result<Option<Encryption>, PdfError> + 'a;

/// Trailers that are tried, newest first.
const MAX_TRAILERS: usize = 64;

/// Opens a file by its objects after `damage` was met. A signed file is refused: the revision that repairs it would change
/// what the signature covers.
pub(super) fn rebuild<S: ReadAt>(
    input: Input<S>,
    unlock: &Unlock<'_, S>,
    damage: PdfError,
) -> Result<Reader<S>, PdfError> {
    if !damage.is_damage() {
        return Err(damage);
    }
    let header = input.header()?;
    let damage = if header.is_none() { PdfError::NotAPdf } else { damage };
    let found = scan(&input)?;
    if found.objects.is_empty() {
        return Err(damage);
    }
    if has_signature(&input, &found) {
        return Err(match damage {
            cut @ PdfError::Truncated => cut,
            _ => PdfError::DamagedXrefSigned,
        });
    }
    let base = header.unwrap_or(0);
    let relisted = relist(&input, base, &found)?;
    let mut entries = listed(&found, base);
    for offset in &found.xref_streams {
        remove_xref_stream(&input, *offset, &found, &mut entries);
    }
    let trailers = trailers(&input, &found);
    let size = input.size;
    let mut reader = Reader::new(input, Xref::rebuilt(base, Vec::new(), SectionKind::Table, empty()), size);
    if let Some(relisted) = relisted {
        match look_by(&mut reader, unlock, relisted).and_then(|()| reader.page_tree()) {
            Ok(_) => {
                leave_out_unreadable(&mut reader)?;
                return Ok(reader);
            }
            Err(error) if error.is_damage() => reader.xref.base = base,
            Err(error) => return Err(error),
        }
    }
    let mut pageless = None;
    for (trailer, kind) in trailers.into_iter().take(MAX_TRAILERS) {
        enter(&mut reader, unlock, &found, (&entries, trailer.clone(), kind))?;
        if reader.page_tree().is_ok() {
            leave_out_unreadable(&mut reader)?;
            return Ok(reader);
        }
        if pageless.is_none() && reader.catalog().is_ok() {
            pageless = Some((trailer, kind));
        }
    }
    // A document without pages can still be signed, though nothing can be shown in it.
    let (trailer, kind) = pageless.ok_or(damage)?;
    enter(&mut reader, unlock, &found, (&entries, trailer, kind))?;
    leave_out_unreadable(&mut reader)?;
    Ok(reader)
}

/// Reads every object there is: what is not well-formed is then known and written anew, and what cannot be read at all is
/// listed no more, so that it is nothing to other readers too.
fn leave_out_unreadable<S: ReadAt>(reader: &mut Reader<S>) -> Result<(), PdfError> {
    let before = reader.input.looked_further();
    let mut entries = reader.xref.live();
    let mut listed: Vec<(u32, Entry)> = entries.iter().map(|(number, entry)| (*number, *entry)).collect();
    // An object stream is unpacked once.
    listed.sort_by_key(|(_, entry)| match *entry {
        Entry::InStream { container, index } => (container, index),
        Entry::Free | Entry::InFile { .. } => (0, 0),
    });
    for (number, entry) in listed {
        let found = match entry {
            Entry::InFile { offset, generation } => reader.in_file(ObjectId { number, generation }, offset),
            Entry::InStream { container, .. } => reader.in_stream(number, container),
            Entry::Free => continue,
        };
        match found {
            Err(error) if error.is_damage() => drop(entries.remove(&number)),
            Err(error) => return Err(error),
            Ok(_) => {}
        }
        // Objects may be made to seem as long as the file, each.
        if reader.input.looked_further() - before > reader.input.size.saturating_mul(4) + MAX_RENEWED_BYTES as u64 {
            return Err(PdfError::LimitExceeded { what: "objects that are not well-formed" });
        }
    }
    let (kind, trailer) = (reader.xref.newest().kind, reader.xref.trailer().clone());
    reader.xref = Xref::rebuilt(reader.xref.base, entries.into_iter().collect(), kind, trailer);
    Ok(())
}

/// Objects that are not well-formed are not put right in a signed file: that would change what was signed.
pub(super) fn check_may_renew<S: ReadAt>(reader: &Reader<S>) -> Result<(), PdfError> {
    let Some(first) = reader.renewed.first() else { return Ok(()) };
    if reader.xref.condition != Condition::Rebuilt && is_signed(reader)? {
        let what = "an object of a signed file is not well-formed";
        return Err(PdfError::DamagedObject { offset: first.offset.unwrap_or_default(), what });
    }
    Ok(())
}

/// Has a reader see the file by one of the trailers found.
fn enter<S: ReadAt>(
    reader: &mut Reader<S>,
    unlock: &Unlock<'_, S>,
    found: &Landmarks,
    (entries, trailer, kind): (&BTreeMap<u32, Entry>, Value, SectionKind),
) -> Result<(), PdfError> {
    let base = reader.xref.base;
    look_by(reader, unlock, Xref::rebuilt(base, entries.clone().into_iter().collect(), kind, trailer.clone()))?;
    let all = with_packed(reader, found, entries.clone())?;
    let is_packed = all.values().any(|entry| matches!(entry, Entry::InStream { .. }));
    let kind = if is_packed { SectionKind::Stream } else { kind };
    reader.xref = Xref::rebuilt(base, all.into_iter().collect(), kind, trailer);
    Ok(())
}

fn look_by<S: ReadAt>(reader: &mut Reader<S>, unlock: &Unlock<'_, S>, xref: Xref) -> Result<(), PdfError> {
    reader.xref = xref;
    reader.containers.take();
    reader.renewed.clear();
    reader.encryption = None;
    reader.encryption = unlock(reader)?;
    Ok(())
}

/// Whether any object of a file is a signature.
pub(super) fn is_signed<S: ReadAt>(reader: &Reader<S>) -> Result<bool, PdfError> {
    Ok(has_signature(&reader.input, &scan(&reader.input)?))
}

/// Whether any object of a file is a signature that could hold: one whose `/ByteRange` leaves out its own `/Contents` and
/// nothing else. A file that ends too early for it was cut.
fn has_signature<S: ReadAt>(input: &Input<S>, found: &Landmarks) -> bool {
    found.byte_ranges.iter().any(|offset| {
        let Ok(indirect) = input.indirect(*offset) else { return false };
        let root = Arc::new(indirect.object).root();
        // A field may hold its signature as a direct value.
        leaves_out_its_contents(&root) || root.get("V").is_some_and(|value| leaves_out_its_contents(&value))
    })
}

fn leaves_out_its_contents(signature: &Value) -> bool {
    let contents = signature.get("Contents").and_then(|contents| contents.file_span());
    let range = signature.get("ByteRange").map(|range| range.elements()).unwrap_or_default();
    let numbers: Option<Vec<u64>> = range.iter().map(Value::unsigned).collect();
    match (contents, numbers.as_deref()) {
        (Some(contents), Some([0, before, resume, _])) => contents == (*before..*resume),
        _ => false,
    }
}

/// What served as a cross-reference is of no use any more.
fn remove_xref_stream<S: ReadAt>(input: &Input<S>, offset: u64, found: &Landmarks, entries: &mut BTreeMap<u32, Entry>) {
    let Ok(indirect) = input.indirect(offset) else { return };
    let number = indirect.id.number;
    let is_newest = found.objects.get(&number).is_some_and(|mark| mark.offset == offset);
    let root = Arc::new(indirect.object).root();
    if is_newest && root.get("Type").is_some_and(|kind| kind.is_name(b"XRef")) {
        entries.remove(&number);
    }
}

fn listed(found: &Landmarks, base: u64) -> BTreeMap<u32, Entry> {
    let objects = found.objects.iter();
    let entries = objects.filter_map(|(number, mark)| {
        let offset = mark.offset.checked_sub(base)?;
        Some((*number, Entry::InFile { offset, generation: mark.generation }))
    });
    entries.collect()
}

/// Adds what is in object streams: what stands later in the file goes before what stands earlier.
fn with_packed<S: ReadAt>(
    reader: &Reader<S>,
    found: &Landmarks,
    mut entries: BTreeMap<u32, Entry>,
) -> Result<BTreeMap<u32, Entry>, PdfError> {
    for offset in &found.containers {
        let Ok(indirect) = reader.input.indirect(*offset) else { continue };
        let number = indirect.id.number;
        let is_newest = found.objects.get(&number).is_some_and(|mark| mark.offset == *offset);
        let is_container = indirect.object.stream.is_some();
        if !is_newest || !is_container {
            continue;
        }
        let container = match reader.container(number) {
            Ok(container) => container,
            Err(limit @ PdfError::LimitExceeded { .. }) => return Err(limit),
            Err(_) => continue,
        };
        for (place, (packed, _)) in container.index.iter().enumerate() {
            let is_later = found.objects.get(packed).is_none_or(|mark| mark.offset < *offset);
            let Ok(index) = u32::try_from(place) else { continue };
            if is_later && *packed > 0 && *packed != number {
                entries.insert(*packed, Entry::InStream { container: number, index });
            }
        }
        if entries.len() > MAX_FOUND_OBJECTS {
            return Err(PdfError::LimitExceeded { what: "objects in the file" });
        }
    }
    Ok(entries)
}

/// What may serve as a trailer, best first: trailers of the file that name a catalog, newest first, then one made for each
/// catalog.
fn trailers<S: ReadAt>(input: &Input<S>, found: &Landmarks) -> Vec<(Value, SectionKind)> {
    let tables = found.trailers.iter().rev().take(MAX_TRAILERS).filter_map(|at| Some((*at, trailer_at(input, *at)?)));
    let mut written: Vec<(u64, Value, SectionKind)> =
        tables.map(|(at, trailer)| (at, trailer, SectionKind::Table)).collect();
    let streams = found.xref_streams.iter().rev().take(MAX_TRAILERS);
    let streams = streams.filter_map(|at| Some((*at, Arc::new(input.indirect(*at).ok()?.object).root())));
    written.extend(streams.map(|(at, trailer)| (at, trailer, SectionKind::Stream)));
    written.retain(|(_, trailer, _)| trailer.is_dictionary());
    written.sort_by_key(|(at, ..)| std::cmp::Reverse(*at));
    // A made trailer needs what opens the file.
    let mut beside = Vec::new();
    for key in ["Encrypt", "ID", "Info"] {
        if let Some(value) = written.iter().find_map(|(_, trailer, _)| trailer.get(key)) {
            beside.extend_from_slice(&[b" /", key.as_bytes(), b" ", value.raw()].concat());
        }
    }
    let kind = written.first().map_or(SectionKind::Table, |(.., kind)| *kind);
    let made = found.catalogs.iter().rev().take(MAX_TRAILERS).filter_map(|at| {
        let ObjectId { number, generation } = input.indirect(*at).ok()?.id;
        let root = format!("<</Root {number} {generation} R").into_bytes();
        let trailer = Object::parse([root.as_slice(), &beside, b">>"].concat(), 0).ok()?;
        Some((Arc::new(trailer).root(), kind))
    });
    let made: Vec<_> = made.collect();
    let named = written.into_iter().filter(|(_, trailer, _)| trailer.get("Root").is_some());
    named.map(|(_, trailer, kind)| (trailer, kind)).chain(made).collect()
}

fn trailer_at<S: ReadAt>(input: &Input<S>, at: u64) -> Option<Value> {
    let (mended, _) = input.grow(at, |bytes, tail| mend(bytes, 0, tail)).ok()?;
    Some(Arc::new(Object::parse(mended.bytes, 0).ok()?).root())
}

fn empty() -> Value {
    Object::null().root()
}
