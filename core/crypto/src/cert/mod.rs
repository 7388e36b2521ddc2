//! X.509 certificates (RFC 5280): reading, judging and issuing.

mod certificate;
mod chain;
mod extensions;
mod identity;
mod issuer;
mod name;
mod profile;
mod purpose;
mod request;
mod search;
mod services;
mod time;
mod verify;

pub use certificate::{Certificate, CertificateError, MAX_CERTIFICATE_LEN};
pub use chain::{Chain, MAX_CHAIN_LEN, TrustAnchors};
pub use identity::{IdentityCode, IdentityRegister};
pub(crate) use issuer::key_identifier;
pub use issuer::{IssueError, Issuer};
pub use name::Subject;
pub use profile::CertificateProfile;
pub(crate) use profile::informative;
pub use purpose::Purpose;
pub use request::{CertificationRequest, RequestError};
pub use services::Services;
pub(crate) use services::urls;
pub use time::{UnixTime, Validity};
pub use verify::ChainError;

pub use const_oid::ObjectIdentifier;
pub use x509_cert::ext::pkix::KeyUsage;
