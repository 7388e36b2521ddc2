use const_oid::db::rfc5280::{ID_CE_AUTHORITY_KEY_IDENTIFIER, ID_CE_CRL_NUMBER, ID_CE_CRL_REASONS};
use der::asn1::{BitString, Uint};
use der::{Encode, Sequence};
use spki::AlgorithmIdentifierOwned;
use x509_cert::ext::Extension;
use x509_cert::ext::pkix::{AuthorityKeyIdentifier, CrlNumber};
use x509_cert::name::Name;
use x509_cert::serial_number::SerialNumber;
use x509_cert::time::Time;

use super::crl::RevokedEntry;
use super::ocsp_structure::ReasonCode;
use super::{RevocationError, RevocationReason};
use crate::cert::{Issuer, UnixTime, informative, key_identifier};

/// A certificate that was taken back, for a CRL.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RevokedCertificate {
    /// Its serial number, as [`crate::cert::Certificate::serial`] gives it.
    pub serial: Vec<u8>,
    /// Since when.
    pub at: UnixTime,
    /// Why.
    pub reason: RevocationReason,
}

/// `TBSCertList` (RFC 5280 §5.1.2) as it is written.
#[derive(Sequence)]
struct TbsCertList {
    version: u8,
    signature: AlgorithmIdentifierOwned,
    issuer: Name,
    this_update: Time,
    next_update: Time,
    #[asn1(optional = "true")]
    revoked_certificates: Option<Vec<RevokedEntry>>,
    #[asn1(context_specific = "0", tag_mode = "EXPLICIT")]
    extensions: Vec<Extension>,
}

/// `CertificateList` (RFC 5280 §5.1).
#[derive(Sequence)]
struct CertificateList {
    tbs_cert_list: TbsCertList,
    signature_algorithm: AlgorithmIdentifierOwned,
    signature: BitString,
}

impl Issuer {
    /// Signs a list of the certificates that this CA took back, in DER. `number` must be larger each time
    /// (RFC 5280 §5.2.3); there is no newer list before `next_update`.
    ///
    /// # Errors
    /// [`RevocationError::CannotState`] when the CA's certificate does not let it sign lists or is not valid at
    /// `this_update`, or a serial number or time cannot be written.
    pub fn issue_crl(
        &self,
        number: u64,
        this_update: UnixTime,
        next_update: UnixTime,
        revoked: impl IntoIterator<Item = RevokedCertificate>,
    ) -> Result<Vec<u8>, RevocationError> {
        let may_sign = self.certificate().key_usage().is_some_and(|usage| usage.crl_sign());
        if !may_sign || !self.certificate().validity().includes(this_update) {
            return Err(RevocationError::CannotState);
        }
        self.write_crl(number, this_update, next_update, revoked).map_err(|_| RevocationError::CannotState)
    }

    fn write_crl(
        &self,
        number: u64,
        this_update: UnixTime,
        next_update: UnixTime,
        revoked: impl IntoIterator<Item = RevokedCertificate>,
    ) -> der::Result<Vec<u8>> {
        let algorithm = self.key().suite().signature_algorithm();
        let entries = revoked.into_iter().map(|one| entry(&one)).collect::<der::Result<Vec<_>>>()?;
        let key = key_identifier(self.key().public_key())?;
        let authority = AuthorityKeyIdentifier { key_identifier: Some(key), ..Default::default() };
        let tbs_cert_list = TbsCertList {
            version: 1,
            signature: algorithm.clone(),
            issuer: self.certificate().subject().clone(),
            this_update: this_update.to_x509()?,
            next_update: next_update.to_x509()?,
            revoked_certificates: Some(entries).filter(|entries| !entries.is_empty()),
            extensions: vec![
                informative(ID_CE_AUTHORITY_KEY_IDENTIFIER, &authority)?,
                informative(ID_CE_CRL_NUMBER, &CrlNumber(Uint::try_from(number)?))?,
            ],
        };
        let signature = BitString::from_bytes(&self.key().sign(&tbs_cert_list.to_der()?).to_der())?;
        CertificateList { tbs_cert_list, signature_algorithm: algorithm, signature }.to_der()
    }
}

fn entry(revoked: &RevokedCertificate) -> der::Result<RevokedEntry> {
    // No reason is better left out than given as "unspecified" (RFC 5280 §5.3.1).
    let extensions = match revoked.reason {
        RevocationReason::Unspecified => None,
        reason => Some(vec![informative(ID_CE_CRL_REASONS, &ReasonCode(reason.code()))?]),
    };
    Ok(RevokedEntry {
        serial_number: SerialNumber::new(&revoked.serial)?,
        revocation_date: revoked.at.to_x509()?,
        extensions,
    })
}
