//! Which images come into which batch.

use std::ops::Range;

use crate::workshop::train::{Images, Random};

/// One row of a batch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Row {
    /// Number of the identity.
    pub identity: u32,
    /// Number of the image among those of the identity.
    pub index: u32,
}

/// P identities × K images: a loss over identities needs several images of each.
///
/// A batch depends on the seed and the step only, so that a training can be continued anywhere and
/// its images can be drawn by any number of threads.
#[derive(Clone, Debug)]
pub struct Sampler {
    /// The identities that are trained on.
    pub identities: Range<u32>,
    /// P
    pub identities_per_batch: u32,
    /// K
    pub images_per_identity: u32,
    /// Decides the order.
    pub seed: u64,
}

/// Distinguishes these streams of random numbers from others with the same seed.
const IDENTITY_ORDER: u64 = 0x1D;
const IMAGE_CHOICE: u64 = 0x1E;

impl Sampler {
    /// The batch of a step: `[P·K]`, images of one identity next to each other.
    ///
    /// Every identity comes once before one comes again, in a new order each time. Of an identity
    /// with fewer than K images some are there more than once.
    ///
    /// - `step`: from 0
    pub fn batch(&self, step: u64, images: &dyn Images) -> Vec<Row> {
        let identities = (0..).zip(self.identities_of(step));
        identities.flat_map(|(slot, identity)| self.rows(step, slot, identity, images)).collect()
    }

    /// `[P]`
    fn identities_of(&self, step: u64) -> Vec<u32> {
        let count = self.identities.len() as u64;
        let per_batch = u64::from(self.identities_per_batch);
        // Rounds of whole batches: the few identities left over at the end of a round come in another.
        let steps_per_round = (count / per_batch).max(1);
        let (round, place) = (step / steps_per_round, step % steps_per_round);
        let order = Random::new(&[self.seed, IDENTITY_ORDER, round]).permutation(count as u32);
        let places = place * per_batch..(place + 1) * per_batch;
        places.map(|place| self.identities.start + order[(place % count) as usize]).collect()
    }

    /// `[K]`
    fn rows(&self, step: u64, slot: u64, identity: u32, images: &dyn Images) -> Vec<Row> {
        let mut random = Random::new(&[self.seed, IMAGE_CHOICE, step, slot]);
        let wanted = self.images_per_identity as usize;
        let distinct = choose(&mut random, images.count(identity), wanted);
        distinct.iter().cycle().take(wanted).map(|&index| Row { identity, index }).collect()
    }
}

/// `[min(wanted, count)]`: different numbers below `count`.
fn choose(random: &mut Random, count: u32, wanted: usize) -> Vec<u32> {
    let mut chosen = Vec::new();
    while chosen.len() < wanted.min(count as usize) {
        let index = random.below(count);
        if !chosen.contains(&index) {
            chosen.push(index);
        }
    }
    chosen
}
