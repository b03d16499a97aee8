//! Weight files that are cut off, damaged or lie: an error that says so, never a panic or a wrong tensor.

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

use crate::weights::archives::{Entry, archive, dict, entry, legacy, one_tensor, tensor, zip};
use crate::weights::{CHECKPOINTS, Checkpoint, checkpoint, read, read_counted};
use reid_web::weights::HeaderReader;

#[track_caller]
fn assert_refused(file: &[u8], named: &[&str]) {
    let message = read(file).unwrap_err().to_string();
    for name in named {
        assert!(message.contains(name), "{message:?} does not name {name:?}");
    }
}

/// A safetensors file with the header `json` and `data` bytes behind it.
fn safetensors(json: &str, data: usize) -> Vec<u8> {
    [&(json.len() as u64).to_le_bytes(), json.as_bytes(), &vec![0; data]].concat()
}

/// The entries of [`archive`], one of them changed.
fn altered(index: usize, alter: impl Fn(&mut Entry)) -> Vec<u8> {
    let mut entries = [entry("a/data.pkl", &one_tensor()), entry("a/data/0", &[7; 24])];
    alter(&mut entries[index]);
    zip(&entries)
}

/// `file` with `bytes` at `from_end` bytes before its end.
fn patched(mut file: Vec<u8>, from_end: usize, bytes: &[u8]) -> Vec<u8> {
    let at = file.len() - from_end;
    file[at..at + bytes.len()].copy_from_slice(bytes);
    file
}

#[test]
fn a_file_of_another_kind_is_named() {
    assert_refused(b"", &["0 bytes", "expected a safetensors file or what torch.save"]);
    assert_refused(b"<!DOCTYPE html><html>", &["web page", "expected a safetensors"]);
    assert_refused(b"version https://git-lfs.github.com/spec/v1\noid", &["Git LFS pointer"]);
    assert_refused(b"GGUF\x03\0\0\0\0\0", &["GGUF"]);
    assert_refused(b"\x89HDF\r\n\x1a\n", &["HDF5"]);
    assert_refused(b"\x1f\x8b\x08\0", &["gzip"]);
    assert_refused(b"{\"model_type\": \"clip\"}", &["JSON"]);
    assert_refused(b"\x80\x04\x95\x05\0\0\0\0\0\0\0}\x94.", &["a pickle that torch.save did not write"]);
    assert_refused(b"\x93NUMPY\x01\0", &["NumPy"]);
    assert_refused(b"\x08\x07\x12\x07pytorch", &["no known kind", "[08, 07, 12"]);
    assert_refused(b"PK\x05\x06", &["empty zip archive"]);
}

#[test]
fn a_safetensors_header_that_lies_is_refused() {
    let one = |shape: &str, offsets: &str| {
        safetensors(&format!(r#"{{"a":{{"dtype":"F32","shape":{shape},"data_offsets":{offsets}}}}}"#), 8)
    };
    assert_eq!(read(&one("[2]", "[0,8]")).unwrap().tensors.len(), 1);
    assert_refused(&one("[3]", "[0,8]"), &["tensor a has 8 bytes", "[3] in F32 takes 12"]);
    assert_refused(&one("[9223372036854775808,64]", "[0,8]"), &["tensor a"]);
    assert_refused(&one("[2]", "[8,0]"), &["tensor a", "its header is wrong"]);
    assert_refused(&one("[2]", "[4,12]"), &["tensor a", "truncated"]);
    assert_refused(&one("[2]", "[9223372036854775808,9223372036854775816]"), &["tensor a", "truncated"]);
    assert_refused(&one("[2]", "[18446744073709551608,18446744073709551615]"), &["tensor a", "truncated"]);
    assert_refused(&one("[-1]", "[0,8]"), &["entry for a is malformed"]);
    assert_refused(&one("[2]", "[0]"), &["entry for a is malformed"]);
    assert_refused(&safetensors("{\"a\":", 0), &["not valid JSON"]);
    assert_refused(
        &[&(1_u64 << 63).to_le_bytes(), b"{}".as_slice()].concat(),
        &["9223372036854775808 bytes"],
    );
    assert_refused(&[&100_u64.to_le_bytes(), b"{}".as_slice()].concat(), &["truncated"]);
    let a = r#""a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}"#;
    let b = r#""b":{"dtype":"F32","shape":[2],"data_offsets":[4,12]}"#;
    assert_refused(&safetensors(&format!("{{{a},{b}}}"), 12), &["tensors a and b overlap"]);
    assert_refused(&safetensors(&format!("{{{a},{a}}}"), 8), &["tensor a appears twice"]);
}

#[test]
fn every_file_that_is_cut_off_is_refused() {
    for Checkpoint { name, file, expected } in CHECKPOINTS {
        for whole in [file, expected] {
            for end in (0..whole.len()).step_by(if whole.len() > 4000 { 7 } else { 1 }) {
                assert!(read(&whole[..end]).is_err(), "{name} cut off after {end} bytes");
            }
        }
    }
}

#[test]
fn no_damaged_byte_makes_reading_panic_or_leave_the_file() {
    for Checkpoint { file, expected, .. } in
        CHECKPOINTS.iter().filter(|checkpoint| checkpoint.file.len() < 2500)
    {
        for whole in [file, expected] {
            for at in 0..whole.len() {
                for byte in [0xff, whole[at] ^ 1] {
                    let mut damaged = whole.to_vec();
                    damaged[at] = byte;
                    let Ok(header) = read(&damaged) else { continue };
                    let is_inside = |end: u64| end <= whole.len() as u64;
                    assert!(header.tensors.iter().all(|tensor| is_inside(tensor.bytes.end)), "{at}: {byte}");
                }
            }
        }
    }
}

#[test]
fn an_archive_whose_directory_lies_is_refused() {
    let good = || archive(&one_tensor());
    assert!(read(&good()).is_ok());
    assert_refused(&patched(good(), 22, b"none"), &["no directory at its end", "truncated"]);
    assert_refused(&patched(good(), 2, b"\x01"), &["no directory at its end"]);
    assert_refused(&patched(good(), 6, &u32::MAX.to_le_bytes()), &["zip64 directory is missing"]);
    assert_refused(
        &patched(good(), 6, &0x7fff_ffff_u32.to_le_bytes()),
        &["its directory lies at", "its end is wrong"],
    );
    assert_refused(&patched(good(), 10, &0x7fff_ffff_u32.to_le_bytes()), &["its directory lies at"]);
    assert_refused(&patched(good(), 12, &1000_u16.to_le_bytes()), &["1000 entries", "46 or more"]);
    assert_refused(
        &patched(good(), 6, &3_u32.to_le_bytes()),
        &["entry 0 in the directory of the zip archive is broken"],
    );
    let many = zip(&[entry("a/data.pkl", &one_tensor()), entry("a/data.pkl", &[])]);
    assert_refused(&many, &["several entries of the same name"]);
    assert_refused(&zip(&[]), &["empty zip archive"]);
    assert_refused(&zip(&[entry("a/model.py", b"")]), &["no data.pkl", "torch.save or torch.jit.save"]);
    let overlapping = altered(0, |entry| (entry.length, entry.packed) = (1000, 1000));
    assert_refused(&overlapping, &["entries a/data.pkl and a/data/0 of the archive overlap"]);
}

#[test]
fn a_zip64_directory_that_lies_is_refused() {
    let good = checkpoint("archive").file;
    let zip64 = 98; // its end, the locator and the old end
    let refused = |from_end: usize, bytes: &[u8], named: &str| {
        assert_refused(&patched(good.to_vec(), from_end, bytes), &[named]);
    };
    refused(zip64, b"none", "zip64 directory is not where the archive's end record places it");
    refused(
        zip64 - 56 - 8 + 24 - 24,
        &u64::MAX.to_le_bytes()[..8],
        "zip64 directory is not where the archive's end record places it",
    );
    refused(zip64 - 48, &u64::MAX.to_le_bytes(), "contradict each other");
    refused(zip64 - 40, &(1_u64 << 63).to_le_bytes(), "its directory lies at");
    refused(zip64 - 32, &(1_u64 << 63).to_le_bytes(), "9223372036854775808 entries");
}

#[test]
fn an_archive_that_torch_did_not_write_is_refused() {
    let compressed = altered(1, |entry| (entry.method, entry.length) = (8, 1 << 30));
    assert_refused(
        &compressed,
        &["a/data/0", "compressed (24 bytes for 1073741824, method 8)", "save the checkpoint"],
    );
    assert_refused(&altered(0, |entry| entry.method = 8), &["a/data.pkl", "compressed"]);
    assert_refused(&altered(0, |entry| entry.length += 1), &["a/data.pkl", "compressed"]);
    assert_refused(&altered(1, |entry| entry.flags = 1), &["a/data/0", "encrypted"]);
    assert_refused(
        &altered(1, |entry| entry.local_name = "a/data/1".into()),
        &["a/data/0", "not where the directory"],
    );
    let big = [entry("a/data.pkl", &one_tensor()), entry("a/byteorder", b"big"), entry("a/data/0", &[7; 24])];
    assert_refused(&zip(&big), &["big-endian"]);
    let endless = zip(&[entry("a/data.pkl", &vec![b'N'; (1 << 24) + 1])]);
    assert_refused(&endless, &["data.pkl in the archive has 16777217 bytes", "at most 16777216"]);
}

#[test]
fn an_archive_that_is_laid_out_in_another_way_is_read() {
    let good = archive(&one_tensor());
    let expected = &read(&good).unwrap().tensors[0];
    let is_right = |file: &[u8]| {
        let found = &read(file).unwrap().tensors[0];
        assert_eq!((&found.name, &found.shape), (&expected.name, &expected.shape));
        assert_eq!(file[found.bytes.start as usize..found.bytes.end as usize], [7; 24]);
    };
    is_right(&altered(1, |entry| entry.extra = Some(0)));
    is_right(&altered(1, |entry| entry.extra = Some(5)));
    is_right(&altered(1, |entry| entry.extra = Some(500)));
    is_right(&altered(1, |entry| (entry.extra, entry.gap) = (Some(0), 64)));
    is_right(&altered(1, |entry| (entry.flags, entry.gap) = (8, 16)));
    is_right(&altered(1, |entry| (entry.flags, entry.gap) = (8, 24)));
    is_right(&altered(1, |entry| (entry.flags, entry.gap) = (8, 12)));
}

#[test]
fn a_legacy_file_that_lies_is_refused() {
    let good = || legacy(&one_tensor());
    assert!(read(&good()).is_ok());
    assert_refused(&patched(good(), 32, &7_u64.to_le_bytes()), &["storage 0", "expected 6"]);
    assert_refused(&[good(), vec![0]].concat(), &["1 bytes follow the last storage"]);
    let version = good().iter().position(|byte| *byte == 0xe9).unwrap();
    let later = good().len() - version;
    assert_refused(&patched(good(), later, b"\xea"), &["unknown version", "1001"]);
    assert_refused(&[&good()[..23], b"}.".as_slice(), b"]]a."].concat(), &["keys", "not strings"]);
    assert_refused(&[&good()[..23], b"}.".as_slice(), b"}."].concat(), &["no list of its storages"]);
}

#[test]
fn bytes_that_were_not_asked_for_are_refused() {
    let mut reader = HeaderReader::new(1000);
    assert_eq!(reader.next(), Some(0..1000));
    let message = reader.give(&[0; 999]).unwrap_err().to_string();
    assert!(message.contains("999 bytes were handed in, expected bytes 0..1000 of the file"), "{message}");
    assert_eq!(reader.next(), None);
    assert!(reader.finish().unwrap_err().to_string().contains("not been read to the end"));
}

/// An archive as torch writes it with 150 storages of 256 kB and more, a tensor in each.
fn large_archive() -> Vec<u8> {
    let size = |index: usize| (1 << 18) + 4 * index;
    let names: Vec<String> = (0..150).map(|index| format!("layer.{index}.weight")).collect();
    let four = b"K\0K\x04\x85K\x01\x85";
    let tensors = (0..150).map(|index| tensor(&index.to_string(), size(index) as i32 / 4, four));
    let pickle = dict(&names.iter().map(String::as_str).zip(tensors).collect::<Vec<_>>());
    let storages = (0..150).map(|index| {
        let storage = entry(&format!("a/data/{index}"), &vec![index as u8; size(index)]);
        Entry { flags: 8, gap: 16, ..storage }
    });
    zip(&[entry("a/data.pkl", &pickle)].into_iter().chain(storages).collect::<Vec<_>>())
}

#[test]
fn a_large_archive_is_read_in_few_ranges() {
    let file = large_archive();
    let (header, ranges, bytes) = read_counted(&file).unwrap();
    assert_eq!(header.tensors.len(), 150);
    for (index, tensor) in header.tensors.iter().enumerate() {
        assert_eq!(tensor.name, format!("layer.{index}.weight"));
        assert_eq!(file[tensor.bytes.start as usize..tensor.bytes.end as usize], [index as u8; 16]);
    }
    assert!(ranges <= 7, "{ranges} ranges");
    assert!(bytes <= 300_000, "{bytes} bytes of {}", file.len());
}

/// Most bytes that are allocated at a time while a file is read.
#[cfg(not(target_arch = "wasm32"))]
fn memory(file: &[u8]) -> u64 {
    allocation_counter::measure(|| drop(read(file))).bytes_max
}

#[cfg(not(target_arch = "wasm32"))]
#[test]
fn lengths_that_are_only_stated_take_no_memory() {
    let far = 1_u64 << 40;
    let header = [&99_999_999_u64.to_le_bytes(), b"{}".as_slice()].concat();
    let string = [b"\x80\x04\x8d".as_slice(), &(1_u64 << 23).to_le_bytes()].concat();
    let shape = b"K\0\x8a\x06\0\0\0\0\0\x01\x85K\x01\x85";
    for file in [
        header,
        archive(&string),
        legacy(&string),
        archive(&dict(&[("w", tensor("0", i32::MAX, shape))])),
        altered(1, |entry| (entry.length, entry.packed) = (far, far)),
        patched(archive(&one_tensor()), 12, &u16::MAX.to_le_bytes()),
        patched(checkpoint("archive").file.to_vec(), 58, &far.to_le_bytes()),
    ] {
        let (found, given) = (memory(&file), file.len() as u64);
        assert!(found <= 4 * given + 4096, "{found} bytes for {given}");
    }
}

#[cfg(not(target_arch = "wasm32"))]
#[test]
fn memory_is_bounded_however_dense_a_pickle_is() {
    for dense in
        [b"]".as_slice(), b")", b"}", b"N", b"K\x01", b"(", b"(l", b"]q\0", b"cm\nC\n)\x81", b"K\x01\x85"]
    {
        for count in [1000, 1 << 20] {
            let file = archive(&[dense.repeat(count), b".".to_vec()].concat());
            let (found, given) = (memory(&file), file.len() as u64);
            println!("{dense:02x?} × {count}: {found} bytes for {given}");
            assert!(
                found <= 2 * given + (64 << 20).min(128 * given),
                "{dense:02x?} × {count}: {found} for {given}"
            );
        }
    }
}
