//! Four values at once: in WebAssembly's vector unit, or four plain values elsewhere.
//!
//! With relaxed SIMD a product is added in one step where the machine has one, and rounded once instead of twice;
//! machines then differ in the last bits. A processor whose units both multiply and add needs half as many steps.

use std::ops::{Add, Div, Mul, Sub};

/// Added to a number below 2²² either way, it rounds it to nearest and leaves units as the last bits.
pub const UNITS: f32 = 12_582_912.0;

/// Four values.
#[cfg(target_arch = "wasm32")]
#[derive(Clone, Copy)]
pub struct F32x4(std::arch::wasm32::v128);

/// Four values.
#[cfg(not(target_arch = "wasm32"))]
#[derive(Clone, Copy)]
pub struct F32x4([f32; 4]);

#[cfg(target_arch = "wasm32")]
mod vector {
    use std::arch::wasm32::{
        f32x4, f32x4_add, f32x4_div, f32x4_extract_lane, f32x4_mul, f32x4_pmax, f32x4_pmin, f32x4_splat,
        f32x4_sub, i32x4_shl, v128,
    };

    use super::F32x4;

    #[cfg(feature = "relaxed-simd")]
    impl F32x4 {
        /// The sum of it and the product of two others.
        #[target_feature(enable = "relaxed-simd")]
        #[inline]
        pub fn plus_product(self, a: Self, b: Self) -> Self {
            Self(std::arch::wasm32::f32x4_relaxed_madd(a.0, b.0, self.0))
        }
    }

    impl F32x4 {
        #[inline(always)]
        pub fn new([a, b, c, d]: [f32; 4]) -> Self {
            Self(f32x4(a, b, c, d))
        }

        #[inline(always)]
        pub fn splat(value: f32) -> Self {
            Self(f32x4_splat(value))
        }

        #[inline(always)]
        pub fn to_array(self) -> [f32; 4] {
            let Self(v) = self;
            [
                f32x4_extract_lane::<0>(v),
                f32x4_extract_lane::<1>(v),
                f32x4_extract_lane::<2>(v),
                f32x4_extract_lane::<3>(v),
            ]
        }

        #[inline(always)]
        pub(crate) fn plus(self, other: Self) -> Self {
            Self(f32x4_add(self.0, other.0))
        }

        #[inline(always)]
        pub(crate) fn minus(self, other: Self) -> Self {
            Self(f32x4_sub(self.0, other.0))
        }

        #[inline(always)]
        pub(crate) fn times(self, other: Self) -> Self {
            Self(f32x4_mul(self.0, other.0))
        }

        #[inline(always)]
        pub(crate) fn over(self, other: Self) -> Self {
            Self(f32x4_div(self.0, other.0))
        }

        /// The larger ones; where they cannot be compared, those of `self`.
        #[inline(always)]
        pub fn max(self, other: Self) -> Self {
            Self(f32x4_pmax(self.0, other.0))
        }

        /// The smaller ones; where they cannot be compared, those of `self`.
        #[inline(always)]
        pub fn min(self, other: Self) -> Self {
            Self(f32x4_pmin(self.0, other.0))
        }

        #[inline(always)]
        pub(crate) fn to_vector(self) -> v128 {
            self.0
        }

        #[inline(always)]
        pub(crate) fn from_vector(vector: v128) -> Self {
            Self(vector)
        }

        /// The powers of two whose exponents are the last eight bits of these values; the ninth has to be 0.
        #[inline(always)]
        pub fn with_last_bits_as_exponent(self) -> Self {
            Self(i32x4_shl(self.0, 23))
        }
    }
}

#[cfg(not(target_arch = "wasm32"))]
mod scalar {
    use std::array::from_fn;

    use super::F32x4;

    impl F32x4 {
        #[inline(always)]
        pub fn new(values: [f32; 4]) -> Self {
            Self(values)
        }

        #[inline(always)]
        pub fn splat(value: f32) -> Self {
            Self([value; 4])
        }

        #[inline(always)]
        pub fn to_array(self) -> [f32; 4] {
            self.0
        }

        #[inline(always)]
        pub(crate) fn plus(self, other: Self) -> Self {
            Self(from_fn(|lane| self.0[lane] + other.0[lane]))
        }

        #[inline(always)]
        pub(crate) fn minus(self, other: Self) -> Self {
            Self(from_fn(|lane| self.0[lane] - other.0[lane]))
        }

        #[inline(always)]
        pub(crate) fn times(self, other: Self) -> Self {
            Self(from_fn(|lane| self.0[lane] * other.0[lane]))
        }

        #[inline(always)]
        pub(crate) fn over(self, other: Self) -> Self {
            Self(from_fn(|lane| self.0[lane] / other.0[lane]))
        }

        /// The larger ones; where they cannot be compared, those of `self`.
        #[inline(always)]
        pub fn max(self, other: Self) -> Self {
            Self(from_fn(|lane| if self.0[lane] < other.0[lane] { other.0[lane] } else { self.0[lane] }))
        }

        /// The smaller ones; where they cannot be compared, those of `self`.
        #[inline(always)]
        pub fn min(self, other: Self) -> Self {
            Self(from_fn(|lane| if other.0[lane] < self.0[lane] { other.0[lane] } else { self.0[lane] }))
        }

        /// The powers of two whose exponents are the last eight bits of these values; the ninth has to be 0.
        #[inline(always)]
        pub fn with_last_bits_as_exponent(self) -> Self {
            Self(self.0.map(|number| f32::from_bits(number.to_bits() << 23)))
        }
    }
}

#[cfg(not(all(target_arch = "wasm32", feature = "relaxed-simd")))]
impl F32x4 {
    /// The sum of it and the product of two others.
    #[inline(always)]
    pub fn plus_product(self, a: Self, b: Self) -> Self {
        self + a * b
    }
}

impl F32x4 {
    /// The sum of the four.
    #[inline(always)]
    pub fn sum(self) -> f32 {
        let [a, b, c, d] = self.to_array();
        (a + b) + (c + d)
    }

    /// The largest of the four.
    #[inline(always)]
    pub fn largest(self) -> f32 {
        let [a, b, c, d] = self.to_array();
        a.max(b).max(c.max(d))
    }
}

impl Add for F32x4 {
    type Output = Self;

    #[inline(always)]
    fn add(self, other: Self) -> Self {
        self.plus(other)
    }
}

impl Sub for F32x4 {
    type Output = Self;

    #[inline(always)]
    fn sub(self, other: Self) -> Self {
        self.minus(other)
    }
}

impl Mul for F32x4 {
    type Output = Self;

    #[inline(always)]
    fn mul(self, other: Self) -> Self {
        self.times(other)
    }
}

impl Div for F32x4 {
    type Output = Self;

    #[inline(always)]
    fn div(self, other: Self) -> Self {
        self.over(other)
    }
}
