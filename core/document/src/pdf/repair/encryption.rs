//! An encryption dictionary that does not say how long the key is which opens the file.

use crate::source::ReadAt;

use crate::pdf::error::PdfError;
use crate::pdf::read::protection::Encryption;
use crate::pdf::read::reader::Reader;
use crate::pdf::write::splice::Draft;

pub(super) fn is_misstated(encryption: &Encryption) -> bool {
    encryption.misstated_key_bytes().is_some()
}

/// Says the length of the key (ISO 32000-2, table 20). Whether it was said wrong, and can be put right.
pub(super) fn state_key_length<S: ReadAt>(reader: &mut Reader<S>) -> Result<bool, PdfError> {
    let Some(encryption) = reader.encryption() else { return Ok(false) };
    let (Some(key_bytes), Some(own)) = (encryption.misstated_key_bytes(), encryption.own) else { return Ok(false) };
    let dictionary = reader.get(own)?;
    let mut draft = Draft::new(&dictionary);
    draft.set(&dictionary, "Length", (key_bytes * 8).to_string().as_bytes());
    reader.renew(own, draft.finish())?;
    reader.describe_encryption_anew()?;
    Ok(true)
}
