//! Pixel values → the numbers that an encoder is given.

/// Mean and standard deviation of red, green and blue, of values in 0..=1: those of CLIP's training images.
pub const CLIP_MEAN_STD: [[f64; 3]; 2] =
    [[0.48145466, 0.4578275, 0.40821073], [0.26862954, 0.26130258, 0.27577711]];
/// Of ImageNet's.
pub const IMAGENET_MEAN_STD: [[f64; 3]; 2] = [[0.485, 0.456, 0.406], [0.229, 0.224, 0.225]];
/// 0.5 and 0.5.
pub const HALF_MEAN_STD: [[f64; 3]; 2] = [[0.5; 3], [0.5; 3]];

/// From bytes to 0..=1.
const TO_ONE: f64 = 1.0 / 255.0;

/// Pixel value → (value · scale − mean) / std.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::image) struct Normalization {
    pub scale: f64,
    pub mean: [f64; 3],
    pub std: [f64; 3],
}

impl Normalization {
    /// CLIP's: the mean and standard deviation of its training images, of values in 0..=1.
    pub fn clip() -> Self {
        let [mean, std] = CLIP_MEAN_STD;
        Self { scale: TO_ONE, mean, std }
    }

    /// The normalised value of every pixel value, for each channel.
    pub fn tables(&self) -> [[f32; 256]; 3] {
        std::array::from_fn(|channel| {
            let (mean, std) = (self.mean[channel] as f32, self.std[channel] as f32);
            std::array::from_fn(|value| ((value as f64 * self.scale) as f32 - mean) / std)
        })
    }

    /// In words, for instance "CLIP's mean and std"; what is not as usual before it: "values × 1, not normalised".
    pub fn description(&self) -> String {
        let scale = match self.scale {
            scale if scale as f32 == TO_ONE as f32 => String::new(),
            1.0 => "values 0 to 255, ".into(),
            scale => format!("values × {scale}, "),
        };
        scale + &self.mean_and_std()
    }

    fn mean_and_std(&self) -> String {
        let named = [
            ("CLIP's mean and std", CLIP_MEAN_STD),
            ("ImageNet's mean and std", IMAGENET_MEAN_STD),
            ("not normalised", [[0.0; 3], [1.0; 3]]),
        ];
        match named.into_iter().find(|(_, [mean, std])| self.mean == *mean && self.std == *std) {
            Some((name, _)) => name.into(),
            None => format!("mean {}, std {}", channels(self.mean), channels(self.std)),
        }
    }
}

/// One number if all channels have the same: "0.5", else "0.4 0.5 0.6".
fn channels(values: [f64; 3]) -> String {
    let [red, green, blue] = values;
    if red == green && green == blue { red.to_string() } else { format!("{red} {green} {blue}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_done_with_pixel_values_has_words() {
        let of = |scale, [mean, std]: [[f64; 3]; 2]| Normalization { scale, mean, std }.description();
        for (scale, mean_std, words) in [
            (TO_ONE, CLIP_MEAN_STD, "CLIP's mean and std"),
            (0.00392156862745098, IMAGENET_MEAN_STD, "ImageNet's mean and std"),
            (TO_ONE, HALF_MEAN_STD, "mean 0.5, std 0.5"),
            (TO_ONE, [[0.1, 0.2, 0.3], [0.4; 3]], "mean 0.1 0.2 0.3, std 0.4"),
            (TO_ONE, [[0.0; 3], [1.0; 3]], "not normalised"),
            (1.0, CLIP_MEAN_STD, "values 0 to 255, CLIP's mean and std"),
            (0.01, [[0.0; 3], [1.0; 3]], "values × 0.01, not normalised"),
        ] {
            assert_eq!(of(scale, mean_std), words);
        }
    }
}
