use std::collections::HashSet;

use serde::Serialize;
use sha2::{Digest, Sha256};

use crate::labels::ImageLabel;

/// What an evaluation was made from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct DataFacts {
    /// The queries.
    pub query: SetFacts,
    /// The gallery.
    pub gallery: SetFacts,
}

/// One set, in numbers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SetFacts {
    /// Images that have an embedding.
    pub images: usize,
    /// Distinct identities other than "-1".
    pub identities: usize,
    /// Distinct cameras.
    pub cameras: usize,
    /// [`fingerprint`] of the images' files.
    pub content: Option<String>,
}

impl SetFacts {
    /// Counts what the labels name.
    ///
    /// - `labels`: one for each image that has an embedding
    #[must_use]
    pub fn of(labels: &[ImageLabel]) -> Self {
        let distinct = |name: fn(&ImageLabel) -> Option<&String>| {
            labels.iter().filter_map(name).collect::<HashSet<_>>().len()
        };
        Self {
            images: labels.len(),
            identities: distinct(|label| label.identity.as_ref().filter(|_| label.has_subject())),
            cameras: distinct(|label| label.camera.as_ref()),
            content: fingerprint(labels.iter().map(|label| label.content.as_deref())),
        }
    }
}

/// One SHA-256 for a set of files: that of their SHA-256 in hexadecimal, sorted, one per line.
///
/// `find FOLDER -type f -exec sha256sum {} + | cut -c1-64 | sort | sha256sum` prints the same.
///
/// - `contents`: SHA-256 of each file
/// - returns 64 hexadecimal digits; `None` without files, and if the content of one is not known
///
/// ```
/// # use reid_web::results::fingerprint;
/// assert_eq!(fingerprint([Some("5f1c"), Some("a07e")]), fingerprint([Some("a07e"), Some("5f1c")]));
/// assert_eq!(fingerprint([Some("5f1c"), None]), None);
/// ```
pub fn fingerprint<'a>(contents: impl IntoIterator<Item = Option<&'a str>>) -> Option<String> {
    let mut contents: Vec<&str> = contents.into_iter().collect::<Option<_>>()?;
    contents.sort_unstable();
    let mut hash = Sha256::new();
    contents.iter().for_each(|content| hash.update(format!("{content}\n")));
    (!contents.is_empty()).then(|| format!("{:x}", hash.finalize()))
}
