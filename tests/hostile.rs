//! Programs that were written to break contract point 3, and once did; and honest ones that were mistaken for such.
#![allow(
    clippy::explicit_auto_deref,
    clippy::unnecessary_wraps,
    clippy::needless_for_each,
    reason = "the spelling is what is tested"
)]

use std::{
    io,
    ops::{Deref, DerefMut},
};

use memo_runtime::memoize;

/// What `Deref` leads to has a field of the same name.
mod behind {
    use super::{Deref, DerefMut, memoize};

    pub struct Inner {
        side: u64,
    }

    #[memoize]
    pub struct Outer {
        inner: Inner,
        side: u64,
    }

    impl Deref for Outer {
        type Target = Inner;
        fn deref(&self) -> &Inner {
            &self.inner
        }
    }
    impl DerefMut for Outer {
        fn deref_mut(&mut self) -> &mut Inner {
            &mut self.inner
        }
    }

    #[memoize]
    impl Outer {
        fn new() -> Self {
            Self { inner: Inner { side: 2 }, side: 4 }
        }
        #[memoize]
        fn by_star(&self) -> u64 {
            (**self).side
        }
        #[memoize]
        fn by_name(&self) -> u64 {
            self.inner.side
        }
        #[memoize]
        fn own(&self) -> u64 {
            self.side
        }
        fn set_by_name(&mut self, side: u64) {
            self.inner.side = side;
        }
        fn set_by_star(&mut self, side: u64) {
            (**self).side = side;
        }
        fn set_by_tuple(&mut self, side: u64) {
            ((**self).side, _) = (side, 1);
        }
        fn lend_by_star(&mut self) -> &mut u64 {
            &mut (**self).side
        }
    }

    #[test]
    fn a_star_more_is_another_type() {
        let changes: [fn(&mut Outer, u64); 4] =
            [Outer::set_by_name, Outer::set_by_star, Outer::set_by_tuple, |outer, side| {
                *outer.lend_by_star() = side;
            }];
        for change in changes {
            let mut outer = Outer::new();
            assert_eq!((outer.by_star(), outer.by_name(), outer.own()), (2, 2, 4));
            change(&mut outer, 9);
            assert_eq!((outer.by_star(), outer.by_name(), outer.own()), (9, 9, 4));
        }
    }
}

/// Like that of the standard library, but for what it does to its argument.
macro_rules! assert_eq_or_set {
    ($place:expr, $value:expr) => {
        if $place != $value {
            $place = $value;
        }
    };
}

macro_rules! bring_trait {
    () => {
        use super::taken::Look;
    };
}

#[memoize]
pub struct Plot {
    side: u64,
    width: u64,
    list: Vec<u64>,
}

mod taken {
    use super::Plot;

    pub trait Look {
        fn look(&mut self) -> u64;
    }
    impl Look for Plot {
        fn look(&mut self) -> u64 {
            self.set_side(9);
            self.area()
        }
    }
}

/// Nothing that the macro could see changes, and nothing does.
fn nothing(_: &mut Plot) -> io::Result<()> {
    Ok(())
}

mod plot {
    use super::{Plot, io, memoize, nothing};

    #[memoize]
    impl Plot {
        pub fn new(side: u64) -> Self {
            Self { side, width: 1, list: vec![1, 2, 3] }
        }
        #[memoize]
        pub fn area(&self) -> u64 {
            self.side * self.side
        }
        #[memoize]
        pub fn sum(&self) -> u64 {
            self.list.iter().sum()
        }
        pub fn look(&self) -> u64 {
            self.width
        }
        pub fn set_side(&mut self, side: u64) {
            self.side = side;
        }
        pub fn assign_by_macro(&mut self) {
            assert_eq_or_set!(self.side, 5);
        }
        /// The call is the trait's, which a macro brings.
        pub fn taken_by_a_trait(&mut self) -> u64 {
            bring_trait!();
            self.side = 8;
            let seen = self.look();
            self.side = 7;
            seen
        }
        /// The closure has only a part of the instance.
        pub fn in_place(&mut self) -> io::Result<()> {
            nothing(self)?;
            self.list.iter_mut().for_each(|item| *item += 1);
            Ok(())
        }
        pub fn taken_apart(&mut self) -> io::Result<()> {
            let Self { list, .. } = self;
            list.iter_mut().for_each(|item| *item += 1);
            Ok(())
        }
        pub fn inspected(&mut self) -> impl Iterator<Item = &mut u64> + '_ {
            let list = &mut self.list;
            // SAFETY: none is needed; the block is what is tested.
            #[allow(unused_unsafe)]
            list.iter_mut().inspect(|item| unsafe {
                let _ = item;
            })
        }
    }
}

#[test]
fn macros_and_traits_leave_nothing_stale() {
    let mut plot = Plot::new(2);
    assert_eq!(plot.area(), 4);
    plot.assign_by_macro();
    assert_eq!(plot.area(), 25);
    assert_eq!(plot.taken_by_a_trait(), 81);
    assert_eq!(plot.area(), 49);
}

#[test]
fn closures_over_a_part_of_the_instance_do_not_stop_caching() {
    let mut plot = Plot::new(2);
    let changes: [fn(&mut Plot); 3] = [
        |plot| plot.in_place().unwrap_or_default(),
        |plot| plot.taken_apart().unwrap_or_default(),
        |plot| plot.inspected().for_each(|item| *item += 1),
    ];
    for change in changes {
        let sum = plot.sum();
        change(&mut plot);
        assert_eq!(plot.sum(), sum + 3);
        assert!(!plot.sum_cache().is_empty());
    }
}
