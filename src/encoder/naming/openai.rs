//! The names of OpenAI's CLIP and of OpenCLIP. CLIP-ReID and CLIP-HandID have the same after `image_encoder.`.
//!
//! Source: openai/CLIP@dcba3cb `clip/model.py` and its state dict.

use super::vit_names::{Row, VitNames};
use crate::encoder::vit::tensor::{BlockTensor as Block, VitTensor as Vit};

/// The tensor by which a Vision Transformer is recognised.
pub const CLASS_TOKEN: &str = "class_embedding";
/// The tensor by which a ResNet is recognised.
pub const ATTENTION_POOL: &str = "attnpool.positional_embedding";

pub const VIT: VitNames = VitNames {
    block: "transformer.resblocks.",
    rows: &[
        Row::Tensor(CLASS_TOKEN, Vit::ClassToken),
        Row::Tensor("conv1.weight", Vit::PatchEmbedding),
        Row::Tensor("positional_embedding", Vit::PositionalEmbedding),
        Row::Transposed("proj", Vit::Projection),
        Row::Layer("ln_pre.", Vit::LnPre),
        Row::Layer("ln_post.", Vit::LnPost),
        Row::Block("ln_1.", Block::Ln1),
        Row::Block("ln_2.", Block::Ln2),
        Row::Joined("attn.in_proj_", &[Block::Query, Block::Key, Block::Value]),
        Row::Block("attn.out_proj.", Block::AttentionOut),
        Row::Block("mlp.c_fc.", Block::MlpIn),
        Row::Block("mlp.c_proj.", Block::MlpOut),
    ],
};

/// Beginnings of a Vision Transformer's names. Those of `attn_pool` and `patchnorm` belong to OpenCLIP's towers of
/// other kinds, which are refused by name.
const VIT_ROOTS: [&str; 9] = [
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

/// Whether a tensor has no part in a Vision Transformer.
pub fn is_outside_vit(name: &str, prefix: &str) -> bool {
    prefix.is_empty() && !VIT_ROOTS.iter().any(|root| name.starts_with(root))
}

/// Whether a tensor has no part in a ResNet. Batch norms also store how many training steps they have seen.
pub fn is_outside_resnet(name: &str, prefix: &str) -> bool {
    name.ends_with(".num_batches_tracked")
        || (prefix.is_empty() && !RESNET_ROOTS.iter().any(|root| name.starts_with(root)))
}
