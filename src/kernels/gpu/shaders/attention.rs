//! The shaders of attention.

use super::THREADS;
use crate::kernels::GpuKernel;
use crate::kernels::gpu::shader::{Shader, wgsl};

/// Bytes of a workgroup's memory for keys and values; every adapter has 16 KiB.
const MEMORY: usize = 15 << 10;
/// Workgroups that keep a large GPU busy.
const BUSY: usize = 2000;

/// What attention depends on.
#[derive(Clone, Copy)]
pub struct Attention {
    /// Images.
    pub batch: usize,
    /// Tokens of an image.
    pub tokens: usize,
    /// Heads of an image.
    pub heads: usize,
    /// Channels of a head.
    pub channels: usize,
}

impl Attention {
    /// The shader, and how many queries a workgroup has.
    pub fn shader(self, kernel: GpuKernel) -> (Shader, usize) {
        let (shader, queries) = match (kernel, Tiling::new(self)) {
            (GpuKernel::Registers, _) | (_, None) => {
                let shader = self.product().part(wgsl!("attention/registers"));
                (shader.with("threads", &THREADS), THREADS)
            }
            (_, Some(tiling)) => (tiling.fill(self.product(), self.parts()), tiling.queries),
        };
        let shader = shader
            .with("parts", &self.parts())
            .for_each("part", self.parts())
            .with("tokens", &self.tokens)
            .with("heads", &self.heads)
            .with("scale", &format!("{:e}", (self.channels as f64).powf(-0.5)));
        (shader, queries)
    }

    /// How channels are read and multiplied.
    fn product(self) -> Shader {
        Shader::new(&[match self.channels.is_multiple_of(4) {
            true => wgsl!("attention/fours"),
            false => wgsl!("attention/ones"),
        }])
    }

    /// Parts of a head's channels: fours where possible.
    fn parts(self) -> usize {
        if self.channels.is_multiple_of(4) { self.channels / 4 } else { self.channels }
    }
}

/// How the work of a head is divided.
struct Tiling {
    /// Of a workgroup.
    queries: usize,
    /// Invocations that share a query.
    split: usize,
    /// Keys that an invocation takes at once.
    keys: usize,
}

impl Tiling {
    /// The first one whose tile fits into the memory. Those for few queries come first where few workgroups would be
    /// idle.
    fn new(Attention { batch, tokens, heads, channels }: Attention) -> Option<Self> {
        let [few, many, wide] = [(16, 4, 6), (32, 2, 12), (16, 2, 4)];
        let is_busy = batch * heads * tokens.div_ceil(16) >= BUSY;
        let order = if is_busy { [many, few, wide] } else { [few, many, wide] };
        let all = order.map(|(queries, split, keys)| Self { queries, split, keys });
        all.into_iter().find(|tiling| size_of::<f32>() * tiling.rows() * channels <= MEMORY)
    }

    /// Rows as wide as a head that the memory holds: keys and values, or later sums.
    fn rows(&self) -> usize {
        (2 * self.keys * self.split).max((self.split - 1) * self.queries)
    }

    fn fill(&self, shader: Shader, parts: usize) -> Shader {
        shader
            .part(wgsl!("attention/workgroup"))
            .with("queries", &self.queries)
            .with("split", &self.split)
            .with("keys", &self.keys)
            .with("tile", &(self.rows() * parts))
    }
}
