//! Embedded images → ranks, metrics and files.

use std::fmt::Write as _;
use std::fs;
use std::io::{Write as _, stdout};
use std::path::{Path, PathBuf};

use reid_web::dataset::Set;
use reid_web::embedding::SimilarityMatrix;
use reid_web::evaluation::{Evaluation, EvaluationOptions, ImageLabel, evaluate, rank_query};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::Outcome;
use super::options::{Input, Options};

/// Embeddings as the page saves them.
#[derive(Serialize, Deserialize)]
pub struct EmbeddedImages {
    pub model: Value,
    pub images: Vec<EmbeddedImage>,
    /// Of no use once these are written.
    #[serde(skip)]
    pub journal: Option<PathBuf>,
}

#[derive(Serialize, Deserialize)]
pub struct EmbeddedImage {
    pub path: String,
    pub set: Set,
    pub identity: Option<String>,
    pub camera: Option<String>,
    pub embedding: Vec<f32>,
}

impl EmbeddedImages {
    pub fn read(path: &Path) -> Outcome<Self> {
        let named = |error: &dyn std::fmt::Display| format!("{}: {error}", path.display());
        let text = fs::read_to_string(path).map_err(|error| named(&error))?;
        Ok(serde_json::from_str(&text).map_err(|error| named(&error))?)
    }

    /// Writes them and removes the journal.
    pub fn write(&self, out: Option<&Path>) -> Outcome<()> {
        write(out, &format!("{}\n", serde_json::to_string(self)?))?;
        if let Some(journal) = &self.journal {
            fs::remove_file(journal)?;
        }
        Ok(())
    }

    pub fn evaluate(&self, options: EvaluationOptions) -> Outcome<Evaluation> {
        let [query, gallery] = self.labels();
        Ok(evaluate(&self.matrix()?, &query, &gallery, options)?)
    }

    fn of(&self, set: Set) -> impl Iterator<Item = &EmbeddedImage> {
        self.images.iter().filter(move |image| image.set == set)
    }

    fn paths(&self, set: Set) -> Vec<&str> {
        self.of(set).map(|image| image.path.as_str()).collect()
    }

    fn labels(&self) -> [Vec<ImageLabel>; 2] {
        let label = |image: &EmbeddedImage| ImageLabel {
            identity: image.identity.clone(),
            camera: image.camera.clone(),
        };
        [Set::Query, Set::Gallery].map(|set| self.of(set).map(label).collect())
    }

    fn matrix(&self) -> Outcome<SimilarityMatrix> {
        let mut matrix = SimilarityMatrix::new();
        for image in &self.images {
            let added = match image.set {
                Set::Query => matrix.push_query(&image.embedding),
                Set::Gallery => matrix.push_gallery(&image.embedding),
            };
            added.map_err(|error| format!("{}: {error}", image.path))?;
        }
        Ok(matrix)
    }
}

/// As the page shows them.
pub fn metrics_text(evaluation: &Evaluation) -> String {
    let shown = |value: Option<f64>| value.map_or("–".into(), |value| format!("{value:.4}"));
    let cmc = |rank: usize| evaluation.cmc.get(rank - 1).or(evaluation.cmc.last()).copied();
    let mut text = String::new();
    for rank in [1, 5, 10] {
        let _ = writeln!(text, "{:18}{}", format!("Rank-{rank}"), shown(cmc(rank)));
    }
    let _ = writeln!(text, "{:18}{}", "mAP", shown(evaluation.mean_average_precision));
    let _ =
        writeln!(text, "{:18}{}", "mAP, trapezoidal", shown(evaluation.mean_average_precision_trapezoidal));
    let Evaluation { queries, gallery, evaluated, unmatched, junk, .. } = evaluation;
    let _ = writeln!(
        text,
        "{evaluated} of {queries} queries evaluated, {unmatched} without a match; {gallery} gallery images, {junk} junk"
    );
    text
}

/// As the page saves it: queries and best images by path.
pub fn evaluation_json(
    embedded: &EmbeddedImages,
    evaluation: &Evaluation,
    options: &Options,
) -> Outcome<String> {
    let device = match &options.input {
        Input::Images(images) if images.webgpu => json!({"kind": "webgpu"}),
        Input::Images(_) => json!({"kind": "cpu"}),
        Input::Embeddings(_) => Value::Null,
    };
    let (query, gallery) = (embedded.paths(Set::Query), embedded.paths(Set::Gallery));
    let mut report = json!({ "model": embedded.model, "device": device, "options": options.evaluation });
    let mut numbers = serde_json::to_value(evaluation)?;
    for result in numbers["perQuery"].as_array_mut().into_iter().flatten() {
        let path =
            |paths: &[&str], index: &Value| index.as_u64().map(|index| paths[index as usize].to_owned());
        let (shown, best) = (path(&query, &result["index"]), path(&gallery, &result["best"]));
        result["query"] = shown.into();
        result["best"] = best.into();
        result.as_object_mut().map(|result| result.remove("index"));
    }
    if let (Value::Object(report), Value::Object(numbers)) = (&mut report, numbers) {
        report.extend(numbers);
    }
    Ok(format!("{}\n", serde_json::to_string_pretty(&report)?))
}

/// A line for each rank: query, rank, gallery, similarity, is_match.
pub fn ranks_csv(embedded: &EmbeddedImages, options: &Options) -> Outcome<String> {
    let [query, gallery] = embedded.labels();
    let (queries, images) = (embedded.paths(Set::Query), embedded.paths(Set::Gallery));
    let matrix = embedded.matrix()?;
    let mut csv = String::from("query,rank,gallery,similarity,is_match\n");
    for (index, path) in queries.iter().enumerate() {
        for entry in rank_query(&matrix, index, &query, &gallery, options.evaluation, options.top)? {
            let is_match = entry.is_match.map_or(String::new(), |is_match| is_match.to_string());
            let image = quoted(images[entry.index]);
            let _ = writeln!(csv, "{},{},{image},{},{is_match}", quoted(path), entry.rank, entry.similarity);
        }
    }
    Ok(csv)
}

fn quoted(cell: &str) -> String {
    match cell.contains(['"', ',', '\n', '\r']) {
        true => format!("\"{}\"", cell.replace('"', "\"\"")),
        false => cell.into(),
    }
}

/// Into a file, or to the standard output.
pub fn write(out: Option<&Path>, text: &str) -> Outcome<()> {
    match out {
        Some(path) => fs::write(path, text).map_err(|error| format!("{}: {error}", path.display()).into()),
        None => Ok(stdout().write_all(text.as_bytes())?),
    }
}
