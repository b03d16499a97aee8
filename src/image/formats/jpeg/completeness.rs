//! Whether everything of a JPEG picture has arrived.

use super::planes::{put_segment, units};
use super::structure::{EOI, Frame, SOS, Scan, Structure};
use super::{error, pixels};
use crate::Result;

/// Zeros that an encoder may have left out: two by rounding, and one of 256 files has another one by chance, and so on.
const ZEROS: usize = 5;
/// Bytes that are one more block at least.
const FILLERS: usize = 256;
/// More zeros than come by chance.
const MANY_ZEROS: usize = 64;

/// Whether the scans bring all coefficients of all components to their last bit.
pub(super) fn has_all_coefficients(frame: &Frame, scans: &[Scan]) -> bool {
    frame.components.iter().all(|component| {
        let mut missing_bits = [u8::MAX; 64];
        for scan in scans.iter().filter(|scan| scan.components.contains(&component.id)) {
            let some = if frame.is_progressive() { scan.coefficients.clone() } else { 0..=63 };
            let bits = if frame.is_progressive() { scan.missing_bits } else { 0 };
            missing_bits.get_mut(some).into_iter().flatten().for_each(|missing| *missing = bits);
        }
        missing_bits == [0; 64]
    })
}

/// Whether each scan has as many restart markers as its blocks need.
pub(super) fn has_all_restarts(structure: &Structure, frame: &Frame) -> bool {
    structure.scans.iter().enumerate().all(|(index, scan)| {
        let interval = structure.restart_interval(index);
        interval == 0 || scan.restarts() + 1 >= units(frame, &scan.components).div_ceil(interval)
    })
}

/// Whether the arithmetically coded data of each scan reach to its last block.
///
/// Their end is not marked, and an encoder leaves out all zeros at it. So without these and with a few of them nothing
/// changes; what comes after them changes a picture only if blocks are made of it.
///
/// Source: libjpeg-turbo 3.1 `src/jcarith.c`, `finish_pass`.
pub(super) fn has_arithmetic_data(structure: &Structure, frame: &Frame) -> Result<bool> {
    let decoded = |filler: u8| {
        let file = with_changed_scans(structure, frame, |scan, file| {
            file.truncate(file.len() - zeros_at_end(structure.scans[scan].data));
            file.extend([0; ZEROS]);
            file.extend([filler; FILLERS]);
        });
        pixels::rgb(&file, &Structure::read(&file), frame).map_err(error)
    };
    Ok(decoded(0x55)? == decoded(0)?)
}

/// How many zeros are at the end of entropy-coded data; one after 0xff is no zero, but belongs to it.
fn zeros_at_end(data: &[u8]) -> usize {
    let rest = data.iter().rposition(|&byte| byte != 0).map_or(0, |last| last + 1);
    let is_stuffed = data[..rest].ends_with(&[0xff]);
    (data.len() - rest).saturating_sub(usize::from(is_stuffed))
}

/// Whether blocks are made of zeros that a disk or a download has put in place of the data.
///
/// Such zeros are blocks too, but seldom as many as are missing: some are made use of, and some are left over. Of the
/// zeros of an even area none is.
pub(super) fn ends_in_zeros(structure: &Structure, frame: &Frame) -> bool {
    let Some(last) = structure.scans.last() else { return false };
    let zeros = last.data.iter().rev().take_while(|&&byte| byte == 0).count();
    let is_read_without = |length: usize| {
        let index = structure.scans.len() - 1;
        let file = with_changed_scans(structure, frame, |scan, file| {
            file.truncate(file.len() - if scan == index { length } else { 0 });
        });
        pixels::rgb(&file, &Structure::read(&file), frame).is_ok()
    };
    zeros >= MANY_ZEROS && !is_read_without(zeros - 2) && is_read_without(MANY_ZEROS / 2)
}

/// The file with other data in its scans.
///
/// - `change` gets the index of a scan, and the file up to the end of its data
fn with_changed_scans(structure: &Structure, frame: &Frame, change: impl Fn(usize, &mut Vec<u8>)) -> Vec<u8> {
    let mut file = vec![0xff, 0xd8];
    put_segment(&mut file, frame.process, frame.header);
    let mut before = 0;
    for (index, scan) in structure.scans.iter().enumerate() {
        for (marker, content) in &structure.segments[before..scan.segments_before] {
            put_segment(&mut file, *marker, content);
        }
        before = scan.segments_before;
        put_segment(&mut file, SOS, scan.header);
        file.extend(scan.data);
        change(index, &mut file);
    }
    file.extend([0xff, EOI]);
    file
}
