//! Evaluation protocols that form queries and gallery themselves, for JavaScript: their metrics without those of each
//! query.

use serde::Serialize;
use wasm_bindgen::prelude::*;

use super::matching::{Labels, Matcher, Pool};
use super::{JsError, from_js, to_js};
use crate::Error;
use crate::evaluation::{Evaluation, EvaluationOptions, NotEmbedded, UnmatchedCounts};
use crate::labels::ImageLabel;
use crate::labels::LabelledSet;
use crate::protocols::{
    DrawnSplits, REPEATS, RunsSummary, SplitOptions, evaluate_splits, leave_one_out, single_gallery_shot,
};

/// What a protocol found.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Found {
    /// Over the runs, or the one there is.
    summary: RunsSummary,
    /// Of each run.
    queries: usize,
    gallery: usize,
    /// Images of the sets that have no embedding.
    not_embedded: NotEmbedded,
    /// Queries of the first run that count.
    evaluated: usize,
    labelled: usize,
    /// Why queries of it have no match.
    unmatched_by: UnmatchedCounts,
    /// Its pairs of the same file, left out.
    same_file: usize,
    /// Images whose file is in the pool already.
    repeated: usize,
    /// What splits were drawn from.
    drawn: Option<DrawnSplits>,
}

impl Found {
    fn new(summary: RunsSummary, first: &Evaluation, repeated: usize, drawn: Option<DrawnSplits>) -> Self {
        let &Evaluation {
            queries, gallery, not_embedded, evaluated, labelled, unmatched_by, same_file, ..
        } = first;
        Self {
            summary,
            queries,
            gallery,
            not_embedded,
            evaluated,
            labelled,
            unmatched_by,
            same_file,
            repeated,
            drawn,
        }
    }
}

#[wasm_bindgen]
impl Matcher {
    /// All images of both sets, each against the others.
    ///
    /// - `options`: as for `evaluate`
    /// - returns `{summary, queries, gallery, evaluated, labelled, unmatchedBy, sameFile, repeated, drawn}`, as the
    ///   other protocols do
    #[wasm_bindgen(js_name = leaveOneOut, unchecked_return_type = "ProtocolNumbers")]
    pub fn leave_one_out(&self, options: JsValue) -> Result<JsValue, JsError> {
        let options: EvaluationOptions = from_js(options)?;
        let found = self.with_pool(|pool| leave_one_out(pool, options))?;
        to_js(&Found::new(RunsSummary::over(&[&found.evaluation]), &found.evaluation, found.repeated, None))
    }

    /// Splits of all images of both sets.
    ///
    /// - `draws`: `{galleryImages, runs, seed}`
    #[wasm_bindgen(unchecked_return_type = "ProtocolNumbers")]
    pub fn splits(&self, options: JsValue, draws: JsValue) -> Result<JsValue, JsError> {
        let options: EvaluationOptions = from_js(options)?;
        let splits: SplitOptions = from_js(draws)?;
        let found = self.with_pool(|pool| evaluate_splits(pool, splits, options))?;
        let first = Evaluation {
            not_embedded: NotEmbedded::of(&self.labels.missing.query, &self.labels.missing.gallery),
            ..found.runs[0].evaluation.clone()
        };
        to_js(&Found::new(found.summary, &first, found.drawn.repeated, Some(found.drawn)))
    }

    /// CUHK03's single gallery shot.
    ///
    /// - `draws`: as for `splits`; only the seed matters
    #[wasm_bindgen(js_name = singleGalleryShot, unchecked_return_type = "ProtocolNumbers")]
    pub fn single_gallery_shot(&self, options: JsValue, draws: JsValue) -> Result<JsValue, JsError> {
        let options: EvaluationOptions = from_js(options)?;
        let SplitOptions { seed, .. } = from_js(draws)?;
        let [query, gallery] = self.labels.sets(&self.matching)?;
        let found = single_gallery_shot(&query, &gallery, REPEATS, seed, options)?;
        let summary = RunsSummary { cmc: found.summary, ..RunsSummary::over(&[&found.evaluation]) };
        to_js(&Found::new(summary, &found.evaluation, 0, None))
    }

    /// Does something with the queries and the gallery, in this order, as one set, each image once.
    fn with_pool<T>(&self, evaluate: impl FnOnce(&LabelledSet) -> Result<T, Error>) -> Result<T, JsError> {
        let Labels { query, gallery, missing } = &self.labels;
        let pool = Pool::of(&self.matching);
        let queries = pool.queries.iter().map(|&row| &query[row]);
        let labels: Vec<ImageLabel> = queries.chain(gallery).cloned().collect();
        Ok(evaluate(&LabelledSet::new("pool", pool.rows()?, &labels)?.without(&missing.pool))?)
    }
}
