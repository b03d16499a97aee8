//! The layers of an encoder while its tensors come in, in any order: as soon as a layer has all of its own it is packed
//! on the device, and nothing of it stays behind.

use std::collections::HashMap;

use burn::tensor::Tensor;

use crate::encoder::naming::layout::{CAMERAS, Form, neck_parts};
use crate::encoder::stored_tensor::StoredTensor;
use crate::encoder::vit::layer::{Grids, Kind, Layer, Neck, Packing, Part};
use crate::encoder::{CameraEmbedding, Feature, VisionConfig};
use crate::kernels::{BlockLinear, PackedLinear, PackedNorm};
use crate::{Error, Result};

/// Layers under their names in transformers' layout; queries, keys and values are one, `….self_attn`.
pub(crate) struct Layers {
    packing: Packing,
    /// Where each tensor belongs that has not come yet.
    awaited: HashMap<String, Place>,
    waiting: HashMap<String, Layer>,
    /// Those of blocks.
    linears: HashMap<String, BlockLinear>,
    /// Those before and behind the blocks.
    projections: HashMap<String, PackedLinear>,
    norms: HashMap<String, PackedNorm>,
    places: HashMap<String, Tensor<2>>,
    neck: Option<Neck>,
    cameras: Option<Tensor<2>>,
}

/// Name of the neck among the layers.
const NECK: &str = "bottleneck";

/// Where a tensor belongs.
struct Place {
    layer: String,
    part: Part,
}

impl Layers {
    pub fn new(config: &VisionConfig, packing: Packing) -> Self {
        let mut layers = Self {
            packing,
            awaited: HashMap::new(),
            waiting: HashMap::new(),
            linears: HashMap::new(),
            projections: HashMap::new(),
            norms: HashMap::new(),
            places: HashMap::new(),
            neck: None,
            cameras: None,
        };
        layers.expect_all(config);
        layers
    }

    fn expect_all(&mut self, config: &VisionConfig) {
        let VisionConfig { width, mlp_width, embed_dim, patch_size, .. } = *config;
        let places = ["embeddings.class_embedding", "embeddings.position_embedding.weight"];
        let places = places.map(|name| (format!("vision_model.{name}"), Part::Numbers(0)));
        let grids = Grids { trained: config.trained_grid(), wanted: config.grid() };
        self.expect("vision_model.embeddings", Kind::Places(grids, width), places.into());
        let depth = 3 * patch_size * patch_size;
        self.expect_projection("vision_model.embeddings.patch_embedding", [width, depth]);
        if config.has_projection() {
            self.expect_projection("visual_projection", [embed_dim, width]);
        }
        if !config.no_ln_pre {
            self.expect_norm("vision_model.pre_layrnorm", width);
        }
        if let Some(CameraEmbedding { cameras, .. }) = config.camera_embedding {
            self.expect(CAMERAS, Kind::Cameras(cameras, width), vec![(CAMERAS.into(), Part::Numbers(0))]);
        }
        self.expect_norm("vision_model.post_layernorm", width);
        if config.feature == Feature::Neck {
            self.expect_neck([width, embed_dim]);
        }
        for layer in 0..config.layers {
            let at = |part: &str| format!("vision_model.encoder.layers.{layer}.{part}");
            self.expect_norm(&at("layer_norm1"), width);
            self.expect_norm(&at("layer_norm2"), width);
            self.expect_in_proj(&at("self_attn"), width);
            self.expect_linear(&at("self_attn.out_proj"), [width, width]);
            self.expect_linear(&at("mlp.fc1"), [mlp_width, width]);
            self.expect_linear(&at("mlp.fc2"), [width, mlp_width]);
        }
    }

    fn expect_projection(&mut self, name: &str, shape: [usize; 2]) {
        self.expect(name, Kind::Projection(shape), vec![(format!("{name}.weight"), Part::Weights(0))]);
    }

    fn expect_linear(&mut self, name: &str, shape: [usize; 2]) {
        let parts = [("weight", Part::Weights(0)), ("bias", Part::Numbers(0))];
        let parts = parts.map(|(part, place)| (format!("{name}.{part}"), place));
        self.expect(name, Kind::Linear(shape), parts.into());
    }

    fn expect_in_proj(&mut self, name: &str, width: usize) {
        let parts = ["q", "k", "v"].into_iter().enumerate().flat_map(|(index, proj)| {
            let parts = [("weight", Part::Weights(index * width)), ("bias", Part::Numbers(index * width))];
            parts.map(|(part, place)| (format!("{name}.{proj}_proj.{part}"), place))
        });
        self.expect(name, Kind::Linear([3 * width, width]), parts.collect());
    }

    fn expect_norm(&mut self, name: &str, width: usize) {
        let parts = [("weight", Part::Numbers(0)), ("bias", Part::Numbers(width))];
        let parts = parts.map(|(part, place)| (format!("{name}.{part}"), place));
        self.expect(name, Kind::Norm(width), parts.into());
    }

    /// Two batch norms as one; of each gamma, beta, mean and variance.
    fn expect_neck(&mut self, [width, embed_dim]: [usize; 2]) {
        let features = width + embed_dim;
        let places = [0, width].into_iter().flat_map(|first| (0..4).map(move |part| part * features + first));
        let parts = neck_parts().zip(places.map(Part::Numbers));
        self.expect(NECK, Kind::Neck(features), parts.collect());
    }

    fn expect(&mut self, layer: &str, kind: Kind, tensors: Vec<(String, Part)>) {
        self.waiting.insert(layer.into(), Layer::new(kind, tensors.len()));
        let tensors = tensors.into_iter().map(|(name, part)| (name, Place { layer: layer.into(), part }));
        self.awaited.extend(tensors);
    }

    /// Whether a tensor has not come yet.
    pub fn awaits(&self, name: &str) -> bool {
        self.awaited.contains_key(name)
    }

    /// Takes a tensor of the encoder out of one of a file; packs its layer if it was the last.
    ///
    /// # Errors
    ///
    /// [`Error::Checkpoint`] if it came before; [`Error::Device`] if the device failed.
    pub fn insert(&mut self, name: &str, form: &Form, stored: &StoredTensor) -> Result<()> {
        let Some(Place { layer: name, part }) = self.awaited.remove(name) else {
            return Err(Error::Checkpoint(format!("tensor {} appears twice", stored.name())));
        };
        let Some(layer) = self.waiting.get_mut(&name) else { return Ok(()) };
        layer.insert(part, form, stored);
        if layer.is_complete() {
            self.pack(name)?;
        }
        Ok(())
    }

    fn pack(&mut self, name: String) -> Result<()> {
        let Some(layer) = self.waiting.remove(&name) else { return Ok(()) };
        match layer.kind() {
            Kind::Linear(shape) => _ = self.linears.insert(name, self.packing.linear(layer, shape)?),
            Kind::Projection(shape) => {
                _ = self.projections.insert(name, self.packing.projection(layer, shape)?);
            }
            Kind::Norm(_) => _ = self.norms.insert(name, self.packing.norm(&layer)),
            Kind::Neck(_) => self.neck = Some(self.packing.neck(&layer)?),
            Kind::Cameras(_, width) => self.cameras = Some(self.packing.cameras(layer, width)),
            Kind::Places(grids, width) => {
                _ = self.places.insert(name, self.packing.places(layer, grids, width));
            }
        }
        Ok(())
    }

    /// A linear layer of a block, which is there no longer.
    pub fn linear(&mut self, name: &str) -> Result<BlockLinear> {
        self.linears.remove(name).ok_or_else(|| is_incomplete(name))
    }

    /// A linear layer before or behind the blocks, which is there no longer.
    pub fn projection(&mut self, name: &str) -> Result<PackedLinear> {
        self.projections.remove(name).ok_or_else(|| is_incomplete(name))
    }

    /// A layer norm, which is there no longer.
    pub fn norm(&mut self, name: &str) -> Result<PackedNorm> {
        self.norms.remove(name).ok_or_else(|| is_incomplete(name))
    }

    /// The neck, which is there no longer.
    pub fn neck(&mut self) -> Result<Neck> {
        self.neck.take().ok_or_else(|| is_incomplete(NECK))
    }

    /// `[C, W]` of the cameras, which is there no longer.
    pub fn cameras(&mut self) -> Result<Tensor<2>> {
        self.cameras.take().ok_or_else(|| is_incomplete(CAMERAS))
    }

    /// `[T, W]` of the tokens; the class embedding is a part of the first.
    pub fn places(&mut self) -> Result<Tensor<2>> {
        let name = "vision_model.embeddings";
        self.places.remove(name).ok_or_else(|| is_incomplete(name))
    }
}

fn is_incomplete(layer: &str) -> Error {
    Error::Checkpoint(format!(
        "of the layer {layer}, which the encoder needs, not all tensors were handed in"
    ))
}
