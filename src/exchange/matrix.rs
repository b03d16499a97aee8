use super::ExchangeError;

/// Numbers in rows, one embedding a row.
#[derive(Clone, Debug, PartialEq)]
pub struct Matrix {
    /// `[rows, columns]` row-major.
    pub values: Vec<f32>,
    /// Number of embeddings.
    pub rows: usize,
    /// Values in each.
    pub columns: usize,
}

impl Matrix {
    /// One embedding: `[columns]`.
    ///
    /// # Panics
    ///
    /// If there is no such row, as slices do.
    #[must_use]
    pub fn row(&self, index: usize) -> &[f32] {
        &self.values[index * self.columns..][..self.columns]
    }

    /// Rows from numbers that are stored column by column.
    ///
    /// - `values`: `[columns, rows]` row-major
    pub(super) fn from_columns(values: &[f32], rows: usize, columns: usize) -> Self {
        let by_rows = (0..rows).flat_map(|row| values.iter().skip(row).step_by(rows).copied());
        Self { values: by_rows.collect(), rows, columns }
    }
}

/// Rounds to f32.
///
/// Errors if the number is finite, but not as f32: `refuse` puts the reason into its format's error.
pub(super) fn to_f32(value: f64, refuse: impl Fn(String) -> ExchangeError) -> Result<f32, ExchangeError> {
    let rounded = value as f32;
    if value.is_finite() && rounded.is_infinite() {
        return Err(refuse(format!("it holds {value:e}; 32-bit floating point holds up to {:e}", f32::MAX)));
    }
    Ok(rounded)
}
