//! The shapes of a tower's tensors, from which the shape of its network is concluded.

use super::plain_names::PlainNames;
use crate::weights::TensorInfo;
use crate::{Error, Result};

/// The shapes of a tower's tensors.
pub(crate) struct Shapes<'a> {
    pub names: &'a PlainNames<'a>,
}

impl Shapes<'_> {
    /// What comes before all names of the tower.
    pub fn prefix(&self) -> &str {
        self.names.prefix
    }

    /// Whether the tower has this tensor.
    pub fn contains(&self, name: &str) -> bool {
        self.names.contains(&format!("{}{name}", self.names.prefix))
    }

    /// The shape of a tensor with D axes.
    ///
    /// # Errors
    ///
    /// [`Error::Checkpoint`] if it is missing, unreadable, or has another number of axes.
    pub fn of<const D: usize>(&self, name: &str) -> Result<[usize; D]> {
        let name = format!("{}{name}", self.names.prefix);
        let TensorInfo { shape, .. } = self.names.get(&name).ok_or_else(|| {
            let count = self.names.count();
            Error::Checkpoint(match self.names.obstacle(&name) {
                Some(why) => format!("tensor {name} cannot be used: {why}"),
                None => {
                    format!("tensor {name} is missing among {count}; without it the model's shape is unknown")
                }
            })
        })?;
        shape.as_slice().try_into().map_err(|_| {
            Error::Checkpoint(format!("tensor {name} has the shape {shape:?}, expected one with {D} axes"))
        })
    }

    /// Number of blocks: one more than the largest number in the names.
    ///
    /// - `block`: before that number
    pub fn layers(&self, block: &str) -> usize {
        let start = format!("{}{block}", self.names.prefix);
        let names = self.names.iter().filter_map(|(name, _)| name.strip_prefix(&start));
        names
            .filter_map(|rest| rest.split('.').next()?.parse::<usize>().ok())
            .max()
            .map_or(0, |last| last.saturating_add(1))
    }
}
