//! From the bytes of a file to its header, reading as few of them as possible.

use std::collections::VecDeque;
use std::ops::Range;

use super::pieces::{Pieces, Stop};
use super::{Header, legacy, refuse, torch_archive};
use crate::Result;

/// Bytes that are read from the beginning at once: the header of most files.
const HEAD_BYTES: u64 = 1 << 17;

const EXPECTED: &str =
    "expected a safetensors file or what torch.save or torch.jit.save writes (.pt, .pth, .bin)";

/// Finds out which tensors a weight file holds, by asking for a few ranges of its bytes.
///
/// The container is recognised by its bytes, not by the file's name: safetensors, torch's zip archives
/// (`torch.save` since 1.6, TorchScript) and the files of older versions of torch. About half a MB of a remote archive
/// of 600 MB is requested, in about six ranges.
///
/// Torch files describe their tensors by a pickle, a program for Python's unpickler. Here it is interpreted
/// by a machine that knows numbers, strings, containers, storages and tensors, and has no way to call
/// anything: every other class or function becomes an empty object with a name. That is how the optimizers and
/// arguments in training checkpoints are skipped. A pickle that names functions which run commands is
/// refused all the same, so that its owner learns of it.
///
/// ```
/// # use reid_web::weights::HeaderReader;
/// # fn read(file: &[u8]) -> reid_web::Result<()> {
/// let mut reader = HeaderReader::new(file.len() as u64);
/// while let Some(range) = reader.next() {
///     reader.give(&file[range.start as usize..range.end as usize])?;
/// }
/// let header = reader.finish()?;
/// # assert_eq!(header.tensors.len(), 1);
/// # Ok(())
/// # }
/// # let json = r#"{"a":{"dtype":"U8","shape":[0],"data_offsets":[0,0]}}"#;
/// # read(&[&(json.len() as u64).to_le_bytes(), json.as_bytes()].concat()).unwrap();
/// ```
#[derive(Debug)]
pub struct HeaderReader {
    file: Pieces,
    wanted: VecDeque<Range<u64>>,
    header: Option<Header>,
}

impl HeaderReader {
    /// Starts on a file of `file_bytes` bytes.
    pub fn new(file_bytes: u64) -> Self {
        let head = 0..file_bytes.min(HEAD_BYTES);
        let wanted = if head.is_empty() { VecDeque::new() } else { VecDeque::from([head]) };
        Self { file: Pieces::new(file_bytes), wanted, header: None }
    }

    /// The bytes of the file that are needed next; `None` when the header is complete.
    pub fn next(&self) -> Option<Range<u64>> {
        self.wanted.front().cloned()
    }

    /// Hands in the bytes that [`HeaderReader::next`] asked for.
    ///
    /// # Errors
    ///
    /// [`crate::Error::Checkpoint`] names what is wrong with the file and what was expected; nothing more is
    /// needed then.
    pub fn give(&mut self, bytes: &[u8]) -> Result<()> {
        let Some(range) = self.wanted.pop_front() else { return Ok(()) };
        if bytes.len() as u64 != range.end - range.start {
            self.wanted.clear();
            let found = bytes.len();
            return Err(refuse(format!(
                "{found} bytes were handed in, expected bytes {range:?} of the file"
            )));
        }
        self.file.insert(range.start, bytes);
        if self.wanted.is_empty() { self.read() } else { Ok(()) }
    }

    /// The header.
    ///
    /// # Errors
    ///
    /// [`crate::Error::Checkpoint`] if the file is empty or not all the bytes that were asked for were handed in.
    pub fn finish(self) -> Result<Header> {
        self.header.ok_or_else(|| match self.file.file_bytes {
            0 => refuse(format!("the file ends after 0 bytes, {EXPECTED}")),
            _ => refuse("its header has not been read to the end"),
        })
    }

    fn read(&mut self) -> Result<()> {
        match read(&self.file) {
            Ok(header) => self.header = Some(header),
            Err(Stop::Needs(ranges)) => self.wanted = ranges.into(),
            Err(Stop::Refused(error)) => return Err(error),
        }
        Ok(())
    }
}

fn read(file: &Pieces) -> Result<Header, Stop> {
    let head = file.get(0..file.file_bytes.min(HEAD_BYTES))?;
    if head.get(8) == Some(&b'{') {
        let header_bytes = Header::length(head, file.file_bytes)?;
        return Ok(Header::parse(file.get(0..header_bytes)?, file.file_bytes)?);
    }
    if head.starts_with(b"PK\x03\x04") {
        return torch_archive::read(file);
    }
    if legacy::is_legacy(head) {
        return legacy::read(file);
    }
    Err(refuse(format!("{}, {EXPECTED}", describe(head))).into())
}

/// What people provide instead of a weight file.
fn describe(head: &[u8]) -> String {
    let known: [(&[u8], &str); 9] = [
        (b"version https://git-lfs", "this is a Git LFS pointer: the file itself was not downloaded"),
        (b"<", "this is a web page or XML, not a weight file"),
        (b"{", "this is JSON text, not a weight file"),
        (b"\x89HDF", "this is an HDF5 file"),
        (b"GGUF", "this is a GGUF file"),
        (b"\x1f\x8b", "this is a gzip archive"),
        (b"PK\x05\x06", "this is an empty zip archive"),
        (b"\x93NUMPY", "this is a NumPy array"),
        (b"\x80", "this is a pickle that torch.save did not write"),
    ];
    let found = known.iter().find(|(magic, _)| head.starts_with(magic));
    found.map_or_else(
        || {
            format!(
                "this is no known kind of weight file (its first bytes are {:02x?})",
                &head[..head.len().min(8)]
            )
        },
        |(_, name)| (*name).to_owned(),
    )
}
