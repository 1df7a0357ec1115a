//! Methods memoized by `memo`: all shapes of signature, on every store.

use memo_runtime::memoize;

use super::body::{self, Large};

/// One struct with a method of each shape that has arguments, memoized with the given options.
macro_rules! instance {
    ($name:ident [$($option:tt)*]) => {
        #[memoize]
        pub struct $name {}

        #[memoize]
        impl $name {
            pub fn new() -> Self {
                Self {}
            }
            #[memoize($($option)*)]
            #[inline]
            pub fn one(&self, a: u64) -> u64 {
                body::one(a)
            }
            #[memoize($($option)*)]
            #[inline]
            pub fn two(&self, a: u64, b: u64) -> u64 {
                body::three(a, b, 0)
            }
            #[memoize($($option)*)]
            #[inline]
            pub fn three(&self, a: u64, b: u64, c: u64) -> u64 {
                body::three(a, b, c)
            }
            #[memoize($($option)*)]
            #[inline]
            pub fn text(&self, text: &str) -> u64 {
                body::text(text)
            }
            #[memoize($($option)*)]
            #[inline]
            pub fn text_and_number(&self, text: &str, number: u32) -> u64 {
                body::text_and_number(text, number)
            }
            #[memoize($($option)*)]
            #[inline]
            pub fn slice(&self, terms: &[f64]) -> u64 {
                body::slice(terms)
            }
            #[memoize($($option)*)]
            #[inline]
            pub fn owned(&self, text: String) -> u64 {
                body::text(&text)
            }
            #[memoize($($option)*)]
            #[inline]
            pub fn large(&self, a: u64) -> Large {
                body::large(a)
            }
        }
    };
}
instance!(Unbounded[unbounded]);
instance!(Unsync[unsync]);
instance!(Bounded[capacity = 1024]);
instance!(BoundedUnsync [capacity = 1024, unsync]);

/// A type with an associated function of each shape that has arguments, memoized with the given options.
macro_rules! of_type {
    ($name:ident [$($generics:tt)*] [$($parameters:tt)*] [$($option:tt)*]) => {
        #[memoize]
        impl $($generics)* $name $($parameters)* {
            #[memoize($($option)*)]
            #[inline]
            pub fn one(a: u64) -> u64 {
                body::one(a)
            }
            #[memoize($($option)*)]
            #[inline]
            pub fn two(a: u64, b: u64) -> u64 {
                body::three(a, b, 0)
            }
            #[memoize($($option)*)]
            #[inline]
            pub fn three(a: u64, b: u64, c: u64) -> u64 {
                body::three(a, b, c)
            }
            #[memoize($($option)*)]
            #[inline]
            pub fn text(text: &str) -> u64 {
                body::text(text)
            }
            #[memoize($($option)*)]
            #[inline]
            pub fn text_and_number(text: &str, number: u32) -> u64 {
                body::text_and_number(text, number)
            }
            #[memoize($($option)*)]
            #[inline]
            pub fn slice(terms: &[f64]) -> u64 {
                body::slice(terms)
            }
            #[memoize($($option)*)]
            #[inline]
            pub fn owned(text: String) -> u64 {
                body::text(&text)
            }
            #[memoize($($option)*)]
            #[inline]
            pub fn large(a: u64) -> Large {
                body::large(a)
            }
        }
    };
}
pub struct Type;
pub struct TypeUnsync;
pub struct TypeBounded;
pub struct TypeSieved;
pub struct Generic<T>(std::marker::PhantomData<T>);
of_type!(Type [] [] [unbounded]);
of_type!(TypeUnsync [] [] [unbounded, unsync]);
of_type!(TypeBounded [] [] [capacity = 1024]);
of_type!(TypeSieved [] [] [capacity = 1024, policy = "sieve"]);
of_type!(Generic [<T: 'static>] [<T>] [unbounded]);

/// As [`Type`], which the rows with many keys fill.
pub struct TypeSmall;

#[memoize]
impl TypeSmall {
    #[memoize(unbounded)]
    #[inline]
    pub fn one(a: u64) -> u64 {
        body::one(a)
    }
}

/// Without arguments, by reference, with counts, with one flight; and a setter.
#[memoize]
pub struct Special {
    value: u64,
}

#[memoize]
impl Special {
    pub fn new() -> Self {
        Self { value: 0 }
    }
    #[memoize]
    #[inline]
    pub fn none(&self) -> u64 {
        body::none()
    }
    #[memoize(stats)]
    #[inline]
    pub fn counted(&self, a: u64) -> u64 {
        body::one(a)
    }
    #[memoize(single_flight)]
    #[inline]
    pub fn single(&self, a: u64) -> u64 {
        body::one(a)
    }
    #[memoize(single_flight, capacity = 1024)]
    #[inline]
    pub fn single_bounded(&self, a: u64) -> u64 {
        body::one(a)
    }
    #[memoize(returns = "ref")]
    #[inline]
    pub fn large(&self, a: u64) -> Large {
        body::large(a)
    }
    pub fn set(&mut self, value: u64) {
        self.value = value;
    }
    /// Calls a method on `self`, so memo has to be ready for memoized calls in it.
    pub fn set_by_method(&mut self, value: u64) {
        self.value = value;
        self.observe();
    }
    #[inline]
    fn observe(&self) {
        std::hint::black_box(self.value);
    }
    pub fn value(&self) -> u64 {
        self.value
    }
}

/// A bounded cache that is too small.
#[memoize]
pub struct Mixed {}

#[memoize]
impl Mixed {
    pub fn new() -> Self {
        Self {}
    }
    #[memoize(capacity = 1000)]
    #[inline]
    pub fn get(&self, a: u64) -> u64 {
        body::counted(a)
    }
    #[memoize(capacity = 1000, unsync)]
    #[inline]
    pub fn get_unsync(&self, a: u64) -> u64 {
        body::counted(a)
    }
}

/// Type-scoped and small: what the policies cost.
pub struct MixedType;

#[memoize]
impl MixedType {
    #[memoize(capacity = 1000)]
    #[inline]
    pub fn get(a: u64) -> u64 {
        body::counted(a)
    }
    #[memoize(capacity = 1000, policy = "sieve")]
    #[inline]
    pub fn get_sieved(a: u64) -> u64 {
        body::counted(a)
    }
}

/// For its memory.
#[memoize]
pub struct Roomy {}

#[memoize]
impl Roomy {
    pub fn new() -> Self {
        Self {}
    }
    #[memoize(capacity = 1_000_000)]
    pub fn bounded(&self, a: u64) -> u64 {
        body::one(a)
    }
}

/// The Fibonacci numbers, in an instance.
#[memoize]
pub struct Fibonacci {}

#[memoize]
impl Fibonacci {
    pub fn new() -> Self {
        Self {}
    }
    #[memoize]
    pub fn get(&self, n: u64) -> u64 {
        if n < 2 { n } else { self.get(n - 1) + self.get(n - 2) }
    }
    #[memoize(unsync)]
    pub fn get_unsync(&self, n: u64) -> u64 {
        if n < 2 { n } else { self.get_unsync(n - 1) + self.get_unsync(n - 2) }
    }
}

/// The edit distance of two texts.
#[memoize]
pub struct EditDistance {
    left: Vec<u8>,
    right: Vec<u8>,
}

#[memoize]
impl EditDistance {
    pub fn new(left: &[u8], right: &[u8]) -> Self {
        Self { left: left.to_vec(), right: right.to_vec() }
    }
    /// Between the first `i` bytes of one and the first `j` bytes of the other.
    #[memoize]
    pub fn get(&self, i: u32, j: u32) -> u32 {
        if i == 0 || j == 0 {
            return i + j;
        }
        let same = self.left[i as usize - 1] == self.right[j as usize - 1];
        let replaced = self.get(i - 1, j - 1) + u32::from(!same);
        replaced.min(self.get(i - 1, j) + 1).min(self.get(i, j - 1) + 1)
    }
    #[memoize(unsync)]
    pub fn get_unsync(&self, i: u32, j: u32) -> u32 {
        if i == 0 || j == 0 {
            return i + j;
        }
        let same = self.left[i as usize - 1] == self.right[j as usize - 1];
        let replaced = self.get_unsync(i - 1, j - 1) + u32::from(!same);
        replaced.min(self.get_unsync(i - 1, j) + 1).min(self.get_unsync(i, j - 1) + 1)
    }
}
