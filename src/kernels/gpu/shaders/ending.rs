//! The end of a linear layer's shader: bias, what follows, and where the result goes.

use super::linear::Ending;
use crate::kernels::Finish;
use crate::kernels::gpu::shader::{Part, Shader, wgsl};

/// Appends the end. After y come the bindings of the bias and the residual.
pub fn ending(shader: Shader, width: usize, y_binding: usize, ending: Ending) -> Shader {
    storing(shader, width, y_binding)
        .part(wgsl!("linear/end/bias"))
        .part(finish(width, ending))
        .with("bias_binding", &(y_binding + 1))
        .with("residual_binding", &(y_binding + 2))
}

/// Appends that sums of a share are stored as they are.
pub fn partial(shader: Shader, width: usize, y_binding: usize) -> Shader {
    storing(shader, width, y_binding).part(wgsl!("linear/end/no_bias")).part(wgsl!("linear/end/finish_none"))
}

fn storing(shader: Shader, width: usize, y_binding: usize) -> Shader {
    let y = match width % 4 {
        0 => wgsl!("linear/end/y_fours"),
        _ => wgsl!("linear/end/y_any"),
    };
    let shader = shader.part(wgsl!("linear/end/end")).part(y);
    shader.with("width", &width).with("y_binding", &y_binding)
}

fn finish(width: usize, ending: Ending) -> Part {
    match ending {
        Ending::Finish(Finish::None) => wgsl!("linear/end/finish_none"),
        Ending::Finish(Finish::QuickGelu) => wgsl!("linear/end/finish_quick_gelu"),
        Ending::Finish(Finish::Gelu) => wgsl!("linear/end/finish_gelu"),
        Ending::Finish(Finish::Relu) => wgsl!("linear/end/finish_relu"),
        Ending::Add if width.is_multiple_of(4) => wgsl!("linear/end/add_fours"),
        Ending::Add => wgsl!("linear/end/add_any"),
    }
}
