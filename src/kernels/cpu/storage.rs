//! The values of tensors of Burn's CPU backend.

use burn::backend::TensorMetadata;
use burn::backend::flex::{FlexTensor, Layout};
use burn::tensor::{Bytes, DType, Shape};

/// A tensor whose elements lie row by row.
pub struct Contiguous(FlexTensor);

impl Contiguous {
    pub fn of(tensor: &FlexTensor) -> Self {
        Self(tensor.to_contiguous())
    }

    /// F32 values, row-major.
    pub fn get(&self) -> &[f32] {
        &self.0.storage()[self.range()]
    }

    /// The same of 8-bit integers.
    pub fn integers(&self) -> &[i8] {
        &self.0.storage()[self.range()]
    }

    fn range(&self) -> std::ops::Range<usize> {
        let start = self.0.layout().start_offset();
        start..start + self.0.shape().num_elements()
    }
}

/// A tensor of values that lie row by row.
pub fn tensor(values: Vec<f32>, shape: Shape) -> FlexTensor {
    FlexTensor::new(Bytes::from_elems(values), Layout::contiguous(shape), DType::F32)
}
