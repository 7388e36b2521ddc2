use eseal_crypto::cert::{Chain, UnixTime};
use eseal_crypto::digest::DigestAlgorithm;
use eseal_crypto::tsp::{TimestampAuthority, TimestampError, TimestampReply};

/// The timestamp authorities: who asks about a digest of SM3 is answered in SM2 (GB/T 20520), everybody else in P-256.
pub(crate) struct TimestampAuthorities {
    general: TimestampAuthority,
    national: TimestampAuthority,
}

impl TimestampAuthorities {
    pub(crate) const fn new(general: TimestampAuthority, national: TimestampAuthority) -> Self {
        Self { general, national }
    }

    pub(crate) fn respond(&self, request: &[u8], serial: u64, at: UnixTime) -> Result<TimestampReply, TimestampError> {
        let authority = match TimestampAuthority::asked_digest(request) {
            Some(DigestAlgorithm::Sm3) => &self.national,
            _ => &self.general,
        };
        authority.respond(request, serial, at)
    }

    pub(crate) const fn chains(&self) -> [&Chain; 2] {
        [self.general.chain(), self.national.chain()]
    }
}
