//! What was left out, and why queries have no match.

use serde::Serialize;

/// Pairs of a query and a gallery image of its identity, itself and junk not among them.
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
    /// The gallery has no image of its identity, but for the query itself.
    NotInGallery,
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
    pub(super) fn unmatched(self) -> Option<Unmatched> {
        match self {
            Self { counted: 1.., .. } => None,
            Self { same_camera: 1.., .. } => Some(Unmatched::SameCamera),
            Self { same_file: 1.., .. } => Some(Unmatched::SameFile),
            Self { .. } => Some(Unmatched::NotInGallery),
        }
    }
}

impl UnmatchedCounts {
    pub(super) fn of(reasons: impl Iterator<Item = Unmatched>) -> Self {
        let mut counts = Self::default();
        for reason in reasons {
            *match reason {
                Unmatched::NotInGallery => &mut counts.not_in_gallery,
                Unmatched::SameCamera => &mut counts.same_camera,
                Unmatched::SameFile => &mut counts.same_file,
            } += 1;
        }
        counts
    }
}
