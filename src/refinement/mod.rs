//! Better rankings from the same embeddings, one method per file.
//!
//! ```text
//! average.rs           embeddings of one identity   ──▶ one embedding
//! query_expansion.rs   an embedding and its nearest ──▶ an embedding between them
//! whitening.rs         embeddings                   ──▶ embeddings without preferred directions
//! k_reciprocal/        embeddings                   ──▶ distances by shared neighbours
//! score_norm.rs        similarities                 ──▶ similarities on one scale
//! ```
//!
//! None of them trains anything or asks for a label, but for averages by identity. All run in fixed
//! summation order and take powers and exponentials from libm, so that the page and the desktop get
//! the same bits.

mod average;
mod k_reciprocal;
mod query_expansion;
mod score_norm;
mod whitening;

pub use average::{GroupAverages, average_groups};
pub use k_reciprocal::{KReciprocal, ReRanking};
pub use query_expansion::{QueryExpansion, augment_gallery, expand_queries};
pub use score_norm::{Cohort, ScoreNorm, normalise_scores};
pub use whitening::{ComponentLimit, Whitening, WhiteningOptions};
