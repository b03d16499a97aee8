use serde::{Deserialize, Serialize};

/// Identity of images that show nobody in particular (Market-1501: bad detections).
pub(crate) const JUNK: &str = "-1";

/// What is known of an image besides its embedding.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ImageLabel {
    /// Who or what it shows, compared as written: "0001" is not "1". "-1" marks junk.
    pub identity: Option<String>,
    /// Which camera took it.
    pub camera: Option<String>,
    /// SHA-256 of its file, in hexadecimal: images with the same content are one file. `None` where only the embedding
    /// is there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub content: Option<String>,
}

impl ImageLabel {
    /// Whether it shows somebody or something that can be looked for.
    #[must_use]
    pub fn has_subject(&self) -> bool {
        self.identity.is_some() && !self.is_junk()
    }

    /// Whether it is marked as junk.
    #[must_use]
    pub fn is_junk(&self) -> bool {
        self.identity.as_deref() == Some(JUNK)
    }
}
