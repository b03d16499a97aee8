//! What was left out, and why queries have no match.

use serde::Serialize;

/// Pairs of a query and a gallery image of its identity, without the query itself and junk.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct MatchCounts {
    /// Those that count: the matches.
    pub counted: usize,
    /// Left out because the query's own camera took them; 0 if the options keep these.
    pub same_camera: usize,
    /// Left out because they are the query's own file.
    pub same_file: usize,
}

/// Why a query has no match, though it has an identity.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Unmatched {
    /// The gallery, whose images all have an identity, has no image of its own, but for the query itself.
    NotInGallery,
    /// As [`Unmatched::NotInGallery`], but some gallery images have no identity: any of them may show it.
    NotAmongLabelled,
    /// The gallery has images of its identity, but none of them has an embedding: see
    /// [`Evaluation::miss`](super::Evaluation::miss).
    NotEmbedded,
    /// All images of its identity are left out, at least one of them because it is from the query's camera.
    SameCamera,
    /// All images of its identity are the query's own file.
    SameFile,
}

/// Unmatched queries by the reason.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct UnmatchedCounts {
    /// [`Unmatched::NotInGallery`].
    pub not_in_gallery: usize,
    /// [`Unmatched::NotAmongLabelled`].
    pub not_among_labelled: usize,
    /// [`Unmatched::NotEmbedded`].
    pub not_embedded: usize,
    /// [`Unmatched::SameCamera`].
    pub same_camera: usize,
    /// [`Unmatched::SameFile`].
    pub same_file: usize,
}

impl MatchCounts {
    pub(super) fn and(self, other: Self) -> Self {
        Self {
            counted: self.counted + other.counted,
            same_camera: self.same_camera + other.same_camera,
            same_file: self.same_file + other.same_file,
        }
    }

    /// Why a query with these has no match; `None` if it has one.
    ///
    /// - `is_all_labelled`: every gallery image has an identity
    pub(super) fn unmatched(self, is_all_labelled: bool) -> Option<Unmatched> {
        match self {
            Self { counted: 1.., .. } => None,
            Self { same_camera: 1.., .. } => Some(Unmatched::SameCamera),
            Self { same_file: 1.., .. } => Some(Unmatched::SameFile),
            Self { .. } if is_all_labelled => Some(Unmatched::NotInGallery),
            Self { .. } => Some(Unmatched::NotAmongLabelled),
        }
    }
}

impl UnmatchedCounts {
    pub(super) fn of(reasons: impl Iterator<Item = Unmatched>) -> Self {
        let mut counts = Self::default();
        for reason in reasons {
            *match reason {
                Unmatched::NotInGallery => &mut counts.not_in_gallery,
                Unmatched::NotAmongLabelled => &mut counts.not_among_labelled,
                Unmatched::NotEmbedded => &mut counts.not_embedded,
                Unmatched::SameCamera => &mut counts.same_camera,
                Unmatched::SameFile => &mut counts.same_file,
            } += 1;
        }
        counts
    }
}
