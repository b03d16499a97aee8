//! The layers of a Vision Transformer while its tensors arrive, in any order: as soon as a layer has all of its own
//! it is packed on the device, and no copy of it stays behind.

use std::collections::HashMap;

use burn::tensor::Tensor;

use super::config::VitConfig;
use super::layer::{Destination, Layer, LayerKind, Neck, Packing};
use super::tensor::{VitLayer, VitTensor};
use crate::encoder::naming::source::Arrangement;
use crate::encoder::stored_tensor::StoredTensor;
use crate::kernels::{BlockLinear, PackedLinear, PackedNorm};
use crate::{Error, Result};

/// Builds the layers of a Vision Transformer.
pub(crate) struct VitBuilder {
    packing: Packing,
    /// Where each tensor belongs that has not arrived yet.
    awaited: HashMap<VitTensor, (VitLayer, Destination)>,
    waiting: HashMap<VitLayer, Layer>,
    /// Those of blocks.
    linears: HashMap<VitLayer, BlockLinear>,
    /// Those before and after the blocks.
    projections: HashMap<VitLayer, PackedLinear>,
    norms: HashMap<VitLayer, PackedNorm>,
    /// Those of tokens and of cameras.
    embeddings: HashMap<VitLayer, Tensor<2>>,
    neck: Option<Neck>,
}

impl VitBuilder {
    /// Starts without any tensor.
    pub fn new(config: &VitConfig, packing: Packing) -> Self {
        let mut builder = Self {
            packing,
            awaited: HashMap::new(),
            waiting: HashMap::new(),
            linears: HashMap::new(),
            projections: HashMap::new(),
            norms: HashMap::new(),
            embeddings: HashMap::new(),
            neck: None,
        };
        for layer in VitLayer::all(config) {
            let tensors = layer.tensors(config);
            builder.waiting.insert(layer, Layer::new(layer.kind(config), tensors.len()));
            let awaited = tensors.into_iter().map(|(tensor, destination)| (tensor, (layer, destination)));
            builder.awaited.extend(awaited);
        }
        builder
    }

    /// Whether a tensor has not arrived yet.
    pub fn awaits(&self, tensor: VitTensor) -> bool {
        self.awaited.contains_key(&tensor)
    }

    /// Takes a tensor out of one of a file; packs its layer if it was the last one missing.
    ///
    /// # Errors
    ///
    /// [`Error::Checkpoint`] if it arrived before, [`Error::Device`] if the device failed.
    pub fn insert(
        &mut self,
        tensor: VitTensor,
        arrangement: &Arrangement,
        stored: &StoredTensor,
    ) -> Result<()> {
        let Some((name, destination)) = self.awaited.remove(&tensor) else {
            return Err(Error::Checkpoint(format!("tensor {} appears twice", stored.name())));
        };
        let Some(layer) = self.waiting.get_mut(&name) else { return Ok(()) };
        layer.insert(destination, arrangement, stored);
        if layer.is_complete() {
            self.pack(name)?;
        }
        Ok(())
    }

    fn pack(&mut self, name: VitLayer) -> Result<()> {
        let Some(layer) = self.waiting.remove(&name) else { return Ok(()) };
        match layer.kind() {
            LayerKind::Linear(shape) => _ = self.linears.insert(name, self.packing.linear(layer, shape)?),
            LayerKind::Projection(shape) => {
                _ = self.projections.insert(name, self.packing.projection(layer, shape)?);
            }
            LayerKind::Norm(_) => _ = self.norms.insert(name, self.packing.norm(&layer)),
            LayerKind::Neck(_) => self.neck = Some(self.packing.neck(&layer)?),
            LayerKind::Cameras(_, width) => {
                _ = self.embeddings.insert(name, self.packing.cameras(layer, width));
            }
            LayerKind::Tokens(grids, width) => {
                _ = self.embeddings.insert(name, self.packing.tokens(layer, grids, width));
            }
        }
        Ok(())
    }

    /// Takes out a linear layer of a block.
    pub fn linear(&mut self, layer: VitLayer) -> Result<BlockLinear> {
        self.linears.remove(&layer).ok_or_else(|| incomplete(layer))
    }

    /// Takes out a linear layer before or after the blocks.
    pub fn projection(&mut self, layer: VitLayer) -> Result<PackedLinear> {
        self.projections.remove(&layer).ok_or_else(|| incomplete(layer))
    }

    /// Takes out a layer norm.
    pub fn norm(&mut self, layer: VitLayer) -> Result<PackedNorm> {
        self.norms.remove(&layer).ok_or_else(|| incomplete(layer))
    }

    /// Takes out the positional embedding, `[T, W]`, whose first row includes the class token, or the embeddings of
    /// cameras, `[C, W]`.
    pub fn embeddings(&mut self, layer: VitLayer) -> Result<Tensor<2>> {
        self.embeddings.remove(&layer).ok_or_else(|| incomplete(layer))
    }

    /// Takes out the neck.
    pub fn neck(&mut self) -> Result<Neck> {
        self.neck.take().ok_or_else(|| incomplete(VitLayer::Neck))
    }
}

fn incomplete(layer: VitLayer) -> Error {
    Error::Checkpoint(format!(
        "not all tensors of the layer {layer:?}, which the encoder needs, were handed in"
    ))
}
