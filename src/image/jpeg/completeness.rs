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

/// The file with some zeros and some other bytes after the data of each scan.
fn with_longer_scans(structure: &Structure, frame: &Frame, filler: u8) -> Vec<u8> {
    let mut file = vec![0xff, 0xd8];
    put_segment(&mut file, frame.process, frame.header);
    let mut before = 0;
    for scan in &structure.scans {
        for (marker, content) in &structure.segments[before..scan.segments_before] {
            put_segment(&mut file, *marker, content);
        }
        before = scan.segments_before;
        put_segment(&mut file, SOS, scan.header);
        file.extend(scan.data);
        file.extend([0; ZEROS]);
        file.extend([filler; FILLERS]);
    }
    file.extend([0xff, EOI]);
    file
}
