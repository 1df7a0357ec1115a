//! Any honest argument can be part of a key: looked up borrowed, hashed once, owned on a miss.
//!
//! The table below runs each kind of argument through every store in every scope.

#![allow(
    clippy::needless_pass_by_value,
    clippy::ref_option,
    clippy::ptr_arg,
    clippy::trivially_copy_pass_by_ref,
    clippy::box_collection,
    clippy::default_trait_access,
    clippy::many_single_char_names,
    clippy::option_option,
    clippy::too_many_arguments,
    clippy::too_many_lines,
    clippy::type_complexity,
    reason = "the signatures are the point"
)]

#[path = "support/allocations.rs"]
mod allocations;

use allocations::allocations_in;
use memo_runtime::memoize;
use std::{
    cell::Cell,
    collections::BTreeMap,
    ffi::{CStr, OsStr},
    fmt::{Debug, Display},
    hash::{DefaultHasher, Hash, Hasher},
    net::IpAddr,
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

thread_local! {
    static RUNS: Cell<u64> = const { Cell::new(0) };
    static HASHES: Cell<u64> = const { Cell::new(0) };
}

/// The result of `operation`, how many bodies it ran, and how many tags it hashed.
fn counted<R>(operation: impl FnOnce() -> R) -> (R, u64, u64) {
    let before = (RUNS.get(), HASHES.get());
    let result = operation();
    (result, RUNS.get() - before.0, HASHES.get() - before.1)
}

/// A body: what it computes shows that it got its arguments.
fn body(arguments: &impl Debug) -> u64 {
    RUNS.set(RUNS.get() + 1);
    digest(arguments)
}

fn digest(arguments: &impl Debug) -> u64 {
    let mut hasher = DefaultHasher::new();
    format!("{arguments:?}").hash(&mut hasher);
    hasher.finish()
}

/// A part of a key that counts how often the key is hashed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Tag(u64);

impl Hash for Tag {
    fn hash<H: Hasher>(&self, state: &mut H) {
        HASHES.set(HASHES.get() + 1);
        self.0.hash(state);
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct Point {
    x: i64,
    name: String,
}

fn point(x: i64) -> Point {
    Point { x, name: "a name on the heap".to_owned() }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Direction {
    North,
    Towards { x: i32, y: i32 },
}

/// How a shape is called: with one key or another, and with a tag.
struct Shape<One, Other> {
    name: String,
    one: One,
    other: Other,
}

/// The result, and how often the call itself allocated.
type Called = (u64, u64);

impl<One: Fn(Tag) -> Called, Other: Fn(Tag) -> Called> Shape<One, Other> {
    /// `one` and `other` are what the body returns for the two keys.
    fn check(&self, [one, other]: [u64; 2], is_bounded: bool) {
        let Self { name, .. } = self;
        assert_ne!(one, other, "{name}: the two keys differ");
        for tag in [Tag(0), Tag(1)] {
            let ((result, _), runs, hashes) = counted(|| (self.one)(tag));
            assert_eq!((result, runs, hashes), (one, 1, 1), "{name}: a miss");
            let ((result, allocations), runs, hashes) = counted(|| (self.one)(tag));
            assert_eq!((result, runs, hashes), (one, 0, 1), "{name}: a hit");
            assert_eq!(allocations, 0, "{name}: a hit allocates nothing");
            let ((result, _), runs, hashes) = counted(|| (self.other)(tag));
            assert_eq!((result, runs, hashes), (other, 1, 1), "{name}: another key");
            let ((result, allocations), runs, hashes) = counted(|| (self.one)(tag));
            assert_eq!((result, runs, hashes), (one, 0, 1), "{name}: the key of before");
            assert_eq!(allocations, 0, "{name}: a hit allocates nothing");
        }
        // Far beyond the capacity, or through several growths of the table.
        let ((), runs, hashes) = counted(|| (100..200).for_each(|tag| _ = (self.one)(Tag(tag))));
        assert_eq!((runs, hashes), (100, 100), "{name}: neither eviction nor growth hashes");
        let ((), runs, hashes) = counted(|| (100..200).for_each(|tag| _ = (self.one)(Tag(tag))));
        let again = if is_bounded { 100 } else { 0 };
        assert_eq!((runs, hashes), (again, 100), "{name}: only a bounded cache forgets");
    }
}

/// `$kind { argument [Type] = one value, another; … }`: memoizes a function of these arguments in every store and scope.
macro_rules! shapes {
    ($($kind:ident { $($argument:ident [$($ty:tt)*] = $one:expr, $other:expr;)+ })+) => { $(
        #[test]
        fn $kind() {
            #[memoize]
            #[derive(Default)]
            struct Instance {}

            #[memoize]
            impl Instance {
                #[memoize]
                fn map(&self, $($argument: $($ty)*,)+ tag: Tag) -> u64 {
                    let _ = tag;
                    body(&($(&$argument,)+))
                }
                #[memoize(capacity = 4)]
                fn lru(&self, $($argument: $($ty)*,)+ tag: Tag) -> u64 {
                    let _ = tag;
                    body(&($(&$argument,)+))
                }
                #[memoize(returns = "ref")]
                fn kept(&self, $($argument: $($ty)*,)+ tag: Tag) -> u64 {
                    let _ = tag;
                    body(&($(&$argument,)+))
                }
                #[memoize(scope = "type", unbounded)]
                fn type_map($($argument: $($ty)*,)+ tag: Tag) -> u64 {
                    let _ = tag;
                    body(&($(&$argument,)+))
                }
                #[memoize(scope = "type", capacity = 8, policy = "sieve")]
                fn type_sieved($($argument: $($ty)*,)+ tag: Tag) -> u64 {
                    let _ = tag;
                    body(&($(&$argument,)+))
                }
                #[memoize(scope = "type", capacity = 4, unsync)]
                fn type_unsync_lru($($argument: $($ty)*,)+ tag: Tag) -> u64 {
                    let _ = tag;
                    body(&($(&$argument,)+))
                }
            }

            #[memoize]
            #[derive(Default)]
            struct LocalInstance {}

            #[memoize]
            impl LocalInstance {
                #[memoize(unsync)]
                fn unsync_map(&self, $($argument: $($ty)*,)+ tag: Tag) -> u64 {
                    let _ = tag;
                    body(&($(&$argument,)+))
                }
                #[memoize(unsync, capacity = 4)]
                fn unsync_lru(&self, $($argument: $($ty)*,)+ tag: Tag) -> u64 {
                    let _ = tag;
                    body(&($(&$argument,)+))
                }
                #[memoize(unsync, returns = "ref")]
                fn unsync_kept(&self, $($argument: $($ty)*,)+ tag: Tag) -> u64 {
                    let _ = tag;
                    body(&($(&$argument,)+))
                }
            }

            #[memoize(capacity = 4)]
            fn free_lru($($argument: $($ty)*,)+ tag: Tag) -> u64 {
                let _ = tag;
                body(&($(&$argument,)+))
            }
            #[memoize(unbounded, unsync)]
            fn free_unsync_map($($argument: $($ty)*,)+ tag: Tag) -> u64 {
                let _ = tag;
                body(&($(&$argument,)+))
            }
            #[memoize(unbounded, returns = "ref")]
            fn free_kept($($argument: $($ty)*,)+ tag: Tag) -> u64 {
                let _ = tag;
                body(&($(&$argument,)+))
            }

            let expected = {
                let one: ($($($ty)*,)+) = ($($one,)+);
                let other: ($($($ty)*,)+) = ($($other,)+);
                [digest(&one), digest(&other)]
            };
            macro_rules! check {
                ($name:expr, $is_bounded:expr, |$tag:ident, $arguments:pat_param| $call:expr) => {
                    Shape {
                        name: concat!(stringify!($kind), ", ", $name).to_owned(),
                        // The arguments are made before the count begins.
                        one: |$tag: Tag| {
                            let $arguments: ($($($ty)*,)+) = ($($one,)+);
                            allocations_in(move || $call)
                        },
                        other: |$tag: Tag| {
                            let $arguments: ($($($ty)*,)+) = ($($other,)+);
                            allocations_in(move || $call)
                        },
                    }
                    .check(expected, $is_bounded)
                };
            }
            let instance = &Instance::default();
            let local = &LocalInstance::default();
            check!("map", false, |tag, ($($argument,)+)| instance.map($($argument,)+ tag));
            check!("lru", true, |tag, ($($argument,)+)| instance.lru($($argument,)+ tag));
            check!("kept", false, |tag, ($($argument,)+)| *instance.kept($($argument,)+ tag));
            check!("unsync map", false, |tag, ($($argument,)+)| local.unsync_map($($argument,)+ tag));
            check!("unsync lru", true, |tag, ($($argument,)+)| local.unsync_lru($($argument,)+ tag));
            check!("unsync kept", false, |tag, ($($argument,)+)| *local.unsync_kept($($argument,)+ tag));
            check!("type map", false, |tag, ($($argument,)+)| Instance::type_map($($argument,)+ tag));
            check!("type sieved", true, |tag, ($($argument,)+)| Instance::type_sieved($($argument,)+ tag));
            check!("type unsync lru", true, |tag, ($($argument,)+)| Instance::type_unsync_lru($($argument,)+ tag));
            check!("free lru", true, |tag, ($($argument,)+)| free_lru($($argument,)+ tag));
            check!("free unsync map", false, |tag, ($($argument,)+)| free_unsync_map($($argument,)+ tag));
            check!("free kept", false, |tag, ($($argument,)+)| *free_kept($($argument,)+ tag));
            assert_eq!(instance.lru_cache().len(), 4);
            assert_eq!(Instance::type_sieved_cache().len(), 8);
        }
    )+ };
}

shapes! {
    integer { n [u64] = 1, 2; }
    three_integers { a [u64] = 1, 1; b [u64] = 2, 3; c [u64] = 3, 2; }
    wide_integers { a [u128] = 1, 1; b [i128] = -1, 1; }
    character_and_bool { c [char] = 'ä', 'a'; b [bool] = true, true; }
    text { text [&str] = "abc", "abd"; }
    static_text { text [&'static str] = "abc", "abd"; }
    owned_text { text [String] = "abc".to_owned(), "abd".to_owned(); }
    reference_to_string { text [&String] = &"abc".to_owned(), &"abd".to_owned(); }
    slice { numbers [&[u64]] = &[1, 2], &[1, 2, 3]; }
    slice_of_strings { texts [&[String]] = &["a".to_owned()], &["b".to_owned()]; }
    slice_of_floats { numbers [&[f64]] = &[1.0, -0.0], &[1.0, 0.0]; }
    slice_of_pairs { pairs [&[(f64, u8)]] = &[(0.5, 1)], &[(0.5, 2)]; }
    slice_of_arrays { rows [&[[f64; 2]]] = &[[0.5, 1.0]], &[[0.5, 1.5]]; }
    array_of_floats { numbers [[f64; 3]] = [1.0, 2.0, 3.0], [1.0, 2.0, 4.0]; }
    reference_to_array { bytes [&[u8; 4]] = &[1, 2, 3, 4], &[1, 2, 3, 5]; }
    float { x [f32] = 1.5, 2.5; }
    vec_of_floats { numbers [Vec<f32>] = vec![1.0], vec![1.0, 2.0]; }
    reference_to_vec { numbers [&Vec<f64>] = &vec![1.0], &vec![2.0]; }
    vec_of_integers { numbers [Vec<u8>] = vec![1], vec![2]; }
    maybe_float { x [Option<f64>] = Some(0.0), None; }
    pair_with_float { pair [(f64, u32)] = (0.5, 1), (0.5, 2); }
    nested_floats { x [Vec<Option<(f64, [f32; 2])>>] = vec![Some((1.0, [2.0, 3.0]))], vec![None]; }
    reference_to_pair { pair [&(u32, f64)] = &(1, 0.5), &(1, 1.5); }
    reference_to_maybe { pair [&Option<f64>] = &Some(0.5), &None; }
    path { path [&Path] = Path::new("/a/b"), Path::new("/a/c"); }
    qualified_path { path [&std::path::Path] = Path::new("/a/b"), Path::new("/a/c"); }
    owned_path { path [PathBuf] = PathBuf::from("/a/b"), PathBuf::from("/a/c"); }
    c_string { text [&CStr] = c"abc", c"abd"; }
    os_string { text [&OsStr] = OsStr::new("abc"), OsStr::new("abd"); }
    shared_text { text [Arc<str>] = Arc::from("abc"), Arc::from("abd"); }
    boxed_slice { numbers [Box<[u64]>] = Box::new([1]), Box::new([2]); }
    reference_to_struct { point [&Point] = &point(1), &point(2); }
    struct_by_value { point [Point] = point(1), point(2); }
    maybe_reference { point [Option<&Point>] = Some(&point(1)), Some(&point(2)); }
    slice_of_structs { points [&[Point]] = &[point(1), point(1)], &[point(1), point(2)]; }
    enumeration { to [Direction] = Direction::North, Direction::Towards { x: 1, y: 2 }; }
    mix {
        mix [(&str, u32, Option<&[f64]>)] = ("abc", 3, Some(&[1.0, 2.0])), ("abc", 3, None);
    }
    deep_mix {
        mix [Option<(&Path, [(&str, &[u8]); 2])>] =
            Some((Path::new("/a"), [("a", &[1]), ("b", &[2])])),
            Some((Path::new("/a"), [("a", &[1]), ("b", &[3])]));
    }
    array_of_texts { texts [[&str; 2]] = ["ab", "c"], ["a", "bc"]; }
    maybe_text { text [Option<&str>] = Some("abc"), None; }
    maybe_maybe_text { text [Option<Option<&str>>] = Some(None), None; }
    adjacent_texts { a [&str] = "ab", "a"; b [&str] = "c", "bc"; }
    standard_types {
        map [BTreeMap<u8, Vec<String>>] = BTreeMap::from([(1, vec![])]), BTreeMap::new();
        duration [Duration] = Duration::ZERO, Duration::ZERO;
        address [IpAddr] = IpAddr::from([127, 0, 0, 1]), IpAddr::from([127, 0, 0, 1]);
    }
    unit { nothing [()] = (), (); n [u8] = 1, 2; }
    eleven_arguments {
        a [u8] = 1, 1; b [&str] = "b", "b"; c [f32] = 3.0, 3.0; d [[u8; 2]] = [4, 4], [4, 4];
        e [Option<u8>] = None, None; f [&[u8]] = &[6], &[6]; g [String] = "g".into(), "g".into();
        h [(f64,)] = (8.0,), (8.0,); i [char] = 'i', 'i'; j [i8] = 10, 10; k [bool] = true, false;
    }
}

#[test]
fn a_cell_without_arguments_hits_without_allocating() {
    #[memoize]
    #[derive(Default)]
    struct Instance {}
    #[memoize]
    impl Instance {
        #[memoize]
        fn once(&self) -> u64 {
            body(&"once")
        }
        #[memoize(returns = "ref")]
        fn kept(&self) -> u64 {
            body(&"kept")
        }
        #[memoize(scope = "type")]
        fn type_once() -> u64 {
            body(&"type once")
        }
        #[memoize(scope = "type", returns = "ref")]
        fn type_kept() -> u64 {
            body(&"type kept")
        }
        #[memoize(scope = "type", unsync)]
        fn type_unsync() -> u64 {
            body(&"type unsync")
        }
    }
    #[memoize]
    #[derive(Default)]
    struct LocalInstance {}
    #[memoize]
    impl LocalInstance {
        #[memoize(unsync, stats)]
        fn unsync_once(&self) -> u64 {
            body(&"unsync once")
        }
        #[memoize(unsync, returns = "ref")]
        fn unsync_kept(&self) -> u64 {
            body(&"unsync kept")
        }
    }
    #[memoize(stats)]
    fn free_once() -> u64 {
        body(&"free once")
    }

    fn check(name: &str, call: impl Fn() -> u64) {
        assert_eq!(counted(&call), (digest(&name), 1, 0), "{name}: a miss");
        for _ in 0..3 {
            let ((result, allocations), runs, _) = counted(|| allocations_in(&call));
            assert_eq!((result, runs, allocations), (digest(&name), 0, 0), "{name}: a hit");
        }
    }
    let instance = Instance::default();
    let local = LocalInstance::default();
    check("once", || instance.once());
    check("kept", || *instance.kept());
    check("type once", Instance::type_once);
    check("type kept", || *Instance::type_kept());
    check("type unsync", Instance::type_unsync);
    check("unsync once", || local.unsync_once());
    check("unsync kept", || *local.unsync_kept());
    check("free once", free_once);
    assert_eq!(free_once_cache().info().hits, Some(3));
    assert_eq!(local.unsync_once_cache().info().misses, Some(1));
}

#[test]
fn tags_are_hashed_once_in_every_position() {
    #[memoize(capacity = 2)]
    fn tags(
        a: Tag,
        b: &Tag,
        c: Option<&Tag>,
        d: [Tag; 2],
        e: &[Tag],
        f: (Tag, u8),
        g: Vec<Tag>,
        h: Box<Tag>,
    ) -> u64 {
        body(&(a, b, c, d, e, f, &g, &h))
    }
    let call = || {
        let t = Tag(1);
        tags(t, &t, Some(&t), [t, t], &[t, t, t], (t, 0), vec![t, t], Box::new(t))
    };
    let ((), runs, hashes) = counted(|| _ = call());
    assert_eq!((runs, hashes), (1, 12));
    let ((), runs, hashes) = counted(|| _ = call());
    assert_eq!((runs, hashes), (0, 12));
}

#[test]
fn a_miss_with_single_flight_hashes_once() {
    #[memoize]
    #[derive(Default)]
    struct Instance {}
    #[memoize]
    impl Instance {
        #[memoize(single_flight)]
        fn map(&self, tag: Tag) -> u64 {
            body(&tag)
        }
        #[memoize(single_flight, capacity = 2)]
        fn lru(&self, tag: Tag) -> u64 {
            body(&tag)
        }
        #[memoize(single_flight, returns = "ref")]
        fn kept(&self, tag: Tag) -> u64 {
            body(&tag)
        }
        #[memoize(single_flight, scope = "type", unbounded)]
        fn of_type(tag: Tag) -> [u64; 20] {
            [body(&tag); 20]
        }
    }
    fn check(call: impl Fn(Tag)) {
        // The first call of all finds no caches.
        for tag in 0..20 {
            assert_eq!(counted(|| call(Tag(tag))), ((), 1, 1), "a miss");
            assert_eq!(counted(|| call(Tag(tag))), ((), 0, 1), "a hit");
        }
    }
    let instance = Instance::default();
    check(|tag| _ = instance.map(tag));
    check(|tag| _ = instance.lru(tag));
    check(|tag| _ = instance.kept(tag));
    check(|tag| _ = Instance::of_type(tag));
}

#[test]
fn the_accessor_hashes_once_and_allocates_nothing_to_look() {
    #[memoize(unbounded)]
    fn look(text: &str, tag: Tag) -> u64 {
        body(&(text, tag))
    }
    let cache = look_cache();
    look("abc", Tag(1));
    let ((found, allocations), _, hashes) =
        counted(|| allocations_in(|| cache.contains(("abc", Tag(1)))));
    assert_eq!((found, allocations, hashes), (true, 0, 1));
    let ((found, allocations), _, hashes) =
        counted(|| allocations_in(|| cache.peek(("abc", Tag(1)))));
    assert_eq!((found, allocations, hashes), (Some(digest(&("abc", Tag(1)))), 0, 1));
    assert_eq!(counted(|| cache.insert(("abd", Tag(1)), 7)).2, 1);
    assert_eq!(counted(|| cache.remove(("abd", Tag(1)))), (true, 0, 1));
    assert_eq!(counted(|| cache.clear()).2, 0);
}

#[test]
fn arguments_by_value_are_cloned_only_on_a_miss() {
    thread_local!(static CLONES: Cell<u32> = const { Cell::new(0) });
    #[derive(PartialEq, Eq, Hash)]
    struct Costly(u32);
    impl Clone for Costly {
        fn clone(&self) -> Self {
            CLONES.set(CLONES.get() + 1);
            Self(self.0)
        }
    }
    #[memoize(unbounded)]
    fn consume(costly: Costly, more: Option<Costly>) -> u32 {
        costly.0 + more.map_or(0, |more| more.0)
    }
    assert_eq!(consume(Costly(1), Some(Costly(2))), 3);
    assert_eq!(CLONES.get(), 2);
    assert_eq!(consume(Costly(1), Some(Costly(2))), 3);
    assert!(consume_cache().contains((Costly(1), Some(Costly(2)))));
    assert_eq!(CLONES.get(), 2);
    // What the accessor is given, it keeps.
    consume_cache().insert((Costly(4), None), 0);
    assert_eq!(CLONES.get(), 2);
}

#[test]
fn floats_are_compared_by_their_bits() {
    #[memoize(unbounded)]
    fn plain(x: f64) -> u64 {
        body(&x)
    }
    #[memoize(capacity = 100)]
    fn within(x: &[f64], y: [f32; 2], z: Vec<f64>, o: Option<f64>, t: (f64, (f32,))) -> u64 {
        body(&(x, y, z, o, t))
    }
    let quiet = f64::NAN;
    let other = f64::from_bits(quiet.to_bits() ^ 1);
    assert!(other.is_nan());
    for distinct in [0.0, -0.0, quiet, other, -quiet, f64::INFINITY, f64::MIN_POSITIVE] {
        assert_eq!(counted(|| plain(distinct)).1, 1, "{distinct} differs from those before");
        assert_eq!(counted(|| plain(distinct)).1, 0, "{distinct} hits itself");
        assert!(plain_cache().contains((distinct,)));
    }
    for zero in [0.0f64, -0.0] {
        let narrow = if zero.is_sign_positive() { 0.0f32 } else { -0.0 };
        let nan = f32::NAN;
        let calls: [&dyn Fn() -> u64; 5] = [
            &|| within(&[zero, quiet], [nan, nan], vec![], None, (1.0, (1.0,))),
            &|| within(&[], [narrow, nan], vec![], None, (1.0, (1.0,))),
            &|| within(&[], [nan, nan], vec![quiet, zero], None, (1.0, (1.0,))),
            &|| within(&[], [nan, nan], vec![], Some(zero), (1.0, (1.0,))),
            &|| within(&[], [nan, nan], vec![], Some(quiet), (zero, (narrow,))),
        ];
        for (index, call) in calls.into_iter().enumerate() {
            assert_eq!(counted(call).1, 1, "{index} with {zero:?}");
            assert_eq!(counted(call).1, 0, "{index} with {zero:?}");
        }
    }
}

#[test]
fn patterns_work_as_in_any_function() {
    #[derive(Debug, Clone, PartialEq, Eq, Hash)]
    struct Pair {
        left: u32,
        right: String,
    }
    #[memoize]
    struct Patterns {
        factor: u32,
    }
    #[memoize]
    impl Patterns {
        #[memoize]
        fn tuple(&self, (a, b): (u32, u32), mut n: u32) -> u64 {
            n += a * b * self.factor;
            body(&n)
        }
        #[memoize(capacity = 4)]
        fn ignored(&self, _: &dyn Display, n: u32, _: std::rc::Rc<Cell<u8>>) -> u64 {
            body(&n)
        }
        #[memoize]
        fn parts(&self, Pair { left, right: mut text }: Pair) -> u64 {
            text.push('!');
            body(&(left, text))
        }
        #[memoize]
        fn referent(&self, &n: &u32, &(a, ref b): &(u32, String)) -> u64 {
            body(&(n, a, b))
        }
        #[memoize(scope = "type", unbounded)]
        fn array([first, .., last]: [u32; 4], _unused: u8, whole @ (_, x): (u32, u32)) -> u64 {
            body(&(first, last, whole, x))
        }
        #[memoize(scope = "type", unbounded, reads(factor: u32))]
        fn state(&self, (a, _): (u32, u32), mut n: u32, _: u8) -> u64 {
            n += a + self.factor;
            body(&n)
        }
    }
    let patterns = Patterns { factor: 10, memo: Default::default() };
    for runs in [1, 0] {
        assert_eq!(counted(|| patterns.tuple((2, 3), 4)), (digest(&64), runs, 0));
        let pair = Pair { left: 1, right: "a".to_owned() };
        assert_eq!(counted(|| patterns.parts(pair)), (digest(&(1, "a!")), runs, 0));
        let pair = (2, "b".to_owned());
        assert_eq!(counted(|| patterns.referent(&1, &pair)), (digest(&(1, 2, "b")), runs, 0));
        let expected = digest(&(1, 4, (5, 6), 6));
        assert_eq!(counted(|| Patterns::array([1, 2, 3, 4], 9, (5, 6))), (expected, runs, 0));
        assert_eq!(counted(|| patterns.state((1, 2), 3, 4)), (digest(&14), runs, 0));
    }
    assert_eq!(counted(|| Patterns::array([1, 2, 3, 4], 8, (5, 6))).1, 1, "`_unused` is a name");
    let rc = std::rc::Rc::new(Cell::new(0));
    assert_eq!(counted(|| patterns.ignored(&"a", 1, rc.clone())).1, 1);
    assert_eq!(counted(|| patterns.ignored(&7, 1, rc.clone())).1, 0, "`_` is not in the key");
    assert!(patterns.ignored_cache().contains((1,)));
}

#[test]
fn arguments_may_be_named_like_what_the_expansion_uses() {
    const CACHE: usize = 7;
    const CACHES: usize = 9;

    #[memoize]
    #[derive(Clone)]
    struct Names {
        caches: u32,
    }
    #[memoize]
    impl Names {
        #[memoize]
        fn all(
            &self,
            caches: u32,
            home: u32,
            result: u32,
            argument0: u32,
            memo: u32,
            key: u32,
            store: u32,
            self_: u32,
            body: u32,
            hash: u32,
        ) -> u32 {
            self.caches
                + caches
                + home
                + result
                + argument0
                + memo
                + key
                + store
                + self_
                + body
                + hash
        }
        #[memoize]
        fn patterns(&self, (argument1, b): (u32, u32), (argument0, d): (u32, u32)) -> u32 {
            argument1 * 1000 + b * 100 + argument0 * 10 + d
        }
        #[memoize]
        fn shared(self: Arc<Self>, home: u32, (caches, other): (u32, u32)) -> u32 {
            self.caches + home + caches + other
        }
        #[memoize(scope = "type", unbounded, reads(caches: u32), accessor = false)]
        #[allow(non_snake_case)]
        fn state(&self, __CACHE: u32, state_caches: u32, reads: u32, r#type: u32) -> u32 {
            self.caches + __CACHE + state_caches + reads + r#type
        }
        #[memoize(capacity = CACHE + CACHES, skip(memo, _mutation))]
        fn skipped(&self, memo: u32, _mutation: u32, cache: u32) -> u32 {
            memo + cache
        }
        #[memoize(scope = "type", capacity = CACHE)]
        fn bounded(n: u32) -> u32 {
            n
        }
    }
    #[memoize(capacity = CACHE)]
    fn free(result: u32, memoize: u32, args: u32) -> u32 {
        result + memoize + args
    }
    #[memoize(capacity = CACHE, accessor = false)]
    fn without_accessor(result: u32) -> Result<u32, u32> {
        Ok(result)
    }

    let names = Names { caches: 1, memo: Default::default() };
    for _ in 0..2 {
        assert_eq!(names.all(1, 2, 3, 4, 5, 6, 7, 8, 9, 10), 56);
        assert_eq!(names.patterns((1, 2), (3, 4)), 1234);
        assert_eq!(Arc::new(names.clone()).shared(1, (2, 3)), 7);
        assert_eq!(names.state(1, 2, 3, 4), 11);
        assert_eq!(names.skipped(1, 2, 3), 4);
        assert_eq!(Names::bounded(1), 1);
        assert_eq!(free(1, 2, 3), 6);
        assert_eq!(without_accessor(1), Ok(1));
    }
    assert_eq!(names.skipped_cache().capacity(), Some(16));
    assert_eq!(Names::bounded_cache().capacity(), Some(7));
}

#[test]
fn skipped_arguments_need_no_bounds() {
    struct Logger(Cell<u32>);
    #[memoize]
    struct Search {
        base: u32,
    }
    #[memoize]
    impl Search {
        #[memoize(skip(log, show, and_then))]
        fn find(
            &self,
            log: &Logger,
            n: u32,
            show: &dyn Display,
            and_then: Box<dyn FnOnce(u32) -> u32>,
        ) -> String {
            log.0.set(log.0.get() + 1);
            format!("{show}{}", and_then(self.base + n))
        }
        #[memoize(scope = "type", capacity = 10, skip(log), reads(base: u32))]
        fn typed(&self, log: &Logger, n: u32) -> u32 {
            log.0.set(log.0.get() + 1);
            self.base + n
        }
        #[memoize(skip(this))]
        fn beside(&self, this: &Self, n: u32) -> u32 {
            this.base + n
        }
        // Nothing is left of the key.
        #[memoize(skip(log))]
        fn only(&self, log: &Logger) -> u32 {
            log.0.set(log.0.get() + 1);
            7
        }
    }
    let search = Search { base: 10, memo: Default::default() };
    let other = |base| Search { base, memo: Default::default() };
    let log = Logger(Cell::new(0));
    assert_eq!(search.find(&log, 1, &"a", Box::new(|n| n + 1)), "a12");
    assert_eq!(search.find(&log, 1, &"b", Box::new(|n| n + 2)), "a12");
    assert_eq!(search.find(&log, 2, &"b", Box::new(|n| n + 2)), "b14");
    assert_eq!(log.0.get(), 2);
    assert_eq!((search.typed(&log, 1), search.typed(&log, 1)), (11, 11));
    assert_eq!((search.only(&log), search.only(&log)), (7, 7));
    assert_eq!(log.0.get(), 4);
    assert_eq!(search.beside(&other(20), 1), 21);
    assert_eq!(search.beside(&other(30), 1), 21);
    assert!(search.find_cache().contains((1,)));
    assert!(Search::typed_cache().contains((10, 1)));
    assert!(search.only_cache().contains(()));
}

#[test]
fn a_key_may_be_given() {
    /// Neither `Clone`, nor `Hash`, nor `Eq`.
    struct User {
        id: u64,
        name: String,
        weight: f64,
    }
    /// Not `Clone`.
    #[derive(Debug, PartialEq, Eq, Hash)]
    struct Id(u64);

    #[memoize]
    struct Greeter {
        greeting: String,
    }
    #[memoize]
    impl Greeter {
        #[memoize(key(id: u64 = user.id))]
        fn greet(&self, user: &User) -> String {
            body(&user.id);
            format!("{} {}", self.greeting, user.name)
        }
        #[memoize(capacity = 3, key(id: Id = Id(user.id), weight: f64 = user.weight))]
        fn weigh(&self, mut user: User, (_, factor): (u8, f64)) -> f64 {
            body(&user.id);
            user.weight *= factor;
            user.weight
        }
        #[memoize(scope = "type", unbounded, key(len: usize = list.0.len()))]
        fn length(list: &borrowed::List<'_>) -> usize {
            body(&list.0);
            list.0.len()
        }
        #[memoize(
            scope = "type",
            capacity = 3,
            reads(greeting: String),
            key(floats: Vec<Option<f64>> = vec![Some(user.weight), None])
        )]
        fn state(&self, user: &User) -> String {
            body(&user.id);
            format!("{} {}", self.greeting, user.weight)
        }
    }
    mod borrowed {
        pub struct List<'a>(pub &'a [u32]);
    }

    let user = |id, weight: f64| User { id, name: format!("user {id}"), weight };
    let greeter = Greeter { greeting: "hello".to_owned(), memo: Default::default() };
    for runs in [1, 0] {
        let answer = counted(|| greeter.greet(&user(1, 1.0)));
        assert_eq!(answer, ("hello user 1".to_owned(), runs, 0));
        assert!((counted(|| greeter.weigh(user(1, 2.0), (1, 10.0))).0 - 20.0).abs() < 1e-9);
        assert_eq!(counted(|| greeter.weigh(user(1, f64::NAN), (1, 10.0))).1, runs);
        assert_eq!(counted(|| Greeter::length(&borrowed::List(&[1, 2]))), (2, runs, 0));
        let stated = counted(|| greeter.state(&user(1, f64::NAN)));
        assert_eq!(stated, ("hello NaN".to_owned(), runs, 0));
    }
    assert!(greeter.greet_cache().contains((1,)));
    assert!(greeter.weigh_cache().contains((Id(1), f64::NAN)));
    assert!(Greeter::length_cache().contains((2,)));
    let key = ("hello".to_owned(), vec![Some(f64::NAN), None]);
    assert!(Greeter::state_cache().contains(key));
}

#[test]
fn the_accessor_takes_and_infers_what_the_method_takes() {
    #[memoize(unbounded)]
    fn mixed(text: &str, n: u32, numbers: &[f64]) -> u64 {
        body(&(text, n, numbers))
    }
    #[memoize(unbounded)]
    fn nested(key: (&str, u32, Option<&[f64]>), names: [&str; 2], path: &Path) -> u64 {
        body(&(key, names, path))
    }
    #[memoize(unbounded)]
    fn owned(text: String, point: &Point, list: Vec<f64>) -> u64 {
        body(&(text, point, list))
    }
    let expected = mixed("abc", 3, &[1.0, 2.0]);
    assert!(mixed_cache().contains(("abc", 3, &[1.0, 2.0])));
    assert_eq!(mixed_cache().peek(("abc", 3, &[1.0, 2.0])), Some(expected));
    assert!(mixed_cache().remove(("abc", 3, &[1.0, 2.0])));
    mixed_cache().insert(("abc", 3, &[]), 5);
    assert_eq!(mixed("abc", 3, &[]), 5);
    assert_eq!(mixed_cache().peek((&String::from("abc"), 3, &Vec::new())), Some(5));

    nested(("a", 1, Some(&[1.0])), ["b", "c"], Path::new("d"));
    assert!(nested_cache().contains((("a", 1, Some(&[1.0])), ["b", "c"], Path::new("d"))));
    assert!(!nested_cache().contains((("a", 1, None), ["b", "c"], Path::new("d"))));

    owned("a".to_owned(), &point(1), vec![1.0]);
    assert!(owned_cache().contains(("a".to_owned(), &point(1), vec![1.0])));
}

#[test]
fn instances_may_be_keys_of_an_instance() {
    #[memoize]
    #[derive(Debug, Clone, PartialEq, Eq, Hash)]
    struct Node {
        value: u64,
    }
    #[memoize]
    impl Node {
        #[memoize]
        fn distance(&self, other: &Self) -> u64 {
            body(&0);
            self.value.abs_diff(other.value)
        }
        #[memoize(capacity = 2)]
        fn farthest(&self, others: &[Node], or: Option<&Node>, own: Self) -> u64 {
            let all = others.iter().chain(or).chain([&own]);
            all.map(|other| self.distance(other)).max().unwrap_or(0)
        }
    }
    let node = |value| Node { value, memo: Default::default() };
    let near = node(1);
    assert_eq!(counted(|| near.distance(&node(5))), (4, 1, 0));
    assert_eq!(counted(|| near.distance(&node(5))), (4, 0, 0));
    assert_eq!(counted(|| near.farthest(&[node(5), node(7)], None, node(2))), (6, 2, 0));
    assert_eq!(counted(|| near.farthest(&[node(5), node(7)], None, node(2))), (6, 0, 0));
    // A node that is a key is compared by its value, and takes its caches nowhere.
    assert!(near.distance_cache().contains((&node(5),)));
}
