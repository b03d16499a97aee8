use reid_web::dataset::Set;
use reid_web::results::{DataFacts, Origin, SetFacts};
use serde_json::{Value, json};

use crate::embedded::Embedded;
use crate::options::{Input, Options};

/// What an evaluation was made from; the device is null if the embeddings came from a file.
pub fn origin(embedded: &Embedded, options: &Options) -> Origin<Value> {
    let device = match &options.input {
        Input::Images(images) if images.webgpu => json!({"kind": "webgpu"}),
        Input::Images(_) => json!({"kind": "cpu"}),
        Input::Embeddings { .. } => Value::Null,
    };
    let [query, gallery] = [Set::Query, Set::Gallery].map(|set| SetFacts::of(&embedded.side(set).labels));
    Origin { model: embedded.model.clone(), device, data: DataFacts { query, gallery } }
}
