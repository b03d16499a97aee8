//! Studies, and what is saved of them, for JavaScript.

use serde::{Deserialize, Serialize};
use wasm_bindgen::prelude::*;

use super::ids::{ChangeById, Ids, QueryById};
use super::matching::Matcher;
use super::{JsError, from_js, to_js};
use crate::Error;
use crate::results::{
    DataFacts, NamedStudy, Origin, Paths, SavedStudy, SetFacts, write_metrics, write_query_results,
};
use crate::study::{Comparison, Settings, compared_study};

/// A study of the embeddings, and what its refinements change.
#[derive(Serialize)]
struct Studied<'a> {
    study: NamedStudy<'a, QueryById<'a>>,
    comparison: Option<Comparison<ChangeById>>,
}

/// A value of the page's that is saved as it is.
#[derive(Serialize, Deserialize)]
#[serde(transparent)]
struct Kept(#[serde(with = "serde_wasm_bindgen::preserve")] JsValue);

/// What the page knows of an evaluation besides its images.
#[derive(Deserialize)]
struct KnownOrigin {
    model: Kept,
    device: Kept,
    protocols: Kept,
}

#[wasm_bindgen]
impl Matcher {
    /// Everything that an evaluation shows, by `StudySettings`: `comparison` is that with the same evaluation without
    /// refinements.
    #[wasm_bindgen(unchecked_return_type = "Studied")]
    pub fn study(&mut self, settings: JsValue) -> Result<JsValue, JsError> {
        let comparison = self.make_study(settings)?;
        let Some(found) = &self.study else { return Ok(JsValue::UNDEFINED) };
        let ids = Ids::of(&self.matching);
        let study = NamedStudy::new(found, ids.of_study(found).queries(&found.evaluation));
        to_js(&Studied { study, comparison: comparison.map(|all| all.map(|change| ids.change(change))) })
    }

    /// The same as it is saved.
    ///
    /// - `paths`: of the queries, then of the gallery, in the order of their ids
    /// - `origin`: `{model, device, protocols}`, null where there is none
    #[wasm_bindgen(js_name = savedStudy)]
    pub fn saved_study(
        &mut self,
        settings: JsValue,
        paths: Vec<String>,
        origin: JsValue,
    ) -> Result<SavedFiles, JsError> {
        let KnownOrigin { model, device, protocols } = from_js(origin)?;
        let comparison = self.make_study(settings)?;
        let origin = Origin { model, device, data: self.facts() };
        let (query, gallery) = paths.split_at(self.labels.query.len().min(paths.len()));
        let paths = Paths::new(query, gallery);
        let study = self.study.as_ref().ok_or_else(|| JsError::new("there is no study"))?;
        let protocols = Some(protocols).filter(|Kept(found)| !found.is_null());
        let saved = to_js(&SavedStudy::new(origin, study, comparison, &paths, protocols))?;
        SavedFiles::new(&saved)
    }

    /// Images, identities, cameras and fingerprint of both sets.
    #[wasm_bindgen(js_name = dataFacts, unchecked_return_type = "DataFacts")]
    pub fn data_facts(&self) -> Result<JsValue, JsError> {
        to_js(&self.facts())
    }

    /// What a threshold does in the latest study; `undefined` before the first.
    #[wasm_bindgen(js_name = atThreshold, unchecked_return_type = "AtThreshold | undefined")]
    pub fn at_threshold(&self, threshold: f64) -> Result<JsValue, JsError> {
        let Some(study) = &self.study else { return Ok(JsValue::UNDEFINED) };
        to_js(&study.at_threshold(threshold))
    }
}

impl Matcher {
    /// Makes and keeps a study.
    fn make_study(&mut self, settings: JsValue) -> Result<Option<Comparison>, JsError> {
        let settings: Settings = from_js(settings)?;
        let [query, gallery] = self.labels.sets(&self.matching)?;
        let (study, comparison) = compared_study(&query, &gallery, &settings)?;
        self.study = Some(study);
        Ok(comparison)
    }

    fn facts(&self) -> DataFacts {
        let [query, gallery] = [&self.labels.query, &self.labels.gallery].map(|labels| SetFacts::of(labels));
        DataFacts { query, gallery }
    }
}

/// A study as files.
#[wasm_bindgen]
pub struct SavedFiles {
    json: String,
}

impl SavedFiles {
    /// Indented by one space, in the order of the fields, numbers as JavaScript writes them.
    fn new(saved: &JsValue) -> Result<Self, JsError> {
        let text = js_sys::JSON::stringify_with_replacer_and_space(saved, &JsValue::NULL, &1.into());
        let text = text.map_err(|_| JsError::new("the evaluation cannot be written as JSON"))?;
        Ok(Self { json: String::from(text) + "\n" })
    }
}

#[wasm_bindgen]
impl SavedFiles {
    /// `metrics.json`.
    pub fn json(&self) -> String {
        self.json.clone()
    }

    /// `metrics.csv`: name and value of each number.
    pub fn metrics(&self) -> Result<Vec<u8>, JsError> {
        Ok(write_metrics(&serde_json::from_str(&self.json)?).map_err(Error::from)?)
    }

    /// `metrics.queries.csv`: one line per query.
    pub fn queries(&self) -> Result<Vec<u8>, JsError> {
        let table = write_query_results(&serde_json::from_str(&self.json)?).map_err(Error::from)?;
        table.ok_or_else(|| JsError::new("the evaluation has no queries"))
    }
}
