//! Sizes of the input that a positional embedding without a configuration can be for.
//!
//! The length of a positional embedding tells the size only if the patches do not overlap. CLIP-ReID also trains with
//! patches of 16 pixels every 12: 21 × 21 patches are then 256 × 256 pixels, without overlap 336 × 336.
//!
//! Source: Syliz517/CLIP-ReID@eb1898b `model/make_model_clipreid.py`: `h_resolution = (height - 16) // stride + 1`.

use crate::encoder::Assumption;
use crate::encoder::vit::config::patches_along;

/// A grid of patches that fills a positional embedding.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct PatchGrid {
    /// Pixels from one patch to the next.
    pub stride: usize,
    /// Height and width, in pixels.
    pub image_size: [usize; 2],
}

/// How many times as high as wide an input is: 1, and what those of people are.
const ASPECTS: [usize; 3] = [1, 2, 3];
/// Sizes that re-identification trains with, in patches without overlap: 256 × 128, 256 × 256, 384 × 128, 384 × 192,
/// 224 × 224 and 320 × 320 for patches of 16.
const USUAL: [[usize; 2]; 6] = [[16, 8], [16, 16], [24, 8], [24, 12], [14, 14], [20, 20]];
/// Most patches along the width of an input, without overlap.
const WIDEST: usize = 1 << 10;

impl PatchGrid {
    /// The grids that fill the positional embedding without overlap, and with CLIP-ReID's overlap; the most likely
    /// first. Files of others overlap only for a usual size.
    ///
    /// - `tokens`: length of the positional embedding, with the class token
    /// - `is_reid`: whether CLIP-ReID's or CLIP-HandID's: then a usual size is more likely than a grid without overlap
    pub fn all(tokens: usize, patch_size: usize, is_reid: bool) -> Vec<Self> {
        let overlapping = (3 * patch_size).is_multiple_of(4).then_some(3 * patch_size / 4);
        let strides = [Some(patch_size), overlapping].into_iter().flatten();
        let is_likely = |grid: &Self| grid.stride == patch_size || is_reid || grid.is_usual(patch_size);
        let grids = strides.filter_map(|stride| Self::with(tokens, patch_size, stride));
        let mut grids: Vec<Self> = grids.filter(is_likely).collect();
        grids.sort_by_key(|grid| is_reid && !grid.is_usual(patch_size));
        grids
    }

    /// The input of whole patches without overlap whose patches with this stride fill the positional embedding.
    fn with(tokens: usize, patch_size: usize, stride: usize) -> Option<Self> {
        let patches = tokens.checked_sub(1).filter(|patches| *patches > 0)?;
        ASPECTS.into_iter().find_map(|aspect| {
            let sizes = (1..=WIDEST).map(|across| [aspect * across * patch_size, across * patch_size]);
            let count = |size: [usize; 2]| {
                size.map(|side| patches_along(side, patch_size, stride)).iter().product::<usize>()
            };
            let image_size =
                sizes.take_while(|size| count(*size) <= patches).find(|size| count(*size) == patches)?;
            Some(Self { stride, image_size })
        })
    }

    fn is_usual(&self, patch_size: usize) -> bool {
        USUAL.contains(&self.image_size.map(|side| side / patch_size))
    }
}

/// The most likely grid, or the one with the stride that was chosen.
///
/// # Errors
///
/// What is wrong with the positional embedding, as the end of a sentence.
pub(crate) fn choose(
    grids: &[PatchGrid],
    stride: Option<usize>,
    tokens: usize,
    patch_size: usize,
) -> Result<PatchGrid, String> {
    let patches = tokens.saturating_sub(1);
    match stride {
        None => grids.first().copied().ok_or_else(|| {
            format!(
                "is for {patches} patches, expected those of a square, or of a rectangle twice or three times \
                 as high as wide, with patches of {patch_size} pixels side by side or overlapping by a quarter"
            )
        }),
        Some(stride) => {
            let grid = (1..=patch_size).contains(&stride).then(|| PatchGrid::with(tokens, patch_size, stride));
            grid.flatten().ok_or_else(|| {
                format!(
                    "is for {patches} patches, which patches of {patch_size} pixels every {stride} do not fill"
                )
            })
        }
    }
}

/// The stride as something that can be chosen; nothing if it is certain.
pub(crate) fn assumption(
    grids: &[PatchGrid],
    grid: &PatchGrid,
    patch_size: usize,
    is_reid: bool,
) -> Option<Assumption> {
    let overlaps = |grid: &PatchGrid| grid.stride < patch_size;
    let is_likely = |grid: &PatchGrid| overlaps(grid) && grid.is_usual(patch_size);
    if !overlaps(grid) && (grids.len() < 2 || !(is_reid || grids.iter().any(is_likely))) {
        return None;
    }
    let mut strides: Vec<usize> = grids.iter().chain([grid]).map(|grid| grid.stride).collect();
    strides.sort_unstable();
    strides.dedup();
    let fits = grids.iter().map(|PatchGrid { stride, image_size: [height, width] }| {
        format!("{height} × {width} pixels with a stride of {stride}")
    });
    Some(Assumption {
        field: "stride",
        value: grid.stride.to_string(),
        choices: strides.iter().map(usize::to_string).collect(),
        reason: format!(
            "The positional embedding fits {}. With a stride below {patch_size} patches overlap, as in CLIP-ReID's \
             models with stride 12.",
            fits.collect::<Vec<_>>().join(" or ")
        ),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The most likely grid as stride, height and width; and whether there is a doubt.
    fn found(patches: usize, patch_size: usize, is_reid: bool) -> (usize, [usize; 2], bool) {
        let grids = PatchGrid::all(1 + patches, patch_size, is_reid);
        let grid = choose(&grids, None, 1 + patches, patch_size).unwrap();
        (grid.stride, grid.image_size, assumption(&grids, &grid, patch_size, is_reid).is_some())
    }

    #[test]
    fn grids_of_published_models_are_recognised() {
        // CLIP-ReID's: 256 × 128 and 256 × 256 with stride 16 and 12, 384 × 128 with 12.
        assert_eq!(found(16 * 8, 16, true), (16, [256, 128], false));
        assert_eq!(found(21 * 10, 16, true), (12, [256, 128], true));
        assert_eq!(found(16 * 16, 16, true), (16, [256, 256], false));
        assert_eq!(found(21 * 21, 16, true), (12, [256, 256], true));
        assert_eq!(found(31 * 10, 16, true), (12, [384, 128], true));
        // CLIP-HandID's.
        assert_eq!(found(14 * 14, 16, true), (16, [224, 224], true));
        // OpenAI's and OpenCLIP's.
        assert_eq!(found(14 * 14, 16, false), (16, [224, 224], false));
        assert_eq!(found(7 * 7, 32, false), (32, [224, 224], false));
        assert_eq!(found(24 * 24, 14, false), (14, [336, 336], false));
        // 80 × 32 pixels do not have the shape of a person, and nobody uses overlapping patches for 64 × 32.
        assert!(PatchGrid::all(1 + 10, 16, false).is_empty());
        // Either.
        assert_eq!(found(21 * 21, 16, false), (16, [336, 336], true));
    }

    #[test]
    fn a_stride_can_be_chosen_where_it_fits() {
        let grids = PatchGrid::all(1 + 21 * 21, 16, true);
        let chosen = |stride| choose(&grids, Some(stride), 1 + 21 * 21, 16);
        assert_eq!(chosen(16).unwrap().image_size, [336, 336]);
        for stride in [0, 5, 17] {
            assert!(chosen(stride).unwrap_err().contains(&format!("every {stride} do not fill")));
        }
        assert!(choose(&[], None, 11, 16).unwrap_err().contains("10 patches"));
    }
}
