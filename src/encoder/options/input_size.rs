//! Input sizes other than the one the weights were trained with.

use crate::encoder::options::assumption::Assumption;
use crate::encoder::{Architecture, VitConfig};
use crate::{Error, Result};

/// Sizes that are offered if they are whole numbers of patches: CLIP's, and the usual ones for people.
const OFFERED: [[usize; 2]; 4] = [[224, 224], [336, 336], [256, 128], [384, 128]];
/// Longest side of an input.
const LONGEST: usize = 1024;

/// The network for inputs of the size that was chosen.
///
/// - `requested`: "256x128", height and width; `None`: what the weights were trained with
///
/// # Errors
///
/// [`Error::Config`] if the size cannot be parsed, is too large or smaller than a patch, or the network is a ResNet.
pub(crate) fn resized(config: Architecture, requested: Option<&str>) -> Result<Architecture> {
    let Some(requested) = requested else { return Ok(config) };
    let Architecture::Vit(config) = config else {
        return Err(Error::Config(
            "an image_size is chosen, but a ResNet works with its own size only".into(),
        ));
    };
    let range = config.patch_size..=LONGEST;
    match parse(requested).filter(|size| size.iter().all(|side| range.contains(side))) {
        Some(image_size) => Ok(VitConfig { image_size, ..config }.into()),
        None => Err(Error::Config(format!(
            "image_size is {requested}, expected HEIGHTxWIDTH in pixels, from {} to {LONGEST} each",
            config.patch_size
        ))),
    }
}

fn parse(size: &str) -> Option<[usize; 2]> {
    let (height, width) = size.split_once('x')?;
    Some([height.parse().ok()?, width.parse().ok()?])
}

/// The size as something that can be chosen; a ResNet has no choice.
pub(crate) fn assumption(config: &Architecture) -> Option<Assumption> {
    let VitConfig { image_size, trained_size, patch_size, .. } = config.vit()?.clone();
    let is_whole = |size: &[usize; 2]| size.iter().all(|side| side.is_multiple_of(patch_size));
    let mut choices = vec![trained_size];
    choices.extend(OFFERED.into_iter().filter(is_whole));
    choices.push(image_size);
    let mut choices: Vec<String> = choices.iter().map(text).collect();
    let mut seen = std::collections::HashSet::new();
    choices.retain(|choice| seen.insert(choice.clone()));
    let [down, across] = config.vit()?.trained_grid();
    let stride = config.vit()?.stride();
    let every = if stride < patch_size { format!(" every {stride}") } else { String::new() };
    let reason = format!(
        "The positional embedding is for {down} × {across} patches of {patch_size} pixels{every}; \
         for another height × width it is interpolated."
    );
    Some(Assumption { field: "image_size", value: text(&image_size), choices, reason })
}

fn text([height, width]: &[usize; 2]) -> String {
    format!("{height}x{width}")
}
