//! What weight files hold, against torch (made by `tests/reference/encoder/make_weight_fixtures.py`).

mod archives;
mod broken;
mod pickles;
mod zip64;

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

use reid_web::Result;
use reid_web::weights::{Header, HeaderReader, TensorInfo};

/// A file of torch's and the tensors that torch reads from it.
pub struct Checkpoint {
    pub name: &'static str,
    pub file: &'static [u8],
    pub expected: &'static [u8],
}

macro_rules! checkpoints {
    ($($name:literal),*) => {
        [$(Checkpoint {
            name: $name,
            file: include_bytes!(concat!("../../fixtures/weights/", $name, ".pt")),
            expected: include_bytes!(concat!("../../fixtures/weights/", $name, ".safetensors")),
        }),*]
    };
}

pub const CHECKPOINTS: [Checkpoint; 15] = checkpoints![
    "archive",
    "archive-protocol-4",
    "archive-protocol-5",
    "dtypes",
    "legacy",
    "legacy-module",
    "legacy-protocol-4",
    "legacy-training",
    "legacy-views",
    "module",
    "parameters",
    "script",
    "trace",
    "training",
    "views"
];

pub fn checkpoint(name: &str) -> &'static Checkpoint {
    CHECKPOINTS.iter().find(|checkpoint| checkpoint.name == name).unwrap()
}

/// Reads a header, and counts the ranges and bytes asked for.
pub fn read_counted(file: &[u8]) -> Result<(Header, usize, usize)> {
    let (mut ranges, mut bytes) = (0, 0);
    let mut reader = HeaderReader::new(file.len() as u64);
    while let Some(range) = reader.next() {
        let part = &file[range.start as usize..range.end as usize];
        (ranges, bytes) = (ranges + 1, bytes + part.len());
        reader.give(part)?;
    }
    Ok((reader.finish()?, ranges, bytes))
}

pub fn read(file: &[u8]) -> Result<Header> {
    read_counted(file).map(|(header, ..)| header)
}

fn by_name(mut header: Header) -> Vec<TensorInfo> {
    header.tensors.sort_by(|a, b| a.name.cmp(&b.name));
    header.tensors
}

fn bytes_of<'file>(file: &'file [u8], tensor: &TensorInfo) -> &'file [u8] {
    &file[tensor.bytes.start as usize..tensor.bytes.end as usize]
}

#[test]
fn every_tensor_has_the_bytes_that_torch_reads() {
    for Checkpoint { name, file, expected } in CHECKPOINTS {
        let (found, wanted) = (by_name(read(file).unwrap()), by_name(read(expected).unwrap()));
        let names =
            |tensors: &[TensorInfo]| tensors.iter().map(|tensor| tensor.name.clone()).collect::<Vec<_>>();
        assert_eq!(names(&found), names(&wanted), "{name}");
        for (found, wanted) in found.iter().zip(&wanted) {
            let tensor = &found.name;
            assert_eq!((&found.dtype, &found.shape), (&wanted.dtype, &wanted.shape), "{name}: {tensor}");
            assert_eq!(bytes_of(file, found), bytes_of(expected, wanted), "{name}: {tensor}");
        }
    }
}

#[test]
fn tensors_that_cannot_be_read_in_place_are_listed_with_the_reason() {
    let mut seen = 0;
    for Checkpoint { name, file, expected } in CHECKPOINTS {
        let length = Header::length(expected, expected.len() as u64).unwrap() as usize;
        let json: serde_json::Value = serde_json::from_slice(&expected[8..length]).unwrap();
        let unusable = json["__metadata__"]["unusable"].as_str().unwrap();
        let header = read(file).unwrap();
        for tensor in serde_json::from_str::<Vec<String>>(unusable).unwrap() {
            seen += 1;
            let (_, reason) = header.unusable.iter().find(|(found, _)| *found == tensor).unwrap();
            let said = if tensor == "complex128" { "torch.complex128" } else { ".contiguous()" };
            assert!(reason.contains(said), "{name}: {tensor}: {reason}");
        }
    }
    assert!(seen >= 7, "{seen}");
}

#[test]
fn objects_of_unknown_classes_are_named_and_passed_over() {
    let header = read(checkpoint("training").file).unwrap();
    let reason = |name: &str| &header.unusable.iter().find(|(found, _)| found == name).unwrap().1;
    assert!(reason("args").contains("argparse.Namespace"), "{}", reason("args"));
    assert!(reason("best").contains("multiarray.scalar"), "{}", reason("best"));
    assert!(header.tensors.iter().any(|tensor| tensor.name == "model.visual.1.0.ln_1.weight"));
    assert!(header.tensors.iter().any(|tensor| tensor.name == "optimizer.state.0.exp_avg"));
}

#[test]
fn tensors_that_share_a_storage_have_the_same_bytes() {
    let header = read(checkpoint("script").file).unwrap();
    let bytes = |name: &str| &header.tensors.iter().find(|tensor| tensor.name == name).unwrap().bytes;
    assert_eq!(bytes("tied"), bytes("visual.0.bias"));
}

#[test]
fn a_subset_is_a_safetensors_file_of_its_own() {
    for Checkpoint { name, file, .. } in CHECKPOINTS {
        let header = read(file).unwrap();
        let chosen: Vec<_> = header.tensors.iter().step_by(2).collect();
        let subset = header.subset(&chosen.iter().map(|tensor| tensor.name.as_str()).collect::<Vec<_>>());
        assert!(subset.header.len().is_multiple_of(8), "{name}");
        let blocks = subset.blocks.iter().map(|block| &file[block.start as usize..block.end as usize]);
        let smaller = [subset.header.as_slice()].into_iter().chain(blocks).collect::<Vec<_>>().concat();
        let read_back = read(&smaller).unwrap();
        assert_eq!(read_back.tensors.len(), chosen.len(), "{name}");
        for (back, chosen) in by_name(read_back).iter().zip(sorted(&chosen)) {
            assert_eq!((&back.name, &back.dtype, &back.shape), (&chosen.name, &chosen.dtype, &chosen.shape));
            assert_eq!(bytes_of(&smaller, back), bytes_of(file, chosen), "{name}: {}", back.name);
        }
    }
}

fn sorted<'header>(tensors: &[&'header TensorInfo]) -> Vec<&'header TensorInfo> {
    let mut tensors = tensors.to_vec();
    tensors.sort_by(|a, b| a.name.cmp(&b.name));
    tensors
}

#[test]
fn a_subset_of_nothing_is_a_file_without_tensors() {
    let header = read(checkpoint("archive").file).unwrap();
    let subset = header.subset(&["not there"]);
    assert_eq!(subset.blocks, []);
    assert_eq!(read(&subset.header).unwrap().tensors, []);
}
