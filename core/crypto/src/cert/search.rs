//! Finding a chain among certificates in no order (RFC 4158).

use super::{Certificate, Chain, ChainError, MAX_CHAIN_LEN, Purpose, TrustAnchors, UnixTime};

/// Most signatures that are checked in one search: a bag of certificates that all seem to issue each other must not keep a
/// phone busy.
const MAX_CHECKS: usize = 64;

impl Chain {
    /// Looks among `others`, in whatever order and from whatever source, for those that lead from `leaf` to a trust anchor
    /// and hold at an instant for a purpose ([`Chain::verify`]).
    ///
    /// # Errors
    /// [`ChainError::Untrusted`] when nothing leads to a trust anchor; else what was wrong with the first chain that does.
    pub fn find<'a>(
        leaf: &'a Certificate,
        others: impl IntoIterator<Item = &'a Certificate>,
        anchors: &TrustAnchors,
        at: UnixTime,
        purpose: Purpose,
    ) -> Result<Self, ChainError> {
        let others = others.into_iter().collect();
        let mut search = Search { others, anchors, at, purpose, checks: 0, refusal: ChainError::Untrusted };
        search.from(&mut vec![leaf]).ok_or(search.refusal)
    }
}

struct Search<'a, 'b> {
    others: Vec<&'a Certificate>,
    anchors: &'b TrustAnchors,
    at: UnixTime,
    purpose: Purpose,
    checks: usize,
    /// Why the first chain that ends at an anchor does not do.
    refusal: ChainError,
}

impl<'a> Search<'a, '_> {
    /// Goes on from what was found so far, which is put back as it was.
    fn from(&mut self, path: &mut Vec<&'a Certificate>) -> Option<Chain> {
        let last = *path.last()?;
        let is_end = self.anchors.iter().any(|anchor| anchor == last || last.names_issuer(anchor));
        if is_end {
            let chain = Chain::new(path.iter().copied().cloned()).ok()?;
            self.checks += path.len();
            match chain.verify(self.anchors, self.at, self.purpose) {
                Ok(()) => return Some(chain),
                Err(error) if self.refusal == ChainError::Untrusted => self.refusal = error,
                Err(_) => {}
            }
        }
        for candidate in self.others.clone() {
            let is_next = last.names_issuer(candidate) && !path.contains(&candidate);
            if !is_next || path.len() == MAX_CHAIN_LEN || self.checks >= MAX_CHECKS {
                continue;
            }
            self.checks += 1;
            if last.is_issued_by(candidate) {
                path.push(candidate);
                let found = self.from(path);
                path.pop();
                if found.is_some() {
                    return found;
                }
            }
        }
        None
    }
}
