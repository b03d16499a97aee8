//! Randomness that is the same on every machine.

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{RngCore, SeedableRng};

/// A stream of random numbers for one purpose.
///
/// Streams are independent: one more draw for the veins does not move the freckles.
pub(crate) struct Random(ChaCha8Rng);

impl Random {
    /// The stream of `purpose`; `keys` are for instance seed, identity and index of a shot.
    pub(crate) fn new(keys: [u64; 3], purpose: &[u8; 8]) -> Self {
        let mut seed = [0; 32];
        let parts = keys.map(u64::to_le_bytes).into_iter().chain([*purpose]);
        for (place, part) in seed.as_chunks_mut::<8>().0.iter_mut().zip(parts) {
            *place = part;
        }
        Self(ChaCha8Rng::from_seed(seed))
    }

    /// 0..1.
    pub(crate) fn unit(&mut self) -> f32 {
        (self.0.next_u32() >> 8) as f32 / (1 << 24) as f32
    }

    /// Uniform in `low..high`.
    pub(crate) fn between(&mut self, low: f32, high: f32) -> f32 {
        low + (high - low) * self.unit()
    }

    /// Bell-shaped within `mean ± spread`; two thirds lie in the inner 0.3 of it.
    pub(crate) fn around(&mut self, mean: f32, spread: f32) -> f32 {
        let sum: f32 = (0..4).map(|_| self.unit()).sum();
        mean + spread * (sum * 0.5 - 1.0)
    }

    pub(crate) fn chance(&mut self, probability: f32) -> bool {
        self.unit() < probability
    }

    /// 0..n, for n below 2¹⁶.
    pub(crate) fn below(&mut self, n: usize) -> usize {
        (self.unit() * n as f32) as usize
    }

    /// A seed for the noise functions.
    pub(crate) fn noise_seed(&mut self) -> u32 {
        self.0.next_u32()
    }
}
