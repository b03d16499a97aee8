//! Linear layers on the tensors of Burn's GPU backend, as WGSL.

use std::cell::RefCell;
use std::collections::HashMap;

use burn::backend::TensorMetadata;
use burn::cubecl::Device;
use burn::tensor::{DType, Shape};
use burn_wgpu::CubeTensor;

use crate::kernels::Finish;
use crate::kernels::GpuKernel;
use crate::kernels::gpu::operations::empty;
use crate::kernels::gpu::shader::Shader;
use crate::kernels::panels::F16_SCALE;

/// Rows of a tile that an invocation computes.
const ROWS: usize = 8;
/// Columns of y that a workgroup computes; its rows are [`ROWS`] times the invocations below each other.
const WIDTH: usize = 64;
/// Workgroups that keep a large GPU busy.
const BUSY: usize = 512;
/// Rows of the weights that a workgroup multiplies between two waits, and of which it gets at least
/// [`LEAST_SHARE`] where several share a tile.
const STEP: usize = 16;
const LEAST_SHARE: usize = 3 * STEP;
/// Invocations of a workgroup that add up what was shared.
const THREADS: usize = 64;
/// F16 products are those of weights times this and of other numbers divided by it: then neither the small weights of
/// channels with large activations are subnormal, nor these infinite.
const F16_BALANCE: f32 = 16.0;

/// What is done to the result of a linear layer.
#[derive(Clone, Copy)]
pub(crate) enum After<'a> {
    Finish(Finish),
    Add(&'a CubeTensor),
}

/// By the kernel that [`GpuKernel::during`] says.
///
/// - `x`: `[M, K]`, contiguous
/// - returns `[M, width]`
pub(crate) fn linear(
    x: &CubeTensor,
    weight: &CubeTensor,
    bias: &CubeTensor,
    width: usize,
    after: After,
) -> CubeTensor {
    let [count, depth] = x.shape().dims();
    let y = empty(x, [count, width]);
    let layer = Layer { count, depth, width, weight: weight.dtype };
    let plan = match GpuKernel::current() {
        GpuKernel::Registers => layer.registers(),
        GpuKernel::Workgroup => layer.workgroup(false, 1),
        GpuKernel::Shared => layer.workgroup(false, BUSY),
        GpuKernel::SharedF16 => layer.workgroup(true, BUSY),
    };
    let residual = match after {
        After::Add(residual) => Some(residual),
        After::Finish(_) => None,
    };
    let shader = reading(plan.shader, depth, weight.dtype);
    let sizes = sizes(x, [count, plan.share, plan.shares]);
    if plan.shares == 1 {
        let tensors: Vec<_> = [x, weight, &sizes, &y, bias].into_iter().chain(residual).collect();
        ending(shader, width, 3, after).launch(plan.groups, &tensors);
    } else {
        let sums = empty(x, [plan.shares, count, width]);
        partial(shader, width).launch(plan.groups, &[x, weight, &sizes, &sums]);
        let text = concat!(include_str!("wgsl/linear_end.wgsl"), include_str!("wgsl/linear_sum.wgsl"));
        let shader = Shader::new("linear_sum", text).with("threads", &THREADS);
        let tensors: Vec<_> = [&sums, &sizes, &y, bias].into_iter().chain(residual).collect();
        ending(shader, width, 2, after).launch([width.div_ceil(4 * THREADS), count, 1], &tensors);
    }
    y
}

/// What depends on the number of rows, in a tensor: as constants they would be a shader for each size of a batch.
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
    /// Those that were made before: a few for each size of a batch.
    static SIZES: RefCell<HashMap<(Device, [usize; 3]), CubeTensor>> = RefCell::default();
}

/// What a kernel depends on.
struct Layer {
    /// M, K and N
    count: usize,
    depth: usize,
    width: usize,
    weight: DType,
}

/// How a layer is computed.
struct Plan {
    /// Without what is read and what is done at the end.
    shader: Shader,
    groups: [usize; 3],
    /// Rows of the weights for each workgroup.
    share: usize,
    /// Workgroups for each tile; above 1 their sums are still to be added up.
    shares: usize,
}

impl Layer {
    fn registers(&self) -> Plan {
        let text = concat!(
            include_str!("wgsl/linear.wgsl"),
            include_str!("wgsl/linear_end.wgsl"),
            include_str!("wgsl/linear_registers.wgsl")
        );
        let below = 4;
        let shader = tiles(Shader::new("linear_registers", text), self.depth, WIDTH / 4, below);
        Plan { shader: parts(shader), groups: self.groups(below, 1), share: self.depth, shares: 1 }
    }

    /// - `is_half`: products are F16
    /// - `busy`: workgroups that there should be at least
    fn workgroup(&self, is_half: bool, busy: usize) -> Plan {
        let text = concat!(
            include_str!("wgsl/linear.wgsl"),
            include_str!("wgsl/linear_end.wgsl"),
            include_str!("wgsl/linear_workgroup.wgsl")
        );
        let groups = |below: usize| self.groups(below, 1).iter().product::<usize>();
        // Higher tiles read less, if there are enough of them.
        let below = if groups(16) >= busy.max(BUSY / 2) { 16 } else { 8 };
        let shares = busy.div_ceil(groups(below)).min(self.depth / LEAST_SHARE);
        // Sums of partial tiles are read in fours.
        let shares = if self.width.is_multiple_of(4) { shares.max(1) } else { 1 };
        let share = self.depth.div_ceil(shares).next_multiple_of(STEP);
        let shares = self.depth.div_ceil(share);
        let threads = WIDTH / 8 * below;
        let shader = tiles(Shader::new("linear_workgroup", text), self.depth, WIDTH / 8, below)
            .for_each("x_read", ROWS * below * STEP / 4 / threads)
            .for_each("weight_read", STEP * WIDTH / 4 / threads);
        let shader = if is_half { half_parts(shader, self.weight) } else { parts(shader) };
        Plan { shader, groups: self.groups(below, shares), share, shares }
    }

    fn groups(&self, below: usize, shares: usize) -> [usize; 3] {
        [self.width.div_ceil(WIDTH), self.count.div_ceil(ROWS * below), shares]
    }
}

/// Fills in the size of a workgroup.
fn tiles(shader: Shader, depth: usize, across: usize, below: usize) -> Shader {
    shader
        .with("depth", &depth)
        .with("rows", &ROWS)
        .with("columns_at_once", &across)
        .with("tiles_at_once", &below)
        .for_each("row", ROWS)
}

/// Fills in products that are F32.
fn parts(shader: Shader) -> Shader {
    shader
        .with("enable", &"")
        .with("part", &"f32")
        .with("x_factor", &"1.0")
        .with("weight_factor", &"1.0")
        .with("begin_step", &"")
        .with("into", &"")
        .with("end_step", &"")
}

/// Fills in products that are F16.
fn half_parts(shader: Shader, weight: DType) -> Shader {
    shader
        .with("enable", &"enable f16;")
        .with("part", &"f16")
        .with("x_factor", &format!("{:e}", 1.0 / F16_BALANCE))
        .with("weight_factor", &format!("{:e}", F16_BALANCE / weight_scale(weight)))
        .with("begin_step", &BEGIN_HALF)
        .with("into", &"half_")
        .with("end_step", &END_HALF)
}

/// What packed weights are multiplied with.
fn weight_scale(weight: DType) -> f32 {
    if weight == DType::F16 { F16_SCALE } else { 1.0 }
}

/// Fills in how rows of x and of the weights are read.
fn reading(shader: Shader, depth: usize, weight: DType) -> Shader {
    let (number, four) = match depth % 4 {
        0 => ("vec4<f32>", "return x[(row * DEPTH + k) / 4u];"),
        _ => ("f32", FOUR_OF_ANY),
    };
    let (weight_number, weight_at) = match weight {
        DType::F16 => ("vec2<u32>", FOUR_HALVES),
        _ => ("vec4<f32>", "return weight[place];"),
    };
    shader
        .with("number", &number)
        .with("four", &four)
        .with("weight_number", &weight_number)
        .with("weight_at", &weight_at)
        .with("weight_scale", &format!("{:e}", weight_scale(weight)))
}

/// Fills in what is done to the result.
///
/// - `y_binding`: that of y; bias and residual come behind it
fn ending(shader: Shader, width: usize, y_binding: usize, after: After) -> Shader {
    let is_in_fours = width.is_multiple_of(4);
    let (finish, more) = match after {
        After::Finish(Finish::None) => ("return sum;", String::new()),
        After::Finish(Finish::QuickGelu) => ("return sum / (1.0 + exp(-1.702 * sum));", String::new()),
        After::Finish(Finish::Relu) => ("return max(sum, vec4<f32>());", String::new()),
        After::Finish(Finish::Gelu) => ("return gelu(sum);", GELU.into()),
        After::Add(_) => {
            let (finish, number) = if is_in_fours {
                ("return sum + residual[place / 4u];", "vec4<f32>")
            } else {
                (ADD_ANY, "f32")
            };
            let binding = y_binding + 2;
            let more = format!("@group(0) @binding({binding}) var<storage, read> residual: array<{number}>;");
            (finish, more)
        }
    };
    let bias = format!("@group(0) @binding({}) var<storage, read> bias: array<vec4<f32>>;", y_binding + 1);
    storing(shader, width, y_binding)
        .with("bias", &" + bias[column / 4u]")
        .with("finish", &finish)
        .with("more", &format!("{bias}\n{more}"))
}

/// Fills in that sums of a share are stored as they are.
fn partial(shader: Shader, width: usize) -> Shader {
    storing(shader, width, 3).with("bias", &"").with("finish", &"return sum;").with("more", &"")
}

/// Fills in how y is stored.
fn storing(shader: Shader, width: usize, y_binding: usize) -> Shader {
    let (number, store) = match width % 4 {
        0 => ("vec4<f32>", "y[place / 4u] = result;"),
        _ => ("f32", STORE_ANY),
    };
    shader.with("width", &width).with("y_binding", &y_binding).with("y_number", &number).with("store", &store)
}

/// Rows whose length is no multiple of 4 end in zeros.
const FOUR_OF_ANY: &str = "var numbers = vec4<f32>();
  for (var lane = 0u; lane < 4u && k + lane < DEPTH; lane += 1u) {
    numbers[lane] = x[row * DEPTH + k + lane];
  }
  return numbers;";

/// Every adapter has `unpack2x16float`, also one without `shader-f16`.
const FOUR_HALVES: &str =
    "return vec4<f32>(unpack2x16float(weight[place].x), unpack2x16float(weight[place].y));";

/// Rows of y whose length is no multiple of 4.
const STORE_ANY: &str = "for (var lane = 0u; lane < 4u && column + lane < WIDTH; lane += 1u) {
    y[place + lane] = result[lane];
  }";

const ADD_ANY: &str = "var numbers = vec4<f32>();
  for (var lane = 0u; lane < 4u && place % WIDTH + lane < WIDTH; lane += 1u) {
    numbers[lane] = residual[place + lane];
  }
  return sum + numbers;";

/// Not left to the declaration: Chromium 156 on SwiftShader sets it to 0 in the first round only.
const BEGIN_HALF: &str = "var half_left_{{ row }}: vec4<f16>;
    var half_right_{{ row }}: vec4<f16>;
    half_left_{{ row }} = vec4<f16>();
    half_right_{{ row }} = vec4<f16>();";

const END_HALF: &str = "left_{{ row }} += vec4<f32>(half_left_{{ row }});
    right_{{ row }} += vec4<f32>(half_right_{{ row }});";

/// As [`crate::kernels::cpu::functions::gelu`].
const GELU: &str = "
fn gelu(x: vec4<f32>) -> vec4<f32> {
  let size = abs(x) * 0.70710678;
  let t = 1.0 / (1.0 + size * 0.3275911);
  let polynomial = ((((1.0614054 * t - 1.453152) * t + 1.4214137) * t - 0.28449674) * t + 0.2548296) * t;
  return max(x, vec4<f32>()) - 0.5 * abs(x) * polynomial * exp(-size * size);
}";
