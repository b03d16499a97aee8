use std::collections::HashSet;

use serde::Deserialize;

use super::ImageLabel;

/// The images of a set that have no embedding: they wait for it, or could not be read.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
pub struct Missing {
    /// How many.
    pub images: usize,
    /// Their identities, each at least once; `None` if one of them has none.
    pub identities: Vec<Option<String>>,
}

impl Missing {
    /// - `labels`: one for each image that has no embedding
    pub fn of<'a>(labels: impl IntoIterator<Item = &'a ImageLabel>) -> Self {
        let all: Vec<_> = labels.into_iter().map(|label| label.identity.clone()).collect();
        let images = all.len();
        let distinct: HashSet<_> = all.into_iter().collect();
        Self { images, identities: distinct.into_iter().collect() }
    }

    /// The images of both sets, for protocols that take them as one.
    #[must_use]
    pub fn and(&self, other: &Self) -> Self {
        let identities = self.identities.iter().chain(&other.identities).cloned().collect();
        Self { images: self.images + other.images, identities }
    }
}
