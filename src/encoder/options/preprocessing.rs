//! What to do with the pixels if a model comes without a description.

use serde_json::json;

use super::assumption::Assumption;
use super::choices::{Choices, MeanStd, ResizeMode};
use crate::encoder::origin::Origin;

/// Fields of assumptions about pixels.
pub(crate) const PIXEL_FIELDS: [&str; 2] = ["resize", "mean_std"];

/// The text of a `preprocessor_config.json`, and what was assumed in it.
///
/// - `size`: height and width of the input, in pixels
/// - `origin`: whose model it is
pub(crate) fn assumed_preprocessing(
    [height, width]: [usize; 2],
    origin: Origin,
    choices: &Choices,
) -> (String, [Assumption; 2]) {
    let (resize, mean_std, reason) = origin.pixels([height, width]);
    let (resize, mean_std) = (choices.resize.unwrap_or(resize), choices.mean_std.unwrap_or(mean_std));
    let assume = |field, value: &str, choices: &[&str]| Assumption {
        field,
        value: value.into(),
        choices: choices.iter().map(|&choice| choice.into()).collect(),
        reason: reason.into(),
    };
    let assumptions = [
        assume(PIXEL_FIELDS[0], resize.name(), &["shortest", "squash"]),
        assume(PIXEL_FIELDS[1], mean_std.name(), &["clip", "imagenet", "half"]),
    ];
    (text([height, width], resize, mean_std), assumptions)
}

fn text([height, width]: [usize; 2], resize: ResizeMode, mean_std: MeanStd) -> String {
    let size = match resize {
        ResizeMode::Shortest => json!({"shortest_edge": height.max(width)}),
        ResizeMode::Squash => json!({"height": height, "width": width}),
    };
    let [mean, std] = mean_std.values();
    let text = json!({
        "size": size,
        "do_center_crop": resize == ResizeMode::Shortest,
        "crop_size": {"height": height, "width": width},
        "image_mean": mean,
        "image_std": std,
    });
    text.to_string()
}
