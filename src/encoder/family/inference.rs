//! The shape of a network of any family from the shapes of its tensors.

use super::{Architecture, Family};
use crate::Result;
use crate::encoder::options::assumption::Assumption;
use crate::encoder::options::choices::Choices;
use crate::encoder::plan::shapes::Shapes;
use crate::encoder::plan::tower_search::Tower;
use crate::encoder::{resnet, vit};

/// Concludes the shape of a tower, and what its tensors leave open.
///
/// # Errors
///
/// [`crate::Error::Checkpoint`] names the tensor that is missing or has a shape that no image tower has.
pub(crate) fn infer(
    shapes: &Shapes,
    tower: &Tower,
    choices: &Choices,
) -> Result<(Architecture, Vec<Assumption>)> {
    match tower.family {
        Family::Vit => {
            let (config, assumptions) = vit::inference::infer(shapes, tower, choices)?;
            Ok((config.into(), assumptions))
        }
        Family::ResNet => {
            let (config, assumptions) = resnet::inference::infer(shapes, tower, choices)?;
            Ok((config.into(), assumptions))
        }
    }
}
