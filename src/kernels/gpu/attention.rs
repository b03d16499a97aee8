//! Attention on the tensors of Burn's GPU backend, as WGSL.

use burn::backend::TensorMetadata;
use burn_wgpu::CubeTensor;

use crate::kernels::GpuKernel;
use crate::kernels::gpu::operations::empty;
use crate::kernels::gpu::shader::Shader;

/// Queries of a workgroup where each invocation has one.
const THREADS: usize = 64;
/// Bytes of a workgroup's memory for keys and values; every adapter has 16 KiB.
const MEMORY: usize = 15 << 10;
/// Workgroups that keep a large GPU busy.
const BUSY: usize = 2000;

/// By the kernel that [`GpuKernel::during`] says.
///
/// - `qkv`: `[B, T, 3W]`, contiguous
/// - returns `[B, T, W]`
pub(crate) fn attention(qkv: &CubeTensor, heads: usize) -> CubeTensor {
    let [batch, tokens, width] = qkv.shape().dims();
    let channels = width / 3 / heads;
    let mixed = empty(qkv, [batch, tokens, width / 3]);
    let (shader, queries) = match (GpuKernel::current(), Tiling::new(channels, tokens, batch * heads)) {
        (GpuKernel::Registers, _) | (_, None) => {
            let shader = Shader::new("attention", include_str!("wgsl/attention.wgsl"));
            (shader.with("threads", &THREADS), THREADS)
        }
        (_, Some(tiling)) => (tiling.shader(channels), tiling.queries),
    };
    let (number, product) = match channels % 4 {
        0 => ("vec4<f32>", "return dot(a, b);"),
        _ => ("f32", "return a * b;"),
    };
    shader
        .with("number", &number)
        .with("parts", &parts(channels))
        .for_each("part", parts(channels))
        .with("product", &product)
        .with("tokens", &tokens)
        .with("heads", &heads)
        .with("scale", &format!("{:e}", (channels as f64).powf(-0.5)))
        .launch([tokens.div_ceil(queries), heads, batch], &[qkv, &mixed]);
    mixed
}

/// Of a head's channels: fours, if it can be.
fn parts(channels: usize) -> usize {
    if channels.is_multiple_of(4) { channels / 4 } else { channels }
}

/// How the work of a head is dealt out.
struct Tiling {
    /// Of a workgroup.
    queries: usize,
    /// Invocations that share a query.
    split: usize,
    /// Keys that an invocation takes at once.
    keys: usize,
}

impl Tiling {
    /// The first one whose tile fits in the memory, those for few queries first where few workgroups would be idle.
    fn new(channels: usize, tokens: usize, heads: usize) -> Option<Self> {
        let [few, many, wide] = [(16, 4, 6), (32, 2, 12), (16, 2, 4)];
        let is_busy = heads * tokens.div_ceil(16) >= BUSY;
        let order = if is_busy { [many, few, wide] } else { [few, many, wide] };
        let all = order.map(|(queries, split, keys)| Self { queries, split, keys });
        all.into_iter().find(|tiling| size_of::<f32>() * tiling.rows() * channels <= MEMORY)
    }

    /// Of a head's width in the memory: keys and values, or later sums.
    fn rows(&self) -> usize {
        (2 * self.keys * self.split).max((self.split - 1) * self.queries)
    }

    fn shader(&self, channels: usize) -> Shader {
        Shader::new("attention_workgroup", include_str!("wgsl/attention_workgroup.wgsl"))
            .with("queries", &self.queries)
            .with("split", &self.split)
            .with("keys", &self.keys)
            .with("tile", &(self.rows() * parts(channels)))
    }
}
