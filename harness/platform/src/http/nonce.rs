//! Nonces for signed requests: the platform hands one out with every answer and need not remember it.

use data_encoding::BASE64URL_NOPAD;
use eseal_protocol::time::Timestamp;
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;
use zeroize::Zeroizing;

use crate::random;

/// How long a nonce can be used, in seconds.
pub(crate) const NONCE_LIFETIME_S: u64 = 300;
const TIME_LEN: usize = 8;
const RANDOM_LEN: usize = 8;
const STATED_LEN: usize = TIME_LEN + RANDOM_LEN;
const MAC_LEN: usize = 16;

/// Issues and recognises nonces: time, eight random bytes, and a MAC over both.
pub(crate) struct Nonces {
    key: Zeroizing<[u8; 32]>,
}

impl Nonces {
    pub(crate) const fn new(key: Zeroizing<[u8; 32]>) -> Self {
        Self { key }
    }

    pub(crate) fn issue(&self, now: Timestamp) -> String {
        let mut bytes = [0; STATED_LEN + MAC_LEN];
        bytes[..TIME_LEN].copy_from_slice(&now.0.to_be_bytes());
        bytes[TIME_LEN..STATED_LEN].copy_from_slice(&random::bytes::<RANDOM_LEN>());
        let mac = self.mac(&bytes[..STATED_LEN]).finalize().into_bytes();
        bytes[STATED_LEN..].copy_from_slice(&mac[..MAC_LEN]);
        BASE64URL_NOPAD.encode(&bytes)
    }

    /// When a nonce ends, if it is one of ours and has not ended. Its MAC is compared in constant time.
    pub(crate) fn end_of(&self, nonce: &str, now: Timestamp) -> Option<Timestamp> {
        let bytes = BASE64URL_NOPAD.decode(nonce.as_bytes()).ok()?;
        let (stated, mac) = bytes.split_at_checked(STATED_LEN)?;
        if mac.len() != MAC_LEN {
            return None;
        }
        self.mac(stated).verify_truncated_left(mac).ok()?;
        let issued = u64::from_be_bytes(stated.get(..TIME_LEN)?.try_into().ok()?);
        let end = Timestamp(issued.checked_add(NONCE_LIFETIME_S)?);
        (issued <= now.0 && now < end).then_some(end)
    }

    fn mac(&self, stated: &[u8]) -> Hmac<Sha256> {
        let mut block = Zeroizing::new([0; 64]);
        block[..self.key.len()].copy_from_slice(self.key.as_slice());
        let mut mac = Hmac::<Sha256>::new((&*block).into());
        mac.update(b"eseal-nonce/1\0");
        mac.update(stated);
        mac
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_nonce_lives_five_minutes_and_is_ours() {
        let nonces = Nonces::new(Zeroizing::new([1; 32]));
        let nonce = nonces.issue(Timestamp(1000));
        assert_eq!(nonces.end_of(&nonce, Timestamp(1000)), Some(Timestamp(1300)));
        assert_eq!(nonces.end_of(&nonce, Timestamp(1299)), Some(Timestamp(1300)));
        assert_eq!(nonces.end_of(&nonce, Timestamp(1300)), None);
        assert_eq!(nonces.end_of(&nonce, Timestamp(999)), None, "a nonce from the future");
        assert_eq!(Nonces::new(Zeroizing::new([2; 32])).end_of(&nonce, Timestamp(1000)), None, "another platform's");
    }

    #[test]
    fn a_changed_nonce_is_none() {
        let nonces = Nonces::new(Zeroizing::new([1; 32]));
        let nonce = nonces.issue(Timestamp(1000));
        for at in 0..nonce.len() {
            let mut bytes = nonce.clone().into_bytes();
            bytes[at] = if bytes[at] == b'A' { b'B' } else { b'A' };
            let changed = String::from_utf8(bytes).unwrap();
            assert_eq!(nonces.end_of(&changed, Timestamp(1000)), None, "character {at}");
        }
        for text in ["", "A", &nonce[1..], &format!("{nonce}A"), "ä"] {
            assert_eq!(nonces.end_of(text, Timestamp(1000)), None, "{text}");
        }
    }
}
