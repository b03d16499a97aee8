//! Linear layers on the tensors of Burn's GPU backend.

use std::cell::RefCell;
use std::collections::HashMap;

use burn::backend::TensorMetadata;
use burn::cubecl::Device;
use burn::tensor::{DType, Shape};
use burn_wgpu::CubeTensor;

use super::launch::empty;
use super::shaders::linear::{Ending, Layer, summed};
use crate::kernels::{Finish, GpuKernel};

/// What is done to the result of a linear layer.
#[derive(Clone, Copy)]
pub enum After<'a> {
    Finish(Finish),
    Add(&'a CubeTensor),
}

/// Computes a linear layer in the way that [`GpuKernel::during`] sets.
///
/// - `x`: `[M, K]`, contiguous
/// - returns `[M, width]`
pub fn linear(
    x: &CubeTensor,
    weight: &CubeTensor,
    bias: &CubeTensor,
    width: usize,
    after: After,
) -> CubeTensor {
    let [count, depth] = x.shape().dims();
    let y = empty(x, [count, width]);
    let plan = Layer { count, depth, width, weight: weight.dtype }.plan(GpuKernel::current());
    let (ending, residual) = match after {
        After::Finish(finish) => (Ending::Finish(finish), None),
        After::Add(residual) => (Ending::Add, Some(residual)),
    };
    let (groups, shares) = (plan.groups, plan.shares);
    let sizes = sizes(x, [count, plan.share, shares]);
    if shares == 1 {
        let tensors: Vec<_> = [x, weight, &sizes, &y, bias].into_iter().chain(residual).collect();
        plan.finished(ending).launch(groups, &tensors);
    } else {
        let sums = empty(x, [shares, count, width]);
        plan.partial().launch(groups, &[x, weight, &sizes, &sums]);
        let (shader, columns) = summed(width, ending);
        let tensors: Vec<_> = [&sums, &sizes, &y, bias].into_iter().chain(residual).collect();
        shader.launch([width.div_ceil(columns), count, 1], &tensors);
    }
    y
}

/// What depends on the number of rows, in a tensor: as constants they would make a shader for each batch size.
fn sizes(beside: &CubeTensor, sizes: [usize; 3]) -> CubeTensor {
    let create = || {
        let bytes: Vec<u8> = sizes.iter().flat_map(|&size| (size as u32).to_ne_bytes()).collect();
        let CubeTensor { client, device, .. } = beside;
        let handle = client.create_from_slice(&bytes);
        CubeTensor::new_contiguous(client.clone(), device.clone(), Shape::new([3]), handle, DType::U32)
    };
    SIZES.with_borrow_mut(|known| known.entry((beside.device.clone(), sizes)).or_insert_with(create).clone())
}

thread_local! {
    /// Those that were made before: a few for each batch size.
    static SIZES: RefCell<HashMap<(Device, [usize; 3]), CubeTensor>> = RefCell::default();
}
