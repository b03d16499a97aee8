//! Which project an image tower's file comes from, which settles what its weights leave open.

use super::naming::wrappers::before_wrappers;
use super::options::choices::{MeanStd, ResizeMode};
use super::resnet::config::LastStage;

/// Where CLIP-ReID and CLIP-HandID keep their encoder.
const REID: &str = "image_encoder";

/// Whose file an image tower comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Origin<'a> {
    /// OpenAI, OpenCLIP, transformers, and whoever fine-tunes theirs.
    Clip,
    /// CLIP-ReID or CLIP-HandID.
    ClipReid {
        /// What comes before the names beside the encoder, such as those of its batch norms.
        root: &'a str,
    },
}

impl<'a> Origin<'a> {
    /// - `prefix`: before all names of the tower
    pub fn of(prefix: &'a str) -> Self {
        let root = prefix.strip_suffix('.').and_then(|prefix| before_wrappers(prefix).strip_suffix(REID));
        match root.filter(|root| root.is_empty() || root.ends_with('.')) {
            Some(root) => Self::ClipReid { root },
            None => Self::Clip,
        }
    }

    /// What comes before the names beside the encoder; `None` where nothing is beside it.
    pub fn root(self) -> Option<&'a str> {
        match self {
            Self::Clip => None,
            Self::ClipReid { root } => Some(root),
        }
    }

    /// Whether the file is CLIP-ReID's or CLIP-HandID's.
    pub fn is_reid(self) -> bool {
        self.root().is_some()
    }

    /// How images get the size of the input and what they are normalised with, and why this is assumed.
    pub fn pixels(self, [height, width]: [usize; 2]) -> (ResizeMode, MeanStd, &'static str) {
        let (resize, mean_std) = match (self, [height, width]) {
            (Self::Clip, _) if height == width => (ResizeMode::Shortest, MeanStd::Clip),
            (Self::Clip, _) => (ResizeMode::Squash, MeanStd::Clip),
            (Self::ClipReid { .. }, [224, 224]) => (ResizeMode::Squash, MeanStd::Imagenet),
            (Self::ClipReid { .. }, _) => (ResizeMode::Squash, MeanStd::Half),
        };
        let reason = match self {
            Self::Clip => "This is CLIP's own; the weights do not tell.",
            Self::ClipReid { .. } => {
                "Concluded from image_encoder. in the names: CLIP-ReID and CLIP-HandID do so."
            }
        };
        (resize, mean_std, reason)
    }

    /// What the last stage of a ResNet does, and why this is assumed.
    pub fn last_stage(self) -> (LastStage, &'static str) {
        match self {
            Self::Clip => (
                LastStage::Halves,
                "The weights do not tell; the last stage of OpenAI's and OpenCLIP's models halves height and width.",
            ),
            Self::ClipReid { .. } => (
                LastStage::Keeps,
                "Concluded from image_encoder. in the names: the last stage of CLIP-ReID and CLIP-HandID keeps height \
                 and width.",
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Origin;

    #[test]
    fn the_names_beside_an_encoder_of_clip_reid_have_its_root() {
        let root = |prefix| Origin::of(prefix).root();
        assert_eq!(root("image_encoder."), Some(""));
        assert_eq!(root("module.image_encoder._orig_mod."), Some("module."));
        assert_eq!(root("visual."), None);
        assert_eq!(root("my_image_encoder."), None);
    }
}
