//! The number of attention heads, which no tensor tells.

use super::assumption::Assumption;

/// Widths of attention heads that occur in published models.
const HEAD_WIDTHS: [usize; 8] = [32, 48, 64, 72, 80, 88, 104, 128];
/// Width of an attention head in CLIP's models.
pub(crate) const CLIP_HEAD_WIDTH: usize = 64;

/// The number of heads as something that can be chosen.
///
/// - `width`: of all heads together
pub(crate) fn heads_assumption(width: usize, heads: usize) -> Assumption {
    let widths = HEAD_WIDTHS.into_iter().filter(|head| width.is_multiple_of(*head));
    let mut choices: Vec<usize> = widths.map(|head| width / head).chain([heads]).collect();
    choices.sort_unstable();
    choices.dedup();
    Assumption {
        field: "heads",
        value: heads.to_string(),
        choices: choices.iter().map(usize::to_string).collect(),
        reason: "The weights do not tell; CLIP's heads are 64 wide.".into(),
    }
}
