//! Weight files: which tensors they hold, and where in the file, without reading the tensors.

mod safetensors;

pub use safetensors::{Dtype, Header, MAX_HEADER_BYTES, TensorInfo};
