//! A saved evaluation as tables.

use ::csv::Writer;
use serde_json::{Map, Value};

use crate::exchange::{ExchangeError, csv_bytes, csv_writer};

/// The list of an evaluation that has a table of its own.
const PER_QUERY: &str = "perQuery";

/// The only F32 among the values; in JSON it may have the digits of an F64.
const BEST_SIMILARITY: &str = "bestSimilarity";

/// Columns of the table of queries, and where their cells are in the JSON.
const COLUMNS: [(&str, &str); 11] = [
    ("query", "query"),
    ("first_match_rank", "firstMatchRank"),
    ("unmatched", "unmatched"),
    ("average_precision", "averagePrecision"),
    ("average_precision_trapezoidal", "averagePrecisionTrapezoidal"),
    ("best", "best"),
    ("best_similarity", BEST_SIMILARITY),
    ("best_is_match", "bestIsMatch"),
    ("margin", "margin"),
    ("removed", "removed"),
    ("match_ranks", "matchRanks"),
];

/// Everything that an evaluation's JSON holds besides its queries, as a CSV of `name,value`.
///
/// A name is the path of the value in the JSON: `intervals.rank1.low`; places in lists count from 1, so that `cmc.5` is
/// Rank-5. What is null has no value. Numbers have all their digits.
///
/// Errors if the table cannot be written.
///
/// ```
/// # use reid_web::results::write_metrics;
/// let report = serde_json::json!({"cmc": [0.5, 1.0], "model": {"name": "B/32, mine"}, "perQuery": []});
/// let csv = write_metrics(&report)?;
/// assert_eq!(csv, b"name,value\ncmc.1,0.5\ncmc.2,1\nmodel.name,\"B/32, mine\"\n");
/// # Ok::<(), reid_web::Error>(())
/// ```
pub fn write_metrics(report: &Value) -> Result<Vec<u8>, ExchangeError> {
    let mut table = csv_writer(&["name", "value"])?;
    write_named(&mut table, "", report)?;
    csv_bytes(table)
}

/// The queries of an evaluation's JSON as a CSV, one line per query; `None` if it has no list of them.
///
/// The columns are
/// `query,first_match_rank,unmatched,average_precision,average_precision_trapezoidal,best,best_similarity,
/// best_is_match,margin,removed,match_ranks`, the last with spaces between.
///
/// Errors if the table cannot be written.
pub fn write_query_results(report: &Value) -> Result<Option<Vec<u8>>, ExchangeError> {
    let Some(queries) = report[PER_QUERY].as_array() else { return Ok(None) };
    let mut table = csv_writer(&COLUMNS.map(|(column, _)| column))?;
    for query in queries {
        table.write_record(COLUMNS.map(|(_, key)| match (key, query[key].as_f64()) {
            (BEST_SIMILARITY, Some(similarity)) => (similarity as f32).to_string(),
            _ => cell(&query[key]),
        }))?;
    }
    csv_bytes(table).map(Some)
}

fn write_named(table: &mut Writer<Vec<u8>>, name: &str, value: &Value) -> Result<(), ExchangeError> {
    let below = |key: &str| if name.is_empty() { key.to_owned() } else { format!("{name}.{key}") };
    match value {
        Value::Object(fields) => {
            named(fields).try_for_each(|(key, value)| write_named(table, &below(key), value))
        }
        Value::Array(list) => (1_usize..)
            .zip(list)
            .try_for_each(|(at, value)| write_named(table, &below(&at.to_string()), value)),
        _ => Ok(table.write_record([name, &cell(value)])?),
    }
}

fn named(fields: &Map<String, Value>) -> impl Iterator<Item = (&String, &Value)> {
    fields.iter().filter(|(key, _)| *key != PER_QUERY)
}

/// The same text whether a whole number came as `1` or as `1.0`.
fn cell(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        Value::Array(list) => list.iter().map(cell).collect::<Vec<_>>().join(" "),
        Value::Number(number) if !number.is_f64() => number.to_string(),
        other => other.as_f64().map_or_else(|| other.to_string(), |number| number.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::evaluation::QueryResult;

    fn text(csv: Vec<u8>) -> String {
        String::from_utf8(csv).unwrap()
    }

    #[test]
    fn numbers_keep_their_digits_and_whole_ones_have_one_form() {
        let report = json!({"a": 0.1 + 0.2, "b": 1e-7, "c": [1, 1.0, -0.5], "d": null, "e": true, "f": {"perQuery": [1]}});
        let expected = "name,value\na,0.30000000000000004\nb,0.0000001\nc.1,1\nc.2,1\nc.3,-0.5\nd,\ne,true\n";
        assert_eq!(text(write_metrics(&report).unwrap()), expected);
    }

    #[test]
    fn every_number_of_a_query_has_a_column() {
        let result = QueryResult {
            index: 0,
            best: None,
            best_similarity: Some(0.1),
            best_is_match: None,
            first_match_rank: Some(1),
            unmatched: None,
            average_precision: None,
            average_precision_trapezoidal: None,
            margin: Some(-0.25),
            removed: 0,
            match_ranks: vec![1, 3],
        };
        let mut result = serde_json::to_value(result).unwrap();
        result["query"] = json!("a \"b\".jpg");
        result.as_object_mut().unwrap().remove("index");
        let known = |key: &String| COLUMNS.iter().any(|(_, known)| key == known);
        assert!(result.as_object().unwrap().keys().all(known), "{result}");
        let csv = text(write_query_results(&json!({"perQuery": [result]})).unwrap().unwrap());
        let (columns, line) = csv.split_once('\n').unwrap();
        assert_eq!(columns, COLUMNS.map(|(column, _)| column).join(","));
        assert_eq!(line, "\"a \"\"b\"\".jpg\",1,,,,,0.1,,-0.25,0,1 3\n");
        assert!(write_query_results(&json!({"runs": []})).unwrap().is_none());
    }
}
