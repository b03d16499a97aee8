//! The lasting shape of a hand: palm, knuckles and finger bones.

use crate::workshop::hands::math::geometry::Point;
use crate::workshop::hands::math::random::Random;

/// Fingers in the order of [`Anatomy::fingers`].
pub const FINGER_NAMES: [&str; 5] = ["thumb", "index", "middle", "ring", "little"];

/// Shape of the palm and where the fingers are attached.
#[derive(Clone, Debug)]
pub struct Anatomy {
    /// Thumb first, little finger last.
    pub fingers: [Finger; 5],
    /// Half the width of the palm where it is widest, 33..48 mm.
    pub palm_half_width: f32,
    /// Half the width of the wrist, 22..34 mm.
    pub wrist_half_width: f32,
    /// From the knuckles to the webs, 9..17 mm.
    pub web_height: f32,
    /// Where the metacarpal of the thumb begins, in hand space.
    pub thumb_root: Point,
    /// Length of that metacarpal, 41..52 mm.
    pub thumb_metacarpal: f32,
    /// Its angle at rest, radians from +y; negative is away from the palm.
    pub thumb_angle: f32,
    /// Height of the tendon ridges on the back, 0.08..0.62 mm.
    pub tendon_height: f32,
    /// Height of the knuckles of the fist, 0.6..2.4 mm.
    pub knuckle_height: f32,
    /// Height of the end of the ulna at the wrist, 0.5..3 mm.
    pub ulna_height: f32,
}

/// Lasting shape of one finger.
#[derive(Clone, Debug)]
pub struct Finger {
    /// The knuckle, in hand space; for the thumb [`Anatomy`] derives it from its metacarpal.
    pub knuckle: Point,
    /// Direction at rest, radians from +y towards the little finger.
    pub angle: f32,
    /// From the knuckle: to the middle joint, to the end joint, to the tip; 14..58 mm each, for the thumb also less.
    pub bones: [f32; 3],
    /// Half widths at the root, mid-bone, middle joint, mid-bone, end joint and nail; 4.5..15 mm.
    pub half_widths: [f32; 6],
    /// How far the middle lies beside the straight line from knuckle to tip, -2.5..2.5 mm.
    pub bow: f32,
}

impl Finger {
    /// From knuckle to tip, millimetres.
    #[must_use]
    pub fn length(&self) -> f32 {
        self.bones.iter().sum()
    }
}

/// Typical finger: knuckle, angle, bones, half widths.
type Typical = (Point, f32, [f32; 3], [f32; 6]);

const TYPICAL: [Typical; 5] = [
    ([-50.0, 52.0], -0.42, [30.0, 3.0, 27.5], [11.6, 9.9, 10.0, 10.1, 10.2, 9.5]),
    ([-26.0, 88.0], -0.06, [42.0, 23.5, 21.5], [10.4, 9.4, 9.5, 8.6, 8.4, 7.7]),
    ([-4.5, 92.0], 0.0, [46.0, 28.0, 22.5], [10.3, 9.4, 9.7, 8.8, 8.6, 7.9]),
    ([15.5, 87.5], 0.05, [42.5, 26.5, 22.5], [9.9, 8.8, 9.1, 8.2, 8.1, 7.4]),
    ([32.5, 77.5], 0.14, [34.0, 19.5, 20.0], [8.9, 7.7, 7.9, 7.2, 7.1, 6.5]),
];

impl Anatomy {
    pub(crate) fn new(random: &mut Random) -> Self {
        let breadth = random.around(1.0, 0.13);
        let finger_length = random.around(1.0, 0.14);
        let finger_width = breadth * random.around(1.0, 0.12);
        let palm_length = random.around(1.0, 0.09);
        let jointed = random.around(1.0, 0.09);
        let fingers = TYPICAL.map(|typical| {
            let sizes = [breadth, palm_length, finger_length, finger_width, jointed];
            finger(typical, sizes, random)
        });
        Self {
            fingers,
            palm_half_width: 40.0 * breadth * random.around(1.0, 0.04),
            wrist_half_width: 27.5 * breadth * random.around(1.0, 0.08),
            web_height: random.around(13.0, 4.0),
            thumb_root: [random.around(-17.0, 3.0) * breadth, random.around(17.0, 4.0)],
            thumb_metacarpal: 46.5 * random.around(1.0, 0.1),
            thumb_angle: random.around(-0.72, 0.12),
            tendon_height: random.around(0.35, 0.27),
            knuckle_height: random.around(1.5, 0.9),
            ulna_height: random.around(1.7, 1.2),
        }
    }
}

/// `sizes`: factors of palm breadth, palm length, finger length, finger width and joint width.
fn finger(typical: Typical, sizes: [f32; 5], random: &mut Random) -> Finger {
    let (knuckle, angle, bones, half_widths) = typical;
    let [breadth, palm_length, finger_length, finger_width, jointed] = sizes;
    let own_length = finger_length * random.around(1.0, 0.07);
    let own_width = finger_width * random.around(1.0, 0.05);
    let taper = random.around(0.0, 0.07);
    let joint = [1.0, 1.0, jointed, 1.0, 0.5 + 0.5 * jointed, 1.0];
    let mut index = 0.0;
    Finger {
        knuckle: [knuckle[0] * breadth, knuckle[1] * palm_length + random.around(0.0, 2.5)],
        angle: angle + random.around(0.0, 0.05),
        bones: bones.map(|bone| bone * own_length * random.around(1.0, 0.06)),
        half_widths: std::array::from_fn(|place| {
            index += 1.0;
            half_widths[place] * own_width * joint[place] * (1.0 + taper * (3.5 - index) / 2.5)
        }),
        bow: random.around(0.0, 2.5),
    }
}
