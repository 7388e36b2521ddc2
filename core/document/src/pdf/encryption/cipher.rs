//! RC4, and AES in CBC mode as PDF uses it: the initialisation vector in front of the data (ISO 32000-2, 7.6.3).

use aes::cipher::block_padding::{NoPadding, Pkcs7};
use aes::cipher::{BlockModeDecrypt as _, BlockModeEncrypt as _, KeyIvInit as _};
use aes::{Aes128, Aes256};

pub(super) const BLOCK: usize = 16;

/// RC4 is its own inverse.
pub(super) fn rc4(key: &[u8], data: &mut [u8]) {
    let mut state: [u8; 256] = std::array::from_fn(|index| index.to_le_bytes()[0]);
    let mut swap_with = 0_u8;
    for index in 0..state.len() {
        let step = key.get(index % key.len().max(1)).copied().unwrap_or(0);
        swap_with = swap_with.wrapping_add(state[index]).wrapping_add(step);
        state.swap(index, usize::from(swap_with));
    }
    let (mut one, mut other) = (0_u8, 0_u8);
    for byte in data {
        one = one.wrapping_add(1);
        other = other.wrapping_add(state[usize::from(one)]);
        state.swap(usize::from(one), usize::from(other));
        *byte ^= state[usize::from(state[usize::from(one)].wrapping_add(state[usize::from(other)]))];
    }
}

/// With a key of 16 or 32 bytes; `None` for any other.
pub(super) fn encrypt_aes(key: &[u8], iv: [u8; BLOCK], data: &[u8]) -> Option<Vec<u8>> {
    let sealed = match key.len() {
        16 => cbc::Encryptor::<Aes128>::new_from_slices(key, &iv).ok()?.encrypt_padded_vec::<Pkcs7>(data),
        32 => cbc::Encryptor::<Aes256>::new_from_slices(key, &iv).ok()?.encrypt_padded_vec::<Pkcs7>(data),
        _ => return None,
    };
    Some([iv.as_slice(), &sealed].concat())
}

/// What can be decrypted is: half a block at the end is left out, and padding that is none stays.
pub(super) fn decrypt_aes(key: &[u8], data: &[u8]) -> Option<Vec<u8>> {
    let (iv, data) = data.split_at_checked(BLOCK)?;
    let whole = &data[..data.len() / BLOCK * BLOCK];
    let mut plain = decrypt_blocks(key, iv, whole)?;
    let padding = usize::from(plain.last().copied().unwrap_or(0));
    let is_padding =
        (1..=BLOCK).contains(&padding) && plain.ends_with(&vec![plain.last().copied().unwrap_or(0); padding]);
    if is_padding {
        plain.truncate(plain.len() - padding);
    }
    Some(plain)
}

/// Whole blocks, without padding.
pub(super) fn decrypt_blocks(key: &[u8], iv: &[u8], data: &[u8]) -> Option<Vec<u8>> {
    match key.len() {
        16 => cbc::Decryptor::<Aes128>::new_from_slices(key, iv).ok()?.decrypt_padded_vec::<NoPadding>(data).ok(),
        32 => cbc::Decryptor::<Aes256>::new_from_slices(key, iv).ok()?.decrypt_padded_vec::<NoPadding>(data).ok(),
        _ => None,
    }
}

/// Whole blocks, in place, without padding.
pub(super) fn encrypt_blocks(key: &[u8; 16], iv: &[u8; 16], data: &mut [u8]) {
    let length = data.len();
    // Only a length that is no multiple of a block could fail.
    let _ = cbc::Encryptor::<Aes128>::new(key.into(), iv.into()).encrypt_padded::<NoPadding>(data, length);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rc4_gives_the_published_key_streams() {
        // RFC 6229, 40 and 128 bits, offset 0.
        for (key, stream) in [
            (&b"\x01\x02\x03\x04\x05"[..], [0xb2, 0x39, 0x63, 0x05, 0xf0, 0x3d, 0xc0, 0x27]),
            (
                b"\x01\x02\x03\x04\x05\x06\x07\x08\x09\x0a\x0b\x0c\x0d\x0e\x0f\x10",
                [0x9a, 0xc7, 0xcc, 0x9a, 0x60, 0x9d, 0x1e, 0xf7],
            ),
        ] {
            let mut data = [0; 8];
            rc4(key, &mut data);
            assert_eq!(data, stream);
        }
    }

    #[test]
    fn aes_goes_there_and_back() {
        for key in [vec![7; 16], vec![7; 32]] {
            for length in [0, 1, 15, 16, 17, 100] {
                let plain = vec![3; length];
                let sealed = encrypt_aes(&key, [9; 16], &plain).unwrap();
                assert_eq!(sealed.len() % BLOCK, 0);
                assert_eq!(decrypt_aes(&key, &sealed).unwrap(), plain);
            }
        }
    }

    #[test]
    fn damaged_data_gives_what_is_left() {
        let sealed = encrypt_aes(&[7; 16], [9; 16], &[200; 40]).unwrap();
        assert_eq!(decrypt_aes(&[7; 16], &sealed[..sealed.len() - 20]).unwrap(), [200; 16]);
        assert_eq!(decrypt_aes(&[7; 16], &sealed[..10]), None);
        assert_eq!(decrypt_aes(&[7; 5], &sealed), None);
    }
}
