//! What paths and people say about images, for JavaScript.

use serde::Serialize;
use wasm_bindgen::prelude::*;

use super::{JsError, from_js, to_js};
use crate::dataset::{self, Label};

/// What paths say about the images of a drop: for each path `Label`, or `{skip, isLeftover}` with the reason why it is
/// none.
#[wasm_bindgen(js_name = describePaths, unchecked_return_type = "DescribedPath[]")]
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
#[wasm_bindgen(js_name = chooseRuns, unchecked_return_type = "Run[]")]
pub fn choose_runs(labels: JsValue) -> Result<JsValue, JsError> {
    to_js(&dataset::choose_runs(&from_js::<Vec<Label>>(labels)?))
}
