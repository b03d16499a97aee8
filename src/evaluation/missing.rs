//! Images that belong to the sets and have no embedding: they wait for it, or could not be read.

use serde::Serialize;

use super::Evaluation;
use super::left_out::{Unmatched, UnmatchedCounts};
use crate::labels::{ImageLabel, Missing};

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

/// Why a query has no match, once it is known which gallery images have no embedding.
fn reason(known: Unmatched, label: &ImageLabel, gallery: &Missing) -> Unmatched {
    match known {
        Unmatched::SameCamera | Unmatched::SameFile => known,
        _ if gallery.identities.contains(&label.identity) => Unmatched::NotEmbedded,
        _ if gallery.identities.contains(&None) => Unmatched::NotAmongLabelled,
        _ => known,
    }
}

impl Evaluation {
    /// Records what is missing, so that no query counts as absent from the gallery just because its match has no
    /// embedding. The metrics stay as they are: they cover the images that have one.
    ///
    /// - `labels`: `[queries]`
    /// - `query`, `gallery`: images that have no embedding and are among neither
    pub fn miss(&mut self, labels: &[ImageLabel], query: &Missing, gallery: &Missing) {
        self.not_embedded = NotEmbedded::of(query, gallery);
        for (result, label) in self.per_query.iter_mut().zip(labels) {
            result.unmatched = result.unmatched.map(|known| reason(known, label, gallery));
        }
        self.unmatched_by = UnmatchedCounts::of(self.per_query.iter().filter_map(|query| query.unmatched));
    }
}
