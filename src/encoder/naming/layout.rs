//! How published weight files name the tensors of an image tower.

use std::ops::Range;

use crate::encoder::resnet::tensors;
use crate::encoder::{Architecture, VisionConfig, batch_norm};

/// A way to name and lay out the tensors of a CLIP image tower.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Layout {
    /// transformers' `CLIPModel` and `CLIPVisionModelWithProjection`: `vision_model.…`, `visual_projection.weight`.
    Transformers,
    /// OpenAI's and OpenCLIP's: `visual.…`, queries, keys and values in one tensor, `proj` transposed. CLIP-ReID and
    /// CLIP-HandID have the same behind `image_encoder.`
    OpenAi,
    /// The same projects' ResNets.
    ResNet,
}

/// A tensor of a file, and what the encoder makes of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    /// Its name in the file.
    pub name: String,
    /// Its shape in the file.
    pub shape: Vec<usize>,
    /// Tensors of the encoder, under their names in transformers' layout, or a ResNet's own.
    pub parts: Vec<(String, Form)>,
}

/// How a tensor of the encoder lies in one of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Form {
    /// As it is.
    Whole,
    /// Some of its rows.
    Rows(Range<usize>),
    /// Rows and columns swapped.
    Transposed,
}

impl Layout {
    /// The name that JavaScript and messages use.
    pub fn name(self) -> &'static str {
        match self {
            Self::Transformers => "transformers",
            Self::OpenAi | Self::ResNet => "openai",
        }
    }

    /// What an image tower in this layout consists of; `None` if it is one of another kind.
    ///
    /// - `prefix`: before all names of the tower
    pub fn sources(self, config: &Architecture, prefix: &str) -> Option<Vec<Source>> {
        match (self, config) {
            (Self::Transformers, Architecture::Transformer(config)) => Some(transformers(config, prefix)),
            (Self::OpenAi, Architecture::Transformer(config)) => Some(openai(config, prefix)),
            (Self::ResNet, Architecture::ResNet(config)) => Some(tensors::sources(config, prefix)),
            _ => None,
        }
    }

    /// Whether a tensor of a file has no part in the image tower.
    ///
    /// - `name`: without wrappers
    pub fn is_outside(self, name: &str, prefix: &str) -> bool {
        let Some(name) = name.strip_prefix(prefix) else { return true };
        match self {
            Self::Transformers => {
                !TRANSFORMERS_ROOTS.iter().any(|root| name.starts_with(root))
                    // A counter that old versions stored is not a weight.
                    || name == "vision_model.embeddings.position_ids"
            }
            Self::OpenAi => prefix.is_empty() && !OPENAI_ROOTS.iter().any(|root| name.starts_with(root)),
            Self::ResNet => {
                tensors::is_counter(name)
                    || (prefix.is_empty() && !RESNET_ROOTS.iter().any(|root| name.starts_with(root)))
            }
        }
    }

    /// Whether a tensor beside a tower that lacks `vision_model.` is none of its own.
    pub(crate) fn is_outside_bare(self, name: &str) -> bool {
        !BARE_ROOTS.iter().any(|root| name.starts_with(root))
    }
}

/// Beginnings of the names of a tower, beside which a file can have anything: a head, a temperature.
const TRANSFORMERS_ROOTS: [&str; 2] = ["vision_model.", "visual_projection."];
const BARE_ROOTS: [&str; 4] = ["embeddings.", "encoder.", "pre_layrnorm.", "post_layernorm."];
/// Those of `attn_pool` and `patchnorm` belong to OpenCLIP's towers of other kinds, which are refused by name.
const OPENAI_ROOTS: [&str; 9] = [
    "class_embedding",
    "positional_embedding",
    "conv1.",
    "ln_pre.",
    "transformer.",
    "ln_post.",
    "proj",
    "attn_pool",
    "patchnorm",
];
const RESNET_ROOTS: [&str; 4] = ["conv", "bn", "layer", "attnpool."];

fn transformers(config: &VisionConfig, prefix: &str) -> Vec<Source> {
    let whole = |(name, shape): (String, Vec<usize>)| Source {
        name: format!("{prefix}{name}"),
        shape,
        parts: vec![(name, Form::Whole)],
    };
    tensors(config).into_iter().map(whole).collect()
}

/// Name and shape of every tensor of the encoder, as transformers stores them.
fn tensors(config: &VisionConfig) -> Vec<(String, Vec<usize>)> {
    let VisionConfig { width, mlp_width, embed_dim, patch_size, .. } = *config;
    let mut tensors: Vec<(String, Vec<usize>)> = vec![
        ("vision_model.embeddings.class_embedding".into(), vec![width]),
        ("vision_model.embeddings.patch_embedding.weight".into(), vec![width, 3, patch_size, patch_size]),
        (
            "vision_model.embeddings.position_embedding.weight".into(),
            vec![1 + config.trained_grid().iter().product::<usize>(), width],
        ),
    ];
    if config.has_projection() {
        tensors.push(("visual_projection.weight".into(), vec![embed_dim, width]));
    }
    let mut with_bias = |name: String, weight: Vec<usize>| {
        tensors.push((format!("{name}.bias"), vec![weight[0]]));
        tensors.push((format!("{name}.weight"), weight));
    };
    if !config.no_ln_pre {
        with_bias("vision_model.pre_layrnorm".into(), vec![width]);
    }
    with_bias("vision_model.post_layernorm".into(), vec![width]);
    for layer in 0..config.layers {
        let at = |part: &str| format!("vision_model.encoder.layers.{layer}.{part}");
        for norm in ["layer_norm1", "layer_norm2"] {
            with_bias(at(norm), vec![width]);
        }
        for proj in ["q_proj", "k_proj", "v_proj", "out_proj"] {
            with_bias(at(&format!("self_attn.{proj}")), vec![width, width]);
        }
        with_bias(at("mlp.fc1"), vec![mlp_width, width]);
        with_bias(at("mlp.fc2"), vec![width, mlp_width]);
    }
    tensors
}

/// Ends of the names inside a block: transformers' and OpenAI's.
const BLOCK: [(&str, &str); 5] = [
    ("layer_norm1", "ln_1"),
    ("self_attn.out_proj", "attn.out_proj"),
    ("layer_norm2", "ln_2"),
    ("mlp.fc1", "mlp.c_fc"),
    ("mlp.fc2", "mlp.c_proj"),
];

/// Source: openai/CLIP@dcba3cb `clip/model.py` and its state dict.
fn openai(config: &VisionConfig, prefix: &str) -> Vec<Source> {
    let width = config.width;
    let mut sources = Vec::new();
    for (name, shape) in tensors(config) {
        match openai_name(&name) {
            Some((published, Form::Transposed)) => {
                let shape = vec![shape[1], shape[0]];
                sources.push(Source { name: published, shape, parts: vec![(name, Form::Transposed)] });
            }
            Some((published, form)) => {
                sources.push(Source { name: published, shape, parts: vec![(name, form)] });
            }
            // One of those that have one together, below.
            None => {}
        }
    }
    for (layer, kind) in (0..config.layers).flat_map(|layer| [(layer, "weight"), (layer, "bias")]) {
        let part = |(index, proj): (usize, &str)| {
            let name = format!("vision_model.encoder.layers.{layer}.self_attn.{proj}_proj.{kind}");
            (name, Form::Rows(index * width..(index + 1) * width))
        };
        let parts: Vec<_> = ["q", "k", "v"].into_iter().enumerate().map(part).collect();
        let shape = if kind == "weight" { vec![3 * width, width] } else { vec![3 * width] };
        let name = format!("transformer.resblocks.{layer}.attn.in_proj_{kind}");
        sources.push(Source { name, shape, parts });
    }
    sources.iter_mut().for_each(|source| source.name.insert_str(0, prefix));
    sources
}

/// Names of the batch norms behind an encoder.
const NECK: [&str; 2] = ["bottleneck", "bottleneck_proj"];

/// The tensors of a neck: "bottleneck.weight", …
pub(crate) fn neck_parts() -> impl Iterator<Item = String> {
    NECK.into_iter().flat_map(|norm| batch_norm::PARTS.map(|part| format!("{norm}.{part}")))
}

/// A neck's tensors.
///
/// Source: Syliz517/CLIP-ReID@eb1898b `model/make_model.py` and nathanlem1/CLIP-HandID@134daf4
/// `model/make_model_handID.py`.
///
/// - `root`: before their names in the file
pub(crate) fn neck(config: &VisionConfig, root: &str) -> Vec<Source> {
    let lengths = [config.width; 4].into_iter().chain([config.embed_dim; 4]);
    let sources = neck_parts().zip(lengths);
    let source = |(part, length): (String, usize)| Source {
        name: format!("{root}{part}"),
        shape: vec![length],
        parts: vec![(part, Form::Whole)],
    };
    sources.map(source).collect()
}

/// The name of the embeddings of cameras and viewpoints, in CLIP-ReID's files and here.
pub(crate) const CAMERAS: &str = "cv_embed";

/// The embeddings of cameras.
///
/// - `root`: before their name in the file
pub(crate) fn cameras(config: &VisionConfig, root: &str) -> Option<Source> {
    let count = config.camera_embedding?.cameras;
    let name = format!("{root}{CAMERAS}");
    Some(Source { name, shape: vec![count, config.width], parts: vec![(CAMERAS.into(), Form::Whole)] })
}

/// OpenAI's name of one of transformers' tensors; `None` of queries, keys and values, which have one together.
fn openai_name(name: &str) -> Option<(String, Form)> {
    let alone = [
        ("vision_model.embeddings.class_embedding", "class_embedding", Form::Whole),
        ("vision_model.embeddings.patch_embedding.weight", "conv1.weight", Form::Whole),
        ("vision_model.embeddings.position_embedding.weight", "positional_embedding", Form::Whole),
        ("visual_projection.weight", "proj", Form::Transposed),
    ];
    if let Some((_, published, form)) = alone.into_iter().find(|(ours, ..)| *ours == name) {
        return Some((published.into(), form));
    }
    let name =
        name.replace("vision_model.pre_layrnorm", "ln_pre").replace("vision_model.post_layernorm", "ln_post");
    let Some(block) = name.strip_prefix("vision_model.encoder.layers.") else {
        return Some((name, Form::Whole));
    };
    let (ours, published) = BLOCK.into_iter().find(|(ours, _)| block.contains(ours))?;
    Some((format!("transformer.resblocks.{}", block.replace(ours, published)), Form::Whole))
}
