//! Everything about a hand that stays the same from picture to picture.

use crate::workshop::hands::hand::anatomy::Anatomy;
use crate::workshop::hands::hand::creases::FingerCreases;
use crate::workshop::hands::hand::marks::{Hair, Scar, Spot, freckles, hairs, moles, scars};
use crate::workshop::hands::hand::nails::Nails;
use crate::workshop::hands::hand::skin::Skin;
use crate::workshop::hands::hand::veins::{Vein, vein_tree};
use crate::workshop::hands::math::geometry::mix;
use crate::workshop::hands::math::random::Random;

/// One person's hand, seen from the back.
///
/// Two hands of one seed differ in shape, skin, nails, wrinkles, veins and marks.
#[derive(Clone, Debug)]
pub struct Hand {
    /// Seed of the collection.
    pub seed: u64,
    /// Number of the person.
    pub identity: u64,
    /// A left hand; drawn as the mirror image of a right one.
    pub is_left: bool,
    /// Shape.
    pub anatomy: Anatomy,
    /// Colour.
    pub skin: Skin,
    /// Nails.
    pub nails: Nails,
    /// Wrinkles, thumb first.
    pub creases: [FingerCreases; 5],
    /// Veins on the back.
    pub veins: Vec<Vein>,
    /// Dark spots.
    pub moles: Vec<Spot>,
    /// Light brown spots.
    pub freckles: Vec<Spot>,
    /// Scars on the back.
    pub scars: Vec<Scar>,
    /// Hairiness, 0..1.
    pub hairiness: f32,
    /// Each single hair.
    pub hairs: Vec<Hair>,
}

impl Hand {
    /// The hand of person `identity` in the collection `seed`; always the same.
    #[must_use]
    pub fn new(seed: u64, identity: u64) -> Self {
        let stream = |purpose| Random::new([seed, identity, 0], purpose);
        let anatomy = Anatomy::new(&mut stream(b"anatomy_"));
        let skin = Skin::new(&mut stream(b"skin____"));
        let mut wrinkles = stream(b"creases_");
        let wrinkle_depth = wrinkles.between(0.14, 0.42);
        let hairiness = hairiness(&mut stream(b"hairines"));
        Self {
            seed,
            identity,
            is_left: stream(b"side____").chance(0.25),
            nails: Nails::new(&mut stream(b"nails___")),
            creases: std::array::from_fn(|finger| {
                FingerCreases::new(&mut wrinkles, wrinkle_depth, finger == 0)
            }),
            veins: vein_tree(&anatomy, &mut stream(b"veins___")),
            moles: moles(&mut stream(b"moles___")),
            freckles: freckles(skin.melanin, &mut stream(b"freckles")),
            scars: scars(&mut stream(b"scars___")),
            hairiness,
            hairs: hairs(hairiness, &mut stream(b"hairs___")),
            anatomy,
            skin,
        }
    }
}

/// Most hands have little hair, some much.
fn hairiness(random: &mut Random) -> f32 {
    if random.chance(0.45) { 0.0 } else { mix(0.1, 1.0, random.unit() * random.unit()) }
}
