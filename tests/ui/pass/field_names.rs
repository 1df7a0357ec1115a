#![no_implicit_prelude]
#![forbid(unsafe_code)]
#![deny(warnings)]
#![allow(non_camel_case_types, dead_code)]

use ::memo_runtime::memoize;

#[memoize]
struct Field<Way, Answer, T, steady> {
    instance: Way,
    steady: steady,
    r#type: (Answer, T),
    _steady: ::core::option::Option<Steady>,
}

#[memoize]
impl<Way, Answer, T, steady> Field<Way, Answer, T, steady> {
    #[memoize]
    fn kind(&self) -> u64 {
        4
    }
}

#[memoize]
struct Steady {
    kind: u64,
    #[cfg(any())]
    gone: ::std::cell::Cell<Missing>,
}

#[memoize]
impl Steady {
    fn of(kind: u64) -> Self {
        Self { kind }
    }

    #[memoize]
    fn kind(&self) -> u64 {
        self.kind
    }
}

fn main() {
    ::std::assert_eq!(Steady::of(3).kind(), 3);
}
