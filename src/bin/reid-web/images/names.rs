//! How files and folders are shown: names of any bytes as text, different names as different text.

use std::ffi::OsStr;
use std::fmt::Write;
use std::path::Path;

use std::char::REPLACEMENT_CHARACTER;

/// A name as text. A byte that is not UTF-8 becomes `�` with its two digits, "M�FCller", so that names that differ are
/// shown differently; a name that is UTF-8 stays as it is, but for a `�` in it.
pub fn shown(name: &OsStr) -> String {
    match name.to_str() {
        Some(text) if !text.contains(REPLACEMENT_CHARACTER) => text.to_owned(),
        _ => escaped(name.as_encoded_bytes()),
    }
}

fn escaped(bytes: &[u8]) -> String {
    let mut text = String::new();
    for chunk in bytes.utf8_chunks() {
        for character in chunk.valid().chars() {
            match character {
                REPLACEMENT_CHARACTER => escape(&mut text, character.encode_utf8(&mut [0; 4]).as_bytes()),
                _ => text.push(character),
            }
        }
        escape(&mut text, chunk.invalid());
    }
    text
}

fn escape(text: &mut String, bytes: &[u8]) {
    for byte in bytes {
        let _ = write!(text, "{REPLACEMENT_CHARACTER}{byte:02X}");
    }
}

/// The name of a folder as it was typed; where that says nothing, as with `.`, its real one.
pub fn of_folder(typed: &Path, real: &Path) -> String {
    shown(typed.file_name().or(real.file_name()).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[cfg(unix)]
    #[test]
    fn names_of_any_bytes_stay_different() {
        use std::os::unix::ffi::OsStrExt;
        let names =
            [&b"M\xfcller"[..], b"M\xf6ller", b"M\xef\xbf\xbdFCller", "Müller".as_bytes(), b"M%FCller"];
        let shown = names.map(|name| shown(OsStr::from_bytes(name)));
        assert_eq!(
            shown,
            [
                "M\u{fffd}FCller",
                "M\u{fffd}F6ller",
                "M\u{fffd}EF\u{fffd}BF\u{fffd}BDFCller",
                "Müller",
                "M%FCller"
            ]
        );
    }
}
