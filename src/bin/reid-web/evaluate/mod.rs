//! Embedded images → ranks and metrics.

pub mod checks;
mod origin;
mod protocols;
pub mod runs;

use reid_web::dataset::Set;
use reid_web::embedding::{EmbeddingRows, SimilarityMatrix};
use reid_web::evaluation::Ranker;
use reid_web::labels::LabelledSet;
use reid_web::refinement::QueryExpansion;
use reid_web::results::{Paths, SavedStudy, study_text, write_ranks};
use reid_web::study::{Comparison, Study, compared_study};
use serde_json::Value;

use crate::Outcome;
use crate::embedded::{Embedded, Side};
use crate::options::Options;
use origin::origin;

/// An evaluation as the options ask for it: for people, and as JSON.
pub fn evaluation(embedded: &Embedded, options: &Options) -> Outcome<(String, Value)> {
    if let Some(protocol) = options.protocol {
        return protocols::evaluation(embedded, protocol, options);
    }
    let (study, comparison) = studied(embedded, options)?;
    let text = study_text(&study, comparison.as_ref());
    let (query, gallery) = (embedded.side(Set::Query), embedded.side(Set::Gallery));
    let paths = Paths::new(&query.paths, &gallery.paths);
    let saved = SavedStudy::new(origin(embedded, options), &study, comparison, &paths, None);
    Ok((text, serde_json::to_value(saved)?))
}

/// Evaluates queries and gallery as they are.
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

/// One line per rank.
pub fn ranks_csv(embedded: &Embedded, options: &Options) -> Outcome<Vec<u8>> {
    let (query, gallery) = (embedded.side(Set::Query), embedded.side(Set::Gallery));
    let mut matrix = SimilarityMatrix::new();
    query.embeddings.chunks(embedded.dim()).try_for_each(|one| matrix.push_query(one).map(drop))?;
    gallery.embeddings.chunks(embedded.dim()).try_for_each(|one| matrix.push_gallery(one).map(drop))?;
    let ranker = Ranker::new(&query.labels, &gallery.labels, options.settings.evaluation);
    Ok(write_ranks(&ranker, &matrix, &query.paths, &gallery.paths, options.top)?)
}
