//! Shaders as kernels of Burn's GPU backend, and the tensors that they write.

use burn::cubecl::prelude::{CubeCount, CubeDim, KernelId};
use burn::cubecl::server::KernelArguments;
use burn::tensor::{DType, Shape};
use burn_wgpu::{CubeTensor, KernelSource, SourceKernel, SourceTemplate};

use super::shader::Shader;

impl Shader {
    /// Queues a run of the shader.
    ///
    /// - `groups`: workgroups in x, y and z
    /// - `tensors`: bound in their order
    pub fn launch(self, groups: [usize; 3], tensors: &[&CubeTensor]) {
        let Some(first) = tensors.first() else { return };
        let [x, y, z] = groups.map(|count| count as u32);
        let buffers = tensors.iter().map(|tensor| tensor.handle.clone().binding()).collect();
        let kernel = SourceKernel::new(self, CubeDim::new_single());
        let arguments = KernelArguments::new().with_buffers(buffers);
        first.client.launch(Box::new(kernel), CubeCount::Static(x, y, z), arguments);
    }
}

impl KernelSource for Shader {
    fn source(&self) -> SourceTemplate {
        SourceTemplate::new(self.text())
    }

    fn id(&self) -> KernelId {
        KernelId::new::<Self>().info(Self::id(self))
    }

    fn lang(&self) -> &'static str {
        "wgsl"
    }
}

/// A tensor on the device of another one, whose memory has not been written.
pub fn empty<const D: usize>(beside: &CubeTensor, shape: [usize; D]) -> CubeTensor {
    let shape = Shape::new(shape);
    let handle = beside.client.empty(shape.num_elements() * size_of::<f32>());
    CubeTensor::new_contiguous(beside.client.clone(), beside.device.clone(), shape, handle, DType::F32)
}
