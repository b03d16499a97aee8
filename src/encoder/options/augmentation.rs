//! Test-time augmentation: what is encoded besides the image itself.

use serde::{Deserialize, Serialize};

use crate::encoder::options::assumption::Assumption;

/// Test-time augmentation.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Augmentation {
    /// Each image as it is.
    #[default]
    None,
    /// Each image and its mirror image: the encoder's outputs for both are added up before they are normalised.
    ///
    /// Source: nathanlem1/CLIP-HandID@73a60e2 `eval_query_gallery_clip_zeroshot.py`.
    Flip,
}

impl Augmentation {
    /// Its name in [`crate::encoder::Choices`].
    pub fn name(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Flip => "flip",
        }
    }

    /// As something that can be chosen.
    pub(crate) fn assumption(self) -> Assumption {
        Assumption {
            field: "augmentation",
            value: self.name().into(),
            choices: [Self::None, Self::Flip].map(|choice| choice.name().into()).into(),
            reason: "CLIP-HandID and fast-reid can add up the encoder's outputs for an image and its mirror image; \
                     that takes twice as long."
                .into(),
        }
    }
}

/// Appends the mirror image of each image.
///
/// - `pixels`: `[B, 3, H, W]`
/// - returns `[2B, 3, H, W]`
pub(crate) fn with_mirrored(mut pixels: Vec<f32>, width: usize) -> Vec<f32> {
    let count = pixels.len();
    pixels.extend_from_within(..);
    pixels[count..].chunks_exact_mut(width).for_each(<[f32]>::reverse);
    pixels
}

#[cfg(test)]
mod tests {
    use super::with_mirrored;

    #[test]
    fn mirror_images_follow_the_images() {
        assert_eq!(with_mirrored(vec![1.0, 2.0, 3.0, 4.0], 2), [1.0, 2.0, 3.0, 4.0, 2.0, 1.0, 4.0, 3.0]);
    }
}
