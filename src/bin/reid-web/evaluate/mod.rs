//! Embedded images → ranks and metrics.

pub mod checks;
mod notes;
pub mod protocols;
pub mod runs;

use std::collections::HashSet;
use std::fmt::Write as _;

use reid_web::dataset::Set;
use reid_web::embedding::EmbeddingRows;
use reid_web::embedding::SimilarityMatrix;
use reid_web::evaluation::Ranker;
use reid_web::exchange::write_ranks;
use reid_web::labels::ImageLabel;
use reid_web::labels::LabelledSet;
use reid_web::metrics::{Interval, ThresholdTarget, cmc_at};
use reid_web::refinement::QueryExpansion;
use reid_web::study::{Comparison, Study, compared_study};
use serde_json::{Value, json};

use crate::Outcome;
use crate::embedded::{Embedded, Side};
use crate::evaluate::notes;
use crate::options::{Input, Options};
use crate::output::fingerprint;

/// All numbers of an evaluation, for people and as JSON.
pub fn evaluation(embedded: &Embedded, options: &Options) -> Outcome<(String, Value)> {
    let (query, gallery) = (embedded.side(Set::Query), embedded.side(Set::Gallery));
    let (found, comparison) = studied(embedded, options)?;
    Ok((
        text(&found, comparison.as_ref()),
        json_of(embedded, &found, comparison, [&query, &gallery], options)?,
    ))
}

/// All numbers of an evaluation.
pub fn studied(embedded: &Embedded, options: &Options) -> Outcome<(Study, Option<Comparison>)> {
    let (query, gallery) = (embedded.side(Set::Query), embedded.side(Set::Gallery));
    let labelled = |set, side: &Side| -> Outcome<()> {
        if side.labels.is_empty() { Err(format!("there are no {set} images").into()) } else { Ok(()) }
    };
    labelled("query", &query)?;
    labelled("gallery", &gallery)?;
    check_expansion(options, &gallery)?;
    let [missing_query, missing_gallery] = embedded.missing();
    let rows = |side| EmbeddingRows::new(side, embedded.dim());
    let query_set = LabelledSet::new("query", rows(&query.embeddings)?, &query.labels)?;
    let gallery_set = LabelledSet::new("gallery", rows(&gallery.embeddings)?, &gallery.labels)?;
    let sets = (query_set.without(missing_query), gallery_set.without(missing_gallery));
    Ok(compared_study(&sets.0, &sets.1, &options.settings)?)
}

/// Refuses to expand queries by more images than there are.
fn check_expansion(options: &Options, gallery: &Side) -> Outcome<()> {
    let images = gallery.labels.iter().filter(|label| !label.is_junk()).count();
    match options.settings.refinements.query_expansion {
        Some(QueryExpansion { k, .. }) if k > images => {
            Err(format!("--query-expansion is {k}, expected 1 to {images}, the images of the gallery").into())
        }
        _ => Ok(()),
    }
}

/// As the page shows them.
fn text(study: &Study, comparison: Option<&Comparison>) -> String {
    let evaluation = &study.evaluation;
    let mut lines = Vec::new();
    let noted = |name: &str, value: Option<f64>, note: &str| {
        let value = value.map_or("–".into(), |value| format!("{value:.4}"));
        format!("{name:22}{value}{note}")
    };
    let mut line = |name: &str, value: Option<f64>, interval: Option<Interval>| {
        lines.push(noted(name, value, &notes::interval(interval)));
    };
    let cmc = |rank| cmc_at(&evaluation.cmc, rank);
    let intervals = study.intervals.clone();
    line("Rank-1", cmc(1), intervals.rank_1);
    line("Rank-5", cmc(5), intervals.rank_5);
    line("Rank-10", cmc(10), intervals.rank_10);
    line("mAP", evaluation.mean_average_precision, intervals.mean_average_precision);
    let trapezoidal = evaluation.mean_average_precision_trapezoidal;
    line("mAP, trapezoidal", trapezoidal, intervals.mean_average_precision_trapezoidal);
    let penalty = study.retrieval.mean_inverse_negative_penalty;
    line("mINP", penalty, intervals.mean_inverse_negative_penalty);
    line("R-precision", study.retrieval.mean_r_precision, None);
    line("nDCG", study.retrieval.mean_normalised_discounted_gain, None);
    line("AUC", study.verification.area_under_curve, None);
    line("EER", study.verification.equal_error_rate.map(|equal| equal.rate), None);
    for rate in &study.verification.true_positive_rates {
        let name = format!("TPR at FPR {:e}", rate.target);
        let few = notes::few_pairs(rate.too_few_impostors);
        lines.push(noted(&name, Some(rate.rates.true_positive_rate), few));
    }
    let threshold = study.threshold.and_then(|rates| rates.threshold);
    lines.push(noted("Threshold", threshold, notes::few_pairs(has_few_pairs(study))));
    let mut text = lines.join("\n");
    let _ = write!(
        text,
        "\n{} of {} queries evaluated, {} without a match; {} gallery images, {} junk; {} genuine and {} impostor pairs\n",
        evaluation.evaluated,
        evaluation.queries + evaluation.not_embedded.queries,
        evaluation.unmatched,
        evaluation.gallery,
        evaluation.junk,
        study.verification.genuine.pairs,
        study.verification.impostor.pairs
    );
    let shown = study.intervals.all();
    for note in notes::of_evaluation(evaluation).into_iter().chain(notes::of_intervals(&shown)) {
        let _ = writeln!(text, "{note}");
    }
    if let Some(Comparison { plain, .. }) = comparison {
        let [rank_1, _, _] = plain.cmc;
        let shown = |value: Option<f64>| value.map_or("–".into(), |value| format!("{value:.4}"));
        let precision = shown(plain.mean_average_precision);
        let _ = writeln!(text, "without refinements: Rank-1 {}, mAP {precision}", shown(rank_1));
    }
    text
}

/// Whether too few pairs decide the threshold for a false positive rate.
fn has_few_pairs(study: &Study) -> bool {
    let ThresholdTarget::FalsePositiveRate { rate } = study.settings.target else { return false };
    study.verification.true_positive_rate(rate).is_some_and(|found| found.too_few_impostors)
}

/// As the page saves it: queries and best images by path.
fn json_of(
    embedded: &Embedded,
    study: &Study,
    comparison: Option<Comparison>,
    sides: [&Side; 2],
    options: &Options,
) -> Outcome<Value> {
    let mut comparison = serde_json::to_value(comparison)?;
    let mut numbers = serde_json::to_value(study)?;
    let [queries, gallery] = sides.map(|side| side.paths.as_slice());
    let members = [&study.query_members, &study.gallery_members];
    for result in numbers["perQuery"].as_array_mut().into_iter().flatten() {
        let shown = path(queries, members[0].as_deref(), &result["index"]);
        let best = path(gallery, members[1].as_deref(), &result["best"]);
        result["query"] = shown.into();
        result["best"] = best.into();
        result.as_object_mut().map(|result| result.remove("index"));
    }
    for list in ["better", "worse"] {
        for change in comparison.get_mut(list).and_then(Value::as_array_mut).into_iter().flatten() {
            change["query"] = path(queries, members[0].as_deref(), &change["index"]).into();
            change.as_object_mut().map(|change| change.remove("index"));
        }
    }
    let mut report = origin(embedded, options)?;
    report["comparison"] = comparison;
    if let (Value::Object(report), Value::Object(numbers)) = (&mut report, numbers) {
        report.extend(numbers);
    }
    Ok(report)
}

/// What the numbers were made of: `{model, device, data}`, as the page saves it; no device if embeddings came from a file.
pub fn origin(embedded: &Embedded, options: &Options) -> Outcome<Value> {
    let device = match &options.input {
        Input::Images(images) if images.webgpu => json!({"kind": "webgpu"}),
        Input::Images(_) => json!({"kind": "cpu"}),
        Input::Embeddings { .. } => Value::Null,
    };
    let [query, gallery] = [Set::Query, Set::Gallery].map(|set| set_facts(&embedded.side(set)));
    let data = json!({ "query": query, "gallery": gallery });
    Ok(json!({ "model": embedded.model, "device": device, "data": data }))
}

fn set_facts(side: &Side) -> Value {
    let distinct = |name: fn(&ImageLabel) -> Option<&String>| {
        side.labels.iter().filter_map(name).collect::<HashSet<_>>().len()
    };
    let contents = side.labels.iter().map(|label| label.content.as_deref());
    json!({
        "images": side.labels.len(),
        "identities": distinct(|label| label.identity.as_ref().filter(|_| label.has_subject())),
        "cameras": distinct(|label| label.camera.as_ref()),
        "content": fingerprint::of_set(contents),
    })
}

/// Of the image at an index; of averaged ones, of the first.
fn path(paths: &[String], members: Option<&[Vec<usize>]>, index: &Value) -> Option<String> {
    let index = index.as_u64()? as usize;
    let index = members.map_or(Some(index), |members| members.get(index)?.first().copied())?;
    paths.get(index).cloned()
}

/// A line for each rank.
pub fn ranks_csv(embedded: &Embedded, options: &Options) -> Outcome<Vec<u8>> {
    let (query, gallery) = (embedded.side(Set::Query), embedded.side(Set::Gallery));
    let mut matrix = SimilarityMatrix::new();
    query.embeddings.chunks(embedded.dim()).try_for_each(|one| matrix.push_query(one).map(drop))?;
    gallery.embeddings.chunks(embedded.dim()).try_for_each(|one| matrix.push_gallery(one).map(drop))?;
    let ranker = Ranker::new(&query.labels, &gallery.labels, options.settings.evaluation);
    Ok(write_ranks(&ranker, &matrix, &query.paths, &gallery.paths, options.top)?)
}
