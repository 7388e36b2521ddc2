//! Takes out of each module what its neighbours bled into it.

use super::geometry::solve;
use super::soft::Modules;
use super::symbol::{Layout, Module};

/// Rounds of decision and correction.
const ROUNDS: usize = 3;

/// How a module is seen: own value, the neighbours beside, above and below, the ones at the corners, and a constant.
type Blur = [f64; 5];

/// Estimates the blur from the modules whose values are known, and takes it back with the current best guess of all others.
/// `None` when the estimate makes no sense.
pub(crate) fn equalize(modules: &Modules, layout: &Layout) -> Option<Modules> {
    let blur = estimate(modules, layout)?;
    let [own, beside, above, corner, constant] = blur.map(narrow);
    if !(0.15..2.0).contains(&own) {
        return None;
    }
    let side = modules.side;
    let known = |at: usize| match layout.at(at % side, at / side) {
        Module::Dark => Some(1.0),
        Module::Light => Some(-1.0),
        Module::Information | Module::Data => None,
    };
    let mut guess: Vec<f32> = modules
        .values
        .iter()
        .enumerate()
        .map(|(at, &value)| known(at).unwrap_or((2.0 * value).clamp(-1.0, 1.0)))
        .collect();
    let mut clear = modules.values.clone();
    for _ in 0..ROUNDS {
        for (at, value) in clear.iter_mut().enumerate() {
            let [besides, aboves, corners] = around(&guess, side, at % side, at / side);
            let bled = beside * besides + above * aboves + corner * corners;
            *value = ((modules.values[at] - constant - bled) / own).clamp(-1.0, 1.0);
        }
        for (at, guess) in guess.iter_mut().enumerate() {
            *guess = known(at).unwrap_or_else(|| (1.5 * clear[at]).clamp(-1.0, 1.0));
        }
    }
    Some(Modules { side, values: clear })
}

#[expect(clippy::cast_possible_truncation, reason = "rounds to the nearest")]
const fn narrow(value: f64) -> f32 {
    value as f32
}

/// Sums of the neighbours left and right, above and below, and at the corners; outside is light.
fn around(values: &[f32], side: usize, column: usize, row: usize) -> [f32; 3] {
    let value = |right: isize, down: isize| {
        let place = column.checked_add_signed(right).zip(row.checked_add_signed(down));
        place
            .filter(|&(column, row)| column < side && row < side)
            .map_or(-1.0, |(column, row)| values[row * side + column])
    };
    [value(-1, 0) + value(1, 0), value(0, -1) + value(0, 1), value(-1, -1) + value(1, -1) + value(-1, 1) + value(1, 1)]
}

/// Least squares over the modules that are known together with all their neighbours.
fn estimate(modules: &Modules, layout: &Layout) -> Option<Blur> {
    let side = modules.side;
    let truth: Vec<f32> = (0..side * side)
        .map(|at| match layout.at(at % side, at / side) {
            Module::Dark => 1.0,
            Module::Light => -1.0,
            Module::Information | Module::Data => f32::NAN,
        })
        .collect();
    let mut system = [[0.0_f64; 6]; 5];
    for at in (0..side * side).filter(|&at| !truth[at].is_nan()) {
        let [beside, above, corner] = around(&truth, side, at % side, at / side);
        if beside.is_nan() || above.is_nan() || corner.is_nan() {
            continue;
        }
        let equation = [truth[at], beside, above, corner, 1.0, modules.values[at]].map(f64::from);
        for (row, left) in system.iter_mut().zip(equation) {
            for (sum, right) in row.iter_mut().zip(equation) {
                *sum += left * right;
            }
        }
    }
    // A little pull towards no blur keeps few or contradicting modules from making wild ones.
    for (at, row) in system.iter_mut().enumerate().take(4) {
        row[at] += 2.0;
    }
    system[0][5] += 2.0;
    solve(system)
}
