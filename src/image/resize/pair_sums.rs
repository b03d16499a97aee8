//! Weighted sums of pixel values in fixed point, four at once: WebAssembly's vector unit, or plain numbers.
//!
//! The vector unit multiplies numbers of 16 bits, adds the products two by two, and does so several times
//! as fast as with numbers of 32 bits. So values come in pairs, and a weight of 24 bits in two halves.

/// Bits after the point of a weight: 8 are the pixel's, 2 are kept for overshoot and sign.
pub(in crate::image) const FRACTION_BITS: u32 = 32 - 8 - 2;
const HALF: i32 = 1 << (FRACTION_BITS - 1);

/// The weights of two neighbours: weight = high · 256 + low.
///
/// Each number holds the 16 bits of the first neighbour and above them those of the second.
#[derive(Clone, Copy)]
pub(in crate::image) struct PairWeights {
    high: i32,
    low: i32,
}

impl PairWeights {
    /// Of weights in fixed point, from −2 to 2.
    pub fn new(weights: [i32; 2]) -> Self {
        let pack = |[first, second]: [i32; 2]| first & 0xffff | second << 16;
        Self { high: pack(weights.map(|weight| weight >> 8)), low: pack(weights.map(|weight| weight & 0xff)) }
    }
}

#[cfg(target_arch = "wasm32")]
pub(in crate::image) use vector::{Sums, split_channels};

#[cfg(not(target_arch = "wasm32"))]
pub(in crate::image) use scalar::{Sums, split_channels};

#[cfg(target_arch = "wasm32")]
mod vector {
    use std::arch::wasm32::{
        i8x16_shuffle, i16x8_narrow_i32x4, i32x4_add, i32x4_dot_i16x8, i32x4_shl, i32x4_shr, i32x4_splat,
        u8x16_narrow_i16x8, u16x8_extend_low_u8x16, u64x2, u64x2_extract_lane, v128,
    };

    use super::{FRACTION_BITS, HALF, PairWeights};

    /// Four weighted sums.
    #[derive(Clone, Copy)]
    pub struct Sums {
        high: v128,
        low: v128,
    }

    impl Sums {
        #[inline(always)]
        pub fn zero() -> Self {
            Self { high: i32x4_splat(0), low: i32x4_splat(0) }
        }

        /// Adds four pairs of values, all with the same weights.
        #[inline(always)]
        pub fn add(&mut self, values: &[u8; 8], weights: PairWeights) {
            let values = u16x8_extend_low_u8x16(u64x2(u64::from_le_bytes(*values), 0));
            self.high = i32x4_add(self.high, i32x4_dot_i16x8(values, i32x4_splat(weights.high)));
            self.low = i32x4_add(self.low, i32x4_dot_i16x8(values, i32x4_splat(weights.low)));
        }

        /// Rounded, and cut to 0..=255 when they are packed.
        #[inline(always)]
        fn rounded(self) -> v128 {
            let sum = i32x4_add(i32x4_shl(self.high, 8), i32x4_add(self.low, i32x4_splat(HALF)));
            i32x4_shr(sum, FRACTION_BITS)
        }

        /// The sums as pixel values.
        #[inline(always)]
        pub fn to_bytes([a, b, c, d]: [Self; 4]) -> [u8; 16] {
            array(packed([a.rounded(), b.rounded(), c.rounded(), d.rounded()]))
        }

        /// Of red, green and blue of four rows: the pixel's bytes of two rows in turn, R R G G B B and two of no use.
        #[inline(always)]
        pub fn to_row_pairs([red, green, blue]: [Self; 3]) -> [[u8; 8]; 2] {
            let blue = blue.rounded();
            let bytes = packed([red.rounded(), green.rounded(), blue, blue]);
            let pairs = i8x16_shuffle::<0, 1, 4, 5, 8, 9, 12, 13, 2, 3, 6, 7, 10, 11, 14, 15>(bytes, bytes);
            [u64x2_extract_lane::<0>(pairs).to_le_bytes(), u64x2_extract_lane::<1>(pairs).to_le_bytes()]
        }
    }

    /// Four pixels, and what follows, of four rows → for each channel the first two pixels of each row, then the
    /// others.
    #[inline(always)]
    pub fn split_channels(rows: [&[u8; 16]; 4]) -> [[u8; 16]; 3] {
        let [a, b, c, d] = rows.map(load);
        let red_green =
            |a: v128, b: v128| i8x16_shuffle::<0, 3, 16, 19, 6, 9, 22, 25, 1, 4, 17, 20, 7, 10, 23, 26>(a, b);
        let blue = |a: v128, b: v128| {
            i8x16_shuffle::<2, 5, 18, 21, 8, 11, 24, 27, 2, 5, 18, 21, 8, 11, 24, 27>(a, b)
        };
        let lower =
            |a: v128, b: v128| i8x16_shuffle::<0, 1, 2, 3, 16, 17, 18, 19, 4, 5, 6, 7, 20, 21, 22, 23>(a, b);
        let upper = |a: v128, b: v128| {
            i8x16_shuffle::<8, 9, 10, 11, 24, 25, 26, 27, 12, 13, 14, 15, 28, 29, 30, 31>(a, b)
        };
        let (above, below) = (red_green(a, b), red_green(c, d));
        [lower(above, below), upper(above, below), lower(blue(a, b), blue(c, d))].map(array)
    }

    #[inline(always)]
    fn packed([a, b, c, d]: [v128; 4]) -> v128 {
        u8x16_narrow_i16x8(i16x8_narrow_i32x4(a, b), i16x8_narrow_i32x4(c, d))
    }

    #[inline(always)]
    fn load(bytes: &[u8; 16]) -> v128 {
        let [low, high] = [0, 8].map(|start| std::array::from_fn(|index| bytes[start + index]));
        u64x2(u64::from_le_bytes(low), u64::from_le_bytes(high))
    }

    #[inline(always)]
    fn array(vector: v128) -> [u8; 16] {
        let (low, high) = (u64x2_extract_lane::<0>(vector), u64x2_extract_lane::<1>(vector));
        (u128::from(high) << 64 | u128::from(low)).to_le_bytes()
    }
}

#[cfg(not(target_arch = "wasm32"))]
mod scalar {
    use std::array::from_fn;

    use super::{FRACTION_BITS, HALF, PairWeights};

    /// Four weighted sums.
    #[derive(Clone, Copy)]
    pub struct Sums {
        high: [i32; 4],
        low: [i32; 4],
    }

    impl Sums {
        pub fn zero() -> Self {
            Self { high: [0; 4], low: [0; 4] }
        }

        /// Adds four pairs of values, all with the same weights.
        #[inline(always)]
        pub fn add(&mut self, values: &[u8; 8], weights: PairWeights) {
            let product = |lane: usize, weights: i32| {
                let [first, second] = [values[2 * lane], values[2 * lane + 1]].map(i32::from);
                first * i32::from(weights as i16) + second * (weights >> 16)
            };
            for lane in 0..4 {
                self.high[lane] = self.high[lane].wrapping_add(product(lane, weights.high));
                self.low[lane] = self.low[lane].wrapping_add(product(lane, weights.low));
            }
        }

        fn pixel(&self, lane: usize) -> u8 {
            let sum = (self.high[lane] << 8).wrapping_add(self.low[lane]).wrapping_add(HALF);
            (sum >> FRACTION_BITS).clamp(0, 255) as u8
        }

        /// The sums as pixel values.
        pub fn to_bytes(sums: [Self; 4]) -> [u8; 16] {
            from_fn(|index| sums[index / 4].pixel(index % 4))
        }

        /// Of red, green and blue of four rows: the pixel's bytes of two rows in turn, R R G G B B and two of no use.
        pub fn to_row_pairs([red, green, blue]: [Self; 3]) -> [[u8; 8]; 2] {
            let channels = [red, green, blue, blue];
            from_fn(|pair| from_fn(|index| channels[index / 2].pixel(2 * pair + index % 2)))
        }
    }

    /// Four pixels, and what follows, of four rows → for each channel the first two pixels of each row, then the
    /// others.
    pub fn split_channels(rows: [&[u8; 16]; 4]) -> [[u8; 16]; 3] {
        from_fn(|channel| {
            from_fn(|index| {
                let pixel = index / 8 * 2 + index % 2;
                rows[index % 8 / 2][pixel * 3 + channel]
            })
        })
    }
}
