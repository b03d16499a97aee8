//! Integers at once: products of eight of 16 bits in sums of four of 32, by WebAssembly's vector unit, or natively
//! by the processor's through the `wide` crate. Both have the same results.

use std::ops::Add;

#[cfg(not(target_arch = "wasm32"))]
pub use native::{I16x8, I32x4};
#[cfg(target_arch = "wasm32")]
pub use vector::{I16x8, I32x4};

use crate::kernels::cpu::simd::F32x4;

#[cfg(target_arch = "wasm32")]
mod vector {
    use std::arch::wasm32::{
        f32x4_convert_i32x4, i8x16, i8x16_shuffle, i16x8_extend_high_i8x16, i16x8_extend_low_i8x16,
        i32x4_add, i32x4_dot_i16x8, i32x4_extract_lane, i32x4_shuffle, i32x4_splat, i64x2_shuffle, v128,
    };

    use super::F32x4;
    use crate::kernels::cpu::simd::UNITS;

    /// Eight integers of 16 bits, in pairs.
    #[derive(Clone, Copy)]
    pub struct I16x8(v128);

    /// Four integers of 32 bits.
    #[derive(Clone, Copy)]
    pub struct I32x4(v128);

    impl I16x8 {
        /// A pair four times.
        #[inline(always)]
        pub fn splat(pair: i32) -> Self {
            Self(i32x4_splat(pair))
        }

        /// Sixteen integers of 8 bits.
        #[inline(always)]
        pub fn widened(bytes: &[i8; 16]) -> [Self; 2] {
            let [a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p] = *bytes;
            let bytes = i8x16(a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p);
            [Self(i16x8_extend_low_i8x16(bytes)), Self(i16x8_extend_high_i8x16(bytes))]
        }

        /// Eight numbers of 16 bits, rounded to the nearest integers; for others the result is unspecified.
        #[inline(always)]
        pub fn rounded(values: [F32x4; 2]) -> Self {
            // The last bits are those of a negative number in two's complement.
            let [first, last] = values.map(|four| (four + F32x4::splat(UNITS)).to_vector());
            Self(i8x16_shuffle::<0, 1, 4, 5, 8, 9, 12, 13, 16, 17, 20, 21, 24, 25, 28, 29>(first, last))
        }

        /// The first pairs of four, the second ones, and so on; the first number of a pair in the lower half.
        #[inline(always)]
        pub fn columns([Self(a), Self(b), Self(c), Self(d)]: [Self; 4]) -> [[i32; 4]; 4] {
            let [low_ab, low_cd] = [(a, b), (c, d)].map(|(a, b)| i32x4_shuffle::<0, 4, 1, 5>(a, b));
            let [high_ab, high_cd] = [(a, b), (c, d)].map(|(a, b)| i32x4_shuffle::<2, 6, 3, 7>(a, b));
            [
                to_array(i64x2_shuffle::<0, 2>(low_ab, low_cd)),
                to_array(i64x2_shuffle::<1, 3>(low_ab, low_cd)),
                to_array(i64x2_shuffle::<0, 2>(high_ab, high_cd)),
                to_array(i64x2_shuffle::<1, 3>(high_ab, high_cd)),
            ]
        }

        /// For each pair the product of the first ones plus the product of the second ones.
        #[inline(always)]
        pub fn dot(self, other: Self) -> I32x4 {
            I32x4(i32x4_dot_i16x8(self.0, other.0))
        }
    }

    #[inline(always)]
    fn to_array(v: v128) -> [i32; 4] {
        [
            i32x4_extract_lane::<0>(v),
            i32x4_extract_lane::<1>(v),
            i32x4_extract_lane::<2>(v),
            i32x4_extract_lane::<3>(v),
        ]
    }

    impl I32x4 {
        #[inline(always)]
        pub fn splat(value: i32) -> Self {
            Self(i32x4_splat(value))
        }

        #[inline(always)]
        pub(crate) fn plus(self, other: Self) -> Self {
            Self(i32x4_add(self.0, other.0))
        }

        /// Rounded to nearest.
        #[inline(always)]
        pub fn to_floats(self) -> F32x4 {
            F32x4::from_vector(f32x4_convert_i32x4(self.0))
        }
    }
}

#[cfg(not(target_arch = "wasm32"))]
mod native {
    use std::array::from_fn;

    use bytemuck::cast;
    use wide::{i16x8, i32x4};

    use super::F32x4;
    use crate::kernels::cpu::simd::UNITS;

    /// Eight integers of 16 bits, in pairs.
    #[derive(Clone, Copy)]
    pub struct I16x8(i16x8);

    /// Four integers of 32 bits.
    #[derive(Clone, Copy)]
    pub struct I32x4(i32x4);

    impl I16x8 {
        /// A pair four times.
        #[inline(always)]
        pub fn splat(pair: i32) -> Self {
            Self(cast(i32x4::splat(pair)))
        }

        /// Sixteen integers of 8 bits.
        #[inline(always)]
        pub fn widened(bytes: &[i8; 16]) -> [Self; 2] {
            [0, 8].map(|first| Self(i16x8::new(from_fn(|lane| i16::from(bytes[first + lane])))))
        }

        /// Eight numbers of 16 bits, rounded to the nearest integers; for others the result is unspecified.
        #[inline(always)]
        pub fn rounded(values: [F32x4; 2]) -> Self {
            // The last bits are those of a negative number in two's complement.
            let [first, last] = values.map(|four| (four + F32x4::splat(UNITS)).to_array());
            let last_bits = |number: f32| number.to_bits() as i16;
            Self(i16x8::new(from_fn(|lane| last_bits(if lane < 4 { first[lane] } else { last[lane - 4] }))))
        }

        /// The first pairs of four, the second ones, and so on; the first number of a pair in the lower half.
        #[inline(always)]
        pub fn columns(rows: [Self; 4]) -> [[i32; 4]; 4] {
            let rows = rows.map(|Self(row)| cast::<_, [i32; 4]>(row));
            from_fn(|at| rows.map(|row| row[at]))
        }

        /// For each pair the product of the first ones plus the product of the second ones.
        #[inline(always)]
        pub fn dot(self, other: Self) -> I32x4 {
            I32x4(self.0.dot(other.0))
        }
    }

    impl I32x4 {
        #[inline(always)]
        pub fn splat(value: i32) -> Self {
            Self(i32x4::splat(value))
        }

        #[inline(always)]
        pub(crate) fn plus(self, other: Self) -> Self {
            Self(self.0 + other.0)
        }

        /// Rounded to nearest.
        #[inline(always)]
        pub fn to_floats(self) -> F32x4 {
            F32x4::new(self.0.to_array().map(|value| value as f32))
        }
    }
}

impl Add for I32x4 {
    type Output = Self;

    #[inline(always)]
    fn add(self, other: Self) -> Self {
        self.plus(other)
    }
}
