//! What `macro_rules!` inserts stays one operand: `$e * x` with `$e = 1 + 2` is three times `x`, wherever it stands.
#![deny(unused)]

use memo_runtime::memoize;
use std::{
    fmt::Debug,
    task::{Context, Poll, Waker},
};

macro_rules! total {
    ($($x:expr),*) => { 0 $(+ 2 * $x)* };
}

macro_rules! with_expression {
    ($e:expr) => {
        #[memoize(capacity = $e * 2)]
        fn function(x: u64) -> u64 {
            $e * x
        }

        #[memoize]
        struct Scaled {
            by: u64,
        }
        #[memoize]
        impl Scaled {
            #[memoize]
            fn method(&self, x: u64) -> u64 {
                $e * x
            }
            #[memoize(scope = "type", capacity = 2 * $e, reads(by: u64))]
            fn reads(&self, x: u64) -> u64 {
                $e * x * self.by
            }
            #[memoize(cache_if = |result| *result == 2 * $e)]
            fn cache_if(&self, x: u64) -> u64 {
                x + $e
            }
            #[memoize(key(times: u64 = $e * x))]
            fn key(&self, x: u64) -> u64 {
                x
            }
            #[memoize]
            fn in_closures(&self, x: u64) -> u64 {
                let inner = |y: u64| $e * y;
                (0..x).map(|y| y * $e + inner(y)).sum()
            }
            #[memoize]
            fn in_macros(&self, x: u64) -> (Vec<u64>, u64, String) {
                assert_eq!(x * $e, x * 3);
                assert!(matches!($e * x, y if y == x * $e));
                (vec![$e * x; $e * 1], total!($e * x, x), format!("{} {}", $e * x, ($e * x,).0))
            }
            #[memoize]
            async fn in_async(&self, x: u64) -> u64 {
                async { $e * x }.await
            }
            fn plain(&self) -> [u64; $e * 2] {
                [$e * self.by; $e * 2]
            }
            fn mutator(&mut self) {
                self.by = $e * 2;
                let more = || $e * 3;
                self.by += more() + vec![$e * 3][0];
            }
            const CONSTANT: u64 = $e * 2;
        }
        #[memoize]
        impl From<u64> for Scaled {
            fn from(by: u64) -> Self {
                Self { by: $e * by }
            }
        }
    };
}
with_expression!(1 + 2);

#[test]
fn in_functions_methods_and_their_options() {
    assert_eq!((function(2), function_cache().capacity()), (6, Some(6)));
    let scaled = Scaled::from(1);
    assert_eq!(scaled.by, 3);
    assert_eq!(scaled.method(2), 6);
    assert_eq!((scaled.reads(2), Scaled::reads_cache().capacity()), (18, Some(6)));
    assert_eq!((scaled.cache_if(3), scaled.cache_if(4)), (6, 7));
    assert_eq!(scaled.cache_if_cache().len(), 1);
    scaled.key(2);
    assert!(scaled.key_cache().contains((6,)));
    assert_eq!(Scaled::CONSTANT, 6);
}

#[test]
fn in_closures_macros_async_blocks_and_mutators() {
    let mut scaled = Scaled::from(1);
    assert_eq!(scaled.in_closures(3), 18);
    assert_eq!(scaled.in_macros(2), (vec![6; 3], 16, "6 6".to_owned()));
    let mut context = Context::from_waker(Waker::noop());
    assert_eq!(Box::pin(scaled.in_async(2)).as_mut().poll(&mut context), Poll::Ready(6));
    assert_eq!(scaled.plain(), [9; 6]);
    scaled.mutator();
    assert_eq!(scaled.by, 24);
}

/// What does not stay together by its own tokens.
macro_rules! with_each {
    ($negative:expr, $cast:expr, $closure:expr, $range:expr, $literal:expr, $branch:expr, $reference:expr) => {
        #[memoize]
        fn called() -> (i32, String, u32) {
            ($negative.pow(2), $reference.to_string(), $range.sum())
        }
        #[memoize(unbounded)]
        fn applied(x: u32) -> u32 {
            $closure(x)
        }
        #[memoize(unbounded)]
        fn compared(x: u8) -> (bool, bool, bool) {
            ($cast < x, x == $cast, u32::from(x) == $branch + 1)
        }
        #[memoize]
        fn in_conditions() -> u32 {
            let mut rounds = 0;
            for x in $range {
                rounds += x;
            }
            if $literal == (Plain { x: 1 }) { rounds } else { 0 }
        }
        #[memoize(unbounded)]
        fn negated(x: i32) -> (i32, bool, i32) {
            (-$negative - $negative, !($cast == 3), $negative - x)
        }
        #[memoize]
        fn block_like() -> u32 {
            $branch - $branch + 2
        }
    };
}
#[derive(PartialEq)]
struct Plain {
    x: u32,
}
with_each!(
    -3_i32,
    2_u64 as u8,
    |x: u32| x + 1,
    0..4,
    Plain { x: 1 },
    if 1 > 0 { 7 } else { 1 },
    &7_u8
);

#[test]
fn every_kind_of_expression() {
    assert_eq!(called(), (9, "7".to_owned(), 6));
    assert_eq!(applied(2), 3);
    assert_eq!(compared(8), (true, false, true));
    assert_eq!(in_conditions(), 6);
    assert_eq!(negated(1), (6, true, -4));
    assert_eq!(block_like(), 2);
}

macro_rules! with_types_and_patterns {
    ($object:ty, $number:ty, $range:pat, $either:pat, $start:literal, $block:block) => {
        #[memoize]
        struct Shown {
            text: String,
        }
        #[memoize]
        impl Shown {
            fn show(&self) -> String {
                let object: &$object = &self.text;
                format!("{object:?}")
            }
            #[memoize]
            fn smaller(&self, x: u8) -> bool {
                x as $number < 7
            }
            #[memoize]
            fn kind(&self, x: i8) -> i8 {
                match &x {
                    found @ $either => *found,
                    $range | 100 => 20,
                    $start..=0 => -1,
                    _ => $block
                }
            }
        }
    };
}
with_types_and_patterns!(dyn Debug + Send, u32, 5..=9, 1 | 2, -5, { 30 });

#[test]
fn types_and_patterns() {
    let shown = Shown { text: "t".into(), memo: Default::default() };
    assert_eq!(shown.show(), "\"t\"");
    assert!(shown.smaller(6) && !shown.smaller(7));
    assert_eq!([1, 2, 5, 100, -5, 90].map(|x| shown.kind(x)), [1, 2, 20, 20, -1, 30]);
}

/// A macro that hands an expression on, into the arguments of another.
macro_rules! handed_on {
    ($name:ident, $e:expr) => {
        handed_on!(@inner $name, $e, 2 * $e);
    };
    (@inner $name:ident, $e:expr, $twice:expr) => {
        #[memoize(unbounded)]
        fn $name(x: u64) -> u64 {
            $e * x + total!($e, $twice) * $twice
        }
    };
}
handed_on!(twice, 1 + 2);

#[test]
fn through_several_macros() {
    assert_eq!(twice(2), 6 + (6 + 12) * 6);
}
