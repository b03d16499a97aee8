//! A convention's table of the names of a Vision Transformer's tensors.

use super::source::{Arrangement, TensorSource};
use crate::encoder::VitConfig;
use crate::encoder::family::NetworkTensor;
use crate::encoder::vit::tensor::{Affine, BlockTensor, VitTensor};

/// How a convention names the tensors of a Vision Transformer.
pub struct VitNames {
    /// Before the number of a block.
    pub block: &'static str,
    /// One row for each name, or pair of names.
    pub rows: &'static [Row],
}

/// A name and what it stands for. After the names of layers comes "weight" or "bias".
pub enum Row {
    /// One tensor.
    Tensor(&'static str, VitTensor),
    /// One tensor, rows and columns swapped.
    Transposed(&'static str, VitTensor),
    /// A layer outside the blocks.
    Layer(&'static str, fn(Affine) -> VitTensor),
    /// A layer of each block; its name is what comes after the number.
    Block(&'static str, fn(Affine) -> BlockTensor),
    /// Layers of each block that are stored one below the other in one tensor.
    Joined(&'static str, &'static [fn(Affine) -> BlockTensor]),
}

/// A tensor of a file.
struct Entry {
    name: String,
    tensors: Vec<VitTensor>,
    is_transposed: bool,
}

impl VitNames {
    /// The tensors of a file that holds such a network.
    ///
    /// - `prefix`: before all names
    pub fn sources(&self, config: &VitConfig, prefix: &str) -> Vec<TensorSource> {
        let outside = self.outside().into_iter();
        let entries = outside.chain((0..config.layers).flat_map(|layer| self.of_block(layer)));
        entries.filter_map(|entry| entry.source(config, prefix)).collect()
    }

    /// The name of a tensor, and whether its rows and columns are swapped; `None` if it has none of its own.
    pub fn find(&self, tensor: VitTensor) -> Option<(String, bool)> {
        let entries = match tensor {
            VitTensor::Block(layer, _) => self.of_block(layer),
            _ => self.outside(),
        };
        let found = entries.into_iter().find(|entry| entry.tensors == [tensor])?;
        Some((found.name, found.is_transposed))
    }

    /// The name of a tensor that every convention has under a name of its own.
    pub fn name(&self, tensor: VitTensor) -> String {
        self.find(tensor).map(|(name, _)| name).unwrap_or_default()
    }

    fn outside(&self) -> Vec<Entry> {
        let mut entries = Vec::new();
        for row in self.rows {
            match *row {
                Row::Tensor(name, tensor) => entries.push(Entry::new(name.into(), vec![tensor])),
                Row::Transposed(name, tensor) => {
                    entries.push(Entry { is_transposed: true, ..Entry::new(name.into(), vec![tensor]) });
                }
                Row::Layer(name, tensor) => entries.extend(
                    Affine::BOTH.map(|part| Entry::new(format!("{name}{}", part.name()), vec![tensor(part)])),
                ),
                Row::Block(..) | Row::Joined(..) => {}
            }
        }
        entries
    }

    fn of_block(&self, layer: usize) -> Vec<Entry> {
        let entry = |name: &str, tensors: &[fn(Affine) -> BlockTensor]| {
            Affine::BOTH.map(|part| {
                let tensors = tensors.iter().map(|tensor| VitTensor::Block(layer, tensor(part)));
                Entry::new(format!("{}{layer}.{name}{}", self.block, part.name()), tensors.collect())
            })
        };
        let rows = self.rows.iter().filter_map(|row| match *row {
            Row::Block(name, tensor) => Some(entry(name, &[tensor])),
            Row::Joined(name, tensors) => Some(entry(name, tensors)),
            Row::Tensor(..) | Row::Transposed(..) | Row::Layer(..) => None,
        });
        rows.flatten().collect()
    }
}

impl Entry {
    fn new(name: String, tensors: Vec<VitTensor>) -> Self {
        Self { name, tensors, is_transposed: false }
    }

    /// `None` if the network has no such tensors.
    fn source(self, config: &VitConfig, prefix: &str) -> Option<TensorSource> {
        let mut shape = self.tensors.first()?.shape(config)?;
        let rows = shape[0];
        let count = self.tensors.len();
        let arrangement = |index: usize| match (self.is_transposed, count) {
            (true, _) => Arrangement::Transposed,
            (false, 1) => Arrangement::Whole,
            (false, _) => Arrangement::Rows(index * rows..(index + 1) * rows),
        };
        let tensors = self.tensors.iter().enumerate();
        let parts =
            tensors.map(|(index, tensor)| (NetworkTensor::Vit(*tensor), arrangement(index))).collect();
        shape[0] = count * rows;
        if self.is_transposed {
            shape.reverse();
        }
        Some(TensorSource { name: format!("{prefix}{}", self.name), shape, parts })
    }
}
