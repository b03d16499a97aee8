//! Checkpoints as training leaves them: several towers, wrapped names, parts, other poolings, no projection.

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

use burn::tensor::Device;
use reid_web::encoder::{Assumption, ConfigFile, TowerBuilder, TowerPlan};
use reid_web::weights::{Header, HeaderReader, index_parts};

use crate::encoder::clip::ready;
use crate::encoder::towers::{OPENAI, TOWERS, Tower, largest_difference};

macro_rules! checkpoint {
    ($name:literal, $weights:literal, $config:expr) => {
        Tower {
            name: $name,
            config: $config,
            weights: include_bytes!(concat!("../../fixtures/checkpoints/", $name, "/", $weights)),
            expected: include_bytes!(concat!("../../fixtures/checkpoints/", $name, "/expected.safetensors")),
        }
    };
    ($name:literal) => {
        checkpoint!(
            $name,
            "model.safetensors",
            Some(include_str!(concat!("../../fixtures/checkpoints/", $name, "/config.json")))
        )
    };
}

/// CLIP-ReID's with overlapping patches, OpenCLIP's with its other poolings, transformers' without projection.
pub const CHECKPOINTS: [Tower; 5] = [
    checkpoint!("reid-overlap", "model.pth", None),
    checkpoint!("reid-square", "model.pth", None),
    checkpoint!("mean-of-norms"),
    checkpoint!("norm-of-mean"),
    checkpoint!("pooled"),
];

const POOLED: Tower = CHECKPOINTS[4];

fn embeddings(tower: Tower) -> Vec<f32> {
    ready(tower.load(Device::flex()).unwrap().embed(tower.pixels())).unwrap()
}

/// The embeddings with the tensors under other names.
fn embeddings_renamed(tower: Tower, rename: impl Fn(&str) -> String) -> Vec<f32> {
    let mut header = tower.header().unwrap();
    header.tensors.iter_mut().for_each(|tensor| tensor.name = rename(&tensor.name));
    let plan = TowerPlan::new(&header, tower.config.map(ConfigFile::from), None).unwrap();
    ready(tower.load_plan(&plan, Device::flex()).unwrap().embed(tower.pixels())).unwrap()
}

fn assumption(plan: &TowerPlan, field: &str) -> Option<Assumption> {
    plan.assumptions().iter().find(|assumption| assumption.field == field).cloned()
}

#[test]
fn embeddings_equal_those_of_their_projects() {
    for tower in CHECKPOINTS {
        let difference = largest_difference(&embeddings(tower), &tower.expected());
        println!("{}: {difference:e}", tower.name);
        assert!(difference <= 1e-5, "{}: {difference}", tower.name);
    }
}

#[test]
fn wrappers_anywhere_in_the_names_change_nothing() {
    let expected = embeddings(OPENAI);
    for (from, to) in [
        ("resblocks.0.", "resblocks.0._checkpoint_wrapped_module."),
        ("visual.", "_orig_mod.module.visual."),
        ("visual.", "visual._fsdp_wrapped_module."),
        ("visual.transformer.", "visual.module.transformer._fsdp_wrapped_module."),
        ("visual.", "state_dict.model.visual."),
    ] {
        assert_eq!(embeddings_renamed(OPENAI, |name| name.replacen(from, to, 1)), expected, "{to}");
    }
    let expected = embeddings(TOWERS[0]);
    for (from, to) in [
        ("vision_model.", "vision_model._fsdp_wrapped_module."),
        ("vision_model.encoder.layers.1.", "vision_model._orig_mod.encoder.layers.1._fsdp_wrapped_module."),
        ("", "module."),
        ("vision_model.", ""),
    ] {
        assert_eq!(embeddings_renamed(TOWERS[0], |name| name.replacen(from, to, 1)), expected, "{to}");
    }
}

#[test]
fn what_lies_beside_a_tower_has_no_part_in_it() {
    for (tower, names) in [
        (TOWERS[0], ["classifier.weight", "logit_bias", "head.0.weight"]),
        (OPENAI, ["classifier.weight", "logit_bias", "text.token_embedding.weight"]),
        (POOLED, ["classifier.weight", "logit_bias", "pooler.dense.weight"]),
    ] {
        let mut header = tower.header().unwrap();
        let other = header.tensors[0].clone();
        header
            .tensors
            .extend(names.map(|name| reid_web::weights::TensorInfo { name: name.into(), ..other.clone() }));
        let plan = TowerPlan::new(&header, tower.config.map(ConfigFile::from), None).unwrap();
        let found = ready(tower.load_plan(&plan, Device::flex()).unwrap().embed(tower.pixels())).unwrap();
        assert_eq!(found, embeddings(tower), "{}", tower.name);
    }
    // Inside the tower it would change the embedding.
    let mut header = TOWERS[0].header().unwrap();
    let other = header.tensors[0].clone();
    header
        .tensors
        .push(reid_web::weights::TensorInfo { name: "vision_model.adapter.weight".into(), ..other });
    let message =
        TowerPlan::new(&header, TOWERS[0].config.map(ConfigFile::from), None).unwrap_err().to_string();
    assert!(message.contains("vision_model.adapter.weight does not belong"), "{message}");
}

/// Two towers of the same shape in one file: the second has other weights.
fn two_towers(prefixes: [&str; 2]) -> (Tower, Header) {
    let tower = TOWERS[0];
    let mut other = tower.weights.to_vec();
    let first = tower.header().unwrap().tensors[0].bytes.start as usize;
    other[first..]
        .as_chunks_mut::<4>()
        .0
        .iter_mut()
        .for_each(|bytes| *bytes = (0.9 * f32::from_le_bytes(*bytes)).to_le_bytes());
    let weights: &[u8] = Box::leak([tower.weights, &other].concat().into_boxed_slice());
    let parts = prefixes.map(|prefix| {
        let mut header = tower.header().unwrap();
        header.tensors.iter_mut().for_each(|tensor| tensor.name.insert_str(0, prefix));
        (header, tower.weights.len() as u64)
    });
    (Tower { weights, ..tower }, Header::joined(parts.into()).unwrap())
}

#[test]
fn several_towers_are_a_choice_and_an_average_is_not_taken_silently() {
    for (prefixes, taken) in [
        (["model.", "model_ema."], 0),
        (["ema.model.", "model."], 1),
        (["state_dict_ema.module.", "state_dict.module."], 1),
        (["teacher.", "student."], 1),
        (["first.", "second."], 0),
        (["", "ema."], 0),
    ] {
        let (tower, header) = two_towers(prefixes);
        let plan =
            |choices: Option<&str>| TowerPlan::new(&header, tower.config.map(ConfigFile::from), choices);
        let embed = |plan: &TowerPlan| {
            ready(tower.load_plan(plan, Device::flex()).unwrap().embed(tower.pixels())).unwrap()
        };
        let found = assumption(&plan(None).unwrap(), "tower").unwrap();
        assert_eq!(found.value, prefixes[taken]);
        assert_eq!(found.choices, prefixes);
        assert!(found.reason.contains("2 image towers"), "{}", found.reason);
        let chosen =
            prefixes.map(|prefix| embed(&plan(Some(&format!("{{\"tower\": \"{prefix}\"}}"))).unwrap()));
        assert_eq!(embed(&plan(None).unwrap()), chosen[taken]);
        assert_eq!(chosen[0], embeddings(TOWERS[0]));
        assert!(largest_difference(&chosen[0], &chosen[1]) > 1e-3, "{prefixes:?}");
        let message = plan(Some(r#"{"tower": "other"}"#)).unwrap_err().to_string();
        assert!(message.contains("tower is \"other\"") && message.contains(prefixes[1]), "{message}");
    }
    assert_eq!(assumption(&TOWERS[0].plan(None).unwrap(), "tower"), None);
}

#[test]
fn a_smaller_file_keeps_what_other_choices_need() {
    let (tower, header) = two_towers(["model.", "model_ema."]);
    let plan = TowerPlan::new(&header, tower.config.map(ConfigFile::from), None).unwrap();
    assert_eq!(plan.kept_tensors().len(), 2 * plan.tensors().len());
    let kept = |tower: Tower| {
        tower.plan(None).unwrap().kept_tensors().iter().map(|one| one.name.clone()).collect::<Vec<_>>()
    };
    assert!(kept(CHECKPOINTS[0]).contains(&"cv_embed".to_owned()));
    assert!(kept(CHECKPOINTS[0]).contains(&"bottleneck.running_var".to_owned()));
    assert!(!kept(CHECKPOINTS[0]).iter().any(|name| name.contains("classifier") || name.contains("tracked")));
}

#[test]
fn without_a_projection_the_pooled_token_is_the_embedding_and_that_is_said() {
    for config in [POOLED.config, None] {
        let plan = Tower { config, ..POOLED }.plan(Some(r#"{"heads": 4}"#)).unwrap();
        assert_eq!(plan.config().embed_dim(), 32);
        let feature = assumption(&plan, "feature").unwrap();
        assert_eq!((&*feature.value, feature.choices.len()), ("pooled", 1));
        assert!(feature.reason.contains("saved without CLIP's projection"), "{}", feature.reason);
    }
}

#[test]
fn parts_are_read_as_one_file() {
    let parts: [&[u8]; 3] = [
        include_bytes!("../../fixtures/checkpoints/shards/model-00001-of-00003.safetensors"),
        include_bytes!("../../fixtures/checkpoints/shards/model-00002-of-00003.safetensors"),
        include_bytes!("../../fixtures/checkpoints/shards/model-00003-of-00003.safetensors"),
    ];
    let of_torch: [&[u8]; 3] = [
        include_bytes!("../../fixtures/checkpoints/torch-shards/pytorch_model-00001-of-00003.bin"),
        include_bytes!("../../fixtures/checkpoints/torch-shards/pytorch_model-00002-of-00003.bin"),
        include_bytes!("../../fixtures/checkpoints/torch-shards/pytorch_model-00003-of-00003.bin"),
    ];
    for parts in [parts, of_torch] {
        let headers = parts.map(|part| (header(part), part.len() as u64));
        let joined = Header::joined(headers.to_vec()).unwrap();
        let whole = Tower { weights: Box::leak(parts.concat().into_boxed_slice()), ..TOWERS[4] };
        let plan = TowerPlan::new(&joined, whole.config.map(ConfigFile::from), None).unwrap();
        let found = ready(whole.load_plan(&plan, Device::flex()).unwrap().embed(TOWERS[4].pixels())).unwrap();
        assert_eq!(found, embeddings(TOWERS[4]));
        let twice = Header::joined(vec![headers[0].clone(), headers[0].clone()]).unwrap_err().to_string();
        assert!(twice.contains("vision_model."), "{twice}");
    }
    let index = include_str!("../../fixtures/checkpoints/shards/model.safetensors.index.json");
    let names = [1, 2, 3].map(|number| format!("model-0000{number}-of-00003.safetensors"));
    assert_eq!(index_parts(index).unwrap(), names);
    for (text, says) in [("{}", "no index"), (r#"{"weight_map": {}}"#, "names no file"), ("[", "no index")] {
        assert!(index_parts(text).unwrap_err().to_string().contains(says), "{text}");
    }
}

fn header(file: &[u8]) -> Header {
    let mut reader = HeaderReader::new(file.len() as u64);
    while let Some(range) = reader.next() {
        reader.give(&file[range.start as usize..range.end as usize]).unwrap();
    }
    reader.finish().unwrap()
}

#[test]
fn other_networks_are_refused_as_what_they_are() {
    for (name, says) in [
        ("visual.trunk.blocks.0.attn.qkv.weight", "its image tower is one of timm's"),
        ("vision_model.embeddings.patch_embedding.weight", "no class token, as SigLIP's"),
        ("base.cls_token", "a Vision Transformer of timm such as TransReID's"),
        ("vit.embeddings.cls_token", "transformers such as ViT or DINOv2"),
        ("state.0.exp_avg", "the state of an optimizer"),
    ] {
        let mut header = TOWERS[0].header().unwrap();
        header.tensors.truncate(1);
        header.tensors[0].name = name.into();
        let message = TowerPlan::new(&header, None, None).unwrap_err().to_string();
        assert!(message.contains(says), "{message}");
    }
}

#[test]
fn the_builder_takes_a_tower_with_wrapped_names() {
    let tower = OPENAI;
    let mut header = tower.header().unwrap();
    header
        .tensors
        .iter_mut()
        .for_each(|tensor| tensor.name = tensor.name.replace("visual.", "visual._orig_mod."));
    let plan = TowerPlan::new(&header, None, None).unwrap();
    let mut builder = TowerBuilder::new(plan.clone(), Device::flex());
    let message = builder.insert("visual.proj", "F16", &[0; 4]).unwrap_err().to_string();
    assert!(message.contains("visual.proj does not belong"), "{message}");
}
