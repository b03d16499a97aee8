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
    repeats: Vec<(&'static str, usize)>,
}

impl Shader {
    /// - `text`: WGSL with `{{ constant }}` in it
    pub fn new(name: &'static str, text: &'static str) -> Self {
        Self { name, text, constants: Vec::new(), repeats: Vec::new() }
    }

    /// Repeats each line that has `{{ index }}` in it, with 0, 1, … in its place. What an array would hold is then in
    /// registers; drivers that do not unroll loops put arrays into memory.
    #[must_use]
    pub fn for_each(mut self, index: &'static str, count: usize) -> Self {
        self.repeats.push((index, count));
        self
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
        let place = |name: &str| format!("{{{{ {name} }}}}");
        let mut text = self.text.to_owned();
        for (constant, value) in &self.constants {
            text = text.replace(&place(constant), value);
        }
        for (index, count) in &self.repeats {
            text = repeated(&text, &place(index), *count);
        }
        SourceTemplate::new(text)
    }

    fn id(&self) -> KernelId {
        KernelId::new::<Self>().info((self.name, self.constants.clone(), self.repeats.clone()))
    }

    fn lang(&self) -> &'static str {
        "wgsl"
    }
}

fn repeated(text: &str, index: &str, count: usize) -> String {
    let mut all = String::with_capacity(2 * text.len());
    for line in text.split_inclusive('\n') {
        if line.contains(index) {
            all.extend((0..count).map(|number| line.replace(index, &number.to_string())));
        } else {
            all.push_str(line);
        }
    }
    all
}
