//! Random numbers that a seed decides: the same on every machine.

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{RngCore, SeedableRng};

/// ChaCha8, whose key is the seed, little-endian, and zeros.
pub(crate) struct SeededRandom(ChaCha8Rng);

impl SeededRandom {
    /// - `stream`: numbers of different streams are independent
    pub(crate) fn new(seed: u64, stream: u64) -> Self {
        let mut key = [0; 32];
        key[..8].copy_from_slice(&seed.to_le_bytes());
        let mut random = ChaCha8Rng::from_seed(key);
        random.set_stream(stream);
        Self(random)
    }

    /// Uniform in 0..n, n below 2³²; no index is more likely than another by more than n / 2³².
    pub(crate) fn below(&mut self, n: usize) -> usize {
        ((u64::from(self.0.next_u32()) * n as u64) >> 32) as usize
    }

    /// Moves `count` elements that are drawn without replacement to the front (Fisher and Yates).
    ///
    /// - `count`: up to all of them
    pub(crate) fn move_to_front<T>(&mut self, count: usize, elements: &mut [T]) {
        for place in 0..count {
            elements.swap(place, place + self.below(elements.len() - place));
        }
    }
}
