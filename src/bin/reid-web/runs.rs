//! Monte-Carlo runs: each evaluated by itself, then means and standard deviations.

use std::collections::HashMap;

use reid_web::metrics::{RunSummary, cmc_at, over_runs};
use reid_web::study::Study;
use serde_json::{Value, json};

use super::embedded::Embedded;
use super::images::ImageFile;
use super::model::Model;
use super::options::{ImageOptions, Options};
use super::{Outcome, embed, fingerprint, images, model, report, write};

/// What is summed up over the runs.
type Metric = (&'static str, fn(&Study) -> Option<f64>);

const METRICS: [Metric; 8] = [
    ("rank1", |study| cmc_at(&study.evaluation.cmc, 1)),
    ("rank5", |study| cmc_at(&study.evaluation.cmc, 5)),
    ("rank10", |study| cmc_at(&study.evaluation.cmc, 10)),
    ("meanAveragePrecision", |study| study.evaluation.mean_average_precision),
    ("meanAveragePrecisionTrapezoidal", |study| study.evaluation.mean_average_precision_trapezoidal),
    ("meanInverseNegativePenalty", |study| study.retrieval.mean_inverse_negative_penalty),
    ("areaUnderCurve", |study| study.verification.area_under_curve),
    ("equalErrorRate", |study| study.verification.equal_error_rate.map(|equal| equal.rate)),
];

/// Evaluates every run of the data.
pub fn evaluate(options: &ImageOptions, all: &Options) -> Outcome<()> {
    let mut model = model::load(options)?;
    let mut runs = Vec::new();
    for (run, embedded) in embed_runs(&mut model, options, all)? {
        let (found, _) = report::studied(&embedded, all)?;
        let values = METRICS.map(|(_, value)| value(&found));
        println!("run {}: {}", run.as_deref().unwrap_or("–"), line(&values.map(shown)));
        runs.push((run, values));
    }
    let summaries: Vec<Option<RunSummary>> = (0..METRICS.len())
        .map(|metric| over_runs(&runs.iter().map(|(_, values)| values[metric]).collect::<Vec<_>>()))
        .collect();
    let over_all = |value: fn(&RunSummary) -> Option<f64>| {
        line(&Vec::from_iter(summaries.iter().map(|summary| shown(summary.as_ref().and_then(value)))))
    };
    println!("mean: {}", over_all(|summary| Some(summary.mean)));
    println!("standard deviation: {}", over_all(|summary| summary.standard_deviation));
    match &all.out {
        None => Ok(()),
        Some(path) => {
            let report = json!({
                "model": model.info,
                "settings": all.settings,
                "runs": runs.iter().map(|(run, values)| of_run(run.as_deref(), values)).collect::<Vec<_>>(),
                "summary": named(summaries.iter().map(|summary| json!(summary))),
            });
            write(Some(path), format!("{}\n", serde_json::to_string_pretty(&report)?).as_bytes())
        }
    }
}

/// Each run's images with their embeddings. The same file is often in several runs; it is embedded once.
fn embed_runs(
    model: &mut Model,
    options: &ImageOptions,
    all: &Options,
) -> Outcome<Vec<(Option<String>, Embedded)>> {
    let lists: Vec<(Option<String>, Vec<ImageFile>)> = images::runs(options)?
        .into_iter()
        .map(|run| Ok((run.clone(), images::list(&ImageOptions { run, ..options.clone() })?)))
        .collect::<Outcome<_>>()?;
    // Paths of images, and of the first with the same content.
    let (mut first_of, mut same, mut distinct) = (HashMap::new(), HashMap::new(), Vec::new());
    for image in lists.iter().flat_map(|(_, images)| images) {
        let first = first_of.entry(fingerprint::of_file(&image.file)?).or_insert_with(|| {
            distinct.push(image.clone());
            image.path.clone()
        });
        same.insert(image.path.clone(), first.clone());
    }
    let known = embed::embed_each(&distinct, model, options, all)?;
    let embedded = |image: ImageFile| {
        let embedding = known.get(same.get(&image.path)?)?.clone();
        Some(image.embedded(embedding))
    };
    let of_run = |(run, images): (Option<String>, Vec<ImageFile>)| {
        (run, Embedded::new(model.info.clone(), images.into_iter().filter_map(embedded).collect(), None))
    };
    Ok(lists.into_iter().map(of_run).collect())
}

fn of_run(run: Option<&str>, values: &[Option<f64>]) -> Value {
    let mut numbers = named(values.iter().map(|value| json!(value)));
    numbers["run"] = json!(run);
    numbers
}

fn named(values: impl Iterator<Item = Value>) -> Value {
    Value::Object(METRICS.iter().zip(values).map(|((name, _), value)| ((*name).to_owned(), value)).collect())
}

fn shown(value: Option<f64>) -> String {
    value.map_or("–".into(), |value| format!("{value:.4}"))
}

fn line(values: &[String]) -> String {
    let names = ["Rank-1", "Rank-5", "Rank-10", "mAP", "mAP trapezoidal", "mINP", "AUC", "EER"];
    let pairs = names.iter().zip(values).map(|(name, value)| format!("{name} {value}"));
    Vec::from_iter(pairs).join(", ")
}
