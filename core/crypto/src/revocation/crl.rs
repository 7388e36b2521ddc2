use std::fmt;
use std::ops::Range;

use const_oid::ObjectIdentifier;
use const_oid::db::rfc5280::{ID_CE_CRL_NUMBER, ID_CE_CRL_REASONS, ID_CE_ISSUING_DISTRIBUTION_POINT};
use der::asn1::{BitString, ContextSpecific};
use der::{Decode, Encode, Header, Reader, Sequence, SliceReader, Tag, TagNumber};
use spki::AlgorithmIdentifierOwned;
use x509_cert::ext::Extension;
use x509_cert::ext::pkix::crl::IssuingDistributionPoint;
use x509_cert::name::Name;
use x509_cert::serial_number::SerialNumber;
use x509_cert::time::Time;

use super::ocsp_structure::ReasonCode;
use super::{EvidenceSource, RevocationError, RevocationEvidence, RevocationReason, RevocationStatus};
use crate::cert::{Certificate, UnixTime, urls};
use crate::gen_time::GenTime;
use crate::oid::EXPIRED_CERTS_ON_CRL;

/// Longest CRL that is read, in bytes: some 200,000 certificates taken back.
pub const MAX_CRL_LEN: usize = 8 * 1024 * 1024;

/// A CA's signed list of the certificates it took back (`CertificateList`, RFC 5280 §5.1), read but not yet believed:
/// [`Self::evidence`] checks who signed it. The list itself stays in bytes and is searched there.
#[derive(Clone)]
pub struct Crl {
    der: Vec<u8>,
    /// The signed part.
    tbs: Range<usize>,
    /// The revoked certificates, without the frame around them.
    revoked: Range<usize>,
    issuer: Name,
    this_update: UnixTime,
    next_update: Option<UnixTime>,
    extensions: Vec<Extension>,
    algorithm: AlgorithmIdentifierOwned,
    signature: Vec<u8>,
}

/// An entry of `revokedCertificates`.
#[derive(Sequence)]
pub(super) struct RevokedEntry {
    pub(super) serial_number: SerialNumber,
    pub(super) revocation_date: Time,
    #[asn1(optional = "true")]
    pub(super) extensions: Option<Vec<Extension>>,
}

impl Crl {
    /// Reads a DER `CertificateList`.
    ///
    /// # Errors
    /// [`RevocationError::TooLong`] or [`RevocationError::Malformed`].
    pub fn from_der(der: &[u8]) -> Result<Self, RevocationError> {
        if der.len() > MAX_CRL_LEN {
            return Err(RevocationError::TooLong);
        }
        Ok(Self::read(der)?)
    }

    fn read(der: &[u8]) -> der::Result<Self> {
        let mut outer = SliceReader::new(der)?;
        open_all(&mut outer)?;
        let tbs_start = position(&outer)?;
        let tbs = outer.tlv_bytes()?;
        let algorithm = AlgorithmIdentifierOwned::decode(&mut outer)?;
        let signature = BitString::decode(&mut outer)?;
        outer.finish()?;

        let mut inner = SliceReader::new(tbs)?;
        open_all(&mut inner)?;
        // v2 is written, v1 left out.
        let _version = Option::<u8>::decode(&mut inner)?;
        let is_algorithm = AlgorithmIdentifierOwned::decode(&mut inner)? == algorithm;
        let issuer = Name::decode(&mut inner)?;
        let this_update = UnixTime::from_x509(Time::decode(&mut inner)?);
        let next_update = Option::<Time>::decode(&mut inner)?.map(UnixTime::from_x509);
        let mut revoked = 0..0;
        if !inner.is_finished() && Tag::peek(&inner)? == Tag::Sequence {
            let length = Header::decode(&mut inner)?.length();
            let start = tbs_start + position(&inner)?;
            revoked = start..start + usize::try_from(length)?;
            inner.drain(length)?;
        }
        let extensions = ContextSpecific::<Vec<Extension>>::decode_explicit(&mut inner, TagNumber(0))?;
        inner.finish()?;
        Ok(Self {
            der: der.to_vec(),
            tbs: tbs_start..tbs_start + tbs.len(),
            revoked,
            issuer,
            this_update,
            next_update,
            extensions: extensions.map(|tagged| tagged.value).unwrap_or_default(),
            algorithm,
            // Signed twice, once inside: another algorithm outside is a known trick (RFC 5280 §5.1.1.2).
            signature: signature.as_bytes().filter(|_| is_algorithm).ok_or(der::ErrorKind::Failed)?.to_vec(),
        })
    }

    /// The DER bytes that were read.
    #[must_use]
    pub fn to_der(&self) -> &[u8] {
        &self.der
    }

    /// As of when it is true.
    #[must_use]
    pub const fn this_update(&self) -> UnixTime {
        self.this_update
    }

    /// Until when there will be a newer one.
    #[must_use]
    pub const fn next_update(&self) -> Option<UnixTime> {
        self.next_update
    }

    /// What it says of a certificate, after its signature was seen to be the issuer's, which may sign CRLs, and the
    /// certificate to be one of those that the list is about.
    ///
    /// # Errors
    /// [`RevocationError::NotCovered`], [`RevocationError::WrongIssuer`], [`RevocationError::BadSignature`],
    /// [`RevocationError::UnknownCriticalExtension`] (delta and indirect lists, too), [`RevocationError::Malformed`],
    /// [`RevocationError::UnsupportedAlgorithm`] or [`RevocationError::WeakAlgorithm`].
    pub fn evidence(
        &self,
        certificate: &Certificate,
        issuer: &Certificate,
    ) -> Result<RevocationEvidence, RevocationError> {
        if self.issuer != *issuer.subject() || !certificate.names_issuer(issuer) {
            return Err(RevocationError::NotCovered);
        }
        if issuer.key_usage().is_some_and(|usage| !usage.crl_sign()) {
            return Err(RevocationError::WrongIssuer);
        }
        self.check_scope(certificate)?;
        let signed = self.der.get(self.tbs.clone()).unwrap_or_default();
        issuer.verify_signed(&self.algorithm, signed, &self.signature)?;
        let status = match self.entry(certificate.serial_number())? {
            None => RevocationStatus::Good,
            Some(entry) => {
                RevocationStatus::Revoked { at: UnixTime::from_x509(entry.revocation_date), reason: reason(&entry)? }
            }
        };
        let evidence = RevocationEvidence {
            source: EvidenceSource::Crl,
            status,
            this_update: self.this_update,
            next_update: self.next_update,
        };
        let kept_since = self.extension(EXPIRED_CERTS_ON_CRL).and_then(|value| GenTime::from_der(value).ok());
        Ok(evidence.for_certificate(certificate, kept_since.map(|time| time.0)))
    }

    /// Whether the list is about such certificates, and all that narrows it is understood (RFC 5280 §5.2, §6.3.3 b 2).
    fn check_scope(&self, certificate: &Certificate) -> Result<(), RevocationError> {
        let understood = [ID_CE_ISSUING_DISTRIBUTION_POINT, ID_CE_CRL_NUMBER, EXPIRED_CERTS_ON_CRL];
        let is_strange = |extension: &Extension| extension.critical && !understood.contains(&extension.extn_id);
        if self.extensions.iter().any(is_strange) {
            return Err(RevocationError::UnknownCriticalExtension);
        }
        let Some(point) = self.extension(ID_CE_ISSUING_DISTRIBUTION_POINT) else { return Ok(()) };
        let point = IssuingDistributionPoint::from_der(point)?;
        if point.indirect_crl || point.only_some_reasons.is_some() {
            return Err(RevocationError::UnknownCriticalExtension);
        }
        let is_other_kind = (point.only_contains_user_certs && certificate.is_ca())
            || (point.only_contains_ca_certs && !certificate.is_ca())
            || point.only_contains_attribute_certs;
        let places = urls(point.distribution_point.as_ref());
        let is_other_part = point.distribution_point.is_some()
            && !places.iter().any(|place| certificate.services().crls.contains(place));
        if is_other_kind || is_other_part { Err(RevocationError::NotCovered) } else { Ok(()) }
    }

    fn extension(&self, oid: ObjectIdentifier) -> Option<&[u8]> {
        let extension = self.extensions.iter().find(|extension| extension.extn_id == oid);
        extension.map(|extension| extension.extn_value.as_bytes())
    }

    /// The entry of a serial number. Only the serials of the others are looked at.
    fn entry(&self, serial: &SerialNumber) -> Result<Option<RevokedEntry>, RevocationError> {
        let wanted = serial.to_der()?;
        let mut reader = SliceReader::new(self.der.get(self.revoked.clone()).unwrap_or_default())?;
        while !reader.is_finished() {
            let entry = reader.tlv_bytes()?;
            let mut inside = SliceReader::new(entry)?;
            open_all(&mut inside)?;
            if inside.tlv_bytes()? == wanted {
                return Ok(Some(RevokedEntry::from_der(entry)?));
            }
        }
        Ok(None)
    }
}

/// Why an entry's certificate was taken back; an entry of another issuer (in an indirect list) is not understood.
fn reason(entry: &RevokedEntry) -> Result<RevocationReason, RevocationError> {
    let extensions = entry.extensions.as_deref().unwrap_or_default();
    if extensions.iter().any(|extension| extension.critical && extension.extn_id != ID_CE_CRL_REASONS) {
        return Err(RevocationError::UnknownCriticalExtension);
    }
    let Some(extension) = extensions.iter().find(|extension| extension.extn_id == ID_CE_CRL_REASONS) else {
        return Ok(RevocationReason::Unspecified);
    };
    Ok(RevocationReason::from_code(ReasonCode::from_der(extension.extn_value.as_bytes())?.0))
}

/// Goes into a `SEQUENCE` that is all there is.
fn open_all(reader: &mut SliceReader<'_>) -> der::Result<()> {
    let header = Header::decode(reader)?;
    header.tag().assert_eq(Tag::Sequence)?;
    if header.length() == reader.remaining_len() { Ok(()) } else { Err(der::ErrorKind::Failed.into()) }
}

fn position(reader: &SliceReader<'_>) -> der::Result<usize> {
    usize::try_from(reader.position())
}

impl fmt::Debug for Crl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = f.debug_struct("Crl");
        shown.field("this_update", &self.this_update).field("next_update", &self.next_update).finish_non_exhaustive()
    }
}
