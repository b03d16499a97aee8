//! Drawn hands: the same for the same seed, different for different people, and within bounds.

use std::collections::BTreeSet;

use reid_web::dataset::{Label, Set, labels_from_paths};
use reid_web::workshop::hands::collection::{MISSING_EVERY, Picture, folders, market};
use reid_web::workshop::hands::{Drawing, Hand, RING_RATE, Shot, WATCH_RATE, draw};

const SEED: u64 = 11;

fn drawing(identity: u64, index: u64, side: u32) -> Drawing {
    draw(&Hand::new(SEED, identity), &Shot::new(SEED, identity, index), side)
}

/// FNV-1a, 64 bits.
fn fnv1a(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |hash, &byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3)
    })
}

/// Mean absolute difference, 0..255.
fn difference(a: &Drawing, b: &Drawing) -> f32 {
    let pairs = a.image.pixels.iter().zip(&b.image.pixels);
    pairs.map(|(&a, &b)| f32::from(a.abs_diff(b))).sum::<f32>() / a.image.pixels.len() as f32
}

#[test]
fn traits_are_the_same_for_a_hand_and_differ_between_hands() {
    let [one, again, other] = [7, 7, 8].map(|identity| Hand::new(3, identity).traits());
    assert_eq!(one, again);
    assert_eq!(one.len(), other.len());
    let differing = one.iter().zip(&other).filter(|(a, b)| a != b).count();
    assert!(differing >= 20, "{differing}");
    assert!(one.iter().all(|value| value.is_finite()));
}

#[test]
fn the_same_seed_gives_the_same_pixels_on_every_machine() {
    let hashes = [(0, 0), (1, 3), (2, 1), (1051, 4)]
        .map(|(identity, index)| fnv1a(&drawing(identity, index, 64).image.pixels));
    assert_eq!(hashes, HASHES, "found {hashes:#018x?}");
}

/// Of the drawings above. A change of the drawing changes them.
const HASHES: [u64; 4] =
    [0x34b1_d823_3d7c_a99e, 0x8924_f02c_1769_c115, 0x2ff1_7665_ec90_ad5c, 0x1ead_3231_51af_ba6b];

#[test]
fn another_seed_is_another_collection() {
    let other = draw(&Hand::new(SEED + 1, 5), &Shot::new(SEED + 1, 5, 0), 32);
    assert!(difference(&drawing(5, 0, 32), &other) > 2.0);
}

#[test]
fn different_identities_differ_even_in_the_same_shot() {
    let shot = Shot { ring: None, watch: None, ..Shot::new(SEED, 1, 0) };
    let drawings: Vec<Drawing> = (0..8).map(|identity| draw(&Hand::new(SEED, identity), &shot, 64)).collect();
    for (index, a) in drawings.iter().enumerate() {
        for b in &drawings[..index] {
            assert!(difference(a, b) > 1.0, "{}", difference(a, b));
        }
    }
}

#[test]
fn different_shots_of_one_hand_differ() {
    for index in 1..8 {
        assert!(difference(&drawing(3, 0, 64), &drawing(3, index, 64)) > 2.0);
    }
}

#[test]
fn hands_cover_a_sensible_share_and_lie_inside_the_frame() {
    for identity in 0..150 {
        let side = 48;
        let drawing = drawing(identity, identity % 7, side);
        assert!((0.12..0.7).contains(&drawing.coverage), "{identity}: {}", drawing.coverage);
        for tip in drawing.landmarks.into_iter().flatten() {
            assert!((0.0..side as f32).contains(&tip), "{identity}: {tip}");
        }
        assert_eq!(drawing.image.pixels.len() as u32, side * side * 3);
        let is_flat = drawing.image.pixels.windows(4).all(|pixels| pixels[0] == pixels[3]);
        assert!(!is_flat, "{identity} is one colour");
    }
}

#[test]
fn properties_stay_within_their_ranges() {
    for identity in 0..400 {
        let hand = Hand::new(SEED, identity);
        let anatomy = &hand.anatomy;
        assert!((34.0..47.5).contains(&anatomy.palm_half_width), "{}", anatomy.palm_half_width);
        assert!((21.5..33.0).contains(&anatomy.wrist_half_width), "{}", anatomy.wrist_half_width);
        assert!((9.0..=17.0).contains(&anatomy.web_height));
        for finger in &anatomy.fingers {
            assert!((42.0..125.0).contains(&finger.length()), "{}", finger.length());
            assert!(finger.half_widths.iter().all(|width| (4.5..15.0).contains(width)), "{finger:?}");
        }
        assert!(hand.skin.color.iter().all(|channel| (0.02..0.95).contains(channel)), "{:?}", hand.skin);
        assert!((0.0..=1.0).contains(&hand.skin.melanin) && (0.0..=1.0).contains(&hand.hairiness));
        assert!(hand.moles.len() <= 6 && hand.freckles.len() <= 90 && hand.scars.len() <= 2);
        let courses = hand.veins.iter().flat_map(|vein| &vein.course).flatten();
        assert!(courses.into_iter().all(|coordinate| coordinate.is_finite()));
    }
}

#[test]
fn skin_is_spread_over_the_whole_human_range() {
    let melanin: Vec<f32> = (0..300).map(|identity| Hand::new(SEED, identity).skin.melanin).collect();
    for low in [0.0, 0.2, 0.4, 0.6, 0.8] {
        let count = melanin.iter().filter(|&&value| (low..low + 0.2).contains(&value)).count();
        assert!(count > 30, "{count} of 300 between {low} and {}", low + 0.2);
    }
}

#[test]
fn rings_and_watches_are_worn_at_the_stated_rates() {
    let shots: Vec<Shot> = (0..4000).map(|identity| Shot::new(SEED, identity, identity % 5)).collect();
    let rate = |count: usize| count as f32 / shots.len() as f32;
    let rings = rate(shots.iter().filter(|shot| shot.ring.is_some()).count());
    let watches = rate(shots.iter().filter(|shot| shot.watch.is_some()).count());
    assert!((rings - RING_RATE).abs() < 0.015, "{rings}");
    assert!((watches - WATCH_RATE).abs() < 0.015, "{watches}");
}

#[test]
fn a_drawing_says_what_is_worn() {
    let shot = |index| Shot::new(SEED, 0, index);
    let with_ring = (0..200).find(|&index| shot(index).ring.is_some()).unwrap();
    let drawing = drawing(0, with_ring, 32);
    assert!(drawing.has_ring);
    let bare = Shot { ring: None, watch: None, ..shot(with_ring) };
    let bare = draw(&Hand::new(SEED, 0), &bare, 32);
    assert!(!bare.has_ring && !bare.has_watch && difference(&drawing, &bare) > 0.0);
}

fn labels_of(pictures: &[Picture]) -> Vec<Label> {
    let paths: Vec<&str> = pictures.iter().map(|picture| picture.path.as_str()).collect();
    labels_from_paths(&paths)
}

#[test]
fn folder_names_are_read_as_labels() {
    let pictures = folders(1051, 3, 4, 1);
    assert_eq!(pictures.len(), 15);
    for (picture, label) in pictures.iter().zip(labels_of(&pictures)) {
        assert_eq!(label.identity, Some(format!("{:07}", picture.identity)), "{}", picture.path);
        let set = if picture.index < 4 { Set::Query } else { Set::Gallery };
        assert_eq!(label.set, Some(set), "{}", picture.path);
    }
}

#[test]
fn market_names_are_read_as_labels_and_some_identities_are_missing() {
    let pictures = market(1, 2 * MISSING_EVERY);
    let identities = |set| -> BTreeSet<u64> {
        let of_set = pictures.iter().zip(labels_of(&pictures)).filter(|(_, label)| label.set == Some(set));
        of_set.map(|(picture, _)| picture.identity).collect()
    };
    for (picture, label) in pictures.iter().zip(labels_of(&pictures)) {
        assert_eq!(label.identity, Some(format!("{:04}", picture.identity)), "{}", picture.path);
        assert_eq!(label.camera, picture.camera.map(|camera| camera.to_string()), "{}", picture.path);
        assert_eq!(label.source, "Market-1501 file name");
    }
    assert_eq!(identities(Set::Query).len(), 10);
    assert_eq!(identities(Set::Gallery).len(), 8);
}

#[test]
fn a_drawing_is_saved_as_a_jpeg_file_of_its_size() {
    let bytes = drawing(4, 0, 40).jpeg().unwrap();
    let decoded = reid_web::image::decode(&bytes).unwrap();
    assert_eq!((decoded.width, decoded.height), (40, 40));
}
