//! Saying in the catalog what goes beyond the file's version of PDF (ISO 32000-2, 7.12).

use eseal_crypto::Suite;
use eseal_crypto::cms::CmsError;

use crate::source::ReadAt;

use crate::pdf::error::PdfError;
use crate::pdf::form::Field;
use crate::pdf::form::empty::is_signed;
use crate::pdf::read::reader::Reader;
use crate::pdf::sign::request::{Packing, Profile, StampRequest};
use crate::pdf::write::revision::Revision;

/// `PAdES` in a file that is older than PDF 2.0, which knows it (ETSI EN 319 142-1, 5.6).
const ESIC: (&str, &str) = ("ESIC", "<</BaseVersion /1.7 /ExtensionLevel 1>>");
/// The curve P-256 in a file of PDF 2.0 (ISO/TS 32002).
const ISO: (&str, &str) = ("ISO_", "[<</BaseVersion /2.0 /ExtensionLevel 32002 /ExtensionRevision (:2022)>>]");
/// How far behind `%PDF-` the version is looked for.
const VERSION_WINDOW: usize = 16;

/// Declares what the first signature of a file uses. Once somebody has signed, the catalog stays as it is: no reader needs
/// the declaration, and some take its change for more than it is.
pub(super) fn declare<S: ReadAt>(
    reader: &Reader<S>,
    revision: &mut Revision,
    fields: &[Field],
    request: &StampRequest<'_>,
) -> Result<(), PdfError> {
    for field in fields.iter().filter(|field| field.is_signature) {
        if is_signed(reader, field)? {
            return Ok(());
        }
    }
    let suite = request.signer.leaf().public_key().map_err(CmsError::from)?.suite();
    let (key, declaration) = match (is_version_2(reader)?, request.packing, suite) {
        (true, _, Suite::EcdsaP256Sha256) => ISO,
        (false, Packing::Cms(Profile::Pades), _) => ESIC,
        _ => return Ok(()),
    };
    let catalog = reader.catalog()?;
    let root = reader.root_id()?;
    let (id, extensions) = reader.locate(catalog.get("Extensions"))?;
    if !extensions.is_dictionary() {
        let value = format!("<</{key} {declaration}>>");
        revision.edit(root, &catalog).set(&catalog, "Extensions", value.as_bytes());
    } else if extensions.get(key).is_none() {
        revision.edit(id.unwrap_or(root), &extensions).set(&extensions, key, declaration.as_bytes());
    }
    Ok(())
}

/// By the header, or by the catalog, which may say more (ISO 32000-2, 7.5.2).
fn is_version_2<S: ReadAt>(reader: &Reader<S>) -> Result<bool, PdfError> {
    let header = reader.input.bytes(reader.input.header()?.unwrap_or_default(), VERSION_WINDOW)?;
    let stated = reader.lookup(&reader.catalog()?, "Version")?.name().unwrap_or_default();
    Ok(header.starts_with(b"%PDF-2") || stated.starts_with(b"2"))
}
