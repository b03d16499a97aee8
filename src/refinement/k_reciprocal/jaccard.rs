use super::encoding::Encoding;

/// The gallery's encodings by the images that they contain.
#[derive(Debug)]
pub(super) struct InvertedIndex {
    /// `[count]`: for each image the gallery images encoded by it, and its weight there.
    entries: Vec<Vec<(u32, f32)>>,
    gallery: usize,
}

impl InvertedIndex {
    /// - `gallery`: `[G]`
    /// - `count`: images that may be in an encoding
    pub(super) fn new(gallery: &[Encoding], count: usize) -> Self {
        let mut entries = vec![Vec::new(); count];
        for (image, encoding) in (0..).zip(gallery) {
            encoding.iter().for_each(|&(other, weight)| entries[other as usize].push((image, weight)));
        }
        Self { entries, gallery: gallery.len() }
    }

    /// Jaccard distances of one encoding with the gallery's: `[G]`, 0 to 1.
    ///
    /// One minus the sum of the smaller weights over the sum of the larger ones; the two sums are 2 together.
    pub(super) fn distances(&self, encoding: &Encoding) -> impl Iterator<Item = f64> + use<> {
        let mut shared = vec![0.0; self.gallery];
        for &(other, weight) in encoding {
            for &(image, its_weight) in &self.entries[other as usize] {
                shared[image as usize] += f64::from(weight.min(its_weight));
            }
        }
        // Rounded weights may sum up to a little more than 1.
        shared.into_iter().map(|shared: f64| shared.min(1.0)).map(|shared| 1.0 - shared / (2.0 - shared))
    }
}
