//! The camera of a phone that has none: a picture in, the code's text out.

use eseal_qr::decode_picture;

use super::DemoError;

/// Reads the one code of a picture.
///
/// # Errors
/// `qr.…` when there is none.
pub fn read_code(picture: &[u8]) -> Result<String, DemoError> {
    let codes = decode_picture(picture).map_err(eseal_sdk::Error::from)?;
    codes.into_iter().next().map(|code| code.text).ok_or_else(|| DemoError::Check("no code in the picture".to_owned()))
}
