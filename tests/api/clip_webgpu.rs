//! The image encoder on WebGPU, in a browser, against transformers and open_clip.

use wasm_bindgen_test::{console_log, wasm_bindgen_test};

use crate::kernels::operations_equal_burns;
use crate::towers::{LAYOUTS, TOWERS, largest_difference};
use reid_web::clip::{agreement, known_images, webgpu_device};

/// Largest absolute difference of a unit embedding's elements to PyTorch's.
const TOLERANCE: f32 = 1e-4;

#[wasm_bindgen_test]
async fn embeddings_equal_those_of_transformers_and_open_clip() {
    let device = webgpu_device().await.unwrap();
    for tower in TOWERS.into_iter().chain(LAYOUTS) {
        let encoder = tower.load(device.clone()).unwrap();
        let embeddings = encoder.embed(tower.pixels()).await.unwrap();
        let difference = largest_difference(&embeddings, &tower.expected());
        console_log!("{}: largest difference {difference:e}", tower.name);
        assert!(difference <= TOLERANCE, "{}: {difference}", tower.name);
    }
    passes_its_self_check(&device).await;
    operations_equal_burns(&device, TOLERANCE).await;
}

/// A device can be opened once in a worker, so this is no test of its own.
async fn passes_its_self_check(device: &burn::tensor::Device) {
    let images = || known_images(TOWERS[0].config().image_size);
    let cpu = TOWERS[0].load(burn::tensor::Device::flex()).unwrap();
    let gpu = TOWERS[0].load(device.clone()).unwrap();
    let trusted = cpu.embed(images()).await.unwrap();
    let found = gpu.embed(images()).await.unwrap();
    assert!(agreement(&trusted, &found).unwrap() > 0.99999);
}
