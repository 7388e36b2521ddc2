use super::{Crl, OcspResponse, RevocationError, RevocationEvidence, RevocationReason, RevocationStatus};
use crate::cert::{Certificate, UnixTime};

/// All the word about revocation that is at hand, from wherever it came: a signature, a document's DSS, the network. Word
/// that is not about a certificate, or not by its issuer, has no say about it.
#[derive(Clone, Debug, Default)]
pub struct RevocationData {
    ocsp: Vec<OcspResponse>,
    crls: Vec<Crl>,
}

/// What is known of a certificate at an instant, and by whose word.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RevocationFinding {
    /// What it is.
    pub status: RevocationStatus,
    /// The word that decided; `None` where there was none that is about the certificate and believed.
    pub evidence: Option<RevocationEvidence>,
    /// Why other word, which seemed to be about the certificate, was not believed.
    pub refused: Vec<RevocationError>,
}

impl RevocationData {
    /// No word at all.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes in an OCSP response.
    pub fn add_ocsp(&mut self, response: OcspResponse) {
        self.ocsp.push(response);
    }

    /// Takes in a CRL.
    pub fn add_crl(&mut self, crl: Crl) {
        self.crls.push(crl);
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.ocsp.is_empty() && self.crls.is_empty()
    }

    /// The OCSP responses.
    #[must_use]
    pub fn ocsp_responses(&self) -> &[OcspResponse] {
        &self.ocsp
    }

    /// The CRLs.
    #[must_use]
    pub fn crls(&self) -> &[Crl] {
        &self.crls
    }

    /// What a certificate of `issuer` was at an instant. Who says that it was taken back for good is believed before all
    /// others; otherwise the newest word counts.
    #[must_use]
    pub fn status_at(&self, certificate: &Certificate, issuer: &Certificate, at: UnixTime) -> RevocationFinding {
        let by_ocsp = self.ocsp.iter().map(|response| response.evidence(certificate, issuer));
        let by_crl = self.crls.iter().map(|crl| crl.evidence(certificate, issuer));
        let mut finding = RevocationFinding { status: RevocationStatus::Unknown, evidence: None, refused: Vec::new() };
        for word in by_ocsp.chain(by_crl) {
            match word {
                Ok(evidence) => finding.weigh(evidence, at),
                Err(RevocationError::NotCovered) => {}
                Err(error) => finding.refused.push(error),
            }
        }
        finding
    }

    /// What each certificate of a path ([`crate::cert::Chain::path`]) was at an instant, leaf first; the last one, the trust
    /// anchor, is believed as it is and left out.
    #[must_use]
    pub fn path_status_at(&self, path: &[&Certificate], at: UnixTime) -> Vec<RevocationFinding> {
        path.iter().zip(path.iter().skip(1)).map(|(one, issuer)| self.status_at(one, issuer, at)).collect()
    }
}

impl RevocationFinding {
    fn weigh(&mut self, evidence: RevocationEvidence, at: UnixTime) {
        let status = evidence.status_at(at);
        let rank = |status: RevocationStatus| match status {
            RevocationStatus::Unknown => 0,
            RevocationStatus::Good | RevocationStatus::Revoked { reason: RevocationReason::CertificateHold, .. } => 1,
            RevocationStatus::Revoked { .. } => 2,
        };
        let newer = |current: &RevocationEvidence| {
            (rank(status), evidence.this_update) > (rank(self.status), current.this_update)
        };
        if self.evidence.as_ref().is_none_or(newer) {
            self.status = status;
            self.evidence = Some(evidence);
        }
    }
}
