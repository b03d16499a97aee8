//! The segments of a JPEG file: what its frame and its scans are, and whether it has its end.

use std::ops::RangeInclusive;

use memchr::memchr_iter;

const SOI: u8 = 0xd8;
pub(super) const EOI: u8 = 0xd9;
pub(super) const SOS: u8 = 0xda;
const APP1: u8 = 0xe1;
const DRI: u8 = 0xdd;
/// Tables and settings that scans are read with: Huffman, arithmetic, quantisation, restart interval.
const TABLES: [u8; 4] = [0xc4, 0xcc, 0xdb, DRI];

/// A JPEG file up to its end, or to where it is cut off.
pub(super) struct Structure<'a> {
    pub frame: Option<Frame<'a>>,
    pub scans: Vec<Scan<'a>>,
    /// The segments before, between and after the scans: marker and content.
    pub segments: Vec<(u8, &'a [u8])>,
    /// Whether the end-of-image marker is there.
    pub has_end: bool,
}

/// The frame header.
pub(super) struct Frame<'a> {
    /// The content of the frame header.
    pub header: &'a [u8],
    /// The marker, from 0xc0: how the picture is coded.
    pub process: u8,
    /// Bits of a sample.
    pub precision: u8,
    pub width: u16,
    pub height: u16,
    pub components: Vec<Component>,
}

/// A colour component.
#[derive(Clone, Copy)]
pub(super) struct Component {
    pub id: u8,
    /// Samples across and down, in proportion to the other components'.
    pub sampling: [usize; 2],
    pub quantization: u8,
}

/// A scan: some components, some of their coefficients, some of their bits.
pub(super) struct Scan<'a> {
    /// The content of the scan header.
    pub header: &'a [u8],
    /// The components' names.
    pub components: Vec<u8>,
    pub coefficients: RangeInclusive<usize>,
    /// Bits that are still missing after it.
    pub missing_bits: u8,
    /// The entropy-coded data with their restart markers.
    pub data: &'a [u8],
    /// How many of the file's segments come before it.
    pub segments_before: usize,
}

impl<'a> Structure<'a> {
    /// Walks over the segments by their length, so the end of an embedded thumbnail does not count.
    pub fn read(bytes: &'a [u8]) -> Self {
        let mut found = Self { frame: None, scans: Vec::new(), segments: Vec::new(), has_end: false };
        let mut rest = bytes.get(2..).unwrap_or_default(); // after the start-of-image marker
        while let Some((marker, after)) = next_marker(rest) {
            rest = after;
            match marker {
                EOI => {
                    found.has_end = true;
                    break;
                }
                0x01 | 0xd0..=SOI => continue,
                _ => (),
            }
            let Some(content) = take_segment(&mut rest) else { break };
            match marker {
                SOS => {
                    let data = entropy_data(rest);
                    rest = &rest[data.len()..];
                    found.scans.extend(Scan::read(content, data, found.segments.len()));
                }
                0xc0..=0xcf if !TABLES.contains(&marker) && found.frame.is_none() => {
                    found.frame = Frame::read(marker, content);
                }
                _ => found.segments.push((marker, content)),
            }
        }
        found
    }

    /// The EXIF data, one block after the other, as Pillow joins them; the first is read.
    pub fn exif(&self) -> Option<Vec<u8>> {
        let blocks: Vec<_> = self.app1(b"Exif\0\0").collect();
        (!blocks.is_empty()).then(|| blocks.concat())
    }

    /// The last XMP packet.
    pub fn xmp(&self) -> Option<&'a [u8]> {
        self.app1(b"http://ns.adobe.com/xap/1.0/\0").last()
    }

    fn app1(&self, prefix: &'static [u8]) -> impl Iterator<Item = &'a [u8]> {
        let before_scans = self.scans.first().map_or(self.segments.len(), |scan| scan.segments_before);
        let blocks = self.segments[..before_scans].iter().filter(|(marker, _)| *marker == APP1);
        blocks.filter_map(move |(_, content)| content.strip_prefix(prefix))
    }

    /// Units of blocks from one restart marker of scan `index` to the next; 0 without such markers.
    pub fn restart_interval(&self, index: usize) -> usize {
        let definition = self.tables_of(index).filter(|(marker, _)| *marker == DRI).last();
        let interval = definition.and_then(|(_, content)| content.first_chunk());
        interval.map_or(0, |&bytes| u16::from_be_bytes(bytes).into())
    }

    /// The segments of tables that scan `index` is read with.
    pub fn tables_of(&self, index: usize) -> impl Iterator<Item = (u8, &'a [u8])> {
        let before = &self.segments[..self.scans[index].segments_before];
        before.iter().copied().filter(|(marker, _)| TABLES.contains(marker))
    }
}

impl<'a> Frame<'a> {
    fn read(process: u8, content: &'a [u8]) -> Option<Self> {
        let &[precision, height_high, height_low, width_high, width_low, count] = content.first_chunk()?;
        let components = content.get(6..6 + usize::from(count) * 3)?.as_chunks::<3>().0;
        let component = |&[id, sampling, quantization]: &[u8; 3]| {
            let sampling = [usize::from(sampling >> 4), usize::from(sampling & 15)];
            Component { id, sampling, quantization }
        };
        Some(Self {
            header: content,
            process,
            precision,
            width: u16::from_be_bytes([width_high, width_low]),
            height: u16::from_be_bytes([height_high, height_low]),
            components: components.iter().map(component).collect(),
        })
    }

    /// Whether the picture comes in scans of more and more detail.
    pub fn is_progressive(&self) -> bool {
        matches!(self.process, 0xc2 | 0xca)
    }

    /// Whether it is coded arithmetically.
    pub fn is_arithmetic(&self) -> bool {
        self.process >= 0xc9
    }

    /// The most samples of a component, across and down.
    pub fn largest_sampling(&self) -> [usize; 2] {
        [0, 1].map(|axis| self.components.iter().map(|part| part.sampling[axis]).max().unwrap_or(1).max(1))
    }
}

impl<'a> Scan<'a> {
    /// How many restart markers are in its data.
    pub fn restarts(&self) -> usize {
        let is_restart = |&at: &usize| matches!(self.data.get(at + 1), Some(0xd0..=0xd7));
        memchr_iter(0xff, self.data).filter(is_restart).count()
    }

    fn read(header: &'a [u8], data: &'a [u8], segments_before: usize) -> Option<Self> {
        let count = usize::from(*header.first()?);
        let components = header.get(1..1 + 2 * count)?.as_chunks::<2>().0;
        let &[start, end, bits] = header.get(1 + 2 * count..)?.first_chunk()?;
        Some(Self {
            header,
            components: components.iter().map(|&[id, _]| id).collect(),
            coefficients: usize::from(start)..=usize::from(end),
            missing_bits: bits & 15,
            data,
            segments_before,
        })
    }
}

/// The next marker, neither a fill byte nor stuffed, and what follows it.
fn next_marker(bytes: &[u8]) -> Option<(u8, &[u8])> {
    let at = find_marker(bytes, |byte| !matches!(byte, 0x00 | 0xff))?;
    Some((bytes[at + 1], &bytes[at + 2..]))
}

/// Where 0xff with such a byte after it is.
fn find_marker(bytes: &[u8], is_wanted: impl Fn(u8) -> bool) -> Option<usize> {
    memchr_iter(0xff, bytes).find(|&at| bytes.get(at + 1).is_some_and(|&byte| is_wanted(byte)))
}

/// The content of a segment after its length.
fn take_segment<'a>(rest: &mut &'a [u8]) -> Option<&'a [u8]> {
    let length = usize::from(u16::from_be_bytes(*rest.first_chunk()?));
    let content = rest.get(2..length)?;
    *rest = &rest[length..];
    Some(content)
}

/// What comes before the next marker; restart markers belong to it.
fn entropy_data(bytes: &[u8]) -> &[u8] {
    let end = find_marker(bytes, |byte| !matches!(byte, 0x00 | 0xd0..=0xd7 | 0xff));
    &bytes[..end.unwrap_or(bytes.len())]
}
