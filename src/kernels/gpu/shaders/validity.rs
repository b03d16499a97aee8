//! Every shader, put together as it runs, is valid WGSL: naga, which wgpu compiles it with, accepts it.

use burn::tensor::DType;
use naga::valid::{Capabilities, ValidationFlags, Validator};

use super::attention::Attention;
use super::linear::{Ending, Layer, summed};
use super::{images, layer_norm};
use crate::kernels::gpu::shader::Shader;
use crate::kernels::{Finish, GpuKernel};

const ENDINGS: [Ending; 5] = [
    Ending::Finish(Finish::None),
    Ending::Finish(Finish::QuickGelu),
    Ending::Finish(Finish::Gelu),
    Ending::Finish(Finish::Relu),
    Ending::Add,
];

fn check(shader: &Shader) {
    let text = shader.text();
    assert!(!text.contains("{{"), "a placeholder is left: {:?}\n{text}", shader.id());
    let module = naga::front::wgsl::parse_str(&text)
        .unwrap_or_else(|error| panic!("{:?}\n{}", shader.id(), error.emit_to_string(&text)));
    let mut validator = Validator::new(ValidationFlags::all(), Capabilities::all());
    validator
        .validate(&module)
        .unwrap_or_else(|error| panic!("{:?}\n{}", shader.id(), error.emit_to_string(&text)));
}

#[test]
fn shaders_of_images_and_layer_norms_are_valid() {
    check(&layer_norm::layer_norm(48, 1e-5));
    check(&images::patches([64, 48], 16, 12, 12));
    check(&images::tokens(13, 48));
    check(&images::windows([9, 7, 3], 2));
}

#[test]
fn shaders_of_attention_are_valid() {
    for channels in [64, 30, 512] {
        for batch in [1, 1000] {
            let attention = Attention { batch, tokens: 50, heads: 3, channels };
            GpuKernel::ALL.into_iter().for_each(|kernel| check(&attention.shader(kernel).0));
        }
    }
}

#[test]
fn shaders_of_linear_layers_are_valid() {
    for (depth, width) in [(768, 3072), (27, 64), (64, 30), (30, 9)] {
        for weight in [DType::F32, DType::F16] {
            for (kernel, count) in GpuKernel::ALL.into_iter().flat_map(|kernel| [(kernel, 3), (kernel, 9000)])
            {
                let plan = || Layer { count, depth, width, weight }.plan(kernel);
                check(&plan().partial());
                ENDINGS.into_iter().for_each(|ending| check(&plan().finished(ending)));
            }
        }
        ENDINGS.into_iter().for_each(|ending| check(&summed(width, ending).0));
    }
}
