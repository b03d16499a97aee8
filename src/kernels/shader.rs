//! WGSL text as a kernel of Burn's GPU backend.

use burn::cubecl::prelude::{CubeCount, CubeDim, KernelId};
use burn::cubecl::server::KernelArguments;
use burn_wgpu::{CubeTensor, KernelSource, SourceKernel, SourceTemplate};

/// A shader with its constants filled in.
#[derive(Clone, Debug)]
pub struct Shader {
    name: &'static str,
    text: &'static str,
    constants: Vec<(&'static str, String)>,
}

impl Shader {
    /// - `text`: WGSL with `{{ constant }}` in it
    pub fn new(name: &'static str, text: &'static str) -> Self {
        Self { name, text, constants: Vec::new() }
    }

    /// Fills in a constant.
    #[must_use]
    pub fn with(mut self, constant: &'static str, value: &impl ToString) -> Self {
        self.constants.push((constant, value.to_string()));
        self
    }

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
        let template = SourceTemplate::new(self.text);
        self.constants
            .iter()
            .fold(template, |template, (name, value)| template.register(*name, value.as_str()))
    }

    fn id(&self) -> KernelId {
        KernelId::new::<Self>().info((self.name, self.constants.clone()))
    }

    fn lang(&self) -> &'static str {
        "wgsl"
    }
}
