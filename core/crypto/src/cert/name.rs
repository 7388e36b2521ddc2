use std::fmt;

use const_oid::ObjectIdentifier;
use const_oid::db::rfc4519::{COMMON_NAME, COUNTRY_NAME, ORGANIZATION_NAME, SERIAL_NUMBER};
use der::asn1::{Any, PrintableStringRef, SetOfVec, Utf8StringRef};
use der::{Decode, Encode};
use x509_cert::attr::AttributeTypeAndValue;
use x509_cert::ext::pkix::name::DirectoryString;
use x509_cert::name::Name;

use super::IssueError;

/// Longest common name and organization name, in characters (`ub-common-name`, `ub-organization-name` of RFC 5280 A.1).
const MAX_TEXT_CHARS: usize = 64;
/// Longest serial number attribute, in characters (`ub-serial-number`).
const MAX_SERIAL_CHARS: usize = 64;

/// The distinguished name of a certificate to be issued.
#[derive(Clone, PartialEq, Eq)]
pub struct Subject {
    /// Common name (2.5.4.3), 1 to 64 characters.
    pub common_name: String,
    /// Serial number (2.5.4.5) that tells subjects of the same name apart: a pseudonymous person id or a USCC; at most 64
    /// characters of `PrintableString`.
    pub serial_number: Option<String>,
    /// Organization (2.5.4.10), at most 64 characters.
    pub organization: Option<String>,
    /// Country (2.5.4.6), two capital letters of ISO 3166.
    pub country: Option<[u8; 2]>,
}

impl Subject {
    /// A name of a common name alone.
    #[must_use]
    pub fn named(common_name: impl Into<String>) -> Self {
        Self { common_name: common_name.into(), serial_number: None, organization: None, country: None }
    }

    /// The same name with a serial number (2.5.4.5).
    #[must_use]
    pub fn with_serial_number(self, serial_number: impl Into<String>) -> Self {
        Self { serial_number: Some(serial_number.into()), ..self }
    }

    /// The same name with an organization (2.5.4.10).
    #[must_use]
    pub fn with_organization(self, organization: impl Into<String>) -> Self {
        Self { organization: Some(organization.into()), ..self }
    }

    /// The same name with a country (2.5.4.6).
    #[must_use]
    pub fn with_country(self, country: [u8; 2]) -> Self {
        Self { country: Some(country), ..self }
    }

    /// The name as X.501 writes it: from the general (country) to the particular (common name, serial number).
    pub(super) fn to_x509(&self) -> Result<Name, IssueError> {
        let country = self.country.map(country).transpose()?;
        let organization = self.organization.as_deref().map(|text| utf8(ORGANIZATION_NAME, text)).transpose()?;
        let common_name = Some(utf8(COMMON_NAME, &self.common_name)?);
        let serial_number = self.serial_number.as_deref().map(serial_number).transpose()?;
        let attributes = [country, organization, common_name, serial_number].into_iter().flatten();
        let rdns = attributes.map(|attribute| SetOfVec::try_from(vec![attribute])).collect::<Result<Vec<_>, _>>()?;
        Ok(Name::from_der(&rdns.to_der()?)?)
    }
}

/// Names of persons do not belong in logs.
impl fmt::Debug for Subject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Subject").finish_non_exhaustive()
    }
}

fn utf8(oid: ObjectIdentifier, text: &str) -> Result<AttributeTypeAndValue, IssueError> {
    let unfit = text.is_empty() || text.chars().count() > MAX_TEXT_CHARS || text.chars().any(char::is_control);
    if unfit {
        return Err(IssueError::BadSubject);
    }
    Ok(AttributeTypeAndValue { oid, value: Any::encode_from(&Utf8StringRef::new(text)?)? })
}

fn serial_number(text: &str) -> Result<AttributeTypeAndValue, IssueError> {
    if text.is_empty() || text.len() > MAX_SERIAL_CHARS {
        return Err(IssueError::BadSubject);
    }
    let value = PrintableStringRef::new(text).map_err(|_| IssueError::BadSubject)?;
    Ok(AttributeTypeAndValue { oid: SERIAL_NUMBER, value: Any::encode_from(&value)? })
}

fn country(letters: [u8; 2]) -> Result<AttributeTypeAndValue, IssueError> {
    if !letters.iter().all(u8::is_ascii_uppercase) {
        return Err(IssueError::BadSubject);
    }
    let value = PrintableStringRef::new(&letters).map_err(|_| IssueError::BadSubject)?;
    Ok(AttributeTypeAndValue { oid: COUNTRY_NAME, value: Any::encode_from(&value)? })
}

/// The first attribute of that kind, if it is a text.
pub(super) fn text(name: &Name, oid: ObjectIdentifier) -> Option<String> {
    name.by_oid::<DirectoryString>(oid).ok().flatten().map(String::from)
}
