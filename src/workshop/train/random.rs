//! Random numbers that depend on a seed only: the same on every machine, for any number of threads.

/// SplitMix64, started from any number of integers.
///
/// Source: Steele, Lea and Flood 2014, "Fast Splittable Pseudorandom Number Generators".
#[derive(Clone, Debug)]
pub struct Random(u64);

/// The golden ratio's fraction in 64 bits, SplitMix64's increment.
const GAMMA: u64 = 0x9E37_79B9_7F4A_7C15;

impl Random {
    /// The stream of these numbers, for instance of (seed, step, row): any other choice of them
    /// makes an unrelated stream.
    #[must_use]
    pub fn new(seeds: &[u64]) -> Self {
        Self(seeds.iter().fold(0, |state: u64, &seed| mixed(state.wrapping_add(GAMMA) ^ mixed(seed))))
    }

    /// 64 random bits.
    pub fn bits(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(GAMMA);
        mixed(self.0)
    }

    /// 0..`count`; 0 if `count` is 0.
    pub fn below(&mut self, count: u32) -> u32 {
        (((self.bits() >> 32) * u64::from(count)) >> 32) as u32
    }

    /// 0..1, exclusive.
    pub fn unit(&mut self) -> f32 {
        (self.bits() >> 40) as f32 / (1 << 24) as f32
    }

    /// -`most`..`most`.
    pub fn signed(&mut self, most: f32) -> f32 {
        (2.0 * self.unit() - 1.0) * most
    }

    /// A number of the standard normal distribution (Box and Muller).
    pub fn normal(&mut self) -> f32 {
        let radius = (-2.0 * (1.0 - self.unit()).ln()).sqrt();
        radius * (std::f32::consts::TAU * self.unit()).cos()
    }

    /// The numbers 0..`count` in random order (Fisher and Yates).
    #[must_use]
    pub fn permutation(&mut self, count: u32) -> Vec<u32> {
        let mut order: Vec<u32> = (0..count).collect();
        for last in (1..count).rev() {
            order.swap(last as usize, self.below(last + 1) as usize);
        }
        order
    }
}

fn mixed(mut bits: u64) -> u64 {
    bits = (bits ^ (bits >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    bits = (bits ^ (bits >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    bits ^ (bits >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stream_depends_on_every_seed_and_on_their_order() {
        let first = |seeds: &[u64]| Random::new(seeds).bits();
        assert_eq!(first(&[1, 2]), first(&[1, 2]));
        let streams = [first(&[1, 2]), first(&[2, 1]), first(&[1, 3]), first(&[1]), first(&[1, 2, 0])];
        for (index, stream) in streams.iter().enumerate() {
            assert!(!streams[..index].contains(stream));
        }
    }

    #[test]
    fn normal_numbers_have_mean_0_and_variance_1() {
        let mut random = Random::new(&[7]);
        let numbers: Vec<f64> = (0..20_000).map(|_| f64::from(random.normal())).collect();
        let mean = numbers.iter().sum::<f64>() / 20_000.0;
        let variance = numbers.iter().map(|number| number * number).sum::<f64>() / 20_000.0;
        assert!(mean.abs() < 0.03 && (variance - 1.0).abs() < 0.05, "{mean} {variance}");
    }

    #[test]
    fn a_permutation_has_every_number_once() {
        let mut order = Random::new(&[3]).permutation(100);
        assert_ne!(order, (0..100).collect::<Vec<_>>());
        order.sort_unstable();
        assert_eq!(order, (0..100).collect::<Vec<_>>());
    }
}
