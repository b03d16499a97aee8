//! Whether everything of a JPEG picture has arrived.

use super::planes::put_segment;
use super::structure::{EOI, Frame, SOS, Scan, Structure};
use super::{error, pixels};
use crate::Result;

/// Zeros that an encoder may have left out.
const ZEROS: usize = 16;
/// Bytes that are one more block at least.
const FILLERS: usize = 256;

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

/// Whether the arithmetically coded data of each scan reach to its last block.
///
/// Their end is not marked, and zeros at it are left out. So a few zeros more change nothing; what comes after them
/// changes a picture only if blocks are made of it.
pub(super) fn has_arithmetic_data(structure: &Structure, frame: &Frame) -> Result<bool> {
    let decoded = |filler: u8| {
        let file = with_longer_scans(structure, frame, filler);
        pixels::rgb(&file, &Structure::read(&file), frame).map_err(error)
    };
    Ok(decoded(0x55)? == decoded(0)?)
}

/// The file with some zeros and some other bytes after the data of each scan and each restart interval.
fn with_longer_scans(structure: &Structure, frame: &Frame, filler: u8) -> Vec<u8> {
    let mut file = vec![0xff, 0xd8];
    put_segment(&mut file, frame.process, &frame.header);
    let mut segments = structure.segments.iter().enumerate().peekable();
    for scan in &structure.scans {
        while let Some((_, (marker, content))) = segments.next_if(|(index, _)| *index < scan.segments_before) {
            put_segment(&mut file, *marker, content);
        }
        put_segment(&mut file, SOS, scan.header);
        for interval in intervals(scan.data) {
            let (data, restart) = interval.split_at(interval.len() - restart_length(interval));
            file.extend(data);
            file.extend([0; ZEROS]);
            file.extend([filler; FILLERS]);
            file.extend(restart);
        }
    }
    file.extend([0xff, EOI]);
    file
}

/// The data up to each restart marker, with it.
fn intervals(data: &[u8]) -> impl Iterator<Item = &[u8]> {
    let mut rest = data;
    std::iter::from_fn(move || {
        let is_restart = |pair: &[u8]| restart_length(pair) == 2;
        let length = rest.windows(2).position(is_restart).map_or(rest.len(), |at| at + 2);
        rest.split_off(..length).filter(|interval| !interval.is_empty())
    })
}

/// The length of the restart marker at the end of an interval.
fn restart_length(interval: &[u8]) -> usize {
    if matches!(interval, [.., 0xff, 0xd0..=0xd7]) { 2 } else { 0 }
}
