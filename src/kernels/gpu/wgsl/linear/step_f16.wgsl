// The products of one step in workgroup.wgsl, in F16; their sums are added up in F32. The sums are set to 0 explicitly:
    // declarations alone do so in the first round only in Chromium 156 on SwiftShader.
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
