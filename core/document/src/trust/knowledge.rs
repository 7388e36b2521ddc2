//! Certificates and revocation data: those that the document carries, and those that were handed in.

use std::collections::HashSet;

use eseal_crypto::cert::{Certificate, Chain, TrustAnchors, UnixTime};
use eseal_crypto::cms::SignedData;
use eseal_crypto::digest::Digest;
use eseal_crypto::revocation::{Crl, OcspResponse, RevocationData, RevocationStatus};

/// What is at hand to judge certificates by. Nothing of it is believed: certificates have to lead to an anchor, and word on
/// revocation has to be by the issuer or whom it named.
#[derive(Default)]
pub(crate) struct Knowledge {
    /// Each once.
    certificates: Vec<Certificate>,
    digests: HashSet<Digest>,
    pub(crate) revocation: RevocationData,
}

impl Knowledge {
    /// Adds what a signature value carries.
    pub(crate) fn add_signature(&mut self, signed_data: &SignedData) {
        self.learn(signed_data.certificates().iter().cloned());
        let embedded = signed_data.embedded_revocation();
        self.add_revocation(embedded.ocsp_responses.into_iter(), embedded.crls.into_iter());
    }

    pub(crate) fn add_certificates(&mut self, certificates: &[Certificate]) {
        self.learn(certificates.iter().cloned());
    }

    pub(crate) fn learn(&mut self, certificates: impl IntoIterator<Item = Certificate>) {
        for certificate in certificates {
            if self.digests.insert(certificate.sha256()) {
                self.certificates.push(certificate);
            }
        }
    }

    pub(crate) fn add_data(&mut self, data: &RevocationData) {
        data.ocsp_responses().iter().for_each(|response| self.revocation.add_ocsp(response.clone()));
        data.crls().iter().for_each(|crl| self.revocation.add_crl(crl.clone()));
    }

    pub(crate) fn certificates(&self) -> &[Certificate] {
        &self.certificates
    }

    /// Adds OCSP responses and CRLs in DER, as far as they can be read.
    pub(crate) fn add_revocation(
        &mut self,
        responses: impl Iterator<Item = Vec<u8>>,
        crls: impl Iterator<Item = Vec<u8>>,
    ) {
        for response in responses.filter_map(|der| OcspResponse::from_der(&der).ok()) {
            // Certificates of those who answer may lead on, too.
            self.learn(response.certificates().iter().cloned());
            self.revocation.add_ocsp(response);
        }
        crls.filter_map(|der| Crl::from_der(&der).ok()).for_each(|crl| self.revocation.add_crl(crl));
    }

    /// A chain, longer if a certificate at hand leads on from it.
    pub(crate) fn extend(&self, chain: &Chain) -> Chain {
        let given: Vec<Certificate> = chain.certificates().skip(1).chain(&self.certificates).cloned().collect();
        Chain::following(chain.leaf(), &given)
    }

    /// Whether a verifier who has only this, and the certificates beside the signature, can judge a chain: every certificate
    /// up to a self-signed one or an anchor is there, and word on each that is not that last one.
    pub(crate) fn suffices(&self, chain: &Chain, anchors: &TrustAnchors, at: UnixTime) -> bool {
        let whole = self.extend(chain);
        let path: Vec<&Certificate> = whole.path(anchors).unwrap_or_else(|_| whole.certificates().collect());
        let ends =
            path.last().is_some_and(|last| last.is_issued_by(last) || anchors.iter().any(|anchor| anchor == *last));
        let is_known = |found: &RevocationStatus| !matches!(found, RevocationStatus::Unknown);
        ends && self.revocation.path_status_at(&path, at).iter().all(|finding| is_known(&finding.status))
    }
}
