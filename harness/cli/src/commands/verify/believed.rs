//! What documents are judged by: what the caller believes, and the word on revocation that the caller brings.

use std::path::{Path, PathBuf};

use eseal_crypto::cert::TrustAnchors;
use eseal_crypto::revocation::{Crl, OcspResponse, RevocationData};
use eseal_document::VerifyOptions;

use crate::args::Verify;
use crate::commands::{Refusal, now, read, read_text};

pub(super) fn options(arguments: &Verify, anchors: TrustAnchors) -> Result<VerifyOptions, Refusal> {
    let mut options = VerifyOptions::new(anchors, now()).revocation(revocation(&arguments.revocation)?);
    if !arguments.trust_makers.is_empty() {
        options = options.maker_anchors(self::anchors(&arguments.trust_makers)?);
    }
    Ok(options)
}

pub(in crate::commands) fn anchors(files: &[impl AsRef<Path>]) -> Result<TrustAnchors, Refusal> {
    let pem: String = files.iter().map(|file| read_text(file.as_ref())).collect::<Result<_, _>>()?;
    TrustAnchors::from_pem(&pem).map_err(|error| Refusal::unreadable(error.code(), error))
}

/// CRLs and OCSP responses, told apart by what they hold.
fn revocation(files: &[PathBuf]) -> Result<RevocationData, Refusal> {
    let mut data = RevocationData::new();
    for file in files {
        let der = read(file)?;
        if let Ok(crl) = Crl::from_der(&der) {
            data.add_crl(crl);
        } else {
            data.add_ocsp(OcspResponse::from_der(&der).map_err(|error| Refusal::unreadable(error.code(), error))?);
        }
    }
    Ok(data)
}
