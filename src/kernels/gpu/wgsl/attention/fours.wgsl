// A head's channels, four by four.
alias Channels = vec4<f32>;

fn product(a: Channels, b: Channels) -> f32 {
  return dot(a, b);
}

