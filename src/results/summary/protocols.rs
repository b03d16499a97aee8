//! What an evaluation protocol found, for people.

use super::notes::notes_on;
use super::shown;
use crate::evaluation::Evaluation;
use crate::metrics::{RunSummary, cmc_at};
use crate::protocols::{LeaveOneOut, SingleShot, Splits};

/// [`leave_one_out`](crate::protocols::leave_one_out()) for people, a line for each value.
#[must_use]
pub fn leave_one_out_text(found: &LeaveOneOut) -> String {
    lines_of(&found.evaluation) + &repeated(found.repeated)
}

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
    let notes = notes_on(evaluation);
    std::iter::once(counts).chain(notes).map(|line| format!("{line}\n")).collect()
}

/// [`single_gallery_shot`](crate::protocols::single_gallery_shot) for people, a line for each value.
#[must_use]
pub fn single_shot_text(found: &SingleShot) -> String {
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

/// [`evaluate_splits`](crate::protocols::evaluate_splits) for people, a line for each value.
#[must_use]
pub fn splits_text(found: &Splits) -> String {
    let (summary, drawn) = (&found.summary, &found.drawn);
    let lines = summary_lines(&[
        ("Rank-1", summary.cmc.rank_1),
        ("Rank-5", summary.cmc.rank_5),
        ("Rank-10", summary.cmc.rank_10),
        ("mAP", summary.mean_average_precision),
        ("mAP, trapezoidal", summary.mean_average_precision_trapezoidal),
    ]);
    let sizes = found.runs.first().map_or((0, 0), |run| (run.evaluation.queries, run.evaluation.gallery));
    let first = found.runs.first().map_or(Vec::new(), |run| notes_on(&run.evaluation));
    let notes: String = first.iter().map(|note| format!("first run: {note}\n")).collect();
    format!(
        "{lines}mean ± standard deviation of {} runs, each of {} queries and {} gallery images\n{} identities, {} of \
         them with too few images for a query; in every gallery: their {} images, and {} that are junk or without an \
         identity\n{}{notes}",
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
