//! What is drawn by chance, decided by a seed: the same on every machine.

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{RngCore, SeedableRng};

/// ChaCha8, whose key is the seed, little-endian, and zeros.
pub(crate) struct Draws(ChaCha8Rng);

impl Draws {
    /// - `stream`: draws of different streams have nothing to do with each other
    pub(crate) fn new(seed: u64, stream: u64) -> Self {
        let mut key = [0; 32];
        key[..8].copy_from_slice(&seed.to_le_bytes());
        let mut random = ChaCha8Rng::from_seed(key);
        random.set_stream(stream);
        Self(random)
    }

    /// Uniform in 0..n, n below 2³²; no index is likelier than another by more than n / 2³².
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
