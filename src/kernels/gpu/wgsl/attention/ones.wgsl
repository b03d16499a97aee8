// A head's channels one by one: their number is not a multiple of 4.
alias Channels = f32;

fn product(a: Channels, b: Channels) -> f32 {
  return a * b;
}

