//! Encoders whose tensors come in one by one: in any order, in half precision, without a second copy.

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

use burn::tensor::Device;
use reid_web::encoder::TowerBuilder;
#[cfg(not(target_arch = "wasm32"))]
use reid_web::encoder::{Naming, TensorSource, TowerPlan, VitConfig};
#[cfg(not(target_arch = "wasm32"))]
use reid_web::weights::{Header, TensorInfo};

use crate::encoder::clip::ready;
use crate::encoder::tower_weights::{Stored, Weights};
use crate::encoder::towers::{LAYOUTS, OPENCLIP, TOWERS};
use crate::support::random::Random;

#[test]
fn the_order_of_the_tensors_does_not_matter() {
    for tower in TOWERS.into_iter().chain(LAYOUTS) {
        let mut weights = Weights::of(&tower);
        let expected = ready(weights.load(&Device::flex(), Stored::F32).embed(tower.pixels())).unwrap();
        for seed in 0..5 {
            let order = Random::new(seed).permutation(weights.tensors.len());
            weights.tensors = order.into_iter().map(|at| weights.tensors[at].clone()).collect();
            let found = ready(weights.load(&Device::flex(), Stored::F32).embed(tower.pixels())).unwrap();
            assert_eq!(found, expected, "{}", tower.name);
        }
    }
}

#[test]
fn whichever_tensor_is_missing_in_the_end_is_named() {
    for tower in [TOWERS[0], OPENCLIP] {
        let weights = Weights::of(&tower);
        for missing in 0..weights.tensors.len() {
            let mut tensors = weights.tensors.clone();
            let (name, _) = tensors.remove(missing);
            let weights = Weights { plan: weights.plan.clone(), tensors };
            let builder = TowerBuilder::new(weights.plan.clone(), Device::flex());
            let message = weights.feed(builder, Stored::F32).unwrap_err().to_string();
            assert!(message.contains(&format!("tensor {name} [")), "{message}");
            assert!(message.contains("was not handed in"), "{message}");
        }
    }
}

/// 12 layers of width 256, in the order in which transformers writes them.
#[cfg(not(target_arch = "wasm32"))]
fn wide_plan() -> TowerPlan {
    let config =
        VitConfig::from_json(r#"{"hidden_size": 256, "intermediate_size": 1024, "num_attention_heads": 4}"#);
    let config = config.unwrap();
    let mut sources =
        Naming::Transformers.sources(&config.clone().into(), "").expect("transformers has such towers");
    sources.sort_by(|a, b| a.name.cmp(&b.name));
    let mut end = 0;
    let tensors = sources.into_iter().map(|TensorSource { name, shape, .. }| {
        let start = end;
        end += 4 * shape.iter().product::<usize>() as u64;
        TensorInfo { name, dtype: "F32".into(), shape, bytes: start..end }
    });
    let header = Header { tensors: tensors.collect(), unusable: Vec::new() };
    TowerPlan::with_config(&header, config).unwrap()
}

#[cfg(not(target_arch = "wasm32"))]
#[test]
fn hardly_more_than_a_block_is_held_beside_the_encoder() {
    let plan = wide_plan();
    let zeros = vec![0; 4 * 256 * 3 * 32 * 32];
    let held = allocation_counter::measure(|| {
        let mut builder = TowerBuilder::new(plan.clone(), Device::flex());
        for TensorInfo { name, dtype, bytes: place, .. } in plan.tensors() {
            builder.insert(name, dtype, &zeros[..(place.end - place.start) as usize]).unwrap();
        }
        drop(builder.finish().unwrap());
    });
    let block = 4 * (12 * 256 * 256 + 13 * 256);
    let tower = 4 * plan.config().parameters() as u64;
    println!("{} bytes for {tower}, a block has {block}", held.bytes_max);
    assert!(held.bytes_max < tower + block, "{} bytes for {tower}", held.bytes_max);
}

#[test]
fn on_the_cpu_weights_become_f32() {
    let weights = Weights::of(&TOWERS[0]);
    for stored in [Stored::F16, Stored::F32] {
        let builder = TowerBuilder::with_half_weights(weights.plan.clone(), Device::flex());
        let encoder = weights.feed(builder, stored).unwrap();
        assert_eq!((encoder.precision(), encoder.bytes()), ("F32", 4 * encoder.config().parameters()));
    }
}
