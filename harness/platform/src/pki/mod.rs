//! What certificates need to be believed by others, later: a timestamp authority (RFC 3161), an OCSP responder (RFC 6960),
//! and CRLs (RFC 5280).

mod address;
mod crls;
mod registry;
mod routes;
mod timestamps;

use eseal_crypto::cert::Services;
use eseal_crypto::revocation::OcspResponder;

pub(crate) use address::PkiAddress;
pub(crate) use registry::{record, record_known, revoke, revoke_by_digest};
pub(crate) use routes::router;
pub(crate) use timestamps::TimestampAuthorities;

/// The keys that answer, beside the CAs themselves.
pub(crate) struct Pki {
    pub(crate) timestamps: TimestampAuthorities,
    pub(crate) responder: OcspResponder,
}

/// One of the platform's two CAs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Ca {
    /// The trust root; it issues the other and nothing else.
    Root,
    /// What issues all other certificates.
    Issuing,
}

impl Ca {
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Root => "root",
            Self::Issuing => "issuing",
        }
    }

    /// Where its services are below a base URL. There is a responder for the CA alone whose certificates change often.
    pub(crate) fn services(self, base_url: &str) -> Services {
        let name = self.as_str();
        Services {
            ocsp: if self == Self::Issuing { vec![format!("{base_url}/ocsp")] } else { Vec::new() },
            crls: vec![format!("{base_url}/crl/{name}.crl")],
            issuers: vec![format!("{base_url}/ca/{name}.cer")],
        }
    }
}
