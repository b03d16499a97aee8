//! What a hand looks like, as numbers: what an encoder can learn besides identities.

use crate::workshop::hands::hand::anatomy::{Anatomy, Finger};
use crate::workshop::hands::hand::identity::Hand;

impl Hand {
    /// Lasting traits that a picture shows, always in the same order; lengths are relative to the palm's width,
    /// because a picture does not show how large a hand is.
    #[must_use]
    pub fn traits(&self) -> Vec<f32> {
        let Self { anatomy, skin, nails, .. } = self;
        let mut traits = vec![
            f32::from(u8::from(self.is_left)),
            skin.melanin,
            skin.redness,
            skin.joint_darkness,
            skin.vein_visibility,
            nails.width,
            nails.length,
            nails.squareness,
            nails.free_edge,
            nails.lunula,
            nails.pinkness,
            nails.brightness,
            self.hairiness,
            (self.moles.len() as f32).sqrt(),
            (self.freckles.len() as f32).sqrt(),
            (self.scars.len() as f32).sqrt(),
        ];
        traits.extend(skin.color);
        traits.extend(shape(anatomy));
        traits
    }
}

fn shape(anatomy: &Anatomy) -> Vec<f32> {
    let palm = anatomy.palm_half_width;
    let mut shape = vec![
        anatomy.wrist_half_width / palm,
        anatomy.web_height / palm,
        anatomy.thumb_metacarpal / palm,
        anatomy.thumb_angle,
        anatomy.tendon_height,
        anatomy.knuckle_height,
        anatomy.ulna_height,
    ];
    shape.extend(anatomy.fingers.iter().flat_map(|finger| finger_shape(finger, palm)));
    shape
}

fn finger_shape(finger: &Finger, palm: f32) -> [f32; 8] {
    let length = finger.length();
    let widths = finger.half_widths;
    [
        length / palm,
        finger.bones[0] / length,
        finger.bones[1] / length,
        widths.iter().sum::<f32>() / palm,
        widths[0] / widths[5],
        finger.knuckle[1] / palm,
        finger.angle,
        finger.bow,
    ]
}
