//! The field of 256 elements in which QR codes are protected: polynomial x⁸+x⁴+x³+x²+1 (ISO/IEC 18004 §7.5.2), α = 2.

const POLYNOMIAL: u16 = 0x11D;
/// Order of the multiplicative group.
pub(crate) const ORDER: usize = 255;

/// α to each power, twice in a row so that sums of two logarithms need no reduction.
const POWERS: [u8; 2 * ORDER] = powers();
/// Logarithms to the base α; that of 0 is never asked for.
const LOGARITHMS: [u8; 256] = logarithms();

#[expect(clippy::cast_possible_truncation, reason = "reduced by the polynomial to 8 bits")]
const fn powers() -> [u8; 2 * ORDER] {
    let mut table = [0; 2 * ORDER];
    let (mut at, mut value) = (0, 1_u16);
    while at < 2 * ORDER {
        table[at] = value as u8;
        value <<= 1;
        if value > 0xFF {
            value ^= POLYNOMIAL;
        }
        at += 1;
    }
    table
}

#[expect(clippy::cast_possible_truncation, reason = "below 255")]
const fn logarithms() -> [u8; 256] {
    let (table, mut logarithms, mut at) = (powers(), [0; 256], 0);
    while at < ORDER {
        logarithms[table[at] as usize] = at as u8;
        at += 1;
    }
    logarithms
}

/// α to the power of `exponent`.
pub(crate) const fn power(exponent: usize) -> u8 {
    POWERS[exponent % ORDER]
}

pub(crate) const fn multiply(a: u8, b: u8) -> u8 {
    if a == 0 || b == 0 {
        return 0;
    }
    POWERS[LOGARITHMS[a as usize] as usize + LOGARITHMS[b as usize] as usize]
}

/// `a` / `b`; `b` is not 0.
pub(crate) const fn divide(a: u8, b: u8) -> u8 {
    if a == 0 {
        return 0;
    }
    POWERS[LOGARITHMS[a as usize] as usize + ORDER - LOGARITHMS[b as usize] as usize]
}

/// Value of a polynomial, lowest coefficient first.
pub(crate) fn evaluate(polynomial: &[u8], at: u8) -> u8 {
    polynomial.iter().rev().fold(0, |value, &coefficient| multiply(value, at) ^ coefficient)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_element_divides_what_it_multiplies() {
        for a in 0..=255_u8 {
            for b in 1..=255_u8 {
                assert_eq!(divide(multiply(a, b), b), a);
            }
        }
        assert_eq!((power(0), power(8), power(255)), (1, 0x1D, 1));
        assert_eq!(evaluate(&[7, 0, 1], 2), 7 ^ 4);
    }
}
