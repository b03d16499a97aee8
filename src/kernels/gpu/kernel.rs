//! The ways in which a GPU can compute. Which one is fastest depends on the adapter, so it is measured.

use std::cell::Cell;

/// How linear layers and attention are computed on a GPU. The CPU has only one way.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum GpuKernel {
    /// Each invocation reads what it needs into its registers, from wherever the GPU caches it.
    #[default]
    Registers,
    /// The invocations of a workgroup read into their common memory what all of them need.
    Workgroup,
    /// The same, and where a layer is too small to keep a large GPU busy, several workgroups share a tile.
    Shared,
    /// The same, with products and sums of 16 of them in F16; those sums are added up in F32. Needs `shader-f16`.
    SharedF16,
}

impl GpuKernel {
    /// All of them, the most portable first.
    pub const ALL: [Self; 4] = [Self::Registers, Self::Workgroup, Self::Shared, Self::SharedF16];

    /// Its name for people and for JavaScript.
    pub fn name(self) -> &'static str {
        match self {
            Self::Registers => "registers",
            Self::Workgroup => "workgroup",
            Self::Shared => "shared",
            Self::SharedF16 => "shared-f16",
        }
    }

    /// Whether values beyond F16's range become infinite.
    pub fn is_half(self) -> bool {
        self == Self::SharedF16
    }

    /// Computes the operations that `work` queues in this way.
    pub fn during<T>(self, work: impl FnOnce() -> T) -> T {
        let before = CURRENT.replace(self);
        let result = work();
        CURRENT.set(before);
        result
    }

    /// The way of the operation that is being queued.
    #[cfg(feature = "gpu")]
    pub(crate) fn current() -> Self {
        CURRENT.get()
    }
}

thread_local! {
    static CURRENT: Cell<GpuKernel> = const { Cell::new(GpuKernel::Registers) };
}
