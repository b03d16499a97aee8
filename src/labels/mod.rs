//! What is known of images besides their embeddings.
//!
//! ```text
//! image_label.rs     identity, camera and file of one image
//! labelled_set.rs    the embeddings of a set, each with its label
//! missing.rs         the images of a set that have no embedding
//! ```

mod image_label;
mod labelled_set;
mod missing;

pub use image_label::ImageLabel;
pub(crate) use image_label::JUNK;
pub use labelled_set::LabelledSet;
#[cfg(target_arch = "wasm32")]
pub(crate) use labelled_set::own_images;
pub use missing::Missing;
