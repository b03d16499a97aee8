//! Similarities that share the upper half of their bits.

/// Different lower halves of 16 bits.
const SLOTS: usize = 1 << 16;
/// From this number of entries on, a counter for every slot takes no more memory than the entries.
const DENSE_FROM: usize = SLOTS * size_of::<u32>() / size_of::<u16>();
/// From this number of entries on, counting sorts them faster than comparing.
const COUNT_FROM: usize = 1 << 12;

/// A multiset of 16-bit keys in at most two bytes an entry, and never more than 256 kB, up to a
/// quarter of unused capacity.
#[derive(Clone, Debug)]
pub(super) enum Page {
    /// Every entry, in the order of arrival until [`Page::sort`].
    Entries(Vec<u16>),
    /// `[SLOTS]`: how often each key was added.
    Counts(Vec<u32>),
}

impl Default for Page {
    fn default() -> Self {
        Self::Entries(Vec::new())
    }
}

impl Page {
    pub(super) fn add(&mut self, key: u16) {
        match self {
            Self::Counts(counts) => counts[usize::from(key)] += 1,
            Self::Entries(entries) if entries.len() < entries.capacity() => entries.push(key),
            Self::Entries(entries) if entries.len() < DENSE_FROM => {
                entries.reserve_exact((entries.len() / 4 + 4).min(DENSE_FROM - entries.len()));
                entries.push(key);
            }
            Self::Entries(entries) => {
                let mut counts = counted(entries);
                counts[usize::from(key)] += 1;
                *self = Self::Counts(counts);
            }
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        matches!(self, Self::Entries(entries) if entries.is_empty())
    }

    /// Orders the entries, ascending; to be called once all are there.
    pub(super) fn sort(&mut self) {
        match self {
            Self::Counts(_) => (),
            Self::Entries(entries) if entries.len() < COUNT_FROM => entries.sort_unstable(),
            Self::Entries(entries) => {
                let counts = counted(entries);
                entries.clear();
                for (key, count) in (0..=u16::MAX).zip(counts) {
                    entries.extend(std::iter::repeat_n(key, count as usize));
                }
            }
        }
    }

    /// Number of keys of at least `key`, of a sorted page.
    pub(super) fn count_from(&self, key: u16) -> u64 {
        match self {
            Self::Entries(entries) => (entries.len() - entries.partition_point(|&entry| entry < key)) as u64,
            Self::Counts(counts) => counts[usize::from(key)..].iter().copied().map(u64::from).sum(),
        }
    }

    /// Different keys of a sorted page with their counts, the highest first.
    pub(super) fn runs(&self) -> Vec<(u16, u64)> {
        match self {
            Self::Entries(entries) => {
                let runs = entries.chunk_by(|a, b| a == b).rev();
                runs.map(|run| (run[0], run.len() as u64)).collect()
            }
            Self::Counts(counts) => {
                let runs = (0..=u16::MAX).zip(counts).rev();
                runs.filter(|&(_, &count)| count > 0).map(|(key, &count)| (key, u64::from(count))).collect()
            }
        }
    }
}

fn counted(entries: &[u16]) -> Vec<u32> {
    let mut counts = vec![0; SLOTS];
    for &entry in entries {
        counts[usize::from(entry)] += 1;
    }
    counts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counters_and_entries_say_the_same() {
        let key = |index: usize| (index as u64 * index as u64 % 50_021) as u16;
        let keys = (0..=DENSE_FROM).map(key);
        let (mut few, mut many) = (Page::default(), Page::default());
        keys.clone().take(DENSE_FROM).for_each(|key| few.add(key));
        keys.for_each(|key| many.add(key));
        assert!(matches!((&few, &many), (Page::Entries(_), Page::Counts(_))));
        let last = key(DENSE_FROM);
        few.sort();
        let mut expected = few.runs();
        expected[few.runs().iter().position(|&(key, _)| key == last).unwrap()].1 += 1;
        assert_eq!(many.runs(), expected);
        assert_eq!(many.count_from(0), DENSE_FROM as u64 + 1);
        assert_eq!(many.count_from(last), few.count_from(last) + 1);
        assert_eq!(many.count_from(50_021), 0);
    }
}
