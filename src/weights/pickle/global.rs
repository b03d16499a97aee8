//! The classes and functions that a pickle may name.
//!
//! - **Known**: what describes tensors and Python's containers; see [`Global::find`].
//! - **Refused**: modules that exist to run commands or code, to reach the network or the file system, or
//!   to load more pickles; [`REFUSED_MODULES`]. No checkpoint needs them, malicious ones do.
//! - Everything else is **opaque**: it can be called and returns an empty object, so that the arguments,
//!   schedulers and statistics in a training checkpoint do not keep its tensors from being read.
//!
//! Safety does not depend on the list of what is refused: nothing is ever run. The list exists so that somebody
//! with a malicious file learns of it.

use super::super::element::{Element, UNTYPED};
use super::refuse;
use super::value::Class;
use crate::Result;

/// Names beyond this are refused.
const MAX_GLOBAL_BYTES: usize = 512;

/// A class or function.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in super::super) enum Global {
    /// `(storage, offset, shape, strides, …)` → tensor.
    RebuildTensor,
    /// The same with the number format at index 6.
    RebuildTyped,
    /// `(tensor, …)` → tensor, `(list, …)` → list: the first argument.
    First,
    /// `(function, type, arguments, state)` → what the function returns for the arguments.
    RebuildFromType,
    /// `()` or `(pairs,)` → dictionary.
    Dict,
    /// `(factory,)` → dictionary.
    DefaultDict,
    /// A class of storages.
    Storage(&'static Element),
    /// A number format, such as `torch.float32`.
    Dtype(&'static Element),
    /// Any other.
    Opaque(Class),
}

/// Harmless names of Python's `builtins`.
const BUILTINS: &str = "\
    bool bytearray bytes complex dict float frozenset int list long object range set slice str tuple \
    type unicode xrange";

const REFUSED_MODULES: &str = "\
    _ctypes _io _operator _pickle _posixsubprocess _thread aiohttp asyncio bdb cPickle cProfile \
    cloudpickle code codeop commands concurrent ctypes dill distutils doctest ensurepip ftplib http \
    httplib idlelib imp importlib io joblib lib2to3 marshal multiprocessing nt operator os pdb pickle \
    pip posix profile pty pydoc requests runpy setuptools shutil signal smtplib socket ssl subprocess \
    sys telnetlib timeit urllib webbrowser";

/// Functions of torch that load or run code.
const REFUSED_NAMES: [&str; 5] =
    ["torch.hub.", "torch.load", "torch.jit.load", "torch.serialization.load", "torch.utils.cpp_extension."];

impl Global {
    /// What `name` of `module` is.
    ///
    /// - `class`: where in the pickle it is named
    ///
    /// # Errors
    ///
    /// [`crate::Error::Checkpoint`] names anything that could run something.
    pub fn find(module: &str, name: &str, class: Class) -> Result<Self> {
        let bytes = module.len() + name.len();
        if bytes > MAX_GLOBAL_BYTES {
            return Err(refuse(format!(
                "its pickle names a class by {bytes} bytes, expected at most {MAX_GLOBAL_BYTES}"
            )));
        }
        let full = format!("{module}.{name}");
        refuse_dangerous(module, name, &full)?;
        Ok(match full.as_str() {
            "torch._utils._rebuild_tensor" | "torch._utils._rebuild_tensor_v2" => Self::RebuildTensor,
            "torch._utils._rebuild_tensor_v3" => Self::RebuildTyped,
            "torch._utils._rebuild_parameter"
            | "torch._utils._rebuild_parameter_with_state"
            | "torch.nn.parameter.Parameter"
            | "torch.jit._pickle.restore_type_tag"
            | "torch.jit._pickle.build_tensorlist"
            | "torch.jit._pickle.build_intlist"
            | "torch.Size" => Self::First,
            "torch._tensor._rebuild_from_type_v2" => Self::RebuildFromType,
            "collections.OrderedDict" | "builtins.dict" | "__builtin__.dict" | "collections.Counter" => {
                Self::Dict
            }
            "collections.defaultdict" => Self::DefaultDict,
            "torch.storage.UntypedStorage" | "torch.UntypedStorage" => Self::Storage(&UNTYPED),
            _ => Self::of_torch(module, name).unwrap_or(Self::Opaque(class)),
        })
    }

    fn of_torch(module: &str, name: &str) -> Option<Self> {
        if !matches!(module, "torch" | "torch.cuda") || name.is_empty() {
            return None;
        }
        let storage = Element::of_storage(name).map(Self::Storage);
        storage.or_else(|| Element::of_dtype(name).map(Self::Dtype))
    }
}

fn refuse_dangerous(module: &str, name: &str, full: &str) -> Result<()> {
    let root = module.split('.').next().unwrap_or(module);
    let dangerous = match root {
        "builtins" | "__builtin__" => !has_word(BUILTINS, name) && !name.ends_with("Error"),
        _ => has_word(REFUSED_MODULES, root) || REFUSED_NAMES.iter().any(|start| full.starts_with(start)),
    };
    if !dangerous {
        return Ok(());
    }
    Err(refuse(format!(
        "its pickle wants to use {full}, which can run commands or code: do not open it with torch.load. Nothing \
         was run here; expected tensors in dictionaries, lists and modules"
    )))
}

fn has_word(words: &str, word: &str) -> bool {
    words.split(' ').any(|other| other == word)
}
