use std::collections::HashMap;
use std::str::from_utf8;

use ::csv::{ReaderBuilder, StringRecord};

use super::columns::Columns;
use super::lines::Lines;
use super::{ExchangeError, refuse};
use crate::dataset::{Set, read_identity};
use crate::exchange::ImportedImage;
use crate::exchange::imported_set::read_label_columns;

/// The rows of a table of labels.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Labels {
    /// One image a row.
    pub images: Vec<ImportedImage>,
    /// Line of the file, from 1, at which each row begins.
    pub lines: Vec<u64>,
    /// Names of columns that are not read, in lower case.
    pub ignored: Vec<String>,
}

/// Reads a CSV of labels.
///
/// The first line names the columns: `path`, and if known `set` (query or gallery), `identity` and `camera`, in
/// any order, and among others if there is an `identity`. Commas, semicolons or tabs separate them, or what Excel's
/// line before them names, such as `sep=|`. The text is UTF-8, with a byte order mark or without; cells with
/// separators, quotes or line ends are quoted. Lines without any content are passed over. Labels are read as everywhere
/// ([`crate::dataset::read_identity`]): an empty cell is unknown, `nan` as well, and "0001" is not "1".
///
/// # Errors
///
/// By line: other columns without an `identity`, another encoding, a row with more or fewer cells than columns, a quote
/// without a partner, an empty path, a path that this set has already, and another set.
///
/// ```
/// let labels = reid_web::exchange::read_labels(b"identity;path\n0001;\"a;b.jpg\"\n;c.jpg\n")?;
/// assert_eq!(labels.images[0].path, "a;b.jpg");
/// assert_eq!((labels.images[1].identity.as_deref(), labels.lines[1]), (None, 3));
/// # Ok::<(), reid_web::Error>(())
/// ```
pub fn read_labels(csv: &[u8]) -> Result<Labels, ExchangeError> {
    let text = decode(csv)?;
    let columns = Columns::parse(text)?;
    let mut reader = ReaderBuilder::new()
        .delimiter(columns.separator)
        .flexible(true)
        .has_headers(false)
        .from_reader(text.as_bytes());
    let mut table = Table::default();
    let (mut lines, mut record) = (Lines::new(text.as_bytes()), StringRecord::new());
    let (mut start, mut row) = (0, 0);
    while reader.read_record(&mut record)? {
        let end = reader.position().byte() as usize;
        let line = lines.at(start);
        check_quotes(&text[start..end], line)?;
        if row >= columns.rows_above && record.iter().any(|cell| !cell.is_empty()) {
            table.add(&columns, &record, line)?;
        }
        (start, row) = (end, row + 1);
    }
    read_label_columns(&mut table.labels.images);
    Ok(Labels { ignored: columns.ignored, ..table.labels })
}

/// The text without its byte order mark.
fn decode(csv: &[u8]) -> Result<&str, ExchangeError> {
    if csv.starts_with(&[0xff, 0xfe]) || csv.starts_with(&[0xfe, 0xff]) {
        return Err(refuse(1, "the text is UTF-16, expected UTF-8, which Excel saves as \"CSV UTF-8\""));
    }
    let text = csv.strip_prefix(b"\xef\xbb\xbf").unwrap_or(csv);
    from_utf8(text).map_err(|error| {
        let line = Lines::new(text).at(error.valid_up_to());
        refuse(line, "the text is not in UTF-8, which Excel saves as \"CSV UTF-8\"")
    })
}

fn check_quotes(row: &str, line: u64) -> Result<(), ExchangeError> {
    if row.bytes().filter(|byte| *byte == b'"').count() % 2 == 0 {
        return Ok(());
    }
    Err(refuse(line, "a quote has no partner; a quote inside a cell is doubled: \"5\"\" hand.jpg\""))
}

/// What is read so far.
#[derive(Default)]
struct Table {
    labels: Labels,
    /// Line of each path of each set.
    known: HashMap<(Option<Set>, String), u64>,
}

impl Table {
    fn add(&mut self, columns: &Columns, record: &StringRecord, line: u64) -> Result<(), ExchangeError> {
        let image = image(columns, record, line)?;
        if let Some(first) = self.known.insert((image.set, image.path.clone()), line) {
            return Err(refuse(line, format!("{:?} appears twice, first in line {first}", image.path)));
        }
        self.labels.images.push(image);
        self.labels.lines.push(line);
        Ok(())
    }
}

fn image(columns: &Columns, record: &StringRecord, line: u64) -> Result<ImportedImage, ExchangeError> {
    if record.len() != columns.count {
        return Err(refuse(
            line,
            format!(
                "it has {} cells, the first line {}; a cell with a separator in it needs quotes",
                record.len(),
                columns.count
            ),
        ));
    }
    let cell = |column: Option<usize>| column.and_then(|at| record.get(at)).filter(|cell| !cell.is_empty());
    let path = cell(Some(columns.path)).ok_or_else(|| refuse(line, "its path is empty"))?;
    Ok(ImportedImage {
        path: path.to_owned(),
        set: cell(columns.set).map_or(Ok(None), |cell| set(cell, line))?,
        identity: cell(columns.identity).map(str::to_owned),
        camera: cell(columns.camera).map(str::to_owned),
        content: cell(columns.content).map(str::to_owned),
    })
}

fn set(cell: &str, line: u64) -> Result<Option<Set>, ExchangeError> {
    let Some(name) = read_identity(cell) else { return Ok(None) };
    match name.to_lowercase().as_str() {
        "query" => Ok(Some(Set::Query)),
        "gallery" => Ok(Some(Set::Gallery)),
        _ => Err(refuse(line, format!("its set is {cell:?}, expected query, gallery or nothing"))),
    }
}
