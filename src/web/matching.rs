//! Labels, ranking and metrics for JavaScript.

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use wasm_bindgen::prelude::*;

use super::{JsError, to_js};
use crate::Error;
use crate::dataset::{self, Label, Set};
use crate::doctor::{Specimen, examine};
use crate::embedding::EmbeddingRows;
use crate::embedding::SimilarityMatrix;
use crate::evaluation::{EvaluationOptions, Ranker};
use crate::exchange::{ImportedImage, write_labels, write_mat, write_npy, write_ranks};
use crate::labels::LabelledSet;
use crate::labels::{ImageLabel, Missing};
use crate::matching::Matching;
use crate::study::{Comparison, Settings, Study, compared_study};

/// What paths say about the images of a drop: for each path `Label`, or `{skip, isLeftover}` with the reason why it is
/// none.
#[wasm_bindgen(js_name = describePaths)]
pub fn describe_paths(paths: Vec<String>) -> Result<JsValue, JsError> {
    #[derive(Serialize)]
    #[serde(rename_all = "camelCase")]
    struct Described {
        #[serde(flatten)]
        label: Option<Label>,
        skip: Option<String>,
        is_leftover: bool,
    }
    let skips: Vec<Option<String>> = paths.iter().map(|path| dataset::skip_reason(path)).collect();
    let images: Vec<&String> =
        paths.iter().zip(&skips).filter(|(_, skip)| skip.is_none()).map(|(path, _)| path).collect();
    let mut labels = dataset::labels_from_paths(&images).into_iter();
    let described = paths.iter().zip(skips).map(|(path, skip)| Described {
        label: if skip.is_none() { labels.next() } else { None },
        is_leftover: dataset::is_leftover(path),
        skip,
    });
    to_js(&described.collect::<Vec<_>>())
}

/// An identity as a person typed it, read as all identities are.
#[wasm_bindgen(js_name = readIdentity)]
pub fn read_identity(text: &str) -> Option<String> {
    dataset::read_identity(text)
}

/// As `readIdentity`, of a camera.
#[wasm_bindgen(js_name = readCamera)]
pub fn read_camera(text: &str) -> Option<String> {
    dataset::read_camera(text)
}

/// Those of `others` that may be meant by this identity as well.
#[wasm_bindgen(js_name = similarIdentities)]
pub fn similar_identities(identity: &str, others: Vec<String>) -> Vec<String> {
    crate::doctor::similar_identities(identity, &others).into_iter().map(str::to_owned).collect()
}

/// The runs of a dropped data set.
#[wasm_bindgen(js_name = chooseRuns)]
pub fn choose_runs(labels: JsValue) -> Result<JsValue, JsError> {
    to_js(&dataset::choose_runs(&from_js::<Vec<Label>>(labels)?))
}

/// Embeddings of both sets, their similarities and what follows from them.
#[wasm_bindgen]
#[derive(Default)]
pub struct Matcher {
    pub(super) matching: Matching,
    pub(super) labels: Labels,
    /// What the labels say by the options that were asked for last.
    ranker: Option<(EvaluationOptions, Ranker)>,
    /// The latest study, for thresholds that are tried on it.
    study: Option<Study>,
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
}

impl Labels {
    /// The latest ranker if it was made by these options, else a new one, which takes its place.
    fn ranker<'a>(
        &self,
        latest: &'a mut Option<(EvaluationOptions, Ranker)>,
        options: EvaluationOptions,
    ) -> &'a Ranker {
        let is_other = |(made_by, _): &mut (EvaluationOptions, Ranker)| *made_by != options;
        latest.take_if(is_other);
        let make = || (options, Ranker::new(&self.query, &self.gallery, options));
        &latest.get_or_insert_with(make).1
    }

    /// Queries and gallery with their embeddings.
    pub(super) fn sets<'a>(&'a self, matching: &'a Matching) -> crate::Result<[LabelledSet<'a>; 2]> {
        let matrix = matching.matrix();
        let rows = |values| EmbeddingRows::new(values, matrix.dim().max(1));
        Ok([
            LabelledSet::new("query", rows(matrix.query_embeddings())?, &self.query)?
                .without(&self.missing.query),
            LabelledSet::new("gallery", rows(matrix.gallery_embeddings())?, &self.gallery)?
                .without(&self.missing.gallery),
        ])
    }
}

#[wasm_bindgen]
impl Matcher {
    #[wasm_bindgen(constructor)]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds an image; `set` is "query" or "gallery".
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
    pub fn evaluate(&mut self, options: JsValue) -> Result<JsValue, JsError> {
        let options = from_js(options)?;
        let Self { matching, labels, ranker, .. } = self;
        let mut evaluation = labels.ranker(ranker, options).evaluate(matching.matrix())?;
        evaluation.miss(&labels.query, &labels.missing.query, &labels.missing.gallery);
        to_js(&evaluation)
    }

    /// The first `top` of the gallery for a query.
    pub fn rank(&mut self, query_id: u32, options: JsValue, top: usize) -> Result<JsValue, JsError> {
        let options = from_js(options)?;
        let Self { matching, labels, ranker, .. } = self;
        let index = matching.index(Set::Query, query_id)?;
        to_js(&labels.ranker(ranker, options).rank(matching.matrix(), index, top)?)
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
        Ok(write_ranks(labels.ranker(ranker, options), matrix, query, gallery, top)?)
    }
}

/// A study of the embeddings, and what its refinements change.
#[derive(Serialize)]
struct Studied<'a> {
    study: &'a Study,
    comparison: Option<Comparison>,
}

#[wasm_bindgen]
impl Matcher {
    /// Everything that an evaluation says, by `Settings`: `{study, comparison}`, the comparison with the same evaluation
    /// without refinements.
    pub fn study(&mut self, settings: JsValue) -> Result<JsValue, JsError> {
        let settings: Settings = from_js(settings)?;
        let [query, gallery] = self.labels.sets(&self.matching)?;
        let (found, comparison) = compared_study(&query, &gallery, &settings)?;
        let shown = to_js(&Studied { study: &found, comparison });
        self.study = Some(found);
        shown
    }

    /// A file of all embeddings: "npy" with its "labels" as CSV, or "mat".
    ///
    /// - `images`: `[{path, set, identity, camera}]` of the queries, then of the gallery, in the order of their ids
    #[wasm_bindgen(js_name = embeddingsFile)]
    pub fn embeddings_file(&self, format: &str, images: JsValue) -> Result<Vec<u8>, JsError> {
        let images: Vec<ImportedImage> = from_js(images)?;
        let matrix = self.matching.matrix();
        let embeddings = all_embeddings(matrix);
        let rows = EmbeddingRows::new(&embeddings, matrix.dim().max(1))?;
        match format {
            "npy" => Ok(write_npy(rows)),
            "labels" => Ok(write_labels(&images).map_err(Error::from)?),
            "mat" => Ok(write_mat(&images, rows).map_err(Error::from)?),
            _ => Err(JsError::new(&format!("{format} is no format of embeddings; npy, labels and mat are"))),
        }
    }

    /// What is odd about the data set: `[{kind, severity, groups}]`, groups of indices into `images`.
    ///
    /// - `images`: `[{set, identity, camera, content}]` of the queries, then of the gallery, in the order of their ids,
    ///   then those without an embedding
    pub fn examine(&self, images: JsValue) -> Result<JsValue, JsError> {
        let images: Vec<Specimen> = from_js(images)?;
        let matrix = self.matching.matrix();
        let embeddings = all_embeddings(matrix);
        to_js(&examine(&images, Some(EmbeddingRows::new(&embeddings, matrix.dim().max(1))?))?)
    }

    /// What a threshold does in the latest study; `undefined` before the first.
    #[wasm_bindgen(js_name = atThreshold)]
    pub fn at_threshold(&self, threshold: f64) -> Result<JsValue, JsError> {
        let Some(study) = &self.study else { return Ok(JsValue::UNDEFINED) };
        to_js(&study.at_threshold(threshold))
    }
}

/// Of the queries, then of the gallery: `[images, dim]` row-major.
pub(super) fn all_embeddings(matrix: &SimilarityMatrix) -> Vec<f32> {
    [matrix.query_embeddings(), matrix.gallery_embeddings()].concat()
}

pub(super) fn from_js<T: DeserializeOwned>(value: JsValue) -> Result<T, JsError> {
    serde_wasm_bindgen::from_value(value).map_err(JsError::from)
}
