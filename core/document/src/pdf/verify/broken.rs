//! Whether there is anything left of a signature that another revision could still break.

use eseal_crypto::cms::{CmsError, SignedData};

use crate::source::ReadAt;

use super::byte_range;
use super::hashing::Digests;
use crate::pdf::error::PdfError;
use crate::pdf::read::reader::Reader;
use crate::pdf::syntax::object::Value;

/// Whether a signature is certainly broken: it is not where it says, it is no signature, or the bytes it covers are not
/// those that were signed. Of what cannot be checked here nothing is said.
pub(crate) fn is_broken<S: ReadAt>(reader: &Reader<S>, signature: &Value) -> Result<bool, PdfError> {
    let Ok(covered) = byte_range::read(signature, reader.input.size) else { return Ok(true) };
    let Some(contents) = byte_range::contents(signature) else { return Ok(true) };
    let signed_data = match SignedData::from_padded_der(&contents) {
        Ok(signed_data) => signed_data,
        Err(CmsError::UnsupportedAlgorithm { .. }) => return Ok(false),
        Err(_) => return Ok(true),
    };
    let Ok(algorithm) = signed_data.digest_algorithm() else { return Ok(false) };
    let digests = Digests::of(reader, &[(covered.clone(), algorithm)])?;
    let Some(digest) = digests.find(&covered, algorithm) else { return Ok(false) };
    Ok(signed_data.states(digest).is_ok_and(|is_stated| !is_stated))
}
