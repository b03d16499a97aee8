//! An evaluation, as JSON or as tables.

use std::path::Path;

use reid_web::results::{write_metrics, write_query_results};
use serde_json::Value;

use super::destination;
use super::files::{write, write_together};
use crate::Outcome;

/// An evaluation by the file's ending: as tables, with that of the queries beside it, or as JSON.
pub fn write_evaluation(path: &Path, report: &Value) -> Outcome<()> {
    if destination::ending(path) != "csv" {
        return write(Some(path), format!("{}\n", serde_json::to_string_pretty(report)?).as_bytes());
    }
    let metrics = write_metrics(report)?;
    match write_query_results(report)? {
        Some(queries) => {
            let beside = destination::queries_beside(path);
            destination::keep_old(&beside, &queries)?;
            write_together(&[(&beside, &queries), (path, &metrics)])
        }
        None => write(Some(path), &metrics),
    }
}
