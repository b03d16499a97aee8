//! The functions between the products, four values at once.

use super::simd::{F32x4, UNITS};

/// e to the power of x, within 2 units in the last place; 0 below −87.
///
/// Taken apart into a power of two and a remainder of at most ln(2) / 2 either way, whose exponential is its
/// Taylor polynomial of degree 7.
#[inline(always)]
pub fn exp(x: F32x4) -> F32x4 {
    let x = x.max(F32x4::splat(-87.0)).min(F32x4::splat(88.0));
    // Exponents are kept with 127 more.
    let units = F32x4::splat(UNITS + 127.0);
    let shifted = x * F32x4::splat(std::f32::consts::LOG2_E) + units;
    let power = shifted - units;
    // ln(2) in two parts: the first has so few digits that its product with a power is exact.
    let rest = x - power * F32x4::splat(0.693_359_4) - power * F32x4::splat(-2.121_944_4e-4);
    let coefficients = [1.0 / 5040.0, 1.0 / 720.0, 1.0 / 120.0, 1.0 / 24.0, 1.0 / 6.0, 0.5, 1.0, 1.0];
    let polynomial = coefficients
        .into_iter()
        .map(F32x4::splat)
        .reduce(|sum, coefficient| sum * rest + coefficient)
        .unwrap_or(rest);
    polynomial * shifted.with_last_bits_as_exponent()
}

/// `x · sigmoid(1.702 x)`
#[inline(always)]
pub fn quick_gelu(x: F32x4) -> F32x4 {
    x / (F32x4::splat(1.0) + exp(x * F32x4::splat(-1.702)))
}

/// `x · Φ(x)`, Φ the distribution function of the standard normal distribution; within 2e-7 of it.
///
/// Source: Abramowitz and Stegun 1964, formula 7.1.26.
#[inline(always)]
pub fn gelu(x: F32x4) -> F32x4 {
    let one = F32x4::splat(1.0);
    let z = x * F32x4::splat(std::f32::consts::FRAC_1_SQRT_2);
    let size = z.max(F32x4::splat(0.0) - z);
    let t = one / (one + size * F32x4::splat(0.327_591_1));
    let coefficients = [1.061_405_4, -1.453_152, 1.421_413_7, -0.284_496_74, 0.254_829_6];
    let polynomial = coefficients
        .into_iter()
        .map(F32x4::splat)
        .reduce(|sum, coefficient| sum * t + coefficient)
        .unwrap_or(t);
    // Φ(x) is 1 − tail / 2 right of 0 and tail / 2 left of it.
    let tail = polynomial * t * exp(F32x4::splat(0.0) - size * size);
    let positive = x.max(F32x4::splat(0.0));
    let half = F32x4::splat(0.5);
    let size = x.max(F32x4::splat(0.0) - x);
    positive - half * size * tail
}

#[cfg(test)]
mod tests {
    use super::*;

    fn grid() -> impl Iterator<Item = f32> {
        (-4000..4000).map(|step| step as f32 * 0.0123)
    }

    fn of(function: impl Fn(F32x4) -> F32x4, x: f32) -> f64 {
        f64::from(function(F32x4::splat(x)).to_array()[2])
    }

    #[test]
    fn exp_is_the_exponential() {
        for x in grid() {
            let expected = f64::from(x).exp();
            assert!((of(exp, x) / expected - 1.0).abs() < 2.4e-7, "{x}: {} {expected}", of(exp, x));
        }
        assert!(of(exp, -1e9) < 1e-37);
    }

    #[test]
    fn the_activations_are_their_definitions() {
        for x in grid() {
            let wide = f64::from(x);
            let expected = wide / (1.0 + (-1.702 * wide).exp());
            assert!((of(quick_gelu, x) - expected).abs() < 1e-6 * (1.0 + wide.abs()), "{x}");
            let expected = 0.5 * wide * libm::erfc(-wide * std::f64::consts::FRAC_1_SQRT_2);
            assert!(
                (of(gelu, x) - expected).abs() < 4e-7 * (1.0 + wide.abs()),
                "{x}: {} {expected}",
                of(gelu, x)
            );
        }
    }
}
