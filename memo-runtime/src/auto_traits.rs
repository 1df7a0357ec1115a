//! Which stores may be sent to other threads, shared with them, and used after a panic? A matrix that is checked when the
//! tests are compiled: every store, with keys and values that have each of the traits or lack it.

use std::{
    cell::Cell,
    marker::PhantomData,
    panic::{RefUnwindSafe, UnwindSafe},
    rc::Rc,
    sync::MutexGuard,
};

use crate::{
    accessor::MethodCache,
    info::{NoStats, Stats},
    key::ByValue,
    place::Shared,
    store::{
        Flights, KeptMap, KeptOnce, Local, Lru, Map, Once, Sieve, Threads, TimedMap, TimedOnce,
    },
    type_scope::{PerThread, TypeCache},
};

/// Asks for a trait: its inherent constants come before that of the trait, if their bounds are met.
struct Asked<T: ?Sized>(PhantomData<T>);

trait Otherwise {
    const SEND: bool = false;
    const SYNC: bool = false;
    const UNWIND: bool = false;
    const REF_UNWIND: bool = false;
}
impl<T: ?Sized> Otherwise for Asked<T> {}
impl<T: ?Sized + Send> Asked<T> {
    const SEND: bool = true;
}
impl<T: ?Sized + Sync> Asked<T> {
    const SYNC: bool = true;
}
impl<T: ?Sized + UnwindSafe> Asked<T> {
    const UNWIND: bool = true;
}
impl<T: ?Sized + RefUnwindSafe> Asked<T> {
    const REF_UNWIND: bool = true;
}

/// The traits of a type, in the order `Send`, `Sync`, `UnwindSafe`, `RefUnwindSafe`.
macro_rules! traits {
    ($ty:ty) => {
        [<Asked<$ty>>::SEND, <Asked<$ty>>::SYNC, <Asked<$ty>>::UNWIND, <Asked<$ty>>::REF_UNWIND]
    };
}

const fn same(left: [bool; 4], right: [bool; 4]) -> bool {
    left[0] == right[0] && left[1] == right[1] && left[2] == right[2] && left[3] == right[3]
}

/// A store with what is said to be inside: sent if that may be sent, shared if that may be sent and shared, and used after
/// a panic if that may.
macro_rules! shared {
    ($inside:ty: $($store:ty),* $(,)?) => {
        $(const _: () = {
            let [send, sync, unwind, ref_unwind] = traits!($inside);
            assert!(same(traits!($store), [send, send && sync, unwind, ref_unwind]));
            // An accessor borrows the store.
            let [_, sync, _, ref_unwind] = traits!($store);
            assert!(same(traits!(MethodCache<'_, Shared<'_, $store>>), [sync, sync, ref_unwind, ref_unwind]));
            assert!(same(traits!(Shared<'_, $store>), [sync, sync, ref_unwind, ref_unwind]));
            // It asks for the traits when it is used.
            assert!(<Asked<TypeCache<$store>>>::SEND && <Asked<TypeCache<$store>>>::SYNC);
            // Every thread finds its own store there.
            assert!(same(traits!(PerThread<$store>), [true, true, true, true]));
        };)*
    };
}

/// The same for stores of one thread.
macro_rules! local {
    ($inside:ty: $($store:ty),* $(,)?) => {
        $(const _: () = {
            let [send, _, unwind, ref_unwind] = traits!($inside);
            assert!(same(traits!($store), [send, false, unwind, ref_unwind]));
            assert!(same(traits!(MethodCache<'_, Shared<'_, $store>>), [false, false, ref_unwind, ref_unwind]));
            assert!(same(traits!(PerThread<$store>), [true, true, true, true]));
        };)*
    };
}

macro_rules! matrix {
    ($($inside:ty),* $(,)?) => { $(
        shared!($inside:
            Once<$inside>,
            Once<$inside, Stats>,
            KeptOnce<$inside>,
            Map<(ByValue<$inside>,), u8>,
            Map<(ByValue<u8>,), $inside, Stats>,
            KeptMap<(ByValue<$inside>,), u8>,
            KeptMap<(ByValue<u8>,), $inside>,
            Lru<(ByValue<$inside>,), u8, NoStats, Threads, 4>,
            Lru<(ByValue<u8>, ByValue<u8>), $inside, Stats, Threads, 4>,
            Sieve<(ByValue<$inside>,), u8, Stats, Threads, 4>,
            Sieve<(ByValue<u8>,), $inside, NoStats, Threads, 4>,
            TimedOnce<$inside>,
            TimedMap<(ByValue<u8>,), $inside>,
            Flights<Once<$inside>>,
            Flights<Map<(ByValue<$inside>,), u8>>,
            Flights<TimedMap<(ByValue<u8>,), $inside>>,
            Flights<Lru<(ByValue<u8>,), $inside, NoStats, Threads, 4>>,
            Flights<KeptMap<(ByValue<u8>,), $inside>>,
        );
        local!($inside:
            Once<$inside, NoStats, Local>,
            KeptOnce<$inside, NoStats, Local>,
            Map<(ByValue<$inside>,), u8, NoStats, Local>,
            Map<(ByValue<u8>,), $inside, Stats, Local>,
            KeptMap<(ByValue<$inside>,), u8, NoStats, Local>,
            KeptMap<(ByValue<u8>,), $inside, NoStats, Local>,
            Sieve<(ByValue<u8>,), $inside, NoStats, Local, 4>,
            Lru<(ByValue<$inside>,), u8, NoStats, Local, 4>,
            Lru<(ByValue<u8>,), $inside, Stats, Local, 4>,
        );
    )* };
}
matrix!(
    u8,
    String,
    Rc<u8>,
    Rc<Cell<u8>>,
    Cell<u8>,
    MutexGuard<'static, u8>,
    &'static Cell<u8>,
    &'static mut u8,
    Box<dyn Fn()>,
);

// What the matrix is about differs in each of the traits.
const _: () = {
    assert!(same(traits!(u8), [true, true, true, true]));
    assert!(same(traits!(Rc<u8>), [false, false, true, true]));
    assert!(same(traits!(Cell<u8>), [true, false, true, false]));
    assert!(same(traits!(MutexGuard<'static, u8>), [false, true, true, true]));
    assert!(same(traits!(&'static mut u8), [true, true, false, true]));
};
