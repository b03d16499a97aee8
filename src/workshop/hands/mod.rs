//! Pictures of hands that belong to nobody.
//!
//! A [`Hand`] is what stays: bones, skin, nails, wrinkles, veins, marks. A [`Shot`] is what changes:
//! gesture, framing, light, ground, camera. [`draw`] brings them together:
//!
//! ```text
//! Hand + Shot → pose → body → surface (+ details, nails, jewellery) → light → film → RgbImage
//!
//! hand/        what stays the same
//! scene/       what changes
//! rendering/   from both to pixels
//! math/        points, noise and random numbers
//! ```
//!
//! Hand space is in millimetres: the wrist is at (0, 0), the fingers point to +y, the thumb to -x.
//! The same seed draws the same pixels: all randomness is ChaCha8, all transcendental functions are
//! libm's.

pub mod collection;
mod hand;
mod math;
mod rendering;
mod scene;

pub use hand::anatomy::{Anatomy, FINGER_NAMES, Finger};
pub use hand::creases::{Crease, FingerCreases};
pub use hand::identity::Hand;
pub use hand::marks::{Hair, Place, Scar, Spot};
pub use hand::nails::Nails;
pub use hand::skin::Skin;
pub use hand::veins::Vein;
pub use rendering::drawing::{DEFAULT_SIDE, Drawing, draw};
pub use rendering::pose::LANDMARKS;
pub use scene::background::{Background, Material};
pub use scene::film::Film;
pub use scene::jewellery::{Ring, Watch};
pub use scene::light::Light;
pub use scene::shot::{Framing, Gesture, RING_RATE, Shot, WATCH_RATE};
