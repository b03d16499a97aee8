//! Linear layers on the tensors of Burn's GPU backend, as WGSL.

use burn::backend::TensorMetadata;
use burn::tensor::{DType, Shape};
use burn_wgpu::CubeTensor;

use super::cube::empty;
use super::linear::Finish;
use super::linear_kernel::LinearKernel;
use super::panels::F16_SCALE;
use super::shader::Shader;

/// Rows of a tile that an invocation computes; it has four columns.
const ROWS: usize = 8;
/// Such tiles of a workgroup side by side.
const ACROSS: usize = 16;
/// F16 products are those of weights times this and of other numbers divided by it: then neither the small weights of
/// channels with large activations are subnormal, nor these infinite.
const F16_BALANCE: f32 = 16.0;

/// What is done to the result of a linear layer.
#[derive(Clone, Copy)]
pub(super) enum After<'a> {
    Finish(Finish),
    Add(&'a CubeTensor),
}

/// By the kernel that [`LinearKernel::during`] says.
///
/// - `x`: `[M, K]`, contiguous
/// - returns `[M, width]`
pub(super) fn linear(
    x: &CubeTensor,
    weight: &CubeTensor,
    bias: &CubeTensor,
    width: usize,
    after: After,
) -> CubeTensor {
    let [count, depth] = x.shape().dims();
    let y = empty(x, [count, width]);
    let rows = x.client.create_from_slice(&(count as u32).to_ne_bytes());
    let rows =
        CubeTensor::new_contiguous(x.client.clone(), x.device.clone(), Shape::new([1]), rows, DType::U32);
    let (shader, below) = match LinearKernel::current() {
        LinearKernel::Registers => registers(),
        LinearKernel::Workgroup => workgroup(weight.dtype, false),
        LinearKernel::WorkgroupF16 => workgroup(weight.dtype, true),
    };
    let shader = shader
        .with("depth", &depth)
        .with("width", &width)
        .with("rows", &ROWS)
        .with("columns_at_once", &ACROSS)
        .with("tiles_at_once", &below);
    let shader = ending(reading(shader, depth, weight.dtype), after);
    let groups = [width.div_ceil(4 * ACROSS), count.div_ceil(ROWS * below), 1];
    let mut tensors = vec![x, weight, bias, &rows, &y];
    if let After::Add(residual) = after {
        tensors.push(residual);
    }
    shader.launch(groups, &tensors);
    y
}

/// The kernel without what depends on the layer, and its tiles of a workgroup below each other.
fn registers() -> (Shader, usize) {
    let text = concat!(include_str!("wgsl/linear.wgsl"), include_str!("wgsl/linear_registers.wgsl"));
    (Shader::new("linear_registers", text).with("enable", &""), 4)
}

/// - `is_half`: products are F16
fn workgroup(weight: DType, is_half: bool) -> (Shader, usize) {
    let text = concat!(include_str!("wgsl/linear.wgsl"), include_str!("wgsl/linear_workgroup.wgsl"));
    let shader = Shader::new("linear_workgroup", text);
    let shader = match is_half {
        false => shader
            .with("enable", &"")
            .with("part", &"f32")
            .with("x_factor", &"1.0")
            .with("weight_factor", &"1.0"),
        true => shader
            .with("enable", &"enable f16;")
            .with("part", &"f16")
            .with("x_factor", &format!("{:e}", 1.0 / F16_BALANCE))
            .with("weight_factor", &format!("{:e}", F16_BALANCE / weight_scale(weight))),
    };
    (shader, 8)
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
fn ending(shader: Shader, after: After) -> Shader {
    let (finish, more) = match after {
        After::Finish(Finish::None) => ("return sum;", ""),
        After::Finish(Finish::QuickGelu) => ("return sum / (1.0 + exp(-1.702 * sum));", ""),
        After::Finish(Finish::Relu) => ("return max(sum, vec4<f32>());", ""),
        After::Finish(Finish::Gelu) => ("return gelu(sum);", GELU),
        After::Add(_) => (ADD, "@group(0) @binding(5) var<storage, read> residual: array<f32>;"),
    };
    shader.with("finish", &finish).with("more", &more)
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

const ADD: &str = "var numbers = vec4<f32>();
  for (var lane = 0u; lane < 4u && place % WIDTH + lane < WIDTH; lane += 1u) {
    numbers[lane] = residual[place + lane];
  }
  return sum + numbers;";

/// As [`super::functions::gelu`].
const GELU: &str = "
fn gelu(x: vec4<f32>) -> vec4<f32> {
  let size = abs(x) * 0.70710678;
  let t = 1.0 / (1.0 + size * 0.3275911);
  let polynomial = ((((1.0614054 * t - 1.453152) * t + 1.4214137) * t - 0.28449674) * t + 0.2548296) * t;
  return max(x, vec4<f32>()) - 0.5 * abs(x) * polynomial * exp(-size * size);
}";
