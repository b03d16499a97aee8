use ::csv::{ReaderBuilder, StringRecord};

use super::{ExchangeError, refuse};

const NAMES: [&str; 5] = ["path", "set", "identity", "camera", "content"];
const SEPARATORS: [u8; 3] = [b',', b';', b'\t'];

/// What the first line of a table of labels says about the others.
#[derive(Debug, PartialEq)]
pub(super) struct Columns {
    pub separator: u8,
    /// Rows above the first image: the names, and Excel's line before them if there is one.
    pub rows_above: usize,
    pub count: usize,
    pub path: usize,
    pub set: Option<usize>,
    pub identity: Option<usize>,
    pub camera: Option<usize>,
    pub content: Option<usize>,
    /// Names of the others.
    pub ignored: Vec<String>,
}

impl Columns {
    /// Reads the line of names, with the separator by which it has a column `path`. Excel's line before it may name the
    /// separator.
    ///
    /// Names count in any case and order; others may stand beside them if one is `identity`: without it, one of the
    /// others may be meant.
    pub fn parse(text: &str) -> Result<Self, ExchangeError> {
        let excels = separator_line(text);
        let (text, rows_above) = excels.map_or((text, 1), |(_, behind)| (behind, 2));
        let separators = excels.map(|(separator, _)| separator).into_iter().chain(SEPARATORS);
        let headers: Vec<_> = separators.map(|separator| (separator, header(text, separator))).collect();
        let found = headers.iter().find(|(_, names)| names.iter().any(|name| name == "path"));
        let Some((separator, names)) = found else {
            let names = headers.iter().map(|(_, names)| names).max_by_key(|names| names.len());
            return Err(no_path(names.map_or(&[], Vec::as_slice)));
        };
        let path = column(names, "path")?.unwrap_or_default();
        let (set, identity) = (column(names, "set")?, column(names, "identity")?);
        let (camera, content) = (column(names, "camera")?, column(names, "content")?);
        let ignored = ignored(names);
        if identity.is_none() && !ignored.is_empty() {
            return Err(no_identity(&ignored));
        }
        Ok(Self {
            separator: *separator,
            rows_above,
            count: names.len(),
            path,
            set,
            identity,
            camera,
            content,
            ignored,
        })
    }
}

/// The separator that Excel's first line names, `sep=;`, and what follows it. A program that does not know that line
/// may have quoted it, or filled it up with empty cells.
fn separator_line(text: &str) -> Option<(u8, &str)> {
    let (line, behind) = text.split_once(['\n', '\r'])?;
    let line = line.trim_matches([' ', '"']);
    let named = line.get(..4).filter(|start| start.eq_ignore_ascii_case("sep=")).map(|_| &line[4..])?;
    if named == "\\t" {
        return Some((b'\t', behind));
    }
    let (separator, cells) = named.split_at_checked(1)?;
    let separator = separator.as_bytes()[0];
    let is_filled_up = cells.chars().all(|c| matches!(c, ',' | ';' | '\t' | '"' | ' '));
    (is_filled_up && !separator.is_ascii_alphanumeric()).then_some((separator, behind))
}

/// The names of the columns, in lower case and without spaces around.
fn header(text: &str, separator: u8) -> Vec<String> {
    let mut reader =
        ReaderBuilder::new().has_headers(false).delimiter(separator).from_reader(text.as_bytes());
    let mut record = StringRecord::new();
    let is_there = reader.read_record(&mut record).unwrap_or(false);
    let names = record.iter().map(|name| name.trim().to_lowercase());
    names.filter(|_| is_there).collect()
}

fn column(names: &[String], name: &str) -> Result<Option<usize>, ExchangeError> {
    let mut found = names.iter().enumerate().filter(|(_, other)| *other == name);
    let first = found.next();
    if found.next().is_some() {
        return Err(refuse(1, format!("two columns are named {name}, expected one")));
    }
    Ok(first.map(|(index, _)| index))
}

/// Names that mean nothing here; pandas calls a column without a name so.
fn ignored(names: &[String]) -> Vec<String> {
    let is_named = |name: &&String| !name.is_empty() && !name.starts_with("unnamed: ");
    names.iter().filter(is_named).filter(|name| !NAMES.contains(&name.as_str())).cloned().collect()
}

fn no_identity(ignored: &[String]) -> ExchangeError {
    let expected = "expected path, and perhaps set, identity and camera";
    refuse(
        1,
        format!("no column is named identity, and nothing is known of {}; {expected}", ignored.join(", ")),
    )
}

fn no_path(names: &[String]) -> ExchangeError {
    let names: Vec<&str> = names.iter().map(String::as_str).take(8).collect();
    let expected = "expected path, and perhaps set, identity and camera";
    refuse(1, format!("no column is named path; the columns are {:?}, {expected}", names.join(", ")))
}
