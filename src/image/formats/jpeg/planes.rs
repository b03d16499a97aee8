//! The components of a JPEG file as planes, each at its own sampling.

use libjpeg_turbo_rs::{JpegError, Result};

use super::pixels::decoder;
use super::structure::{Component, EOI, Frame, SOS, Scan, Structure};

/// The samples of one component.
#[derive(Default)]
pub(super) struct Plane {
    /// `[height or more, stride]`
    pub samples: Vec<u8>,
    pub stride: usize,
    /// Columns and rows that belong to the picture.
    pub width: usize,
    pub height: usize,
}

/// The planes of all components.
///
/// Where a scan has some of the components, the decoder gets each scan as a file of its own.
pub(super) fn read(file: &[u8], structure: &Structure, frame: &Frame) -> Result<Vec<Plane>> {
    let all = frame.components.len();
    let is_whole = |scan: &Scan| scan.components.len() == all;
    let mut planes: Vec<_> = frame.components.iter().map(|_| Plane::default()).collect();
    if frame.is_progressive() || structure.scans.iter().all(is_whole) {
        let indices: Vec<_> = (0..all).collect();
        decode(file, &indices, frame, &mut planes)?;
        return Ok(planes);
    }
    for (index, scan) in structure.scans.iter().enumerate() {
        let position = |id: &u8| frame.components.iter().position(|component| component.id == *id);
        let indices: Vec<_> = scan.components.iter().filter_map(position).collect();
        let file = file_of_scan(structure, index, frame, &indices)?;
        decode(&file, &indices, frame, &mut planes)?;
    }
    Ok(planes)
}

/// Decodes the components `indices` of the frame, which are those of the file.
fn decode(file: &[u8], indices: &[usize], frame: &Frame, planes: &mut [Plane]) -> Result<()> {
    let raw = decoder(file)?.decode_raw()?;
    for ((samples, stride), &index) in raw.planes.into_iter().zip(raw.plane_widths).zip(indices) {
        let [width, height] = size(&frame.components[index], frame);
        planes[index] = Plane { samples, stride, width, height };
    }
    Ok(())
}

/// How many units of blocks a scan of the components with these names has.
pub(super) fn units(frame: &Frame, names: &[u8]) -> usize {
    let largest = frame.largest_sampling();
    let [across, down] = match names {
        [name] => {
            let component = frame.components.iter().find(|component| component.id == *name);
            component.map_or([0; 2], |component| size(component, frame)).map(|length| length.div_ceil(8))
        }
        _ => [
            usize::from(frame.width).div_ceil(8 * largest[0]),
            usize::from(frame.height).div_ceil(8 * largest[1]),
        ],
    };
    across * down
}

/// A component's columns and rows.
fn size(component: &Component, frame: &Frame) -> [usize; 2] {
    let largest = frame.largest_sampling();
    let [across, down] = [0, 1].map(|axis| (component.sampling[axis], largest[axis]));
    let scaled = |length: u16, (own, largest): (usize, usize)| (usize::from(length) * own).div_ceil(largest);
    [scaled(frame.width, across), scaled(frame.height, down)]
}

/// A file of one scan with its tables, in which the scan's components are all there are.
fn file_of_scan(structure: &Structure, index: usize, frame: &Frame, indices: &[usize]) -> Result<Vec<u8>> {
    let scan = &structure.scans[index];
    let mut file = vec![0xff, 0xd8];
    for (marker, content) in structure.tables_of(index) {
        put_segment(&mut file, marker, content);
    }
    put_segment(&mut file, frame.process, &frame_of_scan(frame, indices)?);
    put_segment(&mut file, SOS, scan.header);
    file.extend(scan.data);
    file.extend([0xff, EOI]);
    Ok(file)
}

/// The frame header for some components, of a size that gives each the blocks that it has in the whole frame.
fn frame_of_scan(frame: &Frame, indices: &[usize]) -> Result<Vec<u8>> {
    let components: Vec<_> = indices.iter().map(|&index| frame.components[index]).collect();
    let (size, components) = match components[..] {
        [component] => (size(&component, frame), vec![Component { sampling: [1, 1], ..component }]),
        _ => (size_of_units(frame, &components), components),
    };
    let side = |length: usize| {
        u16::try_from(length).map_err(|_| JpegError::Unsupported(format!("a scan of {length} samples")))
    };
    let mut header = vec![8];
    header.extend(side(size[1])?.to_be_bytes());
    header.extend(side(size[0])?.to_be_bytes());
    header.push(components.len() as u8);
    for component in &components {
        let [across, down] = component.sampling.map(|samples| samples as u8);
        header.extend([component.id, across << 4 | down, component.quantization]);
    }
    Ok(header)
}

/// The size at which the components alone have as many interleaved units as in the whole frame.
fn size_of_units(frame: &Frame, components: &[Component]) -> [usize; 2] {
    let largest = frame.largest_sampling();
    let lengths = [frame.width, frame.height].map(usize::from);
    [0, 1].map(|axis| {
        let units = lengths[axis].div_ceil(8 * largest[axis]);
        units * 8 * components.iter().map(|component| component.sampling[axis]).max().unwrap_or(1)
    })
}

/// Appends a segment.
pub(super) fn put_segment(file: &mut Vec<u8>, marker: u8, content: &[u8]) {
    file.extend([0xff, marker]);
    file.extend(((content.len() + 2) as u16).to_be_bytes());
    file.extend(content);
}
