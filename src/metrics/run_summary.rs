use serde::Serialize;

/// Mean and standard deviation of one metric over several runs.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct RunSummary {
    /// Number of runs with a value: the n of both.
    pub runs: usize,
    /// Arithmetic mean.
    pub mean: f64,
    /// Of the sample (n - 1 in the denominator); `None` for one run.
    pub standard_deviation: Option<f64>,
}

/// Sums up one metric over several runs, as Monte-Carlo splits are reported.
///
/// - `values`: `[runs]`; `None` for a run that has no value, which is left out
/// - returns `None` if no run has a value
///
/// ```
/// # use reid_web::metrics::over_runs;
/// let summary = over_runs(&[Some(0.5), Some(1.0), None]).unwrap();
/// assert_eq!((summary.runs, summary.mean), (2, 0.75));
/// assert_eq!(summary.standard_deviation, Some(f64::sqrt(0.125)));
/// ```
#[must_use]
pub fn over_runs(values: &[Option<f64>]) -> Option<RunSummary> {
    let values: Vec<_> = values.iter().copied().flatten().collect();
    let n = values.len() as f64;
    let mean = values.iter().sum::<f64>() / n;
    let squares: f64 = values.iter().map(|value| (value - mean) * (value - mean)).sum();
    (!values.is_empty()).then(|| RunSummary {
        runs: values.len(),
        mean,
        standard_deviation: (values.len() > 1).then(|| (squares / (n - 1.0)).sqrt()),
    })
}
