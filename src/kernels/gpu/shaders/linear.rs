//! The shaders of a linear layer, and how its work is divided among workgroups.

use burn::tensor::DType;

use super::{THREADS, ending};
use crate::kernels::gpu::shader::{Part, Shader, wgsl};
use crate::kernels::panels::{F16_SCALE, PANEL_WIDTH};
use crate::kernels::{Finish, GpuKernel};

/// Rows of a tile that an invocation computes.
const ROWS: usize = 8;
/// Columns of y that a workgroup computes; its rows are [`ROWS`] times the invocations below each other.
const WIDTH: usize = 64;
/// Workgroups that keep a large GPU busy.
const BUSY: usize = 512;
/// Rows of the weights that a workgroup multiplies between two barriers, as in workgroup.wgsl.
const STEP: usize = 16;
/// Rows of the weights that a workgroup gets at least where several share a tile.
const LEAST_SHARE: usize = 3 * STEP;
/// F16 products are those of weights times this and of activations divided by it: then neither the small weights of
/// channels with large activations are subnormal, nor do these activations become infinite.
const F16_BALANCE: f32 = 16.0;

/// What is done to the result of a linear layer.
#[derive(Clone, Copy, Debug)]
pub enum Ending {
    /// A function of each value.
    Finish(Finish),
    /// A residual is added.
    Add,
}

/// What the shader of a linear layer depends on.
#[derive(Clone, Copy)]
pub struct Layer {
    /// M
    pub count: usize,
    /// K
    pub depth: usize,
    /// N
    pub width: usize,
    /// Number format of the weights.
    pub weight: DType,
}

/// How a layer is computed.
pub struct Plan {
    /// Without its end: see [`Plan::finished`] and [`Plan::partial`].
    shader: Shader,
    width: usize,
    /// Workgroups in x, y and z.
    pub groups: [usize; 3],
    /// Rows of the weights for each workgroup.
    pub share: usize,
    /// Workgroups for each tile; if there are several, their sums are still to be added up.
    pub shares: usize,
}

impl Plan {
    /// The shader that does everything; bindings: x, weights, sizes, y, bias, residual.
    pub fn finished(self, ending: Ending) -> Shader {
        ending::ending(self.shader, self.width, 3, ending)
    }

    /// The shader that stores the sums of each share; bindings: x, weights, sizes, sums.
    pub fn partial(self) -> Shader {
        ending::partial(self.shader, self.width, 3)
    }
}

/// The shader that adds up the sums of the shares, and how many columns a workgroup has; bindings: sums, sizes, y,
/// bias, residual.
pub fn summed(width: usize, ending: Ending) -> (Shader, usize) {
    let shader = Shader::new(&[wgsl!("linear/sum")]).with("threads", &THREADS);
    (ending::ending(shader, width, 2, ending), 4 * THREADS)
}

impl Layer {
    /// How the layer is computed in one of the ways of a GPU.
    pub fn plan(&self, kernel: GpuKernel) -> Plan {
        match kernel {
            GpuKernel::Registers => self.registers(),
            GpuKernel::Workgroup => self.workgroup(false, 1),
            GpuKernel::Shared => self.workgroup(false, BUSY),
            GpuKernel::SharedF16 => self.workgroup(true, BUSY),
        }
    }

    fn registers(&self) -> Plan {
        let below = 4;
        let shader = self.shader(&[], WIDTH / 4, below).part(wgsl!("linear/registers")).with("part", &"f32");
        Plan { shader, width: self.width, groups: self.groups(below, 1), share: self.depth, shares: 1 }
    }

    /// - `is_half`: products are F16
    /// - `busy`: workgroups that there should be at least
    fn workgroup(&self, is_half: bool, busy: usize) -> Plan {
        let groups = |below: usize| self.groups(below, 1).iter().product::<usize>();
        // Higher tiles read less, if there are enough of them.
        let below = if groups(16) >= busy.max(BUSY / 2) { 16 } else { 8 };
        let (share, shares) = self.shares(busy.div_ceil(groups(below)));
        let threads = WIDTH / 8 * below;
        let first: &[Part] = if is_half { &[wgsl!("linear/enable_f16")] } else { &[] };
        let shader = self
            .shader(first, WIDTH / 8, below)
            .part(wgsl!("linear/workgroup"))
            .for_each("x_read", ROWS * below * STEP / 4 / threads)
            .for_each("weight_read", STEP * WIDTH / 4 / threads);
        let shader = if is_half { self.half_products(shader) } else { products(shader) };
        Plan { shader, width: self.width, groups: self.groups(below, shares), share, shares }
    }

    /// Rows of the weights for each workgroup, and workgroups for each tile.
    fn shares(&self, wanted: usize) -> (usize, usize) {
        let shares = wanted.min(self.depth / LEAST_SHARE);
        // Sums of partial tiles are read in fours.
        let shares = if self.width.is_multiple_of(4) { shares.max(1) } else { 1 };
        let share = self.depth.div_ceil(shares).next_multiple_of(STEP);
        (share, self.depth.div_ceil(share))
    }

    fn groups(&self, below: usize, shares: usize) -> [usize; 3] {
        [self.width.div_ceil(WIDTH), self.count.div_ceil(ROWS * below), shares]
    }

    /// What all kernels begin with.
    ///
    /// - `first`: what has to be before everything else
    /// - `across`, `below`: invocations of a workgroup beside and below each other
    fn shader(&self, first: &[Part], across: usize, below: usize) -> Shader {
        let x = match self.depth % 4 {
            0 => wgsl!("linear/reading/x_fours"),
            _ => wgsl!("linear/reading/x_any"),
        };
        let weights = match self.weight {
            DType::F16 => wgsl!("linear/reading/weights_f16"),
            _ => wgsl!("linear/reading/weights_f32"),
        };
        let shader = Shader::new(first).part(wgsl!("linear/layer")).part(x).part(weights);
        shader
            .with("depth", &self.depth)
            .with("rows", &ROWS)
            .with("columns_at_once", &across)
            .with("tiles_at_once", &below)
            .with("panel_width", &PANEL_WIDTH)
            .with("weight_scale", &format!("{:e}", self.weight_scale()))
            .for_each("row", ROWS)
    }

    /// What packed weights are multiplied with.
    fn weight_scale(&self) -> f32 {
        if self.weight == DType::F16 { F16_SCALE } else { 1.0 }
    }

    fn half_products(&self, shader: Shader) -> Shader {
        shader
            .insert("step", wgsl!("linear/step_f16"))
            .with("part", &"f16")
            .with("x_factor", &format!("{:e}", 1.0 / F16_BALANCE))
            .with("weight_factor", &format!("{:e}", F16_BALANCE / self.weight_scale()))
    }
}

fn products(shader: Shader) -> Shader {
    shader
        .insert("step", wgsl!("linear/step_f32"))
        .with("part", &"f32")
        .with("x_factor", &"1.0")
        .with("weight_factor", &"1.0")
}
