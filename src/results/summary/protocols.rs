//! Evaluation by a protocol that makes queries and gallery by itself: for people and as JSON.

use reid_web::dataset::Set;
use reid_web::embedding::EmbeddingRows;
use reid_web::evaluation::{Evaluation, EvaluationOptions, NotEmbedded, QueryResult};
use reid_web::labels::LabelledSet;
use reid_web::metrics::{RunSummary, cmc_at};
use reid_web::protocols::{
    LeaveOneOut, REPEATS, SingleShot, SplitOptions, SplitRun, Splits, evaluate_splits, leave_one_out,
    single_gallery_shot,
};
use serde_json::{Value, json};

use crate::Outcome;
use crate::embedded::{Embedded, Side};
use crate::evaluate;
use crate::evaluate::notes;
use crate::options::Options;

/// How queries and gallery come about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Protocol {
    /// Each image against the others.
    LeaveOneOut,
    /// One image of each identity in the gallery, drawn.
    SingleGalleryShot,
    /// Runs drawn from all images; the seed is that of the settings.
    Splits { gallery_images: usize, runs: usize },
}

impl Protocol {
    /// By its name, with what belongs to it.
    pub fn named(
        name: Option<&str>,
        gallery_images: Option<usize>,
        runs: Option<usize>,
    ) -> Outcome<Option<Self>> {
        if name != Some("splits") && (gallery_images.is_some() || runs.is_some()) {
            return Err("--gallery-images and --runs are for --protocol splits".into());
        }
        let usual = SplitOptions::default();
        Ok(match name {
            None => None,
            Some("leave-one-out") => Some(Self::LeaveOneOut),
            Some("cuhk03") => Some(Self::SingleGalleryShot),
            Some("splits") => Some(Self::Splits {
                gallery_images: gallery_images.unwrap_or(usual.gallery_images),
                runs: runs.unwrap_or(usual.runs),
            }),
            Some(other) => {
                let expected = "expected leave-one-out, splits or cuhk03";
                return Err(format!("--protocol is {other}, {expected}").into());
            }
        })
    }

    /// Whether queries and gallery are taken together.
    pub fn takes_a_pool(self) -> bool {
        self != Self::SingleGalleryShot
    }
}

/// The text and the JSON of an evaluation.
pub fn evaluation(embedded: &Embedded, protocol: Protocol, options: &Options) -> Outcome<(String, Value)> {
    let (evaluation, seed) = (options.settings.evaluation, options.settings.seed);
    let (text, found) = match protocol {
        Protocol::LeaveOneOut => {
            let pool = embedded.pool();
            let missing = embedded.missing_of_pool();
            let set = labelled("pool", &pool, embedded)?.without(&missing);
            let found = leave_one_out(&set, evaluation)?;
            (
                lines_of(&found.evaluation) + &repeated(found.repeated),
                leave_one_out_json(&found, &pool, evaluation)?,
            )
        }
        Protocol::SingleGalleryShot => {
            let (query, gallery) = (embedded.side(Set::Query), embedded.side(Set::Gallery));
            let [missing_query, missing_gallery] = embedded.missing();
            let query_set = labelled("query", &query, embedded)?.without(missing_query);
            let gallery_set = labelled("gallery", &gallery, embedded)?.without(missing_gallery);
            let found = single_gallery_shot(&query_set, &gallery_set, REPEATS, seed, evaluation)?;
            (single_shot_text(&found), single_shot_json(&found, [&query, &gallery], options)?)
        }
        Protocol::Splits { gallery_images, runs } => {
            let pool = embedded.pool();
            let splits = SplitOptions { gallery_images, runs, seed };
            let mut found = evaluate_splits(&labelled("pool", &pool, embedded)?, splits, evaluation)?;
            let [query, gallery] = embedded.missing();
            let not_embedded = NotEmbedded::of(query, gallery);
            for run in &mut found.runs {
                run.evaluation.not_embedded = not_embedded;
            }
            (splits_text(&found), splits_json(&found, &pool, splits, evaluation)?)
        }
    };
    let mut whole = evaluate::origin(embedded, options)?;
    add(&mut whole, &found)?;
    Ok((text, whole))
}

fn labelled<'a>(set: &'static str, side: &'a Side, embedded: &Embedded) -> Outcome<LabelledSet<'a>> {
    if side.labels.is_empty() {
        return Err(format!("there are no {set} images").into());
    }
    Ok(LabelledSet::new(set, EmbeddingRows::new(&side.embeddings, embedded.dim())?, &side.labels)?)
}

// --- for people ----------------------------------------------------------------------------------

fn lines_of(evaluation: &Evaluation) -> String {
    let values = [1, 5, 10].map(|rank| cmc_at(&evaluation.cmc, rank));
    let [first, fifth, tenth] = values.map(shown);
    format!(
        "{:22}{first}\n{:22}{fifth}\n{:22}{tenth}\n{}{}",
        "Rank-1",
        "Rank-5",
        "Rank-10",
        precisions(evaluation),
        counts(evaluation)
    )
}

fn precisions(evaluation: &Evaluation) -> String {
    let standard = shown(evaluation.mean_average_precision);
    let trapezoidal = shown(evaluation.mean_average_precision_trapezoidal);
    format!("{:22}{standard}\n{:22}{trapezoidal}\n", "mAP", "mAP, trapezoidal")
}

fn counts(evaluation: &Evaluation) -> String {
    let Evaluation { evaluated, unmatched, gallery, junk, .. } = evaluation;
    let queries = evaluation.queries + evaluation.not_embedded.queries;
    let counts = format!(
        "{evaluated} of {queries} queries evaluated, {unmatched} without a match; {gallery} gallery images, {junk} junk"
    );
    let notes = notes::of_evaluation(evaluation);
    std::iter::once(counts).chain(notes).map(|line| format!("{line}\n")).collect()
}

fn single_shot_text(found: &SingleShot) -> String {
    let summary = found.summary;
    format!(
        "{}{}{}one gallery image of each identity, mean ± standard deviation of {} draws; mAP of the whole gallery\n",
        summary_lines(&[
            ("Rank-1", summary.rank_1),
            ("Rank-5", summary.rank_5),
            ("Rank-10", summary.rank_10)
        ]),
        precisions(&found.evaluation),
        counts(&found.evaluation),
        found.repeats
    )
}

fn splits_text(found: &Splits) -> String {
    let (summary, drawn) = (&found.summary, &found.drawn);
    let lines = summary_lines(&[
        ("Rank-1", summary.cmc.rank_1),
        ("Rank-5", summary.cmc.rank_5),
        ("Rank-10", summary.cmc.rank_10),
        ("mAP", summary.mean_average_precision),
        ("mAP, trapezoidal", summary.mean_average_precision_trapezoidal),
    ]);
    let sizes = found.runs.first().map_or((0, 0), |run| (run.evaluation.queries, run.evaluation.gallery));
    let first = found.runs.first().map_or(Vec::new(), |run| notes::of_evaluation(&run.evaluation));
    let notes: String = first.iter().map(|note| format!("first run: {note}\n")).collect();
    format!(
        "{lines}mean ± standard deviation of {} runs, each of {} queries and {} gallery images\n{} identities, {} of them \
         with too few images for a query; in every gallery: their {} images, and {} that are junk or without an identity\n{}{notes}",
        found.runs.len(),
        sizes.0,
        sizes.1,
        drawn.identities,
        drawn.small_identities,
        drawn.distractors,
        drawn.unlabelled,
        repeated(drawn.repeated)
    )
}

/// Images that are in the pool already.
fn repeated(images: usize) -> String {
    match images {
        0 => String::new(),
        1 => "1 image left out: its file is in the pool already\n".into(),
        _ => format!("{images} images left out: their files are in the pool already\n"),
    }
}

fn summary_lines(metrics: &[(&str, Option<RunSummary>)]) -> String {
    let line = |(name, summary): &(&str, Option<RunSummary>)| {
        let mean = shown(summary.map(|summary| summary.mean));
        let deviation = summary.and_then(|summary| summary.standard_deviation);
        let deviation = deviation.map_or(String::new(), |deviation| format!(" ± {deviation:.4}"));
        format!("{name:22}{mean}{deviation}\n")
    };
    metrics.iter().map(line).collect()
}

fn shown(value: Option<f64>) -> String {
    value.map_or("–".into(), |value| format!("{value:.4}"))
}

// --- as JSON -------------------------------------------------------------------------------------

fn leave_one_out_json(found: &LeaveOneOut, pool: &Side, options: EvaluationOptions) -> Outcome<Value> {
    let mut report = json!({ "protocol": "leave-one-out", "settings": options });
    add(&mut report, found)?;
    let paths = Vec::from_iter(found.images.iter().map(|&image| &pool.paths[image]));
    report["perQuery"] = per_query(&found.evaluation.per_query, [&paths, &paths])?;
    Ok(report)
}

fn single_shot_json(found: &SingleShot, [query, gallery]: [&Side; 2], options: &Options) -> Outcome<Value> {
    let mut settings = serde_json::to_value(options.settings.evaluation)?;
    settings["repeats"] = json!(found.repeats);
    settings["seed"] = json!(options.settings.seed);
    let mut report = json!({ "protocol": "cuhk03", "settings": settings });
    add(&mut report, found)?;
    report["evaluation"]["perQuery"] =
        per_query(&found.evaluation.per_query, [&query.paths, &gallery.paths])?;
    Ok(report)
}

fn splits_json(
    found: &Splits,
    pool: &Side,
    splits: SplitOptions,
    options: EvaluationOptions,
) -> Outcome<Value> {
    let mut settings = serde_json::to_value(options)?;
    add(&mut settings, &splits)?;
    let mut report = json!({ "protocol": "splits", "settings": settings });
    add(&mut report, &found.drawn)?;
    report["summary"] = serde_json::to_value(found.summary)?;
    report["runs"] = found.runs.iter().map(|run| run_json(run, pool)).collect::<Outcome<_>>()?;
    Ok(report)
}

/// One run, with the images that were drawn for the gallery.
fn run_json(run: &SplitRun, pool: &Side) -> Outcome<Value> {
    let mut report = serde_json::to_value(run)?;
    let paths =
        |images: &[usize]| -> Vec<&String> { images.iter().map(|&image| &pool.paths[image]).collect() };
    report["galleryPaths"] = json!(paths(&run.split.gallery));
    let sides = [&run.split.query, &run.split.gallery].map(|images| paths(images));
    report["perQuery"] = per_query(&run.evaluation.per_query, [&sides[0], &sides[1]])?;
    Ok(report)
}

/// Queries and best images by path.
fn per_query<P: AsRef<str>>(results: &[QueryResult], [query, gallery]: [&Vec<P>; 2]) -> Outcome<Value> {
    let named = |result: &QueryResult| {
        let mut report = serde_json::to_value(result)?;
        report["query"] = json!(query[result.index].as_ref());
        report["best"] = json!(result.best.map(|best| gallery[best].as_ref()));
        report.as_object_mut().map(|report| report.remove("index"));
        Ok(report)
    };
    results.iter().map(named).collect()
}

/// Adds the fields of a value.
fn add(report: &mut Value, value: &impl serde::Serialize) -> Outcome<()> {
    if let (Value::Object(report), Value::Object(fields)) = (report, serde_json::to_value(value)?) {
        report.extend(fields);
    }
    Ok(())
}
