//! What an evaluation left out and why queries have no match, in sentences.

use crate::evaluation::{Evaluation, MatchCounts, NotEmbedded, UnmatchedCounts};
use crate::metrics::{Caution, Interval};

/// Ranks that are reported.
const RANKS: [usize; 3] = [1, 5, 10];

/// What an evaluation left out and why queries have no match, for people; nothing where nothing was lost.
#[must_use]
pub fn notes_on(evaluation: &Evaluation) -> Vec<String> {
    let mut notes = Vec::new();
    notes.extend(without_embedding(evaluation.not_embedded));
    notes.extend(without_subject(evaluation));
    if evaluation.same_file > 0 {
        notes.push(format!("{} of the same file left out", count(evaluation.same_file, "pair", "pairs")));
    }
    if evaluation.matches.counted == 0 {
        let lead =
            if evaluation.evaluated == 0 { "no query can be evaluated" } else { "no query has a match" };
        notes.push(format!("{lead}: {}", why_none(evaluation)));
    } else if evaluation.unmatched > 0 {
        let queries = count(evaluation.unmatched, "query has", "queries have");
        notes.push(format!("{queries} no match: {}", by_reason(evaluation.unmatched_by)));
    }
    notes.extend(small_gallery(evaluation));
    if evaluation.unmatched_by.same_camera > 0 {
        notes.push("--keep-same-camera counts images of the query's own camera".into());
    }
    notes
}

fn without_embedding(NotEmbedded { queries, gallery }: NotEmbedded) -> Option<String> {
    let parts = [
        (queries, count(queries, "query", "queries")),
        (gallery, count(gallery, "gallery image", "gallery images")),
    ];
    let some = Vec::from_iter(parts.into_iter().filter(|(images, _)| *images > 0).map(|(_, words)| words));
    let has = if queries + gallery == 1 { "has" } else { "have" };
    (!some.is_empty()).then(|| format!("{} {has} no embedding", some.join(" and ")))
}

/// Ranks that are 1 for every query with a match.
fn small_gallery(&Evaluation { gallery, evaluated, .. }: &Evaluation) -> Option<String> {
    let ranks =
        Vec::from_iter(RANKS.into_iter().filter(|rank| *rank >= gallery).map(|rank| format!("Rank-{rank}")));
    let covers = if ranks.len() == 1 { "covers" } else { "cover" };
    let images = count(gallery, "image", "images");
    let (last, others) = ranks.split_last()?;
    let and = if others.is_empty() { "" } else { " and " };
    (evaluated > 0)
        .then(|| format!("{}{and}{last} {covers} the whole gallery of {images}", others.join(", ")))
}

/// Images that no label makes a query or a match. Where none has an identity, that is said by itself.
fn without_subject(evaluation: &Evaluation) -> Vec<String> {
    let &Evaluation { queries, gallery, labelled, labelled_gallery, junk_queries, junk, .. } = evaluation;
    let mut notes = Vec::new();
    let nameless = queries - labelled - junk_queries;
    let reasons = [(nameless, "without an identity"), (junk_queries, "junk (-1)")];
    let reasons = Vec::from_iter(
        reasons.iter().filter(|(count, _)| *count > 0).map(|(count, reason)| format!("{count} {reason}")),
    );
    if labelled > 0 && !reasons.is_empty() {
        let queries = count(nameless + junk_queries, "query is", "queries are");
        notes.push(format!("{queries} not evaluated: {}", reasons.join(", ")));
    }
    let nameless = gallery - labelled_gallery - junk;
    if labelled_gallery > 0 && nameless > 0 {
        let images = count(nameless, "gallery image has", "gallery images have");
        notes.push(format!("{images} no identity: ranked, but never a match"));
    }
    notes
}

/// Why no query has a match.
fn why_none(evaluation: &Evaluation) -> String {
    let &Evaluation { queries, gallery, labelled, labelled_gallery, matches, unmatched_by, .. } = evaluation;
    let lost = matches.same_camera + matches.same_file;
    let is_known = unmatched_by.not_in_gallery == evaluation.unmatched;
    match (labelled, labelled_gallery, lost) {
        (0, _, _) => without_identity(queries, "query", "queries") + &junk(evaluation.junk_queries),
        (_, 0, _) if evaluation.not_embedded.gallery == 0 => {
            without_identity(gallery, "gallery image", "gallery images")
        }
        (1, _, 0) if is_known => "the only query with an identity is not in the gallery".into(),
        (_, _, 0) if is_known => format!("none of the {labelled} queries with an identity is in the gallery"),
        (_, _, 0) => format!("of {labelled} with an identity, {}", by_reason(unmatched_by)),
        _ => lost_matches(matches) + &absent(unmatched_by, labelled),
    }
}

fn lost_matches(matches: MatchCounts) -> String {
    let MatchCounts { same_camera, same_file, .. } = matches;
    let all = match same_camera + same_file {
        1 => "the only match is".to_owned(),
        lost => format!("all {lost} matches are"),
    };
    match (same_camera, same_file) {
        (_, 0) => format!("{all} from the query's own camera"),
        (0, _) => format!("{all} the query's own file"),
        _ => {
            format!("{all} left out, {same_camera} from the query's own camera and {same_file} its own file")
        }
    }
}

/// Queries without any image that could have been left out.
fn absent(counts: UnmatchedCounts, labelled: usize) -> String {
    let words = by_reason(UnmatchedCounts { same_camera: 0, same_file: 0, ..counts });
    if words.is_empty() { words } else { format!("; of {labelled} queries, {words}") }
}

fn junk(queries: usize) -> String {
    if queries == 0 { String::new() } else { format!("; {} junk (-1)", count(queries, "is", "are")) }
}

fn without_identity(images: usize, singular: &str, plural: &str) -> String {
    match images {
        1 => format!("the only {singular} has no identity"),
        _ => format!("none of the {images} {plural} has an identity"),
    }
}

fn by_reason(counts: UnmatchedCounts) -> String {
    let reasons = [
        (counts.not_in_gallery, "not in the gallery"),
        (counts.not_among_labelled, "not among the labelled gallery images"),
        (counts.not_embedded, "in the gallery only as images without an embedding"),
        (counts.same_camera, "in the gallery only from the same camera"),
        (counts.same_file, "in the gallery only as the same file"),
    ];
    let some = reasons.iter().filter(|(count, _)| *count > 0);
    some.map(|(count, reason)| format!("{count} {reason}")).collect::<Vec<_>>().join(", ")
}

/// A remark after a rate that too few pairs decide.
pub(super) fn few_pairs(is_too_few: bool) -> &'static str {
    if is_too_few { "   not enough different-identity pairs to tell" } else { "" }
}

/// The interval after a value.
pub(super) fn interval(interval: Option<Interval>) -> String {
    match interval {
        None => String::new(),
        Some(Interval { caution: Some(Caution::NoSpread { .. }), .. }) => "   no spread".into(),
        Some(Interval { low, high, .. }) => format!("   {low:.4} to {high:.4}"),
    }
}

/// What the intervals themselves do not show.
pub(super) fn of_intervals(intervals: &[Option<Interval>]) -> Vec<String> {
    let some = || intervals.iter().flatten();
    let mut notes = Vec::new();
    let no_spread = some().find_map(|interval| match interval.caution? {
        Caution::NoSpread { undetected } => Some((interval.identities, undetected)),
        Caution::FewIdentities => None,
    });
    if let Some((identities, undetected)) = no_spread {
        notes.push(format!(
            "no spread: every resample has the same value, which proves little: with {}, up to {:.0} % of all \
             identities could still give another value (95 % confidence)",
            count(identities, "identity", "identities"),
            undetected * 100.0
        ));
    }
    let few = some().find(|interval| interval.caution == Some(Caution::FewIdentities));
    if let Some(Interval { identities, .. }) = few {
        notes.push(format!("with only {identities} identities, intervals tend to be too narrow"));
    }
    notes
}

fn count(value: usize, singular: &str, plural: &str) -> String {
    format!("{value} {}", if value == 1 { singular } else { plural })
}
