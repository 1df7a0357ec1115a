//! The five kinds of bug that the compiler cannot see, and the whole message for each.

use std::{
    cell::Cell,
    sync::atomic::{AtomicU64, Ordering::Relaxed},
};

use memo_runtime::{clear_instance, memoize};

use crate::said;

#[memoize]
struct Polygon {
    scale: f64,
    delay: u64,
}

#[memoize]
impl Polygon {
    fn new(scale: f64) -> Self {
        Self { scale, delay: 1 }
    }
    #[memoize]
    fn area(&self, factor: f64) -> f64 {
        self.scale * factor
    }
    fn set_delay(&mut self, delay: u64) {
        self.delay = delay;
    }
}

impl Polygon {
    /// In a block that was not annotated.
    fn grow(&mut self) {
        self.scale *= 2.0;
    }
}

/// The message without the line of its declaration, which moves.
fn without_line(message: &str) -> String {
    let end = message.find(".rs:").expect("it says where") + ".rs:".len();
    let rest = message[end..].trim_start_matches(|digit: char| digit.is_ascii_digit());
    format!("{}LINE{rest}", &message[..end])
}

#[track_caller]
fn assert_says(message: &str, expected: &str) {
    let message = without_line(message);
    assert!(message == expected.trim(), "it says:\n{message}");
}

#[test]
fn a_change_in_a_block_that_is_not_annotated() {
    let mut polygon = Polygon::new(1.0);
    assert_eq!((polygon.area(2.0), polygon.area(2.0)), (2.0, 2.0));
    polygon.grow();
    assert_says(
        &said(|| polygon.area(2.0)),
        r"
memo: the cached result of `Polygon::area` is wrong

  declared   tests/verify/bugs.rs:LINE
  arguments  factor = 2.0
  cached     2.0
  now        4.0
  instance   memo has seen no change of it since the result was computed

what to look for, most likely first:
  1. a field that was changed outside of the blocks annotated with `#[memoize]`: in the same
     module, or in another `impl`; annotate that block, or call `clear_instance` after the
     change
  2. a cell, a lock or an atomic that `area` reads inside of a struct that is not the standard
     library's
  3. what `area` asks the world: a `static`, a thread-local, the time, a file, chance
  4. the cached result itself: stored by `insert` of the accessor, or changed since through a
     cell in it

Every hit is verified because the feature `verify` of `memo-runtime` is on. A method that is
meant to differ is left out by `#[memoize(verify = false)]`.",
    );
    clear_instance(&mut polygon);
    assert_eq!(polygon.area(2.0), 4.0);
}

#[test]
fn changes_that_memo_saw_are_told() {
    let mut polygon = Polygon::new(1.0);
    polygon.set_delay(2);
    polygon.area(2.0);
    polygon.set_delay(3);
    polygon.set_delay(4);
    polygon.area(2.0);
    polygon.grow();
    let message = said(|| polygon.area(2.0));
    let expected = "  instance   changed 2 times since the result was computed, in `delay`, on which `area` does not
             depend as far as memo can see\n";
    assert!(message.contains(expected), "{message}");
}

#[memoize]
struct Shelf<T> {
    item: T,
}

#[memoize]
impl<T: Fn() -> u64> Shelf<T> {
    #[memoize]
    fn price(&self) -> u64 {
        (self.item)()
    }
}

#[test]
fn a_cell_inside_a_type_parameter() {
    let cell = Cell::new(1);
    let shelf = Shelf { item: || cell.get(), memo: Default::default() };
    assert_eq!((shelf.price(), shelf.price()), (1, 1));
    cell.set(2);
    let message = said(|| shelf.price());
    assert!(message.contains("reads inside of a type parameter"), "{message}");
    assert!(!message.contains("arguments"), "{message}");
}

static RATE: AtomicU64 = AtomicU64::new(1);

#[memoize(unbounded)]
fn converted(amount: u64) -> u64 {
    amount * RATE.load(Relaxed)
}

#[test]
fn a_global() {
    assert_eq!((converted(10), converted(10)), (10, 10));
    RATE.store(2, Relaxed);
    assert_says(
        &said(|| converted(10)),
        r"
memo: the cached result of `converted` is wrong

  declared   tests/verify/bugs.rs:LINE
  arguments  amount = 10
  cached     10
  now        20

what to look for, most likely first:
  1. what `converted` asks the world: a `static`, a thread-local, the time, a file, chance
  2. the cached result itself: stored by `insert` of the accessor, or changed since through a
     cell in it

Every hit is verified because the feature `verify` of `memo-runtime` is on. A method that is
meant to differ is left out by `#[memoize(verify = false)]`.",
    );
}

struct Options {
    verbose: bool,
}

#[memoize(unbounded, skip(options))]
fn rendered(text: &str, options: &Options) -> Result<String, ()> {
    Ok(if options.verbose { format!("text: {text}") } else { text.to_owned() })
}

#[test]
fn a_skipped_argument_that_matters() {
    assert_eq!(rendered("a", &Options { verbose: false }), Ok("a".to_owned()));
    let message = said(|| rendered("a", &Options { verbose: true }));
    assert!(message.contains("arguments  text = \"a\"\n"), "{message}");
    assert!(message.contains("cached     Ok(\"a\")\n  now        Ok(\"text: a\")\n"), "{message}");
    let first = "first:\n  1. an argument that was skipped and matters: `skip` leaves `options` out of the key\n";
    assert!(message.contains(first), "{message}");
}

struct User {
    id: u64,
    age: u64,
}

#[memoize(unbounded, key(id: u64 = user.id))]
fn greeting(user: &User) -> u64 {
    user.age
}

#[test]
fn a_key_that_leaves_something_out() {
    greeting(&User { id: 1, age: 20 });
    let message = said(|| greeting(&User { id: 1, age: 21 }));
    assert!(message.contains("arguments  id = 1\n"), "{message}");
    assert!(message.contains("  1. something of the arguments that matters"), "{message}");
}

#[memoize]
struct Promised {
    #[memoize(untracked)]
    calls: u64,
    #[memoize(unchecked)]
    pub factor: u64,
    base: u64,
}

#[memoize]
impl Promised {
    fn new() -> Self {
        Self { calls: 1, factor: 1, base: 1 }
    }
    #[memoize]
    fn product(&self) -> u64 {
        self.calls * self.factor * self.base
    }
    fn count(&mut self) {
        self.calls += 1;
    }
    #[memoize(changes())]
    fn lie(&mut self) {
        self.base += 1;
    }
}

#[test]
fn promises_that_do_not_hold() {
    let breaks: [fn(&mut Promised); 3] =
        [Promised::count, Promised::lie, |promised| promised.factor += 1];
    for break_it in breaks {
        let mut promised = Promised::new();
        assert_eq!((promised.product(), promised.product()), (1, 1));
        break_it(&mut promised);
        assert_says(
            &said(|| promised.product()),
            r"
memo: the cached result of `Promised::product` is wrong

  declared   tests/verify/bugs.rs:LINE
  cached     1
  now        2
  instance   memo has seen no change of it since the result was computed

what to look for, most likely first:
  1. a change behind `factor`, marked `unchecked`: whoever changes such a field calls
     `clear_instance`
  2. `calls`, marked `untracked`: that promises that `product` does not depend on it
  3. a promise that does not hold: `changes()` on `lie`
  4. a field that was changed outside of the blocks annotated with `#[memoize]`: in the same
     module, or in another `impl`; annotate that block, or call `clear_instance` after the
     change
  5. a cell, a lock or an atomic that `product` reads inside of a struct that is not the
     standard library's
  6. what `product` asks the world: a `static`, a thread-local, the time, a file, chance
  7. the cached result itself: stored by `insert` of the accessor, or changed since through a
     cell in it

Every hit is verified because the feature `verify` of `memo-runtime` is on. A method that is
meant to differ is left out by `#[memoize(verify = false)]`.",
        );
    }
}

/// Equal by what it does not show.
#[derive(Clone)]
struct Rate(std::rc::Rc<Cell<u64>>);
impl PartialEq for Rate {
    fn eq(&self, _other: &Self) -> bool {
        true
    }
}
impl Eq for Rate {}
impl std::hash::Hash for Rate {
    fn hash<H: std::hash::Hasher>(&self, _state: &mut H) {}
}

struct Shop {
    rate: Rate,
}

#[memoize]
impl Shop {
    #[memoize(scope = "type", unbounded, reads(rate: Rate), unsync)]
    fn tax(&self, net: u64) -> u64 {
        net * self.rate.0.get()
    }
}

#[test]
fn state_that_reads_names_and_that_does_not_count() {
    let shop = Shop { rate: Rate(Default::default()) };
    assert_eq!(shop.tax(10), 0);
    shop.rate.0.set(1);
    let message = said(|| shop.tax(10));
    assert!(message.contains("arguments  self.rate = _, net = 10\n"), "{message}");
    assert!(message.contains("  1. a cell, a lock or an atomic behind `rate`"), "{message}");
    assert!(message.contains("  2. an argument whose `Eq` calls two values equal"), "{message}");
}
