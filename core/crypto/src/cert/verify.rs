//! Certification path validation (RFC 5280 §6.1), stricter than the standard where the standard leaves room.

use super::{Certificate, Chain, Purpose, TrustAnchors, UnixTime};
use crate::key::Fault;

/// Why a chain does not lead to a believed certificate. `position` counts from the leaf, which is 0; one past the chain's
/// last certificate means the trust anchor.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ChainError {
    /// The chain ends before a certificate that is believed.
    #[error("the chain does not end at a trust anchor")]
    Untrusted,
    /// The judged instant is after the validity of a certificate.
    #[error("certificate {position} has expired")]
    Expired {
        /// Which certificate.
        position: usize,
    },
    /// The judged instant is before the validity of a certificate.
    #[error("certificate {position} is not yet valid")]
    NotYetValid {
        /// Which certificate.
        position: usize,
    },
    /// The leaf, or a CA above it, was not issued for the purpose.
    #[error("certificate {position} is not for this purpose")]
    WrongPurpose {
        /// Which certificate.
        position: usize,
    },
    /// A certificate's signature is not by the key above it.
    #[error("the signature of certificate {position} does not fit")]
    BadSignature {
        /// Which certificate.
        position: usize,
    },
    /// The next certificate is not the one that this certificate names as its issuer.
    #[error("certificate {position} names another issuer than the next certificate")]
    NameMismatch {
        /// Which certificate.
        position: usize,
    },
    /// A certificate above the leaf is not one of a CA that may sign certificates.
    #[error("certificate {position} is not a certification authority's")]
    NotCa {
        /// Which certificate.
        position: usize,
    },
    /// A CA has more CAs below it than it may.
    #[error("certificate {position} does not allow so many certificates below it")]
    PathLength {
        /// Which certificate.
        position: usize,
    },
    /// A certificate carries an extension that must not be overlooked and is not understood.
    #[error("certificate {position} has the critical extension {oid}, which is not understood")]
    UnknownCriticalExtension {
        /// Which certificate.
        position: usize,
        /// The extension's object identifier.
        oid: String,
    },
    /// A certificate of SM2 below one of another algorithm, or the other way round: the national PKI is of
    /// SM2 throughout, and a chain of both is as strong as the weaker and believed by neither side.
    #[error("certificate {position} is of other algorithms than the one below it")]
    MixedAlgorithms {
        /// Which certificate.
        position: usize,
    },
    /// A signature of a broken algorithm: others can make such signatures too.
    #[error("the signature of certificate {position} is of a weak algorithm")]
    WeakAlgorithm {
        /// Which certificate.
        position: usize,
    },
    /// A key or signature of an algorithm that is not supported.
    #[error("certificate {position} uses an algorithm that is not supported")]
    UnsupportedAlgorithm {
        /// Which certificate.
        position: usize,
    },
}

impl ChainError {
    /// The stable code of the error.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Untrusted => "cert.untrusted",
            Self::Expired { .. } => "cert.expired",
            Self::NotYetValid { .. } => "cert.not-yet-valid",
            Self::WrongPurpose { .. } => "cert.wrong-purpose",
            Self::BadSignature { .. } => "cert.bad-signature",
            Self::NameMismatch { .. } => "cert.name-mismatch",
            Self::NotCa { .. } => "cert.not-ca",
            Self::PathLength { .. } => "cert.path-length",
            Self::UnknownCriticalExtension { .. } => "cert.unknown-critical-extension",
            Self::MixedAlgorithms { .. } => "cert.mixed-algorithms",
            Self::WeakAlgorithm { .. } => "cert.weak-algorithm",
            Self::UnsupportedAlgorithm { .. } => "cert.unsupported-algorithm",
        }
    }
}

impl Chain {
    /// Whether the leaf is one that `anchors` vouch for, at an instant and for a purpose.
    ///
    /// Checked for every certificate of the path, the trust anchor's included: signature, issuer name, validity,
    /// no critical extension that is not understood, no national algorithms mixed with others; for each above the leaf: CA, keyCertSign, path length, and the purpose
    /// where it names any; for the leaf: the purpose. The path ends at the first certificate that a trust anchor issued, or at
    /// a leaf that is itself a trust anchor; what a chain holds beyond is not looked at. Revocation is not judged here.
    ///
    /// # Errors
    /// [`ChainError`], for the first check that fails, counted from the leaf.
    pub fn verify(&self, anchors: &TrustAnchors, at: UnixTime, purpose: Purpose) -> Result<(), ChainError> {
        self.verified_path(anchors, at, purpose).map(drop)
    }

    /// As [`Self::verify`]; answers the [`path`](Self::path) that was verified.
    ///
    /// # Errors
    /// As [`Self::verify`].
    pub fn verified_path<'a>(
        &'a self,
        anchors: &'a TrustAnchors,
        at: UnixTime,
        purpose: Purpose,
    ) -> Result<Vec<&'a Certificate>, ChainError> {
        let path = self.path(anchors)?;
        for (position, certificate) in path.iter().enumerate() {
            check_validity(certificate, at, position)?;
            check_extensions(certificate, position)?;
            let is_mixed = certificate.is_national() != self.leaf().is_national();
            require(!is_mixed, ChainError::MixedAlgorithms { position })?;
            if position == 0 {
                require(purpose.is_of(certificate), ChainError::WrongPurpose { position })?;
            } else {
                check_ca(certificate, position, cas_between(&path, position))?;
                require(purpose.is_allowed_by_ca(certificate), ChainError::WrongPurpose { position })?;
            }
        }
        Ok(path)
    }

    /// The certificates from the leaf to a trust anchor, both included, each signed by the next: those whose revocation has
    /// to be looked up, the last excepted, which is believed as it is.
    ///
    /// # Errors
    /// [`ChainError::Untrusted`] when it leads to none, or why a certificate is not the next one's.
    pub fn path<'a>(&'a self, anchors: &'a TrustAnchors) -> Result<Vec<&'a Certificate>, ChainError> {
        let mut path = vec![self.leaf()];
        if anchors.iter().any(|anchor| anchor == self.leaf()) {
            return Ok(path);
        }
        let mut current = self.leaf();
        for (position, next) in self.issuers().iter().map(Some).chain([None]).enumerate() {
            if let Some(anchor) = issuing_anchor(current, anchors, position)? {
                path.push(anchor);
                return Ok(path);
            }
            let Some(next) = next else { break };
            require(current.names_issuer(next), ChainError::NameMismatch { position })?;
            check_signature(current, next, position)?;
            path.push(next);
            current = next;
        }
        Err(ChainError::Untrusted)
    }
}

/// The trust anchor that issued a certificate. An anchor of the right name and the wrong key is none: names are no secret.
fn issuing_anchor<'a>(
    certificate: &Certificate,
    anchors: &'a TrustAnchors,
    position: usize,
) -> Result<Option<&'a Certificate>, ChainError> {
    let mut refusal = None;
    for anchor in anchors.iter().filter(|anchor| certificate.names_issuer(anchor)) {
        match check_signature(certificate, anchor, position) {
            Ok(()) => return Ok(Some(anchor)),
            Err(error) => refusal = Some(error),
        }
    }
    refusal.map_or(Ok(None), Err)
}

fn check_signature(certificate: &Certificate, issuer: &Certificate, position: usize) -> Result<(), ChainError> {
    certificate.verify_signature_by(issuer).map_err(|error| match error.fault() {
        Fault::UnsupportedAlgorithm => ChainError::UnsupportedAlgorithm { position },
        Fault::WeakAlgorithm => ChainError::WeakAlgorithm { position },
        Fault::BadSignature => ChainError::BadSignature { position },
    })
}

fn check_validity(certificate: &Certificate, at: UnixTime, position: usize) -> Result<(), ChainError> {
    require(certificate.not_before() <= at, ChainError::NotYetValid { position })?;
    require(at <= certificate.not_after(), ChainError::Expired { position })
}

fn check_extensions(certificate: &Certificate, position: usize) -> Result<(), ChainError> {
    certificate
        .extensions()
        .not_understood
        .map_or(Ok(()), |oid| Err(ChainError::UnknownCriticalExtension { position, oid: oid.to_string() }))
}

/// How many CAs stand between the one at `position` and the leaf; a CA that issued itself a new certificate does not
/// count (RFC 5280 §4.2.1.9).
fn cas_between(path: &[&Certificate], position: usize) -> usize {
    let between = path.iter().take(position).skip(1);
    between.filter(|certificate| !certificate.names_issuer(certificate)).count()
}

fn check_ca(certificate: &Certificate, position: usize, cas_below: usize) -> Result<(), ChainError> {
    let constraints = certificate.extensions().basic_constraints.as_ref().filter(|constraints| constraints.ca);
    let constraints = constraints.ok_or(ChainError::NotCa { position })?;
    let signs_certificates = certificate.key_usage().is_some_and(|usage| usage.key_cert_sign());
    require(signs_certificates, ChainError::NotCa { position })?;
    let allowed = constraints.path_len_constraint.is_none_or(|most| cas_below <= usize::from(most));
    require(allowed, ChainError::PathLength { position })
}

fn require(holds: bool, otherwise: ChainError) -> Result<(), ChainError> {
    if holds { Ok(()) } else { Err(otherwise) }
}
