//! The canvas around the first frame of a GIF.
//!
//! A frame may cover only a part of the canvas. The decoder leaves the rest transparent; Pillow
//! shows it in the frame's transparent colour, or else in the first colour of the palette.

use std::borrow::Cow;
use std::ops::Range;

use crate::image::RgbImage;

const EXTENSION: u8 = 0x21;
const GRAPHIC_CONTROL: u8 = 0xf9;
const IMAGE: u8 = 0x2c;

/// The first frame as its headers describe it.
struct FirstFrame {
    columns: Range<u32>,
    rows: Range<u32>,
    fill: [u8; 3],
}

/// The file with a canvas that holds the first frame, as Pillow enlarges it.
pub(in crate::image) fn with_room_for_first_frame(bytes: &[u8]) -> Cow<'_, [u8]> {
    let (Some(frame), Some(&[wide, wider, high, higher])) =
        (first_frame(bytes), bytes.get(6..10).and_then(<[u8]>::first_chunk))
    else {
        return Cow::Borrowed(bytes);
    };
    let sides = [u16::from_le_bytes([wide, wider]), u16::from_le_bytes([high, higher])];
    let ends = [frame.columns.end, frame.rows.end].map(|end| end.min(u16::MAX.into()) as u16);
    if ends[0] <= sides[0] && ends[1] <= sides[1] {
        return Cow::Borrowed(bytes);
    }
    let mut file = bytes.to_vec();
    file[6..8].copy_from_slice(&sides[0].max(ends[0]).to_le_bytes());
    file[8..10].copy_from_slice(&sides[1].max(ends[1]).to_le_bytes());
    Cow::Owned(file)
}

/// Colours the part of the canvas that the first frame does not cover.
pub(in crate::image) fn fill_around_first_frame(bytes: &[u8], image: &mut RgbImage) {
    let Some(frame) = first_frame(bytes) else {
        return;
    };
    let width = image.width as usize;
    for (y, row) in (0..).zip(image.pixels.chunks_exact_mut(width * 3)) {
        for (x, pixel) in (0..).zip(row.as_chunks_mut().0) {
            if !(frame.columns.contains(&x) && frame.rows.contains(&y)) {
                *pixel = frame.fill;
            }
        }
    }
}

/// Reads the headers up to the first frame's; `None` if there is none.
fn first_frame(bytes: &[u8]) -> Option<FirstFrame> {
    let mut rest = bytes.get(13..)?;
    let global_palette = take_palette(bytes[10], &mut rest)?;
    let mut transparent = 0;
    loop {
        match take(&mut rest, 1)?[0] {
            EXTENSION => {
                let label = take(&mut rest, 1)?[0];
                let block = take_blocks(&mut rest)?;
                if let (GRAPHIC_CONTROL, &[flags, _, _, index, ..]) = (label, block) {
                    transparent = if flags & 1 == 1 { usize::from(index) } else { transparent };
                }
            }
            IMAGE => {
                let descriptor = take(&mut rest, 9)?;
                let local_palette = take_palette(descriptor[8], &mut rest)?;
                let palette = if local_palette.is_empty() { global_palette } else { local_palette };
                return Some(FirstFrame {
                    columns: span(descriptor, 0),
                    rows: span(descriptor, 2),
                    fill: palette.get(transparent).copied().unwrap_or_default(),
                });
            }
            _ => return None,
        }
    }
}

/// The frame's extent along one axis: position at `offset`, length 4 bytes on.
fn span(descriptor: &[u8], offset: usize) -> Range<u32> {
    let number = |at| u32::from(u16::from_le_bytes([descriptor[at], descriptor[at + 1]]));
    number(offset)..number(offset) + number(offset + 4)
}

fn take<'a>(rest: &mut &'a [u8], length: usize) -> Option<&'a [u8]> {
    rest.split_off(..length)
}

/// The palette that the flags announce, else an empty one.
fn take_palette<'a>(flags: u8, rest: &mut &'a [u8]) -> Option<&'a [[u8; 3]]> {
    let colors = if flags & 0x80 == 0 { 0 } else { 2 << (flags & 7) };
    Some(take(rest, colors * 3)?.as_chunks().0)
}

/// Skips a chain of sub-blocks; returns the first.
fn take_blocks<'a>(rest: &mut &'a [u8]) -> Option<&'a [u8]> {
    let length = take(rest, 1)?[0];
    let first = take(rest, length.into())?;
    let mut next = length;
    while next != 0 {
        next = take(rest, 1)?[0];
        take(rest, next.into())?;
    }
    Some(first)
}
