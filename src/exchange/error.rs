/// What is wrong with a file of embeddings or labels, and what was expected instead.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ExchangeError {
    /// A `.npy` file that holds no matrix of floating-point numbers.
    #[error("the .npy file cannot be used: {0}")]
    Npy(String),

    /// A table of labels that cannot be read.
    #[error("line {line} of the CSV: {found}")]
    Csv {
        /// Line of the file, from 1, at which the row begins.
        line: u64,
        /// What is wrong with it.
        found: String,
    },

    /// JSON that is no export of embeddings.
    #[error("this is not an export of embeddings: {0}")]
    Json(#[from] serde_json::Error),

    /// A `.mat` file without the variables that are looked for, or with damaged ones.
    #[error("the .mat file cannot be used: {0}")]
    Mat(String),

    /// Images whose labels do not fit into a `.mat` file.
    #[error("these images cannot be saved as .mat: {0}. A .npy file with a CSV of labels holds any")]
    MatLabels(String),

    /// A `.npy` file alone.
    #[error("a .npy file holds only numbers: the CSV that describes its rows is missing")]
    NoLabels,

    /// An export that has an image twice, which would count twice.
    #[error("{path:?} appears twice in one set, as images {first} and {again} of the export")]
    Repeated {
        /// Path of the image.
        path: String,
        /// Its place in the file, from 1.
        first: usize,
        /// Where it appears again, from 1.
        again: usize,
    },

    /// A file that holds no embeddings in a known format.
    #[error(".{0} is not a format of embeddings, expected .npy with a CSV of labels, .mat or .json")]
    Ending(String),

    /// A file without embeddings.
    #[error("there is no embedding in it: at least one is needed")]
    Empty,

    /// Embeddings and labels that cannot belong together.
    #[error(
        "{embeddings} embeddings for {labels} rows of labels: row n of the one belongs to row n of the other"
    )]
    Count {
        /// Embeddings found.
        embeddings: usize,
        /// Rows of labels found.
        labels: usize,
    },

    /// An embedding of another model.
    #[error("the embedding of {place} has {found} values, expected {expected}, as in the others")]
    Length {
        /// Which image, and where in the file.
        place: String,
        /// Values of this embedding.
        found: usize,
        /// Values of the embeddings before it.
        expected: usize,
    },

    /// An embedding that has no length of 1 and cannot be given one.
    #[error("{place}: {source}")]
    Embedding {
        /// Which image, and where in the file.
        place: String,
        /// What is wrong with its values.
        source: Box<crate::Error>,
    },

    /// A table that could not be written.
    #[error("the CSV cannot be written: {0}")]
    Writing(#[from] csv::Error),
}
