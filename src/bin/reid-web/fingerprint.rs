//! SHA-256 of files and of sets of files, in hexadecimal.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use sha2::{Digest, Sha256};

use super::Outcome;

/// Of a file, read at once.
const PIECE_BYTES: usize = 1 << 20;

/// Of a file's content.
pub fn of_file(path: &Path) -> Outcome<String> {
    of_parts(&[path])
}

/// Of the content of several files, one after another.
pub fn of_parts<P: AsRef<Path>>(paths: &[P]) -> Outcome<String> {
    let mut hash = Sha256::new();
    for path in paths {
        add(path.as_ref(), &mut hash)?;
    }
    Ok(hexadecimal(hash))
}

fn add(path: &Path, hash: &mut Sha256) -> Outcome<()> {
    let named = |error: io::Error| format!("{}: {error}", path.display());
    let mut file = File::open(path).map_err(named)?;
    let mut piece = vec![0; PIECE_BYTES];
    loop {
        let count = file.read(&mut piece).map_err(named)?;
        if count == 0 {
            return Ok(());
        }
        hash.update(&piece[..count]);
    }
}

/// One for a set of files, as the page computes it: of their SHA-256, sorted, one a line.
///
/// - returns `None` if one is not known, and for no files
pub fn of_set(contents: &[Option<String>]) -> Option<String> {
    let mut contents: Vec<&String> = contents.iter().map(Option::as_ref).collect::<Option<_>>()?;
    contents.sort_unstable();
    let mut hash = Sha256::new();
    contents.iter().for_each(|content| hash.update(format!("{content}\n")));
    (!contents.is_empty()).then(|| hexadecimal(hash))
}

fn hexadecimal(hash: Sha256) -> String {
    format!("{:x}", hash.finalize())
}
