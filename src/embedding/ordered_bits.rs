//! The order of floats as the order of integers, which compare several times faster.

/// Bits whose ascending order is the ascending order of the values.
///
/// The bits of IEEE 754 numbers are ordered as integers once those of negative numbers are inverted.
///
/// - `value`: not NaN; -0.0 counts as 0.0
pub(crate) fn ascending_bits(value: f32) -> u32 {
    let bits = (value + 0.0).to_bits(); // -0.0 + 0.0 is 0.0
    if bits >> 31 == 1 { !bits } else { bits | 1 << 31 }
}

/// The value that [`ascending_bits`] were made from.
pub(crate) fn from_ascending_bits(bits: u32) -> f32 {
    f32::from_bits(if bits >> 31 == 1 { bits & !(1 << 31) } else { !bits })
}

/// Bits whose ascending order is the descending order of the values; NaN comes last.
pub(crate) fn descending_bits(value: f32) -> u32 {
    if value.is_nan() { u32::MAX } else { !ascending_bits(value) }
}
