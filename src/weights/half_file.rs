//! A weight file in half the space.

use half::f16;

use super::subset::header_of;
use super::{Dtype, Header, TensorInfo, refuse};
use crate::Result;

impl Header {
    /// The beginning of a safetensors file that holds the same tensors in the same order, F32 as F16; the
    /// result of [`to_half`] for each of them follows it.
    pub fn half_header(&self) -> Vec<u8> {
        header_of(self.tensors.iter().map(|TensorInfo { name, dtype, shape, bytes }| {
            let length = bytes.end - bytes.start;
            match Dtype::parse(dtype) {
                Some(Dtype::F32) => (name.as_str(), "F16", shape.as_slice(), length / 2),
                _ => (name.as_str(), dtype.as_str(), shape.as_slice(), length),
            }
        }))
    }
}

/// The elements of a tensor, F32 rounded to the nearest F16.
///
/// - `bytes`: little-endian elements
///
/// # Errors
///
/// [`crate::Error::Checkpoint`] names a tensor with an element that F16 cannot represent.
pub fn to_half(name: &str, dtype: &str, bytes: &[u8]) -> Result<Vec<u8>> {
    if Dtype::parse(dtype) != Some(Dtype::F32) {
        return Ok(bytes.to_vec());
    }
    let mut halves = Vec::with_capacity(bytes.len() / 2);
    for (at, four) in bytes.as_chunks().0.iter().enumerate() {
        let value = f32::from_le_bytes(*four);
        let half = f16::from_f32(value);
        if !half.is_finite() {
            return Err(refuse(format!(
                "tensor {name} holds {value} at element {at}, expected up to 65504, the largest F16"
            )));
        }
        halves.extend(half.to_le_bytes());
    }
    Ok(halves)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn header() -> Header {
        let tensor = |name: &str, dtype: &str, bytes| TensorInfo {
            name: name.into(),
            dtype: dtype.into(),
            shape: vec![2],
            bytes,
        };
        Header { tensors: vec![tensor("a", "F32", 0..8), tensor("b", "BF16", 8..12)], unusable: vec![] }
    }

    #[test]
    fn f32_takes_half_the_space_and_is_rounded_to_the_nearest() {
        let bytes: Vec<u8> = [1.0 + 2f32.powi(-11), -3.5].into_iter().flat_map(f32::to_le_bytes).collect();
        let mut file = header().half_header();
        file.extend(to_half("a", "F32", &bytes).unwrap());
        file.extend(to_half("b", "BF16", &[1, 2, 3, 4]).unwrap());
        let found = Header::parse(&file, file.len() as u64).unwrap();
        let [a, b] = &found.tensors[..] else { panic!("{found:?}") };
        assert_eq!((a.dtype.as_str(), b.dtype.as_str()), ("F16", "BF16"));
        let at = a.bytes.start as usize;
        assert_eq!(f16::from_le_bytes([file[at], file[at + 1]]).to_f32(), 1.0); // ties go to even
        assert_eq!(f16::from_le_bytes([file[at + 2], file[at + 3]]).to_f32(), -3.5);
        assert_eq!(file[b.bytes.start as usize..], [1, 2, 3, 4]);
    }

    #[test]
    fn what_f16_does_not_hold_is_named() {
        let message = to_half("a", "F32", &65520f32.to_le_bytes()).unwrap_err().to_string();
        assert!(message.contains("tensor a holds 65520 at element 0"), "{message}");
    }
}
