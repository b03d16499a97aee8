//! The chunks of a PNG file.
//!
//! The decoder stops after the pixels, but the orientation may come later.

use std::borrow::Cow;
use std::io::Read;

use flate2::read::ZlibDecoder;

const SIGNATURE_LENGTH: usize = 8;
/// Most bytes of an uncompressed text, as in Pillow.
const MAX_TEXT: u64 = 1 << 20;

/// Whether the file ends with its end chunk.
pub(in crate::image) fn is_whole(bytes: &[u8]) -> bool {
    chunks(bytes).any(|(kind, _)| kind == *b"IEND")
}

/// Columns and rows by the header chunk.
pub(in crate::image) fn size(bytes: &[u8]) -> Option<(u32, u32)> {
    let (kind, content) = chunks(bytes).next()?;
    let [width, height]: [u32; 2] =
        [content.first_chunk()?, content.get(4..)?.first_chunk()?].map(|side| u32::from_be_bytes(*side));
    (kind == *b"IHDR").then_some((width, height))
}

/// The EXIF data, wherever they are in the file: the chunk of their own, else ImageMagick's text.
pub(in crate::image) fn exif(bytes: &[u8]) -> Option<Cow<'_, [u8]>> {
    let own = chunks(bytes).filter(|(kind, _)| kind == b"eXIf").last();
    let own = own.map(|(_, content)| Cow::Borrowed(content));
    own.or_else(|| Some(Cow::Owned(from_hexadecimal(&text(bytes, b"Raw profile type exif")?)?)))
}

/// The XMP data.
pub(in crate::image) fn xmp(bytes: &[u8]) -> Option<Cow<'_, [u8]>> {
    text(bytes, b"XML:com.adobe.xmp")
}

/// A line of nothing, of the name and of the length, then lines of digits.
fn from_hexadecimal(profile: &[u8]) -> Option<Vec<u8>> {
    let lines = profile.split(|&byte| byte == b'\n').skip(3);
    let digits: Vec<u8> = lines
        .flatten()
        .map(|&byte| char::from(byte).to_digit(16).map(|digit| digit as u8))
        .collect::<Option<_>>()?;
    Some(digits.as_chunks().0.iter().map(|[high, low]| high << 4 | low).collect())
}

/// The text with this keyword, compressed or not; the last of several.
fn text<'a>(bytes: &'a [u8], keyword: &[u8]) -> Option<Cow<'a, [u8]>> {
    let texts = chunks(bytes).filter_map(|(kind, content)| {
        let rest = content.strip_prefix(keyword)?.strip_prefix(b"\0")?;
        match &kind {
            b"tEXt" => Some(Cow::Borrowed(rest)),
            b"zTXt" => inflated(rest.get(1..)?),
            b"iTXt" => international(rest),
            _ => None,
        }
    });
    texts.last()
}

/// After the keyword: whether and how it is compressed, the language, the keyword in it, and the text.
fn international(rest: &[u8]) -> Option<Cow<'_, [u8]>> {
    let mut parts = rest.get(2..)?.splitn(3, |&byte| byte == 0);
    let text = parts.nth(2)?;
    if rest[0] == 0 { Some(Cow::Borrowed(text)) } else { inflated(text) }
}

fn inflated(compressed: &[u8]) -> Option<Cow<'static, [u8]>> {
    let mut text = Vec::new();
    ZlibDecoder::new(compressed).take(MAX_TEXT).read_to_end(&mut text).ok()?;
    Some(Cow::Owned(text))
}

/// Kind and content of each chunk up to the end of the file, or to where it is cut off.
fn chunks(bytes: &[u8]) -> impl Iterator<Item = ([u8; 4], &[u8])> {
    let mut rest = bytes.get(SIGNATURE_LENGTH..).unwrap_or_default();
    std::iter::from_fn(move || {
        let length = u32::from_be_bytes(*rest.first_chunk()?) as usize;
        let kind = *rest.get(4..)?.first_chunk()?;
        let content = rest.get(8..)?.get(..length)?;
        rest = &rest[8 + length..];
        rest = rest.get(4..)?; // the checksum
        Some((kind, content))
    })
}
