//! From a password to the key of a file (ISO 32000-2, 7.6.4.3 and 7.6.4.4).

use md5::{Digest as _, Md5};
use sha2::{Sha256, Sha384, Sha512};
use zeroize::Zeroizing;

use super::cipher::{BLOCK, decrypt_blocks, encrypt_blocks, rc4};
use super::password::Password;

/// What fills a password up to 32 bytes (algorithm 2).
const PADDING: [u8; 32] = [
    0x28, 0xbf, 0x4e, 0x5e, 0x4e, 0x75, 0x8a, 0x41, 0x64, 0x00, 0x4e, 0x56, 0xff, 0xfa, 0x01, 0x08, 0x2e, 0x2e, 0x00,
    0xb6, 0xd0, 0x68, 0x3e, 0x80, 0x2f, 0x0c, 0xa9, 0xfe, 0x64, 0x53, 0x69, 0x7a,
];
/// Bytes of a password that count for revisions 5 and 6.
const MAX_PASSWORD_BYTES: usize = 127;
/// Times the digest is repeated from revision 3 on.
const REPEATS: usize = 50;
/// Keys derived from one in turn, from revision 3 on.
const TURNS: u8 = 20;

/// The key of a file.
pub(super) type FileKey = Zeroizing<Vec<u8>>;

/// What the encryption dictionary of a standard handler says about keys.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Handler {
    /// `/R`.
    pub(crate) revision: u8,
    /// Bytes of the file's key; revisions 5 and 6 always have 32.
    pub(crate) key_bytes: usize,
    /// `/O`.
    pub(crate) owner: Vec<u8>,
    /// `/U`.
    pub(crate) user: Vec<u8>,
    /// `/OE`.
    pub(crate) owner_key: Vec<u8>,
    /// `/UE`.
    pub(crate) user_key: Vec<u8>,
    /// `/P`.
    pub(crate) permissions: i64,
    /// `/EncryptMetadata`.
    pub(crate) encrypts_metadata: bool,
    /// The first part of the trailer's `/ID`.
    pub(crate) file_id: Vec<u8>,
}

impl Handler {
    /// The file's key, if the password is the user's or the owner's.
    pub(super) fn unlock(&self, password: &Password) -> Option<FileKey> {
        if self.revision >= 5 {
            password.unicode_spellings().iter().find_map(|password| self.unlock_256(password))
        } else {
            password.legacy_spellings().iter().find_map(|password| {
                self.unlock_as_user(password).or_else(|| self.unlock_as_user(&self.user_password(password)))
            })
        }
    }

    /// Algorithms 6 and 2.
    fn unlock_as_user(&self, password: &[u8]) -> Option<FileKey> {
        let key = self.legacy_key(password);
        let mut expected;
        if self.revision < 3 {
            expected = PADDING.to_vec();
            rc4(&key, &mut expected);
        } else {
            expected = Md5::new().chain_update(PADDING).chain_update(&self.file_id).finalize().to_vec();
            (0..TURNS).for_each(|turn| rc4(&turned(&key, turn), &mut expected));
        }
        self.user.starts_with(&expected).then_some(key)
    }

    /// Algorithm 2.
    fn legacy_key(&self, password: &[u8]) -> FileKey {
        let mut hasher = Md5::new()
            .chain_update(padded(password))
            .chain_update(self.owner.get(..32).unwrap_or(&self.owner))
            .chain_update(&self.permissions.to_le_bytes()[..4])
            .chain_update(&self.file_id);
        if self.revision >= 4 && !self.encrypts_metadata {
            hasher.update([0xff; 4]);
        }
        self.repeated(hasher.finalize().as_slice())
    }

    /// Algorithm 7: the user's password, out of `/O` by the owner's.
    fn user_password(&self, owner: &[u8]) -> Zeroizing<Vec<u8>> {
        let key = self.repeated(Md5::digest(padded(owner)).as_slice());
        let mut password = Zeroizing::new(self.owner.get(..32).unwrap_or(&self.owner).to_vec());
        let turns = if self.revision < 3 { 1 } else { TURNS };
        (0..turns).rev().for_each(|turn| rc4(&turned(&key, turn), &mut password));
        password
    }

    fn repeated(&self, digest: &[u8]) -> FileKey {
        let mut key = Zeroizing::new(digest.to_vec());
        key.truncate(self.key_bytes);
        if self.revision >= 3 {
            for _ in 0..REPEATS {
                *key = Md5::digest(&*key).to_vec();
                key.truncate(self.key_bytes);
            }
        }
        key
    }

    /// Algorithm 2.A.
    fn unlock_256(&self, password: &[u8]) -> Option<FileKey> {
        let password = &password[..password.len().min(MAX_PASSWORD_BYTES)];
        let user = self.user.get(..48)?;
        let unpack = |entry: &[u8], salted: &[u8], beside: &[u8]| {
            let (hash, salts) = salted.split_at(32);
            (*self.hash(password, &salts[..8], beside) == *hash).then(|| {
                let wrapping = self.hash(password, &salts[8..], beside);
                decrypt_blocks(&wrapping, &[0; BLOCK], entry.get(..32)?).map(Zeroizing::new)
            })
        };
        unpack(&self.owner_key, self.owner.get(..48)?, user).or_else(|| unpack(&self.user_key, user, &[]))?
    }

    /// Algorithm 2.B; revision 5 takes the first digest alone.
    fn hash(&self, password: &[u8], salt: &[u8], beside: &[u8]) -> Zeroizing<Vec<u8>> {
        let first = Sha256::new().chain_update(password).chain_update(salt).chain_update(beside).finalize();
        let mut key = Zeroizing::new(first.to_vec());
        if self.revision < 6 {
            return key;
        }
        let mut round = 0_u32;
        loop {
            let mut block = Zeroizing::new([password, &key, beside].concat().repeat(64));
            let (Some(aes_key), Some(iv)) = (key.first_chunk(), key[BLOCK..].first_chunk()) else { return key };
            encrypt_blocks(aes_key, iv, &mut block);
            // The first 16 bytes as a number: 256 leaves 1 modulo 3.
            let remainder = block.iter().take(BLOCK).map(|byte| u32::from(*byte)).sum::<u32>() % 3;
            *key = match remainder {
                0 => Sha256::digest(&*block).to_vec(),
                1 => Sha384::digest(&*block).to_vec(),
                _ => Sha512::digest(&*block).to_vec(),
            };
            round += 1;
            if round >= 64 && u32::from(block.last().copied().unwrap_or(0)) + 32 <= round {
                key.truncate(32);
                return key;
            }
        }
    }
}

fn padded(password: &[u8]) -> Zeroizing<[u8; 32]> {
    let mut padded = Zeroizing::new(PADDING);
    let length = password.len().min(padded.len());
    padded[..length].copy_from_slice(&password[..length]);
    padded[length..].copy_from_slice(&PADDING[..PADDING.len() - length]);
    padded
}

fn turned(key: &[u8], turn: u8) -> FileKey {
    Zeroizing::new(key.iter().map(|byte| byte ^ turn).collect())
}
