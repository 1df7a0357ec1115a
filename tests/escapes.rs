//! Contract point 3, where the instance has another name, or something that outlives the method goes on changing it.

#![allow(
    clippy::needless_late_init,
    clippy::needless_lifetimes,
    clippy::elidable_lifetime_names,
    clippy::mut_mut,
    clippy::toplevel_ref_arg,
    reason = "the spelling is what is tested"
)]

use std::{
    cell::RefCell,
    future::Future,
    iter::Scan,
    ops::Range,
    pin::{Pin, pin},
    task::{Context, Waker},
};

use memo_runtime::{clear_instance, memoize};

#[memoize]
#[derive(Clone)]
struct Square {
    side: u64,
    name: String,
}

type Boxed<'a> = Box<dyn FnMut(u64) -> [u64; 2] + 'a>;
type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + 'a>>;
type Stepping<'a> = Scan<Range<u64>, &'a mut Square, fn(&mut &'a mut Square, u64) -> Option<u64>>;

/// A result of a type of the user's own, with what goes on changing the instance inside.
struct Steps<'a>(Boxed<'a>);

/// A macro that takes a field apart.
macro_rules! bump {
    ($this:ident . $field:ident) => {
        $this.side += 1
    };
}

/// A macro that hides a closure.
macro_rules! later {
    ($this:ident) => {
        move |by: u64| {
            let before = $this.area();
            $this.side += by;
            [before, $this.area()]
        }
    };
}

thread_local! {
    static KEPT: RefCell<Vec<Boxed<'static>>> = const { RefCell::new(Vec::new()) };
}

#[memoize]
impl Square {
    fn new(side: u64) -> Self {
        Self { side, name: String::new() }
    }
    #[memoize]
    fn area(&self) -> u64 {
        self.side * self.side
    }
    #[memoize]
    fn title(&self) -> String {
        self.name.to_uppercase()
    }
    fn me(&mut self) -> &mut Self {
        self
    }
    fn set(&mut self, side: u64) {
        self.side = side;
    }

    // Another name, and a change between two calls.

    fn two_names(&mut self) -> [u64; 2] {
        let one = self;
        let two = one;
        change_between(&mut || {
            two.side += 1;
            two.area()
        })
    }
    fn by_pattern(&mut self) -> [u64; 2] {
        let ref mut this = *self;
        change_between(&mut || {
            this.side += 1;
            this.area()
        })
    }
    fn late(&mut self) -> [u64; 2] {
        let this;
        this = self;
        change_between(&mut || {
            this.side += 1;
            this.area()
        })
    }
    fn through_box(self: &mut Box<Self>) -> [u64; 2] {
        let this = &mut **self;
        change_between(&mut || {
            this.side += 1;
            this.area()
        })
    }
    fn second_reborrow(&mut self) -> [u64; 2] {
        let this = &mut *self;
        let again = &mut *this;
        change_between(&mut || {
            again.side += 1;
            again.area()
        })
    }
    fn alias_of_argument(other: &mut Self) -> [u64; 2] {
        let this = other;
        change_between(&mut || {
            this.side += 1;
            this.area()
        })
    }
    fn handed_out_by_a_method(&mut self) -> [u64; 2] {
        let this = self.me();
        change_between(&mut || {
            this.side += 1;
            this.area()
        })
    }
    fn in_a_tuple(&mut self) -> [u64; 2] {
        let pair = (self, 1);
        change_between(&mut || {
            pair.0.side += pair.1;
            pair.0.area()
        })
    }
    fn through_a_setter(&mut self) -> [u64; 3] {
        self.side = 1;
        let first = self.area();
        self.set(2);
        let second = self.area();
        self.side = 3;
        [first, second, self.area()]
    }
    fn helper(&mut self) -> u64 {
        self.area()
    }
    fn through_a_helper(&mut self) -> u64 {
        self.side = 4;
        self.helper();
        self.side = 5;
        self.area()
    }
    fn user_macro(&mut self) {
        self.area();
        bump!(self.name);
    }

    // What outlives the method.

    fn in_own_struct(&mut self) -> Steps<'_> {
        let this = self;
        Steps(Box::new(move |by| {
            let before = this.area();
            this.side += by;
            [before, this.area()]
        }))
    }
    fn future(&mut self) -> BoxFuture<'_, [u64; 2]> {
        Box::pin(async move {
            self.side += 1;
            let before = self.area();
            yield_now().await;
            self.side += 1;
            [before, self.area()]
        })
    }
    fn named_adaptor(&mut self) -> Stepping<'_> {
        (0..3).scan(self, |this, by| {
            this.side += by;
            let area = this.area();
            this.side += 1;
            Some(area)
        })
    }
    fn out_parameter<'a>(&'a mut self, out: &mut Vec<Boxed<'a>>) {
        let this = self;
        out.push(Box::new(move |by| {
            let before = this.area();
            this.side += by;
            [before, this.area()]
        }));
    }
    fn callback<'a>(&'a mut self, mut take: impl FnMut(Boxed<'a>)) {
        take(Box::new(move |by| {
            let before = self.area();
            self.side += by;
            [before, self.area()]
        }));
    }
    fn owned(self) -> Boxed<'static> {
        let mut this = self;
        Box::new(move |by| {
            let before = this.area();
            this.side += by;
            [before, this.area()]
        })
    }
    fn kept(self) -> u64 {
        let mut this = self;
        KEPT.with_borrow_mut(|kept| {
            kept.push(Box::new(move |by| {
                let before = this.area();
                this.side += by;
                [before, this.area()]
            }));
        });
        0
    }
    fn hidden_in_a_macro<'a>(&'a mut self) -> impl FnMut(u64) -> [u64; 2] + 'a {
        later!(self)
    }
    fn alias_in_a_macro<'a>(&'a mut self) -> impl FnMut(u64) -> [u64; 2] + 'a {
        let this = self;
        later!(this)
    }
    fn of_an_argument<'a>(&self, other: &'a mut Self) -> impl FnMut(u64) -> [u64; 2] + 'a {
        move |by| {
            let before = other.area();
            other.side += by;
            [before, other.area()]
        }
    }
    fn nested<'a>(&'a mut self) -> impl FnOnce() -> Boxed<'a> {
        self.area();
        move || {
            self.side += 1;
            self.area();
            Box::new(move |by| {
                let before = self.area();
                self.side += by;
                [before, self.area()]
            })
        }
    }

    // Nothing of that, whatever it looks like.

    fn handed_on(&mut self) -> impl Iterator<Item = u64> + '_ {
        helper(self)
    }
    fn by_methods(&mut self) -> impl FnMut(u64) -> [u64; 2] + '_ {
        let this = self;
        move |side| {
            let before = this.area();
            this.set(side);
            [before, this.area()]
        }
    }
}

fn helper(square: &mut Square) -> impl Iterator<Item = u64> + '_ {
    (0..2).map(|side| {
        square.set(side);
        square.area()
    })
}

fn change_between(change: &mut dyn FnMut() -> u64) -> [u64; 2] {
    [change(), change()]
}

async fn yield_now() {
    let mut yielded = false;
    std::future::poll_fn(move |_| {
        if std::mem::replace(&mut yielded, true) {
            std::task::Poll::Ready(())
        } else {
            std::task::Poll::Pending
        }
    })
    .await;
}

/// A fresh computation.
fn area(square: &Square) -> u64 {
    square.side * square.side
}

fn check(square: &Square) {
    assert_eq!(square.area(), area(square));
    assert_eq!(square.area(), area(square));
}

#[test]
fn another_name_changes_nothing() {
    type Method = fn(&mut Square) -> [u64; 2];
    let methods: [Method; 7] = [
        Square::two_names,
        Square::by_pattern,
        Square::late,
        Square::second_reborrow,
        Square::alias_of_argument,
        Square::handed_out_by_a_method,
        Square::in_a_tuple,
    ];
    for method in methods {
        let mut square = Square::new(1);
        check(&square);
        assert_eq!(method(&mut square), [4, 9]);
        check(&square);
        assert!(!square.area_cache().is_empty(), "it is cached again afterwards");
    }
    let mut square = Box::new(Square::new(1));
    check(&square);
    assert_eq!(square.through_box(), [4, 9]);
    check(&square);
}

#[test]
fn what_a_called_method_computed_is_forgotten_by_the_next_change() {
    let mut square = Square::new(7);
    assert_eq!(square.through_a_setter(), [1, 4, 9]);
    check(&square);
    assert_eq!(square.through_a_helper(), 25);
    check(&square);
    square.user_macro();
    check(&square);
}

/// What a method left behind is run, then dropped.
fn run(square: &mut Square, left: impl FnOnce(&mut Square) -> [[u64; 2]; 2]) {
    check(square);
    let side = square.side;
    let expected =
        [[side, side + 1], [side + 1, side + 3]].map(|pair| pair.map(|side| side * side));
    assert_eq!(left(square), expected);
    assert_eq!(square.side, side + 3);
    check(square);
}

fn twice(mut step: impl FnMut(u64) -> [u64; 2]) -> [[u64; 2]; 2] {
    [step(1), step(2)]
}

#[test]
fn what_outlives_the_method_leaves_nothing_stale() {
    let mut square = Square::new(1);
    run(&mut square, |square| twice(square.in_own_struct().0));
    run(&mut square, |square| twice(square.hidden_in_a_macro()));
    run(&mut square, |square| twice(square.alias_in_a_macro()));
    run(&mut square, |square| twice(Square::new(1).of_an_argument(square)));
    run(&mut square, |square| {
        let mut out = Vec::new();
        square.out_parameter(&mut out);
        twice(out.remove(0))
    });
    run(&mut square, |square| {
        let mut taken = None;
        square.callback(|step| taken = Some(step));
        twice(taken.expect("it was called back"))
    });
    let side = square.side;
    assert_eq!(
        twice(square.nested()()),
        [[side + 1, side + 2], [side + 2, side + 4]].map(|pair| pair.map(|side| side * side))
    );
    check(&square);
    assert_eq!(Square::new(2).named_adaptor().collect::<Vec<_>>(), [4, 16, 49]);
    assert_eq!(twice(Square::new(1).owned()), [[1, 4], [4, 16]]);
    Square::new(1).kept();
    let kept = KEPT.with_borrow_mut(|kept| kept.remove(0));
    assert_eq!(twice(kept), [[1, 4], [4, 16]]);
}

#[test]
fn a_future_leaves_nothing_stale_however_it_ends() {
    let mut square = Square::new(1);
    let mut context = Context::from_waker(Waker::noop());
    for polls in 0..3 {
        check(&square);
        let mut future = pin!(square.future());
        for _ in 0..polls {
            let _ = future.as_mut().poll(&mut context).is_ready();
        }
    }
    check(&square);
    let mut forgotten = square.future();
    assert!(forgotten.as_mut().poll(&mut context).is_pending());
    std::mem::forget(forgotten);
    check(&square);
}

#[test]
fn only_what_cannot_be_seen_to_end_stops_caching() {
    let mut square = Square::new(1);
    assert_eq!(square.handed_on().collect::<Vec<_>>(), [0, 1]);
    check(&square);
    assert!(!square.area_cache().is_empty());
    assert_eq!(twice(square.by_methods()), [[1, 1], [1, 4]]);
    check(&square);
    assert!(!square.area_cache().is_empty());

    twice(square.in_own_struct().0);
    check(&square);
    assert!(square.area_cache().is_empty(), "recomputed from now on");
    square.set(5);
    check(&square);
    assert!(
        square.area_cache().is_empty(),
        "a later method may have run inside of the very closure"
    );
    clear_instance(&mut square);
    check(&square);
    assert!(!square.area_cache().is_empty());
}

#[test]
fn a_closure_that_says_self_is_exact() {
    let mut square = Square::new(1);
    let title = square.title();
    square.callback(|mut step| {
        step(1);
    });
    check(&square);
    assert!(!square.area_cache().is_empty());
    assert_eq!(
        square.title_cache().peek(()),
        Some(title),
        "nothing that depends on the name changed"
    );
}
