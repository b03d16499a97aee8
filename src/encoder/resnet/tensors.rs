//! How published weight files name the tensors of CLIP's ResNet, and what their shapes tell.

use crate::Result;
use crate::encoder::naming::layout::{Form, Source};
use crate::encoder::options::choices::Choices;
use crate::encoder::plan::tower_search::Tower;
use crate::encoder::resnet::config::{BlockConfig, LastStage, check};
use crate::encoder::vit::inference::{Shapes, grid, heads_assumption};
use crate::encoder::{Assumption, ResNetConfig, batch_norm};

/// A convolution, the batch norm behind it, and the shape of its weights: `[out, in, side, side]`.
pub(crate) type NamedKernel = (&'static str, &'static str, [usize; 4]);

/// The convolutions before the blocks.
pub(crate) fn stem(config: &ResNetConfig) -> [NamedKernel; 3] {
    let half = config.width / 2;
    [
        ("conv1", "bn1", [half, 3, 3, 3]),
        ("conv2", "bn2", [half, half, 3, 3]),
        ("conv3", "bn3", [config.width, half, 3, 3]),
    ]
}

impl BlockConfig {
    /// The convolutions inside, without the beginning of their names.
    pub(crate) fn convolutions(&self) -> [NamedKernel; 3] {
        let Self { inputs, width, .. } = *self;
        [
            ("conv1", "bn1", [width, inputs, 1, 1]),
            ("conv2", "bn2", [width, width, 3, 3]),
            ("conv3", "bn3", [self.outputs(), width, 1, 1]),
        ]
    }

    /// The convolution on the way around, where the shape changes.
    pub(crate) fn downsample(&self) -> Option<NamedKernel> {
        let changes = self.halves || self.inputs != self.outputs();
        changes.then_some(("downsample.0", "downsample.1", [self.outputs(), self.inputs, 1, 1]))
    }
}

/// What the encoder consists of, each tensor under its name without the prefix.
///
/// Source: openai/CLIP@dcba3cb `clip/model.py` and its state dict.
///
/// - `prefix`: of all names in the file
pub(crate) fn sources(config: &ResNetConfig, prefix: &str) -> Vec<Source> {
    let whole = |(name, shape): (String, Vec<usize>)| Source {
        name: format!("{prefix}{name}"),
        shape,
        parts: vec![(name, Form::Whole)],
    };
    tensors(config).into_iter().map(whole).collect()
}

fn tensors(config: &ResNetConfig) -> Vec<(String, Vec<usize>)> {
    let mut tensors = Vec::new();
    let mut convolution = |conv: String, norm: String, kernel: [usize; 4]| {
        tensors.push((format!("{conv}.weight"), kernel.to_vec()));
        for part in batch_norm::PARTS {
            tensors.push((format!("{norm}.{part}"), vec![kernel[0]]));
        }
    };
    for (conv, norm, kernel) in stem(config) {
        convolution(conv.into(), norm.into(), kernel);
    }
    for block in config.blocks() {
        for (conv, norm, kernel) in block.convolutions().into_iter().chain(block.downsample()) {
            convolution(format!("{}.{conv}", block.name), format!("{}.{norm}", block.name), kernel);
        }
    }
    let features = config.features();
    tensors.push(("attnpool.positional_embedding".into(), vec![config.tokens(), features]));
    for (proj, out) in
        [("q_proj", features), ("k_proj", features), ("v_proj", features), ("c_proj", config.embed_dim)]
    {
        tensors.push((format!("attnpool.{proj}.weight"), vec![out, features]));
        tensors.push((format!("attnpool.{proj}.bias"), vec![out]));
    }
    tensors
}

/// Whether a tensor is a count of training steps, which batch norms store, and no weight.
pub(crate) fn is_counter(name: &str) -> bool {
    name.ends_with(".num_batches_tracked")
}

/// Concludes a configuration from the shapes of the tensors.
///
/// # Errors
///
/// As [`crate::encoder::vit::inference::infer`].
pub(crate) fn infer(
    shapes: &Shapes,
    tower: &Tower,
    choices: &Choices,
) -> Result<(ResNetConfig, Vec<Assumption>)> {
    let places = "attnpool.positional_embedding";
    let [width, ..] = shapes.of::<4>("conv3.weight")?;
    let [tokens, features] = shapes.of(places)?;
    let [embed_dim, _] = shapes.of("attnpool.c_proj.weight")?;
    let is_reid = tower.is_reid();
    let last_stage = choices.last_stage.unwrap_or(if is_reid { LastStage::Keeps } else { LastStage::Halves });
    let shrinking = match last_stage {
        LastStage::Halves => 32,
        LastStage::Keeps => 16,
    };
    let config = ResNetConfig {
        image_size: grid(tokens, &format!("{}{places}", shapes.prefix()))?.saturating_mul(shrinking),
        width,
        layers: [1, 2, 3, 4].map(|stage| shapes.layers(&format!("layer{stage}."))),
        heads: choices.heads.unwrap_or((features / 64).max(1)),
        embed_dim,
        last_stage,
    };
    check(&config)?;
    let assumptions =
        vec![heads_assumption(features, config.heads), last_stage_assumption(last_stage, is_reid)];
    Ok((config, assumptions))
}

fn last_stage_assumption(last_stage: LastStage, is_reid: bool) -> Assumption {
    Assumption {
        field: "last_stage",
        value: last_stage.name().into(),
        choices: [LastStage::Halves, LastStage::Keeps].map(|one| one.name().into()).into(),
        reason: match is_reid {
            true => "Concluded from image_encoder. in the names: the last stage of CLIP-ReID and CLIP-HandID keeps height and width.",
            false => "The weights do not tell; the last stage of OpenAI's and OpenCLIP's models halves height and width.",
        }
        .into(),
    }
}
