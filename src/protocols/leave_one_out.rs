use serde::Serialize;

use super::pool::Pool;
use crate::Result;
use crate::evaluation::{Eligibility, Evaluation, EvaluationOptions, RowEvaluation};
use crate::labels::LabelledSet;

/// What leave-one-out found.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct LeaveOneOut {
    /// `[images]`: those of the set that are different files, ascending.
    #[serde(skip)]
    pub images: Vec<usize>,
    /// Images whose file appeared before: they are neither queries nor in the gallery.
    pub repeated: usize,
    /// Its queries and gallery images both are those of `images`, in their order there.
    #[serde(flatten)]
    pub evaluation: Evaluation,
}

/// Every image is a query, the other images of its set are the gallery.
///
/// - `set`: `[images]`
/// - returns an evaluation whose queries and gallery both are the images of `set`, each file once
///   ([`super::distinct_files`]). An image is never ranked against itself: it is among
///   [`crate::evaluation::QueryResult::removed`], and a rank list has `images` - `removed` entries.
///
/// Otherwise as in every evaluation: junk is never ranked, images of the query's identity and camera are left
/// out if `options` say so, and a query whose identity has no other image that counts is unmatched.
///
/// # Errors
///
/// None for a valid set.
///
/// ```
/// # use reid_web::evaluation::EvaluationOptions;
/// # use reid_web::labels::ImageLabel;
/// # use reid_web::protocols::leave_one_out;
/// # use reid_web::embedding::EmbeddingRows;
/// # use reid_web::labels::LabelledSet;
/// let label = |identity: &str| ImageLabel { identity: Some(identity.into()), camera: None, content: None };
/// let labels = [label("ann"), label("ben"), label("ann")];
/// let embeddings = EmbeddingRows::new(&[1.0, 0.0, 0.8, 0.6, 0.6, 0.8], 2)?;
///
/// let pool = LabelledSet::new("pool", embeddings, &labels)?;
/// let evaluation = leave_one_out(&pool, EvaluationOptions::default())?.evaluation;
/// // Ben has one image. Ann's first one finds Ben at 0.8, then Ann at 0.6; so does her second one.
/// assert_eq!((evaluation.queries, evaluation.unmatched), (3, 1));
/// assert_eq!(evaluation.cmc, [0.0, 1.0]);
/// # Ok::<(), reid_web::Error>(())
/// ```
pub fn leave_one_out(set: &LabelledSet, options: EvaluationOptions) -> Result<LeaveOneOut> {
    let pool = Pool::new(set);
    let eligibility = Eligibility::leave_one_out(&pool.labels, options);
    let mut rows = RowEvaluation::new(&eligibility);
    pool.rows()?.for_each_similarity_row(pool.rows()?, |row| rows.add(row))?;
    let (repeated, mut evaluation) = (set.labels.len() - pool.images.len(), rows.finish());
    evaluation.miss(&pool.labels, &set.missing(), &set.missing());
    Ok(LeaveOneOut { images: pool.images, repeated, evaluation })
}
