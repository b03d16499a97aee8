//! Labels, ranking and metrics for JavaScript.

use serde::Deserialize;
use serde::de::DeserializeOwned;
use wasm_bindgen::prelude::*;

use super::to_js;
use crate::dataset::{self, Label, Set};
use crate::evaluation::{self, EvaluationOptions, ImageLabel};
use crate::matching::Matching;

/// What paths say about images: `[Label & {skip}]`, `skip` a reason why it is none.
#[wasm_bindgen(js_name = describePaths)]
pub fn describe_paths(paths: Vec<String>) -> Result<JsValue, JsError> {
    #[derive(serde::Serialize)]
    struct Described {
        #[serde(flatten)]
        label: Label,
        skip: Option<String>,
    }
    let describe =
        |path: &String| Described { label: dataset::label_from_path(path), skip: dataset::skip_reason(path) };
    to_js(&paths.iter().map(describe).collect::<Vec<_>>())
}

/// The runs of a dropped data set.
#[wasm_bindgen(js_name = chooseRuns)]
pub fn choose_runs(labels: JsValue) -> Result<JsValue, JsError> {
    to_js(&dataset::choose_runs(&from_js::<Vec<Label>>(labels)?))
}

/// Embeddings of both sets, their similarities and what follows from them.
#[wasm_bindgen]
#[derive(Default)]
pub struct Matcher(Matching);

/// Labels of both sets, in the order of their ids.
#[derive(Deserialize)]
struct Labels {
    query: Vec<ImageLabel>,
    gallery: Vec<ImageLabel>,
}

#[wasm_bindgen]
impl Matcher {
    #[wasm_bindgen(constructor)]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds an image; `set` is "query" or "gallery".
    pub fn add(&mut self, set: JsValue, id: u32, embedding: &[f32]) -> Result<(), JsError> {
        Ok(self.0.add(from_js(set)?, id, embedding)?)
    }

    /// Removes an image.
    pub fn remove(&mut self, set: JsValue, id: u32) -> Result<(), JsError> {
        Ok(self.0.remove(from_js(set)?, id)?)
    }

    /// Ids of a set, ascending: the rows or columns of the similarities.
    pub fn ids(&self, set: JsValue) -> Result<Vec<u32>, JsError> {
        Ok(self.0.ids(from_js(set)?).to_vec())
    }

    /// Similarities of the queries from row `from` up to, not with, `to`: row-major `[queries, gallery]`.
    pub fn similarities(&self, from: usize, to: usize) -> Vec<f32> {
        self.0.matrix().rows(from..to)
    }

    /// All metrics.
    pub fn evaluate(&self, labels: JsValue, options: JsValue) -> Result<JsValue, JsError> {
        let Labels { query, gallery } = from_js(labels)?;
        let options: EvaluationOptions = from_js(options)?;
        to_js(&evaluation::evaluate(self.0.matrix(), &query, &gallery, options)?)
    }

    /// The first `top` of the gallery for a query.
    pub fn rank(
        &self,
        query_id: u32,
        labels: JsValue,
        options: JsValue,
        top: usize,
    ) -> Result<JsValue, JsError> {
        let Labels { query, gallery } = from_js(labels)?;
        let options: EvaluationOptions = from_js(options)?;
        let index = self.0.index(Set::Query, query_id)?;
        to_js(&evaluation::rank_query(self.0.matrix(), index, &query, &gallery, options, top)?)
    }
}

fn from_js<T: DeserializeOwned>(value: JsValue) -> Result<T, JsError> {
    serde_wasm_bindgen::from_value(value).map_err(JsError::from)
}
