//! The number formats of torch.

/// A number format of torch.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Element {
    /// As in `torch.float32`.
    pub torch: &'static str,
    /// What safetensors calls it; `None` if it cannot hold it.
    pub name: Option<&'static str>,
    /// Bytes of one element.
    pub bytes: u64,
}

/// Storage class, number format. Formats without a class of their own are kept in untyped storages.
///
/// Source: pytorch/pytorch v2.7 `torch/storage.py` `_dtype_to_storage_type_map`; names of safetensors:
/// huggingface/safetensors `safetensors/src/tensor.rs` `Dtype`.
static ELEMENTS: [(&str, Element); 20] = [
    ("DoubleStorage", element("float64", Some("F64"), 8)),
    ("FloatStorage", element("float32", Some("F32"), 4)),
    ("HalfStorage", element("float16", Some("F16"), 2)),
    ("BFloat16Storage", element("bfloat16", Some("BF16"), 2)),
    ("LongStorage", element("int64", Some("I64"), 8)),
    ("IntStorage", element("int32", Some("I32"), 4)),
    ("ShortStorage", element("int16", Some("I16"), 2)),
    ("CharStorage", element("int8", Some("I8"), 1)),
    ("ByteStorage", element("uint8", Some("U8"), 1)),
    ("BoolStorage", element("bool", Some("BOOL"), 1)),
    ("ComplexFloatStorage", element("complex64", Some("C64"), 8)),
    ("ComplexDoubleStorage", element("complex128", None, 16)),
    ("QInt8Storage", element("qint8", None, 1)),
    ("QUInt8Storage", element("quint8", None, 1)),
    ("QInt32Storage", element("qint32", None, 4)),
    ("", element("uint16", Some("U16"), 2)),
    ("", element("uint32", Some("U32"), 4)),
    ("", element("uint64", Some("U64"), 8)),
    ("", element("float8_e4m3fn", Some("F8_E4M3"), 1)),
    ("", element("float8_e5m2", Some("F8_E5M2"), 1)),
];

/// Bytes, in storages without a number format.
pub(super) static UNTYPED: Element = element("uint8", Some("U8"), 1);

const fn element(torch: &'static str, name: Option<&'static str>, bytes: u64) -> Element {
    Element { torch, name, bytes }
}

impl Element {
    /// The format of `torch.{class}`.
    pub fn of_storage(class: &str) -> Option<&'static Self> {
        ELEMENTS
            .iter()
            .find(|(storage, _)| *storage == class && !class.is_empty())
            .map(|(_, element)| element)
    }

    /// The format `torch.{dtype}`.
    pub fn of_dtype(dtype: &str) -> Option<&'static Self> {
        ELEMENTS.iter().find(|(_, element)| element.torch == dtype).map(|(_, element)| element)
    }
}
