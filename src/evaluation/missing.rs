//! Images that belong to the sets and have no embedding: they wait for it, or could not be read.

use std::collections::HashSet;

use serde::{Deserialize, Serialize};

use super::left_out::{Unmatched, UnmatchedCounts};
use super::{Evaluation, ImageLabel};

/// The images of a set that have no embedding.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
pub struct Missing {
    /// How many.
    pub images: usize,
    /// Their identities, each at least once; `None` if one of them has none.
    pub identities: Vec<Option<String>>,
}

/// How many images of each set have no embedding.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct NotEmbedded {
    /// Queries.
    pub queries: usize,
    /// Gallery images.
    pub gallery: usize,
}

impl NotEmbedded {
    /// Counts the images of both sets.
    #[must_use]
    pub fn of(query: &Missing, gallery: &Missing) -> Self {
        Self { queries: query.images, gallery: gallery.images }
    }
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

    /// Why a query has no match, once it is known which images are missing.
    fn reason(&self, known: Unmatched, label: &ImageLabel) -> Unmatched {
        match known {
            Unmatched::SameCamera | Unmatched::SameFile => known,
            _ if self.identities.contains(&label.identity) => Unmatched::NotEmbedded,
            _ if self.identities.contains(&None) => Unmatched::NotAmongLabelled,
            _ => known,
        }
    }
}

impl Evaluation {
    /// Says what is missing, so that no query is said to be absent from the gallery whose match only has no embedding.
    /// The metrics stay as they are: they are of the images that have one.
    ///
    /// - `labels`: `[queries]`
    /// - `query`, `gallery`: images that have no embedding and are among neither
    pub fn miss(&mut self, labels: &[ImageLabel], query: &Missing, gallery: &Missing) {
        self.not_embedded = NotEmbedded::of(query, gallery);
        for (result, label) in self.per_query.iter_mut().zip(labels) {
            result.unmatched = result.unmatched.map(|known| gallery.reason(known, label));
        }
        self.unmatched_by = UnmatchedCounts::of(self.per_query.iter().filter_map(|query| query.unmatched));
    }
}
