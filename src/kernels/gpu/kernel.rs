//! The ways in which a GPU can compute. Which is the fastest depends on the adapter, so it is measured.

use std::cell::Cell;

/// How linear layers and attention are computed on a GPU. The CPU has one way only.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum GpuKernel {
    /// Each invocation reads what it needs into its registers, from wherever the GPU caches it.
    #[default]
    Registers,
    /// The invocations of a workgroup read into their common memory what all of them need.
    Workgroup,
    /// The same, and where a layer gives a large GPU too little to do at once, several workgroups share a tile.
    Shared,
    /// The same, with products and sums of 16 of them as F16; those sums are added up as F32. Needs `shader-f16`.
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

    /// Whether numbers beyond F16's range become infinite on the way.
    pub fn is_half(self) -> bool {
        self == Self::SharedF16
    }

    /// Operations that `work` queues are computed this way.
    pub fn during<T>(self, work: impl FnOnce() -> T) -> T {
        let before = CURRENT.replace(self);
        let result = work();
        CURRENT.set(before);
        result
    }

    /// That of the operation being queued.
    #[cfg(feature = "gpu")]
    pub(crate) fn current() -> Self {
        CURRENT.get()
    }
}

thread_local! {
    static CURRENT: Cell<GpuKernel> = const { Cell::new(GpuKernel::Registers) };
}
