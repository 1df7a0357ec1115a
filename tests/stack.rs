//! Contract point 15: a level of recursion takes about twice the stack that it takes with `cached`, not ten times.

use std::cell::Cell;

use memo_runtime::memoize;

/// What a level of these functions takes in a debug build with `cached` 4.1: measured as here.
const WITH_CACHED: usize = 192;
const DEPTH: u64 = 500;

thread_local!(static DEEPEST: Cell<usize> = const { Cell::new(usize::MAX) });

/// Notes how deep the stack is.
fn note() {
    let here = 0_u8;
    DEEPEST.set(DEEPEST.get().min(std::ptr::from_ref(&here).addr()));
}

/// How many bytes of stack a level takes: twice as deep with other keys, less the first time.
fn level(call: impl Fn(u64, u64) -> u64) -> usize {
    // From a store that is there already.
    call(0, 1);
    let deepest = |root, depth| {
        DEEPEST.set(usize::MAX);
        assert_eq!(call(root, depth), depth);
        DEEPEST.get()
    };
    let (once, twice) = (deepest(1, DEPTH), deepest(2, 2 * DEPTH));
    (once - twice) / usize::try_from(DEPTH).unwrap()
}

macro_rules! chain {
    ($name:ident, [$($option:tt)*], [$($receiver:tt)*], $call:expr) => {
        #[memoize($($option)*)]
        fn $name($($receiver)* root: u64, depth: u64) -> u64 {
            if depth == 0 {
                note();
                return 0;
            }
            $call(root, depth - 1) + 1
        }
    };
}
chain!(free, [unbounded], [], free);
chain!(free_unsync, [unbounded, unsync], [], free_unsync);
chain!(free_bounded, [capacity = 5000], [], free_bounded);

#[memoize]
struct Deep {}

#[memoize]
impl Deep {
    fn new() -> Self {
        Self {}
    }
    #[memoize]
    fn unbounded(&self, root: u64, depth: u64) -> u64 {
        if depth == 0 {
            note();
            return 0;
        }
        self.unbounded(root, depth - 1) + 1
    }
    #[memoize(capacity = 5000)]
    fn bounded(&self, root: u64, depth: u64) -> u64 {
        if depth == 0 {
            note();
            return 0;
        }
        self.bounded(root, depth - 1) + 1
    }
    #[memoize(unsync)]
    fn unsync(&self, root: u64, depth: u64) -> u64 {
        if depth == 0 {
            note();
            return 0;
        }
        self.unsync(root, depth - 1) + 1
    }
}

#[test]
#[cfg_attr(
    any(not(debug_assertions), not(target_arch = "x86_64")),
    ignore = "measured for debug builds"
)]
fn a_level_takes_little_stack() {
    let deep = Deep::new();
    let levels = [
        ("free function", level(free)),
        ("free function, unsync", level(free_unsync)),
        ("free function, capacity", level(free_bounded)),
        ("unbounded", level(|root, depth| deep.unbounded(root, depth))),
        ("capacity", level(|root, depth| deep.bounded(root, depth))),
        ("unsync", level(|root, depth| deep.unsync(root, depth))),
    ];
    for (name, bytes) in levels {
        println!("{name}: {bytes} bytes a level, `cached` {WITH_CACHED}");
        assert!(bytes * 2 <= WITH_CACHED * 5, "{name}: {bytes} bytes a level");
    }
}
