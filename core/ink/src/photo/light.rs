//! sRGB bytes to light and back (IEC 61966-2-1).
//!
//! Ink that covers half a pixel takes half of its *light*: only on a linear scale is the edge of a stroke where the
//! value is half-way.

use std::sync::LazyLock;

use super::grid::{byte, number};

/// Share of luminance of red, green and blue (ITU-R BT.709).
pub(super) const LUMINANCE: [f32; 3] = [0.2126, 0.7152, 0.0722];

static LINEAR: LazyLock<[f32; 256]> = LazyLock::new(|| std::array::from_fn(|value| linear(number(value) / 255.0)));
static WEIGHED: LazyLock<[[f32; 256]; 3]> = LazyLock::new(|| LUMINANCE.map(|share| LINEAR.map(|light| light * share)));

fn linear(value: f32) -> f32 {
    if value <= 0.040_45 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
}

/// Light of each sRGB byte: 0 to 1.
pub(super) fn table() -> &'static [f32; 256] {
    &LINEAR
}

/// Luminance that each byte of red, green and blue adds.
pub(super) fn luminance_tables() -> &'static [[f32; 256]; 3] {
    &WEIGHED
}

/// Light as an sRGB byte.
pub(super) fn encode(light: f32) -> u8 {
    let light = light.clamp(0.0, 1.0);
    byte(if light <= 0.003_130_8 { light * 12.92 } else { 1.055 * light.powf(1.0 / 2.4) - 0.055 })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_survive_the_way_to_light_and_back() {
        for value in 0..=255_u8 {
            assert_eq!(encode(table()[usize::from(value)]), value);
        }
    }
}
