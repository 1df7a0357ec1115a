//! Contract point 13: nothing in an expansion depends on the prelude, or on names that the user can shadow.
#![forbid(unsafe_code)]

/// No prelude, and everything that an expansion might name means something else.
mod shadowed {
    #![no_implicit_prelude]
    #![allow(dead_code, non_camel_case_types, unused_macros, clippy::pedantic)]

    use ::memo_runtime::memoize;

    mod std {}
    mod core {}
    mod alloc {}
    mod memo_runtime {}
    struct Option;
    struct Result;
    struct Some;
    struct None;
    struct Ok;
    struct Err;
    struct Vec;
    struct String;
    struct Box;
    struct PhantomData;
    struct Lru;
    struct Map;
    struct Caches;
    struct MethodCache;
    struct InstanceCaches;
    struct Clone_;
    trait Clone {}
    trait Default {}
    trait Hash {}
    trait Eq {}
    trait Fn {}
    trait FnOnce {}
    trait Sized_ {}
    trait Into {}
    fn drop() {}
    fn instance() {}
    fn memoize_() {}
    struct InEngine;
    struct InStore;
    struct StoreCache;
    struct Identity;
    struct Region;
    static REGION: ::std::sync::LazyLock<::memo_runtime::Region<::memo_runtime::MemoryStore>> =
        ::std::sync::LazyLock::new(|| {
            ::memo_runtime::Region::new("hygiene", ::memo_runtime::MemoryStore::new())
        });
    const CACHE: u8 = 0;
    const CACHES: u8 = 0;
    macro_rules! assert {
        () => {};
    }
    macro_rules! thread_local {
        () => {};
    }

    #[memoize]
    #[derive(::core::clone::Clone, ::core::cmp::PartialEq, ::core::cmp::Eq, ::core::hash::Hash)]
    pub struct Shape {
        caches: u32,
        home: u32,
        result: u32,
        body: u32,
    }

    #[memoize]
    impl Shape {
        pub fn make(caches: u32) -> Self {
            Self { caches, home: 1, result: 2, body: 3 }
        }
        #[memoize(scope = "type", engine = ::moka::sync::Cache::new(4), reads(home: u32), single_flight)]
        pub fn in_engine(&self, key: u32, cache: &str) -> u32 {
            key + self.home + cache.len() as u32
        }
        #[memoize(store = &REGION, ttl = "5m", name = "shadowed", version = CACHES, single_flight, stats)]
        pub fn in_store(value: u32, ttl: &str) -> ::core::result::Result<u32, u8> {
            ::core::result::Result::Ok(value + ttl.len() as u32)
        }
        #[memoize(store = &REGION, unbounded)]
        pub async fn stored(store: u32) -> u32 {
            store
        }
        #[memoize]
        pub fn instance(&self) -> u32 {
            self.caches + self.home
        }
        #[memoize(capacity = 3, stats)]
        pub fn call(&self, caches: u32, home: &str) -> u32 {
            caches + self.body + home.len() as u32
        }
        #[memoize(returns = "ref")]
        pub fn store(&self, key: u32) -> u32 {
            key + self.result
        }
        #[memoize(unsync)]
        pub fn local(&self, argument0: u32, argument1: u32) -> u32 {
            argument0 * argument1
        }
        #[memoize]
        pub fn patterns(&self, (a, b): (u32, u32), mut argument0: u32, _: u32) -> u32 {
            argument0 += a;
            argument0 * b
        }
        #[memoize(scope = "type", unbounded)]
        pub fn shared(memo: u32) -> u32 {
            memo + 1
        }
        #[memoize(scope = "type", unbounded, unsync)]
        pub fn threaded(memo: u32) -> u32 {
            memo + 2
        }
        #[memoize(scope = "type", unbounded, reads(caches: u32))]
        pub fn reading(&self, state_caches: u32) -> u32 {
            self.caches + state_caches
        }
        #[memoize(key(half: u32 = n / 2))]
        pub fn keyed(&self, n: u32) -> u32 {
            n / 2
        }
        #[memoize(cache_if = |result: &u32| *result > 2)]
        pub fn some(&self, result: u32) -> u32 {
            result
        }
        #[memoize]
        pub async fn waiting(&self, caches: u32) -> u32 {
            caches
        }
        pub fn set(&mut self, caches: u32) {
            self.caches = caches;
        }
        pub fn step(&mut self, _mutation: u32) -> u32 {
            let before = self.instance();
            self.caches += _mutation;
            before
        }
        #[memoize]
        pub fn own(&self, other: &Self) -> ::core::option::Option<u32> {
            ::core::option::Option::Some(self.caches + other.caches)
        }
    }

    #[memoize(unbounded)]
    pub fn free(n: u32) -> u32 {
        n
    }

    /// Parameters with the names of ours.
    #[memoize]
    pub struct Generic<'a, K, V, S, T> {
        k: K,
        v: V,
        s: S,
        t: &'a T,
    }
    #[memoize]
    impl<'a, K, V, S, T> Generic<'a, K, V, S, T>
    where
        K: ::core::clone::Clone + ::core::hash::Hash + ::core::cmp::Eq,
        V: ::core::clone::Clone,
    {
        pub fn make(k: K, v: V, s: S, t: &'a T) -> Self {
            Self { k, v, s, t }
        }
        #[memoize]
        pub fn value(&self, _key: K) -> V {
            ::core::clone::Clone::clone(&self.v)
        }
    }
}

/// Fields and methods with the names that the expansion has.
mod named {
    #![allow(clippy::new_ret_no_self, clippy::wrong_self_convention)]

    use memo_runtime::memoize;

    #[memoize(field = caches_of_this)]
    #[derive(Default)]
    #[allow(clippy::struct_field_names)]
    pub struct Busy {
        memo: u32,
        owner: u32,
        caches: u32,
    }

    #[memoize(field = caches_of_this)]
    impl Busy {
        pub fn make() -> Self {
            Self { memo: 1, owner: 2, caches: 3 }
        }
        #[memoize]
        pub fn new(&self) -> u32 {
            self.memo
        }
        #[memoize]
        pub fn empty(&self) -> u32 {
            self.owner
        }
        #[memoize]
        pub fn absorb(&self, other: u32) -> u32 {
            self.caches + other
        }
        #[memoize]
        pub fn owner(&self) -> u32 {
            self.owner
        }
        #[memoize]
        pub fn caches(&self) -> u32 {
            self.caches
        }
        #[memoize]
        pub fn block(&self) -> u32 {
            3
        }
        #[memoize]
        pub fn r#type(&self, r#fn: u32) -> u32 {
            r#fn
        }
        #[memoize(accessor = cached)]
        pub fn call(&self) -> u32 {
            4
        }
        #[memoize]
        pub fn memoize(&self) -> u32 {
            5
        }
        pub fn forget(&mut self) {
            self.memo += 1;
        }
        pub fn mutate(&mut self) -> u32 {
            self.forget();
            self.new()
        }
    }
}

/// The runtime under another name, or re-exported.
mod renamed {
    mod facade {
        pub mod inner {
            pub use memo_runtime::*;
        }
    }
    use facade::inner as cache;

    mod hidden {
        use super::cache::memoize;

        #[memoize(crate = super::cache)]
        #[derive(Clone)]
        pub struct Renamed {
            n: u32,
        }
        #[memoize(crate = super::cache)]
        impl Renamed {
            pub fn make(n: u32) -> Self {
                Self { n }
            }
            #[memoize]
            pub fn next(&self) -> u32 {
                self.n + 1
            }
            #[memoize(scope = "type", unbounded, unsync)]
            pub fn shared(n: u32) -> u32 {
                n
            }
            pub fn set(&mut self, n: u32) {
                self.n = n;
            }
        }
        #[memoize(crate = super::cache, capacity = 2)]
        pub fn free(n: u32) -> u32 {
            n
        }
    }

    #[test]
    fn renamed_runtime_is_found() {
        let mut renamed = hidden::Renamed::make(1);
        assert_eq!((renamed.next(), hidden::Renamed::shared(3), hidden::free(4)), (2, 3, 4));
        renamed.set(5);
        assert_eq!(renamed.next(), 6);
    }
}

#[test]
fn shadowed_names_do_not_matter() {
    let mut shape = shadowed::Shape::make(10);
    assert_eq!(shape.instance(), 11);
    assert_eq!(shape.call(1, "ab"), 6);
    assert_eq!(shape.store(1), &3);
    assert_eq!(shape.local(2, 3), 6);
    assert_eq!(shape.patterns((1, 2), 3, 4), 8);
    assert_eq!((shadowed::Shape::shared(1), shadowed::Shape::threaded(1)), (2, 3));
    assert_eq!((shape.reading(1), shape.keyed(5), shape.some(3)), (11, 2, 3));
    assert_eq!(shape.own(&shape), Some(20));
    assert_eq!(shadowed::free(3), 3);
    assert_eq!(shape.step(2), 11);
    assert_eq!(shape.instance(), 13);
    shape.set(1);
    assert_eq!(shape.instance(), 2);
    let t = 'c';
    let generic = shadowed::Generic::make("k", "v", 's', &t);
    assert_eq!((generic.value("k"), generic.value("l")), ("v", "v"));
    let future = std::pin::pin!(shape.waiting(3));
    let mut context = std::task::Context::from_waker(std::task::Waker::noop());
    assert_eq!(std::future::Future::poll(future, &mut context), std::task::Poll::Ready(3));
}

#[test]
fn methods_and_fields_may_have_any_name() {
    let mut busy = named::Busy::make();
    assert_eq!((busy.new(), busy.empty(), busy.absorb(1), busy.owner()), (1, 2, 4, 2));
    assert_eq!(
        (busy.caches(), busy.block(), busy.r#type(7), busy.call(), busy.memoize()),
        (3, 3, 7, 4, 5)
    );
    assert!(busy.type_cache().contains((7,)));
    assert_eq!(busy.cached().peek(()), Some(4));
    assert_eq!(busy.mutate(), 2);
    assert_eq!(named::Busy::default().new(), 0);
}

macro_rules! shape {
    ($name:ident, $field:ident: $ty:ty, $method:ident($arg:ident: $arg_ty:ty) -> $out:ty = $body:expr) => {
        #[memo_runtime::memoize]
        struct $name {
            $field: $ty,
        }
        #[memo_runtime::memoize]
        impl $name {
            fn make($field: $ty) -> Self {
                Self { $field }
            }
            #[memoize(capacity = 5)]
            fn $method(&self, $arg: $arg_ty) -> $out {
                let caches = 1;
                $body + self.$field + caches
            }
            #[memoize(scope = "type", unbounded)]
            fn floats(numbers: &[f64], $arg: $arg_ty) -> $out {
                numbers.len() as $out + $arg
            }
            fn set(&mut self, $field: $ty) {
                self.$field = $field;
            }
        }
    };
}
shape!(FromMacro, size: u32, grown(by: u32) -> u32 = by + 10);

#[test]
fn items_of_macro_rules_work() {
    let mut made = FromMacro::make(1);
    assert_eq!((made.grown(1), made.grown_cache().len()), (13, 1));
    made.set(2);
    assert_eq!(made.grown(1), 14);
    assert_eq!(FromMacro::floats(&[1.0], 2), 3);
}

mod accessors {
    use memo_runtime::memoize;

    #[memoize(unbounded)]
    fn twice(twice_cache: u64) -> u64 {
        2 * twice_cache
    }
    #[memoize(unbounded, skip(plus_cache))]
    fn plus(x: u64, plus_cache: u64) -> u64 {
        x + plus_cache
    }
    #[memoize(unbounded, key(parity: bool = keyed_cache % 2 == 0))]
    fn keyed(keyed_cache: u64) -> bool {
        keyed_cache % 2 == 0
    }
    struct Associated;
    #[memoize]
    impl Associated {
        #[memoize(unbounded)]
        fn thrice(thrice_cache: u64) -> u64 {
            3 * thrice_cache
        }
    }

    #[test]
    fn an_argument_may_have_the_name_of_the_accessor() {
        assert_eq!((twice(2), twice_cache().len()), (4, 1));
        assert_eq!((plus(1, 2), plus_cache().len()), (3, 1));
        assert_eq!((keyed(2), keyed_cache().len()), (true, 1));
        assert_eq!((Associated::thrice(2), Associated::thrice_cache().len()), (6, 1));
    }
}
