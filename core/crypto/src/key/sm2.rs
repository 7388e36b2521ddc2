//! SM2 signatures (GB/T 32918.2-2016) on `RustCrypto`'s curve arithmetic. The crate's own signer keeps no secret wiped and
//! gives up where the standard says to draw again.

use rfc6979::KGenerator;
use sm2::elliptic_curve::Curve as _;
use sm2::elliptic_curve::PrimeField as _;
use sm2::elliptic_curve::group::Group as _;
use sm2::elliptic_curve::ops::{MulByGeneratorVartime as _, Reduce as _};
use sm2::elliptic_curve::point::AffineCoordinates as _;
use sm2::elliptic_curve::sec1::ToSec1Point as _;
use sm2::{FieldBytes, ProjectivePoint, PublicKey, Scalar, SecretKey, Sm2, U256};
use sm3::{Digest as _, Sm3};
use zeroize::Zeroizing;

/// Length of one number of a signature, in bytes.
const NUMBER_LEN: usize = 32;
/// `r ‖ s`, big-endian.
pub(super) type Numbers = [u8; 2 * NUMBER_LEN];

/// What stands before the signer's public key in ZA: the identity that everybody has (GM/T 0009-2012 §10) after its length
/// in bits, then a, b and G of the recommended curve (GB/T 32918.5-2017).
const IDENTITY_AND_CURVE: [&[u8]; 6] = [
    &[0x00, 0x80],
    b"1234567812345678",
    b"\xff\xff\xff\xfe\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\
      \xff\xff\xff\xff\x00\x00\x00\x00\xff\xff\xff\xff\xff\xff\xff\xfc",
    b"\x28\xe9\xfa\x9e\x9d\x9f\x5e\x34\x4d\x5a\x9e\x4b\xcf\x65\x09\xa7\
      \xf3\x97\x89\xf5\x15\xab\x8f\x92\xdd\xbc\xbd\x41\x4d\x94\x0e\x93",
    b"\x32\xc4\xae\x2c\x1f\x19\x81\x19\x5f\x99\x04\x46\x6a\x39\xc9\x94\
      \x8f\xe3\x0b\xbf\xf2\x66\x0b\xe1\x71\x5a\x45\x89\x33\x4c\x74\xc7",
    b"\xbc\x37\x36\xa2\xf4\xf6\x77\x9c\x59\xbd\xce\xe3\x6b\x69\x21\x53\
      \xd0\xa9\x87\x7c\xc6\x2a\x47\x40\x02\xdf\x32\xe5\x21\x39\xf0\xa0",
];

/// `ZA` (GB/T 32918.2-2016 §5.5).
fn identity_digest(key: &PublicKey) -> [u8; 32] {
    let mut hasher = Sm3::new();
    for part in IDENTITY_AND_CURVE {
        hasher.update(part);
    }
    // 04 ‖ x ‖ y, without the 04.
    hasher.update(key.to_sec1_point(false).as_bytes().get(1..).unwrap_or_default());
    hasher.finalize().into()
}

/// `e` (§6.1, A1 and A2).
pub(super) fn prehash(key: &PublicKey, message: &[u8]) -> [u8; 32] {
    Sm3::new_with_prefix(identity_digest(key)).chain_update(message).finalize().into()
}

/// A private key that can sign. Wiped when dropped.
pub(super) struct Signer {
    secret: SecretKey,
    /// `(1 + d)⁻¹`.
    inverse: Zeroizing<Scalar>,
}

impl Signer {
    /// `None` for `d = n − 1`, which is no private key (GB/T 32918.1-2016 §6.1).
    pub(super) fn new(secret: SecretKey) -> Option<Self> {
        let successor = Zeroizing::new(*secret.to_nonzero_scalar() + Scalar::ONE);
        let inverse = Zeroizing::new(successor.invert().into_option()?);
        Some(Self { secret, inverse })
    }

    pub(super) const fn secret(&self) -> &SecretKey {
        &self.secret
    }

    /// §6.1, A3 to A7, in constant time, with the nonces of RFC 6979 over SM3: nothing hangs on a random source, and the
    /// same `e` has the same signature.
    pub(super) fn sign(&self, e: &[u8; 32]) -> Numbers {
        let secret = Zeroizing::new(*self.secret.to_nonzero_scalar());
        let secret_bytes = Zeroizing::new(self.secret.to_bytes());
        let mut nonces = KGenerator::<Sm3, U256>::new(&secret_bytes, e, &[], &Sm2::ORDER);
        let e = reduced(e);
        loop {
            let mut drawn = Zeroizing::new(FieldBytes::default());
            nonces.fill_next_k(&mut drawn);
            let Some(nonce) = Scalar::from_repr(*drawn).into_option().map(Zeroizing::new) else { continue };
            let r = e + Scalar::reduce(&ProjectivePoint::mul_by_generator(&nonce).to_affine().x());
            let s = *self.inverse * (*nonce - r * *secret);
            if !bool::from(r.is_zero() | (r + *nonce).is_zero() | s.is_zero()) {
                return joined(&r, &s);
            }
        }
    }
}

/// §7.1, B4 to B7. Both numbers are in 1..n, and nothing here is secret.
pub(super) fn verify(key: &PublicKey, e: &[u8; 32], numbers: &Numbers) -> bool {
    let (r, s) = numbers.split_at(NUMBER_LEN);
    let (Some(r), Some(s)) = (scalar(r), scalar(s)) else { return false };
    let t = r + s;
    if bool::from(t.is_zero()) {
        return false;
    }
    let point = ProjectivePoint::mul_by_generator_and_mul_add_vartime(&s, &t, &key.to_projective());
    !bool::from(point.is_identity()) && reduced(e) + Scalar::reduce(&point.to_affine().x()) == r
}

fn reduced(e: &[u8; 32]) -> Scalar {
    Scalar::reduce(&FieldBytes::from(*e))
}

fn scalar(bytes: &[u8]) -> Option<Scalar> {
    Scalar::from_repr(FieldBytes::try_from(bytes).ok()?).into_option()
}

fn joined(r: &Scalar, s: &Scalar) -> Numbers {
    let mut numbers = [0; 2 * NUMBER_LEN];
    let (first, second) = numbers.split_at_mut(NUMBER_LEN);
    first.copy_from_slice(&r.to_repr());
    second.copy_from_slice(&s.to_repr());
    numbers
}

#[cfg(test)]
mod tests {
    use super::*;
    use data_encoding::HEXLOWER;

    /// GB/T 32918.5-2017 A.2.
    const D: &str = "3945208f7b2144b13f36e38ac6d39f95889393692860b51a42fb81ef4df7c5b8";
    const X: &str = "09f9df311e5421a150dd7d161e4bc5c672179fad1833fc076bb08ff356f35020";
    const Y: &str = "ccea490ce26775a52dc6ea718cc1aa600aed05fbf35e084a6632f6072da9ad13";
    const ZA: &str = "b2e14c5c79c6df5b85f4fe7ed8db7a262b9da7e07ccb0ea9f4747b8ccda8a4f3";
    const E: &str = "f0b43e94ba45accaace692ed534382eb17e6ab5a19ce7b31f4486fdfc0d28640";
    const R: &str = "f5a03b0648d2c4630eeac513e1bb81a15944da3827d5b74143ac7eaceee720b3";
    const S: &str = "b1b6aa29df212fd8763182bc0d421ca1bb9038fd1f7f42d4840b69c485bbc1aa";
    const N: &str = "fffffffeffffffffffffffffffffffff7203df6b21c6052b53bbf40939d54123";

    fn hex<const LEN: usize>(text: &str) -> [u8; LEN] {
        HEXLOWER.decode(text.as_bytes()).unwrap().try_into().unwrap()
    }

    fn signer() -> Signer {
        Signer::new(SecretKey::from_slice(&hex::<32>(D)).unwrap()).unwrap()
    }

    fn numbers(r: &str, s: &str) -> Numbers {
        hex(&format!("{r}{s}"))
    }

    #[test]
    fn the_example_of_gb_t_32918_5() {
        let key = signer().secret().public_key();
        assert_eq!(HEXLOWER.encode(key.to_sec1_point(false).as_bytes()), format!("04{X}{Y}"));
        assert_eq!(HEXLOWER.encode(&identity_digest(&key)), ZA);
        assert_eq!(HEXLOWER.encode(&prehash(&key, b"message digest")), E);
        assert!(verify(&key, &hex(E), &numbers(R, S)));
    }

    /// The standard's numbers come from a nonce that it gives; ours from RFC 6979, so that they are others, and stay.
    #[test]
    fn what_is_signed_verifies_and_is_the_same_each_time() {
        let signer = signer();
        let key = signer.secret().public_key();
        let signature = signer.sign(&hex(E));
        assert!(verify(&key, &hex(E), &signature));
        assert_eq!(signature, signer.sign(&hex(E)));
        assert_ne!(signature, numbers(R, S));
        assert!(!verify(&key, &hex(ZA), &signature));
    }

    #[test]
    fn numbers_out_of_range_never_verify() {
        let key = signer().secret().public_key();
        let zero = "0".repeat(64);
        // r + s = n, too.
        let opposite = "0a5fc4f8b72d3b9bf1153aec1e447e5e18bf05332cf04dea100f755c4aee2070";
        for (r, s) in [(&*zero, S), (R, &*zero), (N, S), (R, N), (R, opposite), (S, R)] {
            assert!(!verify(&key, &hex(E), &numbers(r, s)), "{r} {s}");
        }
    }

    #[test]
    fn the_greatest_number_is_no_private_key() {
        let greatest = N.replace("d54123", "d54122");
        assert!(Signer::new(SecretKey::from_slice(&hex::<32>(&greatest)).unwrap()).is_none());
        let next = N.replace("d54123", "d54121");
        assert!(Signer::new(SecretKey::from_slice(&hex::<32>(&next)).unwrap()).is_some());
    }
}
