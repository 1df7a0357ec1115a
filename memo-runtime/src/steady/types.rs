//! What is in the types of the standard library?

use std::{
    borrow::Cow,
    cmp, collections, iter, marker, mem, num, ops,
    panic::AssertUnwindSafe,
    path, pin, ptr, rc, slice, sync,
    sync::{atomic, mpsc},
    task, thread, time, vec,
};

use super::{HoldsLock, Itself, Part, Steady};

/// `[T] Vec<T>: T;` says that a `Vec<T>` holds `T`s.
macro_rules! holds {
    ($([$($generics:tt)*] $type:ty: $($part:ty),*;)*) => { $(
        impl<$($generics)*> Steady for $type where $($part: Steady),* {}
        holds!(@part () [$($generics)*] $type: $($part,)*);
    )* };
    (@part $index:tt $generics:tt $type:ty:) => {};
    (@part $index:tt [$($generics:tt)*] $type:ty: $part:ty, $($rest:ty,)*) => {
        impl<$($generics)*, Way> HoldsLock<Part<$index, Way>> for $type
        where
            $part: HoldsLock<Way>,
        {
        }
        holds!(@part ($index,) [$($generics)*] $type: $($rest,)*);
    };
}

holds! {
    [A] (A,): A;
    [A, B] (A, B): A, B;
    [A, B, C] (A, B, C): A, B, C;
    [A, B, C, D] (A, B, C, D): A, B, C, D;
    [A, B, C, D, E] (A, B, C, D, E): A, B, C, D, E;
    [A, B, C, D, E, F] (A, B, C, D, E, F): A, B, C, D, E, F;
    [A, B, C, D, E, F, G] (A, B, C, D, E, F, G): A, B, C, D, E, F, G;
    [A, B, C, D, E, F, G, H] (A, B, C, D, E, F, G, H): A, B, C, D, E, F, G, H;
    [A, B, C, D, E, F, G, H, I] (A, B, C, D, E, F, G, H, I): A, B, C, D, E, F, G, H, I;
    [A, B, C, D, E, F, G, H, I, J] (A, B, C, D, E, F, G, H, I, J): A, B, C, D, E, F, G, H, I, J;
    [A, B, C, D, E, F, G, H, I, J, K] (A, B, C, D, E, F, G, H, I, J, K):
        A, B, C, D, E, F, G, H, I, J, K;
    [A, B, C, D, E, F, G, H, I, J, K, L] (A, B, C, D, E, F, G, H, I, J, K, L):
        A, B, C, D, E, F, G, H, I, J, K, L;
    [T] [T]: T;
    [T, const N: usize] [T; N]: T;

    ['a, T: ?Sized] &'a T: T;
    ['a, T: ?Sized] &'a mut T: T;
    [T: ?Sized] *const T: T;
    [T: ?Sized] *mut T: T;
    [T: ?Sized] ptr::NonNull<T>: T;
    [T: ?Sized] Box<T>: T;
    [T: ?Sized] rc::Rc<T>: T;
    [T: ?Sized] sync::Arc<T>: T;
    [P] pin::Pin<P>: P;

    [T] Option<T>: T;
    [T, E] Result<T, E>: T, E;
    [T] task::Poll<T>: T;
    [B, C] ops::ControlFlow<B, C>: B, C;
    [T] ops::Bound<T>: T;
    [T] ops::Range<T>: T;
    [T] ops::RangeFrom<T>: T;
    [T] ops::RangeTo<T>: T;
    [T] ops::RangeInclusive<T>: T;
    [T] ops::RangeToInclusive<T>: T;
    [T] cmp::Reverse<T>: T;
    [T] num::Wrapping<T>: T;
    [T] num::Saturating<T>: T;
    [T: ?Sized] mem::ManuallyDrop<T>: T;
    [T] mem::MaybeUninit<T>: T;

    [T] Vec<T>: T;
    [T] collections::VecDeque<T>: T;
    [T] collections::LinkedList<T>: T;
    [T] collections::BinaryHeap<T>: T;
    [T] collections::BTreeSet<T>: T;
    [K, V] collections::BTreeMap<K, V>: K, V;
    [T, S] collections::HashSet<T, S>: T;
    [K, V, S] collections::HashMap<K, V, S>: K, V;

    [T] vec::IntoIter<T>: T;
    ['a, T] slice::Iter<'a, T>: T;
    [I] iter::Rev<I>: I;
    [I] iter::Cycle<I>: I;

    // What these reach changes only through `&mut`, or once and then for good.
    ['a, T: ?Sized] sync::MutexGuard<'a, T>: T;
    ['a, T: ?Sized] sync::RwLockReadGuard<'a, T>: T;
    ['a, T: ?Sized] sync::RwLockWriteGuard<'a, T>: T;
    [T, F] sync::LazyLock<T, F>: T;
}

// What these hold beside their parameter is of the same kind; and where the parameter is one of the struct, nothing can be
// said of the type that goes with it.
holds!(@part () ['a, T: ?Sized + ToOwned + 'a] Cow<'a, T>: T, T::Owned,);
impl<T: ?Sized + ToOwned + Steady> Steady for Cow<'_, T> {}
holds!(@part () [I: Iterator] iter::Peekable<I>: I, I::Item,);
impl<I: Iterator + Steady> Steady for iter::Peekable<I> {}

macro_rules! steady {
    ($($type:ty)*) => { $( impl Steady for $type {} )* };
}
steady! {
    () bool char str String
    u8 u16 u32 u64 u128 usize i8 i16 i32 i64 i128 isize f32 f64
    path::Path path::PathBuf time::Duration
}
impl<T: ?Sized> Steady for marker::PhantomData<T> {}

/// What changes through `&` although it is `RefUnwindSafe`.
macro_rules! changes {
    ($([$($generics:tt)*] $type:ty;)*) => { $(
        impl<$($generics)*> HoldsLock<Itself> for $type {}
    )* };
}
changes! {
    [T: ?Sized] sync::Mutex<T>;
    [T: ?Sized] sync::RwLock<T>;
    [T] sync::OnceLock<T>;
    [] sync::Once;
    [] sync::Barrier;
    [] sync::Condvar;
    [T] mpsc::Sender<T>;
    [T] mpsc::SyncSender<T>;
    [T] mpsc::Receiver<T>;
    // Ends with the last owner.
    [T: ?Sized] sync::Weak<T>;
    [T: ?Sized] rc::Weak<T>;
    // Another value in another thread.
    [T: 'static] thread::LocalKey<T>;
    // Says so of whatever it holds.
    [T] AssertUnwindSafe<T>;
}

macro_rules! atomics {
    ($($width:literal: $($type:ident $(<$parameter:ident>)?)*;)*) => { $( $(
        #[cfg(target_has_atomic = $width)]
        impl $(<$parameter>)? HoldsLock<Itself> for atomic::$type $(<$parameter>)? {}
    )* )* };
}
atomics! {
    "8": AtomicBool AtomicU8 AtomicI8;
    "16": AtomicU16 AtomicI16;
    "32": AtomicU32 AtomicI32;
    "64": AtomicU64 AtomicI64;
    "ptr": AtomicUsize AtomicIsize AtomicPtr<T>;
}
