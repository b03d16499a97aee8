//! Monte-Carlo runs: each evaluated by itself, then means and standard deviations.

use std::collections::HashSet;

use reid_web::metrics::{RunSummary, cmc_at, over_runs};
use reid_web::results::notes_on;
use reid_web::study::Study;
use serde_json::{Value, json};

use crate::embedded::Embedded;
use crate::evaluate::checks;
use crate::images::{self, ImageFile, RunImages};
use crate::model::Model;
use crate::options::{ImageOptions, Options};
use crate::output::console::{note, say};
use crate::output::evaluation_file::write_evaluation;
use crate::output::failures::Failures;
use crate::{Outcome, embed, evaluate, model};

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
pub fn evaluate(options: &ImageOptions, all: &Options, failures: &mut Failures) -> Outcome<()> {
    let lists = images::list_runs(options, failures)?;
    let mut model = model::load(options)?;
    let (mut runs, mut text, mut said) = (Vec::new(), String::new(), HashSet::new());
    for (run, embedded) in embed_runs(lists, &mut model, options, all, failures)? {
        for finding in checks::findings(&embedded)? {
            if said.insert(finding.clone()) {
                note(finding);
            }
        }
        let (found, _) = evaluate::studied(&embedded, all)?;
        let values = METRICS.map(|(_, value)| value(&found));
        let name = run.as_deref().unwrap_or("–");
        text += &format!("run {name}: {}\n", line(&values.map(shown)));
        for note in notes_on(&found.evaluation) {
            text += &format!("run {name}: {note}\n");
        }
        runs.push((run, values));
    }
    let summaries: Vec<Option<RunSummary>> = (0..METRICS.len())
        .map(|metric| over_runs(&runs.iter().map(|(_, values)| values[metric]).collect::<Vec<_>>()))
        .collect();
    let over_all = |value: fn(&RunSummary) -> Option<f64>| {
        line(&Vec::from_iter(summaries.iter().map(|summary| shown(summary.as_ref().and_then(value)))))
    };
    text += &format!("mean: {}\n", over_all(|summary| Some(summary.mean)));
    text += &format!("standard deviation: {}\n", over_all(|summary| summary.standard_deviation));
    if let Some(path) = &all.out {
        let report = json!({
            "model": model.info,
            "settings": all.settings,
            "runs": runs.iter().map(|(run, values)| of_run(run.as_deref(), values)).collect::<Vec<_>>(),
            "summary": named(summaries.iter().map(|summary| json!(summary))),
        });
        write_evaluation(path, &report)?;
    }
    say(text)
}

/// Each run's images with their embeddings. The same file is often in several runs; it is embedded once.
fn embed_runs(
    lists: Vec<RunImages>,
    model: &mut Model,
    options: &ImageOptions,
    all: &Options,
    failures: &mut Failures,
) -> Outcome<Vec<(Option<String>, Embedded)>> {
    let images: Vec<ImageFile> = lists.iter().flat_map(|(_, images)| images).cloned().collect();
    let found = embed::embed_each(&images, model, options, all, failures)?;
    let of_run = |(run, images): RunImages| {
        let (embedded, failed) = found.embedded(&images, failures)?;
        Ok((run, Embedded::new(model.info.clone(), embedded, None).without(&failed)))
    };
    lists.into_iter().map(of_run).collect()
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
