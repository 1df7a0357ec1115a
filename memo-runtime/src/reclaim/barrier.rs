//! Who pays for the ordering between readers and those who forget?
//!
//! On Linux those who forget, by `membarrier`: it makes every running thread of the process execute a full barrier.
//! Elsewhere both, by a fence each.

pub(super) use imp::{MAY_BE_LIGHT, USUALLY_LIGHT, heavy, is_light, light};

/// `membarrier`: the thread that forgets pays for the readers' ordering.
#[cfg(all(target_os = "linux", not(loom), not(miri)))]
mod imp {
    use std::sync::{
        OnceLock,
        atomic::{Ordering::SeqCst, compiler_fence, fence},
    };

    use crate::linux;

    /// The light barrier, if `is_light` says that it is enough.
    #[inline]
    pub(in crate::reclaim) fn light(is_light: bool) {
        if is_light {
            compiler_fence(SeqCst);
        } else {
            fence(SeqCst);
        }
    }

    /// Whether [`is_light`] may say so here.
    pub(in crate::reclaim) const MAY_BE_LIGHT: bool = true;

    /// What [`is_light`] says on nearly every machine.
    pub(in crate::reclaim) const USUALLY_LIGHT: bool = true;

    /// Whether readers may leave the ordering to [`heavy`]; the same for the life of the process.
    pub(in crate::reclaim) fn is_light() -> bool {
        static LIGHT: OnceLock<bool> = OnceLock::new();
        *LIGHT.get_or_init(linux::register_for_barriers)
    }

    /// Whether the barrier took place. It can fail only if the process took the system call from itself.
    pub(in crate::reclaim) fn heavy() -> bool {
        fence(SeqCst);
        let again = || linux::register_for_barriers() && linux::barrier();
        let done = !is_light() || linux::barrier() || again();
        fence(SeqCst);
        done
    }
}

/// A fence on both sides.
#[cfg(not(all(target_os = "linux", not(loom), not(miri))))]
mod imp {
    use crate::sync::fence;
    use std::sync::atomic::Ordering::SeqCst;

    /// Models play both parts with fences.
    pub(in crate::reclaim) const MAY_BE_LIGHT: bool = cfg!(loom);

    /// The barrier of readers.
    #[inline]
    pub(in crate::reclaim) fn light(_is_light: bool) {
        fence(SeqCst);
    }

    pub(in crate::reclaim) const USUALLY_LIGHT: bool = false;

    pub(in crate::reclaim) fn is_light() -> bool {
        false
    }

    pub(in crate::reclaim) fn heavy() -> bool {
        fence(SeqCst);
        true
    }
}
