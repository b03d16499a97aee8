//! What to do with the pixels of a model that does not say it.

use serde_json::json;

use crate::encoder::options::choices::{Assumption, Choices, MeanStd, ResizeMode};

/// Fields of assumptions about pixels.
pub(crate) const PIXEL_FIELDS: [&str; 2] = ["resize", "mean_std"];

/// The text of a `preprocessor_config.json`, and what was concluded in it.
///
/// - `size`: height and width of the input, in pixels
/// - `is_reid`: whether the model is CLIP-ReID's or CLIP-HandID's
pub(crate) fn concluded_pixels(
    [height, width]: [usize; 2],
    is_reid: bool,
    choices: &Choices,
) -> (String, [Assumption; 2]) {
    let (resize, mean_std) = match (is_reid, [height, width]) {
        (false, _) if height == width => (ResizeMode::Shortest, MeanStd::Clip),
        (false, _) => (ResizeMode::Squash, MeanStd::Clip),
        (true, [224, 224]) => (ResizeMode::Squash, MeanStd::Imagenet),
        (true, _) => (ResizeMode::Squash, MeanStd::Half),
    };
    let (resize, mean_std) = (choices.resize.unwrap_or(resize), choices.mean_std.unwrap_or(mean_std));
    let reason = match is_reid {
        true => "Concluded from image_encoder. in the names: CLIP-ReID and CLIP-HandID do so.",
        false => "CLIP's own; the weights do not tell.",
    };
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
