use ::csv::{ReaderBuilder, StringRecord};

use super::{ExchangeError, refuse};

const SEPARATORS: [u8; 3] = [b',', b';', b'\t'];

/// What the first line of a table of labels says about the others.
#[derive(Debug, PartialEq)]
pub(super) struct Columns {
    pub separator: u8,
    pub count: usize,
    pub path: usize,
    pub set: Option<usize>,
    pub identity: Option<usize>,
    pub camera: Option<usize>,
}

impl Columns {
    /// Reads the first line, with the separator by which it has a column `path`.
    ///
    /// Names count in any case and order; others may stand beside them.
    pub fn parse(text: &str) -> Result<Self, ExchangeError> {
        let headers = SEPARATORS.map(|separator| (separator, header(text, separator)));
        let found = headers.iter().find(|(_, names)| names.iter().any(|name| name == "path"));
        let Some((separator, names)) = found else {
            let names = headers.iter().map(|(_, names)| names).max_by_key(|names| names.len());
            return Err(no_path(names.map_or(&[], Vec::as_slice)));
        };
        let path = column(names, "path")?.unwrap_or_default();
        let (set, identity) = (column(names, "set")?, column(names, "identity")?);
        let camera = column(names, "camera")?;
        Ok(Self { separator: *separator, count: names.len(), path, set, identity, camera })
    }
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
        return Err(refuse(1, format!("two columns are named {name}; one is accepted")));
    }
    Ok(first.map(|(index, _)| index))
}

fn no_path(names: &[String]) -> ExchangeError {
    let names: Vec<&str> = names.iter().map(String::as_str).take(8).collect();
    let accepted = "accepted are path, set, identity and camera, of which path is needed";
    refuse(1, format!("no column is named path, but {:?}; {accepted}", names.join(", ")))
}
