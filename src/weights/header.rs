//! What a weight file holds.

use std::ops::Range;

use serde::Serialize;

use super::refuse;
use crate::Result;

/// Number format of a weight's elements.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum Dtype {
    /// IEEE single precision.
    F32,
    /// IEEE half precision.
    F16,
    /// The upper half of an IEEE single.
    BF16,
}

impl Dtype {
    /// Bytes of one element.
    pub fn size(self) -> usize {
        match self {
            Self::F32 => 4,
            Self::F16 | Self::BF16 => 2,
        }
    }

    /// The format that a safetensors header calls `name`; `None` if it is none of these.
    pub fn parse(name: &str) -> Option<Self> {
        match name {
            "F32" => Some(Self::F32),
            "F16" => Some(Self::F16),
            "BF16" => Some(Self::BF16),
            _ => None,
        }
    }
}

/// One tensor of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TensorInfo {
    /// Key of the tensor; in nested dictionaries and modules all keys from the outermost on, joined by dots.
    pub name: String,
    /// Number format, as safetensors calls it: "F32", "F16", "BF16", "I64", …
    pub dtype: String,
    /// Lengths of its axes, outermost first.
    pub shape: Vec<usize>,
    /// Where its bytes are in the file: little-endian elements, row-major.
    pub bytes: Range<u64>,
}

/// Key in a safetensors header that does not name a tensor.
pub(super) const METADATA: &str = "__metadata__";

/// The tensors of a file, in the order of their bytes.
#[derive(Clone, Debug)]
pub struct Header {
    /// In the order of their bytes. In torch files several can have the same bytes.
    pub tensors: Vec<TensorInfo>,
    /// Tensors that the file holds but that cannot be read as they are, and why: `(name, reason)`.
    pub unusable: Vec<(String, String)>,
}

impl Header {
    /// Puts tensors into the order of their bytes.
    ///
    /// A tensor with the name of a safetensors file's metadata becomes unusable.
    ///
    /// # Errors
    ///
    /// [`crate::Error::Checkpoint`] if two have the same name, or the length of one does not fit its shape.
    pub(super) fn new(mut tensors: Vec<TensorInfo>, mut unusable: Vec<(String, String)>) -> Result<Self> {
        let misnamed = tensors.extract_if(.., |tensor| tensor.name == METADATA);
        unusable
            .extend(misnamed.map(|tensor| (tensor.name, "safetensors files use its name otherwise".into())));
        tensors.sort_by(|a, b| a.name.cmp(&b.name));
        if let Some(pair) = tensors.windows(2).find(|pair| pair[0].name == pair[1].name) {
            return Err(refuse(format!("tensor {} appears twice, expected each name once", pair[0].name)));
        }
        tensors.iter().try_for_each(TensorInfo::check_length)?;
        tensors.sort_by_key(|tensor| (tensor.bytes.start, tensor.bytes.end));
        Ok(Self { tensors, unusable })
    }
}

impl TensorInfo {
    /// Refuses a length that does not fit the shape, for the formats that are read.
    fn check_length(&self) -> Result<()> {
        let Self { name, dtype, shape, bytes } = self;
        let Some(format) = Dtype::parse(dtype) else { return Ok(()) };
        let found = bytes.end - bytes.start;
        let expected = shape
            .iter()
            .try_fold(format.size() as u64, |bytes, axis| bytes.checked_mul(u64::try_from(*axis).ok()?));
        if expected == Some(found) {
            return Ok(());
        }
        let takes = expected.map_or("more than there is".to_owned(), |bytes| bytes.to_string());
        Err(refuse(format!("tensor {name} has {found} bytes; {shape:?} in {dtype} takes {takes}")))
    }
}
