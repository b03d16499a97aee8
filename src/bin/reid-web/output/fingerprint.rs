//! SHA-256 of files, in hexadecimal.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use sha2::{Digest, Sha256};

use crate::Outcome;
use crate::output::files::named;

/// Of a file, read at once.
const PIECE_BYTES: usize = 1 << 20;

/// Of the content of several files, one after another; they may be larger than the memory.
pub fn of_parts<P: AsRef<Path>>(paths: &[P]) -> Outcome<String> {
    let mut hash = Sha256::new();
    paths.iter().try_for_each(|path| add(path.as_ref(), &mut hash))?;
    Ok(hexadecimal(hash))
}

fn add(path: &Path, hash: &mut Sha256) -> Outcome<()> {
    let named = named(path);
    let (mut file, mut piece) = (File::open(path).map_err(&named)?, vec![0; PIECE_BYTES]);
    loop {
        match file.read(&mut piece) {
            Ok(0) => return Ok(()),
            Ok(count) => hash.update(&piece[..count]),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(named(error)),
        }
    }
}

/// Of a file's content in memory.
pub fn of_bytes(bytes: &[u8]) -> String {
    hexadecimal(Sha256::new_with_prefix(bytes))
}

fn hexadecimal(hash: Sha256) -> String {
    format!("{:x}", hash.finalize())
}
