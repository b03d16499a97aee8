//! The image encoder on WebGPU, in a browser or natively, against transformers and open_clip.

use burn::tensor::Device;
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::{console_log, wasm_bindgen_test};

use crate::encoder::checkpoints::CHECKPOINTS;
use crate::encoder::half_weights::half_weights;
use crate::encoder::reid_cameras::equal_the_formulas;
use crate::encoder::towers::{LAYOUTS, TOWERS, largest_difference};
use crate::kernels::operations_equal_burns;
use reid_web::encoder::{agreement, known_images, webgpu_device};

/// Largest absolute difference of a unit embedding's elements to PyTorch's.
const TOLERANCE: f32 = 1e-4;

#[cfg(target_arch = "wasm32")]
#[wasm_bindgen_test]
async fn the_encoder_is_right_on_webgpu() {
    is_right(&webgpu_device().await.unwrap()).await;
}

#[cfg(not(target_arch = "wasm32"))]
#[test]
fn the_encoder_is_right_on_webgpu() {
    wait(async { is_right(&webgpu_device().await.unwrap()).await });
}

/// A device can be opened once in a worker, so these are no tests of their own.
async fn is_right(device: &Device) {
    embeddings_equal_those_of_transformers_and_open_clip(device).await;
    equal_the_formulas(device, TOLERANCE).await;
    passes_its_self_check(device).await;
    operations_equal_burns(device, TOLERANCE).await;
    half_weights(device).await;
}

async fn embeddings_equal_those_of_transformers_and_open_clip(device: &Device) {
    for tower in TOWERS.into_iter().chain(LAYOUTS).chain(CHECKPOINTS) {
        let encoder = tower.load(device.clone()).unwrap();
        let embeddings = encoder.embed(tower.pixels()).await.unwrap();
        let difference = largest_difference(&embeddings, &tower.expected());
        #[cfg(target_arch = "wasm32")]
        console_log!("{}: largest difference {difference:e}", tower.name);
        assert!(difference <= TOLERANCE, "{}: {difference}", tower.name);
    }
}

async fn passes_its_self_check(device: &Device) {
    let images = || known_images(TOWERS[0].config().image_size);
    let cpu = TOWERS[0].load(Device::flex()).unwrap();
    let gpu = TOWERS[0].load(device.clone()).unwrap();
    let trusted = cpu.embed(images()).await.unwrap();
    let found = gpu.embed(images()).await.unwrap();
    assert!(agreement(&trusted, &found).unwrap() > 0.99999);
}

/// The result of a future whose waker is called from another thread.
#[cfg(not(target_arch = "wasm32"))]
fn wait<T>(future: impl Future<Output = T>) -> T {
    use std::sync::Arc;
    use std::task::{Context, Poll, Wake};
    use std::thread::{self, Thread};

    struct Unpark(Thread);
    impl Wake for Unpark {
        fn wake(self: Arc<Self>) {
            self.0.unpark();
        }
    }

    let waker = Arc::new(Unpark(thread::current())).into();
    let mut future = std::pin::pin!(future);
    loop {
        match future.as_mut().poll(&mut Context::from_waker(&waker)) {
            Poll::Ready(result) => return result,
            Poll::Pending => thread::park(),
        }
    }
}
