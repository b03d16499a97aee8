//! Everything that changes from picture to picture.

use crate::workshop::hands::math::random::Random;
use crate::workshop::hands::scene::background::Background;
use crate::workshop::hands::scene::film::Film;
use crate::workshop::hands::scene::jewellery::{Ring, Watch};
use crate::workshop::hands::scene::light::Light;

/// Share of the shots with a ring.
pub const RING_RATE: f32 = 0.08;
/// Share of the shots with a watch.
pub const WATCH_RATE: f32 = 0.05;

/// How the hand is held, placed, lit and photographed.
#[derive(Clone, Debug)]
pub struct Shot {
    /// How the hand is held.
    pub gesture: Gesture,
    /// Where the hand is in the picture.
    pub framing: Framing,
    /// Light.
    pub light: Light,
    /// What the hand lies on.
    pub background: Background,
    /// Camera.
    pub film: Film,
    /// The ring worn.
    pub ring: Option<Ring>,
    /// The watch worn.
    pub watch: Option<Watch>,
}

/// How the fingers are held; angles in radians.
#[derive(Clone, Debug)]
pub struct Gesture {
    /// Spread of the fingers, 0 (closed) ..1 (wide).
    pub spread: f32,
    /// Sideways deviation of each finger, -0.05..0.05.
    pub sway: [f32; 5],
    /// Bend of the middle joint of each finger, 0..0.8.
    pub bends: [f32; 5],
    /// Swing of the thumb away from the palm, -0.15..0.3.
    pub thumb_swing: f32,
    /// Angle between hand and forearm, -0.25..0.25.
    pub wrist: f32,
}

/// Where the hand is in the picture.
#[derive(Clone, Debug)]
pub struct Framing {
    /// Turn, radians clockwise.
    pub rotation: f32,
    /// Free border at the least, as a share of the side, 0.02..0.16.
    pub margin: f32,
    /// Place within the free room, 0..1 each way.
    pub shift: [f32; 2],
    /// Perspective: relative change of scale over half the picture, -0.12..0.12 each way.
    pub tilt: [f32; 2],
}

impl Shot {
    /// Picture `index` of person `identity` in the collection `seed`; always the same.
    #[must_use]
    pub fn new(seed: u64, identity: u64, index: u64) -> Self {
        let stream = |purpose| Random::new([seed, identity, index + 1], purpose);
        let mut worn = stream(b"jewelry_");
        Self {
            gesture: Gesture::new(&mut stream(b"gesture_")),
            framing: Framing::new(&mut stream(b"framing_")),
            light: Light::new(&mut stream(b"light___")),
            background: Background::new(&mut stream(b"backgrnd")),
            film: Film::new(&mut stream(b"film____")),
            ring: worn.chance(RING_RATE).then(|| Ring::new(&mut worn)),
            watch: worn.chance(WATCH_RATE).then(|| Watch::new(&mut worn)),
        }
    }

    /// As [`Shot::new`], taken by a fixed camera with its own light, ground and colours.
    #[must_use]
    pub fn by_camera(seed: u64, identity: u64, index: u64, camera: u64) -> Self {
        let mut shot = Self::new(seed, identity, index);
        let stream = |purpose| Random::new([seed, camera, u64::MAX], purpose);
        let film = Film::new(&mut stream(b"film____"));
        shot.light = Light::new(&mut stream(b"light___"));
        shot.background = Background::new(&mut stream(b"backgrnd"));
        (shot.film.white_balance, shot.film.contrast) = (film.white_balance, film.contrast);
        shot
    }
}

impl Gesture {
    fn new(random: &mut Random) -> Self {
        let curl = random.unit() * random.unit() * 0.55;
        Self {
            spread: random.between(0.12, 1.0),
            sway: std::array::from_fn(|_| random.around(0.0, 0.05)),
            bends: std::array::from_fn(|_| (curl + random.around(0.06, 0.18)).clamp(0.0, 0.8)),
            thumb_swing: random.around(0.06, 0.2),
            wrist: random.around(0.0, 0.25),
        }
    }
}

impl Framing {
    fn new(random: &mut Random) -> Self {
        let quarter = std::f32::consts::FRAC_PI_2;
        let side = if random.chance(0.5) { quarter } else { -quarter };
        let turned = if random.chance(0.12) { side } else { 0.0 };
        Self {
            rotation: turned + random.around(0.0, 0.6),
            margin: random.between(0.02, 0.12),
            shift: [random.unit(), random.unit()],
            tilt: [random.around(0.0, 0.1), random.around(0.0, 0.1)],
        }
    }
}
