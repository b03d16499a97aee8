//! Ranking and metrics for JavaScript.

use serde::Deserialize;
use wasm_bindgen::prelude::*;

use super::ids::Ids;
use super::{JsError, from_js, to_js};
use crate::dataset::Set;
use crate::embedding::EmbeddingRows;
use crate::evaluation::{EvaluationOptions, Ranker};
use crate::labels::{ImageLabel, LabelledSet, Missing, own_images};
use crate::matching::Matching;
use crate::results::write_ranks;
use crate::study::Study;

/// Embeddings of both sets, their similarities and what follows from them.
#[wasm_bindgen]
#[derive(Default)]
pub struct Matcher {
    pub(super) matching: Matching,
    pub(super) labels: Labels,
    /// What the labels say by the options that were asked for last.
    ranker: Option<(EvaluationOptions, Ranker)>,
    /// The latest study, for thresholds that are tried on it.
    pub(super) study: Option<Study>,
}

/// Labels of both sets, in the order of their ids, and which images of the sets have no embedding.
#[derive(Default, Deserialize)]
pub(super) struct Labels {
    pub(super) query: Vec<ImageLabel>,
    pub(super) gallery: Vec<ImageLabel>,
    pub(super) missing: MissingImages,
}

/// Of both sets.
#[derive(Default, Deserialize)]
pub(super) struct MissingImages {
    pub(super) query: Missing,
    pub(super) gallery: Missing,
    /// Of both together, each image once.
    pub(super) pool: Missing,
}

impl Labels {
    /// The latest ranker if it was made by these options, else a new one, which takes its place.
    fn ranker<'a>(
        &self,
        latest: &'a mut Option<(EvaluationOptions, Ranker)>,
        matching: &Matching,
        options: EvaluationOptions,
    ) -> &'a Ranker {
        let is_other = |(made_by, _): &mut (EvaluationOptions, Ranker)| *made_by != options;
        latest.take_if(is_other);
        let own = || own_images(matching.ids(Set::Query), matching.ids(Set::Gallery));
        let make = || (options, Ranker::new(&self.query, &self.gallery, options).with_own(own()));
        &latest.get_or_insert_with(make).1
    }

    /// Queries and gallery with their embeddings.
    pub(super) fn sets<'a>(&'a self, matching: &'a Matching) -> crate::Result<[LabelledSet<'a>; 2]> {
        let matrix = matching.matrix();
        let rows = |values| EmbeddingRows::new(values, matrix.dim().max(1));
        Ok([
            LabelledSet::new("query", rows(matrix.query_embeddings())?, &self.query)?
                .without(&self.missing.query)
                .with_ids(matching.ids(Set::Query))?,
            LabelledSet::new("gallery", rows(matrix.gallery_embeddings())?, &self.gallery)?
                .without(&self.missing.gallery)
                .with_ids(matching.ids(Set::Gallery))?,
        ])
    }
}

#[wasm_bindgen]
impl Matcher {
    #[wasm_bindgen(constructor)]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds an image; `set` is "query" or "gallery". An image with one id in both is never ranked for itself.
    pub fn add(&mut self, set: JsValue, id: u32, embedding: &[f32]) -> Result<(), JsError> {
        Ok(self.matching.add(from_js(set)?, id, embedding)?)
    }

    /// Removes an image.
    pub fn remove(&mut self, set: JsValue, id: u32) -> Result<(), JsError> {
        Ok(self.matching.remove(from_js(set)?, id)?)
    }

    /// Ids of a set, ascending: the rows or columns of the similarities.
    pub fn ids(&self, set: JsValue) -> Result<Vec<u32>, JsError> {
        Ok(self.matching.ids(from_js(set)?).to_vec())
    }

    /// Similarities of the queries from row `from` up to, not with, `to`: row-major `[queries, gallery]`.
    pub fn similarities(&self, from: usize, to: usize) -> Vec<f32> {
        self.matching.matrix().rows(from..to)
    }

    /// What is known of the images; it holds until it is set again, and has to be set again once an image was added or
    /// removed.
    ///
    /// - `labels`: `{query, gallery, missing}`: labels `[{identity, camera, content}]` in the order of the ids, and
    ///   `{query, gallery}` of the images without an embedding, each `{images, identities}`
    #[wasm_bindgen(js_name = setLabels)]
    pub fn set_labels(&mut self, labels: JsValue) -> Result<(), JsError> {
        self.labels = from_js(labels)?;
        self.ranker = None;
        Ok(())
    }

    /// All metrics.
    #[wasm_bindgen(unchecked_return_type = "Evaluation")]
    pub fn evaluate(&mut self, options: JsValue) -> Result<JsValue, JsError> {
        let options = from_js(options)?;
        let Self { matching, labels, ranker, .. } = self;
        let mut evaluation = labels.ranker(ranker, matching, options).evaluate(matching.matrix())?;
        evaluation.miss(&labels.query, &labels.missing.query, &labels.missing.gallery);
        to_js(&evaluation.with_queries(Ids::of(matching).queries(&evaluation)))
    }

    /// The first `top` of the gallery for a query.
    #[wasm_bindgen(unchecked_return_type = "RankEntry[]")]
    pub fn rank(&mut self, query_id: u32, options: JsValue, top: usize) -> Result<JsValue, JsError> {
        let options = from_js(options)?;
        let Self { matching, labels, ranker, .. } = self;
        let index = matching.index(Set::Query, query_id)?;
        let ranked = labels.ranker(ranker, matching, options).rank(matching.matrix(), index, top)?;
        to_js(&Ids::of(matching).ranked(ranked))
    }

    /// The first `top` of the gallery for every query, as CSV.
    ///
    /// - `paths`: of the queries, then of the gallery, in the order of their ids
    #[wasm_bindgen(js_name = ranksFile)]
    pub fn ranks_file(
        &mut self,
        paths: Vec<String>,
        options: JsValue,
        top: usize,
    ) -> Result<Vec<u8>, JsError> {
        let options = from_js(options)?;
        let Self { matching, labels, ranker, .. } = self;
        let matrix = matching.matrix();
        let (query, gallery) = paths.split_at(matrix.queries().min(paths.len()));
        Ok(write_ranks(labels.ranker(ranker, matching, options), matrix, query, gallery, top)?)
    }
}

/// The images of both sets, each once: queries that are not in the gallery, then the gallery.
pub(super) struct Pool {
    /// `[images, dim]` row-major.
    pub(super) embeddings: Vec<f32>,
    pub(super) dim: usize,
    /// Rows of queries that are not in the gallery, ascending.
    pub(super) queries: Vec<usize>,
}

impl Pool {
    pub(super) fn of(matching: &Matching) -> Self {
        let (matrix, dim) = (matching.matrix(), matching.matrix().dim().max(1));
        let own = own_images(matching.ids(Set::Query), matching.ids(Set::Gallery));
        let queries = Vec::from_iter((0..own.len()).filter(|&row| own[row].is_none()));
        let row = |&row: &usize| &matrix.query_embeddings()[row * dim..][..dim];
        let mut embeddings = Vec::from_iter(queries.iter().flat_map(row).copied());
        embeddings.extend_from_slice(matrix.gallery_embeddings());
        Self { embeddings, dim, queries }
    }

    pub(super) fn rows(&self) -> crate::Result<EmbeddingRows<'_>> {
        EmbeddingRows::new(&self.embeddings, self.dim)
    }
}
