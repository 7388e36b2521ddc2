//! Certificates and revocation data in the document security store (ISO 32000-2, 12.8.4.3).

use eseal_crypto::cert::Certificate;

use crate::source::ReadAt;
use crate::trust::Knowledge;

use crate::pdf::error::PdfError;
use crate::pdf::read::reader::Reader;
use crate::pdf::sign::validation_data::{Kind, listed};

/// What the store holds. What cannot be read is left out.
pub(super) fn knowledge<S: ReadAt>(reader: &Reader<S>) -> Result<Knowledge, PdfError> {
    match read(reader) {
        Err(error) if error.is_damage() => Ok(Knowledge::default()),
        outcome => outcome,
    }
}

fn read<S: ReadAt>(reader: &Reader<S>) -> Result<Knowledge, PdfError> {
    let store = reader.lookup(&reader.catalog()?, "DSS")?;
    let mut knowledge = Knowledge::default();
    let certificates = listed(reader, &store, Kind::Certificate)?;
    knowledge.learn(certificates.into_iter().filter_map(|(_, der)| Certificate::from_der(&der).ok()));
    let responses = listed(reader, &store, Kind::OcspResponse)?.into_iter().map(|(_, der)| der);
    let crls = listed(reader, &store, Kind::Crl)?.into_iter().map(|(_, der)| der);
    knowledge.add_revocation(responses, crls);
    Ok(knowledge)
}
