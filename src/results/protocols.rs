//! What an evaluation protocol found, as it is saved: its settings, its metrics, and each query by path.

use serde::Serialize;
use serde_json::{Result, Value, json, to_value};

use super::{Origin, Paths};
use crate::evaluation::{Evaluation, EvaluationOptions};
use crate::protocols::{LeaveOneOut, SingleShot, SplitOptions, SplitRun, Splits};

/// [`leave_one_out`](crate::protocols::leave_one_out()) as it is saved.
///
/// - `paths`: of the images that it was made from
///
/// # Errors
///
/// An origin that is no JSON.
pub fn leave_one_out_json<V: Serialize>(
    origin: &Origin<V>,
    found: &LeaveOneOut,
    paths: &[&str],
    options: EvaluationOptions,
) -> Result<Value> {
    let mut saved = saved(origin, "leave-one-out", to_value(options)?)?;
    add(&mut saved, found)?;
    let paths = chosen(paths, &found.images);
    saved["perQuery"] = per_query(&found.evaluation, &paths, &paths)?;
    Ok(saved)
}

/// [`single_gallery_shot`](crate::protocols::single_gallery_shot) as it is saved.
///
/// - `seed`: that the images were drawn by
///
/// # Errors
///
/// An origin that is no JSON.
pub fn single_shot_json<V: Serialize>(
    origin: &Origin<V>,
    found: &SingleShot,
    paths: &Paths,
    options: EvaluationOptions,
    seed: u64,
) -> Result<Value> {
    let mut settings = to_value(options)?;
    settings["repeats"] = json!(found.repeats);
    settings["seed"] = json!(seed);
    let mut saved = saved(origin, "cuhk03", settings)?;
    add(&mut saved, found)?;
    saved["evaluation"]["perQuery"] = per_query(&found.evaluation, &paths.query, &paths.gallery)?;
    Ok(saved)
}

/// [`evaluate_splits`](crate::protocols::evaluate_splits) as it is saved, each run with the images that were drawn for
/// its gallery.
///
/// - `paths`: of the images that the splits were drawn from
///
/// # Errors
///
/// An origin that is no JSON.
pub fn splits_json<V: Serialize>(
    origin: &Origin<V>,
    found: &Splits,
    paths: &[&str],
    splits: SplitOptions,
    options: EvaluationOptions,
) -> Result<Value> {
    let mut settings = to_value(options)?;
    add(&mut settings, &splits)?;
    let mut saved = saved(origin, "splits", settings)?;
    add(&mut saved, &found.drawn)?;
    saved["summary"] = to_value(found.summary)?;
    saved["runs"] = found.runs.iter().map(|run| run_json(run, paths)).collect::<Result<_>>()?;
    Ok(saved)
}

fn saved<V: Serialize>(origin: &Origin<V>, protocol: &str, settings: Value) -> Result<Value> {
    let mut saved = to_value(origin)?;
    saved["protocol"] = protocol.into();
    saved["settings"] = settings;
    Ok(saved)
}

fn run_json(run: &SplitRun, paths: &[&str]) -> Result<Value> {
    let mut saved = to_value(run)?;
    let (query, gallery) = (chosen(paths, &run.split.query), chosen(paths, &run.split.gallery));
    saved["perQuery"] = per_query(&run.evaluation, &query, &gallery)?;
    saved["galleryPaths"] = json!(gallery);
    Ok(saved)
}

fn per_query(evaluation: &Evaluation, query: &[&str], gallery: &[&str]) -> Result<Value> {
    to_value(Paths::new(query, gallery).queries(evaluation))
}

/// The paths of some images.
fn chosen<'a>(paths: &[&'a str], images: &[usize]) -> Vec<&'a str> {
    images.iter().map(|&image| paths[image]).collect()
}

/// Adds the fields of a value.
fn add(saved: &mut Value, value: &impl Serialize) -> Result<()> {
    if let (Value::Object(saved), Value::Object(fields)) = (saved, to_value(value)?) {
        saved.extend(fields);
    }
    Ok(())
}
