//! What is answered about each type. It is an answer of the compiler, so that this compiles is the test.
//!
//! A type with a lock in two places leaves the way open, and so only stands in `tests/ui/structs/field_two_locks.rs`.
#![allow(clippy::zero_sized_map_values, reason = "there are no values")]

use std::{
    borrow::Cow,
    cell::{Cell, LazyCell, OnceCell, RefCell, UnsafeCell},
    cmp::Reverse,
    collections::{
        BTreeMap, BTreeSet, BinaryHeap, HashMap, HashSet, LinkedList, VecDeque,
        hash_map::RandomState,
    },
    marker::PhantomData,
    mem::{ManuallyDrop, MaybeUninit},
    num::Wrapping,
    ops::{Bound, ControlFlow, Range, RangeInclusive},
    panic::{AssertUnwindSafe, RefUnwindSafe},
    pin::Pin,
    ptr::NonNull,
    rc::{self, Rc},
    slice,
    sync::{
        self, Arc, Barrier, Condvar, LazyLock, Mutex, MutexGuard, Once, OnceLock, RwLock,
        RwLockReadGuard, RwLockWriteGuard,
        atomic::{
            AtomicBool, AtomicI8, AtomicI16, AtomicI32, AtomicI64, AtomicIsize, AtomicPtr,
            AtomicU8, AtomicU16, AtomicU32, AtomicU64, AtomicUsize,
        },
        mpsc::{Receiver, Sender, SyncSender},
    },
    task::Poll,
    thread::{JoinHandle, LocalKey},
    vec,
};

use super::{Field, FoundCell, FoundLock, Kind, Steady, Unchanging};

macro_rules! answers {
    ($answer:ident: $($type:ty),* $(,)?) => { $(
        const _: fn(&$type) -> Kind<$type, $answer> = |field| Field::of(field).kind();
    )* };
}

/// A type of someone else.
struct Own<T>(PhantomData<T>);
/// What a type alias hides.
type Alias<T> = HashMap<Own<u8>, (Own<u8>, T)>;

/// An annotated struct with a cell that it answers for.
struct Annotated(PhantomData<Cell<u8>>);
impl Steady for Annotated {}

answers! { FoundLock:
    Mutex<u8>, Mutex<Cell<u8>>, Mutex<Own<u8>>, Mutex<[u8]>, RwLock<u8>, OnceLock<u8>, Once, Barrier, Condvar,
    AtomicBool, AtomicU8, AtomicU16, AtomicU32, AtomicU64, AtomicUsize, AtomicPtr<Own<u8>>,
    AtomicI8, AtomicI16, AtomicI32, AtomicI64, AtomicIsize,
    Sender<u8>, SyncSender<u8>, Receiver<u8>, sync::Weak<u8>, rc::Weak<u8>, rc::Weak<dyn Fn()>,
    LocalKey<u8>, AssertUnwindSafe<u8>,
}

answers! { FoundLock:
    (Once,), (Own<u8>, Once), (Cell<u8>, Once), (u8, u8, Once), (u8, u8, u8, Once), (u8, u8, u8, u8, Once),
    (u8, u8, u8, u8, u8, Once), (u8, u8, u8, u8, u8, u8, Once), (u8, u8, u8, u8, u8, u8, u8, Once),
    (u8, u8, u8, u8, u8, u8, u8, u8, Once), (u8, u8, u8, u8, u8, u8, u8, u8, u8, Once),
    (u8, u8, u8, u8, u8, u8, u8, u8, u8, u8, Once), (u8, u8, u8, u8, u8, u8, u8, u8, u8, u8, u8, Once),
    [Once], [Once; 2], &'static Once, &'static mut Once, *const Once, *mut Once, NonNull<Once>,
    Box<Once>, Box<[Once]>, Rc<Once>, Arc<Once>, Arc<[Once]>, Pin<Box<Once>>,
    Option<Once>, Result<Once, u8>, Result<u8, Once>, Poll<Once>, ControlFlow<u8, Once>, ControlFlow<Once>, Bound<Once>,
    Range<Once>, RangeInclusive<Once>, Reverse<Once>, Wrapping<Once>, ManuallyDrop<Once>, MaybeUninit<Once>,
    Vec<Once>, VecDeque<Once>, LinkedList<Once>, BinaryHeap<Once>, BTreeSet<Once>, BTreeMap<u8, Once>, BTreeMap<Once, u8>,
    HashSet<Once>, HashMap<Once, Own<u8>>, HashMap<Own<u8>, Once>, HashMap<u8, Once, Own<RandomState>>,
    vec::IntoIter<Once>, slice::Iter<'static, Once>,
    MutexGuard<'static, Once>, RwLockReadGuard<'static, Once>, RwLockWriteGuard<'static, Once>, LazyLock<Once>,
    Alias<Arc<Mutex<u8>>>, Alias<&'static [Option<AtomicU8>]>,
}

answers! { FoundCell:
    Cell<u8>, RefCell<u8>, UnsafeCell<u8>, OnceCell<u8>, LazyCell<u8>, Vec<Rc<RefCell<u8>>>, [Cell<u8>; 2],
    Result<Cell<u8>, u8>, &'static Cell<u8>, Own<Cell<u8>>, Alias<Cell<u8>>, (Annotated, Cell<u8>), LazyLock<Cell<u8>>,
    Box<dyn Fn()>, Arc<dyn Send + Sync>, JoinHandle<u8>, Own<Annotated>,
}

answers! { Unchanging:
    (), u8, f64, str, String, &'static str, [u8], Vec<u8>, Own<u8>, Own<Once>, Alias<Own<u8>>, Box<dyn Fn() + RefUnwindSafe>,
    fn(Cell<u8>), fn(&Once), PhantomData<Cell<u8>>, PhantomData<Once>, Option<PhantomData<Cell<u8>>>, Rc<u8>, Arc<str>,
    MutexGuard<'static, u8>, LazyLock<u8>,
    Annotated, Vec<Annotated>, HashMap<String, (Box<Annotated>, Rc<[Annotated]>)>, Cow<'static, [u8]>,
}
