use std::borrow::Cow;
use std::collections::BTreeMap;

use super::container::{Packed, open};
use super::element::ByteOrder;
use super::labels::to_text;
use super::variable::Variable;
use super::{ExchangeError, refuse};
use crate::dataset::Set;
use crate::exchange::imported_set::read_label_columns;
use crate::exchange::{ImportedImage, ImportedSet, Matrix};

const SETS: [(Set, &str); 2] = [(Set::Query, "query"), (Set::Gallery, "gallery")];
const SUFFIXES: [&str; 3] = ["f", "label", "cam"];
/// Names of other variables that a message lists.
const LISTED: usize = 8;

/// Reads the features and labels of a `.mat` file of MATLAB level 5: versions 5 to 7, of either byte order, compressed
/// or not.
///
/// Variables: `query_f` and `gallery_f` `[N, D]`, at least one of them; for each its `query_label` or
/// `gallery_label`, and if there are cameras `query_cam` or `gallery_cam`, `[1, N]` or `[N, 1]`, whole numbers, or NaN
/// where one is unknown.
/// Others are ignored. Queries come first. The files name no images, so paths are `query_f[0]` and so on.
///
/// # Errors
///
/// Version 7.3, which is HDF5, and 4; none of these variables; variables that are no real numbers, of other sizes,
/// cut off, or of more than 1 GiB; and embeddings with NaN, infinity, or of zeros.
pub fn read_mat(file: &[u8]) -> Result<ImportedSet, ExchangeError> {
    let variables = Variables::read(file)?;
    let (mut images, mut all) = (Vec::new(), Vec::new());
    for (set, name) in SETS {
        if let Some(features) = variables.get(name, "f")? {
            let features = features.matrix()?;
            images.extend(variables.images(set, name, features.rows)?);
            all.push((name, features));
        }
    }
    read_label_columns(&mut images);
    let paths: Vec<String> = images.iter().map(|image| image.path.clone()).collect();
    ImportedSet::new(images, joined(all)?, |row| paths[row].clone())
}

/// The sets one below the other.
fn joined(sets: Vec<(&str, Matrix)>) -> Result<Matrix, ExchangeError> {
    let mut sets = sets.into_iter();
    let (first_name, mut all) = sets.next().ok_or(ExchangeError::Empty)?;
    for (name, Matrix { values, rows, columns }) in sets {
        if columns != all.columns {
            return Err(refuse(format!("{name}_f has {columns} columns, {first_name}_f {}", all.columns)));
        }
        all.values.extend(values);
        all.rows += rows;
    }
    Ok(all)
}

/// The variables that are looked for, by name.
struct Variables<'a> {
    order: ByteOrder,
    found: BTreeMap<String, Cow<'a, [u8]>>,
}

impl<'a> Variables<'a> {
    fn read(file: &'a [u8]) -> Result<Self, ExchangeError> {
        let (order, mut rest) = open(file)?;
        let (mut found, mut others) = (BTreeMap::new(), Vec::new());
        while let Some(packed) = Packed::take(&mut rest, order) {
            let packed = packed?;
            let name = Variable::parse(&packed.beginning()?, order)?.name;
            if is_wanted(&name) {
                found.insert(name, packed.content()?);
            } else {
                others.push(name);
            }
        }
        if !found.keys().any(|name| name.ends_with("_f")) {
            others.truncate(LISTED);
            return Err(refuse(format!(
                "it holds {:?}, expected query_f and gallery_f with query_label and gallery_label",
                others.join(", ")
            )));
        }
        Ok(Self { order, found })
    }

    /// A variable, if it is there.
    fn get(&self, set: &str, suffix: &str) -> Result<Option<Variable<'_>>, ExchangeError> {
        let content = self.found.get(&format!("{set}_{suffix}"));
        content.map(|content| Variable::parse(content, self.order)).transpose()
    }

    fn images(&self, set: Set, name: &str, rows: usize) -> Result<Vec<ImportedImage>, ExchangeError> {
        let identities = self
            .labels(name, "label", rows)?
            .ok_or_else(|| refuse(format!("it holds {name}_f, but not {name}_label")))?;
        let cameras = self.labels(name, "cam", rows)?;
        let image = |(row, identity): (usize, Option<String>)| ImportedImage {
            path: format!("{name}_f[{row}]"),
            set: Some(set),
            identity,
            camera: cameras.as_ref().and_then(|cameras| cameras[row].clone()),
            content: None,
        };
        Ok(identities.into_iter().enumerate().map(image).collect())
    }

    /// As many labels as there are rows of features.
    fn labels(
        &self,
        set: &str,
        suffix: &str,
        rows: usize,
    ) -> Result<Option<Vec<Option<String>>>, ExchangeError> {
        let Some(numbers) = self.get(set, suffix)? else {
            return Ok(None);
        };
        let numbers = numbers.list()?;
        let name = format!("{set}_{suffix}");
        if numbers.len() != rows {
            let found = numbers.len();
            return Err(refuse(format!(
                "{name} has {found} numbers and {set}_f {rows} rows, expected one for each"
            )));
        }
        to_text(&name, &numbers).map(Some)
    }
}

fn is_wanted(name: &str) -> bool {
    name.split_once('_')
        .is_some_and(|(set, suffix)| SETS.iter().any(|(_, name)| *name == set) && SUFFIXES.contains(&suffix))
}
