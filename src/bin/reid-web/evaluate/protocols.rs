//! Embedded images → what an evaluation protocol finds.

use reid_web::dataset::Set;
use reid_web::embedding::EmbeddingRows;
use reid_web::evaluation::NotEmbedded;
use reid_web::labels::LabelledSet;
use reid_web::protocols::{REPEATS, SplitOptions, evaluate_splits, leave_one_out, single_gallery_shot};
use reid_web::results::{
    Paths, leave_one_out_json, leave_one_out_text, single_shot_json, single_shot_text, splits_json,
    splits_text,
};
use serde_json::Value;

use crate::Outcome;
use crate::embedded::{Embedded, Side};
use crate::evaluate::origin::origin;
use crate::options::{Options, Protocol};

/// An evaluation by a protocol: for people, and as JSON.
pub fn evaluation(embedded: &Embedded, protocol: Protocol, options: &Options) -> Outcome<(String, Value)> {
    let (evaluation, seed) = (options.settings.evaluation, options.settings.seed);
    let origin = origin(embedded, options);
    Ok(match protocol {
        Protocol::LeaveOneOut => {
            let pool = embedded.pool();
            let missing = embedded.missing_of_pool();
            let set = labelled("pool", &pool, embedded)?.without(&missing);
            let found = leave_one_out(&set, evaluation)?;
            let json = leave_one_out_json(&origin, &found, &paths(&pool), evaluation)?;
            (leave_one_out_text(&found), json)
        }
        Protocol::SingleGalleryShot => {
            let (query, gallery) = (embedded.side(Set::Query), embedded.side(Set::Gallery));
            let [missing_query, missing_gallery] = embedded.missing();
            let query_set = labelled("query", &query, embedded)?.without(missing_query);
            let gallery_set = labelled("gallery", &gallery, embedded)?.without(missing_gallery);
            let found = single_gallery_shot(&query_set, &gallery_set, REPEATS, seed, evaluation)?;
            let paths = Paths::new(&query.paths, &gallery.paths);
            let json = single_shot_json(&origin, &found, &paths, evaluation, seed)?;
            (single_shot_text(&found), json)
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
            let json = splits_json(&origin, &found, &paths(&pool), splits, evaluation)?;
            (splits_text(&found), json)
        }
    })
}

fn paths(side: &Side) -> Vec<&str> {
    side.paths.iter().map(String::as_str).collect()
}

fn labelled<'a>(set: &'static str, side: &'a Side, embedded: &Embedded) -> Outcome<LabelledSet<'a>> {
    if side.labels.is_empty() {
        return Err(format!("there are no {set} images").into());
    }
    Ok(LabelledSet::new(set, EmbeddingRows::new(&side.embeddings, embedded.dim())?, &side.labels)?)
}
