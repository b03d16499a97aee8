// The products of one step in workgroup.wgsl, in F32.
    for (var k = 0u; k < STEP; k += 4u) {
      let left = step_weights(local.x, k);
      let right = step_weights(local.x + COLUMNS_AT_ONCE, k);
      let x_{{ row }} = x_step[(ROWS * local.y + {{ row }}u) * (STEP / 4u) + k / 4u];
      left_{{ row }} = plus_products(left_{{ row }}, x_{{ row }}, left);
      right_{{ row }} = plus_products(right_{{ row }}, x_{{ row }}, right);
    }
