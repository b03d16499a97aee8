//! What torch files say of themselves by their pickle: no code is run, no lie believed.

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

use crate::weights::archives::{MATRIX, archive, dict, legacy, one_tensor, tensor, text};
use crate::weights::read;
use reid_web::weights::{MAX_DEPTH, MAX_NAME_BYTES, MAX_PICKLE_BYTES, MAX_VALUES};

/// The pickle is refused in an archive and in a legacy file, with a message that has all of `named`.
#[track_caller]
fn assert_refused(pickle: &[u8], named: &[&str]) {
    for file in [archive(pickle), legacy(pickle)] {
        let message = read(&file).unwrap_err().to_string();
        for name in named {
            assert!(message.contains(name), "{message:?} does not name {name:?}");
        }
    }
}

#[test]
fn a_pickle_of_one_tensor_is_read() {
    for file in [archive(&one_tensor()), legacy(&one_tensor())] {
        let header = read(&file).unwrap();
        assert_eq!(header.tensors.len(), 1);
        let tensor = &header.tensors[0];
        assert_eq!(
            (tensor.name.as_str(), tensor.dtype.as_str(), &tensor.shape[..]),
            ("w", "F32", &[2, 3][..])
        );
        assert_eq!(file[tensor.bytes.start as usize..tensor.bytes.end as usize], [7; 24]);
    }
}

#[test]
fn a_pickle_that_would_run_something_is_refused_by_name() {
    let called = |module: &str, name: &str| [&text("id"), format!("c{module}\n{name}\n").as_bytes()].concat();
    for (module, name) in [
        ("os", "system"),
        ("posix", "system"),
        ("nt", "system"),
        ("os", "popen"),
        ("subprocess", "Popen"),
        ("subprocess", "check_output"),
        ("builtins", "eval"),
        ("builtins", "exec"),
        ("builtins", "getattr"),
        ("__builtin__", "eval"),
        ("builtins", "__import__"),
        ("builtins", "open"),
        ("runpy", "_run_code"),
        ("importlib", "import_module"),
        ("pickle", "loads"),
        ("socket", "socket"),
        ("urllib.request", "urlopen"),
        ("webbrowser", "open"),
        ("torch.hub", "load"),
        ("torch", "load"),
        ("os.path", "join"),
    ] {
        let call = [called(module, name), b"(X\x02\0\0\0id\x85R".to_vec()].concat();
        let hidden = dict(&[("w", tensor("0", 6, MATRIX)), ("x", call[7..].to_vec())]);
        assert_refused(&hidden, &[&format!("{module}.{name}"), "Nothing was run", "expected tensors"]);
    }
}

#[test]
fn the_name_of_what_would_run_is_found_in_each_way_of_writing_it() {
    let by_stack =
        [b"\x80\x04".as_slice(), &text("os"), &text("system"), b"\x93", &text("id"), b"\x85R."].concat();
    assert_refused(&by_stack, &["os.system"]);
    let memoized = b"\x80\x04\x8c\x05posix\x94\x8c\x06system\x94\x93\x94\x8c\x02id\x94\x85\x94R\x94.";
    assert_refused(memoized, &["posix.system"]);
    assert_refused(b"cos\nsystem\n(S'id'\ntR.", &["os.system"]);
    assert_refused(b"\x80\x02cbuiltins\neval\n)\x81.", &["builtins.eval"]);
}

#[test]
fn what_is_only_unknown_is_passed_over() {
    let call = b"cargparse\nNamespace\n)\x81}(X\x02\0\0\0lrK\x01ub".to_vec();
    let numpy = b"cnumpy._core.multiarray\nscalar\n(cnumpy\ndtype\nX\x02\0\0\0f8\x85RC\x02aatR".to_vec();
    let derived = b"cmylib\nTensor\n(X\x01\0\0\0ctR}X\x01\0\0\0sK\x01sb".to_vec();
    let pickle = dict(&[("args", call), ("best", numpy), ("odd", derived), ("w", tensor("0", 6, MATRIX))]);
    let header = read(&archive(&pickle)).unwrap();
    assert_eq!(header.tensors.len(), 1);
    let unusable: Vec<_> = header.unusable.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(unusable, ["args", "best", "odd"]);
    assert!(header.unusable[2].1.contains("mylib.Tensor"), "{:?}", header.unusable[2]);
}

#[test]
fn a_file_without_a_tensor_says_what_it_holds() {
    assert_refused(b"\x80\x02}.", &["no tensors", "state_dict()"]);
    assert_refused(b"\x80\x02cmylib\nModel\n)\x81}b.", &["no tensors", "mylib.Model"]);
    let transposed = dict(&[("w", tensor("0", 6, b"K\0K\x02K\x03\x86K\x01K\x02\x86"))]);
    assert_refused(&transposed, &["no tensors", "w: ", "strides [1, 2]", ".contiguous()"]);
}

#[test]
fn a_tensor_that_does_not_fit_its_storage_is_refused() {
    let refused = |view: &[u8], named: &[&str]| assert_refused(&dict(&[("w", tensor("0", 6, view))]), named);
    refused(b"K\x01K\x02K\x03\x86K\x03K\x01\x86", &["tensor w [2, 3]", "from element 1 on", "24 bytes"]);
    refused(b"K\0K\x03K\x03\x86K\x03K\x01\x86", &["tensor w [3, 3]", "does not fit"]);
    refused(b"K\0\x8a\x08\xff\xff\xff\xff\xff\xff\xff\x7f\x85K\x01\x85", &["tensor w", "does not fit"]);
    refused(b"\x8a\x08\xff\xff\xff\xff\xff\xff\xff\x7fK\x02\x85K\x01\x85", &["tensor w", "does not fit"]);
    refused(b"J\xff\xff\xff\xffK\x02\x85K\x01\x85", &["negative offset"]);
    refused(b"K\0J\xff\xff\xff\xff\x85K\x01\x85", &["shape or strides"]);
    refused(b"K\0K\x02K\x03\x86K\x01\x85", &["more axes than strides"]);
    let axes = [b"(".to_vec(), b"K\x01".repeat(65), b"tq\0h\0".to_vec()].concat();
    refused(&[b"K\0".to_vec(), axes].concat(), &["axes", "more than 64"]);
    refused(b"K\0NN", &["shape or strides"]);
    refused(b"", &["without storage, offset, shape and strides"]);
}

#[test]
fn a_storage_that_is_not_there_or_shorter_is_refused() {
    let lying = |key: &str, count| dict(&[("w", tensor(key, count, MATRIX))]);
    let message = |file: &[u8]| read(file).unwrap_err().to_string();
    assert!(
        message(&archive(&lying("0", 7))).contains("storage 0 has 24 bytes"),
        "{}",
        message(&archive(&lying("0", 7)))
    );
    assert!(
        message(&archive(&lying("1", 6))).contains("storage 1, which data.pkl names, is not in the archive")
    );
    assert!(message(&legacy(&lying("0", 7))).contains("storage 0 extends beyond the end"));
    assert!(message(&legacy(&lying("0", 5))).contains("4 bytes follow the last storage"));
    assert!(message(&legacy(&lying("1", 6))).contains("storage 0 of the torch file is named in only one"));
    assert_refused(&lying("0", -1), &["negative length"]);
    assert_refused(&lying("0", i32::MAX), &["storage 0"]);
}

#[test]
fn two_tensors_of_one_name_are_refused() {
    let w = || tensor("0", 6, MATRIX);
    assert_refused(&dict(&[("w", w()), ("w", w())]), &["tensor w appears twice"]);
    let inner = [b"}".as_slice(), &text("b"), &w(), b"s"].concat();
    assert_refused(&dict(&[("a.b", w()), ("a", inner)]), &["tensor a.b appears twice"]);
}

#[test]
fn a_tensor_with_the_name_of_the_metadata_is_not_lost_silently() {
    let pickle = dict(&[("__metadata__", tensor("0", 6, MATRIX)), ("w", tensor("0", 6, MATRIX))]);
    let header = read(&archive(&pickle)).unwrap();
    assert_eq!(header.tensors.len(), 1);
    assert_eq!(header.unusable[0].0, "__metadata__");
}

#[test]
fn a_value_within_itself_or_nested_without_end_is_refused() {
    let cyclic_list = b"\x80\x02]q\0h\0a.";
    assert_refused(cyclic_list, &["nested deeper than 64 levels, or within themselves"]);
    let cyclic_dict = b"\x80\x02}q\0X\x01\0\0\0ah\0s.";
    assert_refused(cyclic_dict, &["nested deeper", "within themselves"]);
    let deep = [b"\x80\x02".to_vec(), vec![b']'; 100_000], vec![b'a'; 99_999], vec![b'.']].concat();
    assert_refused(&deep, &["nested deeper"]);
    let level = MAX_DEPTH - 1;
    let nested = [vec![b']'; level], tensor("0", 6, MATRIX), vec![b'a'; level], vec![b'.']].concat();
    assert_eq!(read(&archive(&nested)).unwrap().tensors.len(), 1);
}

#[test]
fn values_that_multiply_are_refused() {
    // Each of 40 lists holds the one before twice: 2^40 values.
    let doubling = [b"\x80\x02]q\0".to_vec(), b"](h\0h\0eq\0".repeat(40), b".".to_vec()].concat();
    assert_refused(&doubling, &["repeated more often"]);
    let many = [vec![b']'; MAX_VALUES], vec![b'.']].concat();
    assert_refused(&many, &["more than 1048576 values"]);
    let marks = [vec![b'('; MAX_VALUES + 1], vec![b'.']].concat();
    assert_refused(&marks, &["more than 1048576 values"]);
    // A tuple of many values that is the arguments of many calls.
    let arguments = [b"(".to_vec(), vec![b'N'; 100_000], b"tq\0".to_vec()].concat();
    let calls =
        [arguments, b"cmylib\nf\nq\x01".to_vec(), b"h\x01h\0R".repeat(100_000), b".".to_vec()].concat();
    assert_refused(&calls, &["more than 1048576 values"]);
}

#[test]
fn names_without_end_are_refused() {
    let long = "n".repeat(MAX_NAME_BYTES + 1);
    assert_refused(&dict(&[(&long, tensor("0", 6, MATRIX))]), &["more than 1024 bytes"]);
    let class = format!("c{long}\nf\n.");
    assert_refused(class.as_bytes(), &["names a class by 1026 bytes", "at most 512"]);
    assert_refused(&dict(&[("w", tensor(&long, 6, MATRIX))]), &["a name of more than 256 bytes"]);
    assert_eq!(read(&archive(&dict(&[(&long[1..], tensor("0", 6, MATRIX))]))).unwrap().tensors.len(), 1);
}

#[test]
fn a_malformed_pickle_is_refused() {
    assert_refused(b"\x80\x02h\x05.", &["a reference to value 5, which is not there"]);
    assert_refused(b"\x80\x02R.", &["lacks its values"]);
    assert_refused(b"\x80\x02N(.", &["lacks its values"]);
    assert_refused(b"\x80\x02t.", &["an end without a beginning"]);
    assert_refused(b"\x80\x02}(Nu.", &["a key without a value"]);
    assert_refused(b"\x80\x02K\x01K\x02a.", &["does not fit its value"]);
    assert_refused(b"\x80\x02)K\x02a.", &["appended to what is no list"]);
    assert_refused(b"\x80\x02I42\n.", &["the instruction 0x49, which torch does not write"]);
    assert_refused(b"\x80\x02\x82\x01.", &["the instruction 0x82"]);
    assert_refused(b"\x80\x02X\x01\0\0\0aQ.", &["persistent id that is no tuple"]);
    assert_refused(b"\x80\x02ctorch._utils\n_rebuild_tensor_v2\nNR.", &["without a tuple of arguments"]);
    assert_refused(b"\x80\x02K\x01K\x02\x93.", &["a class without a name"]);
    let huge = b"\x80\x04\x8d\xff\xff\xff\xff\xff\xff\xff\x7f.";
    assert_refused(huge, &["a value of 9223372036854775807 bytes", &MAX_PICKLE_BYTES.to_string()]);
}

#[test]
fn a_pickle_without_an_end_is_refused() {
    let pickle = one_tensor();
    for end in 0..pickle.len() {
        let message = read(&archive(&pickle[..end])).unwrap_err().to_string();
        assert!(message.contains("ends before its pickle does"), "{end}: {message}");
    }
}
