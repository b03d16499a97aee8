// The products of one step in workgroup.wgsl, in F16; what they sum up to is added in F32. The sums are not left to their
    // declaration: Chromium 156 on SwiftShader sets them to 0 in the first round only.
    var half_left_{{ row }}: vec4<f16>;
    var half_right_{{ row }}: vec4<f16>;
    half_left_{{ row }} = vec4<f16>();
    half_right_{{ row }} = vec4<f16>();
    for (var k = 0u; k < STEP; k += 4u) {
      let left = step_weights(local.x, k);
      let right = step_weights(local.x + COLUMNS_AT_ONCE, k);
      let x_{{ row }} = x_step[(ROWS * local.y + {{ row }}u) * (STEP / 4u) + k / 4u];
      half_left_{{ row }} = plus_products(half_left_{{ row }}, x_{{ row }}, left);
      half_right_{{ row }} = plus_products(half_right_{{ row }}, x_{{ row }}, right);
    }
    left_{{ row }} += vec4<f32>(half_left_{{ row }});
    right_{{ row }} += vec4<f32>(half_right_{{ row }});
