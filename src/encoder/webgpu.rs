//! The GPU that encoders can be loaded on.

use burn::tensor::Device;

use crate::{Error, Result};

/// The WebGPU device of the browser, or natively what the system has instead. Before it is opened, nothing can be
/// loaded on a GPU.
///
/// # Errors
///
/// [`Error::Device`] if there is no adapter or it provides no device.
pub async fn webgpu_device() -> Result<Device> {
    #[cfg(target_arch = "wasm32")]
    run_constructors();
    let options = Device::wgpu_options();
    #[cfg(target_arch = "wasm32")]
    let options = options.graphics_api(burn::tensor::wgpu::WgpuBackend::WebGpu);
    options.init_async().await.map_err(|cause| Error::Device(cause.to_string()))
}

/// Runs the constructors by which CubeCL's compiler registers its operations.
///
/// Otherwise the linker makes every exported function run all of them on each call, even those by which wasm-bindgen
/// allocates memory for a JavaScript object: 6 ms for each operation on the GPU.
#[cfg(target_arch = "wasm32")]
#[allow(unsafe_code, reason = "the linker provides this function, with C's calling convention")]
fn run_constructors() {
    unsafe extern "C" {
        fn __wasm_call_ctors();
    }
    static ONCE: std::sync::Once = std::sync::Once::new();
    // SAFETY: it takes and returns nothing, and the `inventory` crate's constructors may run at any time.
    ONCE.call_once(|| unsafe { __wasm_call_ctors() });
}
