//! What certificates need to be believed by others, later: a timestamp authority (RFC 3161), an OCSP responder (RFC 6960),
//! and CRLs (RFC 5280).

mod address;
mod crls;
mod registry;
mod routes;
mod timestamps;

use eseal_crypto::cert::{Certificate, Chain, Services};
use eseal_crypto::revocation::{OcspQuery, OcspResponder};

pub(crate) use address::PkiAddress;
pub(crate) use registry::{is_known, record, record_known, revoke, revoke_by_digest, status};
pub(crate) use routes::router;
pub(crate) use timestamps::TimestampAuthorities;

/// The keys that answer, beside the CAs themselves.
pub(crate) struct Pki {
    pub(crate) timestamps: TimestampAuthorities,
    /// Each for the CA that certified it.
    pub(crate) responders: [(Ca, OcspResponder); 2],
}

impl Pki {
    /// The certificates under which they answer.
    pub(crate) fn certificates(&self) -> impl Iterator<Item = &Certificate> {
        let responders = self.responders.iter().map(|(_, responder)| responder.certificate());
        self.timestamps.chains().map(Chain::leaf).into_iter().chain(responders)
    }

    /// Who answers a question: the responder of the CA whose certificates are asked about. One who is asked about strangers
    /// says that it does not know them.
    pub(crate) fn responder_of(&self, query: &OcspQuery) -> (Ca, &OcspResponder) {
        let [(ca, first), others @ ..] = &self.responders;
        let is_asked =
            |(_, responder): &&(Ca, OcspResponder)| query.serials_of(responder.issuer()).any(|serial| serial.is_some());
        others.iter().find(is_asked).map_or((*ca, first), |(ca, responder)| (*ca, responder))
    }
}

/// One of the platform's CAs: of each suite two.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Ca {
    /// The trust root; it issues the one below it and nothing else.
    Root,
    /// What issues all other certificates.
    Issuing,
    /// The root of what is of SM2.
    NationalRoot,
    /// What issues all other certificates of SM2.
    NationalIssuing,
}

impl Ca {
    pub(crate) const ALL: [Self; 4] = [Self::Root, Self::Issuing, Self::NationalRoot, Self::NationalIssuing];

    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Root => "root",
            Self::Issuing => "issuing",
            Self::NationalRoot => "national-root",
            Self::NationalIssuing => "national-issuing",
        }
    }

    /// Where its services are below a base URL. There are responders for the CAs alone whose certificates change often; a
    /// question names the CA, so that they share an address.
    pub(crate) fn services(self, base_url: &str) -> Services {
        let name = self.as_str();
        let has_responder = matches!(self, Self::Issuing | Self::NationalIssuing);
        Services {
            ocsp: if has_responder { vec![format!("{base_url}/ocsp")] } else { Vec::new() },
            crls: vec![format!("{base_url}/crl/{name}.crl")],
            issuers: vec![format!("{base_url}/ca/{name}.cer")],
        }
    }
}
