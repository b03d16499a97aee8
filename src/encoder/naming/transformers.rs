//! The names of Hugging Face's transformers: `CLIPModel` and `CLIPVisionModelWithProjection`.
//!
//! Source: huggingface/transformers v5.23.0 `models/clip/modeling_clip.py`; the spelling of its `pre_layrnorm` is
//! published.

use super::vit_names::{Row, VitNames};
use crate::encoder::vit::tensor::{BlockTensor as Block, VitTensor as Vit};

/// Before the names of the tower; a file of the bare tower lacks it.
pub const TOWER: &str = "vision_model.";

/// The tensor by which such a tower is recognised.
pub const CLASS_TOKEN: &str = "vision_model.embeddings.class_embedding";

pub const VIT: VitNames = VitNames {
    block: "vision_model.encoder.layers.",
    rows: &[
        Row::Tensor(CLASS_TOKEN, Vit::ClassToken),
        Row::Tensor("vision_model.embeddings.patch_embedding.weight", Vit::PatchEmbedding),
        Row::Tensor("vision_model.embeddings.position_embedding.weight", Vit::PositionalEmbedding),
        Row::Tensor("visual_projection.weight", Vit::Projection),
        Row::Layer("vision_model.pre_layrnorm.", Vit::LnPre),
        Row::Layer("vision_model.post_layernorm.", Vit::LnPost),
        Row::Block("layer_norm1.", Block::Ln1),
        Row::Block("layer_norm2.", Block::Ln2),
        Row::Block("self_attn.q_proj.", Block::Query),
        Row::Block("self_attn.k_proj.", Block::Key),
        Row::Block("self_attn.v_proj.", Block::Value),
        Row::Block("self_attn.out_proj.", Block::AttentionOut),
        Row::Block("mlp.fc1.", Block::MlpIn),
        Row::Block("mlp.fc2.", Block::MlpOut),
    ],
};

/// Beginnings of the tower's names; beside them a file can have anything: a head, a temperature.
const ROOTS: [&str; 2] = [TOWER, "visual_projection."];
/// A counter that old versions stored; it is not a weight.
const COUNTER: &str = "vision_model.embeddings.position_ids";

/// Whether a tensor has no part in the tower.
pub fn is_outside(name: &str) -> bool {
    name == COUNTER || !ROOTS.iter().any(|root| name.starts_with(root))
}

/// Whether a tensor of a file whose names lack [`TOWER`] is the tower's.
pub fn is_bare(name: &str) -> bool {
    let firsts = VIT.rows.iter().filter_map(|row| match row {
        Row::Tensor(whole, _) | Row::Layer(whole, _) => first_word(whole.strip_prefix(TOWER)?),
        _ => None,
    });
    let mut firsts = firsts.chain(first_word(VIT.block.trim_start_matches(TOWER)));
    firsts.any(|first| name.strip_prefix(first).is_some_and(|rest| rest.starts_with('.')))
}

fn first_word(name: &str) -> Option<&str> {
    name.split('.').next()
}
