//! The 0.001 mm grid every coordinate lies on, and the only conversions between floats and integers.

/// Grid steps in a millimetre.
const PER_MM: f64 = 1000.0;

/// Rounds millimetres to whole grid steps. The caller has bounded the value to a few hundred millimetres.
#[expect(clippy::cast_possible_truncation, reason = "bounded by MAX_SIDE_MM plus margin, far inside i64")]
pub(crate) fn to_steps(mm: f64) -> i64 {
    (mm * PER_MM).round() as i64
}

/// Millimetres of a count of grid steps.
#[expect(clippy::cast_precision_loss, reason = "bounded by MAX_SIDE_MM plus margin, exact in f64")]
pub(crate) fn to_mm(steps: i64) -> f64 {
    steps as f64 / PER_MM
}

/// The nearest value on the grid.
pub(crate) fn snap(mm: f64) -> f64 {
    to_mm(to_steps(mm))
}

/// Rounds to an integer in the units of a PDF form. The caller has bounded the value.
#[expect(clippy::cast_possible_truncation, reason = "bounded by MAX_SIDE_MM plus margin, far inside i64")]
pub(crate) fn round(value: f64) -> i64 {
    value.round() as i64
}

/// Single precision for the rasteriser.
#[expect(clippy::cast_possible_truncation, reason = "the rasteriser works in f32; 200 mm at 1e-5 mm fits")]
pub(crate) fn single(value: f64) -> f32 {
    value as f32
}

/// Rounds up to a whole count of pixels. The caller has bounded the value to at most 200 mm at 1200 dpi.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "0 < value < 10 000")]
pub(crate) fn ceil_px(value: f64) -> u32 {
    value.ceil() as u32
}

/// Appends `steps` grid steps as a decimal number of millimetres, without needless zeros: `-.05`, `12.3`, `0`.
pub(crate) fn push_mm(out: &mut String, steps: i64) {
    use std::fmt::Write as _;
    if steps < 0 {
        out.push('-');
    }
    let (whole, fraction) = (steps.unsigned_abs() / 1000, steps.unsigned_abs() % 1000);
    if whole != 0 || fraction == 0 {
        // Writing to a String cannot fail.
        let _ = write!(out, "{whole}");
    }
    if fraction != 0 {
        let digits = format!("{fraction:03}");
        out.push('.');
        out.push_str(digits.trim_end_matches('0'));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_as_short_as_they_can_be() {
        let text = |steps| {
            let mut out = String::new();
            push_mm(&mut out, steps);
            out
        };
        for (steps, expected) in
            [(0, "0"), (5, ".005"), (-50, "-.05"), (12_300, "12.3"), (-40_000, "-40"), (1_001, "1.001")]
        {
            assert_eq!(text(steps), expected);
        }
    }

    #[test]
    fn snapping_is_idempotent_and_within_half_a_step() {
        for value in [0.0, 0.1, 0.000_49, 39.999_6, -4.999_9, 123.456_789] {
            assert!((snap(value) - value).abs() <= 0.0005 + 1e-12);
            assert!((snap(snap(value)) - snap(value)).abs() < f64::EPSILON);
        }
    }
}
