//! Torch archives and pickles, put together byte by byte, so that they can be wrong.

/// An entry of an archive. All but its name and contents is as torch writes it.
#[derive(Clone)]
pub struct Entry {
    pub name: String,
    pub contents: Vec<u8>,
    /// What the directory and the local header say.
    pub length: u64,
    pub packed: u64,
    pub method: u16,
    pub flags: u16,
    /// What the local header says.
    pub local_name: String,
    /// Bytes of the local header's extra field; as many as align the contents if `None`.
    pub extra: Option<usize>,
    /// Bytes that belong to nothing, behind the contents.
    pub gap: usize,
}

pub fn entry(name: &str, contents: &[u8]) -> Entry {
    Entry {
        name: name.to_owned(),
        contents: contents.to_vec(),
        length: contents.len() as u64,
        packed: contents.len() as u64,
        method: 0,
        flags: 0,
        local_name: name.to_owned(),
        extra: None,
        gap: 0,
    }
}

/// A zip archive without zip64.
pub fn zip(entries: &[Entry]) -> Vec<u8> {
    let (mut file, mut directory) = (Vec::new(), Vec::new());
    for entry in entries {
        let position = file.len() as u32;
        let header_end = file.len() + 30 + entry.local_name.len();
        let extra = entry.extra.unwrap_or((header_end + 4).next_multiple_of(64) - header_end);
        let numbers = sizes(entry);
        file.extend(b"PK\x03\x04\0\0");
        file.extend(&numbers);
        file.extend((entry.local_name.len() as u16).to_le_bytes());
        file.extend((extra as u16).to_le_bytes());
        file.extend(entry.local_name.bytes());
        file.extend(vec![0; extra]);
        file.extend(&entry.contents);
        file.extend(vec![0; entry.gap]);
        directory.extend(b"PK\x01\x02\0\0\0\0");
        directory.extend(&numbers);
        directory.extend((entry.name.len() as u16).to_le_bytes());
        directory.extend([0; 12]);
        directory.extend(position.to_le_bytes());
        directory.extend(entry.name.bytes());
    }
    let start = file.len() as u32;
    file.extend(&directory);
    file.extend(b"PK\x05\x06\0\0\0\0");
    file.extend([(entries.len() as u16).to_le_bytes(); 2].concat());
    file.extend((directory.len() as u32).to_le_bytes());
    file.extend(start.to_le_bytes());
    file.extend([0; 2]);
    file
}

/// Flags, method, time, checksum and both lengths.
fn sizes(entry: &Entry) -> Vec<u8> {
    let mut bytes = [entry.flags.to_le_bytes(), entry.method.to_le_bytes()].concat();
    bytes.extend([0; 8]);
    bytes.extend((entry.packed as u32).to_le_bytes());
    bytes.extend((entry.length as u32).to_le_bytes());
    bytes
}

/// An archive of torch's with one storage, "0", of 24 bytes.
pub fn archive(pickle: &[u8]) -> Vec<u8> {
    zip(&[entry("a/data.pkl", pickle), entry("a/data/0", &[7; 24])])
}

/// A legacy file. If its pickle names a storage, it has one, "0", of 24 bytes.
pub fn legacy(pickle: &[u8]) -> Vec<u8> {
    let magic = b"\x80\x02\x8a\x0a\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19.".as_slice();
    let pickles = [magic, b"\x80\x02M\xe9\x03.", b"}.", pickle].concat();
    if !pickle.windows(7).any(|bytes| bytes == b"storage") {
        return [&pickles, b"].".as_slice()].concat();
    }
    [&pickles, b"](U\x010e.".as_slice(), b"\x06\0\0\0\0\0\0\0", &[7; 24]].concat()
}

/// A string in a pickle.
pub fn text(text: &str) -> Vec<u8> {
    [b"X", (text.len() as u32).to_le_bytes().as_slice(), text.as_bytes()].concat()
}

/// A tensor in a pickle, of the storage `key` with `count` F32 elements.
///
/// - `view`: offset, shape and strides as instructions
pub fn tensor(key: &str, count: i32, view: &[u8]) -> Vec<u8> {
    let function = b"ctorch._utils\n_rebuild_tensor_v2\n((".as_slice();
    let class = b"ctorch\nFloatStorage\n".as_slice();
    let count = [b"J".as_slice(), &count.to_le_bytes()].concat();
    [function, &text("storage"), class, &text(key), &text("cpu"), &count, b"tQ", view, b"\x89}tR"].concat()
}

/// A pickled dictionary with these entries.
pub fn dict(entries: &[(&str, Vec<u8>)]) -> Vec<u8> {
    let entries =
        entries.iter().flat_map(|(key, value)| [text(key), value.clone()]).collect::<Vec<_>>().concat();
    [b"\x80\x02}(".as_slice(), &entries, b"u."].concat()
}

/// Offset 0, shape [2, 3], strides [3, 1].
pub const MATRIX: &[u8] = b"K\0K\x02K\x03\x86K\x03K\x01\x86";

/// A pickled dictionary with the tensor "w" [2, 3].
pub fn one_tensor() -> Vec<u8> {
    dict(&[("w", tensor("0", 6, MATRIX))])
}
