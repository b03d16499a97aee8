//! The one error type of the crate.

/// Who reads images. In the page, a browser has already tried what is not read here.
const READER: &str = if cfg!(target_arch = "wasm32") { "this browser" } else { "reid-web" };

/// What went wrong, with what was found and what was expected.
///
/// Messages are shown to people as they are; the caller adds the name of the file.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A configuration that describes no image encoder of this crate, or a choice that cannot be followed.
    #[error("{0}")]
    Config(String),

    /// A checkpoint that cannot be loaded.
    #[error("{0}")]
    Checkpoint(String),

    /// An image whose camera has no embedding in the encoder.
    #[error(
        "its camera is {found}, expected 1 to {cameras}: the model adds an embedding of each image's camera"
    )]
    Camera {
        /// The camera by its label, in quotation marks, or "unknown".
        found: String,
        /// Cameras that the encoder has embeddings of.
        cameras: usize,
    },

    /// A number of cameras that is not one for each image.
    #[error(
        "{found} cameras for {images} images, expected one for each: the model adds an embedding of each image's camera"
    )]
    CameraCount {
        /// Cameras given.
        found: usize,
        /// Images given.
        images: usize,
    },

    /// Pixels that are not a whole number of images.
    #[error("{found} values are not a batch of images of {image} values each")]
    PixelCount {
        /// Values given.
        found: usize,
        /// Values of one image, 3·H·W.
        image: usize,
    },

    /// The compute device failed.
    #[error("the device failed: {0}")]
    Device(String),

    /// A device computes wrongly.
    #[error("the device failed its self-check: {0}")]
    SelfCheck(String),

    /// An embedding holds NaN or infinity.
    #[error("the encoder returned an embedding that is not finite")]
    NotFinite,

    /// An embedding without values.
    #[error("the embedding is empty: at least one value is needed")]
    EmptyEmbedding,

    /// An embedding of another model.
    #[error("the embedding has {found} values, expected {expected}, as in the others")]
    EmbeddingLength {
        /// Values of this embedding.
        found: usize,
        /// Values of the embeddings before it.
        expected: usize,
    },

    /// An embedding with NaN or infinity in it.
    #[error("value {index} of the embedding is {value}, expected a finite number")]
    EmbeddingNotFinite {
        /// Position of the first such value.
        index: usize,
        /// The value.
        value: f32,
    },

    /// An embedding that was not normalised.
    #[error("the embedding is {norm:.4} long, expected 1, within {tolerance}")]
    EmbeddingNotUnit {
        /// L2 norm found.
        norm: f64,
        /// Largest deviation from 1.
        tolerance: f64,
    },

    /// An embedding without a direction.
    #[error("all values of the embedding are 0: it has no direction that could be compared")]
    ZeroEmbedding,

    /// An image that a set does not have.
    #[error("there is no {set} image {index}, expected an index below {count}")]
    NoSuchIndex {
        /// "query", "gallery" or "candidate".
        set: &'static str,
        /// Index asked for.
        index: usize,
        /// Images in the set.
        count: usize,
    },

    /// An id that is taken.
    #[error("there is an image {id} in this set already, expected each id once")]
    DuplicateId {
        /// The id.
        id: u32,
    },

    /// An id that no image has.
    #[error("there is no image {0} in this set")]
    UnknownId(u32),

    /// A refinement of sets that share images.
    #[error(
        "refinements need queries that are not in the gallery; here images are searched for among themselves"
    )]
    RefinedCollection,

    /// Labels that do not belong to the similarity matrix.
    #[error("{labels} labels for {embeddings} {set} embeddings, expected one for each")]
    LabelCount {
        /// "query", "gallery" or "pool".
        set: &'static str,
        /// Labels given.
        labels: usize,
        /// Embeddings in the matrix.
        embeddings: usize,
    },

    /// A number of groups that is not that of the embeddings.
    #[error("{groups} groups for {embeddings} embeddings, expected one for each")]
    GroupCount {
        /// Groups given.
        groups: usize,
        /// Embeddings given.
        embeddings: usize,
    },

    /// Similarities that do not fill rows.
    #[error("{found} similarities do not fill rows of {gallery}, expected one for each gallery image")]
    SimilarityCount {
        /// Similarities given.
        found: usize,
        /// Gallery images.
        gallery: usize,
    },

    /// A setting outside of its range.
    #[error("{name} is {found}, expected {accepted}")]
    Setting {
        /// What is set.
        name: &'static str,
        /// The value given.
        found: f64,
        /// The range.
        accepted: &'static str,
    },

    /// Images from which a protocol can draw no queries.
    #[error("{0}")]
    NothingToDraw(String),

    /// More principal components (the first number) than the embeddings have (the second).
    #[error("whitening to {0} components is not possible: the gallery's embeddings have {1}")]
    ComponentCount(usize, usize),

    /// Embeddings or scores without any spread, by which nothing can be scaled.
    #[error("{0} do not differ: two different ones are needed")]
    NoSpread(String),

    /// Embeddings or labels that cannot be read from a file, or written to one.
    #[error(transparent)]
    Exchange(#[from] crate::exchange::ExchangeError),

    /// Bytes that are not an image of a known format.
    #[error("this is not an image: {0}; expected PNG, JPEG, WebP, GIF, BMP, TIFF or PNM")]
    UnknownImageFormat(String),

    /// A file of another format, known by name.
    #[error("this is {what}, which {READER} cannot read; {advice}")]
    ForeignImageFormat {
        /// What it is, with its article.
        what: &'static str,
        /// What its owner can do.
        advice: &'static str,
    },

    /// An image that uses a feature of its format that is not supported.
    #[error("this kind of {format} image cannot be read; save it as PNG: {source}")]
    UnsupportedImage {
        /// Name of the format.
        format: &'static str,
        /// What is not supported.
        source: Box<dyn std::error::Error + Send + Sync>,
    },

    /// A damaged image.
    #[error("the {format} image is damaged or cut off: {source}")]
    ImageDecoding {
        /// Name of the format.
        format: &'static str,
        /// The decoder's reason.
        source: Box<dyn std::error::Error + Send + Sync>,
    },

    /// An image without its end.
    #[error("the {format} image is cut off: its end is missing")]
    CutOffImage {
        /// Name of the format.
        format: &'static str,
    },

    /// An image whose samples are not whole numbers.
    #[error("the {format} image has floating-point samples, expected 8 or 16 bits")]
    ImageColor {
        /// Name of the format.
        format: &'static str,
    },

    /// An image without rows or columns.
    #[error("the image has no pixels: its header says {width} × {height}")]
    NoPixels {
        /// Columns.
        width: u32,
        /// Rows.
        height: u32,
    },

    /// An image larger than what is decoded.
    #[error(
        "the image has {width} × {height} pixels, expected up to 100 million, and up to 1 million along a side"
    )]
    TooManyPixels {
        /// Columns.
        width: u32,
        /// Rows.
        height: u32,
    },

    /// Pixels that do not fit the size of their image.
    #[error("{found} bytes of pixels for {width} × {height}, expected {expected}, and sides of 1 or more")]
    PixelBytes {
        /// Bytes given.
        found: usize,
        /// Columns.
        width: u32,
        /// Rows.
        height: u32,
        /// Bytes that such an image has.
        expected: u64,
    },

    /// A file or folder that cannot be read or written.
    #[cfg(feature = "train")]
    #[error("{path}: {source}")]
    File {
        /// Its path.
        path: String,
        /// The system's reason.
        source: std::io::Error,
    },

    /// Settings with which no encoder can be trained, or a training run that cannot be continued.
    #[cfg(feature = "train")]
    #[error("the encoder cannot be trained: {0}")]
    Training(String),

    /// A `preprocessor_config.json` that this crate cannot follow.
    #[error("{0}")]
    Preprocessor(String),
}

impl Error {
    /// The name of its kind, for callers that act on it: "DeviceError" means that another device or another try may
    /// work. All others are "Error".
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::Device(_) => "DeviceError",
            _ => "Error",
        }
    }

    /// The same error about a file of a model, with the file's name in front.
    #[must_use]
    pub fn in_file(self, name: &str) -> Self {
        match self {
            Self::Config(found) => Self::Config(format!("{name}: {found}")),
            Self::Checkpoint(found) => Self::Checkpoint(format!("{name}: {found}")),
            Self::Preprocessor(found) => Self::Preprocessor(format!("{name}: {found}")),
            other => other,
        }
    }
}

/// A `Result` with the crate's [`enum@Error`].
pub type Result<T, E = Error> = std::result::Result<T, E>;
