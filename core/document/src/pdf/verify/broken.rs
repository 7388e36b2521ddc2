//! Whether there is anything left of a signature that another revision could still break.

use eseal_crypto::cms::{CmsError, SignedData};
use eseal_crypto::ses::SealSignature;

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
    let read = (SealSignature::from_padded_der(&contents), SignedData::from_padded_der(&contents));
    let algorithm = match &read {
        (Ok(seal), _) => seal.digest_algorithm().ok(),
        (_, Ok(signed_data)) => signed_data.digest_algorithm().ok(),
        (_, Err(CmsError::UnsupportedAlgorithm { .. })) => return Ok(false),
        (_, Err(_)) => return Ok(true),
    };
    let Some(algorithm) = algorithm else { return Ok(false) };
    let digests = Digests::of(reader, &[(covered.clone(), algorithm)])?;
    let Some(digest) = digests.find(&covered, algorithm) else { return Ok(false) };
    Ok(match read {
        (Ok(seal), _) => seal.verify_data(digest).is_err(),
        (_, signed_data) => signed_data.and_then(|value| value.states(digest)).is_ok_and(|is_stated| !is_stated),
    })
}
