//! An archive of more than 4 GB, of which only what is asked for exists.

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

use crate::weights::archives::{dict, tensor};
use reid_web::weights::{Header, HeaderReader};

/// A file that is zero but for some parts.
struct SparseFile {
    bytes: u64,
    parts: Vec<(u64, Vec<u8>)>,
}

impl SparseFile {
    fn append(&mut self, part: Vec<u8>) {
        let start = self.bytes;
        self.bytes += part.len() as u64;
        self.parts.push((start, part));
    }

    fn range(&self, range: std::ops::Range<u64>) -> Vec<u8> {
        let mut bytes = vec![0; (range.end - range.start) as usize];
        for (start, part) in &self.parts {
            for (place, byte) in (*start..).zip(part).filter(|(place, _)| range.contains(place)) {
                bytes[(place - range.start) as usize] = *byte;
            }
        }
        bytes
    }

    fn header(&self) -> reid_web::Result<Header> {
        let mut reader = HeaderReader::new(self.bytes);
        while let Some(range) = reader.next() {
            assert!(range.end - range.start < 1 << 20, "{range:?}");
            reader.give(&self.range(range))?;
        }
        reader.finish()
    }
}

/// An archive whose second storage begins behind the first `first` bytes of the first.
fn archive(first: u64) -> SparseFile {
    let mut file = SparseFile { bytes: 0, parts: Vec::new() };
    let mut directory = Vec::new();
    let row = b"K\0\x8a\x05\0\0\0\x40\0\x85K\x01\x85"; // [2^30]
    let count = i32::try_from(first / 4).unwrap();
    let pickle =
        dict(&[("large", tensor("0", count, row)), ("small", tensor("1", 6, b"K\0K\x06\x85K\x01\x85"))]);
    let contents = [("a/data.pkl", pickle, 0), ("a/data/0", vec![], first), ("a/data/1", vec![7; 24], 0)];
    for (name, contents, zeros) in contents {
        let (position, length) = (file.bytes, contents.len() as u64 + zeros);
        let header_end = position + 30 + name.len() as u64;
        let extra = (header_end + 4).next_multiple_of(64) - header_end;
        let lengths = [(name.len() as u16).to_le_bytes(), (extra as u16).to_le_bytes()].concat();
        let local = [b"PK\x03\x04\0\0\x08\0".as_slice(), &[0; 18], &lengths, name.as_bytes()].concat();
        file.append([local, vec![0; extra as usize], contents].concat());
        file.bytes += zeros;
        file.append(vec![0; 24]); // the descriptor, with lengths of 64 bits
        let sizes = [(name.len() as u16).to_le_bytes(), 28_u16.to_le_bytes()].concat();
        directory.extend([b"PK\x01\x02\0\0\0\0\x08\0".as_slice(), &[0; 10], &[0xff; 8], &sizes].concat());
        directory.extend([[0; 10].as_slice(), &[0xff; 4], name.as_bytes(), &[1, 0, 24, 0]].concat());
        directory.extend([length, length, position].map(u64::to_le_bytes).concat());
    }
    let (start, length) = (file.bytes, directory.len() as u64);
    let entries = 3_u64.to_le_bytes();
    file.append(directory);
    let end = file.bytes;
    file.append([b"PK\x06\x06".as_slice(), &[0; 20], &entries, &entries].concat());
    file.append([length, start].map(u64::to_le_bytes).concat());
    file.append([b"PK\x06\x07\0\0\0\0".as_slice(), &end.to_le_bytes(), &[0; 4]].concat());
    file.append([b"PK\x05\x06\0\0\0\0".as_slice(), &[0xff; 12], &[0; 2]].concat());
    file
}

#[test]
fn tensors_behind_the_first_4_gb_are_found() {
    let file = archive(4 << 30);
    let header = file.header().unwrap();
    let [large, small] = &header.tensors[..] else { panic!("{header:?}") };
    assert_eq!((large.bytes.end - large.bytes.start, &large.shape[..]), (4 << 30, &[1 << 30][..]));
    assert!(small.bytes.start > large.bytes.end);
    assert_eq!(file.range(small.bytes.clone()), [7; 24]);
}

#[test]
fn a_storage_of_more_than_4_gb_must_be_there() {
    let message = archive((4 << 30) - 4).header().unwrap_err().to_string();
    assert!(message.contains("tensor large [1073741824]"), "{message}");
    let mut file = archive(4 << 30);
    file.bytes -= 1 << 20;
    assert!(file.header().is_err());
}
